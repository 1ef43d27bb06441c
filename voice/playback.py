"""What is played: clauses one after another, made softer, stopped and resumed without a click.

The player pulls from a thread of its own, everything else happens on the event loop; a lock keeps
them apart, and nothing under it takes longer than copying a frame.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Lock

import numpy as np

from voice.speech import SPEAKING_RATE, Samples

DUCKED = 0.25
"""Loudness while it is open whether somebody interrupts: 12 dB less, still to be understood."""

_RAMP_STEP = 1 / (0.02 * SPEAKING_RATE)
_FADE = round(0.005 * SPEAKING_RATE)
_LOUD = 1.0


@dataclass(frozen=True)
class Progress:
    """What has happened since it was last asked: clauses, by their marks, in order."""

    begun: tuple[int, ...] = ()
    done: tuple[int, ...] = ()


@dataclass(frozen=True)
class Position:
    """How far the clause that is playing has come, as a share of it."""

    mark: int
    share: float


@dataclass
class _Clause:
    samples: Samples
    mark: int
    reached: int = 0


class Playback:
    """The queue between speech that is ready and whoever plays it; safe across threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._clauses: deque[_Clause] = deque()
        self._at = 0
        self._paused = False
        self._fading: Samples = np.zeros(0, np.int16)
        self._gain = self._wanted_gain = _LOUD
        self._begun: list[int] = []
        self._done: list[int] = []

    def put(self, samples: Samples, mark: int) -> None:
        """Play this after what is there already; `mark` names it in what is reported."""
        with self._lock:
            self._clauses.append(_Clause(samples, mark))

    def read(self, count: int) -> Samples:
        """Exactly `count` samples at `SPEAKING_RATE`, silence where there is nothing to play."""
        out = np.zeros(count, np.int16)
        with self._lock:
            at = min(len(self._fading), count)
            out[:at], self._fading = self._fading[:at], self._fading[at:]
            while at < count and self._clauses and not self._paused:
                at += self._play(out[at:])
        return out

    def duck(self) -> None:
        """Play softly, within 20 ms."""
        self._aim_at(DUCKED)

    def unduck(self) -> None:
        """Play as loud as before, within 20 ms."""
        self._aim_at(_LOUD)

    def pause(self) -> None:
        """Fall silent within 5 ms; the clause will be played again from its start."""
        with self._lock:
            self._fade_out()
            self._at, self._paused = 0, True

    def resume(self) -> None:
        """Play on, as loud as ever, from the start of the clause that was interrupted."""
        with self._lock:
            if self._paused:
                self._paused, self._gain = False, _LOUD
            self._wanted_gain = _LOUD

    def stop(self) -> Position | None:
        """Fall silent within 5 ms and forget the rest; returns how far it came."""
        with self._lock:
            position = self._position()
            self._fade_out()
            self._clauses.clear()
            self._at, self._paused = 0, False
            self._gain = self._wanted_gain = _LOUD
            return position

    def progress(self) -> Progress:
        """What was begun and finished since the last call."""
        with self._lock:
            progress = Progress(tuple(self._begun), tuple(self._done))
            self._begun, self._done = [], []
            return progress

    @property
    def is_empty(self) -> bool:
        """Whether all that was put here was played."""
        with self._lock:
            return not self._clauses

    @property
    def waiting(self) -> int:
        """Clauses that are not played to their end yet."""
        with self._lock:
            return len(self._clauses)

    def _aim_at(self, gain: float) -> None:
        with self._lock:
            self._wanted_gain = gain

    def _position(self) -> Position | None:
        if not self._clauses or not self._clauses[0].reached:
            return None
        first = self._clauses[0]
        return Position(first.mark, first.reached / len(first.samples))

    def _play(self, out: Samples) -> int:
        """Copy from the first clause; returns how many samples it had."""
        first = self._clauses[0]
        if not first.reached:
            self._begun.append(first.mark)
        piece = first.samples[self._at : self._at + len(out)]
        out[: len(piece)] = self._at_gain(piece)
        self._at += len(piece)
        first.reached = max(first.reached, self._at)
        if self._at >= len(first.samples):
            self._done.append(first.mark)
            self._clauses.popleft()
            self._at = 0
        return len(piece)

    def _at_gain(self, piece: Samples) -> Samples:
        if self._gain == self._wanted_gain == _LOUD:
            return piece
        steps = np.arange(1, len(piece) + 1) * _RAMP_STEP
        if self._wanted_gain < self._gain:
            gains = np.maximum(self._wanted_gain, self._gain - steps)
        else:
            gains = np.minimum(self._wanted_gain, self._gain + steps)
        if len(piece):
            self._gain = float(gains[-1])
        return (piece * gains).astype(np.int16)

    def _fade_out(self) -> None:
        """Leave a short end of what would be played now, so that silence begins without a click."""
        if self._paused or not self._clauses or not self._at:
            return
        piece = self._clauses[0].samples[self._at : self._at + _FADE]
        falling = self._gain * np.linspace(1.0, 0.0, _FADE)[: len(piece)]
        self._fading = (piece * falling).astype(np.int16)
