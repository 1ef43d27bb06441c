"""The board of a round: what a text adds to it, and which of its revisions are kept."""

from __future__ import annotations

import re

from interviewer.desk import Services
from interviewer.ports import BoardRevision, Store, StoredInterview
from interviewer.record import round_plans
from whiteboard.board import Board
from whiteboard.sketch import parse_sketch, to_sketch

_NEW_BOARD = re.compile(r"\s*new\s*(;|\n|$)", re.IGNORECASE)
"""The first statement of a sketch that replaces the board instead of adding to it."""


async def latest_board(store: Store, stored: StoredInterview) -> BoardRevision | None:
    """The latest revision of the interview's current round; None where nothing was drawn in it."""
    revisions = await store.boards(stored.id)
    if not revisions or revisions[-1].round_index != stored.state.round_index:
        return None
    return revisions[-1]


async def read_sketch(
    store: Store, stored: StoredInterview, sketch: str, *, replace: bool
) -> Board:
    """The board with the sketch on it, or the sketch alone.

    It stands alone with `replace`, or where its first statement is `new`. Raises
    `whiteboard.sketch.SketchError`.
    """
    if replace:
        return parse_sketch(sketch)
    if begins_anew := _NEW_BOARD.match(sketch):
        return parse_sketch(sketch[begins_anew.end() :])
    added = parse_sketch(sketch)
    before = await latest_board(store, stored)
    return added if before is None else parse_sketch(f"{before.sketch}\n{sketch}")


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
