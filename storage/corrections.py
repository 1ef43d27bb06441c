"""Corrected answers, and the revisions of the card that they led to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import IntegrityError

from scoring.corrections import Correction
from scoring.scorecard import Scorecard
from storage.database import Database
from storage.errors import RevisionExistsError, readable
from storage.scorecards import insert_card
from storage.tables import CORRECTIONS

_CORRECTION = TypeAdapter(Correction)


async def corrections_of(database: Database, interview_id: str) -> tuple[Correction, ...]:
    """What was corrected in the interview, oldest first; a turn may come more than once."""
    return await database.run(lambda connection: read_corrections(connection, interview_id))


async def store_regraded(
    database: Database,
    interview_id: str,
    card: Scorecard,
    corrections: Sequence[Correction],
    at: datetime,
) -> None:
    """Store the new corrections with the revision of the card that they led to, or neither.

    `RevisionExistsError` where another one came in between: the card does not know of it.
    """
    rows = [
        {
            "interview_id": interview_id,
            "turn_id": one.turn_id,
            "revision": card.revision,
            "correction": _CORRECTION.dump_json(one).decode("utf-8"),
        }
        for one in corrections
    ]

    def write(connection: Connection) -> None:
        insert_card(connection, interview_id, card, at)
        if rows:
            connection.execute(insert(CORRECTIONS), rows)

    try:
        await database.run(write)
    except IntegrityError as err:
        raise RevisionExistsError(
            f"interview {interview_id!r} was graded again meanwhile: look at its new card, then "
            "do what is still to be done"
        ) from err


def read_corrections(connection: Connection, interview_id: str) -> tuple[Correction, ...]:
    """As `corrections_of`, within a transaction."""
    statement = (
        select(CORRECTIONS)
        .where(CORRECTIONS.c.interview_id == interview_id)
        .order_by(CORRECTIONS.c.revision, CORRECTIONS.c.turn_id)
    )
    return tuple(map(_correction, connection.execute(statement)))


def _correction(row: Row[Any]) -> Correction:
    with readable("corrections", row.interview_id):
        return _CORRECTION.validate_json(row.correction)
