"""The end of what is kept: rooms closed, shared cards taken down, rows deleted, in this order.

A kill in between leaves something that the same call, made again, finds and removes.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.discord.groups.postings import take_down, take_down_shares
from bot.discord.people import user_id_of
from bot.discord.replies import NOBODY
from bot.discord.views.panel import said_view
from storage.leftovers import Leftover
from storage.people import delete_person, shares_going_with
from storage.places import Place, PlaceKind, find_place, open_places
from storage.scorecards import delete_interview, interview_dates

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

_LOG = logging.getLogger(__name__)

_DELETED = "-# This interview was deleted."


async def remove_interview(
    bot: HotseatBot, interview_id: str, why: str | None = None
) -> tuple[Leftover, ...]:
    """Delete the interview with its shared cards; one that is going on stops.

    Returns what Discord still shows of the shared cards. `why` is said where it was going on.
    Raises `InterviewNotFoundError`.
    """
    place = await find_place(bot.app.database, interview_id)
    if place is not None and not place.closed:
        await _end(bot, place, why)
    await _put_out(bot, interview_id)
    taken = await take_down_shares(bot, interview_id)
    await delete_interview(bot.app.database, interview_id)
    return taken.left


async def remove_person(bot: HotseatBot, owner: str) -> tuple[Leftover, ...]:
    """Delete everything that is stored about the person.

    Returns what Discord still shows of shared cards.
    """
    if bot.calls is not None:
        bot.calls.withdraw(user_id_of(owner))
    for place in await open_places(bot.app.database):
        if place.owner == owner:
            await _end(bot, place, None)
    for dates in await interview_dates(bot.app.database, owner):
        await _put_out(bot, dates.interview_id)
    shares = await shares_going_with(bot.app.database, owner)
    left = [await take_down(bot, share) for share in shares]
    await delete_person(bot.app.database, owner)
    return tuple(one for one in left if one is not None)


async def _put_out(bot: HotseatBot, interview_id: str) -> None:
    """Nobody goes on looking at its board, or at its card."""
    if bot.page is not None:
        await bot.page.revoke(interview_id)


async def _end(bot: HotseatBot, place: Place, why: str | None) -> None:
    """Stop the room, take the buttons off its card, and say `why`."""
    await bot.house.drop(place.interview_id)
    if place.kind is PlaceKind.INTERACTION:
        return
    server = int(place.server) if place.server else None
    channel = bot.get_partial_messageable(int(place.channel), guild_id=server)
    try:
        if place.status is not None:
            card = channel.get_partial_message(int(place.status))
            await card.edit(view=said_view(_DELETED), allowed_mentions=NOBODY)
        if why is not None:
            await channel.send(why, allowed_mentions=NOBODY)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as err:
        _LOG.info("end of %s not shown: %s", place.interview_id, type(err).__name__)
