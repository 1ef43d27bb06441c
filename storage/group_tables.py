"""The tables of people and study groups: corrections, disputes, shared cards, their reviews."""

# SQLModel declares `__tablename__` as a property of its own and means a plain string.
# pyright: reportAssignmentType=false

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String, UniqueConstraint
from sqlmodel import Field

from storage.columns import JsonText, Row, Utc, interview_key


class PersonRow(Row, table=True):
    """What a person has set for themself."""

    __tablename__ = "people"

    person: str = Field(primary_key=True, sa_type=String)
    retention_days: int | None = Field(default=None, sa_type=Integer)


class CorrectionRow(Row, table=True):
    """One turn as its speaker corrected it; `revision` is that of the card it led to."""

    __tablename__ = "corrections"

    interview_id: str = interview_key(primary_key=True)
    turn_id: str = Field(primary_key=True, sa_type=String)
    revision: int = Field(primary_key=True, sa_type=Integer)
    correction: str = Field(sa_type=JsonText)


class DisputeRow(Row, table=True):
    """A verdict that its candidate disputes."""

    __tablename__ = "disputes"

    interview_id: str = interview_key(primary_key=True)
    id: str = Field(primary_key=True, sa_type=String)
    dispute: str = Field(sa_type=JsonText)


class OverrideRow(Row, table=True):
    """What a reviewer thinks of a disputed verdict; stands beside it."""

    __tablename__ = "overrides"

    interview_id: str = interview_key(primary_key=True)
    dispute_id: str = Field(primary_key=True, sa_type=String)
    by_role: str = Field(primary_key=True, sa_type=String)
    person: str = Field(sa_type=String)
    override: str = Field(sa_type=JsonText)


class OwnSheetRow(Row, table=True):
    """A candidate's ratings of their own interview, and when they first saw the bot's."""

    __tablename__ = "own_sheets"

    interview_id: str = interview_key(primary_key=True)
    card_opened_at: datetime | None = Field(default=None, sa_type=Utc)
    sheet: str | None = Field(default=None, sa_type=JsonText)


class SightRow(Row, table=True):
    """Somebody other than its candidate who has seen the ratings of an interview, on any share."""

    __tablename__ = "sights"

    interview_id: str = interview_key(primary_key=True)
    person: str = Field(primary_key=True, index=True, sa_type=String)
    at: datetime = Field(sa_type=Utc)


class GroupRow(Row, table=True):
    """A study group; its cards are posted to `channel` of `server`."""

    __tablename__ = "groups"

    id: str = Field(primary_key=True, sa_type=String)
    name: str = Field(sa_type=String)
    server: str = Field(index=True, sa_type=String)
    channel: str = Field(sa_type=String)
    created_at: datetime = Field(sa_type=Utc)


class MemberRow(Row, table=True):
    """A person's place in a group."""

    __tablename__ = "members"

    group_id: str = Field(primary_key=True, foreign_key="groups.id", sa_type=String)
    person: str = Field(primary_key=True, index=True, sa_type=String)
    role: str = Field(sa_type=String)
    joined_at: datetime = Field(sa_type=Utc)


class InvitationRow(Row, table=True):
    """A way into a group, for one named person or for whoever has the code."""

    __tablename__ = "invitations"

    code: str = Field(primary_key=True, sa_type=String)
    group_id: str = Field(foreign_key="groups.id", sa_type=String)
    invitation: str = Field(sa_type=JsonText)


class ShareRow(Row, table=True):
    """A scorecard as it was shared with a group, names already taken out."""

    __tablename__ = "shares"
    __table_args__ = (UniqueConstraint("group_id", "interview_id"),)

    id: str = Field(primary_key=True, sa_type=String)
    interview_id: str = interview_key()
    group_id: str = Field(foreign_key="groups.id", sa_type=String)
    card: str = Field(sa_type=JsonText)
    stages: str = Field(sa_type=JsonText)
    anonymous: bool
    channel: str = Field(sa_type=String)
    message: str | None = Field(default=None, sa_type=String)
    thread: str | None = Field(default=None, sa_type=String)
    at: datetime = Field(sa_type=Utc)


class SheetRow(Row, table=True):
    """One person's ratings of a shared card; once submitted they no longer change."""

    __tablename__ = "sheets"

    share_id: str = Field(primary_key=True, foreign_key="shares.id", sa_type=String)
    rater: str = Field(primary_key=True, index=True, sa_type=String)
    interview_id: str = interview_key()
    sheet: str = Field(sa_type=JsonText)
    submitted_at: datetime | None = Field(default=None, sa_type=Utc)
