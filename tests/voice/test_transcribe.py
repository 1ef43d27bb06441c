"""Speech becomes the words that were said, noise becomes none, and the event loop never waits."""

import asyncio
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.fixtures.voice.clips import clip, entry, index, silence, together
from voice import transcribe
from voice.devices import Device, measure_rtf
from voice.ears import Ears, Look, Seen
from voice.guards import Guess
from voice.model_folder import ModelTraits
from voice.samples import sample_recogniser_folder
from voice.speech import HEARING_RATE, Samples, VoiceError
from voice.transcribe import WhisperRecogniser

CPU = Device("cpu", "int8", 1, "tiny-sample", "a test")
SENTENCE = "we can add a cache in front of the database"
OTHER = "I would use postgres as the database"
TERMS = ("Kafka", "Redis", "consistent hashing")


def _load(device: Device = CPU) -> WhisperRecogniser:
    return WhisperRecogniser.load(sample_recogniser_folder(), device)


@pytest.fixture(scope="module")
def ears() -> Iterator[Ears]:
    """The sample model, loaded once."""
    recogniser = _load()
    yield recogniser._ears
    recogniser.close()


@pytest.fixture
def recogniser(ears: Ears) -> Iterator[WhisperRecogniser]:
    """A recogniser of this test's event loop."""
    made = WhisperRecogniser(ears, CPU)
    yield made
    made.close()


async def test_the_sentences_come_out_as_they_were_said(recogniser: WhisperRecogniser) -> None:
    """Of the committed clips, between silences of any length, at least 97 in 100 to the letter."""
    rng = np.random.default_rng(7)
    texts = [each.text for each in index() if each.text]
    audio = [together(*rng.uniform(0.1, 1, 1), clip(text), 0.5) for text in texts]

    heard = await asyncio.gather(*(recogniser.final(each, ()) for each in audio))

    wrong = [text for text, each in zip(texts, heard, strict=True) if each.text != text]
    assert len(wrong) <= len(texts) * 0.03, wrong


async def test_a_partial_is_the_same_guess_without_times(recogniser: WhisperRecogniser) -> None:
    """At the end of a sentence, both say the same."""
    audio = together(0.4, clip(SENTENCE), 0.3)

    assert await recogniser.partial(audio, ()) == SENTENCE
    assert (await recogniser.final(audio, ())).text == SENTENCE


