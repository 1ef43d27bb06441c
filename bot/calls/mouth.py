"""Speaks what the interviewer says, and has it written where the candidate can read it."""

from __future__ import annotations

import asyncio
from typing import Protocol

from interviewer.ports import Mouth, Store
from scoring.conversation import Manner


class Talk(Protocol):
    """The side of a line that speaks."""

    async def ready(self, text: str) -> bool:
        """Wait until nobody speaks and the first words can be heard at once.

        False where the candidate has said more meanwhile.
        """
        ...

    async def say(self, key: str, text: str, offset: int) -> int:
        """Play `text[offset:]`, or go on with the text under that key."""
        ...

    async def finish(self, key: str) -> int:
        """How many characters were played, once it is over."""
        ...

    def could_not_say(self, key: str) -> bool:
        """Whether it could not be synthesised."""
        ...

    def give_floor(self) -> None:
        """The candidate has the floor from now on."""
        ...

    async def listen(self) -> None:
        """Nothing more is said in this turn."""
        ...

    def manner_of(self, key: str) -> Manner | None:
        """How the utterance came to be heard; None where nothing of it was played."""
        ...


class Written(Protocol):
    """An edge's place where the words are written as well."""

    async def begun(self, key: str, text: str) -> None:
        """An utterance begins, with these words as far as they are known."""
        ...

    async def ended(self, key: str, text: str, shown: int) -> None:
        """It is over: `text[:shown]` was said.

        Also called for what was written only, and again after a crash; writes nothing twice.
        """
        ...

    async def review(self, interview_id: str) -> None:
        """Let the candidate put right what was misheard; returns when they are done."""
        ...


class SpokenMouth(Mouth):
    """The interviewer's mouth in a call; where nobody can hear it, it only writes."""

    piecewise = True
    spoken = True

    def __init__(self, talk: Talk, written: Written, store: Store) -> None:
        self._talk = talk
        self._written = written
        self._store = store
        self._texts: dict[str, str] = {}
        self._writing: dict[str, asyncio.Task[None]] = {}
        self._played: set[str] = set()
        self._notes: dict[str, list[asyncio.Task[None]]] = {}
        self._unheard = asyncio.Event()

    @property
    def audible(self) -> bool:
        """Whether what is played reaches anybody."""
        return not self._unheard.is_set()

    @audible.setter
    def audible(self, audible: bool) -> None:
        if audible:
            self._unheard.clear()
        else:
            self._unheard.set()

    async def ready(self, text: str) -> bool:
        """Return when nobody speaks; at once where, or as soon as, nobody hears it anyway."""
        if not self.audible:
            return True
        quiet = asyncio.ensure_future(self._talk.ready(text))
        unheard = asyncio.ensure_future(self._unheard.wait())
        try:
            await asyncio.wait((quiet, unheard), return_when=asyncio.FIRST_COMPLETED)
            return quiet.result() if self.audible else True
        finally:
            for task in (quiet, unheard):
                task.cancel()
            await asyncio.gather(quiet, unheard, return_exceptions=True)

    async def say(self, key: str, text: str, offset: int) -> int:
        """Begin to play the rest, or add to what is playing; write it from the first word on.

        What cannot be heard can be read, so that it counts as said.
        """
        self._texts[key] = text
        if key not in self._writing:
            self._writing[key] = asyncio.create_task(self._written.begun(key, text))
        if not self.audible:
            return len(text)
        self._played.add(key)
        played = await self._talk.say(key, text, offset)
        return played if self._can_be_heard(key) else len(text)

    async def finish(self, key: str, shown: int) -> int:
        """Wait until it was played, then write what was really said."""
        if key in self._played:
            played = await self._talk.finish(key)
            shown = played if self._can_be_heard(key) else len(self._texts[key])
        self._talk.give_floor()
        await self._noted(key)
        self._played.discard(key)
        text, writing = self._texts.pop(key, ""), self._writing.pop(key, None)
        if writing is not None:
            await writing
        await self._written.ended(key, text, shown)
        return shown

    async def listen(self) -> None:
        """Nothing more is said in this turn."""
        await self._talk.listen()

    async def review(self, interview_id: str) -> None:
        """Let the candidate put right what was misheard."""
        await self._written.review(interview_id)

    def note_played(self, key: str, shown: int) -> None:
        """So much was played by now: after a crash the rest is said, not the whole again.

        What is no utterance of the interview is said once, and not noted.
        """
        if key in self._played:
            task = asyncio.create_task(self._store.note_shown(key, shown))
            self._notes.setdefault(key, []).append(task)

    def _can_be_heard(self, key: str) -> bool:
        return self.audible and not self._talk.could_not_say(key)

    async def _noted(self, key: str) -> None:
        """How far it was played and how it came to be heard is stored before it is closed."""
        await asyncio.gather(*self._notes.pop(key, ()))
        manner = self._talk.manner_of(key)
        if manner is not None:
            await self._store.note_manner(
                key.partition(":")[0],
                key,
                waited_s=manner.waited_s,
                cut_in=manner.cut_in,
                stopped=manner.stopped,
            )
