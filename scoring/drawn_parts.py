"""What the element of a piece of evidence names on a board, and when it was there first.

`Evidence.element` is the id of a component, the id of a zone behind `ZONE`, or the ids along a way
with `STEP` between them. Neither sign can stand in an id. Cards of earlier versions have a bare id
for a zone too, and `->` between the ids of a way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scoring.verdicts import Evidence
from whiteboard.board import Board, Trust

STEP = "\n"
"""Between the ids of a way."""
ZONE = "zone\t"
"""Before the id of a zone, which may be that of a component as well."""
_EARLIER_STEP = "->"
LABEL_STEP = " → "
"""Between the labels of a way."""
LABEL_LINE = " — "
"""Between the labels of what a line without heads joins."""


@dataclass(frozen=True)
class DrawnPart:
    """A part of a board: components along a way, or one component or zone; and its label.

    `arrows` are the pairs of ids that the way goes through. `is_zone` says whose the id is.
    """

    ids: tuple[str, ...]
    arrows: tuple[tuple[str, str], ...]
    label: str
    is_zone: bool = False


def way_element(ids: Sequence[str]) -> str:
    """How evidence names a way."""
    return STEP.join(ids)


def zone_element(zone: str) -> str:
    """How evidence names a zone."""
    return f"{ZONE}{zone}"


def way_label(board: Board, ids: Sequence[str]) -> str:
    """The labels along a way; KeyError for an id that is no component."""
    words = [board.component(one).label for one in ids]
    arrows = {(one.source, one.target) for one in board.arrows if one.directed}
    for place, step in enumerate(pairwise(ids), start=1):
        words[place] = f"{LABEL_STEP if step in arrows else LABEL_LINE}{words[place]}"
    return "".join(words)


def find_part(board: Board, element: str) -> DrawnPart | None:
    """The part that is named, or None where the board does not have all of it."""
    parts = {part.id: part.label for part in board.components}
    zones = {zone.id: zone.label for zone in board.zones}
    if element in parts:
        return DrawnPart((element,), (), parts[element])
    zone = element.removeprefix(ZONE)
    if zone in zones:
        return DrawnPart((zone,), (), zones[zone], is_zone=True)
    return _find_way(board, element.split(STEP if STEP in element else _EARLIER_STEP))


def _find_way(board: Board, ids: Sequence[str]) -> DrawnPart | None:
    steps = tuple(pairwise(ids))
    components = {part.id for part in board.components}
    if not steps or not components.issuperset(ids):
        return None
    if not all(target in board.successors(source, Trust.LIKELY) for source, target in steps):
        return None
    return DrawnPart(tuple(ids), steps, way_label(board, ids))


def first_showing(revisions: Iterable[tuple[int, Board]], evidence: Evidence) -> int | None:
    """The first of the numbered boards that shows the evidence under the words it quotes."""
    if evidence.element is None:
        return None
    for revision, board in revisions:
        part = find_part(board, evidence.element)
        if part is not None and part.label == evidence.quote:
            return revision
    return None
