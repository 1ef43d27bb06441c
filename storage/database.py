"""Opens the database file: one process at a time, up to date, ready for short transactions."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event

from storage.errors import DatabaseLockedError, translated, unwritable
from storage.revisions import bring_up_to_date

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
)
"""NORMAL loses nothing when the process is killed; `secure_delete` overwrites deleted words."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Database:
    """An open database file, with the one thread that works on it."""

    path: Path
    engine: Engine
    thread: ThreadPoolExecutor

    @property
    def checkpoint_path(self) -> Path:
        """Where LangGraph's checkpoints of these interviews are."""
        return self.path.with_name(f"{self.path.name}.checkpoints")

    async def run(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` returns; its statements are committed together, or none where it raises.

        A whole transaction is one visit to the thread: a visit for every statement costs more than
        the statements. One whose caller is cancelled is done wholly or not at all.
        """

        def transact() -> Result:
            with self.engine.begin() as connection:
                return work(connection)

        with translated(self.path):
            return await asyncio.get_running_loop().run_in_executor(self.thread, transact)

    async def scrub(self) -> None:
        """Empty the write-ahead log, so that no copy of deleted rows is left in it."""

        def checkpoint() -> None:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

        with translated(self.path):
            await asyncio.get_running_loop().run_in_executor(self.thread, checkpoint)


@asynccontextmanager
async def open_database(path: Path) -> AsyncIterator[Database]:
    """The database at `path`, created or migrated where needed, locked against other processes.

    Raises:
        DatabaseLockedError: another process has it open.
        DatabaseTooNewError: a newer version made it.
        DatabaseReadOnlyError: the file or its folder cannot be written.
        DatabaseCorruptError: the file is no database of ours, or damaged.
        DiskFullError: no room to create or migrate it.
    """
    with _locked(path):
        create_private(path)
        with translated(path):
            await asyncio.to_thread(bring_up_to_date, path)
        engine = _engine(path)
        try:
            with ThreadPoolExecutor(max_workers=1, thread_name_prefix="database") as thread:
                yield Database(path, engine, thread)
        finally:
            engine.dispose()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold `<file>.lock`. The system frees it when the process dies, however it dies."""
    lock = path.with_name(f"{path.name}.lock")
    descriptor = _open_private(lock)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace") or "unknown"
            raise DatabaseLockedError(
                f"{path} is in use by another Hotseat (process {holder}); stop that one, "
                "or choose another file with --database"
            ) from err
        _write_holder(lock, descriptor)
        yield
    finally:
        os.close(descriptor)


def _write_holder(lock: Path, descriptor: int) -> None:
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
    except OSError as err:
        raise unwritable(lock, err) from err


def create_private(path: Path) -> None:
    """The file for this user only; SQLite gives the files that it puts beside it the same mode."""
    os.close(_open_private(path))


def _open_private(path: Path) -> int:
    """Open `path`, creating it and its folder for this user only: it holds what people said."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as err:
        raise unwritable(path, err) from err


def _engine(path: Path) -> Engine:
    """One connection, since SQLite has one writer; parameters hidden, since they are words."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, record: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
