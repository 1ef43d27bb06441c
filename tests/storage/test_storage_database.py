"""A database file is opened by one process, written whole, and its troubles are named."""

# ruff: noqa: ASYNC240 - nobody else waits for the event loop of a test.

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from storage_samples import START, said, settings_of

from storage.database import Database, open_database
from storage.errors import (
    DatabaseCorruptError,
    DatabaseLockedError,
    DatabaseReadOnlyError,
    DatabaseTooNewError,
    DiskFullError,
    StorageError,
)
from storage.interviews import SqlStore

ROOT = Path(__file__).parents[2]

HOLD = """
import asyncio, sys
from pathlib import Path
from storage.database import open_database

async def hold():
    async with open_database(Path(sys.argv[1])):
        print("open", flush=True)
        sys.stdin.read()

asyncio.run(hold())
"""

WRITE = """
import asyncio, sys
from pathlib import Path
from storage_samples import START, said, settings_of
from storage.database import open_database
from storage.interviews import SqlStore

async def write():
    async with open_database(Path(sys.argv[1])) as database:
        store = SqlStore(database)
        await store.create_interview("one", settings_of(), START)
        while True:
            seq = await store.commit_event("one", said("word " * 50), round_index=0, stage="scope")
            print(seq, flush=True)

asyncio.run(write())
"""


