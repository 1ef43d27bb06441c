"""What belongs to a person can be listed, exported, and removed without a trace."""

import json
import traceback
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import Boolean, Column, Connection, Float, Integer, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from storage_samples import (
    START,
    card_of,
    finding_of,
    minutes,
    said,
    settings_of,
    utterance_of,
)

from interviewer.ports import InterviewNotFoundError, StoredInterview
from interviewer.state import Event, EventKind, InterviewState
from scoring.record import Ending
from storage.checkpoints import export_thread, open_saver
from storage.columns import JsonText, Utc
from storage.database import Database
from storage.errors import DatabaseCorruptError, ScorecardNotFoundError
from storage.interviews import SqlStore
from storage.people import set_retention
from storage.places import Place, PlaceKind, open_interview
from storage.retention import Expired, delete_expired, expired_interviews, export_interview
from storage.scorecards import (
    delete_interview,
    insert_card,
    interview_dates,
    list_scorecards,
    load_findings,
    load_scorecard,
    unfinished_interviews,
)
from storage.tables import (
    BOARDS,
    FINDINGS,
    GROUPS,
    INBOX,
    INTERVIEWS,
    OF_INTERVIEWS,
    OUTBOX,
    SCORECARDS,
    interview_column,
)
from whiteboard.board import Board, Component

WORDS = "The unmistakable words of a candidate"


def fill_by_hand(connection: Connection, interview_id: str) -> None:
    """A row in each table that a scorecard, its place and its reviews fill later."""
    connection.execute(sqlite_insert(GROUPS).on_conflict_do_nothing(), GROUP)
    for table in OF_INTERVIEWS:
        owner = interview_column(table)
        if connection.execute(select(table).where(owner == interview_id)).first() is None:
            row = {column.name: sample(column, interview_id) for column in table.columns}
            connection.execute(insert(table), row | {owner.name: interview_id})


GROUP = {"id": "g", "name": "Evenings", "server": "1", "channel": "2", "created_at": START}


def sample(column: Column, interview_id: str) -> object:
    """A value that the column takes, told apart by interview where it is a key."""
    if column.name == "group_id":
        return GROUP["id"]
    if isinstance(column.type, Utc):
        return START
    if isinstance(column.type, JsonText):
        return json.dumps({"text": WORDS})
    return 1 if isinstance(column.type, Integer | Boolean | Float) else f"of {interview_id}"


async def fill(store: SqlStore, interview_id: str) -> None:
    """Leave something about the interview in every table."""
    await store.create_interview(interview_id, settings_of(), START)
    await store.commit_event(interview_id, said(WORDS), round_index=0, stage="scope")
    opened = utterance_of(0, "Why?").model_copy(
        update={"interview_id": interview_id, "key": f"{interview_id}:0:probe"}
    )
    await store.open_utterance(opened, InterviewState(seq=0), [finding_of(quote=WORDS)])
    board = Board(components=(Component("a", WORDS),))
    await store.save_board(interview_id, board, WORDS, round_index=0, stage="scope", at=START)
    card = card_of(interview_id, notices=(WORDS,))
    await store.finish_interview(interview_id, card, Ending.COMPLETED, minutes(30))
    await store._database.run(lambda c: fill_by_hand(c, interview_id))


async def checkpoint(database: Database, thread: str) -> None:
    """Leave a checkpoint and a write of the thread."""
    from langgraph.checkpoint.base import empty_checkpoint

    async with open_saver(database.checkpoint_path) as saver:
        config = {"configurable": {"thread_id": thread, "checkpoint_ns": ""}}
        written = await saver.aput(config, empty_checkpoint(), {"step": 1}, {})
        await saver.aput_writes(written, [("seq", 7)], "task")


async def rows(database: Database, interview_id: str) -> dict[str, int]:
    """How many rows of the interview each table has."""
    counts = {
        table.name: select(func.count())
        .select_from(table)
        .where(interview_column(table) == interview_id)
        for table in OF_INTERVIEWS
    }
    return await database.run(
        lambda c: {name: c.execute(count).scalar_one() for name, count in counts.items()}
    )


