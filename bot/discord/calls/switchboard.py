"""The calls of all servers: one in each at most, as Discord has it, with models that all share."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import discord

from bot.calls.models import SpeechModels, open_speech
from bot.discord.calls.call import Call, CallTimes, Seat
from bot.discord.calls.installed import IN_WRITING
from bot.discord.calls.joining import VoicePlace, channel_with, join, require_joinable
from bot.discord.calls.presence import Standing
from bot.discord.calls.watch import Watch
from bot.discord.errors import survived
from bot.discord.interviews.room import Room
from bot.doors import UsageError
from voice.speech import VoiceError

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

_LOG = logging.getLogger(__name__)

ANOTHER_CALL = (
    "A call is going on in this server, and Discord lets me be in one voice channel of a server at "
    f"a time. Try again when it is over. {IN_WRITING}"
)
LEFT_MEANWHILE = (
    f"You left the voice channel before I was there: join one and try again. {IN_WRITING}"
)
INTERVIEW_OVER = "That interview is closed, so I left <#{channel}>."


class Calls:
    """Knows which call is where; loads what hears and speaks when the first one begins."""

    def __init__(self, bot: HotseatBot) -> None:
        self._bot = bot
        self._calls: dict[int, Call] = {}
        self._watches: dict[int, Watch] = {}
        self._opening: set[int] = set()
        self._leaving = False
        self._stack = AsyncExitStack()
        self._models: SpeechModels | None = None
        self._loading = asyncio.Lock()
        self._closing: set[asyncio.Task[bool]] = set()
        self.times = CallTimes()

    async def models(self) -> SpeechModels:
        """What hears and speaks, loaded at the first call; raises `UsageError` with what to do."""
        async with self._loading:
            if self._models is None:
                try:
                    opened = open_speech(self._bot.app.settings)
                    self._models = await self._stack.enter_async_context(opened)
                except VoiceError as err:
                    raise UsageError(f"I cannot speak here: {err} {IN_WRITING}") from err
            return self._models

    @contextmanager
    def reserved(self, guild: int) -> Iterator[None]:
        """Keep the server's one call free for whoever is opening it; raises `UsageError`."""
        if guild in self._calls or guild in self._opening:
            raise UsageError(ANOTHER_CALL)
        self._opening.add(guild)
        try:
            yield
        finally:
            self._opening.discard(guild)

    async def open(self, channel: VoicePlace, seat: Seat) -> Call:
        """Be in the channel for that candidate; nobody is heard yet. Raises `UsageError`.

        Who went to another one while the models were loaded is met there.
        """
        models = await self.models()
        there = channel_with(channel.guild, seat.candidate)
        if there is None:
            raise UsageError(LEFT_MEANWHILE)
        require_joinable(there)
        client = await join(there)
        if seat.candidate not in client.channel.voice_states:
            await client.disconnect()
            raise UsageError(LEFT_MEANWHILE)
        call = Call(self._bot, seat, client, models, self.times)
        if self._leaving:
            call.fall_silent()
        call.ended = self._forget
        self._calls[call.client.guild.id] = call
        self._watches[call.client.guild.id] = Watch(call)
        await survived(client.ask_to_speak(), "asking to speak")
        return call

    def watch_of(self, call: Call) -> Watch | None:
        """What looks after that call, None once it is over."""
        watch = self._watches.get(call.client.guild.id)
        return watch if self._calls.get(call.client.guild.id) is call else None

    def in_thread(self, thread: str) -> Call | None:
        """The call that belongs to a thread."""
        return next((one for one in self._calls.values() if str(one.seat.thread) == thread), None)

    def of(self, interview_id: str) -> Call | None:
        """The call in which an interview is held."""
        rooms = ((one, one.room) for one in self._calls.values())
        return next((one for one, room in rooms if _holds(room, interview_id)), None)

    def hearing(self, person: int) -> Call | None:
        """The call in which that person has agreed to be heard, though it may not have begun."""
        calls = self._calls.values()
        return next((one for one in calls if person in one.attention.consent.agreed), None)

    def withdraw(self, person: int) -> None:
        """That person is heard nowhere any more, and asked nowhere as a candidate."""
        for call in list(self._calls.values()):
            if person in call.attention.consent.agreed | {call.seat.candidate}:
                call.withdraw(person)

    def follow(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Somebody's voice state has changed."""
        watch = self._watches.get(member.guild.id)
        if watch is not None:
            was, now = (
                Standing.of(state, None if state.channel is None else state.channel.id)
                for state in (before, after)
            )
            watch.follow(member.id, is_bot=member.bot, before=was, after=now)

    def look_again(self) -> None:
        """A gateway session begins; what it tells of the calls has to reach them."""
        for call in self._calls.values():
            call.client.look_again()

    async def begin_anew(self, guild: discord.Guild) -> None:
        """A server is known in a new session: its call goes on there."""
        watch = self._watches.get(guild.id)
        if watch is not None:
            await survived(watch.begin_anew(guild), "a call in a new session")

    def room_closed(self, room: Room) -> None:
        """An interview is over, deleted, or its thread is closed to us."""
        for call in list(self._calls.values()):
            if call.room is room:
                self._end(call.close())
            elif call.room is None and str(call.seat.thread) == room.place.channel:
                self._end(call.close_unbegun(INTERVIEW_OVER))

    def _end(self, closing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(survived(closing, "the end of a call"))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def tidy(self) -> None:
        """After a start: leave the channels where Discord still has the bot from before."""
        for guild in self._bot.guilds:
            state = guild.me.voice
            if state is not None and guild.id not in self._calls and guild.voice_client is None:
                await survived(guild.change_voice_state(channel=None), "leaving a voice channel")

    def fall_silent(self) -> None:
        """Stop speaking everywhere, also where a call is about to begin: the process ends."""
        self._leaving = True
        for call in self._calls.values():
            call.fall_silent()

    async def close(self) -> None:
        """Leave all channels; the interviews are taken up in writing at the next start."""
        for call in list(self._calls.values()):
            await survived(call.close(), "the end of a call")
        if self._closing:
            await asyncio.gather(*self._closing)
        await self._stack.aclose()

    def _forget(self, call: Call) -> None:
        guild = call.client.guild.id
        if self._calls.get(guild) is call:
            del self._calls[guild], self._watches[guild]


def _holds(room: Room | None, interview_id: str) -> bool:
    return room is not None and room.place.interview_id == interview_id
