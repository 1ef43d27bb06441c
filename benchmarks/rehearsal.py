"""An interview without an edge: the shipped scenario, a new database file, nobody listening."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.settings import Settings
from bot.wiring import App, open_app
from interviewer.clock import ManualClock
from interviewer.ports import Mouth
from interviewer.session import Session
from interviewer.state import EventKind, InterviewSettings, RoundSpec
from interviewer.view import Phase
from scenarios.load import builtin_packs_folder, load_library
from scenarios.model import Level, RoundKind

SCENARIO = "support-agent-limited-actions"
SECONDS_AN_ANSWER = 30
MINUTES = 45


class SilentMouth(Mouth):
    """Shows everything at once, to nobody."""

    piecewise = True

    async def say(self, key: str, text: str, offset: int) -> int:
        """All of it is shown."""
        return len(text)


def settings_of_round(level: Level = Level.SENIOR) -> InterviewSettings:
    """One round of the shipped scenario."""
    spec = RoundSpec(kind=RoundKind.DESIGN, items=(SCENARIO,), minutes=MINUTES)
    return InterviewSettings(rounds=(spec,), level=level)


def manual_clock() -> ManualClock:
    """A clock on which answering takes time and measuring takes none."""
    return ManualClock(datetime(2026, 1, 5, 9, tzinfo=UTC))


@asynccontextmanager
async def rehearsal_app() -> AsyncIterator[tuple[App, ManualClock]]:
    """The product on a new SQLite file, in a folder that is removed afterwards."""
    clock = manual_clock()
    with TemporaryDirectory(prefix="hotseat-bench-") as folder:
        settings = Settings(home=Path(folder), database=None, packs=None, engine="offline")
        library = load_library(builtin_packs_folder())
        async with open_app(settings, library, clock) as app:
            yield app, clock


async def answer_once(session: Session, clock: ManualClock, text: str) -> bool:
    """Let the candidate say `text`; whether the interview goes on."""
    clock.advance(SECONDS_AN_ANSWER)
    await session.report(EventKind.SAID, text)
    return await is_open(session)


async def is_open(session: Session) -> bool:
    """Whether the interview still listens."""
    return (await session.view()).phase is not Phase.OVER
