"""What we say: cut into clauses, synthesised a little ahead of the ear, stopped at any moment."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from voice.clauses import Clause, clauses
from voice.hearing_turn import reason
from voice.playback import Playback, Position
from voice.speech import Samples, Synthesiser
from voice.turn_state import Input, Signal, Spoke

AHEAD = 3
"""Clauses that are made before they are needed: more would be thrown away at an interruption."""

IDLE_S = 3.0
"""Without more text for this long after all was played, the utterance is over."""

REMEMBERED = 32
"""Utterances whose ends are known, so that text which comes late for one is not said."""

_UNFINISHED_END = re.compile(r"[^.?!…\s][\"')\]]*\s*$|\d\.$")
_LAST_WORD_END = re.compile(r".*\S(?=\s)", re.DOTALL)


@dataclass
class Utterance:
    """Something that is being said; `played` counts its characters that were heard."""

    key: str
    text: str
    cut: int
    played: int
    whole: bool = False
    began_s: float | None = None
    silent_since_s: float | None = None
    unmade: deque[Clause] = field(default_factory=deque)
    made: dict[int, Clause] = field(default_factory=dict)
    started: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_played(self) -> bool:
        """Whether nothing is left to be made or heard of the text so far."""
        return not self.unmade and not self.made


class SpeakingTurn:
    """One utterance after another; told the time fifty times a second by `tick`."""

    def __init__(
        self,
        synthesiser: Synthesiser,
        playback: Playback,
        tell: Callable[[Input], None],
        failed: Callable[[str], None],
        may_begin: Callable[[], bool],
    ) -> None:
        self._may_begin = may_begin
        self._synthesiser = synthesiser
        self._playback = playback
        self._tell = tell
        self._failed = failed
        self._now: Utterance | None = None
        self._ended: dict[str, int] = {}
        self._stopped: set[str] = set()
        self._making: asyncio.Task[None] | None = None
        self._preparing: asyncio.Task[Samples] | None = None
        self._prepared: tuple[str, Samples] | None = None
        self._unsayable: set[str] = set()
        self._marks = 0
        self._closed = False
        self.played: Callable[[str, int], None] = lambda key, characters: None
        self.began: Callable[[str], None] = lambda key: None
        self.ended: Callable[[str], None] = lambda key: None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being said."""
        return self._now is None

    @property
    def under_way(self) -> set[asyncio.Task[Any]]:
        """The synthesis that is not finished yet."""
        return {task for task in (self._making, self._preparing) if task is not None}

    async def prepare(self, text: str) -> None:
        """Make the first clause of an utterance that is about to be said; faults come out then."""
        first = next((piece.text.strip() for piece in clauses(text, 0)), "")
        if not any(map(str.isalnum, first)) or self._synthesiser.ready(first) is not None:
            return
        making = self._preparing = asyncio.create_task(_made(self._synthesiser, first))
        try:
            await asyncio.wait((making,))
            if not making.cancelled() and not making.exception():
                self._prepared = (first, making.result())
        finally:
            making.cancel()
            self._preparing = None

    def could_not_say(self, key: str) -> bool:
        """Whether the utterance was given up because it could not be synthesised."""
        return key in self._unsayable

    async def say(self, key: str, text: str, offset: int) -> int:
        """Queue the text; returns its length once it is heard, less where it was stopped."""
        utterance = await self._utterance(key, offset)
        if utterance is None:
            return self._ended.get(key, offset)
        utterance.text, utterance.silent_since_s = text, None
        self._cut(utterance)
        if not utterance.is_played:
            await utterance.started.wait()
        return self._ended.get(key, len(text)) if utterance.over.is_set() else len(text)

    async def finish(self, key: str) -> int:
        """Wait for the end of it; returns the characters that were heard."""
        utterance = self._now
        if utterance is not None and utterance.key == key:
            utterance.whole = True
            self._cut(utterance)
            await utterance.over.wait()
        return self._ended.get(key, 0)

    def tick(self, now_s: float) -> None:
        """Follow what was played, begin when nobody speaks, keep ahead of the ear."""
        utterance = self._now
        if utterance is None:
            return
        self._follow(utterance, now_s)
        if utterance is not self._now:
            return
        self._gate(utterance)
        self._make()
        if utterance.is_played and self._is_over(utterance, now_s):
            self._end(utterance)
            self._tell(Signal.FELL_SILENT)

    def stop(self) -> None:
        """Say no more, and nothing that still comes for this utterance."""
        position = self._playback.stop()
        utterance = self._now
        if utterance is None:
            return
        # What the player finished since the last tick was heard, too.
        self._follow(utterance, utterance.began_s or 0.0, quietly=True)
        utterance.played = max(utterance.played, _heard_until(utterance, position))
        self._stopped.add(utterance.key)
        self._end(utterance)

    async def close(self) -> None:
        """Stop for good: whatever is asked to be said from now on is not."""
        self._closed = True
        self.stop()
        if self._making:
            self._making.cancel()
            await asyncio.wait((self._making,))

    async def _utterance(self, key: str, offset: int) -> Utterance | None:
        """The utterance of this key, after any other; None where it is over or we are closed."""
        while (now := self._now) is not None and now.key != key:
            now.whole = True
            self._cut(now)
            await now.over.wait()
        if self._closed or key in self._stopped:
            return None
        if now is None:
            self._playback.stop()
            self._playback.progress()
            self._playback.pause()
            heard = max(offset, self._ended.get(key, 0))
            self._now = now = Utterance(key, "", cut=heard, played=heard)
        return now

    def _cut(self, utterance: Utterance) -> None:
        """Queue the clauses of the text that are whole; the rest may still grow."""
        pieces = list(clauses(utterance.text, utterance.cut))
        if pieces and not utterance.whole and _UNFINISHED_END.search(utterance.text):
            pieces.pop()
        if pieces:
            utterance.cut = pieces[-1].end
            utterance.unmade.extend(pieces)
        self._make()

    def _make(self) -> None:
        """Synthesise the next clause unless one is under way or enough are ready."""
        utterance = self._now
        while utterance and utterance.unmade and not self._making:
            if self._playback.waiting >= AHEAD:
                return
            clause = utterance.unmade.popleft()
            text = clause.text.strip()
            says_something = any(map(str.isalnum, text))
            ready = self._ready(text) if says_something else np.zeros(0, np.int16)
            if ready is not None:
                self._put(utterance, clause, ready)
                continue
            self._marks += 1
            utterance.made[self._marks] = clause
            self._making = asyncio.create_task(self._produce(utterance, text, self._marks))
            self._making.add_done_callback(self._go_on)

    def _gate(self, utterance: Utterance) -> None:
        """Until its first sound is out, an utterance may be heard only while nobody speaks."""
        if utterance.began_s is None:
            (self._playback.resume if self._may_begin() else self._playback.pause)()

    def _ready(self, text: str) -> Samples | None:
        """What need not be made any more; what was prepared is used once."""
        prepared, self._prepared = self._prepared, None
        if prepared is not None and prepared[0] == text:
            return prepared[1]
        return self._synthesiser.ready(text)

    def _put(self, utterance: Utterance, clause: Clause, samples: Samples) -> None:
        self._marks += 1
        utterance.made[self._marks] = clause
        self._playback.put(samples, self._marks)
        self._gate(utterance)

    async def _produce(self, utterance: Utterance, text: str, mark: int) -> None:
        """Synthesise a clause; neither its sound nor a complaint that quotes it is a result."""
        making = asyncio.create_task(_made(self._synthesiser, text))
        try:
            await asyncio.wait((making,))
        finally:
            making.cancel()
        fault = None if making.cancelled() else making.exception()
        if making.cancelled() or utterance is not self._now:
            return
        if fault is not None:
            self._fail(utterance, fault)
        else:
            self._playback.put(making.result(), mark)
            self._gate(utterance)

    def _go_on(self, _: asyncio.Task[None]) -> None:
        self._making = None
        self._make()

    def _fail(self, utterance: Utterance, error: BaseException) -> None:
        """The rest of the utterance cannot be said."""
        self._unsayable.add(utterance.key)
        self.stop()
        self._tell(Signal.FELL_SILENT)
        self._failed(f"The answer could not be spoken: {reason(error)}")

    def _follow(self, utterance: Utterance, now_s: float, *, quietly: bool = False) -> None:
        progress = self._playback.progress()
        for mark in progress.begun:
            if (clause := utterance.made.get(mark)) and not quietly:
                self._begin(utterance, clause, now_s)
        for mark in progress.done:
            if clause := utterance.made.pop(mark, None):
                utterance.played = clause.end
                self.played(utterance.key, clause.end)

    def _begin(self, utterance: Utterance, clause: Clause, now_s: float) -> None:
        is_first = utterance.began_s is None
        utterance.began_s = now_s if utterance.began_s is None else utterance.began_s
        self._tell(Spoke(clause.text))
        if is_first:
            utterance.started.set()
            self.began(utterance.key)

    def _is_over(self, utterance: Utterance, now_s: float) -> bool:
        if utterance.whole:
            return True
        if utterance.silent_since_s is None:
            utterance.silent_since_s = now_s
        if now_s - utterance.silent_since_s < IDLE_S:
            return False
        utterance.whole = True
        self._cut(utterance)
        return utterance.is_played

    def _end(self, utterance: Utterance) -> None:
        self._now = None
        self._ended[utterance.key] = utterance.played
        while len(self._ended) > REMEMBERED:
            oldest = next(iter(self._ended))
            del self._ended[oldest]
            self._stopped.discard(oldest)
            self._unsayable.discard(oldest)
        utterance.unmade.clear()
        utterance.started.set()
        utterance.over.set()
        if self._making:
            self._making.cancel()
        self.ended(utterance.key)


async def _made(synthesiser: Synthesiser, text: str) -> Samples:
    return await synthesiser.synthesise(text)


def _heard_until(utterance: Utterance, position: Position | None) -> int:
    """The characters heard of the clause that was playing, at the end of a word."""
    clause = utterance.made.get(position.mark) if position else None
    if clause is None or position is None:
        return utterance.played
    words = _LAST_WORD_END.match(clause.text[: round(position.share * len(clause.text))])
    return clause.start + (words.end() if words else 0)
