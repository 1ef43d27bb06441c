"""A review laid out for somebody who may see it: self, peers and bot, each in a column of its own.

Nothing is summed over stages and nobody is ranked. Columns carry labels and no ids, so the name of
the candidate of an anonymous share, or that of a numbered reviewer, is nowhere in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from scoring.render.wording import turn_numbers
from scoring.review import Viewer, bot_stage, quoted_words, require_open, said_in
from scoring.scorecard import Scorecard, StageCard
from scoring.sheets import BlindReview, Reviewed, Sheet

APART = 2
"""Difference between two ratings of a stage from which it is flagged."""

CANDIDATE = "Candidate"
BOT = "Bot"


@dataclass(frozen=True)
class Quoted:
    """Words of the candidate; `number` is what the turn is called on the card."""

    turn_id: str
    number: int
    words: str


@dataclass(frozen=True)
class Cell:
    """What one person gave a stage; `rating` None means "not reached".

    With `after_card` it was given after they had seen the bot's ratings, and counts in no
    difference.
    """

    label: str
    rating: int | None
    comment: str
    quoted: Quoted | None
    after_card: bool = False


@dataclass(frozen=True)
class BotCell:
    """What the bot gave: `low` from hits only, `high` with unsure ones; None is not rated."""

    low: int | None
    high: int | None
    reason: str


@dataclass(frozen=True)
class Difference:
    """Ratings of one stage that lie `APART` or more from each other.

    `low` and `high` label who gave the lowest and who the highest, `turns` are the ids of the turns
    that those who differ quoted, else of the bot's first evidence, else of the first answer.
    """

    by: int
    low: tuple[str, ...]
    high: tuple[str, ...]
    turns: tuple[str, ...]


@dataclass(frozen=True)
class StageColumns:
    """The columns of one stage.

    `own` is None until the candidate has submitted. `middle` is the median of what the peers gave
    blind.
    """

    reviewed: Reviewed
    own: Cell | None
    peers: tuple[Cell, ...]
    middle: float | None
    bot: BotCell
    difference: Difference | None


def columns(
    review: BlindReview, viewer: Viewer, names: Mapping[str, str], *, numbered: bool = False
) -> tuple[StageColumns, ...]:
    """The columns of every stage, for a viewer to whom they are open.

    `names` are display names by person; whoever has none gets a number. With `numbered` all peers
    do. Numbers follow what was written, not who wrote it or when, and can change when a further
    sheet comes in. NotAMemberError or NotOpenYetError, as `scoring.review.require_open` has it.
    """
    require_open(review, viewer)
    peers = _labelled(review, {} if numbered else names)
    own = CANDIDATE if review.anonymous else names.get(review.candidate, CANDIDATE)
    return tuple(_columns(review, stage, own, peers) for stage in review.stages)


def _labelled(review: BlindReview, names: Mapping[str, str]) -> list[tuple[str, Sheet]]:
    sheets = sorted(review.peers, key=_content)
    labels = (
        names.get(sheet.rater, f"Reviewer {number}") for number, sheet in enumerate(sheets, start=1)
    )
    return list(zip(labels, sheets, strict=True))


def _content(sheet: Sheet) -> list[tuple[int, str, int, str]]:
    return sorted((one.round_index, one.stage, one.rating or 0, one.comment) for one in sheet.marks)


def _columns(
    review: BlindReview, stage: Reviewed, own_label: str, peers: list[tuple[str, Sheet]]
) -> StageColumns:
    own = _cell(review.card, own_label, review.own, stage) if review.own else None
    cells = tuple(
        cell
        for label, sheet in peers
        if (cell := _cell(review.card, label, sheet, stage)) is not None
    )
    blind = tuple(cell for cell in cells if not cell.after_card)
    ratings = [cell.rating for cell in blind if cell.rating is not None]
    graded = bot_stage(review.card, stage.key)
    counted = blind if own is None or own.after_card else (own, *blind)
    return StageColumns(
        reviewed=stage,
        own=own,
        peers=cells,
        middle=median(ratings) if ratings else None,
        bot=BotCell(graded.rating, graded.rating_high, graded.rating_reason),
        difference=_difference(review.card, stage, counted, graded),
    )


def _cell(card: Scorecard, label: str, sheet: Sheet, stage: Reviewed) -> Cell | None:
    mark = sheet.mark(stage.key)
    if mark is None:
        return None
    quoted = None
    if mark.quote is not None:
        words = quoted_words(card, mark.key, mark.quote)
        quoted = Quoted(mark.quote.turn_id, turn_numbers(card)[mark.quote.turn_id], words)
    return Cell(label, mark.rating, mark.comment, quoted, sheet.after_card)


def _difference(
    card: Scorecard, stage: Reviewed, cells: tuple[Cell, ...], graded: StageCard
) -> Difference | None:
    given = [(cell.label, cell.rating) for cell in cells if cell.rating is not None]
    if graded.rating is not None:
        given.append((BOT, graded.rating))
    low = min((rating for _, rating in given), default=0)
    high = max((rating for _, rating in given), default=0)
    if high - low < APART:
        return None
    differing = [cell for cell in cells if _differs(cell.rating, low, high)]
    turns = [cell.quoted.turn_id for cell in differing if cell.quoted is not None]
    return Difference(
        by=high - low,
        low=tuple(label for label, rating in given if rating == low),
        high=tuple(label for label, rating in given if rating == high),
        turns=tuple(dict.fromkeys(turns)) or tuple(_first_turn(card, stage, graded)),
    )


def _differs(rating: int | None, low: int, high: int) -> bool:
    return rating is not None and (rating - low >= APART or high - rating >= APART)


def _first_turn(card: Scorecard, stage: Reviewed, graded: StageCard) -> Iterator[str]:
    """The turn of the bot's first evidence, else of the first answer, where there is one."""
    shown = (
        one.turn_id
        for verdict in graded.verdicts
        for one in verdict.evidence
        if one.element is None
    )
    first = next(shown, None) or next((turn.id for turn in said_in(card, stage.key)), None)
    if first is not None:
        yield first
