"""Recordings as one end of a call."""

import wave
from pathlib import Path

import numpy as np
import pytest

from bot.console.recorded_call import (
    SILENCE,
    SILENT_AT_END_S,
    RecordedCandidate,
    recording_to,
)
from bot.doors import UsageError
from voice.audio import read_wav
from voice.speech import FRAME_S, HEARING_FRAME, HEARING_RATE, SPEAKING_FRAME, SPEAKING_RATE


class Ended:
    """Counts how often a recording was said to be over."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


async def test_a_recording_comes_out_whole_and_silence_follows() -> None:
    """Also its last frame, which is not full."""
    samples = np.arange(1, HEARING_FRAME + 11, dtype=np.int16)
    candidate = RecordedCandidate(samples, Ended())

    frames = [await candidate.next_frame(has_floor=True) for _ in range(4)]

    assert {len(frame) for frame in frames} == {HEARING_FRAME}
    heard = np.concatenate(frames)
    assert np.array_equal(heard[: len(samples)], samples)
    assert not heard[len(samples) :].any()


async def test_the_end_is_told_once_after_silence_in_which_the_candidate_had_the_floor() -> None:
    """Silence while the interviewer speaks is none of the candidate's."""
    ended = Ended()
    candidate = RecordedCandidate(np.zeros(0, np.int16), ended)
    frames = round(SILENT_AT_END_S / FRAME_S)

    for _ in range(frames - 5):
        await candidate.next_frame(has_floor=True)
    for _ in range(50):
        await candidate.next_frame(has_floor=False)
    for _ in range(frames - 5):
        await candidate.next_frame(has_floor=True)
    assert ended.times == 0

    for _ in range(frames):
        await candidate.next_frame(has_floor=True)
    assert ended.times == 1


async def test_what_is_played_becomes_a_file(tmp_path: Path) -> None:
    """Mono, 16 bits, 48 kHz, nothing lost."""
    path = tmp_path / "out.wav"
    played = np.arange(-2000, 2000, dtype=np.int16)

    with recording_to(path) as play:
        await play(SILENCE, played[:1000])
        await play(SILENCE, played[1000:])

    with wave.open(str(path)) as file:
        shape = file.getnchannels(), file.getsampwidth(), file.getframerate()
        assert shape == (1, 2, SPEAKING_RATE)
        assert np.array_equal(np.frombuffer(file.readframes(4000), np.int16), played)


async def test_both_sides_are_in_one_file(tmp_path: Path) -> None:
    """As loud as they are, what is heard a moment later; nothing is lost at full scale."""
    time = np.arange(20 * HEARING_FRAME) / HEARING_RATE
    heard = (8000 * np.sin(2 * np.pi * 440 * time)).astype(np.int16)
    loud = np.full(SPEAKING_FRAME, 30_000, np.int16)

    with recording_to(tmp_path / "out.wav", both=True) as play:
        for frame in heard.reshape(-1, HEARING_FRAME):
            await play(frame, np.zeros(SPEAKING_FRAME, np.int16))
        await play(heard[:HEARING_FRAME], loud)

    both = read_wav(tmp_path / "out.wav", SPEAKING_RATE).astype(int)
    assert len(both) == 21 * SPEAKING_FRAME
    assert 7800 < np.abs(both[5 * SPEAKING_FRAME : 20 * SPEAKING_FRAME]).max() < 8200
    assert 30_000 < both[-SPEAKING_FRAME:].max() <= 32_767


async def test_half_a_recording_is_none(tmp_path: Path) -> None:
    """A call that breaks off leaves no file."""

    async def break_off() -> None:
        with recording_to(tmp_path / "calls" / "out.wav") as play:
            await play(SILENCE, np.ones(100, np.int16))
            raise KeyError

    with pytest.raises(KeyError):
        await break_off()
    assert not list((tmp_path / "calls").iterdir())


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    """The message names it and says what to do."""
    path = tmp_path / "out.wav"
    path.write_text("mine")
    with pytest.raises(UsageError, match="another name"), recording_to(path):
        pass
    assert path.read_text() == "mine"
