"""A candidate's objection belongs to a turn that was really said."""

import pytest
from sqlalchemy import select
from storage_samples import START, minutes, said, settings_of, utterance_of

from interviewer.ports import InterviewNotFoundError
from interviewer.state import InterviewState
from storage.database import Database
from storage.errors import TurnNotFoundError
from storage.interviews import SqlStore
from storage.retention import export_interview
from storage.scorecards import delete_interview
from storage.tables import TURN_FLAGS
from storage.turn_flags import TurnFlag, flag_turn, flags_of


@pytest.fixture
async def one(store: SqlStore) -> str:
    """An interview in which the interviewer spoke in answer to events 0 and 1, and not to 2."""
    await store.create_interview("one", settings_of(), START)
    for seq, text in enumerate(("Why?", "How many?", "")):
        await store.commit_event("one", said("Ten agents."), round_index=0, stage="scope")
        utterance = utterance_of(seq, text)
        await store.open_utterance(utterance, InterviewState(seq=seq), [])
        await store.close_utterance(utterance.key, shown=len(text), at=minutes(seq + 1))
    return "one"


async def test_flags_come_in_the_order_of_turns(database: Database, one: str) -> None:
    """With the candidate's words and the time."""
    await flag_turn(database, one, "i0001", "I had said that.", minutes(5))
    await flag_turn(database, one, "i0000", "Leading.", minutes(6))

    assert await flags_of(database, one) == (
        TurnFlag("i0000", "Leading.", minutes(6)),
        TurnFlag("i0001", "I had said that.", minutes(5)),
    )


async def test_a_second_objection_replaces_the_first(database: Database, one: str) -> None:
    """A turn has one note, the last."""
    await flag_turn(database, one, "i0001", "Leading.", minutes(5))
    await flag_turn(database, one, "i0001", "I had said that.", minutes(6))

    assert await flags_of(database, one) == (TurnFlag("i0001", "I had said that.", minutes(6)),)


@pytest.mark.parametrize("turn_id", ["i0002", "i0003", "c0001", "i1", "'; --"])
async def test_only_what_the_interviewer_said_is_flagged(
    database: Database, one: str, turn_id: str
) -> None:
    """Not silence, not the candidate's own turns, not what never was."""
    with pytest.raises(TurnNotFoundError, match="hotseat trace one"):
        await flag_turn(database, one, turn_id, "Leading.", minutes(5))

    assert await flags_of(database, one) == ()


async def test_an_unknown_interview_is_named(database: Database) -> None:
    """It is not mistaken for a turn that is missing."""
    with pytest.raises(InterviewNotFoundError, match="'none'"):
        await flag_turn(database, "none", "i0000", "Leading.", minutes(5))


async def test_flags_are_exported_and_deleted(database: Database, one: str) -> None:
    """They are the candidate's words, and go with the interview."""
    flag = TurnFlag("i0000", "Leading.", minutes(5))
    await flag_turn(database, one, flag.turn_id, flag.note, flag.at)

    (row,) = (await export_interview(database, one))["turn_flags"]
    assert (row["turn_id"], row["note"]) == ("i0000", "Leading.")
    await delete_interview(database, one)
    assert await database.run(lambda c: c.execute(select(TURN_FLAGS)).all()) == []
