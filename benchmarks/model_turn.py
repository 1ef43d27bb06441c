"""One turn with a language model: what Hotseat adds to the exchange with the server.

    python -m benchmarks.model_turn [TURNS]

The server is the stand-in of the tests, in a process of its own; the real service is not called.

- Own overhead: from the report of a 60-word answer until the question is shown, less what the same
  request takes a bare client, sent turn about to the same server, which answers at once. Beside
  them, turn about too, the turn of the embedded interviewer on a database of its own.
- Sentences: how long after its last token a checked sentence is shown. The server writes at
  `TOKEN_S` a token, since of an answer that is there at once no sentence is the first.
- The cache: what part of the prompt a server would read from its cache, by the stand-in's count.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast
from unittest.mock import patch

import aiohttp
from pydantic_core import from_json

from benchmarks.answers import answer
from benchmarks.figures import Sample, machine, median, percentile, print_table, verdict
from benchmarks.rehearsal import SECONDS_AN_ANSWER, rehearsal_app, settings_of_round
from benchmarks.stand_in import KEY, PROVIDER, ModelWorld, model_world, stub_process
from benchmarks.turn import WHOLE, Watch, show_parts
from interviewer.budget import Budgeted
from interviewer.clock import ManualClock
from interviewer.desk import Services
from interviewer.engines import model_engine, noted, streamed_reply
from interviewer.engines.messages_api import request_body
from interviewer.graph import Graph, build_graph
from interviewer.ports import Store
from interviewer.session import Session, new_interview_id
from interviewer.state import EventKind
from scoring.language_model import Ask, Completion, LanguageModel, StreamItem, Usage
from storage.checkpoints import open_saver

TURNS = 120
PACED_TURNS = 40
CACHED_TURNS = 20
WARM_UP = 5
TOKEN_S = 0.004
AIM_OVERHEAD_MS = 15.0
AIM_SENTENCE_MS = 5.0
AIM_CACHED = 0.85


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


class TimedMouth:
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


class BareClient:
    """Sends the same requests and reads the answers, and does nothing with them."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = f"{url}/v1/messages"
        self._headers = {"x-api-key": KEY, "anthropic-version": "2023-06-01"}

    async def exchange(self, ask: Ask) -> float:
        """Milliseconds until the last byte of the answer was there."""
        body = {**request_body(ask, PROVIDER), "stream": True}
        since = time.perf_counter()
        async with self._session.post(self._url, json=body, headers=self._headers) as response:
            await response.read()
        return (time.perf_counter() - since) * 1000


@dataclass
class Overhead:
    """Milliseconds of the turns in which the model was asked, and of the offline ones."""

    shown: list[float] = field(default_factory=list[float])
    bare: list[float] = field(default_factory=list[float])
    own: list[float] = field(default_factory=list[float])
    offline: list[float] = field(default_factory=list[float])
    cpu: list[float] = field(default_factory=list[float])
    offline_cpu: list[float] = field(default_factory=list[float])


@asynccontextmanager
async def offline_candidate() -> AsyncIterator[Candidate]:
    """A candidate of the embedded interviewer on a database of its own."""
    async with rehearsal_app() as (app, clock), open_saver(app.database.checkpoint_path) as saver:
        yield Candidate(app.services, build_graph(saver), clock)


@asynccontextmanager
async def model_candidate(
    url: str, watch: Watch | None = None
) -> AsyncIterator[tuple[Candidate, Tap]]:
    """A candidate of a new database whose interviewer asks the server, and the tap between."""
    taps: list[Tap] = []

    def tapped(model: LanguageModel) -> Tap:
        taps.append(Tap(model))
        return taps[0]

    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(model_world(url, tapped))
        if watch is not None:
            world = _watched(stack, world, watch)
        yield Candidate(world.services, world.graph, world.clock), taps[0]


