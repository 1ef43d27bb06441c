"""What candidates put right of their spoken answers before these are graded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from interviewer.state import EventKind
from scoring.transcript import Source
from storage.errors import EventNotFoundError, GradingBegunError
from storage.rows import inbox_item, not_found
from storage.tables import HEARINGS, INBOX, INTERVIEWS

_NEW = sqlite_insert(HEARINGS)
_PUT = _NEW.on_conflict_do_update(
    index_elements=["interview_id", "seq"],
    set_={"corrected": _NEW.excluded.corrected, "at": _NEW.excluded.at},
)


def put_hearing(
    connection: Connection, interview_id: str, seq: int, corrected: str, at: datetime
) -> None:
    """Store what was meant in event `seq`, in place of an earlier correction of it.

    The text as it was heard takes that one back. Raises `InterviewNotFoundError`,
    `GradingBegunError` once it is being graded, `EventNotFoundError` for what was not spoken.
    """
    _require_open(connection, interview_id)
    heard = _heard(connection, interview_id, seq)
    own = (HEARINGS.c.interview_id == interview_id, HEARINGS.c.seq == seq)
    if corrected == heard:
        connection.execute(delete(HEARINGS).where(*own))
        return
    row = {"interview_id": interview_id, "seq": seq, "corrected": corrected, "at": at}
    connection.execute(_PUT, row)


def corrected_texts(connection: Connection, interview_id: str) -> dict[int, str]:
    """The corrected texts by the numbers of their events."""
    statement = select(HEARINGS.c.seq, HEARINGS.c.corrected).where(
        HEARINGS.c.interview_id == interview_id
    )
    return {row.seq: row.corrected for row in connection.execute(statement)}


def _require_open(connection: Connection, interview_id: str) -> None:
    """In the transaction that writes: what comes after the transcript was read is not graded."""
    columns = (INTERVIEWS.c.grading_since, INTERVIEWS.c.finished_at)
    statement = select(*columns).where(INTERVIEWS.c.id == interview_id)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise not_found(interview_id)
    if row.grading_since is not None or row.finished_at is not None:
        raise GradingBegunError(
            f"interview {interview_id!r} is graded as it stands; correct the answer on its "
            "scorecard, which has it graded again"
        )


def _heard(connection: Connection, interview_id: str, seq: int) -> str:
    statement = select(INBOX).where(INBOX.c.interview_id == interview_id, INBOX.c.seq == seq)
    row = connection.execute(statement).one_or_none()
    event = None if row is None else inbox_item(row).event
    if event is None or event.kind is not EventKind.SAID or event.source is not Source.SPOKEN:
        raise EventNotFoundError(f"interview {interview_id!r} has no spoken answer {seq}")
    return event.text
