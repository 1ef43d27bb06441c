"""One live interview on Discord: what happens waits in a queue, and one thing is done at a time.

A room holds no rule of the interview. It reports what people did to the session, in the order in
which it came, and shows where the interview stands. Whatever fails, the message stays in hand: it
is reported again after the session has recovered, and the session takes none twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import discord

from bot.discord.errors import PASSING, passes, survived
from bot.discord.interviews.happenings import (
    Did,
    Drew,
    Item,
    LookedAway,
    Said,
    Spoke,
    TimerFired,
    join_followers,
)
from bot.discord.interviews.page_side import LiveSheet
from bot.discord.interviews.ports import Front, Voice
from bot.discord.interviews.reporting import Reporter
from bot.discord.interviews.turns import Turns
from bot.doors import UsageError
from bot.web.drawn import Drawn
from interviewer.clock import Clock
from interviewer.session import InterviewOverError
from interviewer.state import EventKind
from interviewer.view import Phase
from scoring.transcript import Word
from storage.places import Place

_LOG = logging.getLogger(__name__)

MOST_WAITING = 200
"""Messages that wait in memory; with more the channel is read again once these are done."""

FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 60.0

NOT_NOW = "That cannot be done now. What you said before is kept; please try it again in a minute."

NOT_KNOWN = (
    "I am being restarted, and do not know yet whether that was done. What you said before is "
    "kept; please look in a minute, before you try it again."
)

BETWEEN_CARDS_S = 1.0
"""In a call the card changes all the time; Discord takes about one edit a second."""

CLOSING = (EventKind.NEXT, EventKind.END)
"""Requests before which an answer that is being spoken is taken as it is."""

ASKED = (*CLOSING, EventKind.HINT, EventKind.PAUSED, EventKind.SAID)
"""Requests of the candidate, for which nobody goes on speaking."""

STOP_S = 5.0
"""How long a turn that is being answered may take when the bot is told to stop."""

GONE = (discord.NotFound, discord.Forbidden)
"""The channel is closed to us; somebody has to do something about it."""


class Room:
    """The queue of one interview and the tasks that work on it."""

    def __init__(
        self,
        place: Place,
        front: Front,
        clock: Clock,
        turns: Turns,
        closed: Callable[[Room], None],
        sheet: LiveSheet | None = None,
    ) -> None:
        self.place = place
        self.session = front.session
        self.front = front
        self.voice: Voice | None = None
        self._clock = clock
        self._turns = turns
        self._closed = closed
        self._queue: asyncio.Queue[Item] = asyncio.Queue()
        self._reporter = Reporter(front, self._resumed, sheet)
        self._overflown = False
        self._refresh: asyncio.Task[Any] | None = None
        self._refresh_again = False
        self._tasks: tuple[asyncio.Task[Any], ...] = ()
        self._stopping = False

    def start(self, patience_s: float | None, *, recover: bool) -> None:
        """Begin to work; with `recover` after bringing the session to where it listens."""
        if recover:
            self._queue.put_nowait(LookedAway(f"away:{int(self._clock.now().timestamp())}"))
        name = self.place.interview_id
        self._tasks = (
            asyncio.create_task(self._work(), name=f"room {name}"),
            asyncio.create_task(self._watch(patience_s), name=f"watch {name}"),
        )

    async def stop(self) -> None:
        """Finish what is being done, and leave the rest for the next start."""
        self._stopping = True
        self._queue.put_nowait(TimerFired())
        work, watch = self._tasks
        watch.cancel()
        await asyncio.wait([work], timeout=STOP_S)
        ending = [task for task in (work, watch, self._refresh) if task is not None]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        await self._part_with_rest(UsageError(NOT_NOW))

    @property
    def is_over(self) -> bool:
        """Whether the interview has ended, and at most its card is still to be shown."""
        return self._reporter.phase is Phase.OVER

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands still."""
        return self._reporter.phase is Phase.PAUSED

    def hear(self, message: int, text: str) -> None:
        """Take a message of the candidate; the same one twice counts once."""
        if message in self._reporter.heard:
            return
        if self._queue.qsize() >= MOST_WAITING:
            self._overflown = True
            return
        self._reporter.heard.add(message)
        self._queue.put_nowait(Said((message,), text))
        # Who goes on writing is not interrupted by a question that is still being worded.
        self._give_floor()

    def hear_spoken(self, origin: str, text: str, words: tuple[Word, ...]) -> None:
        """Take an answer that was heard in a call; `origin` tells it apart."""
        self._queue.put_nowait(Spoke(origin, text, words))

    async def handed_in(self, kind: EventKind) -> None:
        """Return when nothing is left out that was said before a request of that kind."""
        if self.voice is not None and kind in CLOSING:
            await self.voice.hand_in()

    def do(
        self,
        kind: EventKind,
        origin: str,
        text: str = "",
        *,
        written_on: int | None = None,
        stage: tuple[int, int] | None = None,
        aside: bool = False,
    ) -> asyncio.Future[None]:
        """Take a request. What comes back ends when it was done, or with the error to be told.

        With `stage`, by round and stage, it is left undone where the interview has moved on. What
        comes `aside` was asked for by nobody, and lets what is being said be said to its end.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        did = Did(kind, origin, text, written_on, done, stage)
        if self._stopping:
            did.finish(UsageError(NOT_NOW))
            return done
        self._queue.put_nowait(did)
        if self.voice is not None and not aside:
            self._tell_voice(self.voice, kind)
        return done

    def show(self, drawn: Drawn) -> asyncio.Future[None]:
        """Let the interviewer look at what was drawn on the live board.

        What comes back ends when they have, or when nobody looks any more.
        """
        drew = Drew(drawn, asyncio.get_running_loop().create_future())
        if self._stopping:
            drew.finish()
        else:
            self._queue.put_nowait(drew)
        return drew.done

    def look_again(self) -> None:
        """Messages may have been lost on the way here: read the channel."""
        self._queue.put_nowait(LookedAway())

    def refresh_soon(self) -> None:
        """Show where the interview stands; what changes meanwhile is shown after that."""
        if self._stopping:
            return
        self._refresh_again = True
        if self._refresh is None or self._refresh.done():
            self._refresh = asyncio.create_task(self._refresh_until_shown())

    def _tell_voice(self, voice: Voice, kind: EventKind) -> None:
        if kind is EventKind.THINK:
            voice.think()
        elif kind in ASKED:
            self._give_floor()

    def _give_floor(self) -> None:
        """The candidate wrote or pressed something: nobody goes on speaking to them."""
        self.session.interrupt()
        if self.voice is not None:
            self.voice.hush()

    def _resumed(self) -> None:
        if self.voice is not None:
            self.voice.resumed()

    async def _refresh_until_shown(self) -> None:
        while self._refresh_again:
            self._refresh_again = False
            await survived(self._shown(), f"the status card of {self.place.interview_id}")
            if self.voice is not None:
                await self._clock.sleep(BETWEEN_CARDS_S)

    async def _shown(self) -> None:
        try:
            await self.front.refresh()
        except (*PASSING, discord.HTTPException) as err:
            _LOG.warning("status of %s not shown: %s", self.place.interview_id, type(err).__name__)

    async def _work(self) -> None:
        while not self._stopping:
            item = join_followers(self._queue, await self._queue.get(), self._reporter.taken)
            if self._stopping:
                self._queue.put_nowait(item)
                return
            if not await survived(self._persist(item), f"interview {self.place.interview_id}"):
                await survived(self._own_up(item), "telling of a fault")
            if self._overflown and self._queue.empty():
                self._overflown = False
                self.look_again()

    async def _own_up(self, item: Item) -> None:
        """A fault of ours: say so where the candidate looks, instead of silence."""
        fault = UsageError(
            "Something went wrong on my side. What you said before is kept; please try that again."
        )
        if isinstance(item, Did | Drew):
            item.finish(fault)
        elif isinstance(item, Said):
            await self.front.tell(f"fault:{item.messages[0]}", str(fault))
        elif isinstance(item, Spoke):
            await self.front.tell(f"fault:{item.origin}", str(fault))

    async def _watch(self, patience_s: float | None) -> None:
        """The session's timers; after a failure they are set again once it has recovered."""
        name = f"the timers of {self.place.interview_id}"
        while not await survived(self._timers(patience_s), name):
            await self._clock.sleep(LONGEST_RETRY_S)
        self._queue.put_nowait(TimerFired())

    async def _timers(self, patience_s: float | None) -> None:
        while True:
            try:
                await self.session.watch(patience_s, self.refresh_soon)
            except (*PASSING, discord.HTTPException) as err:
                _require_passing(err)
                self.look_again()
                await self._clock.sleep(FIRST_RETRY_S)
            else:
                return

    async def _persist(self, item: Item) -> None:
        """Do it. After a failure that passes, recover the session and do it again."""
        wait_s, failed = FIRST_RETRY_S, False
        while not self._stopping:
            try:
                if failed:
                    await self.front.recover()
                await self._do(item)
            except GONE as err:
                await self._leave(item, err)
                return
            except (*PASSING, discord.HTTPException) as err:
                _require_passing(err)
                self._log_retry(err, wait_s)
                failed = True
                await self._clock.sleep(wait_s)
                wait_s = min(2 * wait_s, LONGEST_RETRY_S)
            else:
                return
        if failed and isinstance(item, Did):
            item.finish(UsageError(NOT_KNOWN))
        self._queue.put_nowait(item)

    def _log_retry(self, err: Exception, wait_s: float) -> None:
        name = type(err).__name__
        _LOG.warning("interview %s: %s, again in %.1f s", self.place.interview_id, name, wait_s)

    async def _do(self, item: Item) -> None:
        async with self.front.working():
            await self._report(item)
        if await self._reporter.look() is Phase.OVER:
            await self._shown_before()
            await self.front.finish()
            self._close()
            over = InterviewOverError(f"Interview {self.place.interview_id} is over.")
            await self._part_with_rest(over)
        elif not isinstance(item, Did):
            self.refresh_soon()

    async def _report(self, item: Item) -> None:
        match item:
            case Said():
                await self._reporter.said(item)
            case Spoke():
                await self._spoke(item)
            case Did():
                await self._reporter.done(item)
            case Drew():
                await self._reporter.drew(item)
            case LookedAway(greeting):
                await self._turns.wait()
                await self._reporter.catch_up(greeting)
            case TimerFired():
                pass

    async def _spoke(self, spoke: Spoke) -> None:
        try:
            await self._reporter.spoke(spoke)
        except asyncio.CancelledError:
            # It may not be stored yet; twice it is taken once.
            self._queue.put_nowait(spoke)
            raise

    async def _shown_before(self) -> None:
        """Wait for a card that is being shown, so that no older state comes after a newer one."""
        if self._refresh is not None and not self._refresh.done():
            self._refresh_again = False
            await asyncio.wait([self._refresh])

    async def _leave(self, item: Item, err: discord.HTTPException) -> None:
        """The channel is closed to us: the interview waits until its owner opens another."""
        _LOG.warning(
            "interview %s waits: its channel is closed to us (%s)",
            self.place.interview_id,
            err.code,
        )
        if isinstance(item, Did | Drew):
            item.finish(err)
        self._queue.put_nowait(item)
        self._close()
        await self._part_with_rest(err)

    def _close(self) -> None:
        """Nothing more is to be done here."""
        self._stopping = True
        self._tasks[1].cancel()
        self._closed(self)

    async def _part_with_rest(self, err: Exception) -> None:
        """Nobody waits for what is not done any more; answers are given at the next start.

        Messages are read then; what was heard can be had only here, and is stored.
        """
        heard = list[Spoke]()
        while not self._queue.empty():
            item = self._queue.get_nowait()
            if isinstance(item, Did | Drew):
                item.finish(err)
            elif isinstance(item, Spoke):
                heard.append(item)
        if heard:
            storing = asyncio.wait_for(self._store(heard), STOP_S)
            await survived(storing, f"storing answers of {self.place.interview_id}")

    async def _store(self, heard: list[Spoke]) -> None:
        for spoke in heard:
            await self._reporter.leave(spoke)


def _require_passing(err: Exception) -> None:
    """Raise what the same attempt would meet again."""
    if not passes(err):
        raise err
