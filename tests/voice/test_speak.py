"""Speaking with Piper; the voice is the shipped one, which makes tones instead of sounds."""

import asyncio
import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from piper import PiperVoice, SynthesisConfig

import voice
from voice.audio import SPEECH_DBFS, as_loudness
from voice.devices import Device
from voice.lexicon import Lexicon
from voice.speak import PiperSynthesiser
from voice.speech import SPEAKING_RATE, Samples, Synthesiser, VoiceError

TONE = Path(voice.__file__).parent / "sample" / "piper_tone" / "tone.onnx"
CPU = Device("cpu", "int8", 1, "tiny.en", "")


@pytest.fixture(scope="module")
def speaker() -> Iterator[PiperSynthesiser]:
    made = PiperSynthesiser.load(TONE, CPU)
    yield made
    made.close()


def _seconds(samples: Samples) -> float:
    return len(samples) / SPEAKING_RATE


def _dbfs(samples: Samples) -> float:
    return 20 * float(np.log10(np.sqrt(np.mean(np.square(as_loudness(samples))))))


async def test_words_become_audio_at_48_khz(speaker: PiperSynthesiser) -> None:
    """A clause is mono samples of 16 bits, longer for more words, and fits the port."""
    port: Synthesiser = speaker

    short, long = await port.synthesise("Okay."), await port.synthesise("What would you measure?")

    assert short.dtype == np.int16
    assert 0.1 < _seconds(short) < _seconds(long)


async def test_the_same_clause_sounds_the_same(speaker: PiperSynthesiser) -> None:
    """The tone voice has no chance in it, so tests can know what was played."""
    first, again = await speaker.synthesise("Go on."), await speaker.synthesise("Go on.")

    assert np.array_equal(first, again)


async def test_every_clause_is_equally_loud(speaker: PiperSynthesiser) -> None:
    """Short and long clauses come at -20 dBFS, though Piper makes them as it likes."""
    made = [await speaker.synthesise(text) for text in ("Okay.", "How would you shard the index?")]

    assert all(abs(_dbfs(one) - SPEECH_DBFS) < 3 for one in made)


async def test_what_is_written_is_said_by_the_lexicon(speaker: PiperSynthesiser) -> None:
    """Markup costs nothing, and short forms are read out."""
    plain, marked = [
        await speaker.synthesise(text)
        for text in ("the retry of 5 milliseconds", "the `retry()` of **5 ms**")
    ]

    assert np.array_equal(plain, marked)


async def test_ones_own_lexicon_is_used() -> None:
    """A word of the user's own sounds as they wrote it."""
    own = PiperSynthesiser.load(TONE, CPU, lexicon=Lexicon({"sql": "squeal"}))

    made = [await own.synthesise(text) for text in ("SQL", "squeal")]

    assert np.array_equal(*made)
    own.close()


@pytest.mark.parametrize("text", ["", "  ", "...", "```", "👍"])
async def test_nothing_to_say_is_no_audio(speaker: PiperSynthesiser, text: str) -> None:
    """A clause without words is empty, not an error and not a noise."""
    assert len(await speaker.synthesise(text)) == 0


async def test_openers_are_ready_at_once() -> None:
    """What was prepared needs no work, whatever the space round it; other words do."""
    speaker = PiperSynthesiser.load(TONE, CPU)
    assert speaker.ready("Okay.") is None

    await speaker.prepare(["Okay.", "Good."])

    ready = speaker.ready(" Okay.\n")
    assert ready is not None
    assert np.array_equal(ready, await speaker.synthesise("Okay. "))
    assert speaker.ready("Fine.") is None
    speaker.close()


async def test_the_pace_reaches_the_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pace of 1.25 makes every sound a fifth shorter; the tone voice knows one length only."""
    scales: list[float | None] = []
    real = PiperVoice.phoneme_ids_to_audio

    def spied(voice: PiperVoice, ids: list[int], manner: SynthesisConfig, **rest: Any) -> Any:
        scales.append(manner.length_scale)
        return real(voice, ids, manner, **rest)

    monkeypatch.setattr(PiperVoice, "phoneme_ids_to_audio", spied)

    PiperSynthesiser.load(TONE, CPU, pace=1.25).close()

    assert scales == [0.8]


async def test_several_calls_are_spoken_to_at_once(speaker: PiperSynthesiser) -> None:
    """Clauses of several calls do not mix, and the event loop stays free meanwhile."""
    texts = [f"This is caller number {number}." for number in range(8)]
    alone = [await speaker.synthesise(text) for text in texts]

    together = await asyncio.gather(*map(speaker.synthesise, texts))

    assert all(np.array_equal(*pair) for pair in zip(alone, together, strict=True))


async def test_words_are_not_logged(
    speaker: PiperSynthesiser, caplog: pytest.LogCaptureFixture
) -> None:
    """Piper would write every sentence into the log of a verbose program."""
    with caplog.at_level(logging.DEBUG):
        await speaker.synthesise("A secret of the candidate.")

    assert "secret" not in caplog.text


def _voice(folder: Path, **changes: object) -> Path:
    shutil.copy(TONE, folder / "mine.onnx")
    settings = json.loads(Path(f"{TONE}.json").read_text())
    (folder / "mine.onnx.json").write_text(json.dumps({**settings, **changes}))
    return folder / "mine.onnx"


def test_a_voice_of_ones_own_may_lie_anywhere(tmp_path: Path) -> None:
    """Any .onnx with its description beside it is a voice."""
    PiperSynthesiser.load(_voice(tmp_path), CPU).close()


@pytest.mark.parametrize(
    ("pace", "speaker", "reason"),
    [(0.4, None, "from 0.5 to 2"), (2.1, None, "from 0.5 to 2"), (1.0, 3, "no speaker 3")],
)
def test_an_impossible_manner_is_refused(pace: float, speaker: int | None, reason: str) -> None:
    """The message says what is possible."""
    with pytest.raises(VoiceError, match=reason):
        PiperSynthesiser.load(TONE, CPU, pace, speaker)


def test_a_missing_description_is_named(tmp_path: Path) -> None:
    """The message names the file and what belongs beside it."""
    model = _voice(tmp_path)
    Path(f"{model}.json").unlink()

    with pytest.raises(VoiceError, match=r"mine\.onnx\.json: No such file.*beside it"):
        PiperSynthesiser.load(model, CPU)


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    """A description alone is no voice."""
    model = _voice(tmp_path)
    model.unlink()

    with pytest.raises(VoiceError, match=r"mine\.onnx is no Piper voice"):
        PiperSynthesiser.load(model, CPU)


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"num_symbols": 1}'])
def test_a_wrong_description_is_named(tmp_path: Path, content: str) -> None:
    """Whatever is wrong with it, the message says which file."""
    model = _voice(tmp_path)
    Path(f"{model}.json").write_text(content)

    with pytest.raises(VoiceError, match=r"mine\.onnx\.json is no description"):
        PiperSynthesiser.load(model, CPU)


def test_a_damaged_model_is_named(tmp_path: Path) -> None:
    """Half a download does not end in a traceback."""
    model = _voice(tmp_path)
    model.write_bytes(model.read_bytes()[:1000])

    with pytest.raises(VoiceError, match=r"mine\.onnx is no Piper voice"):
        PiperSynthesiser.load(model, CPU)
