"""What a candidate asks of a live interview: looked up, allowed, done, and answered in time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.discord.interviews.front import ChannelFront
from bot.discord.interviews.lost import require_playable
from bot.discord.interviews.openings import find_running, panel_of
from bot.discord.interviews.room import Room
from bot.discord.people import owner_of
from bot.discord.replies import in_time, redraw, reply
from bot.discord.scorecards.cards import card_view
from bot.discord.views.panel import said_view
from bot.discord.views.places import where
from bot.doors import UsageError
from interviewer.state import EventKind
from storage.places import find_place

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot


async def own_room(interaction: discord.Interaction[HotseatBot], interview_id: str) -> Room:
    """The live interview, if it is this person's; raises `UsageError`."""
    bot = interaction.client
    await bot.house.ready()
    room = bot.house.room(interview_id)
    if room is not None and room.place.owner == owner_of(interaction.user):
        return room
    place = await find_place(bot.app.database, interview_id)
    if place is None or place.owner != owner_of(interaction.user):
        raise UsageError("That is not your interview. `/interview start` begins one of your own.")
    if place.closed:
        raise UsageError("That interview is over: `/scorecard latest` shows its card.")
    await require_playable(bot.app, place)
    raise UsageError("That interview waits elsewhere: `/interview resume` goes on with it here.")


async def running_room(interaction: discord.Interaction[HotseatBot]) -> Room:
    """The person's live interview; raises `UsageError`."""
    bot = interaction.client
    await bot.house.ready()
    room = bot.house.room_of(owner_of(interaction.user))
    if room is not None:
        return room
    place = await find_running(bot, owner_of(interaction.user))
    if place is not None:
        await require_playable(bot.app, place)
        raise UsageError("Your interview waits: `/interview resume` goes on with it here.")
    raise UsageError("You have no interview going on: `/interview start` begins one.")


async def press(
    interaction: discord.Interaction[HotseatBot],
    room: Room,
    kind: EventKind,
    text: str = "",
    *,
    seen: str = "",
    written_on: int | None = None,
) -> None:
    """Do it, and show where the interview stands then.

    The answer itself takes the request that the card's edit would, where it comes soon enough.
    `seen` is where the interview stood on the card: two presses on one card count once, and one
    that was meant for an earlier stage only draws the card anew.
    """
    origin = f"{kind.value}:{seen}" if seen.isdecimal() else f"i{interaction.id}"

    async def work() -> ui.LayoutView | None:
        await room.handed_in(kind)
        await room.do(kind, origin, text, written_on=written_on, stage=_stage(seen))
        return await _drawn(interaction, room)

    view = await in_time(interaction, work())
    if view is not None and interaction.message is None:
        await reply(interaction, view=view)
    elif view is not None:
        await redraw(interaction, view)


def _stage(seen: str) -> tuple[int, int] | None:
    """Round and stage by their indexes, where the card says them."""
    found = re.fullmatch(r"(\d{1,3})\.(\d{1,3})", seen)
    return None if found is None else (int(found[1]), int(found[2]))


async def command(
    interaction: discord.Interaction[HotseatBot], room: Room, kind: EventKind, said: str
) -> None:
    """Do it, and answer: with `said`, or with the interview where that is one message."""

    async def work() -> ui.LayoutView | None:
        await room.handed_in(kind)
        await room.do(kind, f"i{interaction.id}")
        if isinstance(room.front, ChannelFront):
            return None
        return await _panel_or_card(interaction.client, room)

    view = await in_time(interaction, work())
    if view is None:
        room.refresh_soon()
        await reply(interaction, said)
    else:
        await reply(interaction, view=view)


async def resume(interaction: discord.Interaction[HotseatBot], room: Room) -> None:
    """Go on; where it was begun by voice and the candidate sits in a channel, by voice."""
    calls, place = interaction.client.calls, room.place
    member = interaction.user
    speaks = isinstance(member, discord.Member) and member.voice is not None
    if calls is None or place.voice is None or not speaks or calls.of(place.interview_id):
        await command(interaction, room, EventKind.RESUMED, f"Go on{where(place)}.")
        return
    from bot.discord.calls.opening import ask_to_return

    await ask_to_return(interaction, calls, room)


async def _drawn(interaction: discord.Interaction[HotseatBot], room: Room) -> ui.LayoutView | None:
    """How the message whose control was used should look now; None where there is none.

    A command, and a form that one opened, have no message: an interview that is one message is
    shown anew then, with what the interviewer said.
    """
    front, message = room.front, interaction.message
    if not isinstance(front, ChannelFront):
        return await _panel_or_card(interaction.client, room)
    if message is None:
        room.refresh_soon()
        return None
    if message.flags.ephemeral:
        room.refresh_soon()
        return said_view("Done.")
    return await front.status_layout(message.id)


async def _panel_or_card(bot: HotseatBot, room: Room) -> ui.LayoutView:
    stored = await bot.app.services.store.interview(room.place.interview_id)
    if stored.finished_at is not None:
        return await card_view(bot.app, room.place.interview_id)
    return await panel_of(bot, room)
