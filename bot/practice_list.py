"""What to practise again, with what the packs say about it; the same for every edge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from scenarios.documents import ContentError
from scenarios.load import Library
from scenarios.model import Concept
from scenarios.rounds import RoundPlan
from scoring.practice_schedule import Planned, Review, plan_practice

SOON = timedelta(days=7)
HEAVIEST = 3
"""The highest weight that a concept has."""

ORDER = (
    "Order: weight times the chance of having forgotten, estimated from verdicts that are "
    "not calibrated; a concept not detected counts as forgotten."
)


class Entry(NamedTuple):
    """A planned concept with what the packs say about it."""

    planned: Planned
    plan: RoundPlan
    concept: Concept


@dataclass(frozen=True)
class PracticeList:
    """What is due at `now`, within `SOON` and later, each the most urgent first.

    `lost` counts what was measured of concepts that the packs no longer hold.
    """

    now: datetime
    due: tuple[Entry, ...] = ()
    soon: tuple[Entry, ...] = ()
    later: tuple[Entry, ...] = ()
    lost: int = 0

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them."""
        return (*self.due, *self.soon, *self.later)

    @property
    def next_due(self) -> datetime | None:
        """When the first of them is or was due, None where there is none."""
        return min((entry.planned.due_at for entry in self.entries), default=None)

    @property
    def measured(self) -> bool:
        """Whether there is anything that an interview measured."""
        return bool(self.entries) or self.lost > 0


def practice_list(reviews: Iterable[Review], library: Library, now: datetime) -> PracticeList:
    """The schedule that the reviews lead to."""
    planned = plan_practice(reviews, now)
    entries = tuple(_entries(planned, library))
    soon = now + SOON
    return PracticeList(
        now,
        due=tuple(entry for entry in entries if entry.planned.due_at <= now),
        soon=tuple(entry for entry in entries if now < entry.planned.due_at <= soon),
        later=tuple(entry for entry in entries if soon < entry.planned.due_at),
        lost=len(planned) - len(entries),
    )


def _entries(planned: Iterable[Planned], library: Library) -> Iterator[Entry]:
    """Those that the packs still hold."""
    for one in planned:
        try:
            plan = library.round_for(one.item)
        except ContentError:
            continue
        concept = dict(plan.concepts()).get(one.key)
        if concept is not None:
            yield Entry(one, plan, concept)
