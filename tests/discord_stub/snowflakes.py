"""Ids that carry their time, and times as Discord writes them.

https://discord.com/developers/docs/reference#snowflakes
"""

from collections.abc import Callable
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000
"""First millisecond of 2015, where Discord's ids begin."""


class Snowflakes:
    """Hands out ids, each greater than every one before."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last = 0

    def next(self) -> int:
        """A new id of this moment."""
        self._last = max(int(self._now() * 1000) - EPOCH_MS << 22, self._last + 1)
        return self._last


def created_at(snowflake: int) -> float:
    """Seconds since 1970 at which an id was made."""
    return ((snowflake >> 22) + EPOCH_MS) / 1000


def timestamp(seconds: float) -> str:
    """ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()
