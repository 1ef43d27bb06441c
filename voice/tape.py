"""The last seconds that were heard, to be recognised once more is known; never on disk."""

from __future__ import annotations

import numpy as np

from voice.speech import HEARING_RATE, Samples

KEPT_S = 40.0
"""Longer than the longest stretch that is recognised at once."""


class Tape:
    """A ring of samples that is read by the time of the call."""

    def __init__(self, kept_s: float = KEPT_S) -> None:
        self._ring = np.zeros(round(kept_s * HEARING_RATE), np.int16)
        self._count = 0

    @property
    def now_s(self) -> float:
        """Seconds of audio heard so far."""
        return self._count / HEARING_RATE

    def add(self, samples: Samples) -> None:
        """What was heard next."""
        samples = samples[-len(self._ring) :]
        places = (self._count + np.arange(len(samples))) % len(self._ring)
        self._ring[places] = samples
        self._count += len(samples)

    def between(self, from_s: float, to_s: float) -> Samples:
        """What was heard between two times, as much of it as is still kept."""
        oldest = max(0, self._count - len(self._ring))
        start = min(max(round(from_s * HEARING_RATE), oldest), self._count)
        end = min(max(round(to_s * HEARING_RATE), start), self._count)
        return self._ring[np.arange(start, end) % len(self._ring)]

    def erase(self) -> None:
        """Forget what was heard; the time goes on."""
        self._ring[:] = 0
