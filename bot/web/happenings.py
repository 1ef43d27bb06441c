"""What can happen to an interview in the page, as it waits in the queue of its room."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from bot.web.drawn import Drawn
from interviewer.session import MAX_CHARS
from interviewer.state import EventKind

SHORT_WORDS = 2
"""A message of so few words may be a request such as "hint", so it stands for itself."""


class Part(NamedTuple):
    """One message of the candidate; `origin` tells it apart."""

    origin: str
    text: str


@dataclass(frozen=True)
class Said:
    """Messages of the candidate that are one answer."""

    parts: tuple[Part, ...]

    @property
    def origins(self) -> tuple[str, ...]:
        """Those of its messages."""
        return tuple(part.origin for part in self.parts)

    @property
    def text(self) -> str:
        """The whole answer."""
        return "\n".join(part.text for part in self.parts)

    @property
    def is_short(self) -> bool:
        """Whether it may be a request."""
        return len(self.text.split()) <= SHORT_WORDS


@dataclass(frozen=True)
class Did:
    """Something was asked for by a button; `origin` tells it apart."""

    origin: str
    kind: EventKind

    @property
    def origins(self) -> tuple[str, ...]:
        """The one."""
        return (self.origin,)


@dataclass(frozen=True)
class Opened:
    """Bring the session to where it listens, at the start and after a failure."""


@dataclass(frozen=True)
class TimerFired:
    """The session spoke of its own accord, or the room is to stop."""


Item: TypeAlias = Said | Did | Drawn | Opened | TimerFired


def join_followers(queue: asyncio.Queue[Item], item: Item) -> Item:
    """One answer of what was sent while something else was done.

    What follows in the queue is taken out of it, as far as it makes one answer.
    """
    if not isinstance(item, Said) or item.is_short:
        return item
    later = list[Item]()
    while not queue.empty():
        later.append(queue.get_nowait())
    while later and isinstance(follower := later[0], Said) and _goes_on(item, follower):
        item = Said((*item.parts, *follower.parts))
        del later[0]
    for other in later:
        queue.put_nowait(other)
    return item


def _goes_on(answer: Said, follower: Said) -> bool:
    return not follower.is_short and len(answer.text) + 1 + len(follower.text) <= MAX_CHARS
