"""How fast a candidate is answered: faster than anybody writes is read together, a little later.

Nothing is lost. What came too fast stands in the channel, and is read from there as one answer.
"""

from __future__ import annotations

import asyncio

from bot.discord.interviews.room import Room
from bot.discord.limits import TURNS, Limits
from interviewer.clock import Clock

TOO_FAST = (
    "That was a lot at once. Nothing is lost: what you write now is read together, as one answer, "
    "in a few minutes at most."
)


class Pace:
    """Lets messages through, or has them read later."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._later: dict[str, asyncio.Task[None]] = {}

    async def take(self, room: Room, message: int, text: str) -> None:
        """Hand the message to the room; what comes too fast is left to be read, and that is said.

        Once some wait to be read the next ones wait too, so that their order is kept.
        """
        name = room.place.interview_id
        if name in self._later:
            return
        wait_s = self._limits.wait_s(room.place.owner, TURNS)
        if wait_s == 0.0:
            room.hear(message, text)
            return
        self._later[name] = asyncio.create_task(self._read(room, wait_s), name=f"later {name}")
        await room.front.tell(f"fast:{message}", TOO_FAST)

    async def close(self) -> None:
        """What waits is read at the next start."""
        waiting = list(self._later.values())
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    async def _read(self, room: Room, wait_s: float) -> None:
        try:
            await self._clock.sleep(wait_s)
            room.look_again()
        finally:
            del self._later[room.place.interview_id]