async def test_delete_leaves_no_row_in_any_table(database: Database, store: SqlStore) -> None:
    """Every table loses the interview's rows and only those; the checkpoints go too."""
    for interview_id in ("one", "two"):
        await fill(store, interview_id)
        await checkpoint(database, interview_id)
    before = await rows(database, "two")
    assert min((await rows(database, "one")).values()) > 0, "fill() forgot a table"

    await delete_interview(database, "one")

    assert set((await rows(database, "one")).values()) == {0}
    assert await rows(database, "two") == before
    left = [await export_thread(database.checkpoint_path, name) for name in ("one", "two")]
    assert [len(rows) for rows in left[0].values()] == [0, 0]
    assert [len(rows) for rows in left[1].values()] == [1, 1]


async def test_deleted_words_are_in_no_file(database: Database, store: SqlStore) -> None:
    """Neither free pages nor the write-ahead log keep what was deleted."""
    await fill(store, "one")
    await checkpoint(database, "one")
    folder = database.path.parent
    holding = [path for path in folder.glob("hotseat*") if WORDS.encode() in path.read_bytes()]
    assert holding != []

    await delete_interview(database, "one")

    assert [path for path in folder.glob("hotseat*") if WORDS.encode() in path.read_bytes()] == []


async def test_deleting_an_unknown_interview_is_an_error(database: Database) -> None:
    """A mistyped id is not answered with "deleted"."""
    with pytest.raises(InterviewNotFoundError, match="'none'"):
        await delete_interview(database, "none")


async def test_export_holds_every_table(database: Database, store: SqlStore) -> None:
    """The export is JSON, names every table and both checkpoint tables, and is not empty there."""
    await fill(store, "one")
    await checkpoint(database, "one")
    export = json.loads(json.dumps(await export_interview(database, "one")))

    assert export.keys() >= {table.name for table in OF_INTERVIEWS} | {
        "langgraph_checkpoints",
        "langgraph_writes",
    }
    assert all(export.values())
    assert export["inbox"][0]["event"]["text"] == WORDS
    assert export["interviews"][0]["started_at"] == START.isoformat()


async def test_export_of_an_unknown_interview_is_an_error(database: Database) -> None:
    """Nothing is not exported as an empty file."""
    with pytest.raises(InterviewNotFoundError, match="'none'"):
        await export_interview(database, "none")


async def test_only_what_is_too_old_expires(database: Database, store: SqlStore) -> None:
    """Age counts from the end, or from the start of what was only begun; the limit itself stays."""
    for interview_id in ("ended", "recent"):
        await store.create_interview(interview_id, settings_of(), START)
    await store.create_interview("abandoned", settings_of(), START - timedelta(days=1))
    await store.finish_interview("ended", card_of("ended"), Ending.COMPLETED, minutes(30))

    first = await delete_expired(database, timedelta(days=90), START + timedelta(days=90))
    second = await delete_expired(database, timedelta(days=90), minutes(31) + timedelta(days=90))

    assert first == (Expired("abandoned", "ada", placed=False),)
    assert [one.interview_id for one in second] == ["ended", "recent"]


async def test_an_interview_that_goes_on_is_kept(database: Database, store: SqlStore) -> None:
    """Whoever comes back after months loses nothing; what the program reports counts for nobody."""
    month, limit = timedelta(days=30), timedelta(days=90)
    for interview_id in ("taken", "left"):
        await store.create_interview(interview_id, settings_of(), START)
        began = Event(kind=EventKind.BEGAN, at=START)
        await store.commit_event(interview_id, began, round_index=0, stage="scope")
    for interview_id, kind in (("taken", EventKind.SAID), ("left", EventKind.PAUSED)):
        late = Event(kind=kind, at=START + 3 * month, text=WORDS)
        await store.commit_event(interview_id, late, round_index=0, stage="scope")

    first = await expired_interviews(database, limit, START + 4 * month)
    later = await expired_interviews(database, limit, START + 7 * month)

    assert [one.interview_id for one in first] == ["left"]
    assert [one.interview_id for one in later] == ["left", "taken"]


