"""Who has seen the bot's ratings of an interview, so that what they rate of it later is not blind.

It is kept by person and interview, not by share: a card that is shared with another group, or taken
down and shared again, has the same ratings.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.database import Database
from storage.scorecards import owner_of
from storage.self_ratings import open_card
from storage.tables import SIGHTS


async def mark_ratings_seen(
    database: Database, interview_id: str, person: str, at: datetime
) -> None:
    """The person has seen the bot's ratings; the first time counts.

    For the candidate their card is open from then on. `InterviewNotFoundError`.
    """

    def mark(connection: Connection) -> None:
        if owner_of(connection, interview_id) == person:
            open_card(connection, interview_id, at)
            return
        row = {"interview_id": interview_id, "person": person, "at": at}
        connection.execute(sqlite_insert(SIGHTS).on_conflict_do_nothing(), row)

    await database.run(mark)


def seen_by(connection: Connection, interview_id: str) -> frozenset[str]:
    """Who has seen them, beside the candidate."""
    statement = select(SIGHTS.c.person).where(SIGHTS.c.interview_id == interview_id)
    return frozenset(connection.execute(statement).scalars())
