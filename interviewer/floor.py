"""Who has the floor: lets a candidate cut in while the interviewer thinks or speaks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


class CutInError(Exception):
    """The candidate has taken the floor; what was being done was cancelled."""


class Floor:
    """The floor during one turn of the interviewer."""

    def __init__(self) -> None:
        self._taken = asyncio.Event()

    def take(self) -> None:
        """The candidate speaks: whatever is being held stops at once."""
        self._taken.set()

    @property
    def is_taken(self) -> bool:
        """Whether the candidate has cut in."""
        return self._taken.is_set()

    async def hold(self, work: Awaitable[T]) -> T:
        """The result of `work`, unless the candidate cuts in while it is waited for.

        Raises `CutInError` then, with the work cancelled. What is ready is taken.
        """
        doing = asyncio.ensure_future(work)
        cutting = asyncio.ensure_future(self._taken.wait())
        try:
            await asyncio.wait((doing, cutting), return_when=asyncio.FIRST_COMPLETED)
            if not doing.done():
                raise CutInError
            return doing.result()
        finally:
            for task in (doing, cutting):
                task.cancel()
            await asyncio.gather(doing, cutting, return_exceptions=True)
