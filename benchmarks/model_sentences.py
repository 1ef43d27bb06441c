"""How long after its last token a checked sentence of a language model is shown."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from pydantic_core import from_json

from benchmarks.model_candidate import Heard, model_candidate
from benchmarks.stand_in import stub_process
from interviewer.ports import Store

TOKEN_S = 0.004
"""Seconds that the server takes for a token."""

WARM_UP = 5


@dataclass
class Sentences:
    """Milliseconds from a sentence's last token to its being shown, and the parts of it.

    `settled` counts from the piece by which it is certain that the sentence is over, which for the
    last one is the closing mark of its field. `stored` is the write that stands between.
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
        if whole is not None and (goes_on or "say" in from_json(text, allow_partial=True)):
            return whole, at
    return None
