"""The recognitions that a turn asks for, under way beside everything else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from voice.partials import LocalAgreement
from voice.speech import Recogniser, Samples, Transcription, VoiceError
from voice.tape import Tape
from voice.turn_state import Guess, Guessed, Input, Recognise, Understood

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
    for again with what followed replaces the one before.
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
        self._finals: dict[float, asyncio.Task[Understood]] = {}
        self._guess: asyncio.Task[str] | None = None
        self._agreement = LocalAgreement()
        self._part = -1
        self.terms: Sequence[str] = ()

    @property
    def under_way(self) -> set[asyncio.Task[Any]]:
        """What is not finished yet."""
        return {*self._finals.values(), *([self._guess] if self._guess else [])}

    def recognise(self, wanted: Recognise) -> None:
        """Recognise a stretch for good."""
        if before := self._finals.pop(wanted.from_s, None):
            before.cancel()
        task = asyncio.create_task(self._understand(wanted))
        self._finals[wanted.from_s] = task
        task.add_done_callback(lambda done: self._told(done, wanted))

    def guess(self, wanted: Guess) -> None:
        """Guess at a stretch that goes on, unless a guess is under way."""
        if self._guess is not None:
            return
        audio = self._tape.between(wanted.from_s, wanted.to_s)
        self._guess = asyncio.create_task(_awaited(self._recogniser.partial(audio, self.terms)))
        self._guess.add_done_callback(lambda done: self._guessed(done, wanted.part))

    async def close(self) -> None:
        """End everything that is under way."""
        tasks = self.under_way
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _understand(self, wanted: Recognise) -> Understood:
        audio = self._tape.between(wanted.from_s, wanted.to_s)
        final = asyncio.create_task(_awaited(self._recogniser.final(audio, self.terms)))
        closing = asyncio.create_task(self._closing(wanted.to_s))
        try:
            await asyncio.wait((final, closing))
        finally:
            final.cancel()
            closing.cancel()
        heard = None if (error := final.exception()) else final.result()
        if error:
            self._failed(f"What you said could not be recognised: {reason(error)}")
        return Understood(wanted.ask, heard, None if closing.exception() else closing.result())

    async def _closing(self, to_s: float) -> float | None:
        if self._end_of_turn is None:
            return None
        return await self._end_of_turn.probability(self._tape.between(to_s - END_OF_TURN_S, to_s))

    def _told(self, done: asyncio.Task[Understood], wanted: Recognise) -> None:
        if self._finals.get(wanted.from_s) is done:
            del self._finals[wanted.from_s]
        if not done.cancelled():
            self._tell(done.result())

    def _guessed(self, done: asyncio.Task[str], part: int) -> None:
        self._guess = None
        # A guess that fails costs a caption; the recognition at the pause says what is wrong.
        if done.cancelled() or done.exception() is not None:
            return
        if part != self._part:
            self._part, self._agreement = part, LocalAgreement()
        self._agreement = self._agreement.heard(done.result())
        self._tell(Guessed(part, self._agreement.text, len(done.result().split())))


async def _awaited(work: Coroutine[Any, Any, Any]) -> Any:
    return await work


def reason(error: BaseException) -> str:
    """What went wrong, as far as it can be told: only our own errors are written for people."""
    return str(error) if isinstance(error, VoiceError) else type(error).__name__


__all__ = ["EndOfTurn", "HearingTurn", "Transcription", "reason"]
