"""What was drawn live: every accepted version of every element, kept for replay.

The updates of all boards that wait at one moment become one transaction, since a commit costs
more than the rows in it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.exc import IntegrityError

from interviewer.clock import Clock
from storage.database import Database
from storage.errors import StorageError, readable
from storage.rows import not_found
from storage.stroke_batches import Batch, Moment, Tail, Waiting
from storage.tables import STROKES

Element = Mapping[str, Any]
"""One element of a drawing, as whoever accepts it has checked it."""

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


class SceneLog:
    """The logs of all boards of this process."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._logs: dict[str, Tail] = {}
        self._next = Batch()
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
        log = Tail(scene.seq, scene.epoch, pinned=scene.seq, size=size)
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
        self, log: Tail, interview_id: str, rows: list[dict[str, Any]]
    ) -> asyncio.Future[int]:
        begins = any(row["element_id"] == _BEGINS for row in rows)
        if not begins and log.size + sum(len(row["element"]) for row in rows) > MOST_BYTES:
            return _refused(BoardFullError("this board holds as much as can be kept"))
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        now = Moment(self._clock.now(), self._clock.monotonic())
        for row in rows:
            self._next.add(log, row, now)
        self._next.waiting.append(Waiting(interview_id, log.seq, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="strokes")
        return done

    async def _write(self) -> None:
        while self._next.waiting:
            batch, self._next = self._next, Batch()
            try:
                await self._commit(batch)
            except IntegrityError:
                # One interview was deleted meanwhile, which is no trouble of the others.
                for interview_id in {one.interview_id for one in batch.waiting}:
                    await self._commit_alone(interview_id, batch.of(interview_id))
            finally:
                batch.fail(StorageError("the strokes could not be written"))

    async def _commit_alone(self, interview_id: str, batch: Batch) -> None:
        try:
            await self._commit(batch)
        except IntegrityError:
            self._fail(batch, not_found(interview_id))

    async def _commit(self, batch: Batch) -> None:
        """Store the batch and tell who waits; raises where it breaks a rule of the tables."""
        try:
            await self._database.run(batch.store)
        except StorageError as err:
            self._fail(batch, err)
        else:
            self._conclude(batch)

    def _conclude(self, batch: Batch) -> None:
        for interview_id, seq in batch.rows:
            if interview_id in self._logs:
                self._logs[interview_id].unstored.pop(seq, None)
        batch.conclude()

    def _fail(self, batch: Batch, err: Exception) -> None:
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
