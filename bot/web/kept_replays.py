"""Replays that were drawn a moment ago: drawing one takes seconds, and a card is loaded again.

What is kept here is given to nobody by itself: whoever asks has found the interview's card in the
database before. What was deleted is gone from memory a minute later, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from scoring.render.replay import Picture, Replay

KEPT_S: Final = 60.0
"""How long a replay that nobody asks for is kept."""

MOST: Final = 8
MOST_BYTES: Final = 24_000_000
"""Of the pictures of all replays that are kept."""

Key = tuple[str, int, int]
"""An interview, the revision of its card, and that of its last board."""


@dataclass(frozen=True)
class _Kept:
    replays: Mapping[int, Replay]
    size: int
    end: asyncio.TimerHandle


class KeptReplays:
    """The replays of a few cards, those that were asked for last."""

    def __init__(self) -> None:
        self._kept: dict[Key, _Kept] = {}

    def find(self, key: Key) -> Mapping[int, Replay] | None:
        """What was kept under the key, which is kept as long again."""
        kept = self._drop(key)
        if kept is not None:
            self.keep(key, kept.replays)
        return kept and kept.replays

    def keep(self, key: Key, replays: Mapping[int, Replay]) -> None:
        """Keep these for a while; others give way, those that were not asked for longest first."""
        self._drop(key)
        size = sum(len(picture.address) for picture in _pictures(replays))
        if size > MOST_BYTES:
            return
        while len(self._kept) >= MOST or self.size + size > MOST_BYTES:
            self._drop(next(iter(self._kept)))
        end = asyncio.get_running_loop().call_later(KEPT_S, self._drop, key)
        self._kept[key] = _Kept(replays, size, end)

    @property
    def size(self) -> int:
        """Bytes of all pictures that are kept."""
        return sum(one.size for one in self._kept.values())

    def _drop(self, key: Key) -> _Kept | None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            kept.end.cancel()
        return kept


def _pictures(replays: Mapping[int, Replay]) -> Iterator[Picture]:
    for frame in (frame for replay in replays.values() for frame in replay.frames):
        yield frame.picture
        yield from (sight.picture for sight in frame.sights)
