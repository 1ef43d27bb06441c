"""Work that a call does beside what is said: at once, one after the other, or after a while."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.discord.errors import survived
from interviewer.clock import Clock

Work = Coroutine[Any, Any, object]


class Chores:
    """Owns the tasks of one call; a failure of one is logged and stops no other."""

    def __init__(self, clock: Clock, name: str) -> None:
        self._clock = clock
        self._name = name
        self._order = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._timers: dict[str, asyncio.Task[Any]] = {}

    def do(self, work: Work) -> None:
        """Begin it now."""
        self._keep(asyncio.create_task(survived(work, self._name)), work)

    def in_order(self, work: Work) -> None:
        """Begin it once what was given here before is done."""
        self._keep(asyncio.create_task(self._after_others(work)), work)

    def after(self, timer: str, seconds: float, work: Work) -> None:
        """Begin it after so long, unless the timer is stopped; one that runs begins anew."""
        self.stop(timer)
        task = asyncio.create_task(self._later(timer, seconds, work))
        self._timers[timer] = task
        self._keep(task, work)

    def stop(self, timer: str) -> None:
        """What the timer would have begun is not done."""
        task = self._timers.pop(timer, None)
        if task is not None:
            task.cancel()

    def waits_for(self, timer: str) -> bool:
        """Whether the timer runs."""
        return timer in self._timers

    async def close(self) -> None:
        """Stop everything but what closes this."""
        ending = self._tasks - {asyncio.current_task()}
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)

    async def _after_others(self, work: Work) -> None:
        async with self._order:
            await survived(work, self._name)

    async def _later(self, timer: str, seconds: float, work: Work) -> None:
        await self._clock.sleep(seconds)
        del self._timers[timer]
        await survived(work, self._name)

    def _keep(self, task: asyncio.Task[Any], work: Work) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # What was never begun is not begun any more.
        task.add_done_callback(lambda _: work.close())
