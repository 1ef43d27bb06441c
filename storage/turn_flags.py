"""Turns of the interviewer that their candidate objects to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from interviewer.state import interviewer_turn_id
from storage.database import Database
from storage.errors import TurnNotFoundError
from storage.rows import utterance_of
from storage.scorecards import owner_of
from storage.tables import OUTBOX, TURN_FLAGS
from storage.turns import spoken_text


@dataclass(frozen=True)
class TurnFlag:
    """An objection to a turn: the candidate's own words about what was wrong with it."""

    turn_id: str
    note: str
    at: datetime


async def flag_turn(
    database: Database, interview_id: str, turn_id: str, note: str, at: datetime
) -> None:
    """Keep the objection, in place of an earlier one to the same turn.

    Raises `InterviewNotFoundError`, and `TurnNotFoundError` for what the interviewer did not say.
    """
    row = {"interview_id": interview_id, "turn_id": turn_id, "note": note, "at": at}
    put = sqlite_insert(TURN_FLAGS).on_conflict_do_update(
        index_elements=["interview_id", "turn_id"], set_={"note": note, "at": at}
    )

    def write(connection: Connection) -> None:
        owner_of(connection, interview_id)
        if turn_id not in _said(connection, interview_id):
            raise TurnNotFoundError(
                f"interview {interview_id!r} has no turn {turn_id!r} of the interviewer; their "
                f"ids begin with i, `hotseat trace {interview_id}` shows them"
            )
        connection.execute(put, row)

    await database.run(write)


async def flags_of(database: Database, interview_id: str) -> tuple[TurnFlag, ...]:
    """The objections of the interview's candidate, in the order of the turns."""
    statement = select(TURN_FLAGS).where(TURN_FLAGS.c.interview_id == interview_id)
    rows = await database.run(lambda connection: connection.execute(statement).all())
    flags = (TurnFlag(row.turn_id, row.note, row.at) for row in rows)
    return tuple(sorted(flags, key=lambda flag: (len(flag.turn_id), flag.turn_id)))


def _said(connection: Connection, interview_id: str) -> frozenset[str]:
    statement = select(OUTBOX).where(OUTBOX.c.interview_id == interview_id)
    said = map(utterance_of, connection.execute(statement))
    return frozenset(interviewer_turn_id(one.seq) for one in said if spoken_text(one))
