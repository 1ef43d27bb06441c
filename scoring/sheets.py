"""What a blind review is made of: the stages to rate, a rater's sheet, and the review as a whole.

The rules are in `scoring.review`. A `BlindReview` holds everybody's sheets, so nothing of it is
shown but through them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from scenarios.model import Anchors
from scenarios.rounds import RoundPlan
from scoring.render.wording import RATING_WORDS
from scoring.scorecard import Scorecard, StageCard

RATINGS = tuple(RATING_WORDS)

GENERAL_ANCHORS: tuple[str, ...] = (
    RATING_WORDS[1],
    RATING_WORDS[2],
    f"{RATING_WORDS[3]}: mechanism, number or failure mode given, with a nudge at most",
    f"{RATING_WORDS[4]}: volunteered, quantified, alternatives weighed or the own design revised",
)
"""What 1, 2, 3 and 4 stand for where the pack does not say it for the stage."""


class StageKey(NamedTuple):
    """The address of a stage on a card."""

    round_index: int
    stage: str


@dataclass(frozen=True)
class Reviewed:
    """A stage to be rated; `anchors` says what 1, 2, 3 and 4 stand for in it, in this order.

    What was asked is a part of the transcript. A stage that was not `reached` is not rated.
    """

    round_index: int
    stage: str
    title: str
    anchors: tuple[str, ...]
    reached: bool

    @property
    def key(self) -> StageKey:
        """Its address."""
        return StageKey(self.round_index, self.stage)


@dataclass(frozen=True)
class Quote:
    """A slice of one turn: `turn.text[start:end]`."""

    turn_id: str
    start: int
    end: int


@dataclass(frozen=True)
class Mark:
    """What one rater says of one stage; `rating` None means "not reached"."""

    round_index: int
    stage: str
    rating: int | None
    comment: str
    quote: Quote | None
    at: datetime

    @property
    def key(self) -> StageKey:
        """The address of the stage."""
        return StageKey(self.round_index, self.stage)


@dataclass(frozen=True)
class Sheet:
    """One rater's marks, one a stage at most: a draft until `submitted_at`.

    `after_card` is true for whoever had seen the bot's ratings of this interview before they
    submitted: a candidate who had opened their card, a peer to whom another share of it was open.
    """

    rater: str
    marks: tuple[Mark, ...] = ()
    submitted_at: datetime | None = None
    after_card: bool = False

    def mark(self, key: StageKey) -> Mark | None:
        """The mark of a stage, where there is one."""
        return next((one for one in self.marks if one.key == key), None)


@dataclass(frozen=True)
class BlindReview:
    """One shared scorecard with the sheets about it. Holds secrets: show it through the rules.

    `card` is as it was shared, redacted where the candidate asked for it. `card_opened_at` is when
    the candidate first saw the bot's ratings, `seen_by` names the others who have, on this share or
    on another one of the same interview, also one that was taken down. Before a share exists the
    same value, without an id, lets the candidate rate themself; the sheet then goes into the share.
    """

    id: str
    candidate: str
    card: Scorecard
    stages: tuple[Reviewed, ...]
    anonymous: bool = False
    card_opened_at: datetime | None = None
    seen_by: frozenset[str] = frozenset()
    sheets: tuple[Sheet, ...] = ()

    def sheet(self, rater: str) -> Sheet | None:
        """The rater's sheet, where there is one."""
        return next((one for one in self.sheets if one.rater == rater), None)

    def has_seen_ratings(self, person: str) -> bool:
        """Whether the bot's ratings of this interview were shown to the person already."""
        if person == self.candidate:
            return self.card_opened_at is not None
        return person in self.seen_by

    @property
    def own(self) -> Sheet | None:
        """The candidate's submitted sheet."""
        return next((one for one in self._submitted() if one.rater == self.candidate), None)

    @property
    def peers(self) -> tuple[Sheet, ...]:
        """The submitted sheets of others, in the order of submission."""
        return tuple(one for one in self._submitted() if one.rater != self.candidate)

    def _submitted(self) -> list[Sheet]:
        done = ((one.submitted_at, one) for one in self.sheets)
        closed = [(at, one) for at, one in done if at is not None]
        return [one for _, one in sorted(closed, key=lambda pair: pair[0])]


def stages_of(card: Scorecard, plans: Mapping[str, RoundPlan]) -> tuple[Reviewed, ...]:
    """The stages of a card with their anchors, from the plans by `RoundPlan.item`.

    A round whose plan is not at hand is rated by the general scale.
    """
    return tuple(
        Reviewed(
            round_index,
            stage.name,
            stage.title,
            _anchors(plans.get(held.item), stage),
            stage.reached,
        )
        for round_index, held in enumerate(card.rounds)
        for stage in held.stages
    )


def _anchors(plan: RoundPlan | None, stage: StageCard) -> tuple[str, ...]:
    own: Anchors | None = None
    if plan is not None:
        own = next((one.anchors for one in plan.stages if one.name == stage.name), None)
    return (
        GENERAL_ANCHORS if own is None else (own.nothing_usable, own.partly, own.meets, own.leads)
    )
