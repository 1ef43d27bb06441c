"""How candidates rate their own interviews, and whether they had seen the card by then.

The rules are those of `scoring.review`, applied in the transaction that stores the outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from scenarios.rounds import RoundPlan
from scoring import review as rules
from scoring.corrections import Correction
from scoring.review import Viewer
from scoring.sheets import BlindReview, Mark, Sheet, stages_of
from storage.corrections import read_corrections
from storage.database import Database
from storage.errors import readable
from storage.scorecards import owner_of, read_scorecard
from storage.tables import OWN_SHEETS

SHEET = TypeAdapter(Sheet)

_GENERAL: Mapping[str, RoundPlan] = MappingProxyType({})


async def load_own_review(
    database: Database, interview_id: str, plans: Mapping[str, RoundPlan] = _GENERAL
) -> BlindReview:
    """The latest card with its candidate's own sheet, where there is one; `id` is empty.

    `plans` by `RoundPlan.item` give the anchors of the stages. A quote of an answer that was
    corrected since is left out: it was a slice of the other text. Raises `InterviewNotFoundError`
    and `ScorecardNotFoundError`.
    """
    return await database.run(lambda connection: _own_review(connection, interview_id, plans))


async def mark_card_opened(database: Database, interview_id: str, at: datetime) -> bool:
    """The candidate has seen the bot's ratings; the first time counts. Returns whether it was."""
    return await database.run(lambda connection: open_card(connection, interview_id, at))


def open_card(connection: Connection, interview_id: str, at: datetime) -> bool:
    """As `mark_card_opened`, within a transaction."""
    first = card_opened_at(connection, interview_id) is None
    statement = sqlite_insert(OWN_SHEETS).values(interview_id=interview_id, card_opened_at=at)
    statement = statement.on_conflict_do_update(
        index_elements=["interview_id"],
        set_={
            "card_opened_at": func.coalesce(
                OWN_SHEETS.c.card_opened_at, statement.excluded.card_opened_at
            )
        },
    )
    connection.execute(statement)
    return first


async def rate_own(database: Database, interview_id: str, by: str, mark: Mark) -> BlindReview:
    """Put the mark on the draft; errors as `scoring.review.put_mark` and `load_own_review`."""
    return await _change(
        database, interview_id, lambda review: rules.put_mark(review, Viewer(by, None), mark), by
    )


async def submit_own(database: Database, interview_id: str, by: str, now: datetime) -> BlindReview:
    """Close the sheet for good; errors as `scoring.review.submit` and `load_own_review`."""
    return await _change(
        database, interview_id, lambda review: rules.submit(review, Viewer(by, None), now), by
    )


def card_opened_at(connection: Connection, interview_id: str) -> datetime | None:
    """When the candidate first saw the bot's ratings."""
    statement = select(OWN_SHEETS.c.card_opened_at).where(OWN_SHEETS.c.interview_id == interview_id)
    return connection.execute(statement).scalar_one_or_none()


async def _change(
    database: Database, interview_id: str, rule: Callable[[BlindReview], BlindReview], by: str
) -> BlindReview:
    def change(connection: Connection) -> BlindReview:
        review = rule(_own_review(connection, interview_id, _GENERAL))
        if (sheet := review.sheet(by)) is not None:
            _put_own_sheet(connection, interview_id, sheet)
        return review

    return await database.run(change)


def _own_review(
    connection: Connection, interview_id: str, plans: Mapping[str, RoundPlan]
) -> BlindReview:
    owner = owner_of(connection, interview_id)
    card = read_scorecard(connection, interview_id)
    statement = select(OWN_SHEETS).where(OWN_SHEETS.c.interview_id == interview_id)
    row = connection.execute(statement).one_or_none()
    sheets: tuple[Sheet, ...] = ()
    if row is not None and row.sheet is not None:
        with readable("own_sheets", interview_id):
            sheet = SHEET.validate_json(row.sheet)
        sheets = (_with_valid_quotes(sheet, read_corrections(connection, interview_id)),)
    opened = None if row is None else row.card_opened_at
    return BlindReview(
        "", owner, card, stages_of(card, plans), card_opened_at=opened, sheets=sheets
    )


def _with_valid_quotes(sheet: Sheet, corrections: Sequence[Correction]) -> Sheet:
    corrected = {one.turn_id: one.at for one in corrections}

    def is_stale(mark: Mark) -> bool:
        return (
            mark.quote is not None
            and mark.quote.turn_id in corrected
            and mark.at < corrected[mark.quote.turn_id]
        )

    marks = (replace(one, quote=None) if is_stale(one) else one for one in sheet.marks)
    return replace(sheet, marks=tuple(marks))


def _put_own_sheet(connection: Connection, interview_id: str, sheet: Sheet) -> None:
    text = SHEET.dump_json(sheet).decode("utf-8")
    statement = sqlite_insert(OWN_SHEETS).on_conflict_do_update(
        index_elements=["interview_id"], set_={"sheet": text}
    )
    connection.execute(statement, {"interview_id": interview_id, "sheet": text})
