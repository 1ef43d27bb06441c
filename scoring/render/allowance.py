"""How many pictures of boards a card has, so that it can be sent and opened.

A picture is as large as what is drawn: a thousand elements take a quarter of a megabyte. What does
not fit is left out in this order: boards between the ends of stages, rings around evidence, and at
last pictures of the oldest ends of stages, of which words stay.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from string import ascii_letters, digits
from typing import Final

from scoring.render.timeline import Drawing, Element, thin_out
from whiteboard.board import Board
from whiteboard.marks import MAX_LINES, MAX_MARKS, MAX_TEXT
from whiteboard.untrusted import items_in, mapping_in, text_in
from whiteboard.ways import MOST_PIECES, piece_count

MOST_BYTES: Final = 4_000_000
"""Of all pictures of a card, as near as that can be told before they are drawn."""

SAFE: Final = "/:;=.(), "
"""Characters that stand in a `data:` address and an attribute as they are."""

_PLAIN: Final = f"{SAFE}{ascii_letters}{digits}_-~".encode()
"""What takes one byte there; everything else takes three."""

_PICTURE_BYTES: Final = 900
_SHAPE_BYTES: Final = 340
_LINE_BYTES: Final = 400
_PIECE_BYTES: Final = {"arrow": 18, "line": 18, "freedraw": 10}
"""Of a piece of what is drawn as a line."""
_WORDS_BYTES: Final = 200
"""Of a line of text, beside its words."""
_FRAMES: Final = ("frame", "magicframe")


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
    shown = _fitting(drawings, kept, sizes, left)
    pictured |= {one.revision for one in shown if one.revision not in kept}
    crowded = len(pictured) < len(drawings) or any(drawn.get(one) != rings[one] for one in rings)
    return Allowance(shown, frozenset(pictured), drawn, crowded)


def _fitting(
    drawings: Sequence[Drawing], kept: Collection[int], sizes: Mapping[int, int], left: int
) -> tuple[Drawing, ...]:
    """The revisions in `kept`, and as many others, evenly spread, as there is room left for."""
    most = len(drawings)
    while True:
        shown = thin_out(drawings, kept, most)
        if sum(sizes[one.revision] for one in shown if one.revision not in kept) <= left:
            return shown
        most -= 1


def picture_bytes(drawing: Drawing) -> int:
    """About how many bytes the picture of a board takes in a page, without what marks changes.

    Where everything is marked it is up to three times as large.
    """
    if drawing.elements is None:
        return _PICTURE_BYTES + _sketch_bytes(drawing.board)
    drawn = [one for one in drawing.elements if one.get("isDeleted") is not True][:MAX_MARKS]
    ways = min(MOST_PIECES * max(_PIECE_BYTES.values()), sum(map(_way_bytes, drawn)))
    return _PICTURE_BYTES + ways + sum(map(_element_bytes, drawn))


def _sketch_bytes(board: Board) -> int:
    labelled = (*board.components, *board.arrows, *board.zones)
    words = (*(one.label for one in labelled), *board.notes)
    return (_SHAPE_BYTES + _LINE_BYTES) * len(labelled) + sum(map(_words_bytes, words))


def _element_bytes(element: Element) -> int:
    kind = text_in(element.get("type"))
    if kind == "text":
        shown = text_in(element.get("text")) or text_in(element.get("originalText"))
        return _words_bytes(shown or "")
    if kind in _FRAMES:
        return _SHAPE_BYTES + _words_bytes(text_in(element.get("name")) or "")
    return _LINE_BYTES if kind in _PIECE_BYTES else _SHAPE_BYTES


def _way_bytes(element: Element) -> int:
    """Of the pieces that a line or a stroke is drawn in."""
    kind = text_in(element.get("type"))
    if kind not in _PIECE_BYTES:
        return 0
    curved = kind != "freedraw" and mapping_in(element.get("roundness")) is not None
    points = len(items_in(element.get("points")))
    return _PIECE_BYTES[kind] * piece_count(points, curved=curved)


def _words_bytes(text: str) -> int:
    shown = text[:MAX_TEXT]
    lines = min(MAX_LINES, 1 + shown.count("\n"))
    written = escape(shown).encode("utf-8", "ignore")
    return _WORDS_BYTES * lines + len(written) + 2 * len(written.translate(None, _PLAIN))
