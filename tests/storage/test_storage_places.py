"""Where interviews take place."""

import pytest
from sqlalchemy import select
from storage_samples import START, settings_of

from interviewer.ports import StoredInterview
from interviewer.state import InterviewState
from storage.database import Database
from storage.errors import InterviewExistsError
from storage.interviews import SqlStore
from storage.places import Place, PlaceKind, find_place, open_interview
from storage.tables import INTERVIEWS

ONE = StoredInterview("one", settings_of(), InterviewState(), START, None)
THERE = Place("one", "ada", PlaceKind.DM, channel="7", heard="0")


async def test_an_interview_is_opened_with_its_place(database: Database, store: SqlStore) -> None:
    """Both are there, as they were given."""
    await open_interview(database, ONE, THERE)

    assert await store.interview("one") == ONE
    assert await find_place(database, "one") == THERE


async def test_an_interview_without_its_place_is_not_stored(database: Database) -> None:
    """A failure in between leaves nothing that nobody could go on with."""
    await open_interview(database, ONE, THERE)
    other = StoredInterview("two", settings_of(), InterviewState(), START, None)
    with pytest.raises(InterviewExistsError):
        await open_interview(database, other, THERE)
    ids = await database.run(lambda c: c.execute(select(INTERVIEWS.c.id)).scalars().all())

    assert ids == ["one"]