def run_beside(script: str, path: Path) -> subprocess.Popen[str]:
    """Another process that runs the script on the file."""
    folders = os.pathsep.join((str(ROOT), str(Path(__file__).parent)))
    return subprocess.Popen(
        [sys.executable, "-c", script, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": folders},
    )


async def pragma(database: Database, name: str) -> object:
    """The value of a PRAGMA on the pooled connection."""
    return await database.run(lambda c: c.exec_driver_sql(f"PRAGMA {name}").scalar_one())


async def test_connection_is_durable_and_strict(database: Database) -> None:
    """WAL with synchronous=NORMAL, foreign keys checked, deleted words overwritten."""
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    assert [await pragma(database, name) for name in names] == ["wal", 1, 1, 1, 5000]


async def test_rows_outlive_the_process_that_wrote_them(database_file: Path) -> None:
    """What was committed is there at the next start."""
    async with open_database(database_file) as database:
        await SqlStore(database).create_interview("one", settings_of(), START)
    async with open_database(database_file) as database:
        assert (await SqlStore(database).interview("one")).started_at == START


async def test_new_file_is_private(tmp_path: Path) -> None:
    """The folder is made where it is missing; nobody else may read what people said."""
    path = tmp_path / "data" / "hotseat.db"
    async with open_database(path) as database:
        await SqlStore(database).create_interview("one", settings_of(), START)
        files = list(path.parent.glob("hotseat.db*"))
        assert {file.stat().st_mode & 0o077 for file in files} == {0}


async def test_second_process_is_refused_by_name(database_file: Path) -> None:
    """The error names the process that holds the file; once that one is gone the file opens."""
    with run_beside(HOLD, database_file) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(DatabaseLockedError, match=rf"process {holder.pid}\); stop that one"):
            async with open_database(database_file):
                pass
        holder.kill()

    async with open_database(database_file):
        pass


async def test_second_opening_in_one_process_is_refused(
    database: Database, database_file: Path
) -> None:
    """One process does not get around its own lock."""
    with pytest.raises(DatabaseLockedError, match=f"process {os.getpid()}"):
        async with open_database(database_file):
            pass


async def test_failed_opening_frees_the_lock(database_file: Path) -> None:
    """A file that could not be opened can be opened after it was put right."""
    database_file.write_bytes(b"not a database at all " * 100)
    with pytest.raises(DatabaseCorruptError):
        async with open_database(database_file):
            pass
    database_file.unlink()

    async with open_database(database_file):
        pass


async def test_killed_writer_loses_nothing_that_was_committed(database_file: Path) -> None:
    """After kill -9 in the middle of writing, every reported event is there, without a gap."""
    with run_beside(WRITE, database_file) as writer:
        assert writer.stdout is not None
        reported = [int(writer.stdout.readline()) for _ in range(50)]
        writer.send_signal(signal.SIGKILL)
        reported += [int(line) for line in writer.stdout if line.endswith("\n")]

    async with open_database(database_file) as database:
        events = await SqlStore(database).events("one")
        assert await pragma(database, "integrity_check") == "ok"
    assert [item.seq for item in events] == list(range(len(events)))
    assert len(events) > reported[-1]


async def test_file_that_is_no_database_is_refused(database_file: Path) -> None:
    """Somebody's text file is left as it is."""
    database_file.write_text("Dear diary, " * 100)
    with pytest.raises(DatabaseCorruptError, match="is not a Hotseat database; choose another"):
        async with open_database(database_file):
            pass

    assert database_file.read_text().startswith("Dear diary")


async def test_database_of_another_program_is_refused(database_file: Path) -> None:
    """Nothing is added to a database that is not ours."""
    with closing(sqlite3.connect(database_file)) as connection:
        connection.execute("CREATE TABLE places (id INTEGER)")
    with pytest.raises(DatabaseCorruptError, match="database of another program"):
        async with open_database(database_file):
            pass


async def test_damaged_page_is_named(database_file: Path) -> None:
    """A damaged file says so, and says where it is."""
    async with open_database(database_file) as database:
        await SqlStore(database).create_interview("one", settings_of(), START)
    content = bytearray(database_file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    database_file.write_bytes(content)

    with pytest.raises(DatabaseCorruptError, match=r"hotseat\.db is damaged"):
        async with open_database(database_file) as database:
            await SqlStore(database).interview("one")


async def test_newer_file_is_refused(database_file: Path) -> None:
    """A file made by a later version is not touched by this one."""
    async with open_database(database_file):
        pass
    with closing(sqlite3.connect(database_file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(DatabaseTooNewError, match=r"newer Hotseat .*9999.*--database"):
        async with open_database(database_file):
            pass


async def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A path below a plain file is an error about writing, with the way out."""
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseReadOnlyError, match="--database"):
        async with open_database(tmp_path / "file" / "hotseat.db"):
            pass


async def test_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    """A folder is no database."""
    with pytest.raises(DatabaseReadOnlyError, match="cannot be opened for writing"):
        async with open_database(tmp_path):
            pass


async def test_write_to_a_read_only_database_is_named(database: Database) -> None:
    """SQLite's refusal to write becomes our error."""
    await database.run(lambda c: c.exec_driver_sql("PRAGMA query_only = ON").close())
    with pytest.raises(DatabaseReadOnlyError, match="cannot be written"):
        await SqlStore(database).create_interview("one", settings_of(), START)


async def test_full_disk_is_named_and_harms_nothing(database: Database) -> None:
    """When no page is left the event is refused, and what was stored before stays whole."""
    store = SqlStore(database)
    await store.create_interview("one", settings_of(), START)
    pages = await pragma(database, "page_count")
    await pragma(database, f"max_page_count = {pages}")
    with pytest.raises(DiskFullError, match="make room") as refused:
        await store.commit_event("one", said("secret " * 5_000), round_index=0, stage="scope")
    await pragma(database, "max_page_count = 1000000")

    assert "secret" not in f"{refused.value} {refused.value.__cause__}"
    assert await store.events("one") == ()
    assert await store.commit_event("one", said("again"), round_index=0, stage="scope") == 0


async def test_every_error_is_a_storage_error() -> None:
    """One tree: an outer door catches the base and shows its message."""
    errors = (DatabaseCorruptError, DatabaseLockedError, DatabaseReadOnlyError, DiskFullError)
    assert all(issubclass(error, StorageError) for error in (*errors, DatabaseTooNewError))
