"""A database of today's version, to be copied: migrating takes longer than a test."""

import shutil
from pathlib import Path

import pytest

from storage.revisions import bring_up_to_date


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database file."""
    path = tmp_path_factory.mktemp("migrated") / "hotseat.sqlite"
    bring_up_to_date(path)
    return path


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path) -> Path:
    """A folder with an empty database in it."""
    shutil.copyfile(migrated_file, tmp_path / "hotseat.sqlite")
    return tmp_path
