"""What the parts of a conversation hand each other: frames, words, turns, and two ports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.int16]
"""Mono PCM, one value a sample, shape (n,)."""

Loudness: TypeAlias = NDArray[np.floating[Any]]
"""Mono samples from -1 to 1, shape (n,)."""

HEARING_RATE = 16_000
"""Hz of everything that is heard: what Whisper and Silero take."""

SPEAKING_RATE = 48_000
"""Hz of everything that is played: what Opus and Discord take."""

FRAME_S = 0.02
"""Seconds of a frame, as Discord sends them."""

HEARING_FRAME = 320
"""Samples of a frame that is heard."""

SPEAKING_FRAME = 960
"""Samples of a frame that is played."""

SURE = 0.5
"""Probability of a word below which it is marked as uncertain."""


class VoiceError(Exception):
    """Speech is not possible as asked; the message names the thing and the next step."""


@dataclass(frozen=True)
class HeardWord:
    """A word with its times in seconds of the audio it was heard in, and how sure that is (0-1).

    What was said is personal: it stands in no `repr` of these values, so that no log can have it.
    """

    text: str = field(repr=False)
    start_s: float
    end_s: float
    probability: float

    @property
    def is_uncertain(self) -> bool:
        """Whether it may well have been another word."""
        return self.probability < SURE


@dataclass(frozen=True)
class Transcription:
    """What was understood of a stretch of audio; no words where nothing was said."""

    text: str = field(repr=False)
    words: tuple[HeardWord, ...] = ()


@dataclass(frozen=True)
class Said:
    """A whole turn of the candidate.

    Times are seconds of the audio heard since the call began: `began_s` the first speech, `ended_s`
    the last, `released_s` when the turn was taken for over. The words' times are of the same kind.
    """

    text: str = field(repr=False)
    words: tuple[HeardWord, ...]
    began_s: float
    ended_s: float
    released_s: float


class Recogniser(Protocol):
    """Turns audio into words."""

    async def partial(self, audio: Samples, terms: Sequence[str]) -> str:
        """A quick guess at speech that goes on; `terms` are words that are likely to come."""
        ...

    async def final(self, audio: Samples, terms: Sequence[str]) -> Transcription:
        """The words with their times, from 0 at the first sample; empty for noise and silence."""
        ...


class Synthesiser(Protocol):
    """Turns words into audio."""

    async def synthesise(self, text: str) -> Samples:
        """The text spoken, at `SPEAKING_RATE`, evened in loudness; no more than one clause."""
        ...

    def ready(self, text: str) -> Samples | None:
        """The same where it was made before, at once; else None."""
        ...
