"""What the element of a piece of evidence names on a board, and when it was there first.

`Evidence.element` is the id of a component or zone, or the ids along a way of arrows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scoring.verdicts import Evidence
from whiteboard.board import Board

STEP = "->"
"""Between the ids of a way."""
LABEL_STEP = " → "
"""Between the labels of a way."""
LABEL_LINE = " — "
"""Between the labels of what a line without heads joins."""


@dataclass(frozen=True)
class DrawnPart:
    """A part of a board: components along a way, or one component or zone; and its label.

    `arrows` are the pairs of ids that the way goes through.
    """

    ids: tuple[str, ...]
    arrows: tuple[tuple[str, str], ...]
    label: str


def way_element(ids: Sequence[str]) -> str:
    """How evidence names a way."""
    return STEP.join(ids)


def way_label(board: Board, ids: Sequence[str]) -> str:
    """The labels along a way; KeyError for an id that is no component."""
    words = [board.component(one).label for one in ids]
    for place, (source, target) in enumerate(pairwise(ids), start=1):
        directed = target in board.successors(source)
        words[place] = f"{LABEL_STEP if directed else LABEL_LINE}{words[place]}"
    return "".join(words)


def find_part(board: Board, element: str) -> DrawnPart | None:
    """The part that is named, or None where the board does not have all of it."""
    whole = {part.id: part.label for part in (*board.components, *board.zones)}
    if element in whole:
        return DrawnPart((element,), (), whole[element])
    ids = tuple(element.split(STEP))
    steps = tuple(pairwise(ids))
    components = {part.id for part in board.components}
    if not steps or not components.issuperset(ids):
        return None
    if not all(target in board.successors(source, lines=True) for source, target in steps):
        return None
    return DrawnPart(ids, steps, way_label(board, ids))


def first_showing(revisions: Iterable[tuple[int, Board]], evidence: Evidence) -> int | None:
    """The first of the numbered boards that shows the evidence under the words it quotes."""
    if evidence.element is None:
        return None
    for revision, board in revisions:
        part = find_part(board, evidence.element)
        if part is not None and part.label == evidence.quote:
            return revision
    return None
