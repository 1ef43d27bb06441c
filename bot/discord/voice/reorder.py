"""Frames in the order in which they were spoken, each once."""

from __future__ import annotations

from enum import StrEnum

MOST_HELD = 50
"""Frames (1 s) that may wait to be heard; beyond that the oldest go."""

FAR = 500
"""Packets (10 s) that a sequence number may jump by and still be taken for the same stream."""

RUN = 3
"""Packets in a row that prove that a sender counts from another number now (RFC 3550, A.1)."""


class Outcome(StrEnum):
    """What became of a frame that arrived; the values are the names in the statistics."""

    KEPT = "kept"
    LATE = "late_or_replayed"
    TWICE = "duplicate"
    STRAY = "out_of_sequence"
    CROWDED = "too_many_waiting"


class ReorderWindow:
    """Holds one sender's frames until they are due.

    Sequence numbers wrap at 2**16; inside they go on counting.
    """

    def __init__(self) -> None:
        self._held: dict[int, bytes] = {}
        self._due: int | None = None
        self._newest: int | None = None
        self._kept = 0
        self._run_next = -1
        self._run = 0

    def __len__(self) -> int:
        return len(self._held)

    @property
    def gap(self) -> int | None:
        """How many frames are missing before the next one that is held; None where none is."""
        if not self._held:
            return None
        return 0 if self._due is None else min(self._held) - self._due

    def put(self, sequence: int, timestamp: int, frame: bytes) -> Outcome:
        """Hold a frame that arrived, unless it came too late, twice or out of nowhere."""
        number = self._number(sequence)
        if number is None:
            if not self._starts_over(sequence, timestamp):
                return Outcome.STRAY
            number = sequence
        elif self._due is not None and number < self._due:
            return Outcome.LATE
        elif number in self._held:
            return Outcome.TWICE
        self._run = 0
        self._kept += 1
        self._held[number] = frame
        if self._is_newest(timestamp):
            self._newest = timestamp
        return self._make_room()

    def peek(self) -> bytes:
        """The next frame that is held."""
        return self._held[min(self._held)]

    def take(self) -> bytes:
        """The next frame that is held, for good; what was missing before it counts as late now."""
        number = min(self._held)
        self._due = number + 1
        return self._held.pop(number)

    def skip(self, count: int) -> None:
        """Give up at most `count` of the frames that are missing before the next one held."""
        gap = self.gap
        if gap and self._due is not None:
            self._due += min(gap, count)

    def _number(self, sequence: int) -> int | None:
        """`sequence` without wrapping; None where it is far from what is due."""
        near = self._due
        if near is None:
            near = min(self._held, default=sequence)
        distance = (sequence - near + 0x8000) % 0x10000 - 0x8000
        return None if abs(distance) > FAR else near + distance

    def _starts_over(self, sequence: int, timestamp: int) -> bool:
        """Whether the sender counts anew: a run of packets that are newer than all before.

        Their timestamps tell them from a recording of the stream that somebody plays again. What
        was no run itself is no measure: a single crafted packet does not shut a sender out.
        """
        if self._kept >= RUN and not self._is_newest(timestamp):
            return False
        self._run = self._run + 1 if sequence == self._run_next else 1
        self._run_next = (sequence + 1) % 0x10000
        if self._run < RUN:
            return False
        self._held.clear()
        self._due = self._newest = None
        return True

    def _is_newest(self, timestamp: int) -> bool:
        """Whether no frame so far was spoken later; timestamps wrap at 2**32."""
        return self._newest is None or 0 < (timestamp - self._newest) % 2**32 < 2**31

    def _make_room(self) -> Outcome:
        if len(self._held) <= MOST_HELD:
            return Outcome.KEPT
        self.take()
        return Outcome.CROWDED
