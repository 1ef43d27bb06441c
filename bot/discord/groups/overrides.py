"""Disputed verdicts of a shared card, and what reviewers of the group answer to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.discord.groups.rating import Seat
from bot.doors import UsageError
from bot.wiring import App
from scoring.disputes import CardNotes, Override, ReviewerRole
from scoring.review import answerable
from scoring.sheets import BlindReview
from scoring.verdicts import Verdict
from storage.notes import add_override, notes_of
from storage.scorecards import load_scorecard
from storage.shares import Share

_HIDDEN = "Not shown: names were left out of this card."


async def shown_notes(app: App, share: Share, review: BlindReview) -> CardNotes:
    """What is noted beside the card, as far as a reader of the share may see it.

    Where names were left out, or the share is anonymous, every reason is too: they are not
    redacted, and whoever answered a dispute may have done so where the names are shown.
    """
    notes = await notes_of(app.database, share.interview_id)
    if not notes.disputes:
        return notes
    if not share.anonymous and not await _is_redacted(app, share, review):
        return notes
    return CardNotes(
        tuple(replace(one, reason=_HIDDEN) for one in notes.disputes),
        tuple(replace(one, reason=_HIDDEN) for one in notes.overrides),
    )


async def answer(
    app: App, share: Share, seat: Seat, dispute_id: str, fields: Mapping[str, str]
) -> None:
    """Put the reviewer's verdict beside the disputed one.

    Raises `UsageError` where it is not theirs to answer, and the errors of `add_override`.
    """
    notes = await notes_of(app.database, share.interview_id)
    role = seat.viewer.role
    if role is None or all(one.id != dispute_id for one in answerable(*seat, notes)):
        raise UsageError("There is no such dispute for you to answer.")
    override = Override(
        dispute_id,
        Verdict(fields["verdict"]),
        fields["reason"].strip(),
        ReviewerRole(role.value),
        app.services.clock.now(),
    )
    await add_override(app.database, share.server, share.id, override, by=seat.viewer.person)


async def _is_redacted(app: App, share: Share, review: BlindReview) -> bool:
    original = await load_scorecard(app.database, share.interview_id, review.card.revision)
    return original != review.card