@pytest.mark.parametrize("damage", ["{half", '["at"]', '{"at": 7}', '{"at": "soon"}'])
async def test_a_damaged_event_stops_no_deletion(
    database: Database, store: SqlStore, damage: str
) -> None:
    """The interview counts from its start then."""
    await store.create_interview("one", settings_of(), START)
    await store.commit_event("one", said(WORDS), round_index=0, stage="scope")
    await database.run(lambda c: c.execute(update(INBOX).values(event=damage)))

    found = await expired_interviews(database, timedelta(days=1), START + timedelta(days=2))

    assert [one.interview_id for one in found] == ["one"]


async def test_what_was_posted_elsewhere_is_left_to_its_edge(
    database: Database, store: SqlStore
) -> None:
    """Its messages have to be taken down first, so it is found and, where asked, not deleted."""
    await store.create_interview("here", settings_of(), START)
    there = StoredInterview("there", settings_of(), InterviewState(), START, None)
    place = Place("there", "ada", PlaceKind.DM, channel="7", heard="0")
    await open_interview(database, there, place)
    late = START + timedelta(days=100)

    deleted = await delete_expired(database, timedelta(days=90), late, placed=False)

    assert deleted == (Expired("here", "ada", placed=False),)
    assert await expired_interviews(database, timedelta(days=90), late) == (
        Expired("there", "ada", placed=True),
    )
    assert len(await delete_expired(database, timedelta(days=90), late)) == 1


async def test_the_shorter_time_counts(database: Database, store: SqlStore) -> None:
    """A person can have their interviews deleted sooner than everybody's, and never later."""
    for owner in ("ada", "bob", "eve"):
        await store.create_interview(f"of-{owner}", settings_of(owner), START)
    await set_retention(database, "ada", 7)
    await set_retention(database, "bob", 400)

    sooner = await delete_expired(database, timedelta(days=90), START + timedelta(days=8))
    later = await delete_expired(database, timedelta(days=90), START + timedelta(days=91))

    assert [one.owner for one in sooner] == ["ada"]
    assert [one.owner for one in later] == ["bob", "eve"]


async def test_unfinished_interviews_are_found_oldest_first(
    database: Database, store: SqlStore
) -> None:
    """Those that are over are not picked up again."""
    await store.create_interview("later", settings_of("bob"), minutes(5))
    await store.create_interview("sooner", settings_of("ada"), minutes(1))
    await store.create_interview("over", settings_of(), START)
    await store.finish_interview("over", card_of("over"), Ending.ENDED_EARLY, minutes(3))

    found = await unfinished_interviews(database)
    assert [interview.id for interview in found] == ["sooner", "later"]
    assert found[1].settings == settings_of("bob")


async def test_owner_sees_own_cards_latest_first(database: Database, store: SqlStore) -> None:
    """The list has one line for each graded interview of this owner, and of nobody else."""
    for interview_id, owner, at in (("a", "ada", 1), ("b", "ada", 2), ("c", "bob", 3)):
        await store.create_interview(interview_id, settings_of(owner), minutes(at))
        await store.finish_interview(
            interview_id, card_of(interview_id), Ending.TIME_UP, minutes(at + 30)
        )
    await store.create_interview("open", settings_of("ada"), minutes(4))

    listed = await list_scorecards(database, "ada")
    assert [summary.interview_id for summary in listed] == ["b", "a"]
    assert (listed[1].ending, listed[1].finished_at) == (Ending.TIME_UP, minutes(31))
    assert listed[1].settings == settings_of("ada")


async def test_earlier_revisions_of_a_card_stay(database: Database, store: SqlStore) -> None:
    """The latest revision is the card; each earlier one can still be read."""
    await store.create_interview("one", settings_of(), START)
    await store.finish_interview("one", card_of(), Ending.COMPLETED, minutes(30))
    second = card_of(revision=2, notices=("A verdict was overridden.",))
    await database.run(lambda c: insert_card(c, "one", second, minutes(40)))

    assert await load_scorecard(database, "one") == second
    assert await load_scorecard(database, "one", revision=1) == card_of()
    assert [summary.revision for summary in await list_scorecards(database, "ada")] == [2]


