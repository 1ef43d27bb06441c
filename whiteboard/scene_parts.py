"""The parts of a scene: shapes, texts and strokes with plain, bounded values.

Nothing here interprets: an element of whatever quality becomes the part that it is nearest to, or
none. Of several elements with one id the one counts that wins on the canvas; of equal ones always
the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeAlias

from whiteboard.geometry import Point, Rect
from whiteboard.outlines import Outline, around_points, turned
from whiteboard.untrusted import items_in, mapping_in, number_in, text_in, whole_in

MAX_ELEMENTS = 2_000
"""Live elements that are read of one scene; of more, those with the lowest ids."""

_SMALLEST = 12
"""Pixels below which a shape without a label is a slip of the mouse or an ornament."""

_FAR = 10_000_000.0
_MAX_POINTS = 200
_MAX_PEN_POINTS = 24
"""Of a freehand stroke: enough to see where it goes and whether it closes."""

_MAX_GROUPS = 20
_MAX_TEXT = 2_000
_UNSEEN = 5
"""The opacity, of 100, up to which nobody sees an element; so it says nothing either."""

_NO_FILL = (None, "", "transparent")


class Form(StrEnum):
    """What a shape was drawn as."""

    BOX = "box"
    PICTURE = "picture"
    FRAME = "frame"
    LOOP = "loop"
    """A closed line, or several lines that close."""

    PEN = "pen"
    """A closed freehand stroke."""

    ICON = "icon"
    """Several elements that one group makes one thing."""


class Tool(StrEnum):
    """What a stroke was drawn with."""

    ARROW = "arrow"
    LINE = "line"
    PEN = "pen"


_FORMS: Final = {
    **dict.fromkeys(("rectangle", "ellipse", "diamond"), Form.BOX),
    **dict.fromkeys(("image", "embeddable", "iframe"), Form.PICTURE),
    **dict.fromkeys(("frame", "magicframe"), Form.FRAME),
}
_TOOLS: Final = {"arrow": Tool.ARROW, "line": Tool.LINE, "freedraw": Tool.PEN}


class Shape(NamedTuple):
    """Something that may be a component or a zone; a `firm` one is, even without a label."""

    id: str
    form: Form
    outline: Outline
    bounds: Rect
    area: float
    firm: bool = True
    dashed: bool = False
    filled: bool = False
    title: str = ""
    hint: str = ""
    hint_label: str | None = None
    frame: str | None = None
    groups: tuple[str, ...] = ()

    @property
    def centre(self) -> Point:
        """The middle, around which it is turned."""
        return self.outline.rect.centre


class Text(NamedTuple):
    """Words on the canvas; `container` is what they are bound to.

    What lies further in front has the greater `layer`; an empty one says nothing.
    """

    id: str
    words: str
    bounds: Rect
    container: str | None = None
    on_top: bool = False
    groups: tuple[str, ...] = ()
    frame: str | None = None
    layer: str = ""

    @property
    def centre(self) -> Point:
        """The middle."""
        return self.bounds.centre


class Stroke(NamedTuple):
    """An arrow, a line or a freehand stroke: its way, what its ends are bound to, its heads.

    `over` is the foremost layer that there was when a text board drew it; `hint` is as that of
    the shape that it may be.
    """

    id: str
    tool: Tool
    points: tuple[Point, ...]
    start: str | None = None
    end: str | None = None
    start_head: bool = False
    end_head: bool = False
    dashed: bool = False
    groups: tuple[str, ...] = ()
    frame: str | None = None
    over: str = ""
    hint: str = ""

    @property
    def headed(self) -> bool:
        """Whether it has an arrowhead."""
        return self.start_head or self.end_head

    @property
    def tied(self) -> bool:
        """Whether an end is bound to an element."""
        return self.start is not None or self.end is not None


Part: TypeAlias = Shape | Text | Stroke


@dataclass(frozen=True)
class Parts:
    """What is drawn, by id in the order of ids; `dead` are the ids of what was deleted."""

    shapes: dict[str, Shape] = field(default_factory=dict[str, Shape])
    texts: dict[str, Text] = field(default_factory=dict[str, Text])
    strokes: dict[str, Stroke] = field(default_factory=dict[str, Stroke])
    dead: frozenset[str] = frozenset()


def read_parts(elements: object) -> Parts:
    """The parts of a list of elements, or of a file that holds one under `elements`."""
    file = mapping_in(elements)
    counting: dict[str, Mapping[str, Any]] = {}
    for raw in items_in(elements if file is None else file.get("elements")):
        given = mapping_in(raw)
        key = text_in(given.get("id")) if given is not None else None
        if given is not None and key is not None:
            known = counting.get(key)
            counting[key] = given if known is None else _newer(given, known)
    dead = frozenset(key for key, given in counting.items() if _is_deleted(given))
    parts = Parts(dead=dead)
    for key in sorted(counting.keys() - dead)[:MAX_ELEMENTS]:
        _put(parts, _part(key, counting[key]))
    return parts


def _newer(one: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of two versions of one element the one that counts."""
    first, second = _rank(one), _rank(other)
    if first == second and not _is_deleted(one):
        return max(one, other, key=lambda given: repr(_part("", given)))
    return one if first > second else other


def _rank(given: Mapping[str, Any]) -> tuple[int, int, bool]:
    version = whole_in(given.get("version"), 0, 2**63) or 0
    nonce = whole_in(given.get("versionNonce"), 0, 2**63) or 0
    return version, -nonce, _is_deleted(given)


