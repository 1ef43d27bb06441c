"""What to practise next: the concepts that were measured and fell short, heaviest first.

The order is by weight, then by how far the verdict is from an unprompted hit, then by level and
place in the round. Concepts of stages that were never opened are left out: nothing is known of
them. Concepts above the level that was asked for come after all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from scenarios.model import Concept, Level, level_rank
from scoring.verdicts import ConceptVerdict, HowObtained, Verdict

MOST_ITEMS = 5

_REASONS: Mapping[Verdict, str] = {
    Verdict.CONTRADICTED: "you said the opposite",
    Verdict.MISSED: "missing from the answer",
    Verdict.NOT_DETECTED: "not detected",
    Verdict.PARTIAL: "named without its reason or consequence",
    Verdict.UNSURE: "only a trace was found",
}
_NEED: tuple[Verdict, ...] = tuple(_REASONS)


@dataclass(frozen=True)
class PracticeItem:
    """One concept to practise: why, and a question to answer aloud.

    Stored cards may hold fields of older items; reading them leaves those out.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "ignore"}

    round_index: int
    stage: str
    stage_title: str
    concept_id: str
    statement: str
    weight: int
    level: str
    reason: str
    question: str


@dataclass(frozen=True)
class Candidate:
    """A concept that may be worth practising, with the verdict it got."""

    round_index: int
    stage_title: str
    concept: Concept
    verdict: ConceptVerdict


def practise_next(
    candidates: Iterable[Candidate], asked: Level, limit: int = MOST_ITEMS
) -> tuple[PracticeItem, ...]:
    """At most `limit` items, the most useful first."""
    short = [(candidate, _reason(candidate.verdict)) for candidate in candidates]
    worth = [(candidate, reason) for candidate, reason in short if reason is not None]
    worth.sort(key=lambda pair: _urgency(pair[0], asked))
    return tuple(_item(candidate, reason) for candidate, reason in worth[:limit])


def _reason(verdict: ConceptVerdict) -> str | None:
    if verdict.verdict is Verdict.HIT:
        return "it took a hint" if verdict.how is HowObtained.HINTED else None
    return _REASONS.get(verdict.verdict)


def _urgency(candidate: Candidate, asked: Level) -> tuple[bool, int, int, int]:
    """Sorts ascending; the sort is stable, so the place in the round settles what is left."""
    verdict = candidate.verdict
    rank = level_rank(candidate.concept.level)
    need = _NEED.index(verdict.verdict) if verdict.verdict in _NEED else len(_NEED)
    return rank > level_rank(asked), -verdict.weight, need, rank


def _item(candidate: Candidate, reason: str) -> PracticeItem:
    verdict = candidate.verdict
    return PracticeItem(
        round_index=candidate.round_index,
        stage=verdict.stage,
        stage_title=candidate.stage_title,
        concept_id=verdict.concept_id,
        statement=verdict.statement,
        weight=verdict.weight,
        level=verdict.level,
        reason=reason,
        question=candidate.concept.probes[0],
    )