async def test_missing_card_is_named(database: Database, store: SqlStore) -> None:
    """An open interview has no card, and a graded one no third revision."""
    await store.create_interview("one", settings_of(), START)
    with pytest.raises(ScorecardNotFoundError, match="'one' has no scorecard"):
        await load_scorecard(database, "one")
    await store.finish_interview("one", card_of(), Ending.COMPLETED, minutes(30))
    with pytest.raises(ScorecardNotFoundError, match="revision 3"):
        await load_scorecard(database, "one", revision=3)


async def test_delete_works_where_no_checkpoint_was_made(
    database: Database, store: SqlStore
) -> None:
    """An interview whose checkpoint file is missing is deleted all the same."""
    await fill(store, "one")
    assert await export_thread(database.checkpoint_path, "one") == {}
    await delete_interview(database, "one")

    assert set((await rows(database, "one")).values()) == {0}


Read = Callable[[Database], Awaitable[object]]

READ_BY: dict[str, tuple[Column, Read]] = {
    "settings": (INTERVIEWS.c.settings, lambda database: list_scorecards(database, "ada")),
    "snapshot": (INTERVIEWS.c.snapshot, lambda database: SqlStore(database).interview("one")),
    "inbox": (INBOX.c.event, lambda database: SqlStore(database).transcript("one")),
    "outbox": (OUTBOX.c.move, lambda database: SqlStore(database).utterances("one")),
    "findings": (FINDINGS.c.finding, lambda database: load_findings(database, "one")),
    "boards": (BOARDS.c.board, lambda database: SqlStore(database).boards("one")),
    "scorecards": (SCORECARDS.c.card, lambda database: load_scorecard(database, "one")),
}
DAMAGES = {
    "value": json.dumps({"kind": WORDS, "components": WORDS}),
    "type": json.dumps([WORDS]),
    "cut": f'{{"text": "{WORDS}',
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("what", READ_BY)
async def test_unreadable_row_is_named_without_its_words(
    database: Database, store: SqlStore, what: str, damage: str
) -> None:
    """Table, interview and what to do next; nothing of the row, down to the first cause."""
    column, read = READ_BY[what]
    await fill(store, "one")
    await database.run(lambda c: c.execute(update(column.table).values({column: DAMAGES[damage]})))

    with pytest.raises(DatabaseCorruptError) as refused:
        await read(database)

    printed = "".join(traceback.format_exception(refused.value))
    assert WORDS.split()[1] not in printed
    assert f"the table {column.table.name!r} of interview 'one'" in str(refused.value)
    assert "scorecards export one --as data" in str(refused.value)
    assert "scorecards delete one" in str(refused.value)


async def test_text_in_another_encoding_is_not_quoted(database: Database, store: SqlStore) -> None:
    """The driver's own message holds the text; ours says only that it cannot be read."""
    await fill(store, "one")
    raw = WORDS.encode() + b"\xff"
    await database.run(
        lambda c: c.exec_driver_sql("UPDATE inbox SET event = CAST(? AS TEXT)", (raw,))
    )

    with pytest.raises(DatabaseCorruptError, match="not UTF-8") as refused:
        await store.transcript("one")

    assert WORDS not in "".join(traceback.format_exception(refused.value))


async def test_damaged_interview_is_still_found_exported_and_deleted(
    database: Database, store: SqlStore
) -> None:
    """What the error advises works: the export keeps the damaged text as it is."""
    await fill(store, "one")
    await database.run(lambda c: c.execute(update(INTERVIEWS).values(settings="{" + WORDS)))

    (found,) = await interview_dates(database, "ada")
    assert (found.interview_id, found.finished_at) == ("one", minutes(30))
    export = await export_interview(database, "one")
    assert export["interviews"][0]["settings"] == "{" + WORDS
    await delete_interview(database, "one")
    assert await interview_dates(database, "ada") == ()
