"""Golden transcripts: is there what must be there, is there nothing else, and in which band."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from evals.documents import Document, documents_in, plan_of, read_document, refuse_unknown
from evals.metrics import Checked, Metric, rate
from evals.worlds import START, World
from scenarios.load import Library
from scenarios.model import LEVELS, Level
from scenarios.rounds import RoundPlan
from scoring.record import Ending, InterviewRecord, RoundRecord
from scoring.scorecard import Scorecard, StageCard, card_verdicts
from scoring.transcript import Speaker, Turn
from scoring.verdicts import Verdict

SUITE = "golden"
FOLDER = Path(__file__).resolve().parent.parent / "golden"

NOT_SHOWN = "none"
"""In a band of levels: no level is shown yet."""

_ORDER: tuple[str, ...] = (NOT_SHOWN, *(level.value for level in LEVELS))

Rated = Annotated[int, Field(ge=1, le=4)]
Shown = Literal["none", "junior", "mid", "senior", "staff"]


class Said(Document):
    """One turn; `aims_at` is the key of the concept that a probe was about."""

    speaker: Speaker
    stage: str
    text: str
    move: str | None = None
    aims_at: str | None = None


class Golden(Document):
    """A transcript with what a grader must make of it."""

    id: str
    items: tuple[str, ...]
    level: Level
    shows: Literal["weak", "junior", "mid", "senior", "staff"]
    turns: Annotated[tuple[Said, ...], Field(min_length=2)]
    must_hit: tuple[str, ...]
    must_not_hit: tuple[str, ...]
    ratings: dict[str, tuple[Rated, Rated]]
    levels: dict[str, tuple[Shown, Shown]]


def load_golden(library: Library, folder: Path = FOLDER) -> tuple[Golden, ...]:
    """Every golden transcript; raises `evals.documents.CaseError`."""
    cases = tuple(read_document(path, Golden) for path in documents_in(folder))
    for case in cases:
        _check(case, plan_of(library, case.items, case.id))
    return cases


def _check(case: Golden, plan: RoundPlan) -> None:
    concepts = [address for address, _ in plan.concepts()]
    stages = [stage.name for stage in plan.stages]
    refuse_unknown((*case.must_hit, *case.must_not_hit), concepts, case.id)
    refuse_unknown([turn.stage for turn in case.turns], stages, case.id)
    refuse_unknown((*case.ratings, *case.levels), stages, case.id)


async def measure(world: World) -> list[Metric]:
    """The four figures of the golden transcripts."""
    cases = load_golden(world.library)
    cards = [await world.grade(record_of(case, world.library)) for case in cases]
    pairs = list(zip(cases, cards, strict=True))
    return [
        rate(SUITE, world.engine, "found what is there", (_missing(*one) for one in pairs)),
        rate(SUITE, world.engine, "found nothing else", (_invented(*one) for one in pairs)),
        rate(SUITE, world.engine, "rating in its band", (_misrated(*one) for one in pairs)),
        rate(SUITE, world.engine, "level in its band", (_misplaced(*one) for one in pairs)),
    ]


def record_of(case: Golden, library: Library) -> InterviewRecord:
    """The transcript as an interview that has taken place."""
    stages = tuple(dict.fromkeys(turn.stage for turn in case.turns))
    turns = tuple(_turn(index, said) for index, said in enumerate(case.turns))
    return InterviewRecord(
        interview_id=f"golden-{case.id}",
        level=case.level,
        style="neutral",
        started_at=START,
        finished_at=START + timedelta(minutes=len(turns)),
        ending=Ending.COMPLETED,
        rounds=(RoundRecord(library.round_for(*case.items), stages, spent_s={}, budget_s={}),),
        transcript=turns,
        engine="golden",
        pack_hash=library.pack_of(case.items[0]).hash,
    )


def _turn(index: int, said: Said) -> Turn:
    letter = "c" if said.speaker is Speaker.CANDIDATE else "i"
    return Turn(
        id=f"{letter}{index:04}",
        index=index,
        speaker=said.speaker,
        text=said.text,
        round_index=0,
        stage=said.stage,
        at=START + timedelta(minutes=index),
        move=said.move,
        aims_at=said.aims_at,
    )


def _hits(card: Scorecard) -> set[str]:
    return {one.key for _, one in card_verdicts(card) if one.verdict is Verdict.HIT}


def _missing(case: Golden, card: Scorecard) -> Checked:
    faults = sorted(set(case.must_hit) - _hits(card))
    return Checked(len(case.must_hit), _named(case, faults))


def _invented(case: Golden, card: Scorecard) -> Checked:
    faults = sorted(set(case.must_not_hit) & _hits(card))
    return Checked(len(case.must_not_hit), _named(case, faults))


def _misrated(case: Golden, card: Scorecard) -> Checked:
    stages = _stages(card)
    faults = [
        f"{name} [rated {stages[name].rating}, expected {low} to {high}]"
        for name, (low, high) in case.ratings.items()
        if not _overlaps(_ratings(stages[name]), range(low, high + 1))
    ]
    return Checked(len(case.ratings), _named(case, faults))


def _misplaced(case: Golden, card: Scorecard) -> Checked:
    stages = _stages(card)
    faults = [
        f"{name} [at {_level(stages[name].level_low)}, expected {low} to {high}]"
        for name, (low, high) in case.levels.items()
        if not _overlaps(_levels(stages[name]), _between(low, high))
    ]
    return Checked(len(case.levels), _named(case, faults))


def _named(case: Golden, faults: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{case.id}: {fault}" for fault in faults)


def _stages(card: Scorecard) -> dict[str, StageCard]:
    return {stage.name: stage for stage in card.rounds[0].stages}


def _overlaps(one: Sequence[object], other: Sequence[object]) -> bool:
    return not set(one).isdisjoint(other)


def _ratings(stage: StageCard) -> Sequence[int]:
    if stage.rating is None:
        return ()
    return range(stage.rating, (stage.rating_high or stage.rating) + 1)


def _levels(stage: StageCard) -> Sequence[str]:
    return _between(_level(stage.level_low), _level(stage.level_high))


def _between(low: str, high: str) -> Sequence[str]:
    return _ORDER[_ORDER.index(low) : _ORDER.index(high) + 1]


def _level(level: Level | None) -> str:
    return NOT_SHOWN if level is None else level.value
