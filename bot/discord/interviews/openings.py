"""Where an interview may take place, and its start there."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import discord

from bot.disclosure import disclosure
from bot.discord.calls.captions import CaptionMode
from bot.discord.calls.installed import require_calls
from bot.discord.errors import PASSING
from bot.discord.interviews.hearing import Ears, how_to_answer
from bot.discord.interviews.lost import require_playable
from bot.discord.interviews.room import Room
from bot.discord.limits import STARTS
from bot.discord.people import EDGE, owner_of
from bot.discord.permissions import Use, missing_for
from bot.discord.replies import promise, reply
from bot.discord.views.panel import busy_view, panel_view
from bot.discord.views.places import where
from bot.doors import UsageError
from bot.rounds import Manner, Person, interview_settings, title_of
from interviewer.state import InterviewSettings, RoundSpec
from scenarios.model import Level
from storage.groups import groups_of
from storage.places import Place, PlaceKind, open_places

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

_LOG = logging.getLogger(__name__)

THREAD_NAME = 100
"""Discord's limit on the name of a thread."""

_NO_MEMBER = (
    "I am no member of this place, so I cannot open a thread or write here by myself. The "
    "interview runs in this one message, which only you see: press **Answer**. For a conversation "
    "use our direct messages, or have me added to the server."
)


@dataclass(frozen=True)
class Wanted:
    """What is to be held, and how; with `captions` by voice."""

    rounds: tuple[RoundSpec, ...]
    level: Level
    manner: Manner = field(default_factory=Manner)
    rate_first: bool | None = None
    captions: CaptionMode | None = None


async def start(interaction: discord.Interaction[HotseatBot], wanted: Wanted) -> None:
    """Start the interview where it can take place, and say where; or say what is in the way.

    A person takes one interview at a time.
    """
    bot = interaction.client
    if wanted.captions is not None:
        await _start_call(interaction, wanted)
        return
    owner = owner_of(interaction.user)
    kind = place_kind(interaction, wanted)
    await promise(interaction, ephemeral=kind is not PlaceKind.DM)
    with bot.house.reserved(owner):
        running = await find_running(bot, owner)
        if running is not None:
            await require_playable(bot.app, running)
            await reply(interaction, view=busy_view(running))
            return
        bot.limits.take(owner, STARTS)
        settings = settings_for(interaction, wanted)
        place = await open_place(interaction, kind, wanted)
        room = await _moved_in(bot, place, bot.house.begin(settings, place))
    await _say_where(interaction, room)


async def _start_call(interaction: discord.Interaction[HotseatBot], wanted: Wanted) -> None:
    calls = require_calls(interaction.client)
    from bot.discord.calls.opening import start_call

    await start_call(interaction, calls, wanted)


def settings_for(interaction: discord.Interaction[HotseatBot], wanted: Wanted) -> InterviewSettings:
    """The settings of an interview that this person takes there."""
    server = str(interaction.guild_id) if interaction.guild_id else None
    person = Person(owner_of(interaction.user), EDGE, server)
    library = interaction.client.app.services.library
    return interview_settings(library, wanted.rounds, wanted.level, wanted.manner, person)


async def find_running(bot: HotseatBot, owner: str) -> Place | None:
    """The person's interview that is not over, also where its channel is closed to us."""
    places = await open_places(bot.app.database, graded=False)
    return next((place for place in reversed(places) if place.owner == owner), None)


def place_kind(interaction: discord.Interaction[Any], wanted: Wanted | None) -> PlaceKind:
    """Direct messages with the bot; a thread where it is a member; else this one message.

    A single question is not worth a thread.
    """
    if interaction.context.dm_channel and interaction.guild_id is None:
        return PlaceKind.DM
    single = wanted is not None and sum(len(spec.items) for spec in wanted.rounds) == 1
    if single and wanted is not None and wanted.rounds[0].kind.value == "drill":
        return PlaceKind.INTERACTION
    return PlaceKind.THREAD if interaction.is_guild_integration() else PlaceKind.INTERACTION


