"""What could not be taken down is remembered, without a word of what it was about."""

from storage.database import Database
from storage.leftovers import Leftover, forget_leftover, keep_leftover, load_leftovers
from storage.places import write_mark


async def test_what_is_left_is_remembered_until_it_is_gone(database: Database) -> None:
    """The latest state of each share counts, and other marks are no leftovers."""
    await write_mark(database, "commands of 1", "x")
    await keep_leftover(database, Leftover("s1", "1", "2", message="3", thread="3"))
    await keep_leftover(database, Leftover("s1", "1", "2", thread="3"))
    await keep_leftover(database, Leftover("s2", "1", "2", message="4"))

    assert await load_leftovers(database) == (
        Leftover("s1", "1", "2", thread="3"),
        Leftover("s2", "1", "2", message="4"),
    )

    await forget_leftover(database, "s1")
    await forget_leftover(database, "unknown")
    assert [one.share_id for one in await load_leftovers(database)] == ["s2"]
