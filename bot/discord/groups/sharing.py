"""Sharing a card with a study group, after a look at what is left out of it; and unsharing."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import discord

from bot.discord.controls import Control
from bot.discord.groups.postings import post_share, take_down_shares, unshare_one
from bot.discord.groups.rating import own_review
from bot.discord.groups.study_groups import channel_of, find_group, server_of
from bot.discord.replies import in_time, promise, redraw, reply
from bot.discord.scorecards.own import own_graded, own_interview
from bot.discord.views.panel import said_view
from bot.discord.views.sharing import (
    Offer,
    chosen_names,
    fits_menu,
    left_words,
    names_digest,
    names_form,
    offer_view,
    unshare_view,
)
from bot.doors import UsageError
from scoring.disputes import CardNotes
from scoring.names import BadNameError, NameFinder
from scoring.redact import Redaction, redact
from scoring.sheets import BlindReview
from scoring.suggested_names import suggest_names
from storage.errors import ShareExistsError
from storage.groups import StoredGroup, load_group
from storage.notes import notes_of
from storage.shares import Share, add_share, load_share, shares_of_interview
from storage.sheets import load_review

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

Interaction = discord.Interaction["HotseatBot"]


LOOKS = 1_000
"""Messages of which it is remembered what was chosen on them last."""

NOT_SHARED = "That interview is not shared with any group."
LIST_CHANGED = "The list has just changed: look again and press **Share**."


class Looks:
    """What was chosen last on each message that shows a card before it is shared.

    It counts from the moment in which the choice came in. The message shows it a little later, and
    whoever presses Share meanwhile must not share with the names of before.
    """

    def __init__(self) -> None:
        self._chosen: OrderedDict[int, str] = OrderedDict()

    def choose(self, message: int, names: Iterable[str]) -> None:
        """These names are chosen there from now on."""
        self._chosen[message] = names_digest(names)
        self._chosen.move_to_end(message)
        if len(self._chosen) > LOOKS:
            self._chosen.popitem(last=False)

    def forget(self, message: int) -> None:
        """The choice came to nothing: the message stays as it was."""
        self._chosen.pop(message, None)

    def require_shown(self, message: int, shown: str) -> None:
        """Raise `UsageError` where other names were chosen than those that the message shows."""
        if self._chosen.get(message, shown) != shown:
            raise UsageError(LIST_CHANGED)


class Prepared(NamedTuple):
    """An interview with its redacted copy; `suggested` are names that might be left out too."""

    review: BlindReview
    redaction: Redaction
    suggested: tuple[str, ...]


async def share(
    interaction: Interaction,
    interview: str | None = None,
    group: str | None = None,
    anonymous: bool = False,
    redact_names: str | None = None,
) -> None:
    """`/scorecard share`: show what will be posted, and ask.

    The latest graded interview where none is named, and the person's only group. Raises
    `UsageError` where the interview is not their own or they are not in the group.
    """
    await promise(interaction)
    stored = await find_group(interaction, group)
    names = split_names(redact_names or "")
    if anonymous:
        names += [one for one in _own_names(interaction.user) if one not in names]
    offer = Offer(await own_graded(interaction, interview), stored.id, anonymous)
    await reply(interaction, view=await _offer(interaction, offer, names))


async def unshare(interaction: Interaction, interview: str | None = None) -> None:
    """`/scorecard unshare`: ask whether the card should go, with all that was written on it."""
    await promise(interaction)
    database = interaction.client.app.database
    found = await own_interview(interaction, interview)
    shares = await shares_of_interview(database, found)
    if not shares:
        raise UsageError(NOT_SHARED)
    reviews = [await load_review(database, share.server, share.id) for share in shares]
    reviewers = sum(len(review.peers) for review in reviews)
    await reply(interaction, view=unshare_view(found, len(shares), reviewers))


async def unshare_now(interaction: Interaction, control: Control) -> None:
    """Take the card down everywhere, with all that was written on it."""
    await promise(interaction)
    found = await own_interview(interaction, control.target)
    taken = await take_down_shares(interaction.client, found)
    if taken.shares == 0:
        raise UsageError(NOT_SHARED)
    where = "1 group" if taken.shares == 1 else f"{taken.shares} groups"
    await reply(
        interaction,
        f"Unshared in {where}: nobody there can read the card any more, and all ratings on it are "
        f"deleted.{left_words(taken.left) or ' Its messages and threads are gone.'}",
    )


async def pick_names(
    interaction: Interaction, looks: Looks, offer: Offer, names: Sequence[str]
) -> None:
    """Other names are chosen: show the counts anew."""
    message = interaction.message.id if interaction.message is not None else 0
    looks.choose(message, names)
    shown = False
    try:
        view = await in_time(interaction, _offer(interaction, offer, names))
        await redraw(interaction, view)
        shown = True
    finally:
        if not shown:
            looks.forget(message)


async def ask_names(interaction: Interaction, offer: Offer) -> None:
    """The form for names that were not suggested."""
    await interaction.response.send_modal(names_form(offer))


async def add_names(interaction: Interaction, looks: Looks, offer: Offer, typed: str) -> None:
    """Names were typed: they join those that stand chosen on the message."""
    message = interaction.message
    names = chosen_names(message.components) if message is not None else []
    names += [name for name in split_names(typed) if name not in names]
    await pick_names(interaction, looks, offer, names)


async def confirm(interaction: Interaction, looks: Looks, offer: Offer, digest: str) -> None:
    """The card is shared as the message says; `digest` is of the names that its button is for.

    Raises `UsageError` where others were chosen meanwhile.
    """
    message = interaction.message
    names = chosen_names(message.components) if message is not None else []
    looks.require_shown(message.id if message is not None else 0, digest)
    if digest != names_digest(names):
        raise UsageError(LIST_CHANGED)
    await interaction.response.defer()
    stored = await load_group(
        interaction.client.app.database, server_of(interaction), offer.group_id
    )
    channel_of(interaction.client, stored.channel)
    prepared = await _prepare(interaction, offer, names)
    posted = await _publish(interaction.client, stored, offer, prepared)
    done = f"Shared: <#{posted.thread}>. `/scorecard unshare` takes it down everywhere."
    await redraw(interaction, said_view(done))


def split_names(text: str) -> list[str]:
    """Names between commas, semicolons or line ends, each once."""
    parts = text.replace(";", ",").replace("\n", ",").split(",")
    return list(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))


async def _offer(
    interaction: Interaction, offer: Offer, names: Sequence[str]
) -> discord.ui.LayoutView:
    if not fits_menu(names):
        raise UsageError("25 names at most can be left out here.")
    database = interaction.client.app.database
    stored = await find_group(interaction, offer.group_id)
    prepared = await _prepare(interaction, offer, names)
    notes = await notes_of(database, offer.interview_id)
    return offer_view(
        offer,
        prepared.review.card,
        stored,
        prepared.redaction.found,
        prepared.suggested,
        _warning(prepared.redaction, notes, anonymous=offer.anonymous),
    )


def _warning(redaction: Redaction, notes: CardNotes, *, anonymous: bool) -> str:
    """About the reasons beside the verdicts, which reviewers read where no name is left out."""
    if anonymous or any(one.places for one in redaction.found) or not notes.disputes:
        return ""
    reasons = [one.reason for one in (*notes.disputes, *notes.overrides)]
    if any(map(redaction.finder.find, reasons)):
        return "⚠ A name stands in the reasons for or against a dispute, which reviewers read."
    return "Reviewers also read why you disputed verdicts, and what was answered."


async def _prepare(interaction: Interaction, offer: Offer, names: Iterable[str]) -> Prepared:
    await own_graded(interaction, offer.interview_id)
    review = await own_review(interaction.client.app, offer.interview_id)
    if not any(stage.reached for stage in review.stages):
        raise UsageError("There is nothing to rate: no stage of that interview was reached.")
    redaction = await asyncio.to_thread(
        redact, review.card, tuple(names), anonymous=offer.anonymous
    )
    return Prepared(review, redaction, await asyncio.to_thread(suggest_names, review.card))


async def _publish(bot: HotseatBot, stored: StoredGroup, offer: Offer, prepared: Prepared) -> Share:
    """Store the share, then post it; one that a failure left unposted is posted now."""
    review, redaction = prepared.review, prepared.redaction
    shared = replace(
        review,
        card=redaction.card,
        anonymous=offer.anonymous,
        sheets=tuple(map(redaction.sheet, review.sheets)),
    )
    database, now = bot.app.database, bot.app.services.clock.now()
    try:
        made = await add_share(
            database, stored.server, stored.id, shared, interview_id=offer.interview_id, at=now
        )
    except ShareExistsError:
        return await _finish_earlier(bot, stored, offer)
    try:
        return await post_share(bot, made, fresh=True)
    except (discord.Forbidden, discord.NotFound):
        begun = await load_share(database, made.server, made.id)
        await unshare_one(bot, begun, begun.candidate)
        raise


async def _finish_earlier(bot: HotseatBot, stored: StoredGroup, offer: Offer) -> Share:
    """Post what was stored before; `UsageError` where it stands in the channel already."""
    shares = await shares_of_interview(bot.app.database, offer.interview_id)
    found = next((one for one in shares if one.group_id == stored.id), None)
    if found is None or (found.message is not None and found.thread is not None):
        raise UsageError(
            "This interview is shared with the group already: `/scorecard unshare` first, to share "
            "it anew."
        )
    return await post_share(bot, found, fresh=False)


def _own_names(user: Any) -> list[str]:
    """What the candidate is called on Discord, where it can be looked for."""
    called = dict.fromkeys(
        one for one in (user.display_name, getattr(user, "global_name", None), user.name) if one
    )
    return [name for name in called if _is_name(name)]


def _is_name(name: str) -> bool:
    try:
        NameFinder.of([name])
    except BadNameError:
        return False
    return len(name) <= 100
