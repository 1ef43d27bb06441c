"""Shows that somebody is at work on an answer, where nothing else has shown it for a moment."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord

from bot.discord.errors import PASSING
from interviewer.clock import Clock

_LOG = logging.getLogger(__name__)

MOMENT_S = 1.0
"""An answer that comes sooner needs no sign."""

AGAIN_S = 8.0
"""Discord shows that somebody types for ten seconds."""


class Typing:
    """The sign of typing in a channel. A sign that cannot be given is not missed."""

    def __init__(self, channel: discord.abc.Messageable, clock: Clock) -> None:
        self._channel = channel
        self._clock = clock
        self._tasks: set[asyncio.Task[Any]] = set()
        self._working = False

    @asynccontextmanager
    async def while_working(self) -> AsyncIterator[None]:
        """Give the sign until something is said, and at most to the end of the block."""
        self._working = True
        self.go_on()
        try:
            yield
        finally:
            self._working = False
            self.stop()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def stop(self) -> None:
        """Something is about to be said."""
        for task in self._tasks:
            task.cancel()

    def go_on(self) -> None:
        """There is more to come, after a moment."""
        if self._working:
            task = asyncio.create_task(self._show())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _show(self) -> None:
        await self._clock.sleep(MOMENT_S)
        try:
            while True:
                await self._channel.typing()
                await self._clock.sleep(AGAIN_S)
        except (*PASSING, discord.HTTPException) as err:
            _LOG.info("typing not shown: %s", type(err).__name__)
