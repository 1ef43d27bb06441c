"""One model for all calls: what several of them ask for at once runs as one batch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from voice.speech import VoiceError

Asked = TypeVar("Asked")
Made = TypeVar("Made")

LINGER_S = 0.01
"""How long what is not urgent waits for company."""


@dataclass(eq=False)
class _Waiting(Generic[Asked, Made]):
    """One request in the queue."""

    kind: Hashable
    asked: Asked
    urgent: bool
    made: asyncio.Future[Made] = field(default_factory=asyncio.Future)


class MicroBatcher(Generic[Asked, Made]):
    """Runs requests of one kind together, in one worker thread, on one event loop.

    While a batch runs, the next one gathers. Urgent requests go before others and never wait for
    company. Every caller awaits its own answer, so the queue is no longer than the calls are many.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Asked]], Sequence[Made]],
        most: int,
        linger_s: float = LINGER_S,
    ) -> None:
        """`work` answers up to `most` requests of one kind, in their order; it may block."""
        self._work = work
        self._most = most
        self._linger_s = linger_s
        self._waiting: list[_Waiting[Asked, Made]] = []
        self._running: list[_Waiting[Asked, Made]] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hearing")
        self._runner: asyncio.Task[None] | None = None
        self._closed = False

    async def run(self, kind: Hashable, asked: Asked, *, urgent: bool) -> Made:
        """The answer to one request; cancelling it leaves the others of its batch alone.

        Raises what `work` raised for this request by itself, and `VoiceError` once closed.
        """
        if self._closed:
            raise VoiceError(_CLOSED)
        waiting = _Waiting[Asked, Made](kind, asked, urgent)
        self._waiting.append(waiting)
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._drain())
        return await waiting.made

    def close(self) -> None:
        """Answer everything outstanding with `VoiceError`; a batch under way ends unheard."""
        self._closed = True
        if self._runner is not None:
            self._runner.cancel()
        for waiting in (*self._running, *self._waiting):
            if not waiting.made.done():
                waiting.made.set_exception(VoiceError(_CLOSED))
        self._waiting.clear()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _drain(self) -> None:
        while self._waiting:
            hurry = any(waiting.urgent for waiting in self._waiting)
            await asyncio.sleep(0 if hurry else self._linger_s)
            self._running = self._next()
            if self._running:
                await self._answer(self._running)
            self._running = []

    def _next(self) -> list[_Waiting[Asked, Made]]:
        """Take the first in line and who can go with it; those who gave up leave the line."""
        line = [waiting for waiting in self._waiting if not waiting.made.done()]
        line.sort(key=lambda waiting: not waiting.urgent)
        batch = [waiting for waiting in line if waiting.kind == line[0].kind][: self._most]
        self._waiting = [waiting for waiting in line if waiting not in batch]
        return batch

    async def _answer(self, batch: Sequence[_Waiting[Asked, Made]]) -> None:
        """Where a batch fails, each request is run alone, so that only the faulty one fails."""
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._thread, self._work, [one.asked for one in batch])
        await asyncio.wait([work])
        fault = work.exception()
        if fault is None:
            for waiting, made in zip(batch, work.result(), strict=True):
                if not waiting.made.done():
                    waiting.made.set_result(made)
        elif len(batch) > 1:
            for waiting in batch:
                await self._answer([waiting])
        elif not batch[0].made.done():
            batch[0].made.set_exception(fault)


_CLOSED = "The recogniser was closed. Load it again before another call."
