"""`SqlStore` keeps what it is given, in order and once."""

import asyncio
import contextlib

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError
from storage_samples import (
    START,
    card_of,
    finding_of,
    minutes,
    move_of,
    said,
    settings_of,
    utterance_of,
)

from interviewer.ports import InboxItem, InterviewNotFoundError, Store, StoredInterview
from interviewer.state import Belief, Event, EventKind, InterviewState, MoveKind
from scoring.record import Ending, Given, GivenKind
from scoring.transcript import Source, Word
from scoring.verdicts import Verdict
from storage.database import Database
from storage.errors import (
    EventNotFoundError,
    InterviewExistsError,
    UtteranceConflictError,
    UtteranceNotFoundError,
)
from storage.interviews import SqlStore
from storage.scorecards import load_scorecard
from storage.tables import FINDINGS, SCORECARDS, VERDICTS
from whiteboard.board import Arrow, Board, Component, ComponentKind

STATE = InterviewState(
    seq=3,
    stage_index=1,
    reached=("0/scope",),
    spent_s={"0/scope": 61.5},
    beliefs={"scope/users": Belief(verdict=Verdict.HIT, turn_id="c0003", quote="ten agents")},
    given={0: (Given(GivenKind.FACT, "load", "Ten agents.", "i0001", "load"),)},
    curveball_turns={0: "i0002"},
    ending=Ending.TIME_UP,
)


@pytest.fixture
async def interview(store: SqlStore) -> str:
    """The id of a stored interview."""
    await store.create_interview("one", settings_of(), START)
    return "one"


async def count(database: Database, table: object) -> int:
    """How many rows the table has."""
    counting = select(func.count()).select_from(table)
    return await database.run(lambda c: c.execute(counting).scalar_one())


def test_sql_store_has_the_shape_of_the_port(database: Database) -> None:
    """The type checker and this assignment agree that `SqlStore` is a `Store`."""
    store: Store = SqlStore(database)
    methods = {name for name in vars(Store) if not name.startswith("_")}

    assert methods <= set(dir(store))


async def test_new_interview_has_an_empty_state(store: SqlStore, interview: str) -> None:
    """What was created comes back, its time in UTC."""
    stored = await store.interview(interview)

    assert stored == StoredInterview("one", settings_of(), InterviewState(), START, None)
    assert stored.started_at.tzinfo is not None


async def test_taken_id_is_refused(store: SqlStore, interview: str) -> None:
    """A second interview never takes over the first one's rows."""
    with pytest.raises(InterviewExistsError, match="'one' is already stored"):
        await store.create_interview(interview, settings_of("eve"), START)

    assert (await store.interview(interview)).settings.owner == "ada"


async def test_unknown_interview_is_named(store: SqlStore) -> None:
    """Reading, writing, drawing and finishing say which interview is not there."""
    attempts = (
        store.interview("none"),
        store.commit_event("none", said("hello"), round_index=0, stage="scope"),
        store.save_board("none", Board(), "", round_index=0, stage="scope", at=START),
        store.finish_interview("none", card_of("none"), Ending.COMPLETED, START),
    )
    for attempt in attempts:
        with pytest.raises(InterviewNotFoundError, match="'none'"):
            await attempt


async def test_events_are_numbered_from_zero(store: SqlStore, interview: str) -> None:
    """Events keep order, numbers, place and every field, words with times included."""
    spoken = said(
        "a queue", minutes(2), source=Source.SPOKEN, words=(Word("a", 0.0, 0.2),), active_s=4.5
    )
    drew = Event(kind=EventKind.DREW, at=minutes(3), board_revision=2)
    numbers = [
        await store.commit_event(interview, spoken, round_index=0, stage="scope"),
        await store.commit_event(interview, drew, round_index=1, stage="loop"),
    ]

    items = (InboxItem(0, spoken, 0, "scope"), InboxItem(1, drew, 1, "loop"))
    assert numbers == [0, 1]
    assert await store.events(interview) == items
    assert await store.pending_events(interview, 0) == items[1:]
    assert await store.pending_events(interview, 1) == ()
    assert await store.inbox_item(interview, 1) == items[1]


async def test_missing_event_is_named(store: SqlStore, interview: str) -> None:
    """An event that never came is an error, not an empty one."""
    with pytest.raises(EventNotFoundError, match="no event 5"):
        await store.inbox_item(interview, 5)


