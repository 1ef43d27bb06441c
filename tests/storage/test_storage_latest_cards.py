"""The last card of every interview of one owner."""

import pytest
from sqlalchemy import update
from storage_samples import START, card_of, minutes, settings_of

from scoring.record import Ending
from storage.database import Database
from storage.errors import DatabaseCorruptError
from storage.interviews import SqlStore
from storage.scorecards import insert_card, latest_scorecards
from storage.tables import SCORECARDS


async def finish(store: SqlStore, interview_id: str, owner: str, after: float) -> None:
    """An interview with the sample card, over after so many minutes."""
    await store.create_interview(interview_id, settings_of(owner), START)
    await store.finish_interview(
        interview_id, card_of(interview_id), Ending.COMPLETED, minutes(after)
    )


async def test_the_last_revision_of_each_in_order(database: Database, store: SqlStore) -> None:
    """Oldest first; other owners' and open interviews are not among them."""
    await finish(store, "late", "ada", 90)
    await finish(store, "early", "ada", 30)
    await finish(store, "other", "bob", 60)
    await store.create_interview("open", settings_of("ada"), START)
    again = card_of("early", revision=2, notices=("graded again",))
    await database.run(lambda c: insert_card(c, "early", again, minutes(99)))

    cards = await latest_scorecards(database, "ada")

    assert [(card.interview_id, card.revision) for card in cards] == [("early", 2), ("late", 1)]
    assert cards[0] == again


async def test_whoever_has_none(database: Database) -> None:
    """Nothing, and no error."""
    assert await latest_scorecards(database, "ada") == ()


async def test_a_card_that_cannot_be_read(database: Database, store: SqlStore) -> None:
    """The error names the interview."""
    await finish(store, "one", "ada", 30)
    await database.run(lambda c: c.execute(update(SCORECARDS).values(card="{}")))

    with pytest.raises(DatabaseCorruptError, match="one"):
        await latest_scorecards(database, "ada")
