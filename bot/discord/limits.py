"""How much one person may ask for, so that nobody slows the others down."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass

from bot.doors import UsageError
from interviewer.clock import Clock


@dataclass(frozen=True)
class Allowance:
    """At most `times` in any `seconds`; `what` is for the message, as in "start interviews"."""

    what: str
    times: int
    seconds: float


COMMANDS = Allowance("use commands", 60, 60)
STARTS = Allowance("start interviews", 60, 60 * 60)
PRESSES = Allowance("use buttons, menus and forms", 120, 60)
REGRADES = Allowance("have answers graded again", 10, 10 * 60)
TURNS = Allowance("be answered", 300, 5 * 60)
GREETINGS = Allowance("be greeted", 1, 60 * 60)
EXPORTS = Allowance("export or draw", 10, 10 * 60)

MOST_PEOPLE = 10_000
"""People of whom it is remembered what they did; the longest idle are forgotten first."""


class Limits:
    """Counts what each person did lately, in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._done: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def take(self, person: str, allowance: Allowance) -> None:
        """Count one more; raises `UsageError` with the time to wait where it is too much."""
        wait_s = self.wait_s(person, allowance)
        if wait_s:
            raise UsageError(_too_much(allowance, wait_s))

    def wait_s(self, person: str, allowance: Allowance) -> float:
        """Count one more and return 0; the seconds to wait where it is too much."""
        now = self._clock.monotonic()
        done = self._done.pop((person, allowance.what), deque())
        while done and done[0] <= now - allowance.seconds:
            done.popleft()
        self._done[person, allowance.what] = done
        if len(done) >= allowance.times:
            return done[0] + allowance.seconds - now
        done.append(now)
        if len(self._done) > MOST_PEOPLE:
            del self._done[next(iter(self._done))]
        return 0.0


def _too_much(allowance: Allowance, wait_s: float) -> str:
    wait = f"{math.ceil(wait_s)} seconds" if wait_s < 90 else f"{math.ceil(wait_s / 60)} minutes"
    span = f"{allowance.seconds / 60:.0f} minutes" if allowance.seconds != 60 else "a minute"
    return (
        f"That is a lot at once: {allowance.times} times in {span} is the most that one person "
        f"can {allowance.what}. Please wait {wait}."
    )
