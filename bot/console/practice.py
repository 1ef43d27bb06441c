"""One interview in the terminal, from the first question to the card."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from rich.console import Console

from bot.alerts import describe
from bot.console.answers import (
    COMMANDS,
    Answer,
    Answers,
    SpokenAnswer,
    flag_note,
    is_command,
)
from bot.console.screen import CANDIDATE, Screen, toolbar
from bot.disclosure import disclosure
from bot.doors import Advice, UsageError
from bot.flagging import KEPT, beginning, flag, flaggable
from bot.reading import READING, reads_answers
from bot.rounds import hash_packs
from bot.wiring import App, open_sessions
from interviewer.ports import InterviewNotFoundError
from interviewer.session import (
    InterviewOverError,
    MessageTooLongError,
    Session,
    clean,
    new_interview_id,
)
from interviewer.state import EventKind, InterviewSettings
from interviewer.view import Phase, SessionView
from scenarios.load import UnknownItem
from scoring.render.terminal import render_terminal
from scoring.transcript import Source
from storage.errors import StorageError
from storage.retention import delete_expired
from storage.scorecards import load_scorecard, unfinished_interviews
from whiteboard.sketch import SketchError

REPLACED = "\ufffd"
"""Stands where the input was not UTF-8."""

Join = Callable[[Session, Screen], Awaitable[None]]
"""Readies whatever else an interview goes through, once it exists and before its first word."""

_EVENTS = {
    "/hint": EventKind.HINT,
    "/think": EventKind.THINK,
    "/pause": EventKind.PAUSED,
    "/go": EventKind.RESUMED,
    "/next": EventKind.NEXT,
    "/end": EventKind.END,
}


async def _in_writing(session: Session, screen: Screen) -> None:
    """What is said is shown, and nothing else."""


async def practise(
    app: App,
    settings: InterviewSettings,
    answers: Answers,
    console: Console,
    join: Join = _in_writing,
) -> None:
    """Hold a new interview and show its card.

    What is older than the retention time is deleted first. An error that ends the sitting leaves
    with a note on how to go on.
    """
    screen = Screen(console, reads=reads_answers(app.settings))
    await _forget_expired(app, screen)
    interview_id = new_interview_id()
    async with _Sitting(app, interview_id), open_sessions(app) as open_session:
        app.alerts.listeners.append(lambda alert: screen.note(describe(alert)))
        session = open_session(interview_id, screen)
        screen.show_start(session.id, *_title_and_minutes(app, settings))
        if told := disclosure(app.settings):
            screen.note(f"{told} HOTSEAT_ENGINE=offline keeps it here.")
        await app.services.store.create_interview(session.id, settings, app.services.clock.now())
        await join(session, screen)
        await session.report(EventKind.BEGAN)
        await _Talk(app, session, screen, answers).run()
    await _show_outcome(app, interview_id, screen)


async def hold(
    app: App,
    settings: InterviewSettings,
    session: Session,
    answers: Answers,
    screen: Screen,
    join: Join = _in_writing,
) -> None:
    """Open the interview of a session and talk, until it is over or there are no more answers."""
    await app.services.store.create_interview(session.id, settings, app.services.clock.now())
    await join(session, screen)
    await session.report(EventKind.BEGAN)
    await _Talk(app, session, screen, answers).run()


async def resume(app: App, interview_id: str, answers: Answers, console: Console) -> None:
    """Go on with an interview that was interrupted, at the point where it stopped."""
    screen = Screen(console, reads=reads_answers(app.settings))
    await _forget_expired(app, screen)
    await _check_packs(app, interview_id, screen)
    async with _Sitting(app, interview_id), open_sessions(app) as open_session:
        app.alerts.listeners.append(lambda alert: screen.note(describe(alert)))
        await _recap(app, interview_id, screen)
        session = open_session(interview_id, screen)
        if reads_answers(app.settings) and await _is_said_out(app, interview_id):
            screen.note(READING)
        await session.recover()
        if (await session.view()).phase is not Phase.OVER:
            await _Talk(app, session, screen, answers).run()
    await _show_outcome(app, interview_id, screen)


async def latest_unfinished(app: App) -> str | None:
    """The id of the unfinished interview that was started last."""
    stored = await unfinished_interviews(app.database)
    return max(stored, key=lambda one: one.started_at).id if stored else None


def _title_and_minutes(app: App, settings: InterviewSettings) -> tuple[str, float]:
    titles = [app.services.library.round_for(*spec.items).title for spec in settings.rounds]
    minutes = sum(spec.minutes for spec in settings.rounds) * settings.extra_time
    return " · ".join(titles), minutes


async def _forget_expired(app: App, screen: Screen) -> None:
    days = app.settings.retention_days
    now = app.services.clock.now()
    expired = await delete_expired(app.database, timedelta(days=days), now, placed=False)
    if expired:
        what = "1 interview" if len(expired) == 1 else f"{len(expired)} interviews"
        screen.note(
            f"Deleted {what} of more than {days} days ago. HOTSEAT_RETENTION_DAYS sets the time."
        )


async def _check_packs(app: App, interview_id: str, screen: Screen) -> None:
    """Say what has become of the packs of the interview; raises `UsageError` if they are gone."""
    settings = (await app.services.store.interview(interview_id)).settings
    try:
        now = hash_packs(app.services.library, settings.rounds)
    except UnknownItem as err:
        raise UsageError(
            f"interview {interview_id} needs a pack that is gone ({err}): put it back into "
            f"{app.settings.packs_path} to go on, or delete the interview with "
            f"`hotseat scorecards delete {interview_id}`"
        ) from err
    if settings.pack_hash not in ("", now):
        screen.note("The pack was changed after this interview began; it goes on with the new one.")


class _Sitting:
    """Adds to whatever ends a sitting early how to go on with the interview."""

    def __init__(self, app: App, interview_id: str) -> None:
        self._app = app
        self._id = interview_id

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(
        self, kind: type[BaseException] | None, err: BaseException | None, trace: object
    ) -> None:
        if err is None:
            return
        with suppress(InterviewNotFoundError, StorageError):
            if (await self._app.services.store.interview(self._id)).finished_at is None:
                err.add_note(Advice(_how_to_go_on(self._app, self._id)))


def _how_to_go_on(app: App, interview_id: str) -> str:
    file = app.settings.database
    place = f" --database {shlex.quote(str(file))}" if file else ""
    return f"Interview {interview_id} is kept: `hotseat resume {interview_id}{place}` goes on."


async def _is_said_out(app: App, interview_id: str) -> bool:
    """Whether the last word was said, and only the card is missing."""
    said = await app.services.store.utterances(interview_id)
    return bool(said) and said[-1].closed and said[-1].move.ending is not None


async def _recap(app: App, interview_id: str, screen: Screen) -> None:
    transcript = await app.services.store.transcript(interview_id)
    screen.note(f"Interview {interview_id}, where it stopped. The time in between does not count.")
    for turn in transcript[-2:]:
        screen.show_turn(turn.speaker.value.capitalize(), turn.text, "dim")


async def _show_outcome(app: App, interview_id: str, screen: Screen) -> None:
    stored = await app.services.store.interview(interview_id)
    if stored.finished_at is None:
        screen.note(_how_to_go_on(app, interview_id))
        return
    card = await load_scorecard(app.database, interview_id)
    render_terminal(card, screen.console)
    screen.note(
        f"Kept as {interview_id}: `hotseat scorecards export {interview_id}` writes it as HTML, "
        f"`hotseat trace {interview_id}` explains every question."
    )


BOARD_HELP = (
    "Add to the board, as in: client -> gateway -> orders : token ; zone trusted { orders }\n"
    "`new ;` in front starts over."
)


class _Talk:
    """The loop of one sitting: read an answer or a command, report it, show what changed."""

    def __init__(self, app: App, session: Session, screen: Screen, answers: Answers) -> None:
        self._app = app
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
            await self._session.draw(sketch)
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


def _help_line() -> str:
    return f"Commands: {' '.join(COMMANDS)}"
