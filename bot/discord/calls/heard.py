"""Shows in the thread what was understood of the candidate: growing, or once it is complete."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.calls.line import Spoken
from bot.discord.calls.captions import Caption, CaptionMode, due_in, showing, want
from bot.discord.errors import survived
from bot.discord.interviews.front import ChannelFront
from bot.discord.views.heard import heard_view, partial_view
from interviewer.clock import Clock

LATE_S = 3.0
"""How long what the interviewer says waits at most for the answer to be shown above it."""

_PREFIX = "voice:"


def turn_of(origin: str) -> str:
    """The name of a spoken turn as controls carry it, who use colons for themselves."""
    return origin.removeprefix(_PREFIX).replace(":", ".")


def origin_of(turn: str) -> str:
    """The origin of the turn with that name."""
    return _PREFIX + turn.replace(".", ":")


@dataclass
class _Answer:
    """An answer that is being given, and the message that shows it, if one does already."""

    number: int
    caption: Caption = field(default_factory=Caption)
    message: int | None = None
    over: bool = False
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)


class HeardAnswers:
    """Posts answers as they were understood, one message each."""

    def __init__(
        self, front: ChannelFront, interview_id: str, mode: CaptionMode, clock: Clock
    ) -> None:
        self._front = front
        self._id = interview_id
        self._mode = mode
        self._clock = clock
        self._answer = _Answer(0)
        self._growing: asyncio.Task[bool] | None = None
        self._tasks: set[asyncio.Task[bool]] = set()
        self._began = int(clock.now().timestamp())

    def caption(self, text: str, final: bool) -> None:
        """What was understood so far."""
        if self._mode is not CaptionMode.LIVE or final:
            return
        answer = self._answer
        answer.caption = want(answer.caption, text)
        if self._growing is None or self._growing.done():
            self._growing = self._do(self._grow(answer))

    def said(self, spoken: Spoken) -> None:
        """A whole answer."""
        answer, self._answer = self._answer, _Answer(self._answer.number + 1)
        answer.over = True
        if self._growing is not None and not answer.changing.locked():
            self._growing.cancel()
        self._growing = None
        if self._mode is not CaptionMode.OFF:
            self._do(self._complete(answer, spoken))

    async def settled(self) -> None:
        """Return when everything that was heard is shown, or that takes too long."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=LATE_S)

    async def close(self) -> None:
        """Stop; what is being posted is posted."""
        self._answer.over = True
        await self.settled()
        for task in self._tasks:
            task.cancel()

    async def _grow(self, answer: _Answer) -> None:
        while not answer.over:
            wait_s = due_in(answer.caption, self._clock.monotonic())
            if wait_s is None:
                return
            if wait_s:
                await self._clock.sleep(wait_s)
                continue
            async with answer.changing:
                answer.caption = showing(answer.caption, self._clock.monotonic())
                view = partial_view(answer.caption.shown)
                if answer.message is None:
                    answer.message = await self._front.show(self._key(answer), view, fresh=True)
                else:
                    await self._front.change(answer.message, view)

    async def _complete(self, answer: _Answer, spoken: Spoken) -> None:
        view = heard_view(self._id, turn_of(spoken.origin), spoken.text, spoken.words)
        async with answer.changing:
            if answer.message is None:
                answer.message = await self._front.show(self._key(answer), view, fresh=True)
            else:
                await self._front.change(answer.message, view)

    def _key(self, answer: _Answer) -> str:
        return f"heard:{self._began}:{answer.number}"

    def _do(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[bool]:
        task = asyncio.create_task(survived(work, "showing an answer"))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
