"""Whoever rates, and what: a card shared with their group, or their own before they see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

import discord

from bot.discord.groups.study_groups import server_of
from bot.discord.people import owner_of
from bot.discord.views.rating import NOT_REACHED, OWN, SHARED, Desk
from bot.doors import UsageError
from bot.wiring import App
from interviewer.record import round_plans
from scenarios.documents import ContentError
from scenarios.rounds import RoundPlan
from scoring.review import (
    BadQuoteError,
    NoSuchStageError,
    Viewer,
    find_quote,
    material,
    require_open,
)
from scoring.sheets import BlindReview, Mark, Reviewed
from storage.errors import ShareNotFoundError
from storage.groups import role_of
from storage.self_ratings import load_own_review, rate_own, submit_own
from storage.shares import Share, load_share
from storage.sheets import load_review, rate_share, submit_sheet
from storage.sights import mark_ratings_seen

SHARE_GONE = "That card is no longer shared here."

_WITHOUT_QUOTE = (
    "Your rating and comment are kept, the quote is not; choose the stage again to give another."
)


class Seat(NamedTuple):
    """A review and whoever looks at it, with the role that they have now."""

    review: BlindReview
    viewer: Viewer


class Table(Protocol):
    """What a rater works on; every method raises the errors of `scoring.review` for strangers."""

    @property
    def desk(self) -> Desk:
        """What its controls ask for."""
        ...

    async def sit(self) -> Seat:
        """The review, where the person may see what is to be rated."""
        ...

    async def rate(self, mark: Mark) -> BlindReview:
        """Keep the mark on the person's draft."""
        ...

    async def submit(self, now: datetime) -> BlindReview:
        """Close the person's sheet for good."""
        ...


@dataclass(frozen=True)
class SharedTable:
    """A card that was shared with a group of `server`."""

    app: App
    server: str
    share_id: str
    person: str

    @property
    def desk(self) -> Desk:
        """By share."""
        return Desk(SHARED, self.share_id)

    async def share(self) -> Share:
        """The share; `UsageError` where this server has none of that id."""
        try:
            return await load_share(self.app.database, self.server, self.share_id)
        except ShareNotFoundError:
            raise UsageError(SHARE_GONE) from None

    async def sit(self) -> Seat:
        """The review as it stands; `NotAMemberError`."""
        share = await self.share()
        role = await role_of(self.app.database, self.server, share.group_id, self.person)
        review = await load_review(self.app.database, self.server, self.share_id)
        return _seated(review, Viewer(self.person, role))

    async def open(self, now: datetime) -> Seat:
        """As `sit`, to show the bot's ratings; that the person has seen them is kept.

        `NotOpenYetError` before they have handed in theirs.
        """
        seat = await self.sit()
        require_open(*seat)
        interview = (await self.share()).interview_id
        await mark_ratings_seen(self.app.database, interview, self.person, now)
        return seat

    async def rate(self, mark: Mark) -> BlindReview:
        """On the sheet of the share."""
        database = self.app.database
        return await rate_share(database, self.server, self.share_id, self.person, mark)

    async def submit(self, now: datetime) -> BlindReview:
        """The sheet of the share."""
        database = self.app.database
        return await submit_sheet(database, self.server, self.share_id, self.person, now)


@dataclass(frozen=True)
class OwnTable:
    """The person's own interview, before they have seen its card."""

    app: App
    interview_id: str
    person: str

    @property
    def desk(self) -> Desk:
        """By interview."""
        return Desk(OWN, self.interview_id)

    async def sit(self) -> Seat:
        """The review with the anchors of the packs; `NotAMemberError` for others."""
        review = await own_review(self.app, self.interview_id)
        return _seated(review, Viewer(self.person, None))

    async def rate(self, mark: Mark) -> BlindReview:
        """On the own sheet."""
        return await rate_own(self.app.database, self.interview_id, self.person, mark)

    async def submit(self, now: datetime) -> BlindReview:
        """The own sheet."""
        return await submit_own(self.app.database, self.interview_id, self.person, now)


def table_of(interaction: discord.Interaction, app: App, action: str, target: str) -> Table:
    """What the control is about, for whoever used it."""
    person = owner_of(interaction.user)
    if action in OWN:
        return OwnTable(app, target, person)
    return SharedTable(app, server_of(interaction), target, person)


async def own_review(app: App, interview_id: str) -> BlindReview:
    """The latest card with its candidate's sheet, and the anchors where the packs still have them.

    Raises `InterviewNotFoundError` and `ScorecardNotFoundError`.
    """
    stored = await app.services.store.interview(interview_id)
    try:
        plans = round_plans(stored.settings, app.services.library)
    except ContentError:
        plans = ()
    by_item: dict[str, RoundPlan] = {plan.item: plan for plan in plans}
    return await load_own_review(app.database, interview_id, by_item)


def stage_at(review: BlindReview, index: str) -> int:
    """The index of a stage that a control names; `NoSuchStageError`."""
    if not index.isascii() or not index.isdigit() or int(index) >= len(review.stages):
        raise NoSuchStageError("The interview has no such stage, or did not get to it.")
    return int(index)


def mark_of(stage: Reviewed, fields: Mapping[str, str], now: datetime) -> Mark:
    """What a form says of a stage, without the quote; `UsageError` where no rating was chosen."""
    chosen = fields.get("rating", "")
    if chosen != NOT_REACHED and not (chosen.isascii() and chosen.isdigit()):
        raise UsageError("Choose a rating from 1 to 4, or “not reached”.")
    rating = None if chosen == NOT_REACHED else int(chosen[:3])
    return Mark(stage.round_index, stage.stage, rating, fields.get("comment", ""), None, now)


async def keep_mark(
    table: Table, seat: Seat, index: int, fields: Mapping[str, str], now: datetime
) -> str:
    """Keep what a form says; returns what is to be said about it, empty where all is well.

    Words that were not said lose nobody their rating and comment: the quote alone is left out.
    """
    stage = seat.review.stages[index]
    mark = mark_of(stage, fields, now)
    words, note = fields.get("quote", ""), ""
    quote = None
    if words.strip():
        try:
            quote = find_quote(seat.review.card, stage.key, words)
        except BadQuoteError as err:
            note = f"{_WITHOUT_QUOTE} {err}"
    await table.rate(Mark(*mark.key, mark.rating, mark.comment, quote, mark.at))
    return note


def _seated(review: BlindReview, viewer: Viewer) -> Seat:
    material(review, viewer)
    return Seat(review, viewer)
