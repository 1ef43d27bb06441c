"""An interview without an edge: a new database file, nobody listening, time that moves when told.

A world is the product on one engine. The suites take worlds and do not know which engine it is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.settings import Settings
from bot.wiring import App, open_app, open_model, services_with
from interviewer.clock import ManualClock
from interviewer.graph import Graph, build_graph
from interviewer.ports import Mouth
from interviewer.session import Session
from interviewer.state import InterviewSettings, RoundSpec
from scenarios.load import Library, builtin_packs_folder, load_library
from scoring.language_model import Account, LanguageModel
from scoring.record import InterviewRecord
from scoring.scorecard import Scorecard
from storage.calls import cost_of
from storage.checkpoints import open_saver

OFFLINE = "offline"
MODEL = "model"
OWNER = "evals"

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


@lru_cache(maxsize=1)
def builtin_library() -> Library:
    """The packs of the product, read once a process."""
    return load_library(builtin_packs_folder())


class EvalClock(ManualClock):
    """Moves when told to; the time of day hardly does, so that all falls on one day.

    Budgets begin anew with each day, and a ceiling for the whole run must not.
    """

    def now(self) -> datetime:
        """The start, and a thousandth of what has passed."""
        return self._start + timedelta(seconds=self.monotonic() / 1000)


class SilentMouth(Mouth):
    """Shows everything at once, to nobody."""

    piecewise = False

    async def say(self, key: str, text: str, offset: int) -> int:
        """All of it is shown."""
        return len(text)


class HaltedError(Exception):
    """The world was halted before the round: no further one may be played."""


@dataclass(frozen=True)
class World:
    """The product on an engine; `engine` is its name in the figures.

    `held` has the ids of the interviews that were held in it.
    """

    engine: str
    app: App
    clock: EvalClock
    graph: Graph
    is_halted: Callable[[], bool] = lambda: False
    held: list[str] = field(default_factory=list[str])

    def begin(self) -> str:
        """The id of a new interview; raises `HaltedError` where nothing more may be played."""
        if self.is_halted():
            raise HaltedError
        self.held.append(f"evals-{len(self.held):04}")
        return self.held[-1]

    def open_session(self) -> Session:
        """A session of a new interview, with nobody listening; raises `HaltedError`."""
        return Session(self.app.services, self.graph, self.begin(), SilentMouth())

    async def spent_usd(self) -> float:
        """What the interviews have cost so far."""
        return sum([await cost_of(self.app.database, one) for one in self.held])

    @property
    def library(self) -> Library:
        """The packs."""
        return self.app.services.library

    async def grade(self, record: InterviewRecord) -> Scorecard:
        """The card of an interview that was not held here."""
        interview_id = self.begin()
        rounds = tuple(
            RoundSpec(kind=one.plan.kind, items=tuple(one.plan.item.split("+")), minutes=1)
            for one in record.rounds
        )
        settings = InterviewSettings(rounds=rounds, level=record.level, owner=OWNER)
        store = self.app.services.store
        await store.create_interview(interview_id, settings, record.started_at)
        known = replace(record, interview_id=interview_id)
        return await self.app.services.grader.grade(known, Account(interview_id, OWNER))


Wrap = Callable[[LanguageModel], LanguageModel]
"""Puts something around the language model, such as what records its answers."""


@asynccontextmanager
async def open_world(
    name: str = OFFLINE,
    *,
    wrap: Wrap = lambda model: model,
    is_halted: Callable[[], bool] = lambda: False,
    start: datetime = START,
    settings: Mapping[str, object] | None = None,
) -> AsyncIterator[World]:
    """A world in a folder that is removed afterwards.

    `settings` go to `bot.settings.Settings`, which look at no environment and no file here.
    """
    clock = EvalClock(start)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="hotseat-evals-"))
        values = {"home": Path(folder), "database": None, "packs": None, "engine": OFFLINE}
        chosen = Settings.model_validate({**values, **(settings or {})})
        library = builtin_library()
        app = await stack.enter_async_context(open_app(chosen, library, clock))
        model = await stack.enter_async_context(open_model(app))
        saver = await stack.enter_async_context(open_saver(app.database.checkpoint_path))
        services = await services_with(app, None if model is None else wrap(model))
        world_app = replace(app, services=services)
        yield World(name, world_app, clock, build_graph(saver), is_halted)
