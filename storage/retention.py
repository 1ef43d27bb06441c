"""What is kept of a person: the export of an interview, and the end of its retention time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    case,
    cast,
    func,
    select,
)

from interviewer.state import EventKind
from storage.checkpoints import export_thread
from storage.database import Database
from storage.rows import not_found
from storage.scorecards import delete_interview
from storage.spending import sweep_spending
from storage.tables import (
    INBOX,
    INTERVIEWS,
    OF_INTERVIEWS,
    PEOPLE,
    PLACES,
    JsonText,
    interview_column,
)

_OF_ITSELF = (EventKind.PAUSED.value, EventKind.SILENCE.value, EventKind.CLOCK.value)
"""What is reported though nobody is there, which makes no interview younger."""


class Expired(NamedTuple):
    """An interview that is kept no longer; `placed` where it has a place on an edge."""

    interview_id: str
    owner: str
    placed: bool


async def expired_interviews(
    database: Database, older_than: timedelta, now: datetime
) -> tuple[Expired, ...]:
    """The interviews that ended longer ago than they are kept, in the order of their ids.

    One that never ended counts from the last thing that its candidate did, or from its start. They
    are kept for `older_than`, or for as long as their owner has set where that is shorter.
    """
    statement = (
        select(
            INTERVIEWS.c.id,
            INTERVIEWS.c.owner,
            PLACES.c.interview_id.is_not(None).label("placed"),
            INTERVIEWS.c.started_at,
            INTERVIEWS.c.finished_at,
            _last_done().scalar_subquery().label("last_done"),
            PEOPLE.c.retention_days,
        )
        .outerjoin(PLACES, PLACES.c.interview_id == INTERVIEWS.c.id)
        .outerjoin(PEOPLE, PEOPLE.c.person == INTERVIEWS.c.owner)
        .order_by(INTERVIEWS.c.id)
    )
    rows = await database.run(lambda connection: connection.execute(statement).all())
    return tuple(
        Expired(row.id, row.owner, bool(row.placed))
        for row in rows
        if _over_since(row.started_at, row.finished_at, row.last_done)
        < now - _kept_for(row.retention_days, older_than)
    )


async def delete_expired(
    database: Database, older_than: timedelta, now: datetime, *, placed: bool = True
) -> tuple[Expired, ...]:
    """Delete what `expired_interviews` finds, and return it; old sums of days go as well.

    Without `placed` those with a place on an edge are left: what was posted there has to be taken
    down first, and only that edge can.
    """
    found = await expired_interviews(database, older_than, now)
    expired = tuple(one for one in found if placed or not one.placed)
    for one in expired:
        await delete_interview(database, one.interview_id)
    await sweep_spending(database, now)
    return expired


def _last_done() -> Select[int]:
    """When the candidate of an interview did something last, in seconds of the epoch.

    Rows that are damaged do not count.
    """
    event = case((func.json_valid(INBOX.c.event), INBOX.c.event))
    at = func.strftime("%s", func.json_extract(event, "$.at"))
    return select(func.max(cast(at, Integer))).where(
        INBOX.c.interview_id == INTERVIEWS.c.id,
        INBOX.c.kind.not_in(_OF_ITSELF),
        INTERVIEWS.c.finished_at.is_(None),
    )


def _over_since(
    started_at: datetime, finished_at: datetime | None, last_done: int | None
) -> datetime:
    """When it ended, or when anything was done in it last."""
    if finished_at is not None:
        return finished_at
    latest = max(started_at.timestamp(), last_done or 0)
    return datetime.fromtimestamp(latest, UTC)


def _kept_for(own_days: int | None, older_than: timedelta) -> timedelta:
    return older_than if own_days is None else min(older_than, timedelta(days=own_days))


async def export_interview(database: Database, interview_id: str) -> dict[str, Any]:
    """Everything stored about the interview, ready for `json.dumps`: rows by table.

    Raises `InterviewNotFoundError`.
    """

    def rows_by_table(connection: Connection) -> dict[str, Any]:
        return {
            table.name: plain_rows(connection, table, interview_column(table) == interview_id)
            for table in OF_INTERVIEWS
        }

    export = await database.run(rows_by_table)
    if not export[INTERVIEWS.name]:
        raise not_found(interview_id)
    thread = await export_thread(database.checkpoint_path, interview_id)
    return export | {f"langgraph_{name}": rows for name, rows in thread.items()}


def plain_rows(
    connection: Connection, table: Table, chosen: ColumnElement[bool]
) -> list[dict[str, Any]]:
    """The chosen rows of the table by column, ready for `json.dumps`, in the order of their key."""
    rows = connection.execute(select(table).where(chosen).order_by(*table.primary_key.columns))
    return [
        {column.name: _plain(column, value) for column, value in zip(table.c, row, strict=True)}
        for row in rows
    ]


def _plain(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, JsonText) and value is not None:
        return _document(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _document(text: str) -> Any:
    """What the text holds, or the text itself where it is damaged: an export leaves nothing out."""
    try:
        return json.loads(text)
    except ValueError:
        return text
