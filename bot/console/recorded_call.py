"""A call that is heard from a recording, faster than real time.

The clock of the interview goes with the audio. Before each frame everything that can be done
without more of it is done: recognition, speech, the interviewer's answer, the tables. So the same
recording gives the same interview on a slow machine and on a fast one.
"""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np

from bot.console.call_time import CallTime
from bot.console.console_call import ConsoleCall
from bot.console.files import replacing
from bot.console.spoken_answers import SpokenAnswers
from bot.doors import UsageError
from voice.audio import Resampler
from voice.speech import (
    FRAME_S,
    HEARING_FRAME,
    HEARING_RATE,
    SPEAKING_FRAME,
    SPEAKING_RATE,
    Samples,
)

SILENT_AT_END_S = 15.0
"""Seconds of silence after a recording, with nobody speaking, after which the interview ends.

Longer than any wait for an answer to go on, save one for a candidate who asked for time.
"""

SILENCE: Samples = np.zeros(HEARING_FRAME, np.int16)

Play = Callable[[Samples, Samples], Awaitable[None]]
"""Takes each frame that was heard, at 16 kHz, and the one that was played with it, at 48."""

_POLL_S = 0.001
_STEPS = 3
"""Rounds of the event loop after which whatever a frame set off is under way."""


class Candidate(Protocol):
    """Where the frames of a call come from."""

    async def next_frame(self, *, has_floor: bool) -> Samples:
        """The next 20 ms; `has_floor` says that nothing is said to the candidate or prepared."""
        ...


class RecordedCandidate(Candidate):
    """Plays a recording from the first frame of the call on; silence follows.

    `ended` is called once, after `SILENT_AT_END_S` of it.
    """

    def __init__(self, samples: Samples, ended: Callable[[], None]) -> None:
        self._samples = np.pad(samples, (0, -len(samples) % HEARING_FRAME))
        self._ended = ended
        self._at = 0
        self._silent_s = 0.0

    async def next_frame(self, *, has_floor: bool) -> Samples:
        """The next 20 ms."""
        frame = self._samples[self._at : self._at + HEARING_FRAME]
        self._at += HEARING_FRAME
        if len(frame):
            return frame
        before, self._silent_s = self._silent_s, self._silent_s + FRAME_S if has_floor else 0.0
        if before < SILENT_AT_END_S <= self._silent_s:
            self._ended()
        return SILENCE


class RecordedCall:
    """Leads a call through its frames."""

    def __init__(
        self, call: ConsoleCall, answers: SpokenAnswers, clock: CallTime, play: Play
    ) -> None:
        self._call = call
        self._answers = answers
        self._clock = clock
        self._play = play

    async def run(self, candidate: Candidate) -> None:
        """Until it is cancelled: the interview decides when it is over."""
        while True:
            await self._rest()
            frame = await candidate.next_frame(has_floor=self._is_listening)
            self._call.hear(frame)
            await self._play(frame, self._call.read(SPEAKING_FRAME))
            self._clock.advance(FRAME_S)

    async def _rest(self) -> None:
        """Wait until only more audio brings the interview further."""
        for _ in range(_STEPS):
            await asyncio.sleep(0)
        while True:
            if self._call.line is not None:
                await self._call.line.settle()
            if self._is_listening or self._is_speaking:
                return
            await asyncio.sleep(_POLL_S)

    @property
    def _is_listening(self) -> bool:
        return self._answers.is_waiting and self._clock.sleepers > 0

    @property
    def _is_speaking(self) -> bool:
        return self._call.line is not None and self._call.line.is_waiting


class Mix:
    """Both sides of a call in one sound."""

    def __init__(self) -> None:
        self._resampler = Resampler(HEARING_RATE, SPEAKING_RATE)
        self._heard: Samples = np.zeros(0, np.int16)

    def add(self, heard: Samples, played: Samples) -> Samples:
        """As many samples as were played; what was heard comes as late as resampling makes it."""
        self._heard = np.concatenate((self._heard, self._resampler.feed(heard)))
        part, self._heard = self._heard[: len(played)], self._heard[len(played) :]
        both = played.astype(np.int32)
        both[: len(part)] += part
        return np.clip(both, -(2**15), 2**15 - 1).astype(np.int16)


async def discard(heard: Samples, played: Samples) -> None:
    """Play nothing."""


@contextmanager
def recording_to(path: Path | None, *, both: bool = False) -> Iterator[Play]:
    """Write what is played to a WAV file, which appears whole at the end; without a path, nowhere.

    With `both`, what is heard is in it as well. Raises `UsageError` where the file is there already
    or cannot be written.
    """
    if path is None:
        yield discard
        return
    if path.exists():
        raise UsageError(f"{path} exists already: give the file to be written another name")
    mix = Mix() if both else None
    with replacing(path) as file, wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SPEAKING_RATE)

        async def write(heard: Samples, played: Samples) -> None:
            sound = played if mix is None else mix.add(heard, played)
            out.writeframes(sound.astype("<i2").tobytes())

        yield write
