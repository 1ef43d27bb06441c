"""Messages of shared cards that could not be taken down: where they are, and none of their words.

The rows with words go at once. What is left on the edge is remembered as marks of the
installation, so that it is tried again, whatever became of the interview and the group.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import delete, select

from storage.database import Database
from storage.places import write_mark
from storage.tables import MARKS

_PREFIX = "left over "


@dataclass(frozen=True)
class Leftover:
    """What is left of a share: its message, its thread, or both; None for what is gone."""

    share_id: str
    server: str
    channel: str
    message: str | None = None
    thread: str | None = None


_LEFTOVER = TypeAdapter(Leftover)


async def keep_leftover(database: Database, left: Leftover) -> None:
    """Remember it, in place of what was left of that share before."""
    value = _LEFTOVER.dump_json(left).decode("utf-8")
    await write_mark(database, _PREFIX + left.share_id, value)


async def forget_leftover(database: Database, share_id: str) -> None:
    """Nothing is left of that share; it need not have been remembered."""
    statement = delete(MARKS).where(MARKS.c.name == _PREFIX + share_id)
    await database.run(lambda connection: connection.execute(statement))


async def load_leftovers(database: Database) -> tuple[Leftover, ...]:
    """All that is left, of every share."""
    found = MARKS.c.name.startswith(_PREFIX, autoescape=True)
    statement = select(MARKS.c.value).where(found).order_by(MARKS.c.name)
    values = await database.run(lambda connection: connection.execute(statement).scalars().all())
    return tuple(map(_LEFTOVER.validate_json, values))
