"""What people say about verdicts: disputes and the answers to them, beside the card.

The rules are those of `scoring.disputes`, applied in the transaction that stores the outcome.
"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, insert, select

from scoring.disputes import CardNotes, Dispute, Override, check_dispute, check_override
from scoring.groups import Action, NotAllowedError, require
from storage.database import Database
from storage.errors import readable
from storage.scorecards import owner_of, read_scorecard
from storage.shares import read_share, viewer_of
from storage.tables import DISPUTES, OVERRIDES

_DISPUTE = TypeAdapter(Dispute)
_OVERRIDE = TypeAdapter(Override)


async def notes_of(database: Database, interview_id: str) -> CardNotes:
    """What was noted beside the interview's card, over all its revisions, in order."""
    return await database.run(lambda connection: _notes(connection, interview_id))


async def add_dispute(database: Database, interview_id: str, dispute: Dispute, *, by: str) -> None:
    """Store the dispute of a verdict of the latest card.

    Raises the error of `scoring.disputes.check_dispute`, `InterviewNotFoundError` and
    `ScorecardNotFoundError`.
    """

    def add(connection: Connection) -> None:
        candidate = owner_of(connection, interview_id)
        card = read_scorecard(connection, interview_id)
        notes = _notes(connection, interview_id)
        check_dispute(card, dispute, notes, by=by, candidate=candidate)
        row = {
            "interview_id": interview_id,
            "id": dispute.id,
            "dispute": _DISPUTE.dump_json(dispute).decode("utf-8"),
        }
        connection.execute(insert(DISPUTES), row)

    await database.run(add)


async def add_override(
    database: Database, server: str, share_id: str, override: Override, *, by: str
) -> None:
    """Store what a reviewer of the share's group thinks of a disputed verdict of its interview.

    Raises the error of `scoring.disputes.check_override`, `GroupError` where the role of `by` is
    not the override's or does not allow it, and `ShareNotFoundError`.
    """

    def add(connection: Connection) -> None:
        share = read_share(connection, server, share_id)
        role = viewer_of(connection, share, by).role
        require(role, Action.OVERRIDE)
        if role is None or role.value != override.by_role.value:
            raise NotAllowedError("Your role in the group has changed meanwhile. Try again.")
        notes = _notes(connection, share.interview_id)
        check_override(override, notes, by=by, candidate=share.candidate)
        row = {
            "interview_id": share.interview_id,
            "dispute_id": override.dispute_id,
            "by_role": override.by_role.value,
            "person": by,
            "override": _OVERRIDE.dump_json(override).decode("utf-8"),
        }
        connection.execute(insert(OVERRIDES), row)

    await database.run(add)


def _notes(connection: Connection, interview_id: str) -> CardNotes:
    disputes = select(DISPUTES).where(DISPUTES.c.interview_id == interview_id)
    overrides = select(OVERRIDES).where(OVERRIDES.c.interview_id == interview_id)
    return CardNotes(
        tuple(sorted(map(_dispute, connection.execute(disputes)), key=lambda one: one.at)),
        tuple(sorted(map(_override, connection.execute(overrides)), key=lambda one: one.at)),
    )


def _dispute(row: Row[Any]) -> Dispute:
    with readable("disputes", row.interview_id):
        return _DISPUTE.validate_json(row.dispute)


def _override(row: Row[Any]) -> Override:
    with readable("overrides", row.interview_id):
        return _OVERRIDE.validate_json(row.override)
