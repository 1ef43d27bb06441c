"""The client: narrow intents, its cogs, the commands announced when they changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands
from discord.http import Route

from bot.alerts import describe
from bot.discord.calls.installed import is_installed
from bot.discord.controls import ControlButton, Controls, ControlSelect
from bot.discord.errors import complain, guarded, survived
from bot.discord.interviews.hearing import how_to_answer
from bot.discord.interviews.house import House
from bot.discord.interviews.lost import is_playable
from bot.discord.interviews.openings import find_running
from bot.discord.interviews.pace import Pace
from bot.discord.interviews.room import Room
from bot.discord.limits import COMMANDS, GREETINGS, Limits
from bot.discord.owner import tell_owner
from bot.discord.people import owner_of
from bot.discord.permissions import server_link, user_link
from bot.discord.personal.retention import keep_retention
from bot.discord.replies import NOBODY, note_arrival
from bot.discord.views.lost import lost_view
from bot.doors import UsageError
from bot.wiring import App, OpenSession
from storage.origins import known_origins
from storage.places import read_mark, write_mark

if TYPE_CHECKING:
    from bot.discord.calls.switchboard import Calls
    from bot.discord.page import Page
    from interviewer.budget import Alert

_LOG = logging.getLogger(__name__)

REMEMBERED = 1_000
"""Interactions of which a second delivery is recognised."""

LAST_WORDS_S = 2.0
"""How long answers that are being given may take when the bot is told to stop."""

NOTHING_TO_READ = (
    "I can only read text. Write your answer in words; `/board` takes a sketch of your design."
)


def narrow_intents(*, message_content: bool, voice: bool) -> discord.Intents:
    """Servers, messages and typing; the words of messages only where that was allowed.

    Who is in which voice channel only where there can be calls.
    """
    intents = discord.Intents.none()
    intents.guilds = True
    intents.messages = True
    intents.typing = True
    intents.voice_states = voice
    intents.message_content = message_content
    return intents


class Tree(app_commands.CommandTree[Any]):
    """The slash commands; all their errors end at one door."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Count the command; too many in a short time are refused."""
        if not interaction.client.is_new(interaction):
            return False
        if interaction.type is not discord.InteractionType.application_command:
            return True
        try:
            interaction.client.limits.take(owner_of(interaction.user), COMMANDS)
        except UsageError as err:
            await complain(interaction, err)
            return False
        return True

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the person."""
        await complain(interaction, error)


class HotseatBot(commands.Bot):
    """Hotseat on Discord."""

    def __init__(
        self, app: App, open_session: OpenSession, connector: aiohttp.BaseConnector | None = None
    ) -> None:
        content = app.settings.discord_message_content
        super().__init__(
            command_prefix=(),
            help_command=None,
            tree_cls=Tree,
            intents=narrow_intents(message_content=content, voice=is_installed()),
            allowed_mentions=NOBODY,
            connector=connector,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=0.5,
        )
        self.app = app
        self.limits = Limits(app.services.clock)
        self.controls = Controls(self.limits)
        self.pace = Pace(self.limits, app.services.clock)
        self.house = House(self, app, open_session)
        self.page: Page | None = None
        self.calls = self._new_calls() if is_installed() else None
        self._taken: OrderedDict[int, None] = OrderedDict()
        self._answering: set[asyncio.Task[Any]] = set()
        self._retention: asyncio.Task[None] | None = None

    def _new_calls(self) -> Calls:
        # Loaded only where the voice extra is installed.
        from bot.discord.calls.switchboard import Calls

        calls = Calls(self)
        self.house.on_forgotten = calls.room_closed
        return calls

    async def setup_hook(self) -> None:
        """Add the cogs, and announce the commands where they are not known as they are."""
        from bot.discord.cogs.listing import cogs

        self.add_dynamic_items(ControlButton, ControlSelect)
        for cog in cogs(self):
            await self.add_cog(cog)
        await self._announce()
        self._retention = asyncio.create_task(keep_retention(self), name="retention")
        self.app.alerts.listeners.append(self._tell_of)

    def _tell_of(self, alert: Alert) -> None:
        """Tell the owner that a budget is nearly used up, beside whatever is going on."""
        telling = survived(tell_owner(self, describe(alert)), "telling the owner of a budget")
        task = asyncio.create_task(telling, name="telling the owner")
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _announce(self) -> None:
        """Register the commands with Discord, only when they differ from the last time."""
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        made = json.dumps(payload, sort_keys=True)
        digest = hashlib.sha256(made.encode()).hexdigest()
        mark = f"commands of {self.application_id} at {Route.BASE}"
        if await read_mark(self.app.database, mark) == digest:
            return
        await self.tree.sync()
        await write_mark(self.app.database, mark, digest)
        _LOG.info("announced %d commands", len(payload))

    async def on_connect(self) -> None:
        """A gateway session began: what was written before it has to be read from the channels."""
        self.house.look_again()
        if self.calls is not None:
            self.calls.look_again()

    async def on_ready(self) -> None:
        """The servers are known."""
        _LOG.info("ready, in %d servers", len(self.guilds))
        if self.application_id is not None and not self.guilds:
            _LOG.info("invite me to a server: %s", server_link(self.application_id))
            _LOG.info("or to your account: %s", user_link(self.application_id))
        if self.calls is not None:
            for guild in self.guilds:
                await self.calls.begin_anew(guild)
            await survived(self.calls.tidy(), "leaving voice channels")
        await survived(self.house.take_up(), "taking up interviews")

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server is known, which may be late in a new session."""
        if self.calls is not None:
            await self.calls.begin_anew(guild)

    def is_new(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether the interaction came for the first time: Discord may deliver an event twice."""
        if interaction.id in self._taken:
            return False
        self._taken[interaction.id] = None
        note_arrival(interaction)
        if (task := asyncio.current_task()) is not None:
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        if len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)
        return True

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Forms are handled by their id, so that one opened before a restart still counts."""
        is_form = interaction.type is discord.InteractionType.modal_submit
        if is_form and self.is_new(interaction):
            await guarded(interaction, self.controls.submit(interaction))

    async def on_message(self, message: discord.Message, /) -> None:
        """A message in a room of its candidate is an answer."""
        await survived(self._hear(message), "a message")

    async def _hear(self, message: discord.Message) -> None:
        if message.author.bot:
            return
        await self.house.ready()
        room = self.house.room_in(message.channel.id)
        if room is None:
            if message.guild is None:
                await self._greet(message)
            return
        if room.place.owner != owner_of(message.author):
            return
        ears = self.house.ears_in(room.place)
        if answer := ears.answer_in(message):
            await self.pace.take(room, message.id, answer)
        elif ears.is_unread(message):
            await room.front.tell("unread", how_to_answer(ears))
        elif message.attachments or message.stickers:
            await room.front.tell(f"unreadable:{message.id}", NOTHING_TO_READ)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent, /) -> None:
        """A message whose words could not be read is read once a mention was added to it."""
        await survived(self._hear_edited(payload.message), "an edited message")

    async def _hear_edited(self, message: discord.Message) -> None:
        room = self.house.room_in(message.channel.id)
        if room is None or room.place.owner != owner_of(message.author):
            return
        ears = self.house.ears_in(room.place)
        if not ears.needs_form or not (answer := ears.answer_in(message)):
            return
        interview, origin = room.place.interview_id, str(message.id)
        if not await known_origins(self.app.database, interview, [origin]):
            await self.pace.take(room, message.id, answer)

    async def _greet(self, message: discord.Message) -> None:
        """Whoever writes without an interview is told how to begin, now and then."""
        try:
            self.limits.take(owner_of(message.author), GREETINGS)
        except UsageError:
            return
        waits = await find_running(self, owner_of(message.author))
        if waits is not None and not await is_playable(self.app, waits):
            await message.channel.send(view=lost_view(waits))
            return
        await message.channel.send(
            "There is no interview going on here. `/interview start` begins one, `/drill` asks a "
            "single question, `/help` explains the rest."
        )

    async def on_typing(
        self, channel: discord.abc.Messageable, user: discord.User | discord.Member, when: Any
    ) -> None:
        """Whoever types is not silent."""
        await survived(self._stir(getattr(channel, "id", 0), owner_of(user)), "typing")

    async def _stir(self, channel: int, person: str) -> None:
        room: Room | None = self.house.room_in(channel)
        if room is not None and room.place.owner == person:
            room.session.stir()

    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Somebody came, left, was muted or moved."""
        if self.calls is not None:
            self.calls.follow(member, before, after)

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """An interview whose thread is gone waits until it is resumed elsewhere."""
        await survived(self._leave(payload.thread_id), "a thread that was deleted")

    async def _leave(self, thread: int) -> None:
        room = self.house.room_in(thread)
        if room is not None:
            await self.house.drop(room.place.interview_id)

    async def close(self) -> None:
        """Finish the turns that are being answered, then leave Discord."""
        if self._retention is not None:
            self._retention.cancel()
            await asyncio.gather(self._retention, return_exceptions=True)
        await self.pace.close()
        if self.calls is not None:
            self.calls.fall_silent()
        await survived(self.house.close(), "closing")
        if self.calls is not None:
            await survived(self.calls.close(), "leaving calls")
        if self._answering:
            # Whoever waits for what is not done any more is being told so.
            await asyncio.wait(self._answering, timeout=LAST_WORDS_S)
        await super().close()
