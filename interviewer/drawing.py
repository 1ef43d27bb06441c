"""The board of a round: what a text adds to it, and which of its revisions are kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol

from interviewer.desk import Services
from interviewer.ports import BoardRevision, Store, StoredInterview
from interviewer.record import round_plans
from whiteboard.board import Board
from whiteboard.edits import transfer_edit
from whiteboard.sketch import parse_sketch, to_sketch

_NEW_BOARD = re.compile(r"\s*new\s*(;|\n|$)", re.IGNORECASE)
"""The first statement of a sketch that replaces the board instead of adding to it."""


class Edit(NamedTuple):
    """A text's board, and the one that it was written on; what is in neither is not its matter."""

    base: Board
    board: Board


Editing = Callable[[Board], Edit]
"""What a text makes of the board as it is drawn; raises `whiteboard.sketch.SketchError`."""


class Shown(NamedTuple):
    """A live board as it was read up to the stroke `scene`."""

    board: Board
    scene: int


class Canvas(Protocol):
    """The live board of one interview."""

    async def edit(self, round_index: int, editing: Editing) -> Shown | None:
        """Do it on the drawing of that round as it is by then, and read what that has become.

        None where it cannot be drawn; raises what `editing` does.
        """
        ...


@dataclass(frozen=True)
class Sketch:
    """A text that is added to the board, or with `replaces` stands in its place.

    `written_on` is the revision that it was made from, 0 before the first; None: what is there.
    """

    text: str
    replaces: bool = False
    written_on: int | None = None


async def latest_board(store: Store, stored: StoredInterview) -> BoardRevision | None:
    """The latest revision of the interview's current round; None where nothing was drawn in it."""
    revisions = await store.boards(stored.id)
    if not revisions or revisions[-1].round_index != stored.state.round_index:
        return None
    return revisions[-1]


async def keep_sketch(
    services: Services, stored: StoredInterview, sketch: Sketch, canvas: Canvas | None
) -> int:
    """Draw the sketch on the canvas, if there is one; store the board and return its revision.

    Raises `whiteboard.sketch.SketchError`.
    """
    revisions = await services.store.boards(stored.id)
    editing = partial(_edit, sketch, _base(revisions, sketch.written_on))
    shown = None
    if canvas is not None:
        shown = await canvas.edit(stored.state.round_index, editing)
    if shown is not None:
        return await keep_board(services, stored, shown.board, shown.scene)
    latest = await latest_board(services.store, stored)
    before = Board() if latest is None else latest.board
    base, board = editing(before)
    return await keep_board(services, stored, transfer_edit(base, board, before))


def _base(revisions: Sequence[BoardRevision], number: int | None) -> Board | None:
    """The board of that revision; None where none is meant."""
    if number is None:
        return None
    return next((one.board for one in revisions if one.revision == number), Board())


def _edit(sketch: Sketch, base: Board | None, now: Board) -> Edit:
    if sketch.replaces:
        return Edit(now if base is None else base, parse_sketch(sketch.text))
    if begins_anew := _NEW_BOARD.match(sketch.text):
        return Edit(now, parse_sketch(sketch.text[begins_anew.end() :]))
    parse_sketch(sketch.text)
    return Edit(now, parse_sketch(sketch.text, onto=now))


async def keep_board(
    services: Services, stored: StoredInterview, board: Board, scene: int | None = None
) -> int:
    """Store the board as the next revision, and return its number.

    `scene` is the number of the stroke up to which it was read from a live board.
    """
    state = stored.state
    plan = round_plans(stored.settings, services.library)[state.round_index]
    return await services.store.save_board(
        stored.id,
        board,
        to_sketch(board),
        round_index=state.round_index,
        stage=plan.stages[state.stage_index].name,
        at=services.clock.now(),
        scene=scene,
    )


async def keep_news(
    services: Services, stored: StoredInterview, board: Board, scene: int
) -> int | None:
    """The revision that the interviewer has yet to be told of; None where there is no news.

    A board is stored where it differs from the latest one and was not read before it. A revision
    that was stored, and of which a crash kept the interviewer from hearing, is still to be told.
    """
    latest = await latest_board(services.store, stored)
    if latest is None:
        return None if board == Board() else await keep_board(services, stored, board, scene)
    if board == latest.board:
        return None if latest.revision == stored.state.board_revision else latest.revision
    if latest.scene is not None and scene < latest.scene:
        return None
    return await keep_board(services, stored, board, scene)
