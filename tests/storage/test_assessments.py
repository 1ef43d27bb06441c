"""What an engine noted of a turn is there once, in order, and where it was asked for."""

import pytest
from sqlalchemy import update
from storage_samples import START, finding_of, minutes, said, settings_of, utterance_of

from interviewer.ports import InterviewNotFoundError
from interviewer.state import InterviewState
from storage.database import Database
from storage.errors import DatabaseCorruptError
from storage.installation import installation_secret
from storage.interviews import SqlStore
from storage.tables import ASSESSMENTS

WORDS = "The unmistakable words of a candidate"


async def opened(store: SqlStore) -> None:
    """The interview `one`."""
    await store.create_interview("one", settings_of(), START)


async def test_they_come_back_in_the_order_of_turns(store: SqlStore) -> None:
    """With the number of the event, whatever order they were noted in."""
    await opened(store)
    load, users = finding_of("scope/load"), finding_of("scope/users")
    await store.note_assessments("one", 4, [users])
    await store.note_assessments("one", 2, [users, load])

    assert await store.assessments("one", -1, 9) == ((2, load), (2, users), (4, users))


@pytest.mark.parametrize(
    ("after", "before", "found"),
    [(-1, 9, [0, 1, 2]), (0, 2, [1]), (0, 3, [1, 2]), (1, 2, []), (2, 9, [])],
)
async def test_both_ends_are_left_out(
    store: SqlStore, after: int, before: int, found: list[int]
) -> None:
    """Neither the event `after` nor the event `before` is among them."""
    await opened(store)
    for seq in (0, 1, 2):
        await store.note_assessments("one", seq, [finding_of()])

    assert [seq for seq, _ in await store.assessments("one", after, before)] == found


async def test_the_first_note_of_a_turn_stays(store: SqlStore) -> None:
    """A turn that runs again after a crash changes nothing, also where it finds something else."""
    await opened(store)
    await store.note_assessments("one", 2, [finding_of("scope/users")])

    await store.note_assessments("one", 2, [finding_of("scope/users", "other words")])
    await store.note_assessments("one", 2, [finding_of("scope/load")])

    assert await store.assessments("one", -1, 9) == ((2, finding_of("scope/users")),)


async def test_nothing_found_is_nothing_noted(store: SqlStore) -> None:
    """An empty note is no row, and interviews do not see each other's."""
    await opened(store)
    await store.create_interview("two", settings_of(), START)
    await store.note_assessments("two", 0, [finding_of()])

    await store.note_assessments("one", 0, [])

    assert await store.assessments("one", -1, 9) == ()


async def test_an_unknown_interview_is_named(store: SqlStore) -> None:
    """Nothing is noted of what is not there."""
    with pytest.raises(InterviewNotFoundError, match="'none'"):
        await store.note_assessments("none", 0, [finding_of()])


async def test_damage_is_named_without_its_words(database: Database, store: SqlStore) -> None:
    """The table and the interview, nothing of what was said."""
    await opened(store)
    await store.note_assessments("one", 0, [finding_of()])
    damaged = update(ASSESSMENTS).values(finding=f'{{"quote": "{WORDS}"}}')
    await database.run(lambda c: c.execute(damaged))

    with pytest.raises(DatabaseCorruptError, match="'assessments' of interview 'one'") as refused:
        await store.assessments("one", -1, 9)

    assert WORDS not in str(refused.value)


@pytest.mark.parametrize(
    ("before", "since", "stored"),
    [
        (None, None, None),
        ("no key", None, "no key"),
        (None, "timed out", "timed out"),
        ("no key", "timed out", "timed out"),
    ],
)
async def test_what_went_wrong_while_speaking_is_kept(
    store: SqlStore, before: str | None, since: str | None, stored: str | None
) -> None:
    """A reason that came up after it was opened marks it; without one nothing changes."""
    await opened(store)
    await store.commit_event("one", said("Ten agents."), round_index=0, stage="scope")
    utterance = utterance_of(0, "Why?", degraded=before)
    await store.open_utterance(utterance, InterviewState(seq=0), [])

    await store.close_utterance(utterance.key, shown=4, at=minutes(1), degraded=since)
    await store.close_utterance(utterance.key, shown=4, at=minutes(2), degraded="too late")

    closed = await store.utterance("one", 0)
    assert closed is not None
    assert closed.degraded == stored


async def test_an_installation_has_one_secret(database: Database) -> None:
    """Random, 32 bytes, and the same every time."""
    secret = await installation_secret(database)

    assert len(secret) == 32
    assert len(set(secret)) > 8
    assert await installation_secret(database) == secret
