"""A clock that is moved by hand: who sleeps on it wakes when the time has come."""

from __future__ import annotations

import asyncio

from interviewer.clock import ManualClock

TURNS = 200
"""Turns of the loop in which what is ready gets done."""


class HandClock(ManualClock):
    """Moves with `pass_time` only."""

    def __init__(self, *args) -> None:
        super().__init__(*args)
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    @property
    def sleepers(self) -> int:
        """How many sleep on it now."""
        return sum(not woken.done() for _, woken in self._sleepers)

    async def sleep(self, seconds: float) -> None:
        """Until somebody lets the time pass."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.monotonic() + seconds, woken))
        await woken

    async def pass_time(self, seconds: float) -> None:
        """Let the time pass, stopping wherever somebody is to be woken."""
        end = self.monotonic() + seconds
        await settle()
        while due := [one for one in self._sleepers if one[0] <= end and not one[1].done()]:
            first = min(one[0] for one in due)
            self.advance(max(0.0, first - self.monotonic()))
            for at, woken in due:
                if at <= self.monotonic() and not woken.done():
                    woken.set_result(None)
            await settle()
        self.advance(end - self.monotonic())
        await settle()


async def settle() -> None:
    """Let everything that is ready be done."""
    for _ in range(TURNS):
        await asyncio.sleep(0)
