"""Opens the database file: one process at a time, up to date, ready for short transactions."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.errors import DatabaseLockedError, read_only, translated
from storage.revisions import bring_up_to_date

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
)
"""NORMAL loses nothing when the process is killed; `secure_delete` overwrites deleted words."""


@dataclass(frozen=True)
class Database:
    """An open database file."""

    path: Path
    engine: AsyncEngine

    @property
    def checkpoint_path(self) -> Path:
        """Where LangGraph's checkpoints of these interviews are."""
        return self.path.with_name(f"{self.path.name}.checkpoints")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose statements are committed together when the block ends."""
        with translated(self.path):
            async with self.engine.begin() as connection:
                yield connection

    async def scrub(self) -> None:
        """Empty the write-ahead log, so that no copy of deleted rows is left in it."""
        with translated(self.path):
            async with self.engine.connect() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


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
        _create_private(path)
        with translated(path):
            await asyncio.to_thread(bring_up_to_date, path)
        engine = _engine(path)
        try:
            yield Database(path, engine)
        finally:
            await engine.dispose()


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
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
        yield
    finally:
        os.close(descriptor)


def _create_private(path: Path) -> None:
    os.close(_open_private(path))


def _open_private(path: Path) -> int:
    """Open `path`, creating it and its folder for this user only: it holds what people said."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as err:
        raise read_only(path, err.strerror or type(err).__name__) from err


def _engine(path: Path) -> AsyncEngine:
    """One connection, since SQLite has one writer; parameters hidden, since they are words."""
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, record: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
