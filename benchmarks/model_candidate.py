"""A candidate whose interviewer asks a language model, and what can be seen between the two."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field

from benchmarks.answers import answer
from benchmarks.rehearsal import SECONDS_AN_ANSWER, settings_of_round
from benchmarks.stand_in import ModelWorld, model_world
from interviewer.clock import ManualClock
from interviewer.desk import Services
from interviewer.graph import Graph
from interviewer.ports import Mouth
from interviewer.session import Session, new_interview_id
from interviewer.state import EventKind
from scoring.language_model import Ask, Completion, LanguageModel, StreamItem, Usage

Watched = Callable[[AsyncExitStack, ModelWorld], ModelWorld]
"""Puts watches into a world for as long as the stack is open."""


@dataclass
class Heard:
    """What came of one call: the ask, each piece with when it came, and what it took."""

    ask: Ask
    pieces: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    usage: Usage = field(default_factory=Usage)


class Tap:
    """A language model that notes what passes through it."""

    def __init__(self, model: LanguageModel) -> None:
        self.name = model.name
        self._model = model
        self.heard: list[Heard] = []

    async def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        """What the model says."""
        heard = Heard(ask)
        self.heard.append(heard)
        async with aclosing(self._model.stream(ask)) as items:
            async for item in items:
                if isinstance(item, str):
                    heard.pieces.append((time.perf_counter(), item))
                elif isinstance(item, Completion):
                    heard.usage = item.usage
                yield item


class TimedMouth(Mouth):
    """Shows everything at once and notes when."""

    piecewise = True

    def __init__(self) -> None:
        self.shown: list[tuple[float, str]] = []

    async def say(self, key: str, text: str, offset: int) -> int:
        """All of it is shown."""
        self.shown.append((time.perf_counter(), text[offset:]))
        return len(text)


class Candidate:
    """Answers one interview after the other, and knows when each question was shown."""

    def __init__(self, services: Services, graph: Graph, clock: ManualClock) -> None:
        self.services, self._graph, self._clock = services, graph, clock
        self._session: Session | None = None
        self.mouth = TimedMouth()
        self.said = self.interviews = 0
        self.is_done = True

    async def settle(self) -> None:
        """Begin a new interview where the last one is over."""
        if self.is_done:
            self._session = Session(self.services, self._graph, new_interview_id(), self.mouth)
            await self._session.begin(settings_of_round())
            self.is_done, self.said = False, 0
            self.interviews += 1
        self._clock.advance(SECONDS_AN_ANSWER)
        self.mouth.shown.clear()

    async def answer(self) -> float:
        """One turn; milliseconds until the last word of the question was shown."""
        assert self._session is not None
        since = time.perf_counter()
        uttered = await self._session.report(EventKind.SAID, answer(self.said, self.interviews))
        self.said += 1
        self.is_done = uttered is not None and uttered.move.ending is not None
        return (self.mouth.shown[-1][0] - since) * 1000 if self.mouth.shown else 0.0


@asynccontextmanager
async def model_candidate(
    url: str, watched: Watched = lambda stack, world: world
) -> AsyncIterator[tuple[Candidate, Tap]]:
    """A candidate of a new database whose interviewer asks the server, and the tap between."""
    taps: list[Tap] = []

    def tapped(model: LanguageModel) -> Tap:
        taps.append(Tap(model))
        return taps[0]

    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(model_world(url, tapped))
        world = watched(stack, opened)
        yield Candidate(world.services, world.graph, world.clock), taps[0]
