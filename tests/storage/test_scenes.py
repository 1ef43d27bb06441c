"""What was drawn live is stored before it counts, and can be seen again as it was."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update
from storage_samples import START, settings_of

from interviewer.clock import ManualClock
from interviewer.ports import InterviewNotFoundError
from storage import scenes
from storage.database import Database
from storage.errors import DatabaseCorruptError, DiskFullError
from storage.interviews import SqlStore
from storage.retention import export_interview
from storage.scenes import (
    BoardFullError,
    Element,
    Scene,
    SceneLog,
    StaleEpochError,
    in_order,
    scene_at,
    scenes_at,
)
from storage.scorecards import delete_interview
from storage.tables import STROKES


@pytest.fixture
def clock() -> ManualClock:
    """It stands still unless a test moves it."""
    return ManualClock(START)


@pytest.fixture
async def log(database: Database, store: SqlStore, clock: ManualClock) -> SceneLog:
    """A log with two interviews to draw in."""
    for interview_id in ("one", "two"):
        await store.create_interview(interview_id, settings_of(), START)
    return SceneLog(database, clock)


def box(element_id: str, version: int = 1, **more: Any) -> Element:
    """An element with the fields that the log looks at."""
    return {"id": element_id, "version": version, "versionNonce": 5, **more}


async def stored(database: Database) -> list[tuple[int, str, int]]:
    """Number, element and version of every row of the interview `one`."""
    columns = (STROKES.c.seq, STROKES.c.element_id, STROKES.c.version)
    statement = select(*columns).where(STROKES.c.interview_id == "one").order_by(STROKES.c.seq)
    rows = await database.run(lambda connection: connection.execute(statement).all())
    return [(row[0], row[1], row[2]) for row in rows]


async def test_an_untouched_board_is_empty(log: SceneLog) -> None:
    """Nothing was drawn: epoch and stroke 0."""
    assert await log.load("one") == Scene(0, 0, {})


async def test_what_is_accepted_is_there_after_a_restart(
    log: SceneLog, database: Database, clock: ManualClock
) -> None:
    """Another log on the same file has the newest version of each element, deleted ones too."""
    first = await log.accept("one", 0, [box("a"), box("b", text="Größe 😀")], "ada")
    second = await log.accept("one", 0, [box("a", 2, isDeleted=True)], "bob")

    scene = await SceneLog(database, clock).load("one")

    assert (first, second) == (2, 3)
    assert scene.seq == 3
    assert scene.elements == {
        "a": box("a", 2, isDeleted=True),
        "b": box("b", text="Größe 😀"),
    }
    assert await scene_at(database, "two", 9) == []


async def test_a_lone_surrogate_is_no_trouble(log: SceneLog, database: Database) -> None:
    """Half a character in a text that a browser sent reads back as it came."""
    await log.accept("one", 0, [box("a", text="\ud83d")], "ada")

    assert (await scene_at(database, "one", 1))[0]["text"] == "\ud83d"


async def test_versions_within_a_second_are_one(
    log: SceneLog, database: Database, clock: ManualClock
) -> None:
    """A drag leaves one state a second, counted from its first one, and its last one."""
    for version in range(1, 26):
        await log.accept("one", 0, [box("a", version)], "ada")
        clock.advance(0.125)

    assert [version for _, _, version in await stored(database)] == [8, 16, 24, 25]


async def test_others_strokes_replace_nothing(log: SceneLog, database: Database) -> None:
    """Two people at one element leave both states, and another element is another matter."""
    await log.accept("one", 0, [box("a", 1)], "ada")
    await log.accept("one", 0, [box("a", 2)], "bob")
    await log.accept("one", 0, [box("b", 1)], "bob")

    assert await stored(database) == [(1, "a", 1), (2, "a", 2), (3, "b", 1)]


async def test_what_a_revision_was_read_from_stays(log: SceneLog, database: Database) -> None:
    """A pinned drawing can be shown for ever, though the element changed within the second."""
    seq = await log.accept("one", 0, [box("a", 1), box("b", 1)], "ada")
    log.pin("one", seq)
    for version in (2, 3):
        await log.accept("one", 0, [box("a", version)], "ada")

    assert await scene_at(database, "one", seq) == [box("a", 1), box("b", 1)]
    assert await stored(database) == [(1, "a", 1), (2, "b", 1), (4, "a", 3)]


async def test_a_restart_pins_what_was_there(
    log: SceneLog, database: Database, clock: ManualClock
) -> None:
    """The new process does not know what was read, so it replaces nothing of before."""
    seq = await log.accept("one", 0, [box("a", 1)], "ada")
    await SceneLog(database, clock).accept("one", 0, [box("a", 2)], "ada")

    assert await scene_at(database, "one", seq) == [box("a", 1)]


async def test_a_board_can_be_seen_at_any_of_its_revisions(
    log: SceneLog, database: Database, clock: ManualClock
) -> None:
    """In any order of asking; what did not change is the same object."""
    first = await log.accept("one", 0, [box("a"), box("b")], "ada")
    clock.advance(2)
    second = await log.accept("one", 0, [box("a", 2)], "ada")

    later, earlier, before = await scenes_at(database, "one", [second, first, 0])

    assert (earlier, later, before) == ([box("a"), box("b")], [box("a", 2), box("b")], [])
    assert earlier[1] is later[1]


async def test_layers_are_in_their_order(log: SceneLog, database: Database) -> None:
    """The picture has on top what the canvas has on top."""
    seq = await log.accept("one", 0, [box("a", index="a2"), box("b", index="a1")], "ada")

    assert [one["id"] for one in await scene_at(database, "one", seq)] == ["b", "a"]
    assert [one["id"] for one in in_order([box("b"), box("a")])] == ["a", "b"]


async def test_a_new_epoch_begins_empty_and_keeps_the_old_one(
    log: SceneLog, database: Database, clock: ManualClock
) -> None:
    """Also where nothing is drawn in it before the process ends."""
    seq = await log.accept("one", 0, [box("a")], "ada")

    assert await log.begin_anew("one") == 1

    assert await SceneLog(database, clock).load("one") == Scene(1, seq + 1, {}, START)
    assert await scene_at(database, "one", seq) == [box("a")]
    last = await log.accept("one", 1, [box("a", 2)], "ada")
    assert await scene_at(database, "one", last) == [box("a", 2)]
    assert await scene_at(database, "one", seq) == [box("a")]


async def test_an_epoch_may_be_skipped_and_never_taken_back(log: SceneLog) -> None:
    """Epochs follow the rounds of an interview, of which some have no board."""
    assert await log.begin_anew("one", 3) == 3
    with pytest.raises(ValueError, match="epoch 3 already"):
        await log.begin_anew("one", 3)
    assert await log.begin_anew("one") == 4


async def test_strokes_of_an_old_epoch_are_refused(log: SceneLog, database: Database) -> None:
    """A browser that missed the new beginning cannot bring the old board back."""
    await log.begin_anew("one")
    with pytest.raises(StaleEpochError):
        await log.accept("one", 0, [box("a")], "ada")

    assert (await log.load("one")).elements == {}


async def test_all_boards_that_wait_share_a_transaction(
    log: SceneLog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one commit is under way, everything else gathers for the next one."""
    transactions: list[int] = []
    run = Database.run

    async def counted(self: Database, work: Callable[[Connection], Any]) -> Any:
        transactions.append(1)
        return await run(self, work)

    await asyncio.gather(log.load("one"), log.load("two"))
    monkeypatch.setattr(Database, "run", counted)
    await asyncio.gather(
        *(log.accept(name, 0, [box(f"{i}")], "ada") for i in range(50) for name in ("one", "two"))
    )

    assert len(transactions) == 1
    monkeypatch.undo()
    assert len(await stored(database)) == 50


