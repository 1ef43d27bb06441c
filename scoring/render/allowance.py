"""How many pictures of boards a card has, so that it can be sent and opened.

A picture is as large as what is drawn: a thousand elements take a quarter of a megabyte. What does
not fit is left out in this order: boards between the ends of stages, rings around evidence, and at
last pictures of the oldest ends of stages, of which words stay.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scoring.render.timeline import Drawing, Element, thin_out
from whiteboard.untrusted import items_in, text_in

MOST_BYTES: Final = 4_000_000
"""Of all pictures of a card, as near as that can be told before they are drawn."""

_ELEMENT_BYTES: Final = 240
_POINT_BYTES: Final = 6
_CHARACTER_BYTES: Final = 3
_MOST_POINTS: Final = 40_000
"""Of one picture."""


@dataclass(frozen=True)
class Allowance:
    """The boards that are shown, which of them as a picture, and with how many rings more.

    Both by revision. `crowded` says that something was left out for its size.
    """

    drawings: tuple[Drawing, ...]
    pictured: frozenset[int]
    rings: Mapping[int, int]
    crowded: bool


def allow(
    drawings: Sequence[Drawing],
    kept: Collection[int],
    rings: Mapping[int, int],
    most: int = MOST_BYTES,
) -> Allowance:
    """What of these boards fits into so many bytes.

    The revisions in `kept` are shown in any case; `rings` says in how many pictures more each has
    something ringed.
    """
    sizes = {one.revision: picture_bytes(one) for one in drawings}
    left, pictured = most, set[int]()
    for revision in sorted(sizes.keys() & set(kept), reverse=True):
        if sizes[revision] <= left:
            pictured.add(revision)
            left -= sizes[revision]
    drawn: dict[int, int] = {}
    for revision in sorted(pictured & rings.keys()):
        drawn[revision] = min(rings[revision], left // sizes[revision])
        left -= drawn[revision] * sizes[revision]
    others = [size for revision, size in sizes.items() if revision not in kept]
    fitting = min(len(others), left * len(others) // max(1, sum(others)))
    shown = thin_out(drawings, kept, len(drawings) - len(others) + fitting)
    pictured |= {one.revision for one in shown if one.revision not in kept}
    crowded = len(pictured) < len(drawings) or any(drawn.get(one) != rings[one] for one in rings)
    return Allowance(shown, frozenset(pictured), drawn, crowded)


def picture_bytes(drawing: Drawing) -> int:
    """About how many bytes the picture of a board takes in a page."""
    if drawing.elements is not None:
        return _ELEMENT_BYTES + sum(map(_element_bytes, drawing.elements))
    board = drawing.board
    labelled = (*board.components, *board.arrows, *board.zones)
    words = sum(_text_bytes(one.label) for one in labelled) + sum(map(_text_bytes, board.notes))
    return words + _ELEMENT_BYTES * (1 + 2 * len(labelled) + len(board.notes))


def _element_bytes(element: Element) -> int:
    if element.get("isDeleted") is True:
        return 0
    points = min(_MOST_POINTS, len(items_in(element.get("points"))))
    return _ELEMENT_BYTES + _POINT_BYTES * points + _text_bytes(text_in(element.get("text")) or "")


def _text_bytes(text: str) -> int:
    return _CHARACTER_BYTES * len(text.encode("utf-8", "surrogatepass"))
