"""How the interviewer speaks to pages: to all that follow the interview, as the words come.

What was said is stored, and a page that comes later finds it there; so it counts as said whether
anybody looks at that moment or not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.web.talk_wire import Line, Message, taken_message, turns_message, write
from interviewer.clock import Clock
from interviewer.ports import InboxItem, Mouth
from interviewer.state import EventKind, candidate_turn_id, interviewer_turn_id
from scoring.transcript import Speaker

MOST_UNSENT = 200
"""Frames that may wait for a page; one that reads more slowly has to come again."""

ORIGIN = "page:"
"""What an origin of the page begins with among those of an interview."""


class FellBehindError(Exception):
    """The page reads more slowly than it is told."""


class Listener:
    """What one page is still to be told."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MOST_UNSENT)
        self._fell_behind = False

    def tell(self, frame: str) -> None:
        """Hand it over, unless too much waits already."""
        try:
            self._waiting.put_nowait(frame)
        except asyncio.QueueFull:
            self._fell_behind = True

    async def next(self) -> str:
        """The next frame; raises `FellBehindError` once one was left out."""
        if self._fell_behind:
            raise FellBehindError
        return await self._waiting.get()


class Audience:
    """The pages that follow one interview.

    Guests, who may not answer, see where it stands, and nothing of what was said.
    """

    def __init__(self) -> None:
        self._listeners: dict[Listener, bool] = {}
        self.changed: Callable[[], None] = lambda: None

    @contextmanager
    def joined(self, *, answers: bool) -> Iterator[Listener]:
        """Told everything within the block that it may know."""
        listener = Listener()
        self._listeners[listener] = answers
        self.changed()
        try:
            yield listener
        finally:
            del self._listeners[listener]
            self.changed()

    @property
    def has_candidate(self) -> bool:
        """Whether somebody is there who may answer."""
        return any(self._listeners.values())

    def tell(self, message: Message, *, guests: bool = False) -> None:
        """Tell those who may answer, or the guests."""
        frame = write(message)
        for listener, answers in self._listeners.items():
            if answers is not guests:
                listener.tell(frame)

    def __len__(self) -> int:
        return len(self._listeners)


class WebMouth(Mouth):
    """Speaks to the audience.

    `on_turn` is called where a turn begins or ends. `taken` are the origins of what is stored.
    """

    piecewise = True

    def __init__(self, audience: Audience, clock: Clock, on_turn: Callable[[], None]) -> None:
        self._audience = audience
        self._clock = clock
        self._on_turn = on_turn
        self._said: dict[str, Line] = {}
        self.taken: set[str] = set()

    @property
    def unfinished(self) -> tuple[Line, ...]:
        """What is being said right now, as far as it was said."""
        return tuple(self._said.values())

    def took(self, item: InboxItem) -> None:
        """Show what the candidate said as soon as it is stored."""
        for origin in item.event.origins:
            self.confirm(origin.removeprefix(ORIGIN))
        if item.event.kind is EventKind.SAID:
            key, text = candidate_turn_id(item.seq), item.event.text
            line = Line(key, Speaker.CANDIDATE, text, item.event.at)
            self._audience.tell(turns_message((line,)))
        self._on_turn()

    def confirm(self, origin: str) -> None:
        """What came under that origin is stored."""
        self.taken.add(origin)
        self._audience.tell(taken_message(origin))

    async def say(self, key: str, text: str, offset: int) -> int:
        """Show the utterance as far as it is worded."""
        before = self._said.get(key)
        at = before.at if before else self._clock.now()
        line = Line(_turn_id(key), Speaker.INTERVIEWER, text, at, done=False)
        self._said[key] = line
        self._audience.tell(turns_message((line,)))
        return len(text)

    async def finish(self, key: str, shown: int) -> int:
        """Show that nothing more comes."""
        line = self._said.pop(key, None)
        if line is not None:
            over = Line(line.key, line.speaker, line.text[:shown], line.at)
            self._audience.tell(turns_message((over,)))
            self._on_turn()
        return shown

    async def listen(self) -> None:
        """The candidate has the floor."""
        self._said.clear()
        self._on_turn()


class FollowedMouth(Mouth):
    """Another edge's mouth, of which pages are told what it says.

    What is played is told once it is over, and as far as it was heard.
    """

    def __init__(self, mouth: Mouth, pages: WebMouth) -> None:
        self.piecewise = mouth.piecewise
        self.spoken = mouth.spoken
        self._mouth = mouth
        self._pages = pages
        self._played: dict[str, str] = {}

    def took(self, item: InboxItem) -> None:
        """Show it in both places."""
        self._mouth.took(item)
        self._pages.took(item)

    async def ready(self, text: str) -> bool:
        """As that mouth is."""
        return await self._mouth.ready(text)

    async def say(self, key: str, text: str, offset: int) -> int:
        """What counts is what that mouth has shown."""
        if self.spoken:
            self._played[key] = text
        else:
            await self._pages.say(key, text, offset)
        return await self._mouth.say(key, text, offset)

    async def finish(self, key: str, shown: int) -> int:
        """Pages end where that mouth ended."""
        shown = await self._mouth.finish(key, shown)
        heard = self._played.pop(key, "")[:shown]
        if heard.strip():
            await self._pages.say(key, heard, 0)
        return await self._pages.finish(key, shown)

    async def listen(self) -> None:
        """The candidate has the floor."""
        await self._mouth.listen()
        await self._pages.listen()

    async def review(self, interview_id: str) -> None:
        """As that mouth does."""
        await self._mouth.review(interview_id)


def _turn_id(key: str) -> str:
    """The transcript's id of the turn that an outbox key stands for."""
    return interviewer_turn_id(int(key.split(":")[1]))
