"""The tables of the live board: what was drawn, and the links that open it."""

# SQLModel declares `__tablename__` as a property of its own and means a plain string.
# pyright: reportAssignmentType=false

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String
from sqlmodel import Field

from storage.columns import JsonText, Row, Utc, interview_key


class StrokeRow(Row, table=True):
    """One accepted version of one element of a drawing.

    `epoch` counts how often the board began anew. The row that begins an epoch has an empty
    `element_id` and holds no element.
    """

    __tablename__ = "strokes"

    interview_id: str = interview_key(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=Integer)
    epoch: int
    element_id: str = Field(sa_type=String)
    version: int = Field(sa_type=BigInteger)
    nonce: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=Utc)
    person: str = Field(sa_type=String)
    element: str = Field(sa_type=JsonText)


class WebLinkRow(Row, table=True):
    """One link into the browser page; one of an owner belongs to no single interview."""

    __tablename__ = "web_links"

    id: str = Field(primary_key=True, sa_type=String)
    interview_id: str | None = interview_key(default=None, index=True)
    role: str = Field(sa_type=String)
    person: str = Field(index=True, sa_type=String)
    name: str = Field(sa_type=String)
    made_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)
    revoked_at: datetime | None = Field(default=None, sa_type=Utc)