async def test_concurrent_events_get_different_numbers(store: SqlStore, interview: str) -> None:
    """Writers that race lose nothing: every event has a number and its own words."""
    await store.create_interview("two", settings_of(), START)
    ids = ["one", "two"] * 20
    numbers = await asyncio.gather(
        *(
            store.commit_event(name, said(f"word {index}"), round_index=0, stage="scope")
            for index, name in enumerate(ids)
        )
    )

    for name in ("one", "two"):
        mine = sorted(number for number, owner in zip(numbers, ids, strict=True) if owner == name)
        assert mine == list(range(20))
    assert len({item.event.text for item in await store.events("one")}) == 20


async def test_utterance_state_and_findings_are_stored_together(
    store: SqlStore, database: Database, interview: str
) -> None:
    """One call leaves all three behind."""
    utterance = utterance_of(3, "Who are the users?", move_of(concept="scope/users"))
    denied = finding_of().model_copy(update={"verdict": Verdict.CONTRADICTED})
    found = [finding_of(), denied, finding_of("scope/load")]
    await store.open_utterance(utterance, STATE, found)

    assert await store.utterance(interview, 3) == utterance
    assert await store.utterance(interview, 2) is None
    assert (await store.interview(interview)).state == STATE
    assert await count(database, FINDINGS) == 3


async def test_opening_twice_changes_nothing(
    store: SqlStore, database: Database, interview: str
) -> None:
    """A node that runs again after a crash neither rewinds the state nor rewords the question."""
    first = utterance_of(0, "Who are the users?")
    await store.open_utterance(first, STATE, [finding_of()])
    await store.open_utterance(
        first.model_copy(update={"text": "Else?"}), InterviewState(), [finding_of("scope/load")]
    )

    assert await store.utterances(interview) == (first,)
    assert (await store.interview(interview)).state == STATE
    assert await count(database, FINDINGS) == 1


async def test_racing_openings_leave_one_utterance(store: SqlStore, interview: str) -> None:
    """Two runs of the same node at once say one thing."""
    utterance = utterance_of(0, "Who?")
    await asyncio.gather(*(store.open_utterance(utterance, STATE, []) for _ in range(5)))

    assert await store.utterances(interview) == (utterance,)


async def test_second_answer_to_one_event_is_refused(
    store: SqlStore, database: Database, interview: str
) -> None:
    """Nothing is asked twice, and the refused attempt leaves neither state nor findings."""
    await store.open_utterance(utterance_of(0, "Who?"), STATE, [])
    other = utterance_of(0, "Also:", move_of(MoveKind.HINT))
    with pytest.raises(UtteranceConflictError, match="'one'"):
        await store.open_utterance(other, InterviewState(), [finding_of()])

    assert (await store.interview(interview)).state == STATE
    assert await count(database, FINDINGS) == 0


async def test_utterance_of_an_unknown_interview_is_refused(store: SqlStore) -> None:
    """The outbox holds nothing without an interview."""
    with pytest.raises(InterviewNotFoundError, match="'one'"):
        await store.open_utterance(utterance_of(0, "Who?"), STATE, [])


async def test_utterance_grows_and_closes_once(store: SqlStore, interview: str) -> None:
    """The first report of what was shown stands; nothing is added after it."""
    opened = utterance_of(0, "Who", complete=False)
    await store.open_utterance(opened, STATE, [])
    await store.extend_utterance(opened.key, "Who uses it?", complete=True)
    await store.close_utterance(opened.key, shown=8, at=minutes(1))
    await store.close_utterance(opened.key, shown=12, at=minutes(9))
    await store.extend_utterance(opened.key, "Who uses it, and when?", complete=True)

    stored = await store.utterance(interview, 0)
    assert stored == utterance_of(
        0, "Who uses it?", shown=8, closed=True, closed_at=minutes(1), complete=True
    )


async def test_unknown_utterance_is_named(store: SqlStore) -> None:
    """Neither extending nor closing invents an utterance."""
    with pytest.raises(UtteranceNotFoundError, match="'one:0:probe'"):
        await store.extend_utterance("one:0:probe", "Who?", complete=True)
    with pytest.raises(UtteranceNotFoundError, match="'one:0:probe'"):
        await store.close_utterance("one:0:probe", shown=0, at=START)


