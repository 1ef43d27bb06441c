"""The voice benchmarks in small: what they measure is what happened."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.gpu_speech import Timed
from benchmarks.voice import measures, scenes
from benchmarks.voice.calls import Heard, Recorded
from benchmarks.voice.interviewer import Models
from benchmarks.voice.person import Hear, Person, Quiet, Rest, Scene, Speak, Spoken
from benchmarks.voice.shapes import Shape, build
from benchmarks.voice.virtual import hold_virtually
from benchmarks.voice.wire import Kind, pack, read
from voice.devices import Device
from voice.samples import sample_recogniser_folder, sample_voice
from voice.speech import HEARING_RATE, SPEAKING_RATE
from voice.transcribe import WhisperRecogniser

ONE_SECOND = np.full(HEARING_RATE, 1000, np.int16)


def heard(*loud: tuple[float, float], turns: tuple[float, ...] = ()) -> Heard:
    """A call in which the bot is loud from one second to another."""
    made = Heard(turns=[(at_s, "words") for at_s in turns])
    for from_s, to_s in loud:
        made.add(from_s, np.full(round((to_s - from_s) * SPEAKING_RATE), 1000, np.int16))
    return made


def scene(kind: str, *spoken: tuple[float, float]) -> Scene:
    return Scene(kind, (), "", spoken=[Spoken(*times) for times in spoken], to_s=20.0)


def test_a_wait_goes_from_the_last_sample_to_the_first_sound() -> None:
    """Its second part begins when the engine is asked."""
    call = Recorded([scene("handed over", (1.0, 3.0))], heard((3.7, 5.0), turns=(3.5,)))
    (reply,) = measures.replies([call], "handed over")

    assert reply.waited_s == pytest.approx(0.7)
    assert reply.made_s == pytest.approx(0.2)
    assert not reply.cut_in


def test_who_is_spoken_to_in_a_pause_was_cut_off() -> None:
    """A sound between the two halves of a turn counts, one after it does not."""
    halves = scene("pause", (1.0, 2.0), (5.0, 6.0))

    (cut,) = measures.replies([Recorded([halves], heard((3.0, 3.5), (6.5, 7.0)))], "pause")
    (kept,) = measures.replies([Recorded([halves], heard((6.5, 7.0)))], "pause")

    assert (cut.cut_in, kept.cut_in) == (True, False)
    assert measures.waits_s([cut, kept]) == [kept.waited_s]


def test_a_turn_without_an_answer_is_missed() -> None:
    """It has no wait."""
    call = Recorded([scene("handed over", (1.0, 3.0))], heard((0.0, 0.5)))

    assert measures.missed(measures.replies([call], "handed over")) == [True]


@pytest.mark.parametrize(("until_s", "expected"), [(4.25, 0.25), (8.0, None)])
def test_a_stop_is_our_last_sound_before_a_silence(until_s: float, expected: float | None) -> None:
    """Who goes on for three seconds has not stopped."""
    call = Recorded([scene("barge-in", (1.0, 2.0), (4.0, 5.0))], heard((3.0, until_s)))

    assert measures.stops_s([call]) == [None if expected is None else pytest.approx(expected)]


@pytest.mark.parametrize(
    ("loud", "turns", "lost"),
    [
        (((3.0, 9.0),), (), False),
        (((3.0, 4.2), (4.9, 9.0)), (), False),
        (((3.0, 4.2),), (), True),
        (((3.0, 4.2), (5.0, 9.0)), (4.8,), True),
    ],
)
def test_an_answer_is_lost_by_silence_or_by_another(
    loud: tuple[tuple[float, float], ...], turns: tuple[float, ...], lost: bool
) -> None:
    """A short gap loses nothing; a new turn for a remark does."""
    call = Recorded([scene("backchannel", (1.0, 2.0), (4.0, 4.5))], heard(*loud, turns=turns))

    assert measures.lost_answers([call], "backchannel") == [lost]


def test_a_piece_is_late_that_leaves_a_gap() -> None:
    """One that comes early waits for its turn; a pause between answers is none."""
    call = Recorded([], heard((1.0, 1.1), (1.09, 1.2), (1.25, 1.3), (9.0, 9.1)))

    assert measures.late_pieces([call]) == (1, 4)


def test_a_person_follows_the_script() -> None:
    """Speaks, waits to hear the bot, waits for silence; the truth is kept to the sample."""
    first = Scene("one", [Speak(ONE_SECOND), Hear(0.2, 9.0), Quiet(0.1, 9.0), Rest(0.5)], "")
    second = Scene("two", [Speak(ONE_SECOND[:800])], "")
    begun: list[str] = []
    person = Person([first, second], lambda each: begun.append(each.kind))
    while not person.has_finished:
        person.frame(bot_is_heard=1.5 < person.now_s < 2.0)

    assert begun == ["one", "two"]
    assert first.spoken == [Spoken(0.0, 1.0)]
    assert second.spoken[0].start_s == pytest.approx(2.0 + 0.1 + 0.5, abs=0.1)
    assert second.spoken[0].end_s - second.spoken[0].start_s == pytest.approx(0.05)


def test_an_answer_ends_with_the_question_of_the_next_turn() -> None:
    """The policy is told what was really asked."""
    asked = [scenes.turn("we need a message queue", "plain", q) for q in ("Who?", "How?", "Why?")]

    assert [each.answers[-1] for each in scenes.in_a_call(asked)][:2] == ["How?", "Why?"]


def test_messages_cross_a_pipe(tmp_path: Path) -> None:
    """Kind, call and body; the end of the pipe is no message."""
    pipe = tmp_path / "pipe"
    pipe.write_bytes(pack(Kind.PLAY, 3, b"\x01\x02") + pack(Kind.CONFIGURE, 0, {"calls": 4}))
    with pipe.open("rb") as stream:
        played, told, end = read(stream), read(stream), read(stream)

    assert played is not None
    assert (played.kind, played.call, played.body) == (Kind.PLAY, 3, b"\x01\x02")
    assert told is not None
    assert told.json == {"calls": 4}
    assert end is None


async def test_the_policy_can_be_measured_in_no_time() -> None:
    """A clear turn is answered, and a pause after asking for time is left alone."""
    models = Models.load({"recogniser": sample_recogniser_folder(), "voice": sample_voice()})
    asked = scenes.turn("does that make sense so far", "handed over", scenes.OPEN_QUESTION)
    call = await hold_virtually(models, scenes.in_a_call([asked]))
    models.close()

    (reply,) = measures.replies([call], "handed over")
    assert reply.waited_s is not None
    assert 0.2 < reply.waited_s < 0.65
    assert [text for _, text in call.heard.turns] == ["does that make sense so far"]


def test_a_model_of_a_given_shape_is_loaded_and_takes_terms(tmp_path: Path) -> None:
    """Random weights in the shape of a real one run through the product's recogniser."""
    shape = Shape("small enough", 64, 1, 2, 4, 80, 99)
    folder = build(shape, tmp_path / "model", "int8")
    recogniser = WhisperRecogniser.load(folder, Device("cpu", "int8", 1, shape.name, "a test"))

    assert recogniser.exercise(1.0, ["consistent hashing"]) > 0
    assert recogniser.prompt_tokens(["consistent hashing", "leader election"]) == 32
    recogniser.close()


def test_calls_held_count_guesses_and_finals() -> None:
    """Ten guesses and a final for five seconds of speech: at 50 ms and 500 ms, five people."""
    timed = Timed(batch=1, guess_s=0.05, final_s=0.5, whole_s=1.0, memory_mib=0.0)

    assert timed.calls == pytest.approx(5.0)
    assert timed.real_time_factor == pytest.approx(0.1)
