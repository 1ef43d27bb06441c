"""Boards as pictures: how one looked when the interviewer saw it, what was new, and in words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.rendering import scene_png
from interviewer.ports import BoardRevision
from storage.database import Database
from storage.scenes import scene_at
from whiteboard.board import Arrow, Board, Component, ComponentKind, strip_unseen
from whiteboard.changed import changed_elements
from whiteboard.difference import compare
from whiteboard.elements import Element
from whiteboard.excalidraw import read_scene
from whiteboard.scene import board_elements

NOTHING = "An empty board."


@dataclass(frozen=True)
class Drawing:
    """A revision of a board to be drawn: what is on it, and what its author added since `before`.

    Without `before` nothing is marked as new.
    """

    board: Board
    elements: Sequence[Element] = field(repr=False)
    before: Drawing | None = None

    def png(self, title: str = "", width: int = 1600) -> bytes:
        """The picture; it takes a tenth of a second, so call it in a thread."""
        return scene_png(self.elements, title=title, changed=self.changed(), width=width)

    def changed(self) -> frozenset[str]:
        """Ids of the elements that show what `before` had not, or not so."""
        if self.before is None:
            return frozenset()
        was, now = read_scene(self.before.elements), read_scene(self.elements)
        return changed_elements(compare(was.board, now.board, was, now), now)


async def drawing_of(
    database: Database,
    interview_id: str,
    revision: BoardRevision,
    before: BoardRevision | None = None,
) -> Drawing:
    """As it was drawn on the canvas; laid out anew where it was written as text."""
    elements: Sequence[Element] = ()
    if revision.scene is not None:
        elements = await scene_at(database, interview_id, revision.scene)
    if not elements:
        elements = await asyncio.to_thread(board_elements, revision.board)
    earlier = None if before is None else await drawing_of(database, interview_id, before)
    return Drawing(revision.board, elements, earlier)


def revision_before(
    revisions: Sequence[BoardRevision], last: BoardRevision
) -> BoardRevision | None:
    """The board as the stage before that of `last` left it; None where it drew nothing."""
    earlier = (
        one
        for one in reversed(revisions)
        if one.revision < last.revision
        and one.round_index == last.round_index
        and one.stage != last.stage
    )
    return next(earlier, None)


def board_words(board: Board, most: int = 1_000) -> str:
    """The board for whoever cannot see the picture, in at most `most` characters."""
    names = {part.id: part.label or part.id for part in (*board.components, *board.zones)}
    sentences = [
        _listed("Components", (_component(one) for one in board.components)),
        _listed("Arrows", (_arrow(one, names) for one in board.arrows)),
        _listed("Zones", (_zone(one.id, one.label, board) for one in board.zones)),
        _listed("Notes", board.notes),
    ]
    words = " ".join(strip_unseen(one) for one in sentences if one) or NOTHING
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _component(one: Component) -> str:
    kind = "" if one.kind is ComponentKind.OTHER else one.kind.value.replace("_", " ")
    return one.label if not kind or kind in one.label.casefold() else f"{one.label} ({kind})"


def _arrow(arrow: Arrow, names: dict[str, str]) -> str:
    source, target = (names.get(end, end) for end in (arrow.source, arrow.target))
    way = f"{source} to {target}" if arrow.directed else f"{source} and {target} joined"
    return f"{way}, {arrow.label}" if arrow.label else way


def _zone(zone: str, label: str, board: Board) -> str:
    inside = [one.label for one in board.components if one.zone == zone]
    inside += [one.label for one in board.zones if one.parent == zone]
    return f"{label} around {', '.join(inside)}" if inside else f"{label}, empty"


def _listed(title: str, items: Iterable[str]) -> str:
    listed = "; ".join(" ".join(item.split()) for item in items)
    return f"{title}: {listed}." if listed else ""
