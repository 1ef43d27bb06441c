"""Answers from a microphone or a recording, and beside them whatever is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from bot.calls.line import Line, Spoken
from bot.console.answers import Answer, Answers, SpokenAnswer, flag_note
from interviewer.state import EventKind

DONE, THINK = "/done", "/think"

LOCAL = frozenset({THINK, "/help", "/facts", "/board"})
"""Commands that leave the floor with whoever has it."""

HAND_IN_S = 3.0
"""How long the end of an answer that is being given is waited for, once something was typed."""


class SpokenAnswers(Answers):
    """What is heard and what is typed, one after another as they come.

    `line` is the call that it is heard on, once there is one: what is typed takes the floor there.
    """

    live = True

    def __init__(self, typed: Answers | None = None) -> None:
        self.line: Line | None = None
        self.caption = ""
        self._typed = typed
        self._typing: asyncio.Task[None] | None = None
        self._answers: asyncio.Queue[Answer | BaseException | None] = asyncio.Queue()
        self._line_wanted: asyncio.Future[str | None] | None = None
        self._asked = False

    @property
    def is_waiting(self) -> bool:
        """Whether somebody waits for an answer and there is none."""
        return self._asked and self._answers.empty()

    @property
    def can_type(self) -> bool:
        """Whether there is somebody at a keyboard."""
        return self._typed is not None

    def hear(self, spoken: Spoken) -> None:
        """An answer was heard."""
        self.caption = ""
        self._answers.put_nowait(SpokenAnswer(spoken.text, spoken.words, spoken.origin))

    def happen(self, kind: EventKind) -> None:
        """Something happened without a word."""
        self._answers.put_nowait(kind)

    def on_typing(self, call: Callable[[], None]) -> None:
        """Call `call` whenever the person types."""
        if self._typed is not None:
            self._typed.on_typing(call)

    async def next(self, status: Callable[[], str]) -> Answer | None:
        """What was heard or typed next; what is half typed stays in the field meanwhile."""
        self._offer_field(lambda: f"{status()}· {self.caption}" if self.caption else status())
        self._asked = True
        try:
            answer = await self._answers.get()
        finally:
            self._asked = False
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def next_block(self) -> str | None:
        """Several typed lines, up to an empty one."""
        return None if self._typed is None else await self._typed.next_block()

    async def next_line(self, status: str) -> str | None:
        """What is typed next, which is no answer; None where nobody types."""
        if self._typed is None:
            return None
        self._line_wanted = asyncio.get_running_loop().create_future()
        self._offer_field(lambda: status)
        try:
            return await self._line_wanted
        finally:
            self._line_wanted = None

    async def close(self) -> None:
        """Nothing more is typed."""
        if self._typing is not None:
            self._typing.cancel()
            await asyncio.gather(self._typing, return_exceptions=True)

    def _offer_field(self, status: Callable[[], str]) -> None:
        if self._typed is not None and (self._typing is None or self._typing.done()):
            self._typing = asyncio.create_task(self._type(self._typed, status))
            self._typing.add_done_callback(self._pass_on_failure)

    async def _type(self, typed: Answers, status: Callable[[], str]) -> None:
        """One answer or command; those of the call itself are done at once."""
        while True:
            answer = await typed.next(status)
            wanted = self._line_wanted
            if wanted is not None and not wanted.done():
                wanted.set_result(answer if isinstance(answer, str) else None)
                return
            if not (isinstance(answer, str) and self.line and answer.strip().casefold() == DONE):
                break
            self.line.done()
        if isinstance(answer, str) and self.line is not None:
            await _take_floor(self.line, answer)
        self._answers.put_nowait(answer)

    def _pass_on_failure(self, done: asyncio.Task[None]) -> None:
        if not done.cancelled() and (failure := done.exception()) is not None:
            self._answers.put_nowait(failure)


async def _take_floor(line: Line, typed: str) -> None:
    """What was said up to now comes first; what is being said to the candidate ends."""
    command = typed.strip().casefold()
    if command == THINK:
        line.think()
    if command in LOCAL or flag_note(typed) is not None:
        return
    line.done()
    with suppress(TimeoutError):
        await asyncio.wait_for(line.settle(), HAND_IN_S)
    line.hush()
