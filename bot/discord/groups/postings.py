"""Shared cards in their channels: posted once with a thread, brought up to date, taken down.

A share is stored before it is posted. What a stop left unposted is looked for in the channel at
the next start, by the custom ids of its buttons, and posted where it is not found.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import discord

from bot.discord.errors import PASSING, survived
from bot.discord.groups.study_groups import channel_of
from bot.discord.interviews.mouth import nonce_of
from bot.discord.replies import NOBODY
from bot.discord.text import cut, one_line
from bot.discord.views.review import RATE, posted_view, review_title
from scoring.groups import Action, require
from storage.groups import load_group, role_of
from storage.leftovers import Leftover, forget_leftover, keep_leftover, load_leftovers
from storage.shares import (
    Share,
    load_share,
    place_share,
    remove_share,
    shares_of_interview,
    unplaced_shares,
)
from storage.sheets import load_review

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

_LOG = logging.getLogger(__name__)

THREAD_NAME = 100
TAKEN_DOWN = "Taken down"
"""The name of a thread that we may not delete."""
WEEK_MINUTES = 10_080
LOOKED_BACK = 100
"""Messages of the channel that are looked through for one that was posted before a stop."""

THREAD_EXISTS = 160004
"""Code of Discord: the message has its thread already, which has the message's id."""


async def post_share(bot: HotseatBot, share: Share, *, fresh: bool) -> Share:
    """Post the share with its thread, or what of both is missing; returns where it is.

    `fresh` says that it was never tried before, so that nothing need be looked for.
    """
    database = bot.app.database
    if share.message is None:
        message = await _message_of(bot, share, fresh=fresh)
        await place_share(database, share.id, message=str(message))
        share = await load_share(database, share.server, share.id)
    if share.thread is None:
        await place_share(database, share.id, thread=str(await _open_thread(bot, share)))
    return await load_share(database, share.server, share.id)


async def finish_postings(bot: HotseatBot) -> None:
    """Post what was stored but not posted before a stop."""
    for share in await unplaced_shares(bot.app.database):
        if bot.get_guild(int(share.server)) is not None:
            await survived(_finish(bot, share), "posting a shared card")


async def refresh_share(bot: HotseatBot, share: Share) -> None:
    """Bring the posted message up to date; nothing where it is gone or closed to us."""
    if share.message is None:
        return
    try:
        await _message(bot, share, share.message).edit(
            view=await _view(bot, share), allowed_mentions=NOBODY
        )
    except discord.HTTPException as err:
        _LOG.info("share %s: its message was not updated: %s", share.id, err.code or err.status)


class TakenDown(NamedTuple):
    """How many shares were removed, and what is left of them where Discord shows it."""

    shares: int
    left: tuple[Leftover, ...]


async def take_down(bot: HotseatBot, share: Share) -> Leftover | None:
    """Remove the share's message and its thread; returns what is left, which is tried again later.

    What is gone already counts as removed. Where Manage Threads is missing the thread is closed
    and loses its name.
    """
    return await _take_down(
        bot, Leftover(share.id, share.server, share.channel, share.message, share.thread)
    )


async def take_down_leftovers(bot: HotseatBot) -> None:
    """Try again to remove what could not be removed before."""
    for left in await load_leftovers(bot.app.database):
        if bot.get_guild(int(left.server)) is not None:
            await survived(_take_down_again(bot, left), "taking down a shared card")


async def take_down_shares(bot: HotseatBot, interview_id: str) -> TakenDown:
    """Remove every share of the interview, messages first.

    For whoever deletes the interview. What Discord has lost or closed to us stops nothing.
    """
    shares = await shares_of_interview(bot.app.database, interview_id)
    left = [await unshare_one(bot, share, share.candidate) for share in shares]
    return TakenDown(len(shares), tuple(one for one in left if one is not None))


