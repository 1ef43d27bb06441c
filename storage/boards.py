"""The revisions of the whiteboard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, bindparam, func, insert, select

from interviewer.ports import BoardRevision
from storage.errors import readable
from storage.tables import BOARDS
from whiteboard.board import Board

_BOARD = TypeAdapter(Board)

_NEXT_REVISION = (
    select(func.coalesce(func.max(BOARDS.c.revision), 0) + 1)
    .where(BOARDS.c.interview_id == bindparam("numbered_in"))
    .scalar_subquery()
)
_APPEND = insert(BOARDS).values(revision=_NEXT_REVISION).returning(BOARDS.c.revision)
_ALL = (
    select(BOARDS)
    .where(BOARDS.c.interview_id == bindparam("interview_id"))
    .order_by(BOARDS.c.revision)
)


def append_board(
    connection: Connection,
    interview_id: str,
    board: Board,
    place: Mapping[str, Any],
    at: datetime,
) -> int:
    """Store the board as the next revision and return its number, from 1.

    `place` gives the columns `sketch`, `round_index`, `stage` and `scene`.
    """
    row = {
        "interview_id": interview_id,
        "numbered_in": interview_id,
        "board": _BOARD.dump_json(board).decode("utf-8"),
        "at": at,
        **place,
    }
    return connection.execute(_APPEND, row).scalar_one()


def all_boards(connection: Connection, interview_id: str) -> tuple[BoardRevision, ...]:
    """Every revision, oldest first."""
    rows = connection.execute(_ALL, {"interview_id": interview_id})
    return tuple(map(_revision, rows))


def _revision(row: Row[Any]) -> BoardRevision:
    with readable("board_revisions", row.interview_id):
        return BoardRevision(
            revision=row.revision,
            board=_BOARD.validate_json(row.board),
            sketch=row.sketch,
            round_index=row.round_index,
            stage=row.stage,
            at=row.at,
            scene=row.scene,
        )
