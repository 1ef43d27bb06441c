"""The tables. Rows are not domain objects: the modules beside this one map them at the door."""

# SQLModel declares `__tablename__` as a property of its own and means a plain string.
# pyright: reportAssignmentType=false

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, String, Table, Text, UniqueConstraint
from sqlmodel import Field

# The tables of those modules register with the same metadata.
from storage import board_tables as _board_tables  # noqa: F401
from storage import group_tables as _group_tables  # noqa: F401
from storage import model_tables as _model_tables  # noqa: F401
from storage import voice_tables as _voice_tables  # noqa: F401
from storage.columns import JsonText, Row, Utc, interview_key


class InterviewRow(Row, table=True):
    """One interview: its settings, its last snapshot and how it ended.

    `grading_since` is when its transcript was read for the card; nothing in it changes after that.
    """

    __tablename__ = "interviews"

    id: str = Field(primary_key=True, sa_type=String)
    owner: str = Field(index=True, sa_type=String)
    settings: str = Field(sa_type=JsonText)
    snapshot: str = Field(sa_type=JsonText)
    started_at: datetime = Field(sa_type=Utc)
    finished_at: datetime | None = Field(default=None, sa_type=Utc)
    ending: str | None = Field(default=None, sa_type=String)
    grading_since: datetime | None = Field(default=None, sa_type=Utc)


class InboxRow(Row, table=True):
    """One event, committed before anything is made of it."""

    __tablename__ = "inbox"

    interview_id: str = interview_key(primary_key=True)
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
    interview_id: str = interview_key()
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

    interview_id: str = interview_key(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=Integer)
    key: str = Field(primary_key=True, sa_type=String)
    verdict: str = Field(primary_key=True, sa_type=String)
    finding: str = Field(sa_type=JsonText)


class BoardRow(Row, table=True):
    """One revision of the whiteboard; `scene` is the last stroke in what was drawn live."""

    __tablename__ = "board_revisions"

    interview_id: str = interview_key(primary_key=True)
    revision: int = Field(primary_key=True, sa_type=Integer)
    board: str = Field(sa_type=JsonText)
    sketch: str = Field(sa_type=Text)
    round_index: int
    stage: str = Field(sa_type=String)
    at: datetime = Field(sa_type=Utc)
    scene: int | None = Field(default=None, sa_type=Integer)


class ScorecardRow(Row, table=True):
    """One revision of a scorecard; earlier revisions stay."""

    __tablename__ = "scorecards"

    interview_id: str = interview_key(primary_key=True)
    revision: int = Field(primary_key=True, sa_type=Integer)
    card: str = Field(sa_type=JsonText)
    created_at: datetime = Field(sa_type=Utc)


class VerdictRow(Row, table=True):
    """One verdict of a scorecard revision, for questions across interviews."""

    __tablename__ = "verdicts"

    interview_id: str = interview_key(primary_key=True)
    revision: int = Field(primary_key=True, sa_type=Integer)
    round_index: int = Field(primary_key=True, sa_type=Integer)
    key: str = Field(primary_key=True, sa_type=String)
    verdict: str = Field(sa_type=String)
    how: str | None = Field(default=None, sa_type=String)


class ReviewRow(Row, table=True):
    """How well a concept was recalled in one round of an interview, as its latest card has it."""

    __tablename__ = "reviews"

    interview_id: str = interview_key(primary_key=True)
    round_index: int = Field(primary_key=True, sa_type=Integer)
    key: str = Field(primary_key=True, sa_type=String)
    item: str = Field(sa_type=String)
    recall: str = Field(sa_type=String)
    verdict: str = Field(sa_type=String)
    weight: int
    at: datetime = Field(sa_type=Utc)


class OriginRow(Row, table=True):
    """Which event a message of an edge became, so that none is taken twice."""

    __tablename__ = "origins"

    interview_id: str = interview_key(primary_key=True)
    origin: str = Field(primary_key=True, sa_type=String)
    seq: int


class PlaceRow(Row, table=True):
    """Where on an edge an interview takes place, and up to where that place was read."""

    __tablename__ = "places"

    interview_id: str = interview_key(primary_key=True)
    kind: str = Field(sa_type=String)
    server: str | None = Field(default=None, sa_type=String)
    channel: str = Field(index=True, sa_type=String)
    status: str | None = Field(default=None, sa_type=String)
    heard: str = Field(sa_type=String)
    rate_first: bool
    closed: bool
    voice: str | None = Field(default=None, sa_type=String)
    captions: str | None = Field(default=None, sa_type=String)


class PostRow(Row, table=True):
    """The message that shows one part of an utterance or of a card."""

    __tablename__ = "posts"

    interview_id: str = interview_key(primary_key=True)
    key: str = Field(primary_key=True, sa_type=String)
    part: int = Field(primary_key=True, sa_type=Integer)
    message: str = Field(sa_type=String)


class MarkRow(Row, table=True):
    """A small fact that this installation remembers, such as which commands it has announced."""

    __tablename__ = "marks"

    name: str = Field(primary_key=True, sa_type=String)
    value: str = Field(sa_type=String)


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
ORIGINS = table("origins")
PLACES = table("places")
POSTS = table("posts")
MARKS = table("marks")
PEOPLE = table("people")
CORRECTIONS = table("corrections")
DISPUTES = table("disputes")
OVERRIDES = table("overrides")
OWN_SHEETS = table("own_sheets")
SIGHTS = table("sights")
GROUPS = table("groups")
MEMBERS = table("members")
INVITATIONS = table("invitations")
SHARES = table("shares")
SHEETS = table("sheets")
CALLS = table("calls")
SPENDING = table("spending")
ASSESSMENTS = table("assessments")
TURN_FLAGS = table("turn_flags")
SPOKEN = table("spoken")
HEARINGS = table("hearings")
STROKES = table("strokes")
WEB_LINKS = table("web_links")

OF_INTERVIEWS = tuple(
    table
    for table in METADATA.sorted_tables
    if table is INTERVIEWS or "interview_id" in table.columns
)
"""The tables whose rows belong to an interview and go with it, parents first."""


def interview_column(table: Table) -> Column[Any]:
    """The column that says to which interview a row belongs, of a table in `OF_INTERVIEWS`."""
    return table.c.id if table is INTERVIEWS else table.c.interview_id