async def test_numbers_of_a_board_follow_its_order(log: SceneLog, database: Database) -> None:
    """However many wait, a board's strokes are numbered as they were appended."""
    await log.load("one")
    done = [log.append("one", 0, [box("a", version)], "ada") for version in range(1, 30)]

    assert await asyncio.gather(*done) == list(range(1, 30))
    assert await stored(database) == [(29, "a", 29)]


async def test_a_deleted_interview_is_the_trouble_of_nobody_else(
    log: SceneLog, database: Database
) -> None:
    """Its strokes are refused by name; another board in the same transaction is stored."""
    await asyncio.gather(log.load("one"), log.load("two"))
    await delete_interview(database, "two")

    gone, kept = await asyncio.gather(
        log.accept("two", 0, [box("a")], "ada"),
        log.accept("one", 0, [box("a")], "ada"),
        return_exceptions=True,
    )

    assert isinstance(gone, InterviewNotFoundError)
    assert kept == 1
    assert await stored(database) == [(1, "a", 1)]


async def test_a_full_disk_is_told_and_passes(
    log: SceneLog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody who waited is told; nothing was stored; the next stroke goes through."""

    async def full(self: Database, work: object) -> object:
        raise DiskFullError("the disk is full")

    await log.load("one")
    with monkeypatch.context() as patch:
        patch.setattr(Database, "run", full)
        failed = await asyncio.gather(
            log.accept("one", 0, [box("a")], "ada"),
            log.accept("one", 0, [box("b")], "bob"),
            return_exceptions=True,
        )

    assert [type(one) for one in failed] == [DiskFullError, DiskFullError]
    assert await stored(database) == []
    await log.accept("one", 0, [box("a")], "ada")
    assert [name for _, name, _ in await stored(database)] == ["a"]


async def test_somebody_who_stops_waiting_stops_nobody(log: SceneLog, database: Database) -> None:
    """What was handed over is stored, also for those who wait in the same transaction."""
    await log.load("one")
    leaving = asyncio.create_task(log.accept("one", 0, [box("a")], "ada"))
    staying = asyncio.create_task(log.accept("one", 0, [box("b")], "bob"))
    await asyncio.sleep(0)
    leaving.cancel()

    assert await staying == 2
    await log.close()
    assert [name for _, name, _ in await stored(database)] == ["a", "b"]


async def test_a_board_has_an_end(
    log: SceneLog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody fills the disk through a link; what replaces takes no room."""
    monkeypatch.setattr(scenes, "MOST_BYTES", 400)
    for version in range(1, 20):
        await log.accept("one", 0, [box("a", version, text="x" * 100)], "ada")
    with pytest.raises(BoardFullError, match="as much as can be kept"):
        await log.accept("one", 0, [box("b", text="x" * 300)], "ada")

    assert [name for _, name, _ in await stored(database)] == ["a"]
    assert await log.accept("two", 0, [box("b", text="x" * 300)], "ada") == 1


async def test_a_full_board_is_no_bar_to_the_next_one(
    log: SceneLog, database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each round has as much room; the row that begins it always finds some."""
    monkeypatch.setattr(scenes, "MOST_BYTES", 400)
    await log.accept("one", 0, [box("a", text="x" * 340)], "ada")
    assert await log.begin_anew("one") == 1

    await log.accept("one", 1, [box("b", text="x" * 200)], "ada")
    again = SceneLog(database, clock)
    await again.accept("one", 1, [box("c")], "ada")
    with pytest.raises(BoardFullError):
        await again.accept("one", 1, [box("d", text="x" * 100)], "ada")


async def test_what_was_not_stored_takes_no_room(
    log: SceneLog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a new element, nor one that would have replaced a smaller or a larger one."""

    async def full(self: Database, work: object) -> object:
        raise DiskFullError("the disk is full")

    monkeypatch.setattr(scenes, "MOST_BYTES", 1_000)
    await log.accept("one", 0, [box("a", 1, text="x" * 300)], "ada")
    for version in range(2, 20):
        with monkeypatch.context() as patch:
            patch.setattr(Database, "run", full)
            for text in ("x" * 500, ""):
                with pytest.raises(DiskFullError):
                    await log.accept("one", 0, [box("a", version, text=text)], "ada")
            first = log.append("one", 0, [box("b", version, text="x" * 400)], "ada")
            await asyncio.sleep(0)
            second = log.append("one", 0, [box("b", version, text="x" * 400)], "ada")
            failed = await asyncio.gather(first, second, return_exceptions=True)
            assert [type(one) for one in failed] == [DiskFullError, DiskFullError]

    await log.accept("one", 0, [box("b", text="x" * 500)], "ada")
    with pytest.raises(BoardFullError):
        await log.accept("one", 0, [box("c", text="x" * 200)], "ada")
    assert [name for _, name, _ in await stored(database)] == ["a", "b"]


async def test_a_closed_board_can_be_opened_again(log: SceneLog, database: Database) -> None:
    """Numbers go on where they were."""
    await log.accept("one", 0, [box("a")], "ada")
    log.forget("one")

    assert await log.accept("one", 0, [box("b")], "ada") == 2


async def test_strokes_are_exported_and_deleted_with_the_interview(
    log: SceneLog, database: Database, store: SqlStore
) -> None:
    """The export has every element as JSON; after the deletion no file has it."""
    await log.accept("one", 0, [box("a", text="unmistakable")], "ada")
    export = await export_interview(database, "one")
    await delete_interview(database, "one")

    assert export["strokes"][0]["element"] == box("a", text="unmistakable")
    files = database.path.parent.glob("hotseat*")
    assert [path for path in files if b"unmistakable" in path.read_bytes()] == []


@pytest.mark.parametrize("damage", ["[1]", "{", '{"id": 7}'])
async def test_a_damaged_stroke_is_named(log: SceneLog, database: Database, damage: str) -> None:
    """With the interview and what to do, and without what it holds."""
    await log.accept("one", 0, [box("a", text="unmistakable")], "ada")
    await database.run(lambda c: c.execute(update(STROKES).values(element=damage)))

    with pytest.raises(DatabaseCorruptError, match="'strokes' of interview 'one'"):
        await scene_at(database, "one", 1)


async def test_many_elements_are_read_in_few_statements(log: SceneLog, database: Database) -> None:
    """A large board is all there."""
    await log.accept("one", 0, [box(f"{number:04}") for number in range(1_234)], "ada")

    assert len((await log.load("one")).elements) == 1_234
    count = select(func.count()).select_from(STROKES)
    assert await database.run(lambda c: c.execute(count).scalar_one()) == 1_234


async def test_rows_are_in_the_file_when_accept_returns(log: SceneLog, database: Database) -> None:
    """Another connection sees them, as the next process will."""
    await log.accept("one", 0, [box("a")], "ada")

    with closing(sqlite3.connect(database.path)) as other:
        assert other.execute("SELECT count(*) FROM strokes").fetchone() == (1,)
