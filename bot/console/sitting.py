"""The talk of one sitting in the terminal: answers and commands in, what changed out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from bot.console.answers import (
    COMMANDS,
    Answer,
    Answers,
    SpokenAnswer,
    flag_note,
    is_command,
)
from bot.console.screen import CANDIDATE, Screen, toolbar
from bot.doors import UsageError
from bot.flagging import KEPT, beginning, flag, flaggable
from bot.wiring import App
from interviewer.drawing import Canvas
from interviewer.session import InterviewOverError, MessageTooLongError, Session, clean
from interviewer.state import EventKind
from interviewer.view import Phase, SessionView
from scoring.transcript import Source
from storage.errors import StorageError
from whiteboard.sketch import SketchError

REPLACED = "\ufffd"
"""Stands where the input was not UTF-8."""

_EVENTS = {
    "/hint": EventKind.HINT,
    "/think": EventKind.THINK,
    "/pause": EventKind.PAUSED,
    "/go": EventKind.RESUMED,
    "/next": EventKind.NEXT,
    "/end": EventKind.END,
}

_CLOSING = (EventKind.NEXT, EventKind.END)

BOARD_HELP = (
    "Add to the board, as in: client -> gateway -> orders : token ; zone trusted { orders }\n"
    "`new ;` in front starts over."
)


class Beside(Protocol):
    """A page beside the terminal, on which the candidate draws."""

    async def hand_in(self, *, closing: bool = False) -> None:
        """Show the interviewer what is drawn, before something is said or a stage closes."""
        ...

    @property
    def canvas(self) -> Canvas | None:
        """Where what is added to the board as text is drawn too."""
        ...


class SittingTalk:
    """The loop of one sitting: read an answer or a command, report it, show what changed."""

    def __init__(
        self,
        app: App,
        session: Session,
        screen: Screen,
        answers: Answers,
        beside: Beside | None = None,
    ) -> None:
        self._app = app
        self._beside = beside
        self._session = session
        self._screen = screen
        self._answers = answers
        self._view: SessionView | None = None

    async def run(self) -> None:
        """Until the interview is over or there are no more answers."""
        self._view = await self._session.view()
        self._screen.show_stage(self._view)
        self._answers.on_typing(self._session.stir)
        patience_s = self._app.settings.patience_s if self._answers.live else None
        watch = asyncio.create_task(self._session.watch(patience_s))
        try:
            await self._converse()
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

    async def _converse(self) -> None:
        while self._shown().phase is not Phase.OVER:
            answer = await self._next_answer()
            if answer is None:
                return
            await self._take(answer)
            await self._refresh()

    async def _next_answer(self) -> Answer | None:
        """The next answer; None where there is none, or where the time ran out meanwhile."""
        answering = asyncio.create_task(self._answers.next(self._status))
        ticking = asyncio.create_task(self._tick())
        try:
            await asyncio.wait((answering, ticking), return_when=asyncio.FIRST_COMPLETED)
            return answering.result() if answering.done() else None
        finally:
            for task in (answering, ticking):
                task.cancel()
            await asyncio.gather(answering, ticking, return_exceptions=True)

    async def _take(self, answer: Answer) -> None:
        try:
            if self._beside is not None:
                await self._beside.hand_in(closing=_event(answer) in _CLOSING)
            await self._do(answer)
        except (MessageTooLongError, UsageError) as err:
            self._screen.problem(str(err))
        except InterviewOverError:
            self._screen.note("The time is over.")

    async def _do(self, answer: Answer) -> None:
        if isinstance(answer, SpokenAnswer):
            await self._hear(answer)
        elif isinstance(answer, EventKind):
            await self._session.report(answer)
        elif (note := flag_note(answer)) is not None:
            await self._flag(note)
        else:
            await self._handle(answer)

    async def _hear(self, answer: SpokenAnswer) -> None:
        if self._shown().phase is Phase.PAUSED:
            self._screen.note("This was not taken: you are paused. /go goes on.")
            return
        await self._session.report(
            EventKind.SAID,
            answer.text,
            source=Source.SPOKEN,
            words=answer.words,
            origins=(answer.origin,),
        )

    async def _handle(self, answer: str) -> None:
        command = answer.strip().casefold()
        if command in _EVENTS:
            await self._session.report(_EVENTS[command])
        elif command in self._local_commands():
            await self._local_commands()[command]()
        elif is_command(command):
            self._screen.note(f"There is no {command}. {_help_line()}")
        elif command.partition(" ")[0] in COMMANDS:
            name = command.partition(" ")[0]
            self._screen.note(f"Nothing was sent: {name} stands alone on its line.")
        elif not clean(answer).strip():
            self._screen.note("Nothing was sent: write an answer. /help lists the commands.")
        elif self._shown().phase is Phase.PAUSED:
            self._screen.note("Nothing was sent: you are paused. /go goes on.")
        else:
            await self._say(answer)

    async def _say(self, answer: str) -> None:
        if REPLACED in answer:
            self._screen.note(f"What was not UTF-8 stands as {REPLACED} in the answer.")
        began = self._app.services.clock.now()
        try:
            await self._session.report(EventKind.SAID, answer)
        except StorageError:
            if not await self._is_stored(answer, began):
                self._screen.problem("This answer could not be stored. Keep it and send it again:")
                self._screen.show_turn(CANDIDATE, answer, "bold")
            raise

    async def _is_stored(self, answer: str, since: datetime) -> bool:
        try:
            events = await self._app.services.store.events(self._session.id)
        except StorageError:
            return False
        return any(item.event.at >= since and item.event.text == clean(answer) for item in events)

    def _local_commands(self) -> dict[str, Callable[[], Awaitable[None]]]:
        return {"/facts": self._facts, "/board": self._board, "/help": self._help}

    async def _facts(self) -> None:
        self._screen.show_facts(await self._session.view())

    async def _flag(self, note: str) -> None:
        """What was said last is meant, whatever the clock says."""
        turn = (await flaggable(self._app, self._session.id))[-1]
        await flag(self._app, self._session.id, turn, note)
        self._screen.note(f"Flagged: “{beginning(turn)}”. {KEPT}")

    async def _help(self) -> None:
        for command, meaning in COMMANDS.items():
            self._screen.note(f"{command:8} {meaning}")

    async def _board(self) -> None:
        self._screen.note(BOARD_HELP)
        sketch = await self._answers.next_block()
        if sketch is None:
            return
        try:
            canvas = None if self._beside is None else self._beside.canvas
            await self._session.draw(sketch, canvas=canvas)
        except SketchError as err:
            self._screen.problem(f"{str(err).rstrip('.')}. The board is unchanged.")
        else:
            self._screen.show_board(await self._session.board())

    async def _refresh(self) -> None:
        before, self._view = self._shown(), await self._session.view()
        moved = (before.round_index, before.stage_index) != (
            self._view.round_index,
            self._view.stage_index,
        )
        if moved and self._view.phase is not Phase.OVER:
            self._screen.show_stage(self._view)
        if before.phase is not Phase.PAUSED and self._view.phase is Phase.PAUSED:
            self._screen.note("Paused; the clock stands still. /go goes on.")

    async def _tick(self) -> None:
        """Keep the time beside the field up to date, until the interview is over."""
        while self._shown().phase is not Phase.OVER:
            await asyncio.sleep(1)
            await self._refresh()

    def _status(self) -> str:
        return toolbar(self._shown())

    def _shown(self) -> SessionView:
        if self._view is None:
            raise RuntimeError("run() looks at the interview before anything else")
        return self._view


def _event(answer: Answer) -> EventKind | None:
    """What a command asks for; None for anything else."""
    if isinstance(answer, str):
        return _EVENTS.get(answer.strip().casefold())
    return answer if isinstance(answer, EventKind) else None


def _help_line() -> str:
    return f"Commands: {' '.join(COMMANDS)}"
