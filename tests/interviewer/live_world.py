"""A round on the real tables: a library of one plan, a mouth that remembers, a clock by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from interviewer.clock import ManualClock
from interviewer.desk import Services
from interviewer.engines.offline import OfflineEngine
from interviewer.graph import Graph, build_graph
from interviewer.ports import Engine, Mouth, Scene
from interviewer.session import Session
from interviewer.state import InterviewSettings, Move, Utterance
from scenarios.rounds import RoundPlan
from storage.checkpoints import open_saver
from storage.database import Database, open_database
from storage.interviews import SqlStore
from tests.interviewer.worlds import START, settings_for

INTERVIEW = "one"

ENGINE = OfflineEngine()
"""Shared, since it builds a plan's finder once; the plans here differ in what it does not read."""


@dataclass(frozen=True)
class PlanLibrary:
    """Knows the given plans by their items."""

    plans: tuple[RoundPlan, ...]

    def round_for(self, *items: str) -> RoundPlan:
        return next(plan for plan in self.plans if plan.item == "+".join(items))


class MouthBrokenError(Exception):
    """The edge could not show anything."""


@dataclass
class RecordingMouth(Mouth):
    """Shows each character of an utterance once.

    `breaks_after` so many characters it fails, once; `speaks_s` is how long it takes a piece.
    """

    clock: ManualClock
    shown: dict[str, str] = field(default_factory=dict[str, str])
    pieces: list[str] = field(default_factory=list[str])
    breaks_after: int | None = None
    speaks_s: float = 0.0
    piecewise: bool = True

    async def say(self, key: str, text: str, offset: int) -> int:
        await asyncio.sleep(0)
        start = max(offset, len(self.shown.get(key, "")))
        if self.breaks_after is not None:
            end, self.breaks_after = start + self.breaks_after, None
            self._show(key, text[start:end])
            raise MouthBrokenError(key)
        self._show(key, text[start:])
        return len(text)

    def _show(self, key: str, piece: str) -> None:
        if piece:
            self.shown[key] = self.shown.get(key, "") + piece
            self.pieces.append(piece)
            self.clock.advance(self.speaks_s)


class StreamingEngine(OfflineEngine):
    """Gives every utterance in the parts that `split` makes of it."""

    def __init__(self, split: Sequence[int]) -> None:
        super().__init__()
        self._cuts = split

    async def word(self, move: Move, scene: Scene) -> AsyncIterator[str]:
        text = "".join([part async for part in super().word(move, scene)])
        places = [0, *self._cuts, len(text)]
        for start, end in pairwise(places):
            yield text[start:end]


@dataclass
class World:
    """An open house: the parts, and sessions of its one interview."""

    database: Database
    services: Services
    graph: Graph
    clock: ManualClock
    mouth: RecordingMouth
    settings: InterviewSettings

    def session(self, mouth: Mouth | None = None) -> Session:
        """A session that knows nothing but the files, as after a restart."""
        return Session(self.services, self.graph, INTERVIEW, mouth or self.mouth)

    async def begin(self) -> Session:
        """A session with the first question asked."""
        session = self.session()
        await session.begin(self.settings)
        return session

    async def moves(self) -> list[str]:
        """The kinds of all moves so far."""
        said = await self.services.store.utterances(INTERVIEW)
        return [utterance.move.kind.value for utterance in said]

    async def charged_s(self) -> float:
        """The seconds that were charged so far."""
        return sum((await self.services.store.interview(INTERVIEW)).state.spent_s.values())


def words_of(utterance: Utterance | None) -> str:
    """What was said."""
    assert utterance is not None
    return utterance.text[: utterance.shown]


@asynccontextmanager
async def open_world(
    house: Path, plan: RoundPlan, engine: Engine | None = None, **settings: object
) -> AsyncIterator[World]:
    """The world whose files are in `house`."""
    clock = ManualClock(START)
    async with (
        open_database(house / "hotseat.sqlite") as database,
        open_saver(database.checkpoint_path) as saver,
    ):
        library: Any = PlanLibrary((plan,))
        services = Services(SqlStore(database), library, engine or ENGINE, clock)
        yield World(
            database=database,
            services=services,
            graph=build_graph(saver),
            clock=clock,
            mouth=RecordingMouth(clock),
            settings=settings_for(plan, **settings),
        )