async def measure_overhead(turns: int) -> Overhead:
    """Turns with the model, the bare exchange and turns without the model, turn about."""
    found = Overhead()
    async with (
        stub_process("plain") as url,
        model_candidate(url) as (candidate, tap),
        offline_candidate() as offline,
        aiohttp.ClientSession() as session,
    ):
        bare = BareClient(session, url)
        for index in range(turns + WARM_UP):
            await candidate.settle()
            await offline.settle()
            tap.heard.clear()
            with Sample() as asked:
                shown = await candidate.answer()
            with Sample() as unasked:
                without = await offline.answer()
            if len(tap.heard) != 1 or candidate.is_done:
                continue
            exchanged = await bare.exchange(tap.heard[0].ask)
            if index >= WARM_UP:
                found.shown.append(shown)
                found.bare.append(exchanged)
                found.own.append(shown - exchanged)
                found.offline.append(without)
                found.cpu += asked.cpu_ms
                found.offline_cpu += unasked.cpu_ms
    return found


@dataclass
class Sentences:
    """Milliseconds from a sentence's last token to its being shown, and the parts of it.

    `settled` counts from the piece by which it is certain that the sentence is over, which for the
    last one is the end of its field. `stored` is the write that stands between.
    """

    after_token: list[float] = field(default_factory=list[float])
    settled: list[float] = field(default_factory=list[float])
    stored: list[float] = field(default_factory=list[float])

    @property
    def own(self) -> list[float]:
        """What is left of it without the write."""
        return [
            all_of_it - write for all_of_it, write in zip(self.settled, self.stored, strict=True)
        ]


