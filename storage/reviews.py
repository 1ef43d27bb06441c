"""What interviews measured of each concept, for the practice schedule.

The reviews of an interview are those of its latest card, so grading it again replaces them, and
they go with the interview. The state of the schedule is not stored, see
`scoring.practice_schedule`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from scoring.practice_schedule import Recall, Review, reviews_of
from scoring.scorecard import Scorecard
from scoring.verdicts import Verdict
from storage.database import Database
from storage.errors import readable
from storage.tables import INTERVIEWS, REVIEWS


async def load_reviews(
    database: Database, owner: str, without: Collection[str] = ()
) -> tuple[Review, ...]:
    """What the owner's interviews measured, in the order in which they ended.

    Those `without` are left out.
    """
    statement = (
        select(REVIEWS)
        .join(INTERVIEWS, INTERVIEWS.c.id == REVIEWS.c.interview_id)
        .where(INTERVIEWS.c.owner == owner, INTERVIEWS.c.id.not_in(without))
        .order_by(REVIEWS.c.at, REVIEWS.c.interview_id, REVIEWS.c.round_index, REVIEWS.c.key)
    )
    return await database.run(
        lambda connection: tuple(_review(row) for row in connection.execute(statement))
    )


def replace_reviews(connection: Connection, interview_id: str, card: Scorecard) -> None:
    """Store what the card measured in place of what an earlier card of the interview did."""
    connection.execute(delete(REVIEWS).where(REVIEWS.c.interview_id == interview_id))
    rows = [
        {
            "interview_id": interview_id,
            "round_index": round_index,
            "key": review.key,
            "item": review.item,
            "recall": review.recall.value,
            "verdict": review.verdict.value,
            "weight": review.weight,
            "at": review.at,
        }
        for round_index, review in reviews_of(card)
    ]
    if rows:
        connection.execute(insert(REVIEWS), rows)


def _review(row: Row[Any]) -> Review:
    with readable("reviews", row.interview_id):
        return Review(
            item=row.item,
            key=row.key,
            recall=Recall(row.recall),
            verdict=Verdict(row.verdict),
            weight=row.weight,
            at=row.at,
        )
