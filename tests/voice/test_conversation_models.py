"""Conversations with the models that are shipped: real detection, recognition and speech."""

from collections.abc import Iterator

import pytest

from tests.fixtures.voice import clips
from tests.voice.people import Call, Clip, Deed, HearsBot, Pauses, Person, Says, ToneLanguage
from voice.devices import Device
from voice.samples import sample_recogniser_folder, sample_voice
from voice.speak import PiperSynthesiser
from voice.transcribe import WhisperRecogniser
from voice.vad import SpeechDetector

CPU = Device("cpu", "int8", 1, "sample", "a test")
ANSWER = "How would you keep the replicas of that store consistent after a write?"
HANDED_OVER = "I think that covers the main design"


@pytest.fixture(scope="module")
def recogniser() -> Iterator[WhisperRecogniser]:
    loaded = WhisperRecogniser.load(sample_recogniser_folder(), CPU)
    yield loaded
    loaded.close()


@pytest.fixture(scope="module")
def synthesiser() -> Iterator[PiperSynthesiser]:
    loaded = PiperSynthesiser.load(sample_voice(), CPU)
    yield loaded
    loaded.close()


@pytest.fixture
def call(recogniser: WhisperRecogniser, synthesiser: PiperSynthesiser) -> Call:
    made = Call(
        recogniser,
        detector=SpeechDetector(),
        synthesiser=synthesiser,
        answers=[ANSWER] * 9,
    )
    made.conversation.expect(question="What is a cache?", patience=1.0, terms=())
    return made


def says(text: str) -> Says:
    return Says(Clip(clips.entry(text).text, clips.clip(text)))


def said(call: Call) -> list[str]:
    return [turn.text.lower() for turn in call.notes.said_turns]


@pytest.mark.parametrize(
    "text", ["we can shard the database by user id", "I am done", "does that make sense so far"]
)
async def test_a_clear_end_is_answered_quickly(call: Call, text: str) -> None:
    """From the last sound of real speech to our first, with models that take no time: 0.65 s."""
    person = Person(Pauses(0.5), says(text))
    await call.run(person, 3.0)

    (truth,) = person.uttered
    assert said(call) == [text.lower()]
    assert 0.2 < call.bot_starts_s()[0] - truth.end_s <= 0.65
    assert call.notes.said_turns[0].ended_s == pytest.approx(truth.end_s, abs=0.15)


@pytest.mark.parametrize("pause_s", [2.0, 5.0])
async def test_a_thinking_pause_is_the_candidates(call: Call, pause_s: float) -> None:
    """Real words ask for time and get it."""
    script: list[Deed] = [
        Pauses(0.5),
        says("let me think about that for a second"),
        Pauses(pause_s),
        says("we can shard the database by user id"),
    ]
    person = Person(*script)
    await call.run(person, 3.0)

    assert said(call) == [
        "let me think about that for a second we can shard the database by user id"
    ]
    assert call.bot_starts_s()[0] > person.uttered[-1].end_s


async def test_real_speech_stops_us(call: Call) -> None:
    """From the first sound of an interruption to our last: 0.35 s at most."""
    person = Person(Pauses(0.3), says(HANDED_OVER), HearsBot(1.0), says("no that is wrong"))
    await call.run(person, 4.0)

    assert call.bot_ends_s(0.5)[0] - person.uttered[1].start_s <= 0.35
    assert said(call) == [HANDED_OVER.lower(), "no that is wrong"]
    assert call.notes.count("barged_in") == 1


async def test_a_real_okay_does_not(call: Call) -> None:
    """After a listener's remark all of our text is heard."""
    person = Person(Pauses(0.3), says(HANDED_OVER), HearsBot(1.0), says("okay"))
    await call.run(person, 15.0)

    assert call.answered == [len(ANSWER)]
    assert said(call) == [HANDED_OVER.lower()]


async def test_noise_is_no_turn(call: Call) -> None:
    """The noises of a room are told to nobody."""
    script: list[Deed] = [Pauses(0.5)]
    for for_s in (0.05, 0.2, 0.4, 3.0):
        script += [Says(ToneLanguage.noise(for_s)), Pauses(1.0)]
    await call.run(Person(*script), 8.0)

    assert said(call) == []
    assert not any(call.bot_frames)
