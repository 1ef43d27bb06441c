"""One call: the bot in a voice channel with a candidate, joined to the room of an interview.

Who is heard (`attention.py`) and whether the bot speaks changes at once, when the news of it comes;
whatever takes requests to Discord is done after it, in order (`chores.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from discord import ui

from bot.calls.line import Ears, Line, Spoken
from bot.calls.models import SpeechModels
from bot.discord.calls import notices
from bot.discord.calls.asking import Asking, Opening
from bot.discord.calls.attention import Attention
from bot.discord.calls.captions import CaptionMode
from bot.discord.calls.chores import Chores
from bot.discord.calls.heard import HeardAnswers
from bot.discord.calls.page import ThreadPage
from bot.discord.calls.presence import Standing
from bot.discord.calls.review import Review
from bot.discord.errors import survived, undone_on_failure
from bot.discord.interviews.front import ChannelFront
from bot.discord.interviews.room import Room
from bot.discord.views.call import CallStanding, Talk, heard_now_view, rejoin_view
from bot.discord.voice.source import PlaybackSource
from bot.discord.voice_client import HearingClient
from bot.doors import UsageError
from interviewer.state import EventKind
from voice.pipeline import Activity
from voice.speech import HEARING_FRAME, Samples

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

_SILENCE: Samples = np.zeros(HEARING_FRAME, dtype=np.int16)

HAND_IN_S = 8.0
"""How long the end of an answer that is being given is waited for, once it was asked for."""


@dataclass(frozen=True)
class CallTimes:
    """How long a call waits: for a start, for a candidate who left, with bad news, with a list."""

    start_s: float = 600.0
    away_s: float = 600.0
    lost_s: float = 3.0
    review_s: float = 120.0


@dataclass(frozen=True)
class Seat:
    """Whose call it is: the candidate, their thread, and how their words are shown in it."""

    candidate: int
    thread: int
    captions: CaptionMode


class Call:
    """The bot in a voice channel; with a room from the moment that the candidate is heard.

    `opening` waits for the candidate's answer; `ended` is called once.
    """

    def __init__(
        self,
        bot: HotseatBot,
        seat: Seat,
        client: HearingClient,
        models: SpeechModels,
        times: CallTimes,
    ) -> None:
        self.seat = seat
        self.client = client
        self.times = times
        self.chores = Chores(bot.app.services.clock, "a call")
        self.attention = Attention(client, seat.candidate, models.new_detector, self._others_speak)
        thread = bot.get_partial_messageable(seat.thread, guild_id=client.guild.id)
        self.asking = Asking(self.attention, thread, client.channel)
        self.opening: Opening | None = None
        self.ended: Callable[[Call], None] = lambda _: None
        self.on_resumed: Callable[[], None] = lambda: None
        self.room: Room | None = None
        self.candidate = self._standing_of_candidate()
        self.silenced = client.is_silenced
        self.deaf = self.lost = False
        self.is_over = False
        self._bot = bot
        self._models = models
        self._line: Line | None = None
        self._heard: HeardAnswers | None = None
        self._talk = Talk.LISTENING
        self._heard_out = asyncio.Event()
        self._reasons: set[str] = set()
        self._paused = self._resuming = self._unshown = self._leaving = False
        self._owed = ""
        self._told = 0
        self.chores.do(self.asking.ask_others())
        self.chores.after("start", times.start_s, self.close_unbegun(notices.NEVER_STARTED))

    @property
    def channel(self) -> int:
        """The voice channel that it is in."""
        return self.client.channel.id

    @property
    def standing(self) -> CallStanding:
        """How it stands, for the status card."""
        return CallStanding(
            channel=self.channel,
            talk=self._talk,
            muted=self.candidate.muted or self.candidate.silenced,
            deafened=self.candidate.deafened,
            silenced=self.silenced,
            deaf=self.deaf,
            away=not self.attention.candidate_is_there,
            lost=self.lost,
        )

    @property
    def is_audible(self) -> bool:
        """Whether what is played reaches the candidate."""
        there = self.attention.candidate_is_there and not self._leaving
        return there and not (self.candidate.deafened or self.silenced or self.lost)

    def heard_view(self, person: int) -> ui.LayoutView:
        """That this person is heard, and how to end it."""
        is_candidate = person == self.seat.candidate
        now = self.attention.hears(person)
        return heard_now_view(self.seat.thread, self.channel, as_candidate=is_candidate, now=now)

    # --- joined to a room -----------------------------------------------------------------

    async def attach(self, room: Room) -> None:
        """The interview of that room is spoken from now on.

        Raises `UsageError` where the call or the interview is over.
        """
        self._require_live(room)
        front = room.front
        assert isinstance(front, ChannelFront)  # noqa: S101 - calls have a thread
        app, interview = self._bot.app, room.place.interview_id
        heard = HeardAnswers(front, interview, self.seat.captions, app.services.clock)
        review = Review(app, front, self.times.review_s)
        ears = Ears(
            said=self._said,
            caption=heard.caption,
            changed=self._changed,
            failed=self.tell,
            check_in=lambda: self.report(EventKind.SILENCE),
        )
        page = ThreadPage(front.lines, heard, review, self._written)
        line = Line(self._models, app.services, ears, page)
        async with undone_on_failure(line.close):
            await line.attach(room.session)
            self._require_live(room)
        self.room, self._line, self._heard = room, line, heard
        room.voice = self
        front.speak(lambda: self.standing, line.mouth)
        self.chores.stop("start")
        self.client.play(PlaybackSource(line.read))
        self.attention.open(self._hear)
        self.adjust()

    async def close(self, told: str | None = None) -> None:
        """Leave for good. The interview goes on in writing; `told` is said with a way back."""
        if self.is_over:
            return
        self.is_over = True
        self.attention.close()
        room, line = self.room, self._line
        if line is not None:
            await survived(line.close(), "closing a line")
        if room is not None and room.voice is self:
            room.voice = None
            assert isinstance(room.front, ChannelFront)  # noqa: S101 - calls have a thread
            room.front.write()
            room.refresh_soon()
        self.ended(self)
        await survived(self.client.disconnect(), "leaving a voice channel")
        await survived(self.asking.close(), "taking a question back")
        if self._heard is not None:
            await survived(self._heard.close(), "the last of what was heard")
        if told is not None and room is not None and self._is_live(room):
            await survived(self.offer_return(room, told), "telling of a call's end")
        await self.chores.close()

    async def abandon(self, words: str = notices.FAILED) -> None:
        """Leave after a failure; `words` are told as they are."""
        if self.room is not None:
            await self.close(words)
        else:
            await self._leave_unbegun(words)

    async def close_unbegun(self, told: str) -> None:
        """Leave before anything was said; the notice `told` takes the place of the question."""
        otherwise = "" if self.opening is None else self.opening.otherwise
        await self._leave_unbegun(told.format(channel=self.channel, otherwise=otherwise))

    async def _leave_unbegun(self, words: str) -> None:
        if self.is_over or self.room is not None:
            return
        self.is_over = True
        self.attention.close()
        self.ended(self)
        opening, self.opening = self.opening, None
        await survived(self.client.disconnect(), "leaving a voice channel")
        await survived(self.asking.close(words), "taking a question back")
        if opening is not None:
            await survived(opening.give_up(), "giving a call up")
        await self.chores.close()

    async def offer_return(self, room: Room, told: str) -> None:
        """Say it in the thread of the interview, with a button that brings the voice back."""
        assert isinstance(room.front, ChannelFront)  # noqa: S101 - calls have a thread
        view = rejoin_view(told, room.place.interview_id)
        await room.front.show(f"call:{self._origin('ended')}", view)

    def _is_live(self, room: Room) -> bool:
        return not room.is_over and self._bot.house.room(room.place.interview_id) is room

    def _require_live(self, room: Room) -> None:
        if self.is_over or not self._is_live(room):
            raise UsageError(notices.TOO_LATE)

    # --- what the room and the buttons ask for ----------------------------------------------

    def withdraw(self, person: int) -> None:
        """That person is not heard from the next frame on; without a candidate the call ends."""
        self.attention.decline(person)
        if person == self.seat.candidate:
            told = notices.WITHDRAWN
            self.chores.do(self.close(told) if self.room else self.close_unbegun(told))

    def hush(self) -> None:
        """Stop speaking at once."""
        if self._line is not None:
            self._line.hush()

    def fall_silent(self) -> None:
        """The process is about to end: what is left to say is written. Nobody took the floor."""
        self._leaving = True
        self.adjust()

    def think(self) -> None:
        """The candidate asked for time to think."""
        if self._line is not None:
            self._line.think()

    def done(self) -> None:
        """The candidate has finished their answer."""
        if self._line is not None:
            self._line.done()

    async def hand_in(self) -> None:
        """Return when what was said up to now is in the room's queue, or cannot be had."""
        if self._line is None:
            return
        self._heard_out.clear()
        is_open = self._talk is Talk.HEARING
        self._line.done()
        try:
            async with asyncio.timeout(HAND_IN_S):
                if is_open:
                    await self._heard_out.wait()
        except TimeoutError:
            return

    # --- what the watch asks for --------------------------------------------------------------

    def pause(self, reason: str, *, aside: bool = False) -> None:
        """The clock stands still for that reason, unless it does already."""
        self._reasons.add(reason)
        if self.room is not None and not self._paused and not self.room.is_paused:
            self._paused = True
            self.report(EventKind.PAUSED, aside=aside)

    async def go_on(self, reason: str, words: str = "") -> None:
        """The reason is gone; with the last one the pause ends, if it was not the candidate's own.

        Then the last `words` given for any of them say where we were.
        """
        self._reasons.discard(reason)
        self._owed = words or self._owed
        if not self._paused or self._reasons or self.room is None:
            return
        self._resuming, self._unshown = True, False
        try:
            await self.room.do(EventKind.RESUMED, self._origin("back"), aside=True)
        finally:
            self._resuming = False
        self._paused = False
        if self._reasons:
            # What came up meanwhile met a pause that was about to end.
            self.pause(min(self._reasons), aside=True)
        else:
            words, self._owed = self._owed, ""
            self.chores.do(self.remind(words))

    def resumed(self) -> None:
        """A pause has ended; if not by us, the candidate goes on in writing as things are."""
        if not self._resuming:
            self._paused, self._owed = False, ""
            self._reasons.clear()
            self.on_resumed()

    async def remind(self, words: str) -> None:
        """Say what was asked last, where it can be heard; it is no part of the interview."""
        room, line = self.room, self._line
        if room is None or line is None or not words or not self.is_audible:
            return
        question = await room.session.question()
        if question:
            key, text = self._origin("reminder"), words.format(question=question)
            await line.ready(text)
            if self.is_audible:
                await line.say(key, text, 0)
                await line.finish(key)

    def adjust(self) -> None:
        """Speak where that reaches the candidate; show how it stands."""
        if self._line is not None:
            self._line.set_audible(self.is_audible)
        self._refresh()

    def report(self, kind: EventKind, *, aside: bool = False) -> None:
        """Something happened that is an event of the interview."""
        if self.room is not None:
            done = self.room.do(kind, self._origin(kind.value), aside=aside)
            self.chores.do(_finished(done))

    def tell(self, sentence: str) -> None:
        """Say it in the thread, once the interview has begun."""
        if self.room is not None:
            key = f"call:{self._origin('told')}"
            self.chores.in_order(self.room.front.tell(key, sentence))

    def look_at_candidate(self) -> None:
        """The bot is in another channel: how the candidate stands there."""
        self.candidate = self._standing_of_candidate()

    def _standing_of_candidate(self) -> Standing:
        channel = self.client.channel
        state = channel.voice_states.get(self.seat.candidate)
        return Standing() if state is None else Standing.of(state, channel.id)

    # --- what the line hears ------------------------------------------------------------------

    def _said(self, spoken: Spoken) -> None:
        if self.room is not None and self._heard is not None:
            self._heard.said(spoken)
            self.room.hear_spoken(spoken.origin, spoken.text, spoken.words)
        self._heard_out.set()

    def _hear(self, frame: Samples) -> None:
        """A frame of the candidate; in a pause it is thrown away."""
        if self._line is not None and self.room is not None:
            self._line.hear(_SILENCE if self.room.is_paused else frame)

    def _changed(self, activity: Activity) -> None:
        before = self.standing.drawn
        self._talk = Talk(activity.value)
        if self._talk is not Talk.HEARING:
            self._heard_out.set()
        if self.standing.drawn != before:
            self._refresh()

    def _refresh(self) -> None:
        """Show how it stands, once there is a card: the first one comes with the first question."""
        self._unshown = True
        self._written()

    def _written(self) -> None:
        room = self.room
        front = None if room is None else room.front
        if room is not None and isinstance(front, ChannelFront) and front.has_card:
            if self._unshown:
                room.refresh_soon()
            self._unshown = False

    def _others_speak(self, speaking: bool) -> None:
        if self._line is not None:
            self._line.others(speaking)

    def _origin(self, what: str) -> str:
        self._told += 1
        return f"{what}:{self.client.session_id}:{self._told}"


async def _finished(done: asyncio.Future[None]) -> None:
    await done
