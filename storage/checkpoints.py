"""LangGraph's saver, in a file of its own: ids and counters only, and never the truth.

The tables can resume every interview without it, so a file that cannot be read is thrown away.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.database import create_private
from storage.errors import (
    DatabaseCorruptError,
    DatabaseReadOnlyError,
    is_damage,
    translated,
)

if TYPE_CHECKING:
    from storage.saver import TrimmedSaver

_LOG = logging.getLogger(__name__)

_TABLES = ("checkpoints", "writes")
_KEYS = frozenset({"thread_id", "checkpoint_ns", "checkpoint_id"})
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA secure_delete=ON",
)


@asynccontextmanager
async def open_saver(path: Path) -> AsyncIterator[TrimmedSaver]:
    """The saver on the file at `path`, which is made where it is missing or damaged.

    It keeps the newest checkpoints of a thread and reads nothing but plain values back.
    """
    from storage.saver import TrimmedSaver

    with _dispensable(path), translated(path):
        await asyncio.to_thread(_replace_if_damaged, path)
        create_private(path)
        with (
            closing(sqlite3.connect(path, check_same_thread=False)) as connection,
            ThreadPoolExecutor(max_workers=1, thread_name_prefix="checkpoints") as thread,
        ):
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            saver = TrimmedSaver(connection, thread)
            saver.setup()
            yield saver


@contextmanager
def _dispensable(path: Path) -> Iterator[None]:
    """Say of an error about this file that it may be deleted."""
    try:
        yield
    except (DatabaseCorruptError, DatabaseReadOnlyError) as err:
        if str(path) not in str(err):
            raise
        raise type(err)(
            f"{err}. {path} holds no answers: delete it, interviews go on without it"
        ) from err


def _replace_if_damaged(path: Path) -> None:
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            for table in _present_tables(connection):
                columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
                if not columns >= _KEYS:
                    verdict = f"table {table} is not LangGraph's"
    except sqlite3.DatabaseError as err:
        if not is_damage(err):
            raise
        verdict = str(err)
    if verdict == "ok":
        return
    _LOG.warning("checkpoints %s replaced: %s", path, verdict)
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


async def delete_thread(path: Path, thread_id: str) -> None:
    """Remove every checkpoint of the thread, also from the file's free space.

    Works beside an open saver and without loading LangGraph.
    """
    with translated(path):
        await asyncio.to_thread(_delete_thread, path, thread_id)


def _delete_thread(path: Path, thread_id: str) -> None:
    _replace_if_damaged(path)
    if not path.exists():
        return
    with closing(sqlite3.connect(path)) as connection:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        for table in _present_tables(connection):
            connection.execute(f"DELETE FROM {table} WHERE thread_id = ?", (thread_id,))  # noqa: S608
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def export_thread(path: Path, thread_id: str) -> dict[str, list[dict[str, Any]]]:
    """Every stored value of the thread by table; LangGraph's own encoding as base64."""
    with translated(path):
        return await asyncio.to_thread(_export_thread, path, thread_id)


def _export_thread(path: Path, thread_id: str) -> dict[str, list[dict[str, Any]]]:
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            table: [
                {name: _readable(row[name]) for name in row.keys()}  # noqa: SIM118
                for row in connection.execute(
                    f"SELECT * FROM {table} WHERE thread_id = ?",  # noqa: S608
                    (thread_id,),
                )
            ]
            for table in _present_tables(connection)
        }


def _readable(value: Any) -> Any:
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value


def _present_tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    present = {row[0] for row in rows}
    return [table for table in _TABLES if table in present]
