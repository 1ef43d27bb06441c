"""An open database in a folder of its own."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database, open_database
from storage.interviews import SqlStore
from storage.revisions import bring_up_to_date


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of today's version, to be copied: migrating takes longer than a test."""
    path = tmp_path_factory.mktemp("migrated") / "hotseat.db"
    bring_up_to_date(path)
    return path


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    """Where the test's database is."""
    return tmp_path / "hotseat.db"


@pytest.fixture
async def database(database_file: Path, migrated_file: Path) -> AsyncIterator[Database]:
    """A new database."""
    shutil.copyfile(migrated_file, database_file)
    async with open_database(database_file) as opened:
        yield opened


@pytest.fixture
def store(database: Database) -> SqlStore:
    """The store on the new database."""
    return SqlStore(database)
