"""A scripted candidate who plays a whole round, whatever happens to the bot meanwhile."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from random import Random

from benchmarks.answers import SIXTY_WORDS
from tests.discord_stub import DiscordStub
from tests.discord_stub.calls import Call, NotAnsweredError
from tests.discord_stub.channels import Channel
from tests.discord_stub.messages import Message
from tests.discord_stub.person import Person
from tests.discord_stub.state import Guild

QUESTION = "what-is-a-token"
"""The drill that everybody takes, so that the same sentences come again in one channel."""

CARD_MARK = "Practice feedback."
"""Every card says so, and nothing else does."""

REPLY_S = 6.0
START_S, END_S = 120.0, 120.0

_STATUS = re.compile(r"hs:hint:([a-z0-9]+)")
_STEPS = ("answer",) * 7 + ("burst", "burst", "hint", "think", "pause", "next", "board", "types")
_PRESSES = {"hint": "Hint", "think": "Let me think", "pause": "Pause", "next": "Next stage"}


class Kind(StrEnum):
    """What is played, and where."""

    DRILLS = "drills in direct messages"
    DESIGN = "design in direct messages"
    STORY = "story in direct messages"
    THREAD = "design in a thread"


@dataclass
class Unanswered:
    """A press or a command to which the bot did not respond in time."""

    what: str
    interaction: int
    sent: float
    given_up: float


@dataclass
class Player:
    """Somebody who takes rounds; what was written and what was not answered is kept."""

    stub: DiscordStub
    person: Person
    guild: Guild
    dice: Random
    kind: Kind
    written: list[tuple[Message, str]] = field(default_factory=list)
    unanswered: list[Unanswered] = field(default_factory=list)
    places: list[Channel] = field(default_factory=list)
    rounds: int = 0

    async def plays(self) -> None:
        """One round, or two drills of the same question in one conversation."""
        for _ in range(2 if self.kind is Kind.DRILLS else 1):
            since = self.stub.world.next_id()
            place = await self._starts(since)
            if place not in self.places:
                self.places.append(place)
            for _ in range(self.dice.randrange(2, 9)):
                if self._card(place, since):
                    break
                await self._step(place)
            await self._ends(place, since)
            self.rounds += 1

    # --- the beginning and the end ------------------------------------------------------

    async def _starts(self, since: int) -> Channel:
        """Ask for the round until its question is there; returns where."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            await self._acts("start", self._asks_for_round)
            with suppress(TimeoutError):
                async with asyncio.timeout(REPLY_S):
                    return await self._question(since)
        raise AssertionError(f"no question came for {self.person.user.name}")

    async def _question(self, since: int) -> Channel:
        """The place where a status card came."""
        while True:
            for place in self._own_places():
                if any(m.id > since and _STATUS.search(_ids(m)) for m in of_bot(place)):
                    return place
            await asyncio.sleep(0.05)

    async def _asks_for_round(self) -> Call:
        dm = self.person.dm()
        match self.kind:
            case Kind.DRILLS:
                return await self.person.runs(dm, "/drill", question=QUESTION)
            case Kind.DESIGN:
                return await self.person.runs(dm, "/interview start", round="design", minutes=3)
            case Kind.STORY:
                return await self.person.runs(dm, "/behavioural")
            case Kind.THREAD:
                general = next(c for c in self.guild.channels.values() if not c.is_thread)
                return await self.person.runs(
                    general, "/interview start", round="design", minutes=3
                )

    def _own_places(self) -> Iterator[Channel]:
        if self.kind is not Kind.THREAD:
            yield self.person.dm()
            return
        yield from (c for c in self.guild.channels.values() if self.person.id in c.joined)

    async def _ends(self, place: Channel, since: int) -> None:
        """End it until the card is there."""
        deadline = time.monotonic() + END_S
        while not self._card(place, since):
            if time.monotonic() > deadline:
                raise AssertionError(f"no card for {self.person.user.name}\n{self._screen(place)}")
            asked = await self._presses(place, "End")
            if asked is not None and (sure := asked.interaction.original) is not None:
                await self._acts("End it", partial(self.person.presses, sure, "End it"))
            await self._waits(place, lambda: self._card(place, since))

    def _card(self, place: Channel, since: int) -> bool:
        return any(m.id > since and CARD_MARK in m.text for m in of_bot(place))

    def _screen(self, place: Channel) -> str:
        return self.person.screen(place)

    # --- the steps ----------------------------------------------------------------------

    async def _step(self, place: Channel) -> None:
        step = self.dice.choice(_STEPS)
        if step in _PRESSES:
            await self._presses(place, _PRESSES[step])
        if step == "pause" and self.dice.random() < 0.5:
            await self._presses(place, "Resume")
        if step == "board":
            await self._draws(place)
        if step == "types":
            await self.person.types(place)
        if step in ("answer", "burst", "think", "pause"):
            for _ in range(self.dice.randrange(1, 3) if step == "burst" else 0):
                await self._says(place)
                await asyncio.sleep(self.dice.choice((0.0, 0.05)))
            await self._awaits_reply(place, await self._says(place))
        await asyncio.sleep(self.dice.uniform(0.0, 0.2))

    async def _says(self, place: Channel) -> Message:
        """Write something that nobody has written before, now and then very little."""
        mark = f"zq{self.person.id % 10**8}x{len(self.written)}"
        words = self.dice.choice(SIXTY_WORDS).split()
        length = self.dice.choice((0, 6, 25, 60))
        message = await self.person.says(place, " ".join([*words[:length], mark]))
        self.written.append((message, mark))
        return message

    async def _draws(self, place: Channel) -> None:
        form = await self._presses(place, "Board")
        if form is not None and form.modal is not None:
            sketch = f"client -> gateway -> service{len(self.written)}"
            answers = {"Your design, as text": sketch}
            await self._acts("board", lambda: self.person.fills(form, answers))

    async def _presses(self, place: Channel, button: str) -> Call | None:
        return await self._acts(button, lambda: self.person.presses(place, button))

    async def _acts(self, what: str, act: Callable[[], Awaitable[Call]]) -> Call | None:
        """Do it; None where the bot did not answer, or where there is no such button now."""
        sent = time.monotonic()
        try:
            return await act()
        except NotAnsweredError:
            mine = [i for i in self.stub.world.interactions.values() if i.user is self.person.user]
            self.unanswered.append(Unanswered(what, mine[-1].id, sent, time.monotonic()))
        except AssertionError:
            await asyncio.sleep(0.1)
        return None

    async def _awaits_reply(self, place: Channel, message: Message) -> None:
        await self._waits(place, lambda: any(m.id > message.id for m in of_bot(place)))

    async def _waits(self, place: Channel, look: Callable[[], bool]) -> None:
        """Until it is so, or patience ends."""
        with suppress(TimeoutError):
            await self.stub.world.changes.until(place.id, lambda: look() or None, REPLY_S)


def of_bot(place: Channel) -> list[Message]:
    """What the bot posted there by itself, oldest first."""
    bot = place.world.bot
    return [m for m in place.messages.values() if m.author is bot and m.interaction is None]


def _ids(message: Message) -> str:
    """Every custom id of the message."""
    found, stack = list[str](), list(message.components)
    while stack:
        part = stack.pop()
        found.append(part.get("custom_id", ""))
        stack.extend(part.get("components", ()))
    return "\n".join(found)
