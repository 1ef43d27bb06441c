"""The recognitions that a turn asks for, under way beside everything else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Generic, Protocol, TypeVar

from voice.partials import LocalAgreement
from voice.speech import Recogniser, Samples, Transcription, VoiceError
from voice.tape import Tape
from voice.turn_state import Guess, Guessed, Input, Recognise, Understood

Made = TypeVar("Made")

END_OF_TURN_S = 8.0
"""What an end-of-turn model hears."""


class EndOfTurn(Protocol):
    """A model that hears in the voice whether somebody has finished."""

    async def probability(self, audio: Samples) -> float:
        """How likely (0-1) the turn is over, from its last seconds at 16 kHz."""
        ...


class HearingTurn:
    """Recognises what the policy names and tells it the words.

    One guess at a time: while one is under way, others are left out. A recognition that is asked
    for again with what followed replaces the one before. No task has words for its result: where
    something fails, asyncio writes results into the log.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        tape: Tape,
        tell: Callable[[Input], None],
        failed: Callable[[str], None],
        end_of_turn: EndOfTurn | None,
    ) -> None:
        self._recogniser = recogniser
        self._end_of_turn = end_of_turn
        self._tape = tape
        self._tell = tell
        self._failed = failed
        self._finals: dict[float, asyncio.Task[None]] = {}
        self._guess: asyncio.Task[None] | None = None
        self._agreement = LocalAgreement()
        self._part = -1
        self.terms: Sequence[str] = ()

    @property
    def under_way(self) -> set[asyncio.Task[None]]:
        """What is not finished yet."""
        return {*self._finals.values(), *([self._guess] if self._guess else [])}

    def recognise(self, wanted: Recognise) -> None:
        """Recognise a stretch for good."""
        if before := self._finals.pop(wanted.from_s, None):
            before.cancel()
        self._finals[wanted.from_s] = asyncio.create_task(self._recognised(wanted))

    def guess(self, wanted: Guess) -> None:
        """Guess at a stretch that goes on, unless a guess is under way."""
        if self._guess is None:
            self._guess = asyncio.create_task(self._guessed(wanted))

    async def close(self) -> None:
        """End everything that is under way."""
        tasks = self.under_way
        self._finals, self._guess = {}, None
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _recognised(self, wanted: Recognise) -> None:
        try:
            understood = await self._understand(wanted)
        finally:
            if self._finals.get(wanted.from_s) is asyncio.current_task():
                del self._finals[wanted.from_s]
        self._tell(understood)

    async def _understand(self, wanted: Recognise) -> Understood:
        audio = self._tape.between(wanted.from_s, wanted.to_s)
        final = _Work(self._recogniser.final(audio, self.terms))
        closing = _Work(self._closing(wanted.to_s))
        await _done(final, closing)
        if final.fault:
            self._failed(f"What you said could not be recognised: {reason(final.fault)}")
        return Understood(wanted.ask, final.result, closing.result)

    async def _closing(self, to_s: float) -> float | None:
        if self._end_of_turn is None:
            return None
        return await self._end_of_turn.probability(self._tape.between(to_s - END_OF_TURN_S, to_s))

    async def _guessed(self, wanted: Guess) -> None:
        audio = self._tape.between(wanted.from_s, wanted.to_s)
        partial = _Work(self._recogniser.partial(audio, self.terms))
        try:
            await _done(partial)
        finally:
            self._guess = None
        # A guess that fails costs a caption; the recognition at the pause says what is wrong.
        if partial.result is None:
            return
        if wanted.part != self._part:
            self._part, self._agreement = wanted.part, LocalAgreement()
        self._agreement = self._agreement.heard(partial.result)
        self._tell(Guessed(wanted.part, self._agreement.text, len(partial.result.split())))


class _Work(Generic[Made]):
    """Work in a task of its own; what it made is here, and no result of that task."""

    def __init__(self, work: Coroutine[Any, Any, Made]) -> None:
        self.result: Made | None = None
        self.fault: BaseException | None = None
        self.task = asyncio.create_task(self._do(work))

    async def _do(self, work: Coroutine[Any, Any, Made]) -> None:
        self.result = await work


async def _done(*works: _Work[Any]) -> None:
    """Wait until all have made something or failed; cancelled, they are too."""
    try:
        await asyncio.wait([work.task for work in works])
    finally:
        for work in works:
            work.task.cancel()
    for work in works:
        work.fault = None if work.task.cancelled() else work.task.exception()


def reason(error: BaseException) -> str:
    """What went wrong, as far as it can be told: only our own errors are written for people."""
    return str(error) if isinstance(error, VoiceError) else type(error).__name__


__all__ = ["EndOfTurn", "HearingTurn", "Transcription", "reason"]
