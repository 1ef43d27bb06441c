"""Disputes and overrides: what people say about a verdict, beside the card.

The card never changes. A candidate may dispute a verdict of their own card with a reason, once per
verdict and revision; an owner or a reviewer of the group that the card was shared with may then
state their own verdict with a reason. Renders show both next to the verdict. Ratings, levels,
practice and progress are those of the card: an override recomputes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scoring.scorecard import Scorecard, card_verdicts
from scoring.verdicts import ConceptVerdict, Verdict

LONGEST_REASON = 500
"""Characters of a reason; it has at least one."""

OVERRIDES = (
    Verdict.HIT,
    Verdict.PARTIAL,
    Verdict.UNSURE,
    Verdict.MISSED,
    Verdict.CONTRADICTED,
)
"""What an override may say: a person has read the answer, so nothing is merely undetected."""


class DisputeRefusedError(ValueError):
    """This dispute or override is not possible; the message says why, for the person."""


class ReviewerRole(StrEnum):
    """Who in a group may override."""

    OWNER = "owner"
    REVIEWER = "reviewer"


@dataclass(frozen=True)
class Dispute:
    """The candidate's objection to one verdict of one revision of their card.

    `key` is the concept's address in the round (`stage/concept-id`); `reason` has 1 to
    `LONGEST_REASON` characters.
    """

    id: str
    revision: int
    round_index: int
    key: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Override:
    """A reviewer's own verdict beside a disputed one."""

    dispute_id: str
    verdict: Verdict
    reason: str
    by_role: ReviewerRole
    at: datetime


@dataclass(frozen=True)
class CardNotes:
    """What people noted beside a card, over all its revisions, in the order in which they did."""

    disputes: tuple[Dispute, ...] = ()
    overrides: tuple[Override, ...] = ()

    def dispute_of(self, revision: int, round_index: int, key: str) -> Dispute | None:
        """The dispute of that verdict in that revision."""
        place = (revision, round_index, key)
        return next((one for one in self.disputes if _place(one) == place), None)

    def overrides_of(self, dispute: Dispute) -> tuple[Override, ...]:
        """What reviewers said to that dispute."""
        return tuple(one for one in self.overrides if one.dispute_id == dispute.id)


NO_NOTES = CardNotes()


def disputed_verdict(card: Scorecard, round_index: int, key: str) -> ConceptVerdict:
    """The verdict of that round and concept; `DisputeRefusedError` if the card has none."""
    for index, verdict in card_verdicts(card):
        if (index, verdict.key) == (round_index, key):
            return verdict
    raise DisputeRefusedError("this card has no such verdict")


def disputable(card: Scorecard, notes: CardNotes = NO_NOTES) -> list[tuple[int, ConceptVerdict]]:
    """What may still be disputed, with the index of its round, in the order of the card."""
    return [
        (index, verdict)
        for index, verdict in card_verdicts(card)
        if verdict.verdict is not Verdict.NOT_REACHED
        and notes.dispute_of(card.revision, index, verdict.key) is None
    ]


def check_dispute(
    card: Scorecard, dispute: Dispute, notes: CardNotes, *, by: str, candidate: str
) -> None:
    """Raise `DisputeRefusedError` unless `by` may open `dispute` now.

    `candidate` is whose card it is, `by` who disputes: both ids of people. `notes` is what stands
    beside the card already.
    """
    if by != candidate:
        raise DisputeRefusedError("only the candidate can dispute a verdict of their own card")
    if dispute.revision != card.revision:
        raise DisputeRefusedError(
            f"the dispute is about revision {dispute.revision}, this is revision {card.revision}"
        )
    verdict = disputed_verdict(card, dispute.round_index, dispute.key)
    if verdict.verdict is Verdict.NOT_REACHED:
        raise DisputeRefusedError("nothing was judged here: the stage was not reached")
    if notes.dispute_of(dispute.revision, dispute.round_index, dispute.key) is not None:
        raise DisputeRefusedError("this verdict is disputed already; one dispute each is kept")
    _check_reason(dispute.reason)


def check_override(override: Override, notes: CardNotes, *, by: str, candidate: str) -> None:
    """Raise `DisputeRefusedError` unless `by` may put `override` beside a disputed verdict.

    Whether `by` has that role in the group that the card is shared with is for the caller to know.
    """
    if by == candidate:
        raise DisputeRefusedError("nobody can override a verdict of their own card")
    dispute = next((one for one in notes.disputes if one.id == override.dispute_id), None)
    if dispute is None:
        raise DisputeRefusedError("only a disputed verdict can be overridden")
    if override.verdict not in OVERRIDES:
        allowed = ", ".join(one.value for one in OVERRIDES)
        raise DisputeRefusedError(f"an override is one of: {allowed}")
    if any(one.by_role is override.by_role for one in notes.overrides_of(dispute)):
        raise DisputeRefusedError(f"the {override.by_role.value} has answered this dispute already")
    _check_reason(override.reason)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise DisputeRefusedError("give a reason in a few words")
    if len(reason) > LONGEST_REASON:
        raise DisputeRefusedError(
            f"the reason has {len(reason)} characters; at most {LONGEST_REASON} are kept"
        )


def _place(dispute: Dispute) -> tuple[int, int, str]:
    return dispute.revision, dispute.round_index, dispute.key
