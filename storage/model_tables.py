"""The tables of work done with a language model: calls, spending, assessments; flagged turns."""

# SQLModel declares `__tablename__` as a property of its own and means a plain string.
# pyright: reportAssignmentType=false

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, Integer, String, Text
from sqlmodel import Field

from storage.columns import JsonText, Row, Utc, interview_key


class CallRow(Row, table=True):
    """One call of a language model, without a word of it.

    `number` counts an interview's calls. Without an `outcome` it has not come back; without
    `cost_usd` what it cost is unknown, and it counts with what was reserved.
    """

    __tablename__ = "calls"

    interview_id: str = interview_key(primary_key=True)
    number: int = Field(primary_key=True, sa_type=Integer)
    seq: int
    purpose: str = Field(sa_type=String)
    model: str = Field(sa_type=String)
    server: str = Field(sa_type=String)
    request_hash: str = Field(sa_type=String)
    prompt_hash: str = Field(sa_type=String)
    sample: int
    started_at: datetime = Field(sa_type=Utc)
    reserved_usd: float = Field(sa_type=Float)
    outcome: str | None = Field(default=None, sa_type=String)
    cost_usd: float | None = Field(default=None, sa_type=Float)
    first_text_s: float | None = Field(default=None, sa_type=Float)
    total_s: float | None = Field(default=None, sa_type=Float)
    attempts: int
    input_tokens: int
    cache_read_tokens: int
    cache_write_5m_tokens: int
    cache_write_1h_tokens: int
    output_tokens: int
    request_id: str | None = Field(default=None, sa_type=String)


class SpendingRow(Row, table=True):
    """What was spent of one budget: an interview's, or what somebody has for a UTC day.

    An interview's row has no day and goes with the interview; the others stay when it goes.
    `reserved_usd` is held for calls that are under way or never came back. `alerted` and
    `refusal_told` say what its owner was told: that most of it is used, that a call did not fit.
    """

    __tablename__ = "spending"

    scope: str = Field(primary_key=True, sa_type=String)
    holder: str = Field(primary_key=True, sa_type=String)
    day: str = Field(primary_key=True, sa_type=String)
    interview_id: str | None = interview_key(default=None, nullable=True, index=True)
    spent_usd: float = Field(sa_type=Float)
    reserved_usd: float = Field(sa_type=Float)
    alerted: bool
    refusal_told: bool


class AssessmentRow(Row, table=True):
    """What a language model said of a concept after a turn, its quote checked."""

    __tablename__ = "assessments"

    interview_id: str = interview_key(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=Integer)
    key: str = Field(primary_key=True, sa_type=String)
    verdict: str = Field(primary_key=True, sa_type=String)
    finding: str = Field(sa_type=JsonText)


class TurnFlagRow(Row, table=True):
    """A turn of the interviewer that its candidate objects to, and why."""

    __tablename__ = "turn_flags"

    interview_id: str = interview_key(primary_key=True)
    turn_id: str = Field(primary_key=True, sa_type=String)
    note: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Utc)
