"""One interview in the terminal, from the first question to the card."""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from rich.console import Console

from bot.alerts import describe
from bot.console.answers import Answers
from bot.console.screen import Screen
from bot.console.sitting import Beside, SittingTalk
from bot.disclosure import disclosure
from bot.doors import Advice, UsageError
from bot.reading import READING, reads_answers
from bot.rounds import hash_packs
from bot.wiring import App, open_sessions
from interviewer.ports import InterviewNotFoundError
from interviewer.session import Session, new_interview_id
from interviewer.state import EventKind, InterviewSettings
from interviewer.view import Phase
from scenarios.load import UnknownItem
from scoring.render.terminal import render_terminal
from storage.errors import StorageError
from storage.retention import delete_expired
from storage.scorecards import load_scorecard, unfinished_interviews
from storage.web_links import links_of

Join = Callable[[Session, Screen], Awaitable[None]]
"""Readies whatever else an interview goes through, once it exists and before its first word."""


async def in_writing(session: Session, screen: Screen) -> None:
    """What is said is shown, and nothing else."""


async def practise(
    app: App,
    settings: InterviewSettings,
    answers: Answers,
    console: Console,
    join: Join = in_writing,
    beside: Beside | None = None,
) -> None:
    """Hold a new interview and show its card; `beside` is the page that `join` opened with it.

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
        await SittingTalk(app, session, screen, answers, beside).run()
    await _show_outcome(app, interview_id, screen)


async def hold(
    app: App,
    settings: InterviewSettings,
    session: Session,
    answers: Answers,
    screen: Screen,
    join: Join = in_writing,
) -> None:
    """Open the interview of a session and talk, until it is over or there are no more answers."""
    await app.services.store.create_interview(session.id, settings, app.services.clock.now())
    await join(session, screen)
    await session.report(EventKind.BEGAN)
    await SittingTalk(app, session, screen, answers).run()


async def resume(
    app: App,
    interview_id: str,
    answers: Answers,
    console: Console,
    join: Join = in_writing,
    beside: Beside | None = None,
) -> None:
    """Go on with an interview that was interrupted, at the point where it stopped.

    `beside` is the page that `join` opens with it.
    """
    screen = Screen(console, reads=reads_answers(app.settings))
    await _forget_expired(app, screen)
    await _check_packs(app, interview_id, screen)
    async with _Sitting(app, interview_id), open_sessions(app) as open_session:
        app.alerts.listeners.append(lambda alert: screen.note(describe(alert)))
        await _recap(app, interview_id, screen)
        session = open_session(interview_id, screen)
        if reads_answers(app.settings) and await _is_said_out(app, interview_id):
            screen.note(READING)
        await join(session, screen)
        await session.recover()
        if (await session.view()).phase is not Phase.OVER:
            await SittingTalk(app, session, screen, answers, beside).run()
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
                err.add_note(Advice(await _how_to_go_on(self._app, self._id)))


async def _how_to_go_on(app: App, interview_id: str) -> str:
    """With the page, where there was one."""
    board = " --board" if await links_of(app.database, interview_id) else ""
    file = app.settings.database
    place = f" --database {shlex.quote(str(file))}" if file else ""
    command = f"hotseat resume {interview_id}{board}{place}"
    return f"Interview {interview_id} is kept: `{command}` goes on."


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
        screen.note(await _how_to_go_on(app, interview_id))
        return
    card = await load_scorecard(app.database, interview_id)
    render_terminal(card, screen.console)
    screen.note(
        f"Kept as {interview_id}: `hotseat scorecards export {interview_id}` writes it as HTML, "
        f"`hotseat trace {interview_id}` explains every question."
    )
