"""Strokes on their way to the database: what the next transaction stores, and what gives way.

Whoever drags a box makes a version of it many times a second. Versions of one element by one person
that follow each other within `SETTLES_S` replace each other, unless somebody looked in between.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert

from storage.tables import STROKES

SETTLES_S = 1.0
"""Versions of an element by one person within so many seconds replace each other."""

_INSERT = insert(STROKES)
_REMOVE = delete(STROKES).where(
    STROKES.c.interview_id == bindparam("of"), STROKES.c.seq == bindparam("at_seq")
)


class Kept(NamedTuple):
    """The latest row of an element; `since` is when the first of those it replaced was drawn."""

    seq: int
    since: float
    person: str
    size: int


@dataclass
class Tail:
    """The end of an interview's log. No number is given twice, so some may be missing.

    `size` is what its epoch takes, `unstored` what is part of it and on its way to the database,
    by number.
    """

    seq: int
    epoch: int
    pinned: int
    size: int
    kept: dict[str, Kept] = field(default_factory=dict)
    unstored: dict[int, int] = field(default_factory=dict)

    def replaced_by(self, row: dict[str, Any], now: float) -> Kept | None:
        """The row that gives way to this one: of the same person, recent, and not pinned."""
        old = self.kept.get(row["element_id"])
        if old is None or old.person != row["person"] or old.seq <= self.pinned:
            return None
        return old if now - old.since < SETTLES_S else None

    def forget(self, seq: int, element_id: str) -> None:
        """The row was not stored: it takes no room, and no other takes its place."""
        self.size -= self.unstored.pop(seq, 0)
        if element_id in self.kept and self.kept[element_id].seq == seq:
            del self.kept[element_id]


class Waiting(NamedTuple):
    """Who is told once the strokes of an interview up to `seq` are stored, or why they are not."""

    interview_id: str
    seq: int
    done: asyncio.Future[int]


class Moment(NamedTuple):
    """Now, as a time to keep and in seconds to compare."""

    at: datetime
    monotonic: float


@dataclass
class Batch:
    """What the next transaction stores, what it removes and how large that is; who waits for it."""

    rows: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    removed: dict[tuple[str, int], int] = field(default_factory=dict)
    waiting: list[Waiting] = field(default_factory=list)

    def add(self, log: Tail, row: dict[str, Any], now: Moment) -> None:
        """Give the row the next number; it takes the place of one that has not settled."""
        interview_id, size = row["interview_id"], len(row["element"])
        log.seq += 1
        log.size += size
        since = now.monotonic
        old = log.replaced_by(row, now.monotonic)
        if old is not None:
            since = old.since
            log.size -= old.size
            log.unstored.pop(old.seq, None)
            if self.rows.pop((interview_id, old.seq), None) is None:
                self.removed[interview_id, old.seq] = old.size
        log.unstored[log.seq] = size
        log.kept[row["element_id"]] = Kept(log.seq, since, row["person"], size)
        self.rows[interview_id, log.seq] = row | {"seq": log.seq, "at": now.at}

    def store(self, connection: Connection) -> None:
        """Write it."""
        if self.removed:
            gone = [{"of": interview_id, "at_seq": seq} for interview_id, seq in self.removed]
            connection.execute(_REMOVE, gone)
        if self.rows:
            connection.execute(_INSERT, list(self.rows.values()))

    def of(self, interview_id: str) -> Batch:
        """The part that is about this interview."""
        return Batch(
            {key: row for key, row in self.rows.items() if key[0] == interview_id},
            {key: size for key, size in self.removed.items() if key[0] == interview_id},
            [one for one in self.waiting if one.interview_id == interview_id],
        )

    def fail(self, err: Exception) -> None:
        """Tell everybody who still waits."""
        for one in self.waiting:
            if not one.done.done():
                one.done.set_exception(err)

    def conclude(self) -> None:
        """It is committed."""
        for one in self.waiting:
            if not one.done.done():
                one.done.set_result(one.seq)
