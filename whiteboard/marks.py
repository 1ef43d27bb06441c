"""What a picture shows of a scene: elements with plain, finite, bounded values.

Any object may be given as a scene; what is no element that can be drawn is left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from whiteboard.board import strip_unseen
from whiteboard.colours import read_colour, read_opacity
from whiteboard.geometry import Point, Rect, around
from whiteboard.palette import TRUST_BOUNDARY
from whiteboard.untrusted import items_in, mapping_in, number_in, text_in, whole_in

MAX_MARKS: Final = 5_000
"""Elements that one picture shows."""

MAX_TEXT: Final = 2_000
"""Characters that it shows of one text."""

MAX_LINES: Final = 60
"""Lines that it shows of one text."""

_FAR: Final = 1_000_000.0
_MAX_POINTS: Final = 2_000
_INK: Final = "#1e1e1e"
_INDEX: Final = re.compile(r"[0-9A-Za-z]+", re.ASCII)
_SHAPES: Final = frozenset({"rectangle", "ellipse", "diamond"})
_STROKES: Final = frozenset({"arrow", "line", "freedraw"})
_FRAMES: Final = frozenset({"frame", "magicframe"})
_NOT_IN_XML: Final = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Words(NamedTuple):
    """A text as it is set."""

    lines: tuple[str, ...]
    size: float
    align: str
    line_height: float
    container: str | None


class Heads(NamedTuple):
    """What stands at the ends of an arrow; empty for nothing."""

    start: str
    end: str


NO_HEADS: Final = Heads("", "")


@dataclass(frozen=True, slots=True)
class Mark:
    """One element. Colours are `#rrggbb`, `fill` None where nothing is filled.

    `fill_opacity` is that of the fill's own colour, `opacity` that of the whole element.
    """

    id: str
    type: str
    rect: Rect
    angle: float
    stroke: str
    fill: str | None
    fill_opacity: float
    hatched: bool
    thickness: float
    dash: str
    opacity: float
    rounded: bool
    zone: bool
    points: tuple[Point, ...] = ()
    heads: Heads = NO_HEADS
    words: Words | None = None
    name: str = ""

    @property
    def bounds(self) -> Rect:
        """What it covers, also when it is turned."""
        half_width, half_height = self.rect.width / 2, self.rect.height / 2
        cosine, sine = abs(math.cos(self.angle)), abs(math.sin(self.angle))
        reach = Point(
            half_width * cosine + half_height * sine, half_width * sine + half_height * cosine
        )
        centre = self.rect.centre
        return Rect(centre.x - reach.x, centre.y - reach.y, 2 * reach.x, 2 * reach.y)


def read_marks(elements: object) -> list[Mark]:
    """What can be drawn of a scene, from the back to the front; of one id the newest state."""
    newest: dict[str, Mapping[str, Any]] = {}
    for raw in items_in(elements):
        given = mapping_in(raw)
        key = text_in(given.get("id")) if given is not None else None
        if given is not None and key is not None:
            known = newest.get(key)
            newest[key] = given if known is None or _age(given) >= _age(known) else known
    drawn = [given for given in newest.values() if given.get("isDeleted") is not True]
    if all(_INDEX.fullmatch(text_in(given.get("index")) or "") for given in drawn):
        drawn.sort(key=lambda given: (given["index"], given["id"]))
    marks = (_mark(given) for given in drawn[:MAX_MARKS])
    return [mark for mark in marks if mark is not None]


def _age(given: Mapping[str, Any]) -> tuple[int, int]:
    version = whole_in(given.get("version"), 0, 2**63) or 0
    return version, -(whole_in(given.get("versionNonce"), 0, 2**63) or 0)


def _mark(given: Mapping[str, Any]) -> Mark | None:
    kind = text_in(given.get("type")) or ""
    if kind not in _SHAPES | _STROKES | _FRAMES | {"text"}:
        return None
    points = _points(given) if kind in _STROKES else ()
    words = _words(given) if kind == "text" else None
    if (kind in _STROKES and not points) or (kind == "text" and words is None):
        return None
    custom = mapping_in(given.get("customData")) or {}
    dash = text_in(given.get("strokeStyle")) or ""
    return Mark(
        id=given["id"],
        type=kind,
        rect=around(Rect(*point, 0, 0) for point in points) if points else _rect(given),
        angle=math.remainder(number_in(given.get("angle"), -_FAR, _FAR) or 0.0, math.tau),
        stroke=read_colour(given.get("strokeColor")) or _INK,
        fill=read_colour(given.get("backgroundColor")),
        fill_opacity=read_opacity(given.get("backgroundColor")),
        hatched=given.get("fillStyle") in ("hachure", "cross-hatch", "zigzag"),
        thickness=_within(given.get("strokeWidth"), 0.5, 20, 2.0),
        dash=dash if dash in ("dashed", "dotted") else "",
        opacity=_within(given.get("opacity"), 0, 100, 100.0) / 100,
        rounded=mapping_in(given.get("roundness")) is not None,
        zone=custom.get("kind") == TRUST_BOUNDARY,
        points=points,
        heads=Heads(*(text_in(given.get(f"{end}Arrowhead")) or "" for end in ("start", "end"))),
        words=words,
        name=drawable(text_in(given.get("name")) or "")[:200],
    )


def drawable(text: str) -> str:
    """The text without what may not stand in a picture or cannot be seen there."""
    return _NOT_IN_XML.sub("", strip_unseen(text[:MAX_TEXT]))


def _number(value: object) -> float:
    return number_in(value, -_FAR, _FAR) or 0.0


def _within(value: object, least: float, most: float, usual: float) -> float:
    number = number_in(value, -_FAR, _FAR)
    return usual if number is None else min(most, max(least, number))


def _rect(given: Mapping[str, Any]) -> Rect:
    x, width = _number(given.get("x")), _number(given.get("width"))
    y, height = _number(given.get("y")), _number(given.get("height"))
    return Rect(min(x, x + width), min(y, y + height), abs(width), abs(height))


def _points(given: Mapping[str, Any]) -> tuple[Point, ...]:
    x, y = _number(given.get("x")), _number(given.get("y"))
    pairs = (items_in(item) for item in items_in(given.get("points"))[:_MAX_POINTS])
    return tuple(Point(x + _number(p[0]), y + _number(p[1])) for p in pairs if len(p) >= 2)


def _words(given: Mapping[str, Any]) -> Words | None:
    shown = text_in(given.get("text")) or text_in(given.get("originalText")) or ""
    lines = tuple(drawable(shown).split("\n")[:MAX_LINES])
    if not any(line.strip() for line in lines):
        return None
    align = text_in(given.get("textAlign")) or ""
    return Words(
        lines=lines,
        size=_within(given.get("fontSize"), 4, 400, 20.0),
        align=align if align in ("center", "right") else "left",
        line_height=_within(given.get("lineHeight"), 0.8, 3, 1.25),
        container=text_in(given.get("containerId")),
    )
