"""Whether anybody else in the call speaks, so that the bot does not talk over them.

Of each who agreed a detector says whether they speak. Their audio lives for the 32 ms that it looks
at, and goes nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from voice.speech import Loudness, Samples

WINDOW = 512
"""Samples that a detector looks at: 32 ms."""

ON, OFF = 0.5, 0.35
"""Probability from which somebody begins to speak, and under which they may have ended."""

ON_WINDOWS, OFF_WINDOWS = 3, 16
"""Windows in a row: 96 ms of speech begin it, half a second without ends it."""

LOUDEST = 32_768.0


class Detector(Protocol):
    """Says how probable speech is in a window of 32 ms, one after the other."""

    def probability(self, window: Loudness) -> float:
        """From 0 to 1."""
        ...


@dataclass(frozen=True)
class Voice:
    """Whether somebody speaks; `run` counts the windows that say otherwise."""

    speaking: bool = False
    run: int = 0


def hear(voice: Voice, probability: float) -> Voice:
    """Advance by one window."""
    otherwise = probability < OFF if voice.speaking else probability >= ON
    if not otherwise:
        return Voice(voice.speaking)
    run = voice.run + 1
    if run == (OFF_WINDOWS if voice.speaking else ON_WINDOWS):
        return Voice(not voice.speaking)
    return Voice(voice.speaking, run)


class Bystanders:
    """Listens to several people, and tells when the first begins and the last has ended."""

    def __init__(
        self, new_detector: Callable[[], Detector], changed: Callable[[bool], None]
    ) -> None:
        self._new_detector = new_detector
        self._changed = changed
        self._voices: dict[int, Voice] = {}
        self._speaking = False

    def sink(self, person: int) -> Callable[[Samples], None]:
        """Where the frames of that person go."""
        detector = self._new_detector()
        kept: list[Samples] = []
        self._voices[person] = Voice()

        def take(frame: Samples) -> None:
            if person not in self._voices:
                return
            kept.append(frame)
            if sum(map(len, kept)) < WINDOW:
                return
            heard = np.concatenate(kept)
            kept[:] = [heard[WINDOW:]]
            window = heard[:WINDOW].astype(np.float32) / LOUDEST
            probability = detector.probability(window) if window.any() else 0.0
            self._voices[person] = hear(self._voices[person], probability)
            self._tell()

        return take

    def drop(self, person: int) -> None:
        """That person is no longer listened for."""
        if self._voices.pop(person, None) is not None:
            self._tell()

    def _tell(self) -> None:
        speaking = any(voice.speaking for voice in self._voices.values())
        if speaking != self._speaking:
            self._speaking = speaking
            self._changed(speaking)
