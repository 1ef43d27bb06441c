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

    def take(self, amount: float = 1.0) -> bool:
        """Use it, where so much is left."""
        now = self._clock.monotonic()
        self._left = min(self._at_once, self._left + (now - self._filled_at) * self._per_s)
        self._filled_at = now
        if amount > self._left:
            return False
        self._left -= amount
        return True


class Pace:
    """What one connection may send."""

    def __init__(self, clock: Clock) -> None:
        self._frames = Allowance(clock, FRAMES_PER_S, FRAMES_AT_ONCE)
        self._bytes = Allowance(clock, BYTES_PER_S, BYTES_AT_ONCE)
        self._pointers = Allowance(clock, POINTERS_PER_S, POINTERS_PER_S)

    def allows(self, size: int) -> bool:
        """Whether a message of `size` characters is within it."""
        return self._frames.take() and self._bytes.take(size)

    def allows_pointer(self) -> bool:
        """Whether a pointer is passed on; the next one shows where it is as well."""
        return self._pointers.take()


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
