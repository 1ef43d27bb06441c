"""A screen to print on, and two drills: one played to its end and one left open."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from bot.settings import Settings
from bot.wiring import open_app, open_sessions
from interviewer.clock import ManualClock
from interviewer.ports import Mouth
from interviewer.session import Session
from interviewer.state import EventKind, InterviewSettings, RoundSpec
from scenarios.load import Library
from scenarios.model import Level, RoundKind

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
QUESTIONS = ("what-is-a-token", "agent-vs-chain")
FINISHED, OPEN = "drilled2", "begun234"
ANSWER = (
    "A token is a piece of a word; the tokenizer cuts text into them, and both the context window "
    "and the price are counted in tokens."
)


class SilentMouth(Mouth):
    """Takes every utterance as shown at once."""

    piecewise = True

    async def say(self, key: str, text: str, offset: int) -> int:
        """All of it."""
        return len(text)


class Screen(NamedTuple):
    """A console and what was printed on it."""

    console: Console
    text: Callable[[], str]


def screen_of(width: int = 100, *, terminal: bool = False) -> Screen:
    """A console of that width on a buffer."""
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=width,
        force_terminal=terminal,
        color_system="standard" if terminal else None,
        force_interactive=terminal,
    )
    return Screen(console, buffer.getvalue)


async def play_drills(home: Path, library: Library) -> None:
    """Store both interviews in the home folder."""
    clock = ManualClock(START)
    async with open_app(Settings(home=home), library, clock) as app, open_sessions(app) as sessions:
        await _answer_drill(sessions(FINISHED, SilentMouth()), clock)
        clock.advance(3600)
        await sessions(OPEN, SilentMouth()).begin(_drill())


async def _answer_drill(session: Session, clock: ManualClock) -> None:
    await session.begin(_drill())
    await _say(session, clock, ANSWER)
    await session.draw("client -> model")
    await session.report(EventKind.THINK)
    await _say(session, clock, "It \x1b[31mreads [bold]them[/bold] one by one, nothing else.")
    await _say(session, clock, "An agent chooses its own steps, a chain has fixed ones.")
    await session.report(EventKind.END)


async def _say(session: Session, clock: ManualClock, text: str) -> None:
    clock.advance(20)
    await session.report(EventKind.SAID, text)


def _drill() -> InterviewSettings:
    spec = RoundSpec(kind=RoundKind.DRILL, items=QUESTIONS, minutes=4)
    return InterviewSettings(rounds=(spec,), level=Level.MID)
