"""A scripted candidate in real time, and the truth about when each thing was said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from voice.speech import FRAME_S, HEARING_FRAME, HEARING_RATE, Samples


@dataclass(frozen=True)
class Speak:
    """Says a clip (or makes a noise)."""

    samples: Samples = field(repr=False)


@dataclass(frozen=True)
class Rest:
    """Says nothing for so long."""

    for_s: float


@dataclass(frozen=True)
class Hear:
    """Waits until the bot was heard for so long, or until `within_s` is over."""

    for_s: float
    within_s: float


@dataclass(frozen=True)
class Quiet:
    """Waits until the bot has said nothing for so long, or until `within_s` is over."""

    for_s: float
    within_s: float


Deed: TypeAlias = Speak | Rest | Hear | Quiet


@dataclass(frozen=True)
class Spoken:
    """When something was said, in seconds of the call."""

    start_s: float
    end_s: float


@dataclass
class Scene:
    """A part of a script that is measured: what it tests, its deeds, and when they came about.

    `question` is what was asked before it. `answers` is what the engine says to its turns, the last
    of them to all that follow. `group` tells scenes of one kind apart in a table. `from_s` to
    `to_s` is its time in the call.
    """

    kind: str
    deeds: Sequence[Deed]
    question: str
    answers: tuple[str, ...] = ()
    group: str = ""
    pause_s: float = 0.0
    spoken: list[Spoken] = field(default_factory=list)
    from_s: float = 0.0
    to_s: float = 0.0


class Person:
    """Plays scenes one after another; one frame of 20 ms a call of `frame`."""

    def __init__(self, scenes: Sequence[Scene], begins: Callable[[Scene], None]) -> None:
        """`begins` is called as each scene begins."""
        self.scenes = list(scenes)
        self._begins = begins
        self._left = list(scenes)
        self._deeds: list[Deed] = []
        self._rest: Samples = np.zeros(0, np.int16)
        self._since_s: float | None = None
        self._heard_s = self._silent_s = 0.0
        self.now_s = 0.0

    @property
    def has_finished(self) -> bool:
        """Whether every scene is over."""
        return not (self._left or self._deeds or len(self._rest))

    def frame(self, bot_is_heard: bool) -> Samples:
        """The next 20 ms of this person, who hears the bot or not."""
        self._heard_s += FRAME_S if bot_is_heard else 0.0
        self._silent_s = 0.0 if bot_is_heard else self._silent_s + FRAME_S
        while not len(self._rest) and self._goes_on():
            pass
        frame = np.zeros(HEARING_FRAME, np.int16)
        piece, self._rest = self._rest[:HEARING_FRAME], self._rest[HEARING_FRAME:]
        frame[: len(piece)] = piece
        self.now_s += FRAME_S
        return frame

    def _goes_on(self) -> bool:
        """Whether a deed is over, so that the next one is due."""
        if not self._deeds:
            return self._next_scene()
        if self._since_s is None:
            self._since_s, self._heard_s = self.now_s, 0.0
        if not self._is_over(self._deeds[0], self.now_s - self._since_s):
            return False
        self._deeds.pop(0)
        self._since_s = None
        return True

    def _next_scene(self) -> bool:
        done = len(self.scenes) - len(self._left)
        if done:
            self.scenes[done - 1].to_s = self.now_s
        if not self._left:
            return False
        scene = self._left.pop(0)
        scene.from_s = self.now_s
        self._deeds = list(scene.deeds)
        self._begins(scene)
        return True

    def _is_over(self, deed: Deed, waited_s: float) -> bool:
        match deed:
            case Speak(samples):
                self._speak(samples)
                return True
            case Rest(for_s):
                return waited_s >= for_s
            case Hear(for_s, within_s):
                return self._heard_s >= for_s or waited_s >= within_s
            case Quiet(for_s, within_s):
                return self._silent_s >= for_s or waited_s >= within_s

    def _speak(self, samples: Samples) -> None:
        self._rest = samples
        scene = self.scenes[len(self.scenes) - len(self._left) - 1]
        end_s = self.now_s + len(samples) / HEARING_RATE
        scene.spoken.append(Spoken(self.now_s, end_s))
