"""The tables. Rows are not domain objects: the modules beside this one map them at the door."""

# SQLModel declares `__tablename__` as a property of its own and means a plain string.
# pyright: reportAssignmentType=false

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class Utc(TypeDecorator[datetime]):
    """A moment in UTC. SQLite drops the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC; ValueError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment with its zone."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class JsonText(TypeDecorator[str]):
    """A JSON document as text: the models write and read it themselves, faster than by `dict`."""

    impl = Text
    cache_ok = True


class Row(SQLModel):
    """Base of the tables. Named constraints, since SQLite can only drop what has a name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _interview(**options: Any) -> Any:
    return Field(foreign_key="interviews.id", sa_type=String, **options)


class InterviewRow(Row, table=True):
    """One interview: its settings, its last snapshot and how it ended."""

    __tablename__ = "interviews"

    id: str = Field(primary_key=True, sa_type=String)
    owner: str = Field(index=True, sa_type=String)
    settings: str = Field(sa_type=JsonText)
    snapshot: str = Field(sa_type=JsonText)
    started_at: datetime = Field(sa_type=Utc)
    finished_at: datetime | None = Field(default=None, sa_type=Utc)
    ending: str | None = Field(default=None, sa_type=String)


class InboxRow(Row, table=True):
    """One event, committed before anything is made of it."""

    __tablename__ = "inbox"

    interview_id: str = _interview(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=Integer)
    kind: str = Field(sa_type=String)
    event: str = Field(sa_type=JsonText)
    round_index: int
    stage: str = Field(sa_type=String)


class OutboxRow(Row, table=True):
    """One utterance, opened before its first word is shown."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("interview_id", "seq"),)

    key: str = Field(primary_key=True, sa_type=String)
    interview_id: str = _interview()
    seq: int
    move: str = Field(sa_type=JsonText)
    text: str = Field(sa_type=Text)
    shown: int
    complete: bool
    closed: bool
    opened_at: datetime = Field(sa_type=Utc)
    closed_at: datetime | None = Field(default=None, sa_type=Utc)
    degraded: str | None = Field(default=None, sa_type=Text)


class FindingRow(Row, table=True):
    """What a turn showed about a concept; the same turn may show it and contradict it."""

    __tablename__ = "findings"

    interview_id: str = _interview(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=Integer)
    key: str = Field(primary_key=True, sa_type=String)
    verdict: str = Field(primary_key=True, sa_type=String)
    finding: str = Field(sa_type=JsonText)


class BoardRow(Row, table=True):
    """One revision of the whiteboard."""

    __tablename__ = "board_revisions"

    interview_id: str = _interview(primary_key=True)
    revision: int = Field(primary_key=True, sa_type=Integer)
    board: str = Field(sa_type=JsonText)
    sketch: str = Field(sa_type=Text)
    round_index: int
    stage: str = Field(sa_type=String)
    at: datetime = Field(sa_type=Utc)


class ScorecardRow(Row, table=True):
    """One revision of a scorecard; earlier revisions stay."""

    __tablename__ = "scorecards"

    interview_id: str = _interview(primary_key=True)
    revision: int = Field(primary_key=True, sa_type=Integer)
    card: str = Field(sa_type=JsonText)
    created_at: datetime = Field(sa_type=Utc)


class VerdictRow(Row, table=True):
    """One verdict of a scorecard revision, for questions across interviews."""

    __tablename__ = "verdicts"

    interview_id: str = _interview(primary_key=True)
    revision: int = Field(primary_key=True, sa_type=Integer)
    round_index: int = Field(primary_key=True, sa_type=Integer)
    key: str = Field(primary_key=True, sa_type=String)
    verdict: str = Field(sa_type=String)
    how: str | None = Field(default=None, sa_type=String)


class ReviewRow(Row, table=True):
    """How well a concept was recalled in one round of an interview, as its latest card has it."""

    __tablename__ = "reviews"

    interview_id: str = _interview(primary_key=True)
    round_index: int = Field(primary_key=True, sa_type=Integer)
    key: str = Field(primary_key=True, sa_type=String)
    item: str = Field(sa_type=String)
    recall: str = Field(sa_type=String)
    verdict: str = Field(sa_type=String)
    weight: int
    at: datetime = Field(sa_type=Utc)


METADATA = Row.metadata


def table(name: str) -> Table:
    """The table called `name`; KeyError if there is none."""
    return METADATA.tables[name]


INTERVIEWS = table("interviews")
INBOX = table("inbox")
OUTBOX = table("outbox")
FINDINGS = table("findings")
BOARDS = table("board_revisions")
SCORECARDS = table("scorecards")
VERDICTS = table("verdicts")
REVIEWS = table("reviews")


def interview_column(table: Table) -> Column[Any]:
    """The column that says to which interview a row belongs; every table has one."""
    return table.c.id if table is INTERVIEWS else table.c.interview_id
