"""The rooms of all live interviews: opened, found again after a restart, and closed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import discord
from discord.ext import commands

from bot.discord.errors import survived
from bot.discord.interviews.front import ChannelFront, PanelFront
from bot.discord.interviews.hearing import Ears
from bot.discord.interviews.lost import is_playable, tell_lost
from bot.discord.interviews.page_side import PageSide
from bot.discord.interviews.room import GONE, Room
from bot.discord.interviews.turns import Turns
from bot.doors import UsageError
from bot.wiring import App, OpenSession
from interviewer.ports import Mouth, StoredInterview
from interviewer.session import Session, new_interview_id
from interviewer.state import EventKind, InterviewSettings, InterviewState
from storage.places import (
    Place,
    PlaceKind,
    change_place,
    find_place,
    open_interview,
    open_places,
)
from storage.rows import not_found

_LOG = logging.getLogger(__name__)


BUSY = "You have an interview going on: `/interview status` shows where, `/interview end` ends it."


class House:
    """Knows which interview is where; one room each.

    `page` is the side of the page where their boards are drawn, where there is one.
    """

    def __init__(self, bot: commands.Bot, app: App, open_session: OpenSession) -> None:
        self._bot = bot
        self._app = app
        self._open_session = open_session
        self._rooms: dict[str, Room] = {}
        self._by_channel: dict[int, Room] = {}
        self._opened = asyncio.Event()
        self._changing = asyncio.Lock()
        self._opening: set[str] = set()
        self._turns = Turns(app.services.clock)
        self.on_forgotten: Callable[[Room], None] | None = None
        self.page: PageSide | None = None

    def look_again(self) -> None:
        """A gateway session begins, and what was sent before it is lost: read the channels.

        Before anything that comes with the new session, so that the order is kept.
        """
        for room in self._rooms.values():
            room.look_again()

    async def take_up(self) -> None:
        """Open a room for every unfinished interview that has none; tell of those that are lost."""
        lost: list[Place] = []
        async with self._changing:
            for place in await open_places(self._app.database):
                name = f"taking up {place.interview_id}"
                if place.interview_id not in self._rooms:
                    await survived(self._take_up(place, lost), name)
        self._opened.set()
        for place in lost:
            if place.kind is not PlaceKind.INTERACTION:
                told = tell_lost(self._app, place, self._channel(place), self.ears_in(place).me)
                await survived(told, f"telling of {place.interview_id}")

    async def _take_up(self, place: Place, lost: list[Place]) -> None:
        if await is_playable(self._app, place):
            self._add(place).start(self._patience(place), recover=True)
        else:
            _LOG.warning("interview %s waits: its pack is gone", place.interview_id)
            lost.append(place)

    async def ready(self) -> None:
        """Wait until the rooms that were open at the last stop are open again."""
        await self._opened.wait()

    @contextmanager
    def reserved(self, owner: str) -> Iterator[None]:
        """Keep the person from opening two places at once; raises `UsageError`."""
        if owner in self._opening:
            raise UsageError(BUSY)
        self._opening.add(owner)
        try:
            yield
        finally:
            self._opening.discard(owner)

    async def begin(
        self,
        settings: InterviewSettings,
        place: Place,
        ready: Callable[[Room], Awaitable[None]] | None = None,
    ) -> Room:
        """Start the interview there; returns when the first question was asked.

        `ready` is called before anything is said in the room.
        """
        place = replace(place, interview_id=new_interview_id())
        async with self._changing:
            if self.room_of(place.owner) is not None:
                raise UsageError(BUSY)
            now = self._app.services.clock.now()
            opened = StoredInterview(place.interview_id, settings, InterviewState(), now, None)
            await open_interview(self._app.database, opened, place)
            room = self._add(place, is_new=True)
        room.start(self._patience(place), recover=False)
        if ready is not None:
            await ready(room)
        await room.do(EventKind.BEGAN, "began")
        return room

    async def return_to(self, interview_id: str, origin: str) -> Room | None:
        """Go on where the interview is; None where that place is closed to us.

        `origin` tells the request apart.
        """
        async with self._changing:
            room = self._rooms.get(interview_id)
            if room is None:
                room = self._add(await self._place(interview_id))
                room.start(self._patience(room.place), recover=True)
        try:
            await room.do(EventKind.RESUMED, origin)
        except GONE:
            return None
        return room

    async def move(self, interview_id: str, place: Place) -> Room:
        """Go on with an interview elsewhere, as its place is closed to us.

        One that has a room is left where it is.
        """
        moved = {"kind": place.kind, "channel": place.channel, "server": place.server}
        async with self._changing:
            if (room := self._rooms.get(interview_id)) is not None:
                return room
            await change_place(
                self._app.database, interview_id, **moved, heard=place.heard, status=None
            )
            found = await self._place(interview_id)
            room = self._add(found)
        room.start(self._patience(found), recover=True)
        return room

    def room(self, interview_id: str) -> Room | None:
        """The room of an interview, None where it is over or its place is closed to us."""
        return self._rooms.get(interview_id)

    def room_in(self, channel: int) -> Room | None:
        """The room in a channel."""
        return self._by_channel.get(channel)

    def room_of(self, owner: str) -> Room | None:
        """The live interview of a person; one whose card is being shown is over."""
        mine = (room for room in self._rooms.values() if room.place.owner == owner)
        return next((room for room in mine if not room.is_over), None)

    async def drop(self, interview_id: str) -> None:
        """Stop the room of an interview that is deleted or whose channel is gone."""
        room = self._rooms.get(interview_id)
        if room is not None:
            self._forget(room)
            await room.stop()

    async def close(self) -> None:
        """Finish the turns that are being answered, and stop."""
        await asyncio.gather(*(room.stop() for room in list(self._rooms.values())))
        self._rooms.clear()
        self._by_channel.clear()

    def ears_in(self, place: Place) -> Ears:
        """What can be read at that place."""
        me = self._bot.user
        assert me is not None  # noqa: S101 - rooms are opened once logged in
        return Ears(me.id, place.kind, self._app.settings.discord_message_content)

    def __len__(self) -> int:
        return len(self._rooms)

    def _add(self, place: Place, *, is_new: bool = False) -> Room:
        if place.kind is PlaceKind.INTERACTION:
            front = PanelFront(self._app, place, self._overheard)
        else:
            channel, ears = self._channel(place), self.ears_in(place)
            front = ChannelFront(self._app, place, channel, ears, self._overheard, is_new=is_new)
        sheet = None if self.page is None else self.page.sheet(place.interview_id)
        clock = self._app.services.clock
        room = Room(place, front, clock, self._turns, self._forget, sheet)
        self._rooms[place.interview_id] = room
        if place.kind is not PlaceKind.INTERACTION:
            self._by_channel[int(place.channel)] = room
        return room

    def _forget(self, room: Room) -> None:
        if self._rooms.get(room.place.interview_id) is room:
            del self._rooms[room.place.interview_id]
        channel = int(room.place.channel)
        if self._by_channel.get(channel) is room:
            del self._by_channel[channel]
        if self.on_forgotten is not None:
            self.on_forgotten(room)
        if self.page is not None:
            self.page.room_closed(room.place.interview_id)

    def _overheard(self, interview_id: str, mouth: Mouth) -> Session:
        """The session, which speaks through the mouth; the page overhears it."""
        if self.page is None:
            return self._open_session(interview_id, mouth)
        return self.page.session(interview_id, mouth)

    async def _place(self, interview_id: str) -> Place:
        """Where it takes place; raises `InterviewNotFoundError` where it was deleted meanwhile."""
        place = await find_place(self._app.database, interview_id)
        if place is None:
            raise not_found(interview_id)
        return place

    def _channel(self, place: Place) -> discord.PartialMessageable:
        server = int(place.server) if place.server else None
        return self._bot.get_partial_messageable(int(place.channel), guild_id=server)

    def _patience(self, place: Place) -> float | None:
        """Silence is spoken into where a message can be posted."""
        return None if place.kind is PlaceKind.INTERACTION else self._app.settings.patience_s
