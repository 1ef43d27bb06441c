"""What is kept of a person: the export of an interview, and the end of its retention time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Table, func, select

from storage.checkpoints import export_thread
from storage.database import Database
from storage.rows import not_found
from storage.scorecards import delete_interview
from storage.tables import INTERVIEWS, OF_INTERVIEWS, JsonText, interview_column


async def delete_expired(
    database: Database, older_than: timedelta, now: datetime
) -> tuple[str, ...]:
    """Delete the interviews that ended longer than `older_than` ago, and return their ids.

    One that never ended counts from its start.
    """
    over_since = func.coalesce(INTERVIEWS.c.finished_at, INTERVIEWS.c.started_at)
    statement = select(INTERVIEWS.c.id).where(over_since < now - older_than)
    statement = statement.order_by(INTERVIEWS.c.id)
    expired = await database.run(lambda connection: tuple(connection.execute(statement).scalars()))
    for interview_id in expired:
        await delete_interview(database, interview_id)
    return expired


async def export_interview(database: Database, interview_id: str) -> dict[str, Any]:
    """Everything stored about the interview, ready for `json.dumps`: rows by table.

    Raises `InterviewNotFoundError`.
    """

    def rows_by_table(connection: Connection) -> dict[str, Any]:
        return {table.name: _rows(connection, table, interview_id) for table in OF_INTERVIEWS}

    export = await database.run(rows_by_table)
    if not export[INTERVIEWS.name]:
        raise not_found(interview_id)
    thread = await export_thread(database.checkpoint_path, interview_id)
    return export | {f"langgraph_{name}": rows for name, rows in thread.items()}


def _rows(connection: Connection, table: Table, interview_id: str) -> list[dict[str, Any]]:
    statement = select(table).where(interview_column(table) == interview_id)
    rows = connection.execute(statement.order_by(*table.primary_key.columns))
    return [
        {column.name: _plain(column, value) for column, value in zip(table.c, row, strict=True)}
        for row in rows
    ]


def _plain(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, JsonText):
        return _document(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _document(text: str) -> Any:
    """What the text holds, or the text itself where it is damaged: an export leaves nothing out."""
    try:
        return json.loads(text)
    except ValueError:
        return text
