"""A recorded candidate takes a whole round against the real interviewer.

The candidate is `demo_candidate.yaml`: answers per stage in order, answers by the concept that a
follow-up aims at, one sketch, one hint. The clock is moved by the seconds that each answer took,
so a round of 40 minutes passes at once; the database is a temporary one.
"""

from __future__ import annotations

from asyncio import sleep as pause
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field
from rich.console import Console

from bot.console.screen import INTERVIEWER, Screen
from bot.settings import Settings
from bot.wiring import App, open_app, open_sessions
from interviewer.clock import ManualClock
from interviewer.ports import Mouth
from interviewer.session import Session
from interviewer.state import EventKind, InterviewSettings, MoveKind, RoundSpec, Utterance
from interviewer.view import Phase
from scenarios.load import Library, builtin_packs_folder, load_library
from scenarios.model import Level, RoundKind
from scoring.render.terminal import render_terminal
from scoring.transcript import Source
from storage.scorecards import load_scorecard

CANDIDATE = "Candidate"
PACE_S = 0.09
"""Seconds before each turn at a terminal; the whole takes 10 to 14."""

BEGINS = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
"""When the recorded interview took place, so that its card is always the same."""


class _Recorded(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Recorded):
    """What the candidate does after `seconds`: draws and says something, or asks for a hint."""

    seconds: Annotated[float, Field(ge=0)]
    say: str = ""
    draw: str | None = None
    hint: bool = False


class RecordedCandidate(_Recorded):
    """What the candidate does, by stage in order and by the concept that is asked about.

    `at_a_loss` is said to a follow-up for which there is nothing left.
    """

    scenario: str
    level: Level
    stages: dict[str, tuple[Step, ...]]
    curveball: Step
    by_concept: dict[str, tuple[Step, ...]]
    at_a_loss: tuple[Step, ...]


def load_candidate() -> RecordedCandidate:
    """The candidate that comes with Hotseat."""
    text = files("bot.console").joinpath("demo_candidate.yaml").read_text("utf-8")
    return RecordedCandidate.model_validate(yaml.safe_load(text))


async def run_demo(settings: Settings, console: Console, pace: float | None = None) -> None:
    """Play the round and show its card; nothing is stored.

    `pace` is the wait before each turn in seconds; without it there is one at a terminal only.
    """
    if pace is None:
        pace = PACE_S if console.is_terminal else 0.0
    library = load_library(builtin_packs_folder())
    with TemporaryDirectory(prefix="hotseat-demo-") as folder:
        clock = ManualClock(BEGINS)
        inside = settings.model_copy(
            update={"home": Path(folder), "database": None, "engine": "offline"}
        )
        async with open_app(inside, library, clock) as app, open_sessions(app) as open_session:
            show = _Show(console, clock, load_candidate(), pace)
            await show.run(open_session("demo", show), library)
            await _show_card(app, console)
    show.screen.note("\nNothing of this was stored. Your own round: hotseat practice")


async def _show_card(app: App, console: Console) -> None:
    console.print()
    render_terminal(await load_scorecard(app.database, "demo"), console)


class _Show(Mouth):
    """One performance: the mouth of the interviewer and the hand of the candidate."""

    def __init__(
        self, console: Console, clock: ManualClock, candidate: RecordedCandidate, pace: float
    ) -> None:
        self.screen = Screen(console)
        self._clock = clock
        self._candidate = candidate
        self._pace = pace
        self._done: dict[str, int] = {}

    piecewise = True

    async def say(self, key: str, text: str, offset: int) -> int:
        """Show what the interviewer says, with the time."""
        if text[offset:].strip():
            await self._turn(INTERVIEWER, text[offset:], "bold cyan")
        return len(text)

    async def run(self, session: Session, library: Library) -> None:
        """From the first question to the end."""
        heard = await session.begin(_settings(self._candidate, library))
        shown = -1
        while (view := await session.view()).phase is not Phase.OVER:
            if view.stage_index != shown:
                shown = view.stage_index
                self.screen.show_stage(view)
            heard = await self._perform(session, self._choose(heard, view.stages[shown].name))

    def _choose(self, heard: Utterance | None, stage: str) -> Step | None:
        """What comes next: to a follow-up what is known about it, else the stage's own."""
        candidate = self._candidate
        if heard is None or heard.move.kind is MoveKind.CURVEBALL:
            return candidate.curveball
        aimed = heard.move.concept
        if aimed is not None and heard.text:
            known = self._next(aimed, candidate.by_concept.get(aimed, ()))
            return known or self._next("at_a_loss", candidate.at_a_loss)
        return self._next(f"stage {stage}", candidate.stages.get(stage, ()))

    def _next(self, name: str, steps: tuple[Step, ...]) -> Step | None:
        index = self._done.get(name, 0)
        self._done[name] = index + 1
        return steps[index] if index < len(steps) else None

    async def _perform(self, session: Session, step: Step | None) -> Utterance | None:
        """Do the step after the time it took; with nothing left to say, move on."""
        if step is None:
            self.screen.note("(The candidate moves on.)")
            return await session.report(EventKind.NEXT)
        self._clock.advance(step.seconds)
        if step.hint:
            self.screen.note("(The candidate asks for a hint.)")
            return await session.report(EventKind.HINT)
        if step.draw is not None:
            await self._turn(f"{CANDIDATE} draws", step.draw.strip(), "bold magenta")
            await session.draw(step.draw)
        await self._turn(CANDIDATE, step.say, "bold green")
        return await session.report(EventKind.SAID, step.say, source=Source.RECORDED)

    async def _turn(self, name: str, text: str, style: str) -> None:
        if self._pace:
            await pause(self._pace)
        elapsed = int((self._clock.now() - BEGINS).total_seconds())
        self.screen.show_turn(f"{name}  {elapsed // 60:02d}:{elapsed % 60:02d}", text, style)


def _settings(candidate: RecordedCandidate, library: Library) -> InterviewSettings:
    scenario = library.scenario(candidate.scenario)
    spec = RoundSpec(kind=RoundKind.DESIGN, items=(scenario.id,), minutes=scenario.minutes)
    return InterviewSettings(
        rounds=(spec,),
        level=candidate.level,
        edge="demo",
        pack_hash=library.pack_of(scenario.id).hash,
    )
