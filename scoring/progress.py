"""Ratings over time: one series for each stage, story part and drill topic, and how far it wavers.

A series holds the bot's ratings at one level asked for, since a 3 means that *that* level was met.
Nothing is added up over stages.

**The noise band** is how far a rating may move from one sitting to the next with no change in
skill. No person has taken the same round twice for us, so this is not known. What is known is how
far a rating is off: in three whole rounds 11 of 18 were a reader's, 7 were one off, none more
(docs/benchmarks.md, "Example rounds"; readers and candidates were language models). So the band is
one point each way. That is a lower bound: other days and other questions are not in it.

From eight ratings on a series also speaks for itself. Half the mean square of successive
differences estimates the variance and takes little notice of a slow rise (von Neumann, Kent,
Bellinson and Hart, "The mean square successive difference", Annals of Mathematical Statistics 12,
1941). The median of the differences would take even less, but on a scale of four steps it can
hardly be anything but 0, 1 or 2. The band is as many standard deviations wide as one point is of
the readers' deviations, and never narrower than one point.

**A change** is said where the middle of the last ratings, at their least, leaves the band around
the first ones, at their most: up to five at either end, and two at least, since two single ratings
that are both one off differ by two. If ratings were off as those 18 were, by chance up or down, of
100 series of four ratings without any change 4 would be called one, of those of six 2. It takes a
large change to be called one: from a steady 3 there is no way up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from math import sqrt
from statistics import mean, median
from typing import NamedTuple

from scenarios.model import LEVELS, Level, RoundKind
from scoring.scorecard import RoundCard, Scorecard, StageCard

READER_BAND = 1.0
"""Points between a rating and a reader's, at most, in 18 ratings."""

READER_DEVIATION = sqrt(7 / 18)
"""Root of their mean square difference: 7 of 18 were one point off, the others none."""

OWN_RATINGS = 8
"""Ratings from which a series may widen its band."""

MOST_AT_AN_END = 5
FEWEST_FOR_CHANGE = 4


class Change(StrEnum):
    """What a series says about skill."""

    UP = "up"
    DOWN = "down"
    WITHIN_NOISE = "within the noise"
    TOO_FEW = "too few to tell"


@dataclass(frozen=True)
class RatingPoint:
    """One rating: `low` counts hits only, `high` unsure verdicts as well. `at` is in UTC."""

    interview_id: str
    at: datetime
    low: int
    high: int

    @property
    def middle(self) -> float:
        """Halfway between both readings."""
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class Series:
    """The ratings of one stage, story part or drill topic at one level, oldest first.

    `name` is the stage's, for a drill the topic's. `unrated` counts the times that it was in a
    round and got no rating, because the time was up or nothing was said.
    """

    kind: RoundKind
    name: str
    title: str
    level: Level
    points: tuple[RatingPoint, ...]
    unrated: int = 0


@dataclass(frozen=True)
class Progress:
    """One person's series, the most practised first, and how many interviews they come from."""

    series: tuple[Series, ...]
    interviews: int

    @property
    def rated(self) -> tuple[Series, ...]:
        """The series that hold a rating."""
        return tuple(one for one in self.series if one.points)


class NoiseBand(NamedTuple):
    """Ratings from `low` to `high` may be no change from the first ones.

    It reaches `width` points beyond them each way; `own` where their series made it wider than
    one point. It may reach beyond the scale.
    """

    low: float
    high: float
    width: float
    own: bool


class _Key(NamedTuple):
    kind: RoundKind
    name: str
    level: Level


class _Held(NamedTuple):
    """One stage as one interview held it."""

    card: Scorecard
    stage: StageCard


def progress_of(cards: Iterable[Scorecard]) -> Progress:
    """The series of one person's cards, in any order; of an interview the last revision counts.

    A drill card names the topic of each question as the title of its stage, so that questions which
    no pack holds any more keep their topic.
    """
    latest: dict[str, Scorecard] = {}
    for card in sorted(cards, key=lambda card: card.revision):
        latest[card.interview_id] = card
    held: defaultdict[_Key, list[_Held]] = defaultdict(list)
    for card in sorted(latest.values(), key=lambda card: (card.finished_at, card.interview_id)):
        for key, stage in _stages(card):
            held[key].append(_Held(card, stage))
    series = sorted((_series(key, ratings) for key, ratings in held.items()), key=_place)
    return Progress(tuple(series), len(latest))


def noise_band(series: Series) -> NoiseBand:
    """The band around the first ratings; ValueError where there is none."""
    if not series.points:
        raise ValueError(f"series {series.name!r} holds no rating")
    first = series.points[: _at_an_end(series)]
    own = round(_own_width(series.points), 1)
    width = max(READER_BAND, own)
    return NoiseBand(
        low=median(point.low for point in first) - width,
        high=median(point.high for point in first) + width,
        width=width,
        own=own > READER_BAND,
    )


def change_of(series: Series) -> Change:
    """Whether the last ratings lie outside the noise band of the first; ValueError without any."""
    band = noise_band(series)
    if len(series.points) == 1:
        return Change.TOO_FEW
    last = series.points[-_at_an_end(series) :]
    above = median(point.low for point in last) > band.high
    below = median(point.high for point in last) < band.low
    if not (above or below):
        return Change.WITHIN_NOISE
    if len(series.points) < FEWEST_FOR_CHANGE:
        return Change.TOO_FEW
    return Change.UP if above else Change.DOWN


def _at_an_end(series: Series) -> int:
    """How many ratings stand for the beginning, and as many for the end."""
    return max(1, min(MOST_AT_AN_END, len(series.points) // 2))


def _own_width(points: tuple[RatingPoint, ...]) -> float:
    if len(points) < OWN_RATINGS:
        return 0.0
    moves = [later.middle - earlier.middle for earlier, later in pairwise(points)]
    deviation = sqrt(mean(move**2 for move in moves) / 2)
    return deviation * READER_BAND / READER_DEVIATION


def _stages(card: Scorecard) -> Iterator[tuple[_Key, StageCard]]:
    for held in card.rounds:
        for stage in held.stages:
            yield _Key(held.kind, _name(held, stage), card.level), stage


def _name(held: RoundCard, stage: StageCard) -> str:
    return stage.title.lower() if held.kind is RoundKind.DRILL else stage.name


def _series(key: _Key, held: list[_Held]) -> Series:
    points = tuple(
        RatingPoint(
            interview_id=one.card.interview_id,
            at=one.card.finished_at,
            low=one.stage.rating,
            high=one.stage.rating if one.stage.rating_high is None else one.stage.rating_high,
        )
        for one in held
        if one.stage.rating is not None
    )
    title = held[-1].stage.title
    return Series(key.kind, key.name, title, key.level, points, unrated=len(held) - len(points))


_KINDS = tuple(RoundKind)


def _place(series: Series) -> tuple[int, int, int]:
    """Sorts ascending. The sort is stable: where these are equal, rounds keep their own order."""
    return -len(series.points), _KINDS.index(series.kind), LEVELS.index(series.level)
