"""When to practise what again: spaced repetition over the concepts that interviews measured.

Each measured verdict is a review of its concept. What is kept are the reviews; the state of a
concept is replayed from them, so that deleting an interview takes back exactly what it did. The
memory model is FSRS-6 with the weights that `fsrs` ships (docs/decisions/0013).

| Verdict | Recall |
|---|---|
| contradicted | again |
| missed or not detected, asked for | again |
| unsure, partial, or a hit after a hint | hard |
| hit | good |
| unprompted hit in a stage that was rated 4 | easy |
| not reached, not asked for, asked and nothing was answered, or a judge abstained | none |

A concept was asked for where its stage was opened and it is at or below the level of the
interview, or where a follow-up or a hint was about it. "Not detected" proves nothing; the price of
practising once more what one knows is small.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from scenarios.model import Level, RoundKind, level_rank
from scoring.rating import is_abstention
from scoring.scorecard import RoundCard, Scorecard
from scoring.verdicts import ConceptVerdict, HowObtained, Verdict

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

RETENTION = 0.9
"""The chance of recall at which a concept is due."""

LEADS = 4
"""The rating that is given for more than was asked."""


class Recall(StrEnum):
    """How well a concept was recalled, in the words of FSRS."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


@dataclass(frozen=True)
class Review:
    """A concept as one round measured it.

    `item` is the id of the scenario, story prompt or question that it belongs to, whatever drill
    that was part of; `key` its address there (`stage/concept-id`). `at` is in UTC.
    """

    item: str
    key: str
    recall: Recall
    verdict: Verdict
    weight: int
    at: datetime


@dataclass(frozen=True)
class Planned:
    """When a concept is to be practised again.

    `retrievability` is the chance that it would be recalled now; `verdict` and `weight` are those
    of the last review.
    """

    item: str
    key: str
    verdict: Verdict
    weight: int
    practised_at: datetime
    due_at: datetime
    retrievability: float

    @property
    def urgency(self) -> float:
        """How much would be lost in an interview now: weight times the chance of forgetting."""
        return self.weight * (1 - self.retrievability)


def reviews_of(card: Scorecard) -> Iterator[tuple[int, Review]]:
    """What the card measured, with the index of the round in which it did."""
    for index, held in enumerate(card.rounds):
        aimed_at = {turn.aims_at for turn in card.transcript if turn.round_index == index}
        for verdict, rating, answered in _verdicts(held):
            asked = answered and (verdict.key in aimed_at or _is_expected(verdict, card.level))
            recall = recall_of(verdict, rating, asked=asked)
            if recall is not None:
                item = verdict.stage if held.kind is RoundKind.DRILL else held.item
                yield (
                    index,
                    Review(
                        item, verdict.key, recall, verdict.verdict, verdict.weight, card.finished_at
                    ),
                )


def recall_of(verdict: ConceptVerdict, rating: int | None, *, asked: bool) -> Recall | None:
    """What a verdict says about recall by the table above; None where nothing was measured.

    `rating` is that of the stage, None where there is none.
    """
    if is_abstention(verdict):
        return None
    match verdict.verdict:
        case Verdict.CONTRADICTED:
            return Recall.AGAIN
        case Verdict.MISSED | Verdict.NOT_DETECTED:
            return Recall.AGAIN if asked else None
        case Verdict.PARTIAL | Verdict.UNSURE:
            return Recall.HARD
        case Verdict.HIT:
            return _recall_of_hit(verdict.how, rating)
        case Verdict.NOT_REACHED:
            return None


def _recall_of_hit(how: HowObtained | None, rating: int | None) -> Recall:
    if how is HowObtained.HINTED:
        return Recall.HARD
    leads = rating == LEADS and how is HowObtained.UNPROMPTED
    return Recall.EASY if leads else Recall.GOOD


class _Measured(NamedTuple):
    """A verdict with the rating of its stage, and whether anything was answered there."""

    verdict: ConceptVerdict
    rating: int | None
    answered: bool


def _verdicts(held: RoundCard) -> Iterator[_Measured]:
    """The verdicts of a round; a stage without an answer has no rating, a curveball never has."""
    for stage in held.stages:
        answered = stage.rating is not None
        yield from (_Measured(verdict, stage.rating, answered) for verdict in stage.verdicts)
    if held.curveball is not None:
        yield from (_Measured(verdict, None, True) for verdict in held.curveball.verdicts)


def _is_expected(verdict: ConceptVerdict, asked: Level) -> bool:
    return level_rank(Level(verdict.level)) <= level_rank(asked)


def plan_practice(reviews: Iterable[Review], now: datetime) -> tuple[Planned, ...]:
    """Every concept that was reviewed, those that are due at `now` first, then by urgency.

    Reviews may come in any order; of two at the same moment the one that comes first counts first.
    """
    scheduler = _scheduler()
    in_order = sorted(reviews, key=lambda review: (review.item, review.key, review.at))
    by_concept = groupby(in_order, key=lambda review: (review.item, review.key))
    planned = [_planned(scheduler, tuple(of_one), now) for _, of_one in by_concept]
    planned.sort(key=lambda one: _place(one, now))
    return tuple(planned)


def _place(one: Planned, now: datetime) -> tuple[bool, float, int, datetime, str, str]:
    """Sorts ascending. Right after an interview nothing is forgotten yet, so weight decides."""
    return one.due_at > now, -round(one.urgency, 2), -one.weight, one.due_at, one.item, one.key


def _planned(scheduler: Scheduler, reviews: tuple[Review, ...], now: datetime) -> Planned:
    """One concept, from its reviews in their order."""
    card, last = _replay(scheduler, reviews), reviews[-1]
    return Planned(
        item=last.item,
        key=last.key,
        verdict=last.verdict,
        weight=last.weight,
        practised_at=last.at,
        due_at=card.due,
        retrievability=scheduler.get_card_retrievability(card, now),
    )


def _replay(scheduler: Scheduler, reviews: tuple[Review, ...]) -> Card:
    from fsrs import Card, Rating

    # Without an id of its own a card waits for the clock to make one.
    card = Card(card_id=0, due=reviews[0].at.astimezone(UTC))
    for review in reviews:
        rating = Rating[review.recall.value.capitalize()]
        card, _ = scheduler.review_card(card, rating, review.at.astimezone(UTC))
    return card


def _scheduler() -> Scheduler:
    """In days, since rounds are days apart; without chance, since it is replayed."""
    from fsrs import Scheduler

    return Scheduler(
        desired_retention=RETENTION, learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )
