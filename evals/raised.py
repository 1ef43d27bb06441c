"""What a card says more for a candidate than another card of the same round."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.model import Level, level_rank
from scoring.scorecard import Scorecard, StageCard, card_verdicts
from scoring.verdicts import ConceptVerdict, Verdict

_HEIGHT = {Verdict.HIT: 3, Verdict.PARTIAL: 2, Verdict.UNSURE: 1}


def height(verdict: ConceptVerdict) -> int:
    """How much a verdict says for the candidate; an abstention says nothing."""
    return _HEIGHT.get(verdict.verdict, 0) if verdict.evidence else 0


def raised(before: Scorecard, after: Scorecard) -> Iterator[str]:
    """What is higher in `after`, its kind first: `verdict`, `rating`, `level`, or `unrated`.

    The last is a stage that was rated 1 and has no rating any more.
    """
    least = {(index, one.key): height(one) for index, one in card_verdicts(before)}
    for index, verdict in card_verdicts(after):
        if height(verdict) > least[index, verdict.key]:
            yield f"verdict {verdict.key} [{verdict.verdict.value}]"
    for old, new in zip(before.rounds[0].stages, after.rounds[0].stages, strict=True):
        if _rating(new) > _rating(old):
            yield f"rating {new.name}"
        if old.rating == 1 and new.rating is None:
            yield f"unrated {new.name}"
        ends = ((old.level_low, new.level_low), (old.level_high, new.level_high))
        if any(_rank(higher) > _rank(lower) for lower, higher in ends):
            yield f"level {new.name}"


def _rating(stage: StageCard) -> tuple[int, int]:
    """The rating with the upper end of its range."""
    return stage.rating or 1, stage.rating_high or stage.rating or 1


def _rank(level: Level | None) -> int:
    return -1 if level is None else level_rank(level)
