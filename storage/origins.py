"""Which messages of an edge became events, so that none is taken twice."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from interviewer.ports import AlreadyReportedError
from storage.database import Database
from storage.tables import ORIGINS


async def known_origins(
    database: Database, interview_id: str, origins: Sequence[str]
) -> frozenset[str]:
    """Those of the ids that an event of the interview was made of."""
    return await database.run(lambda connection: _known(connection, interview_id, origins))


def refuse_known_origins(connection: Connection, interview_id: str, origins: Sequence[str]) -> None:
    """Raise `AlreadyReportedError` where any of them was taken before."""
    if origins and (known := _known(connection, interview_id, origins)):
        raise AlreadyReportedError(
            f"interview {interview_id!r} has taken {', '.join(sorted(known))} already"
        )


def remember_origins(
    connection: Connection, interview_id: str, origins: Sequence[str], seq: int
) -> None:
    """Note that event `seq` was made of them."""
    if origins:
        connection.execute(
            insert(ORIGINS),
            [{"interview_id": interview_id, "origin": one, "seq": seq} for one in origins],
        )


def _known(connection: Connection, interview_id: str, origins: Sequence[str]) -> frozenset[str]:
    statement = select(ORIGINS.c.origin).where(
        ORIGINS.c.interview_id == interview_id, ORIGINS.c.origin.in_(origins)
    )
    return frozenset(connection.execute(statement).scalars())