class TimedStore:
    """Notes how long the last write of an utterance took."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.writes: list[float] = []

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if name not in {"open_utterance", "extend_utterance"}:
            return method

        async def timed(*args: Any, **kwargs: Any) -> Any:
            since = time.perf_counter()
            try:
                return await method(*args, **kwargs)
            finally:
                self.writes.append((time.perf_counter() - since) * 1000)

        return timed


async def measure_sentences(turns: int) -> Sentences:
    """Turns of which the answers come token by token."""
    found = Sentences()
    async with (
        stub_process("honest", TOKEN_S) as url,
        model_candidate(url) as (candidate, tap),
    ):
        store = TimedStore(candidate.services.store)
        candidate.services = replace(candidate.services, store=cast("Store", store))
        for index in range(turns + WARM_UP):
            await candidate.settle()
            tap.heard.clear()
            store.writes.clear()
            await candidate.answer()
            if len(tap.heard) == 1 and index >= WARM_UP and not candidate.is_done:
                _compare(tap.heard[0], candidate.mouth.shown, store.writes, found)
    return found


def _compare(
    heard: Heard,
    shown: Sequence[tuple[float, str]],
    writes: Sequence[float],
    found: Sentences,
) -> None:
    """Add the sentences that were shown as the model wrote them."""
    said = ""
    for (at, text), write in zip(shown, writes, strict=False):
        said += text
        times = _times(heard, said)
        if times is not None:
            found.after_token.append((at - times[0]) * 1000)
            found.settled.append((at - times[1]) * 1000)
            found.stored.append(write)


def _times(heard: Heard, said: str) -> tuple[float, float] | None:
    """When `said` had come whole, and when it was certain that its last sentence was over."""
    text, whole = "", None
    for at, piece in heard.pieces:
        text += piece
        value: Any = from_json(text, allow_partial="trailing-strings")
        raw = str(value.get("say", ""))
        now = " ".join(raw.split())
        if whole is None and now.startswith(said):
            whole = at
        goes_on = len(now) > len(said) or raw != raw.rstrip()
        if whole is not None and (goes_on or "assessments" in value):
            return whole, at
    return None


async def measure_cache(turns: int) -> tuple[float, int, int]:
    """Share of the prompt that was read from the cache from the second call of a round on.

    And the calls, and the tokens of a prompt in the mean.
    """
    async with stub_process("honest") as url, model_candidate(url) as (candidate, tap):
        for _ in range(turns):
            await candidate.settle()
            await candidate.answer()
            if candidate.is_done:
                break
        first = tap.heard[0].ask.account.interview_id
        used = [one.usage for one in tap.heard if one.ask.account.interview_id == first][1:]
    prompts = sum(one.prompt for one in used)
    return sum(one.cache_read for one in used) / prompts, len(used), round(prompts / len(used))


def _watched(stack: AsyncExitStack, world: ModelWorld, watch: Watch) -> ModelWorld:
    """The same world, its parts timed."""
    app = stack.enter_context(watch.over(world.app, world.saver))
    for owner, name, label in (
        (model_engine, "ask_for_turn", "model: prompt"),
        (model_engine, "_checker", "model: checker made"),
        (noted, "_claims", "model: assessments read"),
        (streamed_reply.PartialObject, "feed", "model: JSON read"),
        (Budgeted, "_hold", "model: budget reserved"),
        (Budgeted, "_settle", "model: budget settled"),
        (Budgeted, "_opened", "model: request hashed"),
    ):
        timed = watch.around(getattr(owner, name), label)
        stack.enter_context(patch.object(owner, name, timed))
    return replace(world, app=app)


async def break_down(turns: int) -> tuple[Watch, int]:
    """The parts of the turns in which the model was asked, and how many there were."""
    total, measured, watch = Watch(), 0, Watch()
    async with stub_process("plain") as url, model_candidate(url, watch) as (candidate, tap):
        for index in range(turns + WARM_UP):
            await candidate.settle()
            watch.clear()
            tap.heard.clear()
            with watch.part(WHOLE):
                await candidate.answer()
            if index >= WARM_UP and len(tap.heard) == 1 and not candidate.is_done:
                total.add(watch)
                measured += 1
    return total, measured


def show_overhead(found: Overhead) -> None:
    """The table of whole turns."""
    rows = [
        _row("until the question is shown", found.shown),
        _row("the bare exchange", found.bare),
        _row("own overhead (the difference)", found.own),
        _row("a turn of the embedded interviewer", found.offline),
        _row("CPU of the turn", found.cpu),
        _row("CPU of the embedded interviewer's", found.offline_cpu),
    ]
    head = ("", "n", "quietest tenth", "median", "p95")
    print_table(f"One turn with a model, milliseconds ({machine()})", head, rows)
    own = median(found.own)
    print(f"\nmedian {own:.1f} ms, aim {AIM_OVERHEAD_MS:g}: {verdict(own, AIM_OVERHEAD_MS)}")


def show_sentences(found: Sentences) -> None:
    """The table of sentences."""
    rows = [
        _row("after the token that ends it", found.after_token),
        _row("after it is certain that it is over", found.settled),
        _row("of that, the write before it is shown", found.stored),
        _row("without the write", found.own),
    ]
    head = ("a sentence is shown", "n", "quietest tenth", "median", "p95")
    print_table(f"Sentences at {TOKEN_S * 1000:g} ms a token, milliseconds", head, rows)
    all_of_it, own = median(found.settled), median(found.own)
    print(
        f"\nmedian {all_of_it:.1f} ms, aim {AIM_SENTENCE_MS:g}: "
        f"{verdict(all_of_it, AIM_SENTENCE_MS)}; without the write {own:.1f} ms"
    )


def _row(name: str, values: Sequence[float]) -> tuple[str, ...]:
    figures = (percentile(values, 0.1), median(values), percentile(values, 0.95))
    return (name, str(len(values)), *(f"{figure:.1f}" for figure in figures))


def main() -> None:
    """Print the tables."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    show_overhead(asyncio.run(measure_overhead(turns)))
    show_sentences(asyncio.run(measure_sentences(min(turns, PACED_TURNS))))
    share, calls, prompt = asyncio.run(measure_cache(CACHED_TURNS))
    met = "met" if share >= AIM_CACHED else "missed"
    print(
        f"\nread from the cache from the second call on: {share:.1%} of {calls} prompts of "
        f"{prompt:,} tokens in the mean, aim {AIM_CACHED:.0%}: {met}"
    )
    show_parts(*asyncio.run(break_down(turns)))


if __name__ == "__main__":
    main()
