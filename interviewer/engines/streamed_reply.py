"""A reply whose words come from a language model as it writes them.

A task reads the stream, so that the model's deadline does not run while a sentence is spoken. The
fields come in the order move, say, assessments. Every sentence is checked before it is given out;
a rejected one, and whatever goes wrong, is answered with the pack's own question.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

from interviewer.checker import Rejected, SentenceChecker
from interviewer.engines.owning_up import (
    asked_instead,
    held_back,
    note_of,
    notes_lost,
    unverified,
)
from interviewer.engines.partial_reply import PartialObject
from interviewer.state import PROBING, Finding, Move
from scoring.language_model import (
    Ask,
    Completion,
    Failure,
    LanguageModel,
    ModelFailureError,
    Usage,
)

MARGIN_S = 1.0
"""How much later than the model's own deadline a stream is given up."""

_ENDED = Failure.CUT_SHORT


@dataclass(frozen=True)
class Fallback:
    """What is said without the model: `wording` gives the pack's own words for a move.

    `line` gives the bare question for a move that follows so many words of a lead-in.
    `told` says that the candidate knows already that the model fails.
    """

    wording: Callable[[Move], AsyncGenerator[str, None]]
    line: Callable[[Move, int], str]
    told: bool


Verify = Callable[[Sequence[Mapping[str, Any]]], Iterable[Finding]]
"""Turns the model's assessments into findings, and drops what cannot be verified."""


class StreamedReply:
    """One answer of a model; `begin` comes first, then `parts`, then `conclude`."""

    def __init__(
        self,
        model: LanguageModel,
        ask: Ask,
        moves: Mapping[str, Move],
        fallback: Fallback,
        checker_for: Callable[[Move], SentenceChecker],
        verify: Verify,
    ) -> None:
        self._model = model
        self._ask = ask
        self._moves = moves
        self._fallback = fallback
        self._checker_for = checker_for
        self._verify = verify
        self._items: asyncio.Queue[str | Completion | Failure] = asyncio.Queue()
        self._object = PartialObject()
        self._over = False
        self._failure: Failure | None = None
        self._move = next(iter(moves.values()))
        self._degraded: str | None = None
        self._rejected: Rejected | None = None
        self._reader = asyncio.create_task(self._read())
        # However the stream ends, nobody waits for more of it.
        self._reader.add_done_callback(lambda _: self._items.put_nowait(_ENDED))

    @property
    def move(self) -> Move:
        """The move that was chosen; the policy's own where the model failed before it chose."""
        return self._move

    @property
    def degraded(self) -> str | None:
        """What is not the model's, and why; None where all of it is."""
        return self._degraded

    async def begin(self) -> None:
        """Wait until the move is known, or that the model failed."""
        known = False
        try:
            while not (known := self._object.is_complete("move") or self._over):
                await self._advance()
        finally:
            if not known:
                await self.cancel()
        # Half an id may be another move's whole one.
        chosen = self._object.so_far("move") if self._object.is_complete("move") else None
        if isinstance(chosen, str) and chosen in self._moves:
            self._choose(self._moves[chosen])
        elif self._failure is None:
            self._fail(Failure.MALFORMED)

    async def parts(self) -> AsyncGenerator[str, None]:
        """The checked sentences of the model, or the pack's words in their place."""
        if self._failure is None and self._move.kind not in PROBING:
            async for part in self._fallback.wording(self._move):
                yield part
            return
        said = ""
        checker = self._checker_for(self._move)
        async with aclosing(self._sentences(checker)) as sentences:
            async for sentence in sentences:
                part = f" {sentence}" if said else sentence
                said += part
                yield part
        if checker.has_asked:
            return
        async for part in self._in_its_place(said):
            yield part

    async def conclude(self) -> tuple[Finding, ...]:
        """The assessments that could be verified; none where the answer did not end well."""
        while not self._over:
            await self._advance()
        if self._failure is not None:
            self._degraded = self._degraded or notes_lost(self._ask.model, self._failure)
            return ()
        given = self._object.so_far("assessments")
        if not isinstance(given, list):
            return ()
        entries = cast("list[object]", given)
        noted = [cast("dict[str, Any]", one) for one in entries if isinstance(one, dict)]
        verified = tuple(self._verify(noted))
        if len(verified) < len(entries):
            self._degraded = self._degraded or unverified(self._ask.model)
        return verified

    async def cancel(self) -> None:
        """Close the stream."""
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self) -> None:
        """Take in the stream, whatever the rest of the turn is doing."""
        try:
            async with (
                asyncio.timeout(self._ask.deadline_s + MARGIN_S),
                aclosing(self._model.stream(self._ask)) as items,
            ):
                async for item in items:
                    if not isinstance(item, Usage):
                        self._items.put_nowait(item)
        except ModelFailureError as err:
            self._items.put_nowait(err.failure)
        except TimeoutError:
            self._items.put_nowait(Failure.TIMED_OUT)

    async def _advance(self) -> None:
        """Take in the next piece; raises what the stream raised, if that is no model's failure."""
        item = await self._items.get()
        if item is _ENDED and self._reader.done():
            self._reader.result()
        try:
            if isinstance(item, Failure):
                self._fail(item)
            elif isinstance(item, str):
                self._object.feed(item)
            else:
                self._object.close()
                self._over = True
        except ValueError:
            self._fail(Failure.MALFORMED)

    def _fail(self, failure: Failure) -> None:
        self._failure = self._failure or failure
        self._over = True

    def _choose(self, move: Move) -> None:
        first = next(iter(self._moves.values()))
        if move is not first:
            rather = f"{first.kind.value} {first.concept or ''}".strip()
            reason = f"{move.reason}; {self._ask.model} chose it over {rather}"
            move = move.model_copy(update={"reason": reason})
        self._move = move

    async def _sentences(self, checker: SentenceChecker) -> AsyncGenerator[str, None]:
        """What of `say` has passed the check, up to the first sentence that has not."""
        taken = 0
        while self._failure is None:
            text = self._object.so_far("say")
            text = text if isinstance(text, str) else ""
            for result in checker.feed(text[taken:]):
                if isinstance(result, Rejected):
                    self._rejected = result
                    return
                yield result.text
            taken = len(text)
            if self._object.is_complete("say"):
                break
            await self._advance()
        if self._failure is None:
            for result in checker.finish():
                if isinstance(result, Rejected):
                    self._rejected = result
                    return
                yield result.text

    async def _in_its_place(self, said: str) -> AsyncGenerator[str, None]:
        """The pack's question, behind what was said already; a failure is owned up to once."""
        lead = f"{said and ' '}{self._own_up()}"
        if said:
            yield f"{lead}{self._fallback.line(self._move, len(said.split()))}"
            return
        async for part in self._fallback.wording(self._move):
            yield f"{lead}{part}"
            lead = ""

    def _own_up(self) -> str:
        """Mark the turn, and what the candidate is told of a failure, if that is not known yet."""
        if self._failure is None:
            if self._rejected is not None:
                kinds = [found.fault for found in self._rejected.faults]
                self._degraded = held_back(self._ask.model, kinds)
            return ""
        self._degraded = asked_instead(self._ask.model, self._failure)
        return "" if self._fallback.told else f"{note_of(self._failure)} "
