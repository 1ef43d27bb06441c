"""Blind review: people rate the stages of a shared scorecard before they see what others gave.

The candidate and the members of a group each fill in one sheet: every stage that was reached, on
the anchored scale from 1 to 4 that the bot uses, or "not reached" (None). A sheet is a draft, seen
by its rater alone, until it is submitted; then it never changes. Only whoever has submitted sees
the bot's ratings and the submitted sheets of others (`scoring.columns` lays them out). Everybody
else in the group sees the material: the briefs and the transcript. Strangers see nothing.

A sheet is blind only where its rater had not seen the bot's ratings of that interview: on their own
card, on a share with another group, or on one that was taken down since. One that came later says
so, stands apart, and is left out of every figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from scenarios.model import RoundKind
from scoring.disputes import CardNotes, Dispute
from scoring.groups import ALLOWED, Action, GroupError, NotAMemberError, Role, require
from scoring.scorecard import Scorecard, StageCard
from scoring.sheets import RATINGS, BlindReview, Mark, Quote, Reviewed, Sheet, StageKey
from scoring.transcript import Speaker, Turn

LONGEST_COMMENT = 1_000


class ReviewError(GroupError):
    """Base of what a review refuses; `NotAMemberError` beside it refuses strangers."""


class AlreadyRatedError(ReviewError):
    """The rater has submitted: nobody rates twice."""


class IncompleteReviewError(ReviewError):
    """A stage that was reached is not rated yet."""


class NotOpenYetError(ReviewError):
    """The viewer has not submitted, so the ratings of others and the bot's stay closed."""


class NoSuchStageError(ReviewError):
    """The card has no such stage, or the interview did not get to it."""


class BadMarkError(ReviewError):
    """The rating is not on the scale, or the comment is too long."""


class BadQuoteError(ReviewError):
    """The quote is not an exact slice of what the candidate said in that stage."""


class Opening(StrEnum):
    """How much of a review somebody may see."""

    NOTHING = "nothing"
    MATERIAL = "material"
    EVERYTHING = "everything"


class Viewer(NamedTuple):
    """Somebody who looks or rates: `role` is theirs in the group now, None for a stranger."""

    person: str
    role: Role | None


class RoundMaterial(NamedTuple):
    """A round as a rater sees it before rating."""

    kind: RoundKind
    title: str
    brief: str


@dataclass(frozen=True)
class Material:
    """What may be read before rating: the briefs and what was said, nothing that the bot made."""

    rounds: tuple[RoundMaterial, ...]
    stages: tuple[Reviewed, ...]
    transcript: tuple[Turn, ...]


def opening(review: BlindReview, viewer: Viewer) -> Opening:
    """How much the viewer may see. The candidate is under the same rule as everybody else."""
    if viewer.role is None and viewer.person != review.candidate:
        return Opening.NOTHING
    sheet = review.sheet(viewer.person)
    if sheet is None or sheet.submitted_at is None:
        return Opening.MATERIAL
    return Opening.EVERYTHING


def material(review: BlindReview, viewer: Viewer) -> Material:
    """What is to be rated; NotAMemberError for strangers."""
    if opening(review, viewer) is Opening.NOTHING:
        raise NotAMemberError("This scorecard was not shared with you.")
    return Material(
        rounds=tuple(RoundMaterial(one.kind, one.title, one.brief) for one in review.card.rounds),
        stages=review.stages,
        transcript=tuple(replace(turn, move=None, aims_at=None) for turn in review.card.transcript),
    )


def require_open(review: BlindReview, viewer: Viewer) -> None:
    """Nothing for whoever has submitted; NotAMemberError or NotOpenYetError for others."""
    match opening(review, viewer):
        case Opening.NOTHING:
            raise NotAMemberError("This scorecard was not shared with you.")
        case Opening.MATERIAL:
            raise NotOpenYetError("Rate it first: the other ratings open when yours are submitted.")
        case Opening.EVERYTHING:
            return


def open_to(reviews: Iterable[BlindReview], viewer: Viewer) -> tuple[BlindReview, ...]:
    """Those that are open to the viewer, in their order.

    A figure over others would give a sheet away: by what it was before the sheet came in.
    """
    return tuple(one for one in reviews if opening(one, viewer) is Opening.EVERYTHING)


def shared_card(review: BlindReview, viewer: Viewer) -> Scorecard:
    """The card with the bot's ratings; NotAMemberError or NotOpenYetError before it is open."""
    require_open(review, viewer)
    return review.card


