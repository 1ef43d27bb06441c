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

    def answer(self, made: Made) -> None:
        """Whoever asked and has not given up gets this."""
        if not self.made.done():
            self.made.set_result(made)

    def fail(self, fault: BaseException) -> None:
        """Whoever asked and has not given up gets this error."""
        if not self.made.done():
            self.made.set_exception(fault)


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
        """`work` answers up to `most` requests of one kind, in their order; it may block.

        `most` may be changed at any time, also from the worker thread.
        """
        self._work = work
        self.most = most
        self._linger_s = linger_s
        self._waiting: list[_Waiting[Asked, Made]] = []
        self._running: list[_Waiting[Asked, Made]] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hearing")
        self._runner: asyncio.Task[None] | None = None
        self._closed = False

    async def run(self, kind: Hashable, asked: Asked, *, urgent: bool) -> Made:
        """The answer to one request; cancelling it leaves the others of its batch alone.

        Raises what `work` raised for this request by itself, `RuntimeError` where it gave more or
        fewer answers than it was asked for, and `VoiceError` once closed.
        """
        if self._closed:
            raise VoiceError(_CLOSED)
        waiting = _Waiting[Asked, Made](kind, asked, urgent)
        self._waiting.append(waiting)
        if self._runner is None:
            self._start()
        return await waiting.made

    def close(self) -> None:
        """Answer everything outstanding with `VoiceError`; a batch under way ends unheard."""
        self._closed = True
        if self._runner is not None:
            self._runner.cancel()
        self._give_up(VoiceError(_CLOSED))
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _start(self) -> None:
        self._runner = asyncio.create_task(self._drain())
        self._runner.add_done_callback(self._ended)

    def _ended(self, runner: asyncio.Task[None]) -> None:
        """Whatever ended the runner, nobody goes on waiting for it."""
        self._runner = None
        fault = VoiceError(_CLOSED) if runner.cancelled() else runner.exception()
        if fault is not None:
            self._give_up(fault)
        elif self._waiting:
            self._start()

    def _give_up(self, fault: BaseException) -> None:
        for waiting in (*self._running, *self._waiting):
            waiting.fail(fault)
        self._running, self._waiting = [], []

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
        batch = [waiting for waiting in line if waiting.kind == line[0].kind][: self.most]
        self._waiting = [waiting for waiting in line if waiting not in batch]
        return batch

    async def _answer(self, batch: Sequence[_Waiting[Asked, Made]]) -> None:
        """Where a batch fails, each request is run alone, so that only the faulty one fails."""
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._thread, self._worked, [one.asked for one in batch])
        await asyncio.wait([work])
        fault = work.exception()
        if fault is not None and len(batch) > 1:
            for waiting in batch:
                await self._answer([waiting])
        elif fault is not None:
            batch[0].fail(fault)
        elif len(work.result()) != len(batch):
            # Whose answers there are cannot be told.
            for waiting in batch:
                waiting.fail(RuntimeError(f"{len(work.result())} answers to {len(batch)} requests"))
        else:
            for waiting, made in zip(batch, work.result(), strict=True):
                waiting.answer(made)

    def _worked(self, asked: Sequence[Asked]) -> Sequence[Made]:
        try:
            return self._work(asked)
        except StopIteration as error:
            raise RuntimeError("the work ended early") from error  # No future takes the other.


_CLOSED = "The recogniser was closed. Load it again before another call."
