"""A text board as an ordinary scene of the canvas, and a scene brought up to date with a board."""

from __future__ import annotations

from collections.abc import Iterable

from whiteboard.board import Board
from whiteboard.drawing import Drawn, draw_layout, draw_notes
from whiteboard.edits import transfer_edit
from whiteboard.element_forms import fractional_index
from whiteboard.elements import Element
from whiteboard.excalidraw import SceneReading
from whiteboard.layout import lay_out
from whiteboard.scene_changes import Revision

__all__ = ["board_elements", "extend_scene"]


def board_elements(board: Board) -> list[Drawn]:
    """The elements that show a board on an empty canvas, in the order in which they are drawn.

    Equal boards give equal elements. An arrow with an unknown end is left out.
    """
    layout = lay_out(board)
    elements = [*draw_layout(board, layout), *draw_notes(board.notes, layout.bounds)]
    for place, element in enumerate(elements):
        element["index"] = fractional_index(place)
        element["boundElements"] = element["boundElements"] or None
    return elements


def extend_scene(
    elements: Iterable[Element], reading: SceneReading, board: Board, base: Board | None = None
) -> list[Drawn]:
    """The elements that must change so that a scene shows this board, tombstones among them.

    `reading` is that of the same elements. With `base`, the board that `board` was made from, the
    scene shows only what is different from that; what is drawn and in neither stays. What stays on
    the board stays where it is, unless room is made for what is new.
    """
    if base is not None:
        board = transfer_edit(base, board, reading.board)
    return Revision(elements, reading, board).changes()