def answerable(review: BlindReview, viewer: Viewer, notes: CardNotes) -> tuple[Dispute, ...]:
    """The disputes of the shared revision that the viewer may answer, and that their role has not.

    Nobody answers for their own card. NotAMemberError or NotOpenYetError before it is open.
    """
    require_open(review, viewer)
    role = viewer.role
    if role is None or Action.OVERRIDE not in ALLOWED[role] or viewer.person == review.candidate:
        return ()
    return tuple(
        one
        for one in notes.disputes
        if one.revision == review.card.revision
        and all(given.by_role != role.value for given in notes.overrides_of(one))
    )


def put_mark(review: BlindReview, viewer: Viewer, mark: Mark) -> BlindReview:
    """The review with the mark on the viewer's draft, in place of an earlier one for that stage.

    NotAMemberError for strangers, AlreadyRatedError after submission, NoSuchStageError,
    BadMarkError or BadQuoteError for a mark that cannot be.
    """
    sheet = _draft(review, viewer)
    _check_mark(review, mark)
    kept = tuple(one for one in sheet.marks if one.key != mark.key)
    return _with_sheet(review, replace(sheet, marks=(*kept, mark)))


def submit(review: BlindReview, viewer: Viewer, now: datetime) -> BlindReview:
    """The review with the viewer's sheet closed for good, so that the others open to them.

    IncompleteReviewError names the stages that are left; errors of `put_mark` otherwise.
    """
    sheet = _draft(review, viewer)
    left = [one.title for one in missing(review, viewer.person)]
    if left:
        raise IncompleteReviewError(f"Still to be rated: {', '.join(left)}.")
    late = review.has_seen_ratings(viewer.person)
    return _with_sheet(review, replace(sheet, submitted_at=now, after_card=late))


def missing(review: BlindReview, rater: str) -> tuple[Reviewed, ...]:
    """The stages that were reached and that the rater has not marked, in order."""
    sheet = review.sheet(rater) or Sheet(rater)
    return tuple(one for one in review.stages if one.reached and sheet.mark(one.key) is None)


def _draft(review: BlindReview, viewer: Viewer) -> Sheet:
    if viewer.person != review.candidate:
        require(viewer.role, Action.RATE)
    sheet = review.sheet(viewer.person) or Sheet(viewer.person)
    if sheet.submitted_at is not None:
        raise AlreadyRatedError("You have submitted your ratings; they no longer change.")
    return sheet


def _with_sheet(review: BlindReview, sheet: Sheet) -> BlindReview:
    others = tuple(one for one in review.sheets if one.rater != sheet.rater)
    return replace(review, sheets=(*others, sheet))


def _check_mark(review: BlindReview, mark: Mark) -> None:
    stage = next((one for one in review.stages if one.key == mark.key), None)
    if stage is None or not stage.reached:
        raise NoSuchStageError("The interview has no such stage, or did not get to it.")
    if mark.rating is not None and mark.rating not in RATINGS:
        raise BadMarkError("A rating is 1, 2, 3 or 4, or “not reached”.")
    if len(mark.comment) > LONGEST_COMMENT:
        raise BadMarkError(f"A comment has at most {LONGEST_COMMENT:,} characters.")
    if mark.quote is not None:
        quoted_words(review.card, mark.key, mark.quote)


def quoted_words(card: Scorecard, key: StageKey, quote: Quote) -> str:
    """What is quoted; BadQuoteError unless the candidate said it in that stage."""
    for turn in said_in(card, key):
        if turn.id == quote.turn_id and 0 <= quote.start < quote.end <= len(turn.text):
            words = turn.text[quote.start : quote.end]
            if words.strip():
                return words
    raise BadQuoteError("A quote has to be an exact part of an answer given in that stage.")


def find_quote(card: Scorecard, key: StageKey, words: str) -> Quote:
    """The first place in the stage's answers where the candidate said `words`.

    Spaces, line ends and upper case are taken alike, as people copy them; BadQuoteError where it
    was not said.
    """
    pattern = r"\s+".join(map(re.escape, words.split()))
    for turn in said_in(card, key) if pattern else ():
        found = re.search(pattern, turn.text, re.IGNORECASE)
        if found is not None:
            return Quote(turn.id, found.start(), found.end())
    raise BadQuoteError("Those words are not part of an answer given in that stage.")


def said_in(card: Scorecard, key: StageKey) -> Iterator[Turn]:
    """The candidate's turns of a stage, in order."""
    for turn in card.transcript:
        if (
            turn.speaker is Speaker.CANDIDATE
            and turn.round_index == key.round_index
            and turn.falls_in(key.stage)
        ):
            yield turn


def bot_stage(card: Scorecard, key: StageKey) -> StageCard:
    """The bot's side of a stage; KeyError if the card has no such stage."""
    for stage in card.rounds[key.round_index].stages:
        if stage.name == key.stage:
            return stage
    raise KeyError(f"the card has no stage {key.stage!r} in round {key.round_index}")
