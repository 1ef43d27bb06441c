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
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from unittest.mock import patch

import aiohttp

from benchmarks.figures import Sample, machine, median, percentile, print_table, verdict
from benchmarks.model_candidate import Candidate, model_candidate
from benchmarks.model_sentences import TOKEN_S, Sentences, measure_sentences
from benchmarks.rehearsal import rehearsal_app
from benchmarks.stand_in import KEY, PROVIDER, ModelWorld, stub_process
from benchmarks.turn import WHOLE, Watch, show_parts
from interviewer.budget import Budgeted
from interviewer.engines import model_engine, noted, streamed_reply
from interviewer.engines.messages_api import request_body
from interviewer.graph import build_graph
from scoring.language_model import Ask
from storage.checkpoints import open_saver

TURNS = 120
PACED_TURNS = 40
CACHED_TURNS = 20
WARM_UP = 5
AIM_OVERHEAD_MS = 15.0
AIM_SENTENCE_MS = 5.0
AIM_CACHED = 0.85


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


def _watched(watch: Watch, stack: AsyncExitStack, world: ModelWorld) -> ModelWorld:
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
    async with (
        stub_process("plain") as url,
        model_candidate(url, partial(_watched, watch)) as (candidate, tap),
    ):
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
