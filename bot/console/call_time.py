"""A clock that goes with the audio of a call, so that a recording takes its own time, not ours."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from interviewer.clock import Clock


class CallTime(Clock):
    """Time that passes only when `advance` says so; whoever sleeps, sleeps until then."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._elapsed_s = 0.0
        self._sleeping: dict[asyncio.Future[None], float] = {}

    @property
    def sleepers(self) -> int:
        """How many wait for the time to pass."""
        return len(self._sleeping)

    def advance(self, seconds: float) -> None:
        """Let time pass; wakes those whose time has come."""
        self._elapsed_s += seconds
        due = [sleep for sleep, until_s in self._sleeping.items() if until_s <= self._elapsed_s]
        for sleep in due:
            del self._sleeping[sleep]
            if not sleep.done():
                sleep.set_result(None)

    def now(self) -> datetime:
        """The start plus what has passed."""
        return self._start + timedelta(seconds=self._elapsed_s)

    def monotonic(self) -> float:
        """Seconds that have passed."""
        return self._elapsed_s

    async def sleep(self, seconds: float) -> None:
        """Return once so much time has passed."""
        if seconds <= 0:
            return
        sleep: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleeping[sleep] = self._elapsed_s + seconds
        try:
            await sleep
        finally:
            self._sleeping.pop(sleep, None)
