"""Verdicts: what was found for each concept, with the words that show it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The one scale for concepts.

    `PARTIAL` and `MISSED` are given by a judge that read everything, never by the offline finder,
    for which `NOT_DETECTED` says that nothing was found, which proves nothing.
    """

    HIT = "hit"
    PARTIAL = "partial"
    UNSURE = "unsure"
    NOT_DETECTED = "not_detected"
    MISSED = "missed"
    CONTRADICTED = "contradicted"
    NOT_REACHED = "not_reached"


class HowObtained(StrEnum):
    """Whether help came before the first evidence of that very concept."""

    UNPROMPTED = "unprompted"
    PROBED = "probed"
    HINTED = "hinted"


@dataclass(frozen=True)
class Evidence:
    """An exact slice of one candidate turn: `turn.text[start:end] == quote`.

    Where the board is the evidence, `element` names the part (see `drawn_parts`) and the quote is
    its label; `start` and `end` are then 0 and the label's length, and `revision` is the board's
    revision in which it is seen first, None on cards that did not keep it.
    """

    turn_id: str
    start: int
    end: int
    quote: str
    found_by: str
    element: str | None = None
    revision: int | None = None


@dataclass(frozen=True)
class ConceptVerdict:
    """The verdict on one concept of one round. `note` is a short reason, empty if plain."""

    key: str
    stage: str
    concept_id: str
    statement: str
    weight: int
    level: str
    verdict: Verdict
    how: HowObtained | None = None
    evidence: tuple[Evidence, ...] = ()
    note: str = ""
