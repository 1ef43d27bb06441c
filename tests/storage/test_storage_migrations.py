"""Every older file becomes today's, whole or not at all."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from call_samples import spend
from sqlalchemy import create_engine
from storage_samples import START, finding_of, said, settings_of

from interviewer.state import InterviewState
from scoring.transcript import Source
from storage.calls import cost_of
from storage.database import open_database
from storage.errors import StorageError
from storage.interviews import SqlStore
from storage.revisions import bring_up_to_date, known_revisions, upgrade
from storage.tables import METADATA
from whiteboard.board import Board

ROOT = Path(__file__).parents[2]
SHAPE = {
    "table_info": 'name, type, "notnull", pk',
    "foreign_key_list": '"table", "from", "to"',
    "index_list": '"unique", origin',
}


def tables_of(path: Path) -> set[str]:
    """The names of the tables in the file."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows}


def differences(path: Path) -> list[object]:
    """What Alembic would change to make the file agree with the tables."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))


def shape(path: Path) -> dict[str, list[object]]:
    """Columns, keys and indexes of every table: Alembic does not compare primary keys."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: [
                sorted(connection.execute(f"SELECT {columns} FROM pragma_{name}(?)", (table,)))  # noqa: S608
                for name, columns in SHAPE.items()
            ]
            for table in METADATA.tables
        }


def test_file_names_agree_with_alembic() -> None:
    """The revisions read from file names are Alembic's own, in its order, with one head."""
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    scripts = ScriptDirectory.from_config(config)
    in_order = [script.revision for script in scripts.walk_revisions()][::-1]

    assert list(known_revisions()) == in_order
    assert scripts.get_heads() == [known_revisions()[-1]]


@pytest.mark.parametrize("start", [None, *known_revisions()])
def test_every_earlier_version_becomes_todays(start: str | None, tmp_path: Path) -> None:
    """From an empty file and from each revision, the migrations end at exactly our tables."""
    path = tmp_path / "hotseat.db"
    if start is not None:
        upgrade(path, start)
    bring_up_to_date(path)

    assert tables_of(path) == METADATA.tables.keys() | {"alembic_version"}
    assert differences(path) == []
    made = tmp_path / "made.db"
    METADATA.create_all(create_engine(f"sqlite:///{made}"))
    assert shape(path) == shape(made)


async def test_an_interview_of_the_time_before_models_goes_on(tmp_path: Path) -> None:
    """What a file of revision 0003 holds is there afterwards, and takes calls and assessments."""
    path = tmp_path / "hotseat.db"
    upgrade(path, "0003")
    settings, state = settings_of().model_dump_json(), InterviewState().model_dump_json()
    row = ("one", "ada", settings, state, "2026-03-01 09:00:00")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO interviews (id, owner, settings, snapshot, started_at) "
            "VALUES (?, ?, ?, ?, ?)",
            row,
        )

    async with open_database(path) as database:
        store = SqlStore(database)
        assert (await store.interview("one")).settings == settings_of()
        await spend(database, 0.25)
        await store.note_assessments("one", 0, [finding_of()])
        assert await cost_of(database, "one") == 0.25
        assert await store.assessments("one", -1, 1) == ((0, finding_of()),)


async def test_an_interview_of_the_time_before_speech_goes_on(tmp_path: Path) -> None:
    """What a file of revision 0004 holds is there afterwards, and can be spoken in and graded."""
    path = tmp_path / "hotseat.db"
    upgrade(path, "0004")
    settings, state = settings_of().model_dump_json(), InterviewState().model_dump_json()
    row = ("one", "ada", settings, state, "2026-03-01 09:00:00")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO interviews (id, owner, settings, snapshot, started_at) "
            "VALUES (?, ?, ?, ?, ?)",
            row,
        )

    async with open_database(path) as database:
        store = SqlStore(database)
        heard = said("We cash it.", source=Source.SPOKEN)
        seq = await store.commit_event("one", heard, round_index=0, stage="scope")
        await store.correct_hearing("one", seq, "We cache it.", START)
        await store.note_manner("one", "one:0:open", waited_s=0.7, cut_in=False, stopped=False)
        await store.begin_grading("one", START)
        assert [turn.text for turn in await store.transcript("one")] == ["We cache it."]
        assert [one.waited_s for one in await store.manners("one")] == [0.7]


async def test_a_board_of_the_time_before_live_drawing_is_still_there(tmp_path: Path) -> None:
    """A revision in a file of 0006 reads as a text board, and the next one may be of a scene."""
    path = tmp_path / "hotseat.db"
    upgrade(path, "0006")
    settings, state = settings_of().model_dump_json(), InterviewState().model_dump_json()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO interviews (id, owner, settings, snapshot, started_at) "
            "VALUES ('one', 'ada', ?, ?, '2026-03-01 09:00:00')",
            (settings, state),
        )
        connection.execute(
            "INSERT INTO board_revisions VALUES "
            "('one', 1, '{}', 'User -> Bot', 0, 'loop', '2026-03-01 09:05:00')"
        )

    async with open_database(path) as database:
        store = SqlStore(database)
        await store.save_board("one", Board(), "", round_index=0, stage="loop", at=START, scene=3)
        boards = await store.boards("one")

    assert [(one.revision, one.sketch, one.scene) for one in boards] == [
        (1, "User -> Bot", None),
        (2, "", 3),
    ]


def test_forgotten_migration_would_be_noticed(tmp_path: Path) -> None:
    """The comparison sees a column that the tables have and the file has not."""
    path = tmp_path / "hotseat.db"
    bring_up_to_date(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ALTER TABLE outbox DROP COLUMN degraded")

    assert differences(path) != []


async def test_failed_migration_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """A step that fails half-way takes the tables back that it had made."""
    path = tmp_path / "hotseat.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("CREATE TABLE outbox (key TEXT)")
    with pytest.raises(StorageError, match=r"hotseat\.db could not be used: .*outbox already"):
        async with open_database(path):
            pass

    assert tables_of(path) == {"alembic_version", "outbox"}


def test_file_of_today_opens_without_alembic(tmp_path: Path) -> None:
    """Start-up does not pay for Alembic when there is nothing to migrate."""
    path = tmp_path / "hotseat.db"
    bring_up_to_date(path)
    script = (
        "import sys; from pathlib import Path; from storage.revisions import bring_up_to_date; "
        "bring_up_to_date(Path(sys.argv[1])); sys.exit('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], cwd=ROOT, check=False)

    assert done.returncode == 0
    assert "alembic" in sys.modules
