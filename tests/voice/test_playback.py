"""The queue between speech that is ready and the player."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.playback import DUCKED, Playback, Position
from voice.speech import SPEAKING_FRAME, Samples


def level(value: int, count: int = 4 * SPEAKING_FRAME) -> Samples:
    return np.full(count, value, np.int16)


def test_silence_where_there_is_nothing() -> None:
    """The player always gets what it asked for."""
    assert np.array_equal(Playback().read(7), np.zeros(7, np.int16))


def test_clauses_follow_each_other_without_a_gap() -> None:
    """A frame may hold the end of one clause and the beginning of the next."""
    playback = Playback()
    playback.put(level(1, 5), 1)
    playback.put(level(2, 5), 2)

    assert playback.read(8).tolist() == [1] * 5 + [2] * 3
    assert playback.progress().begun == (1, 2)
    assert playback.progress().done == ()
    assert playback.read(4).tolist() == [2, 2, 0, 0]
    assert playback.progress().done == (2,)
    assert playback.is_empty


def test_ducking_takes_20_ms_and_no_jump() -> None:
    """The level falls step by step, and rises the same way."""
    playback = Playback()
    playback.put(level(10_000), 1)
    playback.read(SPEAKING_FRAME)
    playback.duck()
    soft = playback.read(SPEAKING_FRAME)
    playback.unduck()
    loud = playback.read(SPEAKING_FRAME)

    assert soft[-1] == loud[0] - 10 == 10_000 * DUCKED
    assert loud[-1] == 10_000
    assert max(abs(np.diff(np.concatenate((soft, loud))))) <= 11


def test_stopping_is_silence_within_5_ms() -> None:
    """A stop leaves a short fade, and the place that was reached."""
    playback = Playback()
    playback.put(level(10_000), 7)
    playback.read(2 * SPEAKING_FRAME)

    assert playback.stop() == Position(7, 0.5)
    frame = playback.read(SPEAKING_FRAME)
    assert 9_000 < frame[0] <= 10_000
    assert not frame[240:].any()
    assert playback.is_empty
    assert not playback.read(SPEAKING_FRAME).any()


def test_a_pause_goes_back_to_the_start_of_the_clause() -> None:
    """What was interrupted is played again as a whole, at full loudness, and begins only once."""
    playback = Playback()
    ramp = np.arange(1, 4 * SPEAKING_FRAME + 1).astype(np.int16)
    playback.put(ramp, 1)
    playback.read(SPEAKING_FRAME)
    playback.duck()
    playback.read(SPEAKING_FRAME)
    playback.pause()
    playback.read(SPEAKING_FRAME)

    assert not playback.read(SPEAKING_FRAME).any()
    playback.resume()
    assert np.array_equal(playback.read(4 * SPEAKING_FRAME), ramp)
    assert playback.progress().begun == (1,)


def test_a_stop_during_a_pause_knows_how_far_it_had_come() -> None:
    """What was heard before the pause was heard."""
    playback = Playback()
    playback.put(level(5), 1)
    playback.read(SPEAKING_FRAME)
    playback.pause()

    assert playback.stop() == Position(1, 0.25)
    assert playback.stop() is None


def test_a_gate_before_the_first_word() -> None:
    """Paused before anything was put, nothing is played until it is resumed."""
    playback = Playback()
    playback.pause()
    playback.put(level(5), 1)

    assert not playback.read(SPEAKING_FRAME).any()
    assert playback.progress().begun == ()
    playback.resume()
    assert playback.read(SPEAKING_FRAME).all()


@given(st.lists(st.sampled_from(["put", "read", "duck", "unduck", "pause", "resume", "stop"])))
def test_any_order_of_calls(calls: list[str]) -> None:
    """Nothing raises, levels stay in range, and after a stop and its fade there is silence."""
    playback = Playback()
    for mark, call in enumerate(calls):
        if call == "put":
            playback.put(level(30_000, 100 * (mark % 9)), mark)
        elif call == "read":
            assert playback.read(333).max(initial=0) <= 30_000
        else:
            getattr(playback, call)()
    playback.stop()
    playback.read(240)

    assert not playback.read(SPEAKING_FRAME).any()


def test_the_player_may_be_another_thread() -> None:
    """Whatever the loop does meanwhile, the player loses no sample of what is left to play."""
    playback = Playback()
    pulled: list[int] = []

    def pull() -> None:
        while len(pulled) < 50:
            pulled.append(int(np.count_nonzero(playback.read(960))))

    player = threading.Thread(target=pull)
    for mark in range(40):
        playback.put(level(3, 500), mark)
    player.start()
    for _ in range(200):
        playback.duck()
        playback.progress()
        playback.unduck()
    player.join()

    assert sum(pulled) == pytest.approx(40 * 500, abs=1)
