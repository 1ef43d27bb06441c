"""One after the other, so that a start with many live interviews is no flood of requests."""

from __future__ import annotations

from interviewer.clock import Clock

CATCH_UP_S = 0.15
"""Between two rooms that catch up, with some five requests each; Discord takes 50 a second."""


class Turns:
    """Lets one in now and the next a little later."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._free_at = clock.monotonic()

    async def wait(self) -> None:
        """Return when it is the caller's turn."""
        now = self._clock.monotonic()
        mine = max(now, self._free_at)
        self._free_at = mine + CATCH_UP_S
        if mine > now:
            await self._clock.sleep(mine - now)
