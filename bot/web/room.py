"""One interview that is held in the page: what happens waits in a queue, one thing at a time.

A room holds no rule of the interview. It reports what people did to the session, in the order in
which it came. Whatever fails for a while, the thing stays in hand: it is reported again once the
session has recovered, and the session takes no origin twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from bot.web.drawn import BoardWatch, Drawn
from bot.web.errors import PASSING, failure, log_fault, survived, tell
from bot.web.happenings import Did, Item, Opened, Part, Said, TimerFired, join_followers
from bot.web.reporting import Reporter
from bot.web.talk import Talk
from bot.web.talk_wire import EVENTS, Do, Request, Say, refused_message
from interviewer.clock import Clock
from interviewer.ports import InterviewNotFoundError
from interviewer.session import clean
from interviewer.state import EventKind
from interviewer.view import Phase

_LOG = logging.getLogger(__name__)

MOST_WAITING = 50
"""Things that wait; more is refused."""

FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 30.0

AWAY_S = 20.0
"""How long nobody may be there before the clock stands still."""

EMPTY_S = 300.0
"""How long a paused interview keeps its room where nobody is."""

STOP_S = 5.0
"""How long a turn that is being answered may take when the server is told to stop."""

TOO_MUCH = "Too much waits already: wait until it is answered, then send this again."
EMPTY = "Nothing was sent: write an answer."
RETRYING = "This cannot be stored right now; I keep trying. Leave the page open."
AWAY = "The clock stands still, since nobody was here. Resume when you are ready."


class Room:
    """The queue of one interview and the tasks that work on it.

    `follow_round` readies the live board for a round; `closed` is called once nobody is here and
    the interview is over or paused for a while, and where it was deleted.
    """

    def __init__(
        self,
        talk: Talk,
        watch: BoardWatch,
        clock: Clock,
        follow_round: Callable[[int], Coroutine[Any, Any, None]],
        closed: Callable[[Room], None],
    ) -> None:
        self.talk = talk
        self._reporter = Reporter(talk, watch)
        self._watch = watch
        self._clock = clock
        self._follow_round = follow_round
        self._closed = closed
        self._queue: asyncio.Queue[Item] = asyncio.Queue()
        self._waiting: set[str] = set()
        self._round: int | None = None
        self._ended = False
        self._is_away = False
        self._tasks: tuple[asyncio.Task[Any], ...] = ()
        self._leaving: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self, patience_s: float | None) -> None:
        """Begin to work, first of all on what was left undone."""
        self._queue.put_nowait(Opened())
        self.talk.audience.changed = self._look_who_is_here
        name = self.talk.interview_id
        self._tasks = (
            asyncio.create_task(self._work(), name=f"room {name}"),
            asyncio.create_task(self._time(patience_s), name=f"timers {name}"),
        )
        self._look_who_is_here()

    async def stop(self) -> None:
        """Finish what is being done; pages send the rest again when they come back."""
        self._stopping = True
        self._queue.put_nowait(TimerFired())
        work, time = self._tasks
        time.cancel()
        await asyncio.wait([work], timeout=STOP_S)
        ending = [task for task in (work, time, self._leaving) if task is not None]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        await self.talk.close()

    @property
    def is_over(self) -> bool:
        """Whether the interview has ended."""
        return self._reporter.phase is Phase.OVER

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands still."""
        return self._reporter.phase is Phase.PAUSED

    def hear(self, request: Request) -> None:
        """Take what a page asks for; the same origin twice counts once."""
        if isinstance(request, Say):
            self._say(Part(request.origin, request.text))
        elif isinstance(request, Do):
            self._take(Did(request.origin, EVENTS[request.kind]))
        else:
            self.stir()

    def show(self, drawn: Drawn) -> None:
        """Show the interviewer what was drawn."""
        self._queue.put_nowait(drawn)

    def stir(self) -> None:
        """The candidate is busy."""
        self.talk.session.stir()

    def _say(self, part: Part) -> None:
        if clean(part.text).strip():
            self._take(Said((part,)))
        else:
            self.talk.audience.tell(refused_message(part.origin, EMPTY))

    def _take(self, item: Said | Did) -> None:
        origin = item.origins[0]
        if origin in self.talk.mouth.taken:
            self.talk.mouth.confirm(origin)
        elif self._queue.qsize() >= MOST_WAITING:
            self.talk.audience.tell(refused_message(origin, TOO_MUCH))
        elif origin not in self._waiting:
            self._waiting.add(origin)
            self._queue.put_nowait(item)
            if isinstance(item, Said):
                # Who goes on is not interrupted by a question that is still being worded.
                self.talk.session.interrupt()

    def _look_who_is_here(self) -> None:
        """Stop the clock where nobody is here for a while, and later give the room back."""
        self.talk.refresh_soon()
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        if self.is_over:
            if not len(self.talk.audience):
                self._closed(self)
        elif not self.talk.audience.has_candidate:
            name = f"leaving {self.talk.interview_id}"
            self._leaving = asyncio.create_task(self._leave(), name=name)

    async def _leave(self) -> None:
        await self._clock.sleep(AWAY_S)
        if self._reporter.phase in (Phase.LISTENING, Phase.THINKING):
            self._is_away = True
            away = f"away-{int(self._clock.now().timestamp())}"
            self._queue.put_nowait(Did(away, EventKind.PAUSED))
        await self._clock.sleep(EMPTY_S)
        while not self._is_left:
            await self._clock.sleep(EMPTY_S)
        self._closed(self)

    @property
    def _is_left(self) -> bool:
        """Whether nothing is to be done until somebody comes back."""
        return self.is_paused and self._queue.empty() and not len(self.talk.audience)

    async def _work(self) -> None:
        while not self._stopping:
            item = join_followers(self._queue, await self._queue.get())
            if self._stopping:
                return
            name = f"interview {self.talk.interview_id}"
            err = await failure(self._persist(item), name)
            if err is not None:
                self._own_up(item, tell(err, name))
            if isinstance(err, InterviewNotFoundError):
                self._closed(self)
            if isinstance(item, Said | Did):
                self._waiting.difference_update(item.origins)

    def _own_up(self, item: Item, reason: str) -> None:
        """Say that it was not done, where the candidate looks."""
        if isinstance(item, Said | Did):
            for origin in item.origins:
                self.talk.audience.tell(refused_message(origin, reason))
        else:
            self._note(reason)

    async def _persist(self, item: Item) -> None:
        """Do it. After a failure that passes, recover the session and do it again."""
        wait_s, failed = FIRST_RETRY_S, False
        while not self._stopping:
            try:
                if failed:
                    await self.talk.session.recover()
                await self._do(item)
            except PASSING as err:
                name = type(err).__name__
                _LOG.warning("interview %s: %s, again", self.talk.interview_id, name)
                failed = True
                self._note(RETRYING)
                await self._clock.sleep(wait_s)
                wait_s = min(2 * wait_s, LONGEST_RETRY_S)
            else:
                self._unnote(RETRYING)
                return

    async def _do(self, item: Item) -> None:
        match item:
            case Said():
                await self._reporter.said(item)
            case Did():
                await self._reporter.did(item)
            case Drawn():
                await self._reporter.drew(item)
            case Opened():
                await self._reporter.recover()
            case TimerFired():
                pass
        await self._look()

    async def _look(self) -> None:
        """See how the interview stands now, and do what follows from it."""
        view = await self._reporter.look()
        if view.phase is not Phase.OVER:
            if view.round_index != self._round:
                following = self._follow_round(view.round_index)
                if await survived(following, f"a round's board of {self.talk.interview_id}"):
                    self._round = view.round_index
        elif not self._ended:
            await self._end()
            self._ended = True
        if view.phase is not Phase.PAUSED:
            self._unnote(AWAY)
        elif self._is_away:
            self._is_away = False
            self.talk.note = AWAY
        self.talk.refresh_soon()

    async def _end(self) -> None:
        """The card is there: nothing more is to be done here."""
        self._tasks[1].cancel()
        await self._watch.close()
        ending = await self.talk.ending()
        if ending is not None:
            self.talk.audience.tell(ending)
        self._look_who_is_here()

    def _note(self, text: str) -> None:
        self.talk.note = text
        self.talk.refresh_soon()

    def _unnote(self, text: str) -> None:
        if self.talk.note == text:
            self._note("")

    async def _time(self, patience_s: float | None) -> None:
        """The session's timers; after a failure they are set again once it has recovered."""
        name = f"timers {self.talk.interview_id}"
        session = self.talk.session
        while (err := await failure(session.watch(patience_s, self._fired), name)) is not None:
            if isinstance(err, InterviewNotFoundError):
                break
            if isinstance(err, PASSING):
                self._queue.put_nowait(Opened())
                await self._clock.sleep(FIRST_RETRY_S)
            else:
                log_fault(err, name)
                await self._clock.sleep(LONGEST_RETRY_S)
        self._fired()

    def _fired(self) -> None:
        self._queue.put_nowait(TimerFired())
