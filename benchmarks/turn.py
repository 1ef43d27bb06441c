"""One turn: a 60-word answer in, the utterance out, everything committed.

    python -m benchmarks.turn [TURNS]

The same turn runs on the whole product and on the bare turn loop: LangGraph with the same five
nodes and edges, its own SQLite saver (WAL, synchronous=NORMAL, durability "sync") and no work in
the nodes. The two take turns in one run, so that a busy machine disturbs both alike. A second
pass times the parts of the product's turn; they add up to less than the whole, since the rest is
LangGraph itself.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from functools import wraps
from inspect import iscoroutinefunction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypedDict, cast
from unittest.mock import patch

import aiosqlite
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

from benchmarks.answers import answer
from benchmarks.figures import Sample, machine, median, percentile, print_table, verdict
from benchmarks.rehearsal import (
    SECONDS_AN_ANSWER,
    SilentMouth,
    rehearsal_app,
    settings_of_round,
)
from bot.wiring import App
from interviewer import desk
from interviewer.graph import build_graph
from interviewer.ports import Engine, Store
from interviewer.session import Session, new_interview_id
from interviewer.state import EventKind
from scenarios.load import Library
from storage.checkpoints import open_saver

TURNS = 150
WARM_UP = 5
AIM_MEDIAN_MS, AIM_P95_MS = 10.0, 25.0
WHOLE = "the whole turn"

Turn = Callable[[], Awaitable[None]]


class _State(TypedDict):
    interview_id: str
    seq: int
    over: bool


@asynccontextmanager
async def bare_turns() -> AsyncIterator[Turn]:
    """Resumes a thread of the bare loop by one turn at each call."""
    with TemporaryDirectory(prefix="hotseat-bench-") as folder:
        async with aiosqlite.connect(Path(folder) / "checkpoints") as connection:
            await connection.execute("PRAGMA journal_mode=WAL")
            await connection.execute("PRAGMA synchronous=NORMAL")
            graph = _bare_graph().compile(checkpointer=AsyncSqliteSaver(connection))
            config: Any = {"configurable": {"thread_id": "bare"}}
            given: Any = {"interview_id": "bare", "seq": -1, "over": False}
            await graph.ainvoke(given, config, durability="sync")

            async def take_turn() -> None:
                await graph.ainvoke(Command(resume=0), config, durability="sync")

            yield take_turn


def _bare_graph() -> StateGraph[_State]:
    async def listen(state: _State) -> dict[str, Any]:
        return {"seq": interrupt({"after": state["seq"]})}

    async def idle(state: _State) -> dict[str, Any]:
        return {"seq": state["seq"]}

    builder = StateGraph(_State)
    builder.add_node("listen", listen)
    for name in ("assess", "decide", "speak", "score"):
        builder.add_node(name, idle)
    builder.add_edge(START, "listen")
    builder.add_edge("listen", "assess")
    builder.add_edge("assess", "decide")
    builder.add_edge("decide", "speak")
    builder.add_conditional_edges(
        "speak", lambda state: "score" if state["over"] else "listen", ["listen", "score"]
    )
    builder.add_edge("score", END)
    return builder


class Candidate:
    """Answers one interview after the other."""

    def __init__(self, app: App, graph: Any, clock: Any) -> None:
        self._app, self._graph, self._clock = app, graph, clock
        self._session: Session | None = None
        self._over = True
        self.said = 0
        self.interviews = 0

    async def settle(self) -> None:
        """Begin a new interview where the last one is over."""
        if self._over:
            self._session = Session(
                self._app.services, self._graph, new_interview_id(), SilentMouth()
            )
            await self._session.begin(settings_of_round())
            self._over, self.said = False, 0
            self.interviews += 1
        self._clock.advance(SECONDS_AN_ANSWER)

    async def answer(self) -> None:
        """One turn."""
        assert self._session is not None
        uttered = await self._session.report(EventKind.SAID, answer(self.said, self.interviews))
        self.said += 1
        self._over = uttered is not None and uttered.move.ending is not None

    @property
    def is_done(self) -> bool:
        """Whether the last answer ended its interview, which was graded in that turn."""
        return self._over


@asynccontextmanager
async def rehearsal_candidate(watch: Watch | None = None) -> AsyncIterator[Candidate]:
    """A candidate of a new database, its turns watched part by part if asked."""
    async with AsyncExitStack() as stack:
        app, clock = await stack.enter_async_context(rehearsal_app())
        saver = await stack.enter_async_context(open_saver(app.database.checkpoint_path))
        if watch is not None:
            app = stack.enter_context(watch.over(app, saver))
        yield Candidate(app, build_graph(saver), clock)


async def compare(turns: int) -> tuple[Sample, Sample, Sample]:
    """The product's turns, those that also graded, and the bare loop's turns."""
    product, graded, bare = Sample(), Sample(), Sample()
    async with rehearsal_candidate() as candidate, bare_turns() as take_bare_turn:
        for index in range(turns + WARM_UP):
            await candidate.settle()
            sample = Sample()
            with sample:
                await candidate.answer()
            with bare if index >= WARM_UP else Sample():
                await take_bare_turn()
            if index >= WARM_UP:
                (graded if candidate.is_done else product).add(sample)
    return product, graded, bare


class Watch:
    """Wall time spent in the parts of a turn, in nanoseconds, and how often each was entered."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count the block as one entry of the part."""
        since = time.perf_counter()
        try:
            yield
        finally:
            self.spent[name] += int((time.perf_counter() - since) * 1e9)
            self.calls[name] += 1

    @contextmanager
    def over(self, app: App, saver: Any) -> Iterator[App]:
        """The same parts, timed: store, engine, saver, policy and library."""
        services = replace(
            app.services,
            store=cast("Store", _Timed(app.services.store, self, "store: ")),
            engine=cast("Engine", _Timed(app.services.engine, self, "engine: ")),
        )
        for name in ("aget_tuple", "aput", "aput_writes"):
            setattr(saver, name, self.around(getattr(saver, name), f"checkpoints: {name}"))
        offer = self.around(desk.offer, "policy: offer")
        round_for = self.around(Library.round_for, "library: round_for")
        with patch.object(desk, "offer", offer), patch.object(Library, "round_for", round_for):
            yield replace(app, services=services)

    def clear(self) -> None:
        """Forget everything."""
        self.spent.clear()
        self.calls.clear()

    def add(self, other: Watch) -> None:
        """Add what another one saw."""
        self.spent += other.spent
        self.calls += other.calls

    def around(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """The function, plain or asynchronous, with its time counted."""
        if iscoroutinefunction(function):

            @wraps(function)
            async def timed_later(*args: Any, **kwargs: Any) -> Any:
                with self.part(name):
                    return await function(*args, **kwargs)

            return timed_later

        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.part(name):
                return function(*args, **kwargs)

        return timed


class _Timed:
    """Stands before an object and times every method of it."""

    def __init__(self, target: object, watch: Watch, prefix: str) -> None:
        self._target, self._watch, self._prefix = target, watch, prefix

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        timed = callable(found) and name != "word"
        return self._watch.around(found, f"{self._prefix}{name}") if timed else found


async def break_down(turns: int) -> tuple[Watch, int]:
    """The parts of the product's turns that did not end an interview, and how many there were."""
    total, measured = Watch(), 0
    watch = Watch()
    async with rehearsal_candidate(watch) as candidate:
        for index in range(turns + WARM_UP):
            await candidate.settle()
            watch.clear()
            with watch.part(WHOLE):
                await candidate.answer()
            if index >= WARM_UP and not candidate.is_done:
                total.add(watch)
                measured += 1
    return total, measured


def show_comparison(product: Sample, graded: Sample, bare: Sample) -> None:
    """The table of whole turns."""
    rows = [
        _row("one turn", product),
        _row("bare turn loop", bare),
        _row("last turn, with the scorecard", graded),
    ]
    head = ("", "n", "median ms", "p95 ms", "max ms", "median CPU ms")
    print_table(f"One turn, 60 words ({machine()})", head, rows)
    wall, cpu = median(product.wall_ms), median(product.cpu_ms)
    p95 = percentile(product.wall_ms, 0.95)
    print(
        f"\nmedian {wall:.1f} ms, aim {AIM_MEDIAN_MS:g}: {verdict(wall, AIM_MEDIAN_MS)}; "
        f"p95 {p95:.1f} ms, aim {AIM_P95_MS:g}: {verdict(p95, AIM_P95_MS)}; "
        f"{wall / median(bare.wall_ms):.1f} times the bare loop "
        f"({cpu / median(bare.cpu_ms):.1f} in CPU time)"
    )


def _row(name: str, sample: Sample) -> tuple[str, ...]:
    figures = (
        median(sample.wall_ms),
        percentile(sample.wall_ms, 0.95),
        max(sample.wall_ms, default=0.0),
        median(sample.cpu_ms),
    )
    return (name, str(len(sample.wall_ms)), *(f"{figure:.1f}" for figure in figures))


def show_parts(watch: Watch, turns: int) -> None:
    """The table of parts, dearest first; means, since parts add up in means only."""
    whole = watch.spent.pop(WHOLE)
    rest = whole - watch.spent.total()
    parts = [*watch.spent.most_common(), ("LangGraph and everything else", rest)]
    rows = [
        (
            name,
            f"{watch.calls[name] / turns:.1f}" if name in watch.calls else "",
            f"{spent / turns / 1e6:.2f}",
            f"{spent / whole:.0%}",
        )
        for name, spent in parts
    ]
    rows.append((WHOLE, "1.0", f"{whole / turns / 1e6:.2f}", "100%"))
    print_table("The parts of a turn (means)", ("part", "calls", "ms", "share"), rows)


def main() -> None:
    """Print both tables."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    show_comparison(*asyncio.run(compare(turns)))
    show_parts(*asyncio.run(break_down(turns)))


if __name__ == "__main__":
    main()