async def test_a_growing_recording_gives_a_growing_guess(recogniser: WhisperRecogniser) -> None:
    """The last words are not said before they were heard."""
    whole = together(0.3, clip(SENTENCE), 0.3)
    half = whole[: HEARING_RATE * 12 // 10]
    early, late = [await recogniser.partial(each, ()) for each in (half, whole)]

    assert early
    assert "database" not in early
    assert late == SENTENCE


async def test_words_have_times_within_the_speech(recogniser: WhisperRecogniser) -> None:
    """In order, near the speech, adding up to the text, each with a probability."""
    before = 1.7
    audio = together(before, clip(SENTENCE), 2.0)
    heard = await recogniser.final(audio, ())
    starts = [word.start_s for word in heard.words]
    last = heard.words[-1]

    assert " ".join(word.text for word in heard.words) == heard.text == SENTENCE
    assert starts == sorted(starts)
    assert starts[0] == pytest.approx(before, abs=0.3)
    assert last.end_s == pytest.approx(before + entry(SENTENCE).speech_s, abs=0.6)
    assert all(word.start_s <= word.end_s and 0 <= word.probability <= 1 for word in heard.words)


async def test_an_answer_longer_than_the_window_is_heard_to_its_end(
    recogniser: WhisperRecogniser,
) -> None:
    """Cut at a pause, its parts come in order with the times of the whole."""
    audio = together(0.5, clip(SENTENCE), 25.0, clip(OTHER), 12.0, clip("please continue"), 0.5)
    heard = await recogniser.final(audio, ())

    assert heard.words[0].start_s < 2
    assert heard.words[-1].start_s > 38
    assert heard.text.endswith("please continue")


def _noises() -> dict[str, Samples]:
    rng = np.random.default_rng(11)
    times = np.arange(3 * HEARING_RATE) / HEARING_RATE
    hum = sum(np.sin(2 * np.pi * 50 * n * times) / n for n in (1, 2, 3))
    clicks = np.zeros(times.size)
    clicks[rng.integers(0, times.size, 15)] = 1.0
    shapes = {"white": rng.normal(size=times.size) / 3, "hum": hum / 2, "clicks": clicks}
    return {
        f"{name} at {level}": np.clip(shape * level, -32768, 32767).astype(np.int16)
        for name, shape in shapes.items()
        for level in (3, 30, 300, 3_000, 20_000)
    }


@pytest.mark.parametrize("name", ["silence", *_noises()])
async def test_noise_gives_no_words(recogniser: WhisperRecogniser, name: str) -> None:
    """Neither as a partial nor as a final, at any level; the model would name a sentence."""
    audio = _noises().get(name, silence(3.0))

    assert await recogniser.partial(audio, ()) == ""
    assert (await recogniser.final(audio, ())).words == ()


async def test_no_audio_gives_no_words(recogniser: WhisperRecogniser) -> None:
    """Nothing at all, or less than one window of the detector."""
    assert await recogniser.partial(silence(0), ()) == ""
    assert (await recogniser.final(clip(SENTENCE)[:300], ())).text == ""


async def test_the_loop_goes_on_while_words_are_recognised(
    ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that takes time runs in other threads."""
    threads: set[int] = set()
    for name in ("prepare_each", "look"):
        own = getattr(ears, name)

        def spied(*given: Any, own: Any = own) -> Any:
            threads.add(threading.get_ident())
            return own(*given)

        monkeypatch.setattr(ears, name, spied)
    recogniser = WhisperRecogniser(ears, CPU)
    await recogniser.final(together(0.2, clip(SENTENCE), 0.2), ())
    recogniser.close()

    assert len(threads) == 2
    assert threading.get_ident() not in threads


class SpiedEars:
    """The sample model with its looks written down; some can be answered by a script."""

    def __init__(self, ears: Ears, *scripted: Guess) -> None:
        self._ears = ears
        self._scripted = list(scripted)
        self.batches: list[list[Look]] = []

    def look(self, looks: Sequence[Look]) -> list[Seen]:
        self.batches.append(list(looks))
        if self._scripted:
            return [Seen(self._scripted.pop(0), ()) for _ in looks]
        return self._ears.look(looks)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ears, name)


def _spied(ears: Ears, *scripted: Guess) -> tuple[Any, WhisperRecogniser]:
    spy: Any = SpiedEars(ears, *scripted)
    return spy, WhisperRecogniser(spy, CPU)


async def test_calls_that_ask_at_once_share_a_batch(ears: Ears) -> None:
    """And each gets its own words; whoever hangs up takes nobody along."""
    spy, recogniser = _spied(ears)
    texts = [SENTENCE, OTHER, "the payment must be exactly once"]
    asked = [
        asyncio.create_task(recogniser.partial(together(0.3, clip(text), 0.3), ()))
        for text in texts
    ]
    await asyncio.sleep(0)
    asked[1].cancel()
    heard = await asyncio.gather(*asked, return_exceptions=True)
    recogniser.close()

    assert (heard[0], heard[2]) == (texts[0], texts[2])
    assert isinstance(heard[1], asyncio.CancelledError)
    assert sum(len(batch) for batch in spy.batches) <= 3


def test_a_batch_of_several_says_what_each_says_alone(ears: Ears) -> None:
    """Recognised together or one by one, words and times are the same."""
    texts = (SENTENCE, OTHER, "a circuit breaker protects the service")
    looks = [_look(ears, together(0.3, clip(text), 0.3)) for text in texts]
    longest = max(look.window_s for look in looks)
    looks = [replace(look, window_s=longest) for look in looks]

    together_ = ears.look(looks)

    assert [" ".join(seen.guess.words) for seen in together_] == list(texts)
    for seen, look in zip(together_, looks, strict=True):
        (alone,) = ears.look([look])
        assert alone.words == tuple(
            replace(word, probability=pytest.approx(word.probability, abs=0.05))
            for word in seen.words
        )


def _look(ears: Ears, audio: Samples, prompt: tuple[int, ...] = ()) -> Look:
    (spoken,) = ears.prepare(audio)
    return Look(spoken.features, prompt, ears.window_s(spoken.features), 0.0, final=True)


async def test_a_poor_final_is_tried_again_with_the_whole_window(ears: Ears) -> None:
    """Then once more with a little chance; the best try stands, and a partial has one only."""
    loop = Guess(tuple("a cache " * 30), -0.1, 0.0)
    best = Guess(("we", "use", "redis"), -1.1, 0.0)
    spy, recogniser = _spied(ears, loop, best, loop)
    await recogniser.final(together(0.3, clip(SENTENCE), 0.3), ())
    tries = [(batch[0].window_s, batch[0].temperature) for batch in spy.batches]

    spy, other = _spied(ears, best)
    heard = await other.partial(together(0.3, clip(SENTENCE), 0.3), ())

    assert tries[1:] == [(30.0, 0.0), (30.0, 0.2)]
    assert tries[0][0] < 10
    assert len(spy.batches) == 1
    assert heard == "we use redis"
    recogniser.close()
    other.close()


@pytest.mark.parametrize("said", ["", "Kafka, Redis, consistent hashing"])
async def test_an_echo_of_the_terms_is_no_answer(ears: Ears, said: str) -> None:
    """Nor is nothing: the stretch is read again without them, and a partial shows nothing."""
    echo = Guess(tuple(said.split()), -0.1, 0.0)
    spy, recogniser = _spied(_reader(ears), echo, Guess(("we", "use", "redis"), -0.9, 0.0))
    await recogniser.final(together(0.3, clip(SENTENCE), 0.3), TERMS)
    spied, other = _spied(_reader(ears), echo)

    assert await other.partial(together(0.3, clip(SENTENCE), 0.3), TERMS) == ""
    assert [bool(batch[0].prompt) for batch in spy.batches] == [True, False]
    assert len(spied.batches) == 1
    recogniser.close()
    other.close()


def test_the_last_try_works_on_the_model(ears: Ears) -> None:
    """The whole window and a temperature give words too."""
    look = replace(_look(ears, together(0.3, clip(SENTENCE), 0.3)), window_s=30.0, temperature=0.2)

    assert ears.look([look])[0].words


@pytest.mark.parametrize(("seconds", "window"), [(1.0, 10), (7.9, 10), (9.0, 11), (27.9, 30)])
def test_a_real_model_sees_ten_seconds_at_least(seconds: float, window: int, ears: Ears) -> None:
    """And two more than were spoken, never more than thirty."""
    real = Ears(ears._model, ears._tokenizer, ears._suppressed, ModelTraits())

    assert real.window_s(np.zeros((80, int(seconds * 100)), np.float32)) == window


def _reader(ears: Ears, *, takes_terms: bool = True) -> Ears:
    """The sample model, as one that was trained to read terms or was not."""
    return Ears(ears._model, ears._tokenizer, ears._suppressed, ModelTraits(0.0, 1, takes_terms))


def test_terms_become_a_prompt_of_even_length(ears: Ears) -> None:
    """They stand at its end in their order, behind an introduction that fills it up."""
    reader = _reader(ears)
    prompt = reader.prompt(TERMS)
    written = ears._tokenizer.decode(list(prompt))

    assert len(prompt) % 32 == 0
    assert prompt[0] == ears._tokenizer.sot_prev
    assert len(reader.prompt(TERMS[:1])) == len(prompt)
    assert reader.prompt(()) == ()
    assert _reader(ears, takes_terms=False).prompt(TERMS) == ()
    assert written.rstrip(",").endswith(ears._tokenizer.decode(ears._tokenizer.encode(" hashing")))


def test_a_long_glossary_is_cut_between_terms(ears: Ears) -> None:
    """No more than half of what the decoder can hold, and no more than forty terms."""
    reader = _reader(ears)
    many = [f"idempotent dead letter queue number {number}" for number in range(99)]

    assert len(reader.prompt(many)) <= 224
    assert reader.prompt(["cache"] * 40) == reader.prompt(["cache"] * 99)


async def test_calls_with_other_terms_share_a_batch(ears: Ears) -> None:
    """The terms reach the decoder, each call's own."""
    reader = _reader(ears)
    spy, recogniser = _spied(reader)
    audio = together(0.3, clip(SENTENCE), 0.3)
    looks = [
        replace(_look(reader, audio), prompt=reader.prompt(terms)) for terms in (TERMS, ["gRPC"])
    ]

    assert looks[0].kind == looks[1].kind
    assert len(spy.look(looks)) == 2
    await recogniser.partial(audio, TERMS)
    assert spy.batches[-1][0].prompt == reader.prompt(TERMS)
    assert recogniser.prompt_tokens(TERMS) == len(reader.prompt(TERMS))
    recogniser.close()


async def test_a_closed_recogniser_says_so(ears: Ears) -> None:
    """Whoever asks afterwards gets an error of ours."""
    recogniser = WhisperRecogniser(ears, CPU)
    recogniser.close()

    with pytest.raises(VoiceError, match="closed"):
        await recogniser.final(clip(SENTENCE), ())


def test_the_real_time_factor_is_measured(ears: Ears) -> None:
    """The sample model is faster than speech."""
    recogniser = WhisperRecogniser(_reader(ears), CPU)

    assert 0 < measure_rtf(recogniser) < 1
    assert 0 < recogniser.exercise(1.0, TERMS) < 1
    recogniser.close()


def _copy(folder: Path) -> Path:
    return Path(shutil.copytree(sample_recogniser_folder(), folder / "model"))


def test_a_broken_model_is_named_with_the_command_that_fetches_it(tmp_path: Path) -> None:
    """A file cut short in a download is found when it is loaded."""
    folder = _copy(tmp_path)
    weights = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(weights[: len(weights) // 2])

    with pytest.raises(VoiceError, match=r"model: .*hotseat models download tiny-sample"):
        WhisperRecogniser.load(folder, CPU)


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    """Before anything is loaded."""
    with pytest.raises(VoiceError, match=r"model\.bin.*hotseat models download"):
        WhisperRecogniser.load(tmp_path, CPU)


def test_a_number_format_the_device_lacks_is_an_error_of_ours() -> None:
    """CTranslate2's own complaint is part of the message."""
    with pytest.raises(VoiceError, match="cannot be loaded"):
        _load(replace(CPU, compute_type="float99"))


def test_without_faster_whisper_the_message_names_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No traceback of an import."""
    monkeypatch.setitem(sys.modules, "faster_whisper", None)

    with pytest.raises(VoiceError, match=r"pip install 'hotseat-interviewer\[voice\]'"):
        _load()


def test_a_gpu_that_fails_is_replaced_by_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recogniser tells which device it really runs on, and why."""
    opened = transcribe._opened

    def failing(folder: Path, device: Device, traits: ModelTraits) -> Ears:
        if device.kind == "cuda":
            raise RuntimeError("CUDA failed with error out of memory")
        return opened(folder, device, traits)

    monkeypatch.setattr(transcribe, "_opened", failing)
    recogniser = _load(Device("cuda", "float16", 1, "tiny-sample", "GPU"))
    recogniser.close()

    assert recogniser.device.kind == "cpu"
    assert "out of memory" in recogniser.device.why
