"""Says an utterance in parts as they come, and closes it with what was really shown."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import suppress

from interviewer.clock import Clock
from interviewer.floor import CutInError, Floor
from interviewer.ports import Mouth, Reply, Store
from interviewer.state import Utterance

UNDERSTOOD = 0.5
"""Share of an utterance below which nobody knows what was asked."""


def is_unheard(utterance: Utterance) -> bool:
    """Whether so little of it was shown that it was not understood."""
    return utterance.shown < UNDERSTOOD * len(utterance.text)


async def first_words(parts: AsyncGenerator[str, None], *, piecewise: bool) -> str:
    """What is shown first, all of it where it is not shown piecewise; empty for silence."""
    text = ""
    async for part in parts:
        text += part
        if text and piecewise:
            break
    return text


class Saying:
    """Shows one utterance through a mouth, until the candidate takes the floor."""

    def __init__(self, store: Store, clock: Clock, mouth: Mouth, floor: Floor) -> None:
        self._store = store
        self._clock = clock
        self._mouth = mouth
        self._floor = floor

    async def say(
        self, utterance: Utterance, reply: Reply, parts: AsyncGenerator[str, None]
    ) -> Utterance:
        """Show part after part, each committed before it is shown; returns it closed."""
        if utterance.closed:
            return utterance
        text = utterance.text
        shown = await self._mouth.say(utterance.key, text, 0)
        ended = False
        with suppress(CutInError):
            while shown == len(text) and (part := await self._floor.hold(_next(parts))):
                if self._floor.is_taken:
                    raise CutInError
                text += part
                await self._store.extend_utterance(utterance.key, text, complete=False)
                shown = await self._mouth.say(utterance.key, text, shown)
            ended = shown == len(text)
            noted = await self._floor.hold(reply.conclude()) if ended else ()
            if noted:
                await self._store.note_assessments(utterance.interview_id, utterance.seq, noted)
        shown = await self._mouth.finish(utterance.key, shown)
        whole = utterance.model_copy(update={"text": text, "shown": shown})
        return await self._close(whole, reply.degraded, complete=ended and shown == len(text))

    async def _close(
        self, utterance: Utterance, degraded: str | None, *, complete: bool
    ) -> Utterance:
        now = self._clock.now()
        await self._store.close_utterance(
            utterance.key, shown=utterance.shown, at=now, complete=complete, degraded=degraded
        )
        end = {"complete": complete, "degraded": degraded, "closed": True, "closed_at": now}
        return utterance.model_copy(update=end)


async def _next(parts: AsyncGenerator[str, None]) -> str:
    """The next part that says something; empty at the end."""
    async for part in parts:
        if part:
            return part
    return ""
