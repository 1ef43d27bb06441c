"""Brings a database file to the newest schema, or says why it cannot."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path

from storage.errors import DatabaseCorruptError, DatabaseTooNewError, translated


def known_revisions() -> tuple[str, ...]:
    """The revisions of this version, oldest first, as their files are numbered.

    Read from the file names, because importing Alembic takes longer than all else at start-up.
    """
    folder = resources.files("storage") / "migrations" / "versions"
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.partition("_")[0] for name in names if name.endswith(".py")))


def bring_up_to_date(path: Path) -> None:
    """Migrate the file at `path` where it is older; one transaction, so a kill leaves it as it was.

    Raises:
        DatabaseTooNewError: its revision is unknown here.
        DatabaseCorruptError: it is somebody else's database.
    """
    known = known_revisions()
    found = _revision(path)
    if found == known[-1]:
        return
    if found is not None and found not in known:
        raise DatabaseTooNewError(
            f"{path} was made by a newer Hotseat (schema {found}, this one knows {known[-1]}); "
            "upgrade Hotseat, or choose another file with --database"
        )
    upgrade(path, known[-1])


def _revision(path: Path) -> str | None:
    """The schema revision of the file, None if it is empty."""
    with translated(path), closing(sqlite3.connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if not tables:
            return None
        if "alembic_version" not in tables:
            raise DatabaseCorruptError(
                f"{path} is a database of another program; choose another file with --database"
            )
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None


def upgrade(path: Path, revision: str) -> None:
    """Run the migrations up to `revision`.

    On a connection of its own: foreign keys are off there, since SQLite changes a table by
    building it anew, and the transaction is begun by hand, since Python's driver would begin
    none for table definitions.
    """
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import URL, NullPool, create_engine

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(config, revision)
        connection.exec_driver_sql("COMMIT")
