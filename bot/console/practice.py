"""One interview in the terminal, from the first question to the card."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from rich.console import Console

from bot.console.answers import COMMANDS, Answers
from bot.console.screen import Screen, toolbar
from bot.wiring import App, open_sessions
from interviewer.session import (
    InterviewOverError,
    MessageTooLongError,
    Phase,
    Session,
    SessionView,
    new_interview_id,
)
from interviewer.state import EventKind, InterviewSettings
from scoring.render.terminal import render_terminal
from storage.scorecards import load_scorecard, unfinished_interviews
from whiteboard.sketch import SketchError

_EVENTS = {
    "/hint": EventKind.HINT,
    "/think": EventKind.THINK,
    "/pause": EventKind.PAUSED,
    "/go": EventKind.RESUMED,
    "/next": EventKind.NEXT,
    "/end": EventKind.END,
}


async def practise(
    app: App, settings: InterviewSettings, answers: Answers, console: Console
) -> None:
    """Hold a new interview and show its card."""
    async with open_sessions(app) as open_session:
        screen = Screen(console)
        session = open_session(new_interview_id(), screen)
        screen.show_start(session.id, *_title_and_minutes(app, settings))
        await session.begin(settings)
        await _Talk(session, screen, answers).run()
    await _show_outcome(app, session.id, screen)


async def resume(app: App, interview_id: str, answers: Answers, console: Console) -> None:
    """Go on with an interview that was interrupted, at the point where it stopped."""
    async with open_sessions(app) as open_session:
        screen = Screen(console)
        await _recap(app, interview_id, screen)
        session = open_session(interview_id, screen)
        await session.recover()
        if (await session.view()).phase is not Phase.OVER:
            await _Talk(session, screen, answers).run()
    await _show_outcome(app, interview_id, screen)


async def latest_unfinished(app: App) -> str | None:
    """The id of the unfinished interview that was started last."""
    stored = await unfinished_interviews(app.database)
    return max(stored, key=lambda one: one.started_at).id if stored else None


def _title_and_minutes(app: App, settings: InterviewSettings) -> tuple[str, float]:
    titles = [app.services.library.round_for(*spec.items).title for spec in settings.rounds]
    minutes = sum(spec.minutes for spec in settings.rounds) * settings.extra_time
    return " · ".join(titles), minutes


async def _recap(app: App, interview_id: str, screen: Screen) -> None:
    transcript = await app.services.store.transcript(interview_id)
    screen.note(f"Interview {interview_id}, where it stopped. The time in between does not count.")
    for turn in transcript[-2:]:
        screen.show_turn(turn.speaker.value.capitalize(), turn.text, "dim")


async def _show_outcome(app: App, interview_id: str, screen: Screen) -> None:
    stored = await app.services.store.interview(interview_id)
    if stored.finished_at is None:
        screen.note(f"Interview {interview_id} is kept. `hotseat resume` goes on with it.")
        return
    card = await load_scorecard(app.database, interview_id)
    render_terminal(card, screen.console)
    screen.note(
        f"Kept as {interview_id}: `hotseat scorecards export {interview_id}` writes it as HTML, "
        f"`hotseat trace {interview_id}` explains every question."
    )


class _Talk:
    """The loop of one sitting: read an answer or a command, report it, show what changed."""

    def __init__(self, session: Session, screen: Screen, answers: Answers) -> None:
        self._session = session
        self._screen = screen
        self._answers = answers
        self._view: SessionView | None = None

    async def run(self) -> None:
        """Until the interview is over or there are no more answers."""
        self._view = await self._session.view()
        self._screen.show_stage(self._view)
        watch = asyncio.create_task(self._session.watch())
        try:
            await self._converse()
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

    async def _converse(self) -> None:
        while self._shown().phase is not Phase.OVER:
            ticking = asyncio.create_task(self._tick())
            try:
                answer = await self._answers.next(self._status)
            finally:
                ticking.cancel()
                await asyncio.gather(ticking, return_exceptions=True)
            if answer is None:
                return
            await self._take(answer)
            await self._refresh()

    async def _take(self, answer: str) -> None:
        try:
            await self._handle(answer)
        except MessageTooLongError as err:
            self._screen.problem(str(err))
        except InterviewOverError:
            self._screen.note("The time is over.")

    async def _handle(self, answer: str) -> None:
        command = answer.strip().casefold()
        if command in _EVENTS:
            await self._session.report(_EVENTS[command])
        elif command in self._local_commands():
            await self._local_commands()[command]()
        elif command.startswith("/") and " " not in command:
            self._screen.note(f"There is no {command}. {_help_line()}")
        else:
            await self._session.report(EventKind.SAID, answer)

    def _local_commands(self) -> dict[str, Callable[[], Awaitable[None]]]:
        return {"/facts": self._facts, "/board": self._board, "/help": self._help}

    async def _facts(self) -> None:
        self._screen.show_facts(await self._session.view())

    async def _help(self) -> None:
        for command, meaning in COMMANDS.items():
            self._screen.note(f"{command:8} {meaning}")

    async def _board(self) -> None:
        sketch = await self._answers.next_block("Your board (client -> gateway : query)")
        if sketch is None:
            return
        try:
            await self._session.draw(sketch)
        except SketchError as err:
            self._screen.problem(f"{err} The board is unchanged.")
        else:
            self._screen.note("The board is kept; the interviewer has seen it.")

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
        """Keep the time beside the field up to date."""
        while True:
            await asyncio.sleep(1)
            self._view = await self._session.view()

    def _status(self) -> str:
        return toolbar(self._shown())

    def _shown(self) -> SessionView:
        if self._view is None:
            raise RuntimeError("run() looks at the interview before anything else")
        return self._view


def _help_line() -> str:
    return f"Commands: {' '.join(COMMANDS)}"