async def test_transcript_joins_what_was_heard_and_shown(store: SqlStore, interview: str) -> None:
    """Only words count as turns; an answer follows its event; cut utterances read as cut."""
    opening = move_of(MoveKind.OPEN)
    probe = move_of(concept="scope/users")
    began = Event(kind=EventKind.BEGAN, at=START)
    await store.commit_event(interview, began, round_index=0, stage="scope")
    await store.open_utterance(utterance_of(0, "Design a bot.", opening), STATE, [])
    await store.commit_event(interview, said("For ten agents."), round_index=0, stage="scope")
    await store.open_utterance(utterance_of(1, "Who else?", probe, degraded="slow"), STATE, [])
    await store.close_utterance("one:1:probe", shown=3, at=minutes(2))
    await store.commit_event(interview, said("Nobody."), round_index=0, stage="scope")
    await store.open_utterance(utterance_of(2, "", move_of(MoveKind.WAIT)), STATE, [])
    await store.commit_event(interview, said("Well."), round_index=0, stage="scope")
    await store.open_utterance(utterance_of(3, "Unseen", move_of(MoveKind.HINT)), STATE, [])
    await store.close_utterance("one:3:hint", shown=0, at=minutes(3))

    turns = await store.transcript(interview)
    assert [(turn.id, turn.text, turn.stage, turn.round_index) for turn in turns] == [
        ("i0000", "Design a bot.", "loop", 1),
        ("c0001", "For ten agents.", "scope", 0),
        ("i0001", "Who", "scope", 0),
        ("c0002", "Nobody.", "scope", 0),
        ("c0003", "Well.", "scope", 0),
    ]
    assert [turn.index for turn in turns] == [0, 1, 2, 3, 4]
    assert (turns[2].move, turns[2].aims_at, turns[2].degraded) == ("probe", "scope/users", "slow")
    assert (turns[2].at, turns[1].at) == (minutes(1), START)


async def test_boards_are_numbered_from_one(store: SqlStore, interview: str) -> None:
    """Every revision of the board stays, exactly as it was drawn."""
    board = Board(
        components=(Component("a", "User", ComponentKind.USER), Component("b", "Bot")),
        arrows=(Arrow("a", "b", "asks"),),
        notes=("later",),
    )
    first = await store.save_board(
        interview, Board(), "", round_index=0, stage="scope", at=minutes(1)
    )
    second = await store.save_board(
        interview, board, "User -> Bot", round_index=0, stage="loop", at=minutes(2), scene=7
    )

    revisions = await store.boards(interview)
    assert [first, second] == [revision.revision for revision in revisions] == [1, 2]
    assert [revision.board for revision in revisions] == [Board(), board]
    assert (revisions[1].sketch, revisions[1].stage) == ("User -> Bot", "loop")
    assert revisions[1].at == minutes(2)
    assert [revision.scene for revision in revisions] == [None, 7]


async def test_finishing_stores_the_card_with_its_verdicts(
    store: SqlStore, database: Database, interview: str
) -> None:
    """The interview is over, the card reads back equal, each concept has one row per round."""
    await store.finish_interview(interview, card_of(), Ending.COMPLETED, minutes(30))

    assert (await store.interview(interview)).finished_at == minutes(30)
    assert await load_scorecard(database, interview) == card_of()
    assert await count(database, VERDICTS) == 6


async def test_finishing_twice_changes_nothing(
    store: SqlStore, database: Database, interview: str
) -> None:
    """A score node that runs again leaves the first card, its rows and its time."""
    await store.finish_interview(interview, card_of(), Ending.COMPLETED, minutes(30))
    again = card_of(notices=("again",))
    await store.finish_interview(interview, again, Ending.TIME_UP, minutes(31))

    assert (await store.interview(interview)).finished_at == minutes(30)
    assert await load_scorecard(database, interview) == card_of()
    assert await count(database, SCORECARDS) == 1


async def test_cancelled_calls_leave_the_store_usable(store: SqlStore, interview: str) -> None:
    """A candidate who interrupts cancels our task anywhere; what follows is stored as usual."""
    for turns_of_the_loop in range(40):
        event = said(f"word {turns_of_the_loop}")
        task = asyncio.create_task(
            store.commit_event(interview, event, round_index=0, stage="scope")
        )
        for _ in range(turns_of_the_loop):
            await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    last = await store.commit_event(interview, said("last"), round_index=0, stage="scope")

    events = await store.events(interview)
    assert [item.seq for item in events] == list(range(last + 1))
    assert events[-1].event.text == "last"


async def test_time_without_a_zone_is_refused(store: SqlStore, interview: str) -> None:
    """A local time is never stored as if it were UTC."""
    await store.open_utterance(utterance_of(0, "Who?"), STATE, [])
    with pytest.raises(StatementError, match="needs a time zone"):
        await store.close_utterance("one:0:probe", shown=4, at=START.replace(tzinfo=None))
