"""Excalidraw 0.18 elements as we write them: shapes, texts and arrows with all their fields.

Equal parts give equal elements: seeds and nonces come from the id, times are fixed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

from whiteboard.boxes import Label
from whiteboard.geometry import Point, Rect, around
from whiteboard.lettering import LINE_HEIGHT
from whiteboard.palette import Look, Shape
from whiteboard.places import ARROW_GAP

INK: Final = "#1e1e1e"

_CENTRAL: Final = 0.004
"""What aims no further past the middle aims at it."""

_HELVETICA: Final = 2
"""The canvas's number of the font whose widths ours has."""
_ADAPTIVE_RADIUS: Final = {"type": 3}
_PROPORTIONAL_RADIUS: Final = {"type": 2}


def digest(*parts: str) -> str:
    """A short name for texts of any length."""
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def common_fields(element_id: str, kind: str, rect: Rect) -> dict[str, Any]:
    """What every element has, with the index still to be given."""
    number = int(digest(element_id)[:8], 16) >> 1
    return {
        "id": element_id,
        "type": kind,
        "x": round(rect.x, 2),
        "y": round(rect.y, 2),
        "width": round(rect.width, 2),
        "height": round(rect.height, 2),
        "angle": 0,
        "strokeColor": INK,
        "backgroundColor": "transparent",
        "fillStyle": "solid",
        "strokeWidth": 2,
        "strokeStyle": "solid",
        "roughness": 0,
        "opacity": 100,
        "groupIds": [],
        "frameId": None,
        "index": None,
        "roundness": None,
        "seed": number + 1,
        "version": 1,
        "versionNonce": number,
        "isDeleted": False,
        "boundElements": [],
        "updated": 1,
        "link": None,
        "locked": False,
    }


def shape_element(element_id: str, look: Look, rect: Rect, label: str) -> dict[str, Any]:
    """A box or zone of this look; `customData` says of what kind it was under which label."""
    zone = look.shape is Shape.ZONE
    radius = None if look.shape is Shape.ELLIPSE else _ADAPTIVE_RADIUS
    if look.shape is Shape.DIAMOND:
        radius = _PROPORTIONAL_RADIUS
    return common_fields(element_id, "rectangle" if zone else look.shape.value, rect) | {
        "strokeColor": look.stroke,
        "backgroundColor": look.fill,
        "strokeStyle": "dashed" if zone else "solid",
        "roundness": radius,
        "customData": {"kind": look.kind, "label": label},
    }


class Lettering(NamedTuple):
    """How a text is set; the colour as `#rrggbb`."""

    size: float
    colour: str = INK
    align: str = "center"
    vertical: str = "middle"


def text_element(
    element_id: str, text: str, label: Label, corner: Point, lettering: Lettering
) -> dict[str, Any]:
    """A text, broken into lines as the label is, that stands alone."""
    rect = Rect(*corner, label.width, label.height)
    return common_fields(element_id, "text", rect) | {
        "strokeColor": lettering.colour,
        "text": "\n".join(label.lines),
        "originalText": text,
        "fontSize": lettering.size,
        "fontFamily": _HELVETICA,
        "textAlign": lettering.align,
        "verticalAlign": lettering.vertical,
        "containerId": None,
        "autoResize": True,
        "lineHeight": LINE_HEIGHT,
    }


def bind_text(text: dict[str, Any], container: dict[str, Any]) -> dict[str, Any]:
    """The text as the label of a shape or an arrow."""
    text["containerId"] = container["id"]
    container["boundElements"].append({"type": "text", "id": text["id"]})
    return text


def arrow_element(
    element_id: str, points: Sequence[Point], source: dict[str, Any], target: dict[str, Any]
) -> dict[str, Any]:
    """An arrow between two shapes, bound to both."""
    first = points[0]
    rect = around(Rect(*point, 0, 0) for point in points)
    arrow = common_fields(element_id, "arrow", rect) | {
        "x": round(first.x, 2),
        "y": round(first.y, 2),
        "points": [[round(p.x - first.x, 2), round(p.y - first.y, 2)] for p in points],
        "lastCommittedPoint": None,
        "startBinding": _binding(source, points[1], points[0]),
        "endBinding": _binding(target, points[-2], points[-1]),
        "startArrowhead": None,
        "endArrowhead": "arrow",
        "elbowed": False,
    }
    ends = [source, target] if source["id"] != target["id"] else [source]
    for end in ends:
        end["boundElements"].append({"type": "arrow", "id": element_id})
    return arrow


def _binding(shape: Mapping[str, Any], before: Point, end: Point) -> dict[str, Any]:
    """How the canvas keeps an arrow's end on a shape that is moved.

    `focus` says how far past the middle the arrow aims: from -1 to 1, as a share of half the side;
    by a trace more, since the canvas takes an arrow that aims exactly along it for one from aside.
    """
    over = Point(end.x - shape["x"] - shape["width"] / 2, end.y - shape["y"] - shape["height"] / 2)
    if abs(end.x - before.x) >= abs(end.y - before.y):
        share = 2 * over.y / max(shape["height"], 1) * (1 if end.x >= before.x else -1)
    else:
        share = -2 * over.x / max(shape["width"], 1) * (1 if end.y >= before.y else -1)
    focus = 0.0 if abs(share) < _CENTRAL else -math.copysign(abs(share) + _CENTRAL, share)
    return {"elementId": shape["id"], "focus": round(focus, 4), "gap": ARROW_GAP}


_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


_LAST_PLACE: Final = 10**9
"""Beyond it an index counts as this place; a foreign one may name any."""


def fractional_index(place: int) -> str:
    """The canvas's index of the element at this place, counted from 0: a0 to az, b00 to bzz, ...

    In the order of places as plain text.
    """
    head, count = ord("a"), len(_DIGITS)
    while place >= count:
        place -= count
        count *= len(_DIGITS)
        head += 1
    digits = ""
    for _ in range(head - ord("a") + 1):
        place, digit = divmod(place, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return chr(head) + digits


def index_place(index: str | None) -> int:
    """A place in the order of `fractional_index` that is not before this index of the canvas.

    Of an index that lies further on than any board reaches, the last that one might.
    """
    if not index or not "a" <= index[0] <= "z":
        return 0
    length = ord(index[0]) - ord("a") + 1
    digits = index[1 : 1 + length]
    if len(digits) < length or not set(digits) <= set(_DIGITS):
        return 0
    place = sum(len(_DIGITS) ** shorter for shorter in range(1, length))
    for power, digit in enumerate(reversed(digits)):
        place += _DIGITS.index(digit) * len(_DIGITS) ** power
    return min(place, _LAST_PLACE)
