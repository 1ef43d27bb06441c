"""What a language model said of concepts after the candidate's turns."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, exists, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from interviewer.state import Finding
from storage.errors import readable
from storage.rows import finding_row
from storage.tables import ASSESSMENTS

_NOTE = sqlite_insert(ASSESSMENTS).on_conflict_do_nothing()


def insert_assessments(
    connection: Connection, interview_id: str, seq: int, findings: Sequence[Finding]
) -> None:
    """Store what was found in event `seq`, unless something is stored for it already."""
    noted = exists().where(ASSESSMENTS.c.interview_id == interview_id, ASSESSMENTS.c.seq == seq)
    if findings and not connection.execute(select(noted)).scalar_one():
        rows = [finding_row(interview_id, seq, finding) for finding in findings]
        connection.execute(_NOTE, rows)


def assessments_between(
    connection: Connection, interview_id: str, after: int, before: int
) -> tuple[tuple[int, Finding], ...]:
    """What was found in the events with `after < seq < before`, in their order."""
    statement = (
        select(ASSESSMENTS.c.seq, ASSESSMENTS.c.finding)
        .where(
            ASSESSMENTS.c.interview_id == interview_id,
            ASSESSMENTS.c.seq > after,
            ASSESSMENTS.c.seq < before,
        )
        .order_by(ASSESSMENTS.c.seq, ASSESSMENTS.c.key, ASSESSMENTS.c.verdict)
    )
    with readable(ASSESSMENTS.name, interview_id):
        return tuple(
            (row.seq, Finding.model_validate_json(row.finding))
            for row in connection.execute(statement)
        )
