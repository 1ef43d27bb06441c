"""One interview as pages follow it: where it stands, what was said, and who is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bot.reading import READING
from bot.web.errors import failure, log_fault
from bot.web.mouth import Audience, WebMouth
from bot.web.talk_wire import (
    Message,
    Standing,
    Where,
    line_of,
    over_message,
    state_message,
    turns_message,
)
from bot.wiring import App
from interviewer.ports import InterviewNotFoundError
from interviewer.record import round_plans
from interviewer.session import Session
from interviewer.view import Phase
from storage.errors import StorageError

_LOG = logging.getLogger(__name__)

AGAIN_S = 15.0
"""How often pages are told where the interview stands, where nothing changes; they count on."""


class Talk:
    """Tells the pages of one interview, through their audience, until it has `ended`.

    `where` says where answers are given; with `reads`, a judge reads them after the last word. The
    session is set with `follow`, since its mouth is this talk's. `on_turn` is called where a turn
    begins or ends.
    """

    def __init__(self, app: App, interview_id: str, where: Where, *, reads: bool = False) -> None:
        self.interview_id = interview_id
        self.where = where
        self.audience = Audience()
        self.mouth = WebMouth(self.audience, app.services.clock, self._turned)
        self.ended = asyncio.Event()
        self.note = ""
        self.on_turn: Callable[[], None] = lambda: None
        self._app = app
        self.reads = reads
        self._session: Session | None = None
        self._again = asyncio.Event()
        self._telling: asyncio.Task[None] | None = None

    def follow(self, session: Session) -> None:
        """From now on, tell how that session stands, and no other."""
        self._session = session
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell(), name=f"talk {self.interview_id}")
        self.refresh_soon()

    async def close(self) -> None:
        """Tell nothing more; pages have to come again."""
        self.ended.set()
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.gather(self._telling, return_exceptions=True)

    @property
    def session(self) -> Session:
        """The session that is followed."""
        if self._session is None:
            raise RuntimeError("follow() comes before anything is asked")
        return self._session

    def refresh_soon(self) -> None:
        """Something changed: tell where the interview stands; changes meanwhile count as one."""
        self._again.set()

    async def state(self, *, guest: bool = False) -> Message:
        """Where the interview stands."""
        stored = await self._app.services.store.interview(self.interview_id)
        view = await self.session.view()
        plan = round_plans(stored.settings, self._app.services.library)[view.round_index]
        answering = self.session.answering is not None
        grading = view.phase is Phase.OVER and stored.finished_at is None
        note = READING if grading and self.reads else self.note
        standing = Standing(plan.brief, self.where, answering, note)
        return state_message(view, standing, guest=guest)

    async def turns(self) -> Message:
        """Everything that was said so far, what is being said included."""
        turns = await self._app.services.store.transcript(self.interview_id)
        saying = {line.key: line for line in self.mouth.unfinished}
        lines = {line.key: line for line in map(line_of, turns)} | saying
        return turns_message(lines.values())

    async def ending(self) -> Message | None:
        """Where the card is, once there is one."""
        stored = await self._app.services.store.interview(self.interview_id)
        return None if stored.finished_at is None else over_message(self.interview_id)

    def _turned(self) -> None:
        self.refresh_soon()
        self.on_turn()

    async def _tell(self) -> None:
        """Whenever something changed, and every `AGAIN_S`."""
        while not self.ended.is_set():
            self._again.clear()
            err = await failure(self._tell_standing(), f"state of {self.interview_id}")
            if isinstance(err, InterviewNotFoundError):
                self.ended.set()
            elif isinstance(err, StorageError):
                _LOG.warning("state of %s not told: %s", self.interview_id, type(err).__name__)
            elif err is not None:
                log_fault(err, f"the state of {self.interview_id}")
            await self._next_change()

    async def _tell_standing(self) -> None:
        if len(self.audience):
            self.audience.tell(await self.state())
            self.audience.tell(await self.state(guest=True), guests=True)

    async def _next_change(self) -> None:
        changed = asyncio.create_task(self._again.wait())
        passed = asyncio.create_task(self._app.services.clock.sleep(AGAIN_S))
        try:
            await asyncio.wait((changed, passed), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (changed, passed):
                task.cancel()
            await asyncio.gather(changed, passed, return_exceptions=True)