async def unshare_one(bot: HotseatBot, share: Share, by: str) -> Leftover | None:
    """Remove one share with all that was written on it; returns what is left of its messages.

    Whose card it is may, and whose role in the group allows it; `GroupError` for others.
    """
    if by != share.candidate:
        role = await role_of(bot.app.database, share.server, share.group_id, by)
        require(role, Action.TAKE_DOWN)
    left = await take_down(bot, share)
    await remove_share(bot.app.database, share.server, share.id, by)
    return left


async def _take_down(bot: HotseatBot, there: Leftover) -> Leftover | None:
    """Remove what is there. The rest is remembered before any row goes that leads to it."""
    if there.thread is not None and await _delete_thread(bot, int(there.thread)):
        there = replace(there, thread=None)
    if there.message is not None and await _tolerantly(
        _message(bot, there, there.message).delete()
    ):
        there = replace(there, message=None)
    if there.thread is None and there.message is None:
        return None
    await keep_leftover(bot.app.database, there)
    return there


async def _take_down_again(bot: HotseatBot, left: Leftover) -> None:
    if await _take_down(bot, left) is None:
        await forget_leftover(bot.app.database, left.share_id)


async def _finish(bot: HotseatBot, share: Share) -> None:
    await post_share(bot, share, fresh=False)


async def _message_of(bot: HotseatBot, share: Share, *, fresh: bool) -> int:
    channel = channel_of(bot, share.channel)
    if not fresh and (found := await _posted(bot, channel, share)) is not None:
        return found
    sent = await channel.send(
        view=await _view(bot, share), nonce=nonce_of(share.id, 0), allowed_mentions=NOBODY
    )
    return sent.id


async def _posted(bot: HotseatBot, channel: discord.TextChannel, share: Share) -> int | None:
    """The message of ours that carries the share's buttons."""
    wanted = f":{RATE}:{share.id}"
    me: Any = bot.user
    async for message in channel.history(limit=LOOKED_BACK):
        if message.author.id == me.id and any(wanted in one for one in custom_ids(message)):
            return message.id
    return None


def custom_ids(message: discord.Message) -> list[str]:
    """The custom ids of everything on the message that can be used."""
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    found = (getattr(item, "custom_id", None) for item in view.walk_children())
    return [one for one in found if isinstance(one, str)]


async def _open_thread(bot: HotseatBot, share: Share) -> int:
    review = await load_review(bot.app.database, share.server, share.id)
    message = _message(bot, share, str(share.message))
    name = cut(f"Review: {one_line(review_title(review))}", THREAD_NAME)
    try:
        thread = await message.create_thread(name=name, auto_archive_duration=WEEK_MINUTES)
    except discord.HTTPException as err:
        if err.code != THREAD_EXISTS:
            raise
        return message.id
    return thread.id


async def _view(bot: HotseatBot, share: Share) -> discord.ui.LayoutView:
    database = bot.app.database
    review = await load_review(database, share.server, share.id)
    stored = await load_group(database, share.server, share.group_id)
    return await asyncio.to_thread(posted_view, review, stored)


def _message(bot: HotseatBot, share: Share | Leftover, message: str) -> discord.PartialMessage:
    channel = bot.get_partial_messageable(int(share.channel), guild_id=int(share.server))
    return channel.get_partial_message(int(message))


async def _delete_thread(bot: HotseatBot, thread_id: int) -> bool:
    try:
        thread = await bot.fetch_channel(thread_id)
    except discord.NotFound:
        return True
    except (discord.HTTPException, *PASSING):
        return False
    if not isinstance(thread, discord.Thread):
        return True
    if thread.permissions_for(thread.guild.me).manage_threads:
        return await _tolerantly(thread.delete())
    if thread.name != TAKEN_DOWN:
        await _tolerantly(thread.edit(name=TAKEN_DOWN, archived=True))
    return False


async def _tolerantly(work: Any) -> bool:
    """Do it; False where it was refused, True where it was done or nothing is left to do."""
    try:
        await work
    except discord.NotFound:
        return True
    except (discord.HTTPException, *PASSING) as err:
        _LOG.info("not taken down: %s", type(err).__name__)
        return False
    return True
