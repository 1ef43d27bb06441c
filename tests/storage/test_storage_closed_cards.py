"""Which cards are still closed for their candidate."""

import pytest
from group_samples import FIRST, SECOND, graded, mark_of
from sqlalchemy import insert, update
from storage_samples import minutes

from storage.closed_cards import closed_cards
from storage.database import Database
from storage.errors import DatabaseCorruptError
from storage.interviews import SqlStore
from storage.places import Place, PlaceKind
from storage.reviews import load_reviews
from storage.self_ratings import mark_card_opened, rate_own, submit_own
from storage.tables import OWN_SHEETS, PLACES


async def held(
    database: Database, store: SqlStore, name: str, owner: str = "ada", *, rate_first: bool = True
) -> None:
    """A graded interview, in direct messages."""
    await graded(store, name, owner)
    place = Place(name, owner, PlaceKind.DM, "7", "1", rate_first=rate_first, closed=True)
    row = {name: value for name, value in vars(place).items() if name != "owner"}
    await database.run(lambda c: c.execute(insert(PLACES), row))


async def test_closed_until_rated_or_opened(database: Database, store: SqlStore) -> None:
    """A draft opens nothing; a sheet that was handed in does, and so does a look at the card."""
    for name in ("untouched", "drafted", "rated", "seen"):
        await held(database, store, name)
    for name in ("drafted", "rated"):
        await rate_own(database, name, "ada", mark_of(FIRST, 3))
        await rate_own(database, name, "ada", mark_of(SECOND, 3))
    await submit_own(database, "rated", "ada", minutes(60))
    await mark_card_opened(database, "seen", minutes(60))

    assert await closed_cards(database, "ada") == {"untouched", "drafted"}


async def test_open_where_nothing_was_wanted(database: Database, store: SqlStore) -> None:
    """An interview without own ratings, one without a place, and those of others."""
    await held(database, store, "plain", rate_first=False)
    await graded(store, "elsewhere")
    await held(database, store, "other", owner="bob")

    assert await closed_cards(database, "ada") == frozenset()
    assert await closed_cards(database, "bob") == {"other"}


async def test_a_damaged_sheet_is_an_error_with_a_name(database: Database, store: SqlStore) -> None:
    """It opens no card by mistake."""
    await held(database, store, "one")
    await rate_own(database, "one", "ada", mark_of(FIRST, 3))
    await database.run(lambda c: c.execute(update(OWN_SHEETS).values(sheet="{")))

    with pytest.raises(DatabaseCorruptError, match="one"):
        await closed_cards(database, "ada")


async def test_what_closed_cards_measured_can_be_left_out(
    database: Database, store: SqlStore
) -> None:
    """The practice list of a person gives nothing of them away."""
    await held(database, store, "closed")
    both = await load_reviews(database, "ada")
    assert both
    await held(database, store, "open", rate_first=False)

    assert await load_reviews(database, "ada", without=await closed_cards(database, "ada")) == both
