"""The calls of language models that an interview has led to, without their words."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from interviewer.budget import CallRecord
from interviewer.metering import CallEnd
from scoring.language_model import Purpose, Usage
from storage.database import Database
from storage.errors import readable
from storage.tables import CALLS

_TOKENS = {kind.name: f"{kind.name}_tokens" for kind in fields(Usage)}


async def calls_of(database: Database, interview_id: str) -> tuple[CallRecord, ...]:
    """The interview's calls in the order in which they began."""
    statement = select(CALLS).where(CALLS.c.interview_id == interview_id).order_by(CALLS.c.number)
    return await database.run(
        lambda connection: tuple(_call(row) for row in connection.execute(statement))
    )


async def cost_of(database: Database, interview_id: str) -> float:
    """What the interview's calls cost in USD, 0 where there was none.

    A call whose cost is not known, or that has not come back, counts with the most that it may
    cost.
    """
    counted = func.coalesce(CALLS.c.cost_usd, CALLS.c.reserved_usd)
    statement = select(func.coalesce(func.sum(counted), 0.0)).where(
        CALLS.c.interview_id == interview_id
    )
    return await database.run(lambda connection: float(connection.execute(statement).scalar_one()))


def open_call(connection: Connection, interview_id: str, call: CallRecord) -> int:
    """Store a call that begins, and return its number in the interview."""
    number = select(func.coalesce(func.max(CALLS.c.number), 0) + 1).where(
        CALLS.c.interview_id == interview_id
    )
    row = {
        "interview_id": interview_id,
        "purpose": call.purpose.value,
        "seq": call.seq,
        "model": call.model,
        "server": call.server,
        "request_hash": call.request_hash,
        "prompt_hash": call.prompt_hash,
        "sample": call.sample,
        "started_at": call.started_at,
        "reserved_usd": call.reserved_usd,
        "attempts": 0,
        **dict.fromkeys(_TOKENS.values(), 0),
    }
    opened = insert(CALLS).values(number=number.scalar_subquery()).returning(CALLS.c.number)
    return connection.execute(opened, row).scalar_one()


def close_call(connection: Connection, interview_id: str, number: int, end: CallEnd) -> None:
    """Store how the call ended; nothing where the interview was deleted meanwhile."""
    values = {
        "outcome": end.outcome,
        "cost_usd": end.cost_usd,
        "first_text_s": end.first_text_s,
        "total_s": end.total_s,
        "attempts": end.attempts,
        "request_id": end.request_id,
        **{column: getattr(end.usage, kind) for kind, column in _TOKENS.items()},
    }
    this = (CALLS.c.interview_id == interview_id, CALLS.c.number == number)
    connection.execute(update(CALLS).where(*this).values(values))


def _call(row: Row[Any]) -> CallRecord:
    with readable(CALLS.name, row.interview_id):
        return CallRecord(
            purpose=Purpose(row.purpose),
            seq=row.seq,
            model=row.model,
            server=row.server,
            request_hash=row.request_hash,
            prompt_hash=row.prompt_hash,
            sample=row.sample,
            started_at=row.started_at,
            reserved_usd=row.reserved_usd,
            number=row.number,
            end=None if row.outcome is None else _end(row),
        )


def _end(row: Row[Any]) -> CallEnd:
    counted = row._mapping  # SQLAlchemy's public name
    return CallEnd(
        outcome=row.outcome,
        cost_usd=row.cost_usd,
        usage=Usage(**{kind: counted[column] for kind, column in _TOKENS.items()}),
        total_s=row.total_s,
        first_text_s=row.first_text_s,
        attempts=row.attempts,
        request_id=row.request_id,
    )
