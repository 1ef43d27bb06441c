"""The record of what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Speaker(StrEnum):
    """Who spoke."""

    CANDIDATE = "candidate"
    INTERVIEWER = "interviewer"


class Source(StrEnum):
    """How a turn came in."""

    TYPED = "typed"
    SPOKEN = "spoken"
    RECORDED = "recorded"


WHOLE_ROUND = ""
"""The stage of a turn that falls in every stage of its round: an answer to the whole of it."""


@dataclass(frozen=True)
class Word:
    """A spoken word with its times in seconds from the start of the turn.

    `uncertain` marks one that may well have been another word.
    """

    text: str
    start_s: float
    end_s: float
    uncertain: bool = False


@dataclass(frozen=True)
class Turn:
    """One utterance.

    `id` is unique in the interview (`t0007`), `index` counts turns from 0 over both speakers.
    `round_index` and `stage` say where it fell. For the interviewer, `move` is the kind of move
    and `aims_at` the concept key (`stage/concept-id`) that a probe or hint was about.
    `active_s` is how long the candidate had the floor for this turn, in seconds that count.
    `words` are those of a spoken turn as they were heard, times and all; `original` is what was
    typed or heard first, where `text` was put right afterwards.
    """

    id: str
    index: int
    speaker: Speaker
    text: str
    round_index: int
    stage: str
    at: datetime
    source: Source = Source.TYPED
    words: tuple[Word, ...] = ()
    move: str | None = None
    aims_at: str | None = None
    active_s: float = 0.0
    degraded: str | None = None
    original: str | None = None

    def falls_in(self, stage: str) -> bool:
        """Whether it was said in the stage of that name, or to the whole round."""
        return self.stage in (stage, WHOLE_ROUND)
