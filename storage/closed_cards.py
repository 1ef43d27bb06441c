"""Cards that their candidates still want to rate blind."""

from __future__ import annotations

from sqlalchemy import Connection, or_, select

from storage.database import Database
from storage.errors import readable
from storage.self_ratings import SHEET
from storage.tables import INTERVIEWS, OWN_SHEETS, PLACES


async def closed_cards(database: Database, owner: str) -> frozenset[str]:
    """The owner's interviews to be rated first, neither rated by now nor seen by their candidate.

    Raises `DatabaseCorruptError` for a sheet that cannot be read.
    """
    statement = (
        select(PLACES.c.interview_id, OWN_SHEETS.c.sheet)
        .join(INTERVIEWS, INTERVIEWS.c.id == PLACES.c.interview_id)
        .outerjoin(OWN_SHEETS, OWN_SHEETS.c.interview_id == PLACES.c.interview_id)
        .where(
            INTERVIEWS.c.owner == owner,
            PLACES.c.rate_first.is_(True),
            or_(OWN_SHEETS.c.interview_id.is_(None), OWN_SHEETS.c.card_opened_at.is_(None)),
        )
    )

    def read(connection: Connection) -> frozenset[str]:
        rows = connection.execute(statement).all()
        return frozenset(one.interview_id for one in rows if not _is_rated(*one))

    return await database.run(read)


def _is_rated(interview_id: str, sheet: str | None) -> bool:
    if sheet is None:
        return False
    with readable("own_sheets", interview_id):
        return SHEET.validate_json(sheet).submitted_at is not None