def _is_deleted(given: Mapping[str, Any]) -> bool:
    return given.get("isDeleted") is True


def _put(parts: Parts, part: Part | None) -> None:
    match part:
        case Shape():
            parts.shapes[part.id] = part
        case Text():
            parts.texts[part.id] = part
        case Stroke():
            parts.strokes[part.id] = part
        case None:
            pass


def _part(key: str, given: Mapping[str, Any]) -> Part | None:
    if number_in(given.get("opacity"), 0, _UNSEEN) is not None:
        return None
    drawn_as = text_in(given.get("type"))
    if drawn_as == "text":
        return _text(key, given)
    if drawn_as in _TOOLS:
        return _stroke(key, _TOOLS[drawn_as], given)
    if drawn_as in _FORMS:
        return _shape(key, _FORMS[drawn_as], given)
    return None


def _shape(key: str, form: Form, given: Mapping[str, Any]) -> Shape:
    outline = _outline(given)
    custom = mapping_in(given.get("customData")) or {}
    return Shape(
        id=key,
        form=form,
        outline=outline,
        bounds=outline.bounds(),
        area=outline.rect.width * outline.rect.height,
        firm=max(outline.rect.width, outline.rect.height) >= _SMALLEST,
        dashed=_dashed(given),
        filled=given.get("backgroundColor") not in _NO_FILL,
        title=(text_in(given.get("name")) or "")[:_MAX_TEXT],
        hint=text_in(custom.get("kind")) or "",
        hint_label=text_in(custom.get("label")),
        frame=text_in(given.get("frameId")),
        groups=_groups(given),
    )


def _text(key: str, given: Mapping[str, Any]) -> Text | None:
    original, shown = text_in(given.get("originalText")), text_in(given.get("text"))
    written = original if original and original.strip() else shown or ""
    words = " ".join(written[:_MAX_TEXT].split())
    if not words:
        return None
    return Text(
        id=key,
        words=words,
        bounds=_outline(given).bounds(),
        container=text_in(given.get("containerId")),
        on_top=given.get("verticalAlign") == "top",
        groups=_groups(given),
        frame=text_in(given.get("frameId")),
        layer=text_in(given.get("index")) or "",
    )


def _stroke(key: str, tool: Tool, given: Mapping[str, Any]) -> Stroke | None:
    most = _MAX_PEN_POINTS if tool is Tool.PEN else _MAX_POINTS
    points = _points(given, most)
    if len(points) < 2:
        return None
    custom = mapping_in(given.get("customData")) or {}
    return Stroke(
        id=key,
        tool=tool,
        points=points,
        start=_bound(given.get("startBinding")),
        end=_bound(given.get("endBinding")),
        start_head=bool(text_in(given.get("startArrowhead"))),
        end_head=bool(text_in(given.get("endArrowhead"))),
        dashed=_dashed(given),
        groups=_groups(given),
        frame=text_in(given.get("frameId")),
        over=text_in(custom.get("over")) or "",
        hint=text_in(custom.get("kind")) or "",
    )


def _number(value: object) -> float:
    """A coordinate or size; 0 for what is none. Most of a scene is numbers, so this is short."""
    if (type(value) is float or type(value) is int) and -_FAR <= value <= _FAR:
        return float(value)
    return 0.0


def _outline(given: Mapping[str, Any]) -> Outline:
    """Its rectangle with a size that is not negative, as it is while a corner is dragged."""
    x, width = _number(given.get("x")), _number(given.get("width"))
    y, height = _number(given.get("y")), _number(given.get("height"))
    if width < 0:
        x, width = x + width, -width
    if height < 0:
        y, height = y + height, -height
    angle = _number(given.get("angle"))
    return Outline(Rect(x, y, width, height), math.remainder(angle, math.tau) if angle else 0.0)


def _points(given: Mapping[str, Any], most: int) -> tuple[Point, ...]:
    """The places that a stroke goes through; its angle turns it around their middle."""
    x, y = _number(given.get("x")), _number(given.get("y"))
    pairs = map(items_in, _thinned(items_in(given.get("points")), most))
    points = [Point(x + _number(p[0]), y + _number(p[1])) for p in pairs if len(p) == 2]
    if not points and "points" not in given:
        width, height = _number(given.get("width")), _number(given.get("height"))
        points = [Point(x, y), Point(x + width, y + height)]
    angle = _number(given.get("angle"))
    if angle and points:
        centre = around_points(points).centre
        points = [turned(point, centre, angle) for point in points]
    return tuple(points)


def _thinned(items: list[object], most: int) -> list[object]:
    """About so many of the items, the last among them."""
    step = -(-len(items) // most)
    return items if step < 2 else [*items[:-1:step], items[-1]]


def _bound(value: object) -> str | None:
    binding = mapping_in(value)
    return None if binding is None else text_in(binding.get("elementId"))


def _groups(given: Mapping[str, Any]) -> tuple[str, ...]:
    """From the innermost to the outermost."""
    named = items_in(given.get("groupIds"))
    if not named:
        return ()
    return tuple([group for group in named[:_MAX_GROUPS] if isinstance(group, str)])


def _dashed(given: Mapping[str, Any]) -> bool:
    return given.get("strokeStyle") in ("dashed", "dotted")
