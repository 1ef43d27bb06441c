"""The sheets on which people rate shared scorecards.

The rules are those of `scoring.review`, applied in the transaction that stores the outcome.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from scoring import review as rules
from scoring.review import Viewer
from scoring.scorecard import scorecard_from_json
from scoring.sheets import BlindReview, Mark, Sheet
from storage.database import Database
from storage.errors import readable
from storage.groups import read_group
from storage.self_ratings import SHEET, card_opened_at
from storage.shares import ALL_SHARES, STAGES, Share, put_sheet, read_share, share_of, viewer_of
from storage.sights import seen_by
from storage.tables import SHARES, SHEETS


async def load_review(database: Database, server: str, share_id: str) -> BlindReview:
    """The shared card with everybody's sheets; raises `ShareNotFoundError`.

    It holds secrets: show it through the rules of `scoring.review`.
    """
    return await database.run(
        lambda connection: _review(connection, read_share(connection, server, share_id))
    )


async def reviews_in(database: Database, server: str, group_id: str) -> tuple[BlindReview, ...]:
    """The reviews of everything that is shared with the group, newest first; each interview once.

    Raises `GroupNotFoundError`.
    """

    def read(connection: Connection) -> tuple[BlindReview, ...]:
        read_group(connection, server, group_id)
        statement = ALL_SHARES.where(SHARES.c.group_id == group_id)
        return tuple(
            _review(connection, share_of(row)) for row in connection.execute(statement).all()
        )

    return await database.run(read)


async def rate_share(
    database: Database, server: str, share_id: str, person: str, mark: Mark
) -> BlindReview:
    """Put the mark on the person's draft; errors as `scoring.review.put_mark` and `load_review`."""
    return await _change(
        database,
        (server, share_id),
        person,
        lambda review, viewer: rules.put_mark(review, viewer, mark),
    )


async def submit_sheet(
    database: Database, server: str, share_id: str, person: str, now: datetime
) -> BlindReview:
    """Close the person's sheet for good; errors as `scoring.review.submit` and `load_review`."""
    return await _change(
        database,
        (server, share_id),
        person,
        lambda review, viewer: rules.submit(review, viewer, now),
    )


async def _change(
    database: Database,
    address: tuple[str, str],
    person: str,
    rule: Callable[[BlindReview, Viewer], BlindReview],
) -> BlindReview:
    def change(connection: Connection) -> BlindReview:
        share = read_share(connection, *address)
        review = rule(_review(connection, share), viewer_of(connection, share, person))
        if (sheet := review.sheet(person)) is not None:
            put_sheet(connection, share, sheet)
        return review

    return await database.run(change)


def _review(connection: Connection, share: Share) -> BlindReview:
    row = connection.execute(select(SHARES).where(SHARES.c.id == share.id)).one()
    sheets = connection.execute(
        select(SHEETS).where(SHEETS.c.share_id == share.id).order_by(SHEETS.c.rater)
    )
    with readable("shares", share.interview_id):
        card = scorecard_from_json(row.card)
        stages = STAGES.validate_json(row.stages)
    return BlindReview(
        id=share.id,
        candidate=share.candidate,
        card=card,
        stages=stages,
        anonymous=share.anonymous,
        card_opened_at=card_opened_at(connection, share.interview_id),
        seen_by=seen_by(connection, share.interview_id),
        sheets=tuple(map(_sheet, sheets)),
    )


def _sheet(row: Row[Any]) -> Sheet:
    with readable("sheets", row.interview_id):
        return SHEET.validate_json(row.sheet)
