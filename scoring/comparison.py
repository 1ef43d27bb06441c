"""Two cards of one person side by side: stages, concepts, time. No totals, and noise is named.

Stages are laid side by side where they have the same name in rounds of the same kind, also when
the items differ; concepts only where it is the same item (in a drill, the same question).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from scenarios.model import RoundKind
from scoring.scorecard import RoundCard, Scorecard, StageCard
from scoring.verdicts import ConceptVerdict, Verdict

NOISE_POINTS = 1
"""Points of a rating within which two interviews of one person differ by chance."""


class Movement(StrEnum):
    """What became of a stage's rating; a difference within `NOISE_POINTS` is no movement."""

    UP = "up"
    DOWN = "down"
    WITHIN_NOISE = "within_noise"
    SAME = "same"
    UNRATED = "unrated"


@dataclass(frozen=True)
class StageChange:
    """One stage, then and now; `points` lie between the two ratings, or between their ranges."""

    then: StageCard
    now: StageCard
    movement: Movement
    points: int


@dataclass(frozen=True)
class ConceptChange:
    """One concept, then and now."""

    stage_title: str
    statement: str
    then: Verdict
    now: Verdict


@dataclass(frozen=True)
class Comparison:
    """What two cards have in common, in the order of the later one.

    A concept is shown where its verdict is a hit. Those of stages that were not reached in one of
    the two are left out. `differing` names what makes the cards less comparable.
    """

    earlier: Scorecard
    later: Scorecard
    stages: tuple[StageChange, ...]
    newly_shown: tuple[ConceptChange, ...]
    lost: tuple[ConceptChange, ...]
    shown_twice: tuple[ConceptChange, ...]
    open_twice: tuple[ConceptChange, ...]
    differing: tuple[str, ...]


class _Pair(NamedTuple):
    """Rounds of one kind; `same` where they are of one item."""

    then: RoundCard
    now: RoundCard
    same: bool


def compare(earlier: Scorecard, later: Scorecard) -> Comparison:
    """The two cards side by side. That they are one person's is for the caller to know."""
    pairs = tuple(_pairs(earlier, later))
    concepts = [change for pair in pairs for change in _concepts(pair)]

    def kept(*, then: bool, now: bool) -> tuple[ConceptChange, ...]:
        return tuple(
            one
            for one in concepts
            if ((one.then is Verdict.HIT), (one.now is Verdict.HIT)) == (then, now)
        )

    return Comparison(
        earlier=earlier,
        later=later,
        stages=tuple(_stage_change(*stages) for pair in pairs for stages in _stages(pair)),
        newly_shown=kept(then=False, now=True),
        lost=kept(then=True, now=False),
        shown_twice=kept(then=True, now=True),
        open_twice=kept(then=False, now=False),
        differing=tuple(_differing(earlier, later, pairs)),
    )


def _pairs(earlier: Scorecard, later: Scorecard) -> Iterator[_Pair]:
    """Every round of the later card with its counterpart: of the same item, else of its kind."""
    left = list(earlier.rounds)
    for now in later.rounds:
        same = next((then for then in left if (then.kind, then.item) == (now.kind, now.item)), None)
        then = same or next((then for then in left if then.kind is now.kind), None)
        if then is not None:
            left.remove(then)
            yield _Pair(then, now, same is not None)


def _stages(pair: _Pair) -> Iterator[tuple[StageCard, StageCard]]:
    known = {stage.name: stage for stage in pair.then.stages}
    yield from ((known[stage.name], stage) for stage in pair.now.stages if stage.name in known)


def _stage_change(then: StageCard, now: StageCard) -> StageChange:
    if then.rating is None or now.rating is None:
        return StageChange(then, now, Movement.UNRATED, 0)
    rise = now.rating - (then.rating_high or then.rating)
    fall = then.rating - (now.rating_high or now.rating)
    points = max(rise, fall, 0)
    if points > NOISE_POINTS:
        return StageChange(then, now, Movement.UP if rise > fall else Movement.DOWN, points)
    same = (then.rating, then.rating_high) == (now.rating, now.rating_high)
    return StageChange(then, now, Movement.SAME if same else Movement.WITHIN_NOISE, points)


def _concepts(pair: _Pair) -> Iterator[ConceptChange]:
    if not pair.same and pair.now.kind is not RoundKind.DRILL:
        return
    for then, now in _stages(pair):
        yield from _changes(now.title, then.verdicts, now.verdicts)
    if pair.then.curveball is not None and pair.now.curveball is not None:
        yield from _changes("Curveball", pair.then.curveball.verdicts, pair.now.curveball.verdicts)


def _changes(
    title: str, then: tuple[ConceptVerdict, ...], now: tuple[ConceptVerdict, ...]
) -> Iterator[ConceptChange]:
    known = {verdict.key: verdict.verdict for verdict in then}
    for verdict in now:
        old = known.get(verdict.key, Verdict.NOT_REACHED)
        if Verdict.NOT_REACHED not in (old, verdict.verdict):
            yield ConceptChange(title, verdict.statement, old, verdict.verdict)


def _differing(earlier: Scorecard, later: Scorecard, pairs: tuple[_Pair, ...]) -> Iterator[str]:
    if earlier.interview_id == later.interview_id:
        yield (
            f"Revisions {earlier.revision} and {later.revision} of one interview, not two of them."
        )
    if not pairs:
        yield "The two have no round of the same kind: there is nothing to compare."
    if earlier.level is not later.level:
        yield (
            f"Asked for at {earlier.level.value} level then and at {later.level.value} level now: "
            "the same rating stands for more at the higher one."
        )
    unlike = {pair.now.kind for pair in pairs if not pair.same}
    if unlike - {RoundKind.DRILL}:
        yield (
            "Not the same items: their stages stand side by side, their concepts cannot, "
            "and one item may be harder than the other."
        )
    if RoundKind.DRILL in unlike:
        yield "Not the same drill: only questions that were asked both times are compared."
    if earlier.pack_hash != later.pack_hash:
        yield "The content changed in between; concepts that only one of the two has are left out."
    if earlier.engine != later.engine:
        yield f"The questions were worded by {earlier.engine} then and by {later.engine} now."