async def open_place(
    interaction: discord.Interaction[HotseatBot], kind: PlaceKind, wanted: Wanted
) -> Place:
    """The place, without an interview in it yet; a thread is created."""
    bot, owner = interaction.client, owner_of(interaction.user)
    rate_first = wanted.rate_first
    if rate_first is None:
        rate_first = bool(await groups_of(bot.app.database, owner))
    single = kind is PlaceKind.INTERACTION
    channel = interaction.channel_id or 0
    heard = interaction.id
    if kind is PlaceKind.THREAD:
        name = title_of(bot.app.services.library, wanted.rounds)
        channel = heard = (await _open_thread(interaction, name)).id
    return Place(
        interview_id="",
        owner=owner,
        kind=kind,
        channel=str(channel),
        server=str(interaction.guild_id) if interaction.guild_id else None,
        heard=str(heard),
        rate_first=rate_first and not single,
    )


async def _open_thread(interaction: discord.Interaction[Any], name: str) -> discord.Thread:
    """A private thread for the candidate; raises `UsageError` naming what is missing."""
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        channel = channel.parent
    if not isinstance(channel, discord.TextChannel):
        raise UsageError(
            "A private thread cannot be opened in this kind of channel: use a text channel, or "
            "our direct messages."
        )
    _require(interaction.app_permissions)
    thread = await channel.create_thread(
        name=f"Mock interview: {name}"[:THREAD_NAME],
        type=discord.ChannelType.private_thread,
        invitable=False,
    )
    try:
        await thread.add_user(interaction.user)
    except discord.HTTPException:
        await archive_thread(interaction.client, thread.id)
        raise
    return thread


async def _moved_in(bot: HotseatBot, place: Place, moving: Awaitable[Room]) -> Room:
    """The room; a thread that was created in vain goes out of the way."""
    try:
        return await moving
    finally:
        if place.kind is PlaceKind.THREAD and bot.house.room_in(int(place.channel)) is None:
            await archive_thread(bot, int(place.channel))


async def archive_thread(bot: discord.Client, channel: int) -> None:
    """Out of sight: to delete it would take a permission that the bot does not ask for."""
    try:
        thread = await bot.fetch_channel(channel)
        if isinstance(thread, discord.Thread):
            await thread.edit(archived=True)
    except (discord.HTTPException, *PASSING) as err:
        _LOG.info("thread %s not archived: %s", channel, type(err).__name__)


def _require(granted: discord.Permissions) -> None:
    missing = missing_for(Use.INTERVIEW, granted)
    if missing:
        raise UsageError(
            f"I lack permissions in this channel: {missing}. Ask whoever runs the "
            "server to grant them, or start in our direct messages."
        )


async def _say_where(interaction: discord.Interaction[HotseatBot], room: Room) -> None:
    bot, place = interaction.client, room.place
    ears: Ears = bot.house.ears_in(place)
    told = disclosure(bot.app.settings)
    sent = f"\n-# {told}" if told else ""
    match place.kind:
        case PlaceKind.DM:
            is_here = str(interaction.channel_id) == place.channel
            said = how_to_answer(ears) if is_here else f"Your interview is{where(place)}."
            await reply(interaction, f"{said}{sent}")
        case PlaceKind.THREAD:
            said = f"Your interview is in <#{place.channel}>. {how_to_answer(ears)}"
            await reply(interaction, f"{said}{sent}")
        case PlaceKind.INTERACTION:
            single = interaction.is_guild_integration()
            note = "" if single else _NO_MEMBER
            view = await panel_of(bot, room, note=" ".join(filter(None, (note, told))))
            await reply(interaction, view=view)


async def panel_of(bot: HotseatBot, room: Room, note: str = "") -> Any:
    """The one message of an interview that has no channel, as it stands now."""
    transcript = await bot.app.services.store.transcript(room.place.interview_id)
    now = bot.app.services.clock.now()
    return panel_view(await room.session.view(), room.place.interview_id, transcript, now, note)


async def reopen(interaction: discord.Interaction[HotseatBot], place: Place) -> None:
    """Go on with an interview that has no room: where it was, or here if that is closed to us."""
    bot = interaction.client
    kind = place_kind(interaction, None)
    await promise(interaction, ephemeral=kind is not PlaceKind.DM)
    await require_playable(bot.app, place)
    with bot.house.reserved(place.owner):
        room = await bot.house.return_to(place.interview_id, f"i{interaction.id}")
        if room is None:
            stored = await bot.app.services.store.interview(place.interview_id)
            rounds, level = stored.settings.rounds, stored.settings.level
            wanted = Wanted(rounds, level, rate_first=place.rate_first)
            opened = await open_place(interaction, kind, wanted)
            room = await _moved_in(bot, opened, bot.house.move(place.interview_id, opened))
    await _say_where(interaction, room)
