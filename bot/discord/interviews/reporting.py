"""Reports what people did to the session, once; says what it did not take.

It holds no queue: the room hands it one thing after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from bot.discord.errors import survived
from bot.discord.interviews.happenings import Did, Drew, Said, Spoke
from bot.discord.interviews.page_side import LiveSheet
from bot.discord.interviews.ports import Front
from bot.discord.text import quote
from bot.web.drawn import BoardWatch, Drawn
from interviewer.drawing import Sketch
from interviewer.ports import AlreadyReportedError
from interviewer.session import InterviewOverError, MessageTooLongError, clean
from interviewer.state import EventKind
from interviewer.view import Phase
from scoring.transcript import Source
from whiteboard.sketch import SketchError

TELL = (MessageTooLongError, SketchError)
"""Refusals that leave everything as it was."""

HANDS_IN = frozenset({EventKind.SAID, EventKind.NEXT, EventKind.END, EventKind.DREW})
"""Requests before which the live board is looked at as it stands."""

QUESTION_LENGTH = 500
"""Characters of the last question that are repeated after a restart."""


class Reporter:
    """What of one interview was heard, what was taken, and how it stands since.

    `heard` are the messages that came here, `taken` those that the session has; `resumed` is called
    when a pause is seen to have ended. `sheet` is the live board, where there can be one.
    """

    def __init__(
        self, front: Front, resumed: Callable[[], None], sheet: LiveSheet | None = None
    ) -> None:
        self._front = front
        self._resumed = resumed
        self._sheet = sheet
        self._round = 0
        self._session = front.session
        self.heard: set[int] = set()
        self.taken: set[int] = set()
        self.phase = Phase.LISTENING

    async def look(self) -> Phase:
        """How the interview stands now."""
        view = await self._session.view()
        before, self.phase = self.phase, view.phase
        if before is Phase.PAUSED and self.phase is not Phase.PAUSED:
            self._resumed()
            if self._sheet is not None:
                self._sheet.watch.remind()
        if self._sheet is not None:
            await survived(self._follow(self._sheet, view.round_index), "a round's board")
        return self.phase

    async def said(self, said: Said) -> None:
        """Report an answer; it ends a pause."""
        origins = tuple(str(message) for message in said.messages)
        if not clean(said.text).strip():
            return
        try:
            if self.phase is Phase.PAUSED:
                await self._resume(origins[0])
            await self._hand_in()
            await self._session.report(EventKind.SAID, said.text, origins=origins)
        except (AlreadyReportedError, InterviewOverError):
            pass
        except MessageTooLongError as err:
            await self._front.tell(f"long:{origins[0]}", str(err))
        self.taken.update(said.messages)

    async def spoke(self, spoke: Spoke) -> None:
        """Report an answer that was heard; one that comes in a pause was said before it.

        Whoever talks in a pause does not talk to the interviewer, who answers after it.
        """
        if self.phase is Phase.PAUSED:
            await self.leave(spoke)
            return
        await self._hand_in()
        try:
            await self._session.report(
                EventKind.SAID,
                spoke.text,
                source=Source.SPOKEN,
                words=spoke.words,
                origins=(spoke.origin,),
            )
        except (AlreadyReportedError, InterviewOverError):
            pass
        except MessageTooLongError as err:
            await self._front.tell(f"long:{spoke.origin}", str(err))

    async def leave(self, spoke: Spoke) -> None:
        """Store an answer that was heard; it is answered when the interview goes on."""
        try:
            await self._session.leave(spoke.text, spoke.words, (spoke.origin,))
        except (AlreadyReportedError, InterviewOverError):
            pass
        except MessageTooLongError as err:
            await self._front.tell(f"long:{spoke.origin}", str(err))

    async def done(self, did: Did) -> None:
        """Do what was asked for, and say so to whoever waits for it."""
        try:
            await self._do(did)
        except (*TELL, InterviewOverError) as err:
            did.finish(err)
        else:
            did.finish()

    async def drew(self, drew: Drew) -> None:
        """Show the session what was drawn on the live board; in a pause, once that is over."""
        if self._sheet is not None and self.phase is not Phase.PAUSED:
            await self._show(self._sheet.watch, drew.drawn)
        drew.finish()

    async def catch_up(self, greeting: str) -> None:
        """Bring the session up to date; then answer what was written meanwhile.

        With `greeting`, a key, the candidate is told that it goes on.
        """
        await self._front.recover()
        if self._sheet is not None:
            self._sheet.watch.mark()
        if await self.look() is not Phase.OVER and greeting:
            await self._front.greet(greeting, await self._where_we_were())
        await self.read_missed()

    async def read_missed(self) -> None:
        """Answer what was written and never arrived; nothing written before an end is lost."""
        for said in await self._front.missed():
            self.heard.update(said.messages)
            await self.said(said)
        await self._front.caught_up()

    async def _do(self, did: Did) -> None:
        if did.stage is not None:
            view = await self._session.view()
            if did.stage != (view.round_index, view.stage_index):
                return
        with suppress(AlreadyReportedError):
            if did.kind is EventKind.SAID and self.phase is Phase.PAUSED:
                await self._resume(did.origin)
            if did.kind is EventKind.END:
                await self.read_missed()
            if did.kind in HANDS_IN:
                await self._hand_in()
            if did.kind is EventKind.DREW:
                sketch = Sketch(did.text, did.written_on is not None, did.written_on)
                canvas = None if self._sheet is None else self._sheet.canvas
                await self._session.draw(sketch, (did.origin,), canvas=canvas)
            else:
                await self._session.report(did.kind, did.text, origins=(did.origin,))
            if did.kind is EventKind.RESUMED:
                await self.look()

    async def _follow(self, sheet: LiveSheet, round_index: int) -> None:
        """A round has a sheet of its own."""
        if round_index != self._round:
            await sheet.begin_round(round_index)
            self._round = round_index

    async def _hand_in(self) -> None:
        """Show what was drawn so far, settled or not; an answer may well be about it."""
        if self._sheet is not None:
            await survived(self._show_drawn(self._sheet.watch), "a look at a board")

    async def _show_drawn(self, watch: BoardWatch) -> None:
        drawn = await watch.take()
        if drawn is not None:
            await self._show(watch, drawn)

    async def _show(self, watch: BoardWatch, drawn: Drawn) -> None:
        with suppress(InterviewOverError):
            await self._session.show(drawn.board, drawn.scene, drawn_in=drawn.round_index)
        watch.shown(drawn)

    async def _resume(self, origin: str) -> None:
        with suppress(AlreadyReportedError):
            await self._session.report(EventKind.RESUMED, origins=(f"resumed:{origin}",))
        await self.look()

    async def _where_we_were(self) -> str:
        asked = quote(await self._session.question(), QUESTION_LENGTH)
        return f"We go on here. The clock stood still meanwhile. We were at:\n{asked}"
