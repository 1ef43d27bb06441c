"""Waiting for something to happen without asking again and again."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Changes:
    """Wakes those who wait for a channel or an interaction, named by its id."""

    def __init__(self) -> None:
        self._waiting: defaultdict[int, set[asyncio.Future[None]]] = defaultdict(set)

    def notify(self, key: int) -> None:
        """Everybody who waits for `key` looks again."""
        for waiter in self._waiting.pop(key, ()):
            if not waiter.done():
                waiter.set_result(None)

    def notify_all(self) -> None:
        """Everybody looks again."""
        for key in list(self._waiting):
            self.notify(key)

    async def until(self, key: int, look: Callable[[], Found | None], within: float) -> Found:
        """What `look` finds, now or after a change of `key`; TimeoutError after `within` seconds.

        `look` returns None while there is nothing to find.
        """
        async with asyncio.timeout(within):
            while (found := look()) is None:
                waiter = asyncio.get_running_loop().create_future()
                self._waiting[key].add(waiter)
                try:
                    await waiter
                finally:
                    self._waiting[key].discard(waiter)
        return found
