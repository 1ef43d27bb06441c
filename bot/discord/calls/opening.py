"""Begins an interview in a call, and brings the voice back to one that goes on in writing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import discord

from bot.disclosure import disclosure
from bot.discord.calls import notices
from bot.discord.calls.asking import Opening
from bot.discord.calls.call import Call, Seat
from bot.discord.calls.captions import CaptionMode
from bot.discord.calls.joining import VoicePlace, channel_of, require_joinable
from bot.discord.calls.switchboard import Calls
from bot.discord.errors import survived, undone_on_failure
from bot.discord.interviews.lost import require_playable
from bot.discord.interviews.openings import (
    Wanted,
    archive_thread,
    find_running,
    open_place,
    settings_for,
)
from bot.discord.interviews.room import Room
from bot.discord.limits import STARTS
from bot.discord.people import owner_of
from bot.discord.replies import promise, reply
from bot.discord.views.panel import busy_view
from bot.doors import UsageError
from interviewer.state import EventKind
from storage.places import Place, PlaceKind, change_place

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

ELSEWHERE = "This interview is on another server: join a voice channel there, and ask again."
THERE_ALREADY = "I am in <#{channel}> already: join it, and just speak."
BEGINS_ANEW = "`/interview start` begins anew."
GOES_ON = "Your interview goes on in writing."
IN_WRITING = "We go on in writing here. I have left <#{channel}> and hear nobody."
NOT_JOINED = "We begin in writing: the call was over before our interview began."
WHERE = "I am in <#{channel}>. Your interview is in <#{thread}>: press **{button}** there."


async def start_call(
    interaction: discord.Interaction[HotseatBot], calls: Calls, wanted: Wanted
) -> None:
    """Join the person's channel, open a thread, and ask; the interview begins with their yes.

    Raises `UsageError` with what is in the way, before anything is opened.
    """
    bot, owner = interaction.client, owner_of(interaction.user)
    channel = channel_of(interaction)
    require_joinable(channel)
    await promise(interaction)
    with bot.house.reserved(owner), calls.reserved(channel.guild.id):
        running = await find_running(bot, owner)
        if running is not None:
            await require_playable(bot.app, running)
            await reply(interaction, view=busy_view(running))
            return
        bot.limits.take(owner, STARTS)
        await calls.models()
        call = await _open(interaction, calls, channel, wanted)
    await _say_where(interaction, call, "Start")


async def return_to_call(
    interaction: discord.Interaction[HotseatBot], calls: Calls, room: Room
) -> None:
    """Bring the voice back to an interview; whoever asked by a button has agreed with it.

    Raises `UsageError`.
    """
    call = await _reopen(interaction, calls, room)
    call.attention.agree(interaction.user.id)
    async with undone_on_failure(call.abandon):
        await _go_on(calls, call, room, f"i{interaction.id}")
    await reply(interaction, f"I am in <#{call.channel}> and hear you.")


async def ask_to_return(
    interaction: discord.Interaction[HotseatBot], calls: Calls, room: Room
) -> None:
    """Be in the person's channel again and ask anew: consent died with the earlier call.

    Raises `UsageError`.
    """
    call = await _reopen(interaction, calls, room)
    origin = f"i{interaction.id}"

    async def write() -> None:
        await room.do(EventKind.RESUMED, origin)

    async def give_up() -> None:
        """It goes on in its thread."""

    speak = partial(_go_on, calls, call, room, origin)
    call.opening = Opening(speak, write, give_up, GOES_ON)
    async with undone_on_failure(call.abandon):
        await call.asking.ask_candidate(disclosure(interaction.client.app.settings), again=True)
    await _say_where(interaction, call, "Go on")


async def begin_call(interaction: discord.Interaction[HotseatBot], call: Call) -> None:
    """The candidate has agreed: they are heard, and the interview begins."""
    if call.opening is None:
        raise UsageError("That call has begun already: just speak.")
    opening, call.opening = call.opening, None
    call.attention.agree(interaction.user.id)
    async with undone_on_failure(call.abandon):
        await interaction.response.edit_message(view=call.asking.agreed())
        try:
            await opening.speak()
        except UsageError as err:
            await call.abandon(str(err))
            raise


async def begin_in_writing(interaction: discord.Interaction[HotseatBot], call: Call) -> None:
    """The candidate would rather not be heard: the same interview, without the call."""
    if call.opening is None:
        raise UsageError("That call has begun already: **Stop hearing me** ends it.")
    opening, call.opening = call.opening, None
    await interaction.response.defer()
    await call.close_unbegun(IN_WRITING)
    await opening.write()


async def _open(
    interaction: discord.Interaction[HotseatBot], calls: Calls, channel: VoicePlace, wanted: Wanted
) -> Call:
    """The call, with the question asked; a thread that was made in vain goes out of the way."""
    bot = interaction.client
    place = await open_place(interaction, PlaceKind.THREAD, wanted)
    settings = settings_for(interaction, wanted)
    captions = wanted.captions or CaptionMode.AFTER
    spoken = replace(place, voice=str(channel.id), captions=captions.value)

    async def speak(call: Call) -> None:
        await bot.house.begin(settings, spoken, partial(_join, calls, call))

    async def write() -> None:
        await bot.house.begin(settings, place)

    async def give_up() -> None:
        await archive_thread(bot, int(place.channel))

    async with undone_on_failure(give_up):
        call = await calls.open(channel, _seat(interaction, spoken))
    call.opening = Opening(partial(speak, call), write, give_up, BEGINS_ANEW)
    async with undone_on_failure(call.abandon):
        await call.asking.ask_candidate(disclosure(bot.app.settings), again=False)
    return call


async def _reopen(interaction: discord.Interaction[HotseatBot], calls: Calls, room: Room) -> Call:
    """A call for an interview that is there, in the channel where its candidate is."""
    place, running = room.place, calls.of(room.place.interview_id)
    if running is not None:
        raise UsageError(THERE_ALREADY.format(channel=running.channel))
    if place.kind is not PlaceKind.THREAD or place.server != str(interaction.guild_id):
        raise UsageError(ELSEWHERE)
    channel = channel_of(interaction)
    require_joinable(channel)
    await promise(interaction)
    with calls.reserved(channel.guild.id):
        call = await calls.open(channel, _seat(interaction, place))
    async with undone_on_failure(call.abandon):
        database = interaction.client.app.database
        await change_place(database, place.interview_id, voice=str(call.channel))
    return call


def _seat(interaction: discord.Interaction[HotseatBot], place: Place) -> Seat:
    captions = CaptionMode(place.captions or CaptionMode.AFTER)
    return Seat(interaction.user.id, int(place.channel), captions)


async def _join(calls: Calls, call: Call, room: Room) -> None:
    """The interview that begins in the room is spoken; written, where the call cannot be had."""
    # Whoever leaves while it is being stored has ended the call, and finds the way back here.
    if not call.is_over and await survived(call.attach(room), "joining a call to its interview"):
        await _tell_first(calls, call)
        return
    unjoined = call.room is None
    await call.abandon()
    if unjoined:
        await survived(call.offer_return(room, NOT_JOINED), "telling of a call's end")


async def _go_on(calls: Calls, call: Call, room: Room, origin: str) -> None:
    """The interview of the room goes on in the call, and its candidate is told where it was."""
    await call.attach(room)
    await _tell_first(calls, call)
    # A pause may still be waiting in the room's queue.
    await room.do(EventKind.RESUMED, origin, aside=True)
    call.chores.do(call.remind(notices.GO_ON))


async def _tell_first(calls: Calls, call: Call) -> None:
    """What is in the way from the beginning."""
    watch = calls.watch_of(call)
    if watch is not None and call.silenced:
        call.tell(watch.why_silenced())
    if call.candidate.deafened:
        call.tell(notices.DEAFENED)


async def _say_where(interaction: discord.Interaction[HotseatBot], call: Call, button: str) -> None:
    said = WHERE.format(channel=call.channel, thread=call.seat.thread, button=button)
    await reply(interaction, said)
