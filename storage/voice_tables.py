"""The tables of spoken interviews: how the bot spoke, and what it misheard."""

# SQLModel declares `__tablename__` as a property of its own and means a plain string.
# pyright: reportAssignmentType=false

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, Integer, String, Text
from sqlmodel import Field

from storage.columns import Row, Utc, interview_key


class SpokenRow(Row, table=True):
    """How one utterance was played, without a word of it."""

    __tablename__ = "spoken"

    interview_id: str = interview_key(primary_key=True)
    key: str = Field(primary_key=True, sa_type=String)
    waited_s: float | None = Field(default=None, sa_type=Float)
    cut_in: bool
    stopped: bool


class HearingRow(Row, table=True):
    """What the candidate put right of a spoken answer; what was heard stays in the inbox."""

    __tablename__ = "hearings"

    interview_id: str = interview_key(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=Integer)
    corrected: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Utc)
