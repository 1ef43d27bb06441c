"""What goes wrong on order, or at random with a seed: answers, connections, the order of events."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.discord_stub.gateway import Session

HELD_BACK_S = 0.2
"""How long a reordered event waits for others to overtake it."""


class Kind(Enum):
    """What happens to a request."""

    STATUS = auto()
    RATE_LIMIT = auto()
    SLOW = auto()
    LOST = auto()


@dataclass(slots=True)
class Fault:
    """One thing that will happen to requests of a route.

    Attributes:
        seconds: the wait of SLOW, `retry_after` of RATE_LIMIT.
        left: how many requests it still hits.
    """

    kind: Kind
    method: str
    path: str
    left: int = 1
    status: int = 500
    seconds: float = 0.0
    is_global: bool = False

    def hits(self, method: str, path: str) -> bool:
        """Whether it is meant for this request."""
        return self.left > 0 and self.method in ("*", method) and bool(_glob(self.path).match(path))


@lru_cache(maxsize=256)
def _glob(path: str) -> re.Pattern[str]:
    """`*` is one part of a path or less, `**` is any number of parts."""
    parts = (re.escape(part).replace(r"\*", "[^/]*") for part in path.split("**"))
    return re.compile(".*".join(parts) + r"\Z")


class Faults:
    """The scripted faults, oldest first, and the random ones while chaos lasts."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._chaos: Chaos | None = None

    def plan(self, fault: Fault) -> None:
        """Add a fault."""
        self._planned.append(fault)

    def take(self, method: str, path: str) -> list[Fault]:
        """The faults of this request: delays first, then at most one that ends it."""
        hits = [fault for fault in self._planned if fault.hits(method, path)]
        delays = [fault for fault in hits if fault.kind is Kind.SLOW]
        ends = [fault for fault in hits if fault.kind is not Kind.SLOW]
        found = delays + ends[:1]
        for fault in found:
            fault.left -= 1
        self._planned = [fault for fault in self._planned if fault.left > 0]
        if not found and self._chaos is not None:
            return self._chaos.roll(method, path)
        return found

    def unleash(self, chaos: Chaos | None) -> None:
        """Random faults from now on; None ends them."""
        self._chaos = chaos

    @property
    def waiting(self) -> list[Fault]:
        """Scripted faults that have hit nothing yet."""
        return list(self._planned)


@dataclass(slots=True)
class Chaos:
    """Random faults: the same seed and the same requests meet the same ones.

    Attributes:
        share: the part of requests that something happens to.
        disturb: what can happen to the gateway meanwhile.
        happened: what has happened, in order.
    """

    random: Random
    share: float
    disturb: list[Callable[[], None]] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)

    def roll(self, method: str, path: str) -> list[Fault]:
        """What happens to this request, mostly nothing."""
        if self.random.random() >= self.share:
            return []
        choice = self.random.choice((*Kind, *self.disturb))
        if not isinstance(choice, Kind):
            self.happened.append(choice.__name__)
            choice()
            return []
        if choice is Kind.LOST and method not in ("POST", "PATCH"):
            return []
        self.happened.append(f"{choice.name} {method} {path}")
        status = self.random.choice((500, 502, 504))
        return [Fault(choice, method, path, status=status, seconds=self.random.uniform(0.01, 0.1))]


class Disorder:
    """Delivers events twice, or in another order, when told to."""

    def __init__(self) -> None:
        self.twice = 0
        self.reorder = 0
        self._held: list[tuple[Session, str, str]] = []

    def deliver(self, session: Session, event: str, data: str) -> None:
        """Give an event to a session, as orderly as ordered."""
        if self.reorder > 0:
            self.reorder -= 1
            self._held.append((session, event, data))
            if self.reorder == 0:
                self._release()
            elif len(self._held) == 1:
                asyncio.get_running_loop().call_later(HELD_BACK_S, self._release)
            return
        session.give(event, data)
        if self.twice > 0:
            self.twice -= 1
            session.give(event, data)

    def _release(self) -> None:
        held, self._held = self._held, []
        for session, event, data in reversed(held):
            session.give(event, data)
