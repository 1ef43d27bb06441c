"""When things happened in a round, and which boards of it a replay shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scoring.scorecard import RoundCard, Scorecard
from scoring.transcript import Turn
from whiteboard.board import Board

Element = Mapping[str, Any]
"""An element of the scene that a board was read from."""

MOST_FRAMES = 60
"""Boards that one card shows, unless ends of stages and evidence alone are more."""


@dataclass(frozen=True)
class Drawing:
    """A revision of the board, numbered in its interview.

    `elements` are those of the scene that it was read from, None where it was written as text.
    """

    revision: int
    round_index: int
    stage: str
    at: datetime
    board: Board
    elements: Sequence[Element] | None = None


def round_begins(card: Scorecard) -> Mapping[int, datetime]:
    """When each round began: with its first turn. Rounds without one are not in it."""
    begins: dict[int, datetime] = {}
    for turn in card.transcript:
        begins.setdefault(turn.round_index, turn.at)
    return begins


def clock_words(begun: datetime, at: datetime) -> str:
    """How far into a round: `4:05`, from an hour on `1:04:05`. Never before its beginning."""
    seconds = max(0, round((at - begun).total_seconds()))
    hours, minutes = divmod(seconds // 60, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{seconds % 60:02d}"
    return f"{minutes}:{seconds % 60:02d}"


def turn_before(turns: Iterable[Turn], drawing: Drawing) -> Turn | None:
    """The last turn of the round that was over when this was on the board."""
    before = None
    for turn in turns:
        if turn.round_index == drawing.round_index and turn.at <= drawing.at:
            before = turn
    return before


def without_repeats(drawings: Iterable[Drawing]) -> list[Drawing]:
    """The drawings without those of the same board as the one before them in their round."""
    kept: list[Drawing] = []
    for drawing in drawings:
        before = (kept[-1].round_index, kept[-1].board) if kept else None
        if before != (drawing.round_index, drawing.board):
            kept.append(drawing)
    return kept


def stage_ends(held: RoundCard, drawings: Sequence[Drawing]) -> Mapping[int, tuple[str, ...]]:
    """By revision the titles of the stages at whose end the board stood like that.

    A stage in which nothing was drawn ends with the board of an earlier one.
    """
    places = {stage.name: place for place, stage in enumerate(held.stages)}
    ends: dict[int, tuple[str, ...]] = {}
    for place, stage in enumerate(held.stages):
        there = [one for one in drawings if places.get(one.stage, 0) <= place]
        if stage.reached and there:
            revision = there[-1].revision
            ends[revision] = (*ends.get(revision, ()), stage.title)
    return ends


def thin_out(
    drawings: Sequence[Drawing], kept: Collection[int], most: int = MOST_FRAMES
) -> tuple[Drawing, ...]:
    """At most `most` drawings: the revisions in `kept`, and of the others evenly many."""
    others = [one.revision for one in drawings if one.revision not in kept]
    room = max(0, most - (len(drawings) - len(others)))
    if len(others) > room:
        others = [others[step * len(others) // room] for step in range(room)]
    shown = {*kept, *others}
    return tuple(one for one in drawings if one.revision in shown)
