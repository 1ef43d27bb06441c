"""A steady beat on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LONGEST_STALL_S = 10.0
"""Time that is caught up with after a stall; after a longer one (a suspended machine) it is not."""


STALL_S = 0.06
"""How late a call is that a stall of the loop, and not only other work on it, has held up."""

SETTLES_S = 0.02
"""Time in which what came in during a stall is handed on, before the calls are made up for."""


class Ticker:
    """Calls `act` every `interval_s` seconds of the loop's clock until it is stopped.

    The beat does not drift. Calls that a stall of the loop has held up are made up for at once, but
    not before what came in meanwhile: somebody's words would else be heard after a silence that
    there never was.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, interval_s: float, act: Callable[[], None]
    ) -> None:
        self._loop = loop
        self._interval_s = interval_s
        self._act = act
        self._due = loop.time() + interval_s
        self._handle = loop.call_at(self._due, self._tick)
        self._stopped = self._settling = False

    def stop(self) -> None:
        """No further call, not even one that is due; may be called from `act`."""
        self._stopped = True
        self._handle.cancel()

    def _tick(self) -> None:
        now = self._loop.time()
        late_s = now - self._due
        self._settling = late_s > STALL_S and not self._settling
        if self._settling:
            self._handle = self._loop.call_at(now + SETTLES_S, self._tick)
            return
        if late_s > LONGEST_STALL_S:
            self._due += late_s
            late_s = 0.0
        missed = max(0, int(late_s / self._interval_s))
        self._due += (missed + 1) * self._interval_s
        self._handle = self._loop.call_at(self._due, self._tick)
        for _ in range(missed + 1):
            if not self._stopped:
                self._act()
