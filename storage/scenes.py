"""What was drawn live: every accepted version of every element, kept for replay.

The updates of all boards that wait at one moment become one transaction, since a commit costs
more than the rows in it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from interviewer.clock import Clock
from storage.database import Database
from storage.errors import StorageError, readable
from storage.rows import not_found
from storage.tables import STROKES

Element = Mapping[str, Any]
"""One element of a drawing, as whoever accepts it has checked it."""

SETTLES_S = 1.0
"""Versions of an element by one person within so many seconds replace each other."""

MOST_BYTES = 256 * 2**20
"""How much the strokes of one epoch of a board may take."""

_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False, check_circular=False)

_BEGINS = ""
"""The element of the row that begins an epoch; no real one has an empty id."""

_OF = STROKES.c.interview_id == bindparam("of")
_END = select(func.max(STROKES.c.seq)).where(_OF)
_SIZE = select(func.sum(func.length(STROKES.c.element))).where(
    _OF, STROKES.c.epoch == bindparam("in_epoch")
)
_UP_TO = _OF & (STROKES.c.seq <= bindparam("up_to"))
_LAST = select(STROKES.c.epoch, STROKES.c.at).where(_UP_TO).order_by(STROKES.c.seq.desc()).limit(1)
_LATEST = (
    select(func.max(STROKES.c.seq))
    .where(_UP_TO, STROKES.c.epoch == bindparam("in_epoch"), STROKES.c.element_id != _BEGINS)
    .group_by(STROKES.c.element_id)
)
_ELEMENTS = select(STROKES.c.seq, STROKES.c.element).where(
    _OF, STROKES.c.seq.in_(bindparam("wanted", expanding=True))
)
_ROWS_AT_ONCE = 500
_INSERT = insert(STROKES)
_REMOVE = delete(STROKES).where(_OF, STROKES.c.seq == bindparam("at_seq"))


class BoardFullError(StorageError):
    """The strokes of this epoch take as much room as they may."""


class StaleEpochError(StorageError):
    """The board has begun anew since."""


@dataclass(frozen=True)
class Scene:
    """A drawing as accepted: its elements by id, deleted ones included.

    `seq` is the latest stroke, 0 before the first, `changed_at` its time; `epoch` counts how often
    the board began anew.
    """

    epoch: int
    seq: int
    elements: dict[str, Element]
    changed_at: datetime | None = None


class _Kept(NamedTuple):
    """The latest row of an element; `since` is when the first of those it replaced was drawn."""

    seq: int
    since: float
    person: str
    size: int


@dataclass
class _Log:
    """The end of an interview's log. No number is given twice, so some may be missing.

    `size` is what its epoch takes, `unstored` what is part of it and on its way to the database,
    by number.
    """

    seq: int
    epoch: int
    pinned: int
    size: int
    kept: dict[str, _Kept] = field(default_factory=dict)
    unstored: dict[int, int] = field(default_factory=dict)

    def replaced_by(self, row: dict[str, Any], now: float) -> _Kept | None:
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


class _Waiting(NamedTuple):
    interview_id: str
    seq: int
    done: asyncio.Future[int]


class _Moment(NamedTuple):
    at: datetime
    monotonic: float


@dataclass
class _Batch:
    """What the next transaction stores, what it removes and how large that is; who waits for it."""

    rows: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    removed: dict[tuple[str, int], int] = field(default_factory=dict)
    waiting: list[_Waiting] = field(default_factory=list)

    def add(self, log: _Log, row: dict[str, Any], now: _Moment) -> None:
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
        log.kept[row["element_id"]] = _Kept(log.seq, since, row["person"], size)
        self.rows[interview_id, log.seq] = row | {"seq": log.seq, "at": now.at}

    def store(self, connection: Connection) -> None:
        """Write it."""
        if self.removed:
            gone = [{"of": interview_id, "at_seq": seq} for interview_id, seq in self.removed]
            connection.execute(_REMOVE, gone)
        if self.rows:
            connection.execute(_INSERT, list(self.rows.values()))

    def of(self, interview_id: str) -> _Batch:
        """The part that is about this interview."""
        return _Batch(
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


class SceneLog:
    """The logs of all boards of this process."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._logs: dict[str, _Log] = {}
        self._next = _Batch()
        self._writing: asyncio.Task[None] | None = None

    async def load(self, interview_id: str) -> Scene:
        """The drawing as it stands, empty where nothing was drawn; from now on it can be added to.

        Everything in it is kept. Raises `DatabaseCorruptError`.
        """

        def read(connection: Connection) -> tuple[Scene, int]:
            seq = connection.execute(_END, {"of": interview_id}).scalar_one() or 0
            scene = _scene(connection, interview_id, seq)
            values = {"of": interview_id, "in_epoch": scene.epoch}
            return scene, connection.execute(_SIZE, values).scalar_one() or 0

        scene, size = await self._database.run(read)
        log = _Log(scene.seq, scene.epoch, pinned=scene.seq, size=size)
        self._logs.setdefault(interview_id, log)
        return scene

    async def accept(
        self, interview_id: str, epoch: int, elements: Sequence[Element], person: str
    ) -> int:
        """Append the elements and return the number of the last; committed when it returns.

        Raises what the future of `append` fails with.
        """
        if interview_id not in self._logs:
            await self.load(interview_id)
        return await self.append(interview_id, epoch, elements, person)

    def append(
        self,
        interview_id: str,
        epoch: int,
        elements: Sequence[Element],
        person: str,
        written: Sequence[str] | None = None,
    ) -> asyncio.Future[int]:
        """As `accept`, without waiting, of a log that is loaded; `written` is their JSON if known.

        What is appended to one board without giving way in between is stored together or not at
        all. The future is done after the commit; it fails with `InterviewNotFoundError`,
        `StaleEpochError`, `BoardFullError` or another `StorageError`, and then nothing was stored.
        """
        log = self._logs[interview_id]
        if epoch != log.epoch:
            return _refused(StaleEpochError(f"the board is in epoch {log.epoch} by now"))
        documents = map(_ENCODER.encode, elements) if written is None else written
        rows = [
            _row(interview_id, epoch, element, person) | {"element": document}
            for element, document in zip(elements, documents, strict=True)
        ]
        return self._enqueue(log, interview_id, rows)

    async def begin_anew(self, interview_id: str, epoch: int | None = None) -> int:
        """Begin the next or the given later epoch, whose board is empty, and return it.

        Raises as `accept`, and ValueError for an epoch that is not later.
        """
        if interview_id not in self._logs:
            await self.load(interview_id)
        log = self._logs[interview_id]
        begun = log.epoch + 1 if epoch is None else epoch
        if begun <= log.epoch:
            raise ValueError(f"the board is in epoch {log.epoch} already")
        nothing = {"id": _BEGINS, "version": 0, "versionNonce": 0}
        row = _row(interview_id, begun, nothing, "") | {"element": "null"}
        log.pinned = log.seq
        await self._enqueue(log, interview_id, [row])
        log.epoch, log.size = begun, 0
        return begun

    def pin(self, interview_id: str, seq: int) -> None:
        """Keep the drawing as it stands at stroke `seq`, since a revision is read from it.

        Nothing of this board may be on its way to the database.
        """
        log = self._logs[interview_id]
        log.pinned = max(log.pinned, seq)

    def forget(self, interview_id: str) -> None:
        """The board is closed; what was drawn on it is no longer replaced."""
        self._logs.pop(interview_id, None)

    async def close(self) -> None:
        """Return when everything is written."""
        if self._writing is not None:
            await self._writing

    def _enqueue(
        self, log: _Log, interview_id: str, rows: list[dict[str, Any]]
    ) -> asyncio.Future[int]:
        begins = any(row["element_id"] == _BEGINS for row in rows)
        if not begins and log.size + sum(len(row["element"]) for row in rows) > MOST_BYTES:
            return _refused(BoardFullError("this board holds as much as can be kept"))
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        now = _Moment(self._clock.now(), self._clock.monotonic())
        for row in rows:
            self._next.add(log, row, now)
        self._next.waiting.append(_Waiting(interview_id, log.seq, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="strokes")
        return done

    async def _write(self) -> None:
        while self._next.waiting:
            batch, self._next = self._next, _Batch()
            try:
                await self._commit(batch)
            except IntegrityError:
                # One interview was deleted meanwhile, which is no trouble of the others.
                for interview_id in {one.interview_id for one in batch.waiting}:
                    await self._commit_alone(interview_id, batch.of(interview_id))
            finally:
                batch.fail(StorageError("the strokes could not be written"))

    async def _commit_alone(self, interview_id: str, batch: _Batch) -> None:
        try:
            await self._commit(batch)
        except IntegrityError:
            self._fail(batch, not_found(interview_id))

    async def _commit(self, batch: _Batch) -> None:
        """Store the batch and tell who waits; raises where it breaks a rule of the tables."""
        try:
            await self._database.run(batch.store)
        except StorageError as err:
            self._fail(batch, err)
        else:
            self._conclude(batch)

    def _conclude(self, batch: _Batch) -> None:
        for interview_id, seq in batch.rows:
            if interview_id in self._logs:
                self._logs[interview_id].unstored.pop(seq, None)
        batch.conclude()

    def _fail(self, batch: _Batch, err: Exception) -> None:
        """Nothing of it was stored and nothing removed; tell everybody who still waits."""
        for (interview_id, seq), row in batch.rows.items():
            self._next.removed.pop((interview_id, seq), None)
            if interview_id in self._logs:
                self._logs[interview_id].forget(seq, row["element_id"])
        for (interview_id, _), size in batch.removed.items():
            if interview_id in self._logs:
                self._logs[interview_id].size += size
        batch.fail(err)


async def scene_at(database: Database, interview_id: str, seq: int) -> list[Element]:
    """The elements as they stood at stroke `seq`, deleted ones included, in drawing order."""
    (elements,) = await scenes_at(database, interview_id, [seq])
    return elements


async def scenes_at(
    database: Database, interview_id: str, seqs: Sequence[int]
) -> list[list[Element]]:
    """As `scene_at` for each of `seqs`; an element that did not change is the same object.

    Raises `DatabaseCorruptError`.
    """

    def read(connection: Connection) -> list[list[Element]]:
        known: dict[int, Element] = {}
        return [
            in_order(_scene(connection, interview_id, seq, known).elements.values()) for seq in seqs
        ]

    return await database.run(read)


def in_order(elements: Iterable[Element]) -> list[Element]:
    """The elements from the lowest layer to the topmost, as Excalidraw orders them."""
    return sorted(elements, key=lambda one: (str(one.get("index") or ""), str(one.get("id"))))


def _refused(err: StorageError) -> asyncio.Future[int]:
    refused: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    refused.set_exception(err)
    return refused


def _row(interview_id: str, epoch: int, element: Element, person: str) -> dict[str, Any]:
    return {
        "interview_id": interview_id,
        "epoch": epoch,
        "element_id": element["id"],
        "version": element["version"],
        "nonce": element["versionNonce"],
        "person": person,
    }


def _scene(
    connection: Connection, interview_id: str, seq: int, known: dict[int, Element] | None = None
) -> Scene:
    """The drawing at stroke `seq`; `known` are elements that were read, by stroke."""
    values = {"of": interview_id, "up_to": seq}
    last = connection.execute(_LAST, values).one_or_none()
    epoch, changed_at = (0, None) if last is None else last
    latest = connection.execute(_LATEST, values | {"in_epoch": epoch}).scalars().all()
    known = {} if known is None else known
    missing = [at for at in latest if at not in known]
    for start in range(0, len(missing), _ROWS_AT_ONCE):
        wanted = {"of": interview_id, "wanted": missing[start : start + _ROWS_AT_ONCE]}
        for at, written in connection.execute(_ELEMENTS, wanted):
            known[at] = _element(interview_id, written)
    return Scene(epoch, seq, {known[at]["id"]: known[at] for at in latest}, changed_at)


def _element(interview_id: str, written: str) -> Element:
    with readable("strokes", interview_id):
        element = json.loads(written)
        if not isinstance(element, dict) or not isinstance(element.get("id"), str):
            raise ValueError("no element")
        return element
