"""How much one browser may ask of this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from interviewer.clock import Clock

MOST_FRAME_BYTES = 2**20
"""Of one message of a websocket."""

MOST_BODY_BYTES = 64 * 1024
"""Of the body of a request."""

FRAMES_PER_S, FRAMES_AT_ONCE = 60.0, 180.0
"""A page sends up to 20 updates and 20 pointers a second, and what it kept after a break."""

BYTES_PER_S, BYTES_AT_ONCE = 2.0 * 2**20, 16.0 * 2**20
"""A long pen line is sent whole at each of its points; a board of 5,000 elements after a break."""

POINTERS_PER_S = 20.0

MOST_PER_BOARD = 32
MOST_PER_ADDRESS = 256
"""Connections at one time; behind a proxy everybody may come from one address."""


class TooManyError(Exception):
    """There are as many connections as may be; the message is for the person."""


class Allowance:
    """So much a second, and what was not used up to `at_once`."""

    def __init__(self, clock: Clock, per_s: float, at_once: float) -> None:
        self._clock = clock
        self._per_s = per_s
        self._at_once = at_once
        self._left = at_once
        self._filled_at = clock.monotonic()

    @property
    def is_full(self) -> bool:
        """Whether all of it is left."""
        self._fill()
        return self._left >= self._at_once

    def take(self, amount: float = 1.0) -> bool:
        """Use it, where so much is left."""
        self._fill()
        if amount > self._left:
            return False
        self._left -= amount
        return True

    def _fill(self) -> None:
        now = self._clock.monotonic()
        self._left = min(self._at_once, self._left + (now - self._filled_at) * self._per_s)
        self._filled_at = now


class Pace:
    """What one connection may send."""

    def __init__(self, clock: Clock) -> None:
        self._frames = Allowance(clock, FRAMES_PER_S, FRAMES_AT_ONCE)
        self._bytes = Allowance(clock, BYTES_PER_S, BYTES_AT_ONCE)
        self._pointers = Allowance(clock, POINTERS_PER_S, POINTERS_PER_S)

    def allows(self, size: int) -> bool:
        """Whether a message of `size` characters is within it."""
        return self._frames.take() and self._bytes.take(size)

    @property
    def is_full(self) -> bool:
        """Whether everything that may be sent at once is left."""
        return self._frames.is_full and self._bytes.is_full and self._pointers.is_full

    def allows_pointer(self) -> bool:
        """Whether a pointer is passed on; the next one shows where it is as well."""
        return self._pointers.take()


class Paces:
    """The pace of each connection. One that comes again by its link goes on with what was left.

    Several people may have come by one link, so each connection has a pace of its own.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left: dict[str, list[Pace]] = {}

    @contextmanager
    def taken(self, link: str) -> Iterator[Pace]:
        """The pace of one connection that came by the link, while this lasts."""
        self._forget_full()
        left = self._left.get(link)
        pace = left.pop() if left else Pace(self._clock)
        try:
            yield pace
        finally:
            self._left.setdefault(link, []).append(pace)

    def _forget_full(self) -> None:
        """A new one is no different."""
        used = {link: [one for one in left if not one.is_full] for link, left in self._left.items()}
        self._left = {link: left for link, left in used.items() if left}


class Seats:
    """How many connections there are, by board and by address."""

    def __init__(self) -> None:
        self._boards: Counter[str] = Counter()
        self._addresses: Counter[str] = Counter()

    @contextmanager
    def taken(self, board: str, address: str) -> Iterator[None]:
        """One more connection while this lasts; raises `TooManyError`."""
        if self._boards[board] >= MOST_PER_BOARD or self._addresses[address] >= MOST_PER_ADDRESS:
            raise TooManyError("There are too many connections; close other tabs of it.")
        seats = ((self._boards, board), (self._addresses, address))
        for counter, key in seats:
            counter[key] += 1
        try:
            yield
        finally:
            for counter, key in seats:
                counter[key] -= 1
                if not counter[key]:
                    del counter[key]
