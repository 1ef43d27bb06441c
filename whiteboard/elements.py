"""What of an Excalidraw element is kept, and which of two versions of one counts.

An element that a browser sends is data from outside. `clean_element` builds a new one from the
fields of Excalidraw 0.18 that are listed here; nothing else of it is kept, at any depth. A field
that only changes the look falls back to a default where it makes no sense; an element whose place,
identity or version makes no sense is none.

Cleaning an element twice changes nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias, cast

from whiteboard.board import strip_unseen
from whiteboard.untrusted import items_in, mapping_in, number_in, text_in, whole_in

Element: TypeAlias = Mapping[str, Any]
"""One Excalidraw element as JSON. Untrusted unless it came out of `clean_element`."""

MAX_BYTES = 64 * 1024
"""Of one element, as JSON."""

MAX_POINTS = 2_000
MAX_TEXT = 2_000
MAX_ID = 200
MAX_COORDINATE = 1_000_000.0
MAX_VERSION = 2**53 - 1
"""The largest integer that JavaScript counts exactly."""

_MAX_BOUND = 600
_MAX_GROUPS = 20
_MAX_SEGMENTS = 200
_MAX_CUSTOM = 8
_WORDS = ("text", "originalText", "name")

Reader: TypeAlias = Callable[[object], Any]
"""Gives the value to keep, or None where there is none to keep."""


def clean_element(raw: object) -> Element | None:
    """`raw` as an element that may be stored and shown to others, or None where it is none.

    Pictures, embedded pages and links are not kept: they would load from elsewhere. A stroke of
    too many points is thinned evenly. Never raises.
    """
    given = mapping_in(raw)
    fields = _FIELDS.get(text_in(given.get("type")) or "") if given is not None else None
    if given is None or fields is None:
        return None
    kept: dict[str, Any] = {"type": given["type"], "link": None}
    for name, (read, default) in fields.items():
        value = read(given.get(name))
        if value is None and default is _NEEDED:
            return None
        kept[name] = default if value is None else value
    if custom := _custom(given.get("customData")):
        kept["customData"] = custom
    if kept["type"] == "text":
        kept["originalText"] = kept["originalText"] or kept["text"]
    if kept["type"] == "freedraw" and len(kept["pressures"]) != len(kept["points"]):
        kept["pressures"] = []
    size = len(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode())
    return kept if size <= MAX_BYTES else None


def keeps_words(kept: Element, raw: object) -> bool:
    """Whether every text of `raw` stands unchanged in what `clean_element` kept of it."""
    given = mapping_in(raw) or {}
    return all(given.get(name) in (None, "", kept[name]) for name in _WORDS if name in kept)


def loses_words(raw: object) -> bool:
    """Whether a text of `raw` is longer than what is kept of it."""
    given = mapping_in(raw) or {}
    return any(len(text_in(given.get(name)) or "") > MAX_TEXT for name in _WORDS)


def raised(element: Element) -> Element:
    """The same as a version of its own, which wins over the one that it was made from."""
    return {**element, "version": min(element["version"] + 1, MAX_VERSION)}


def wins(new: Element, old: Element | None) -> bool:
    """Whether `new` replaces `old`: the rule by which every Excalidraw client reconciles.

    The higher version wins; of equal ones the lower nonce. The same state again is no win. Both
    have been through `clean_element`.
    """
    if old is None:
        return True
    return (new["version"], -new["versionNonce"]) > (old["version"], -old["versionNonce"])


def _between(least: float, most: float) -> Reader:
    return lambda value: number_in(value, least, most)


def _whole(least: int, most: int) -> Reader:
    return lambda value: whole_in(value, least, most)


def _one_of(*allowed: str) -> Reader:
    return lambda value: value if isinstance(value, str) and value in allowed else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _matching(pattern: str) -> Reader:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: value if isinstance(value, str) and compiled.fullmatch(value) else None


def _id(value: object) -> str | None:
    """Our own ids hold what people wrote, so an id is any visible text on one line."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_ID or "\n" in value:
        return None
    return value if strip_unseen(value) == value else None


def _words(value: object) -> str | None:
    text = text_in(value)
    return None if text is None else strip_unseen(text[:MAX_TEXT])


def _ids(value: object) -> list[str]:
    known = (_id(item) for item in items_in(value)[:_MAX_GROUPS])
    return [item for item in known if item is not None]


def _point(value: object) -> list[float] | None:
    pair = items_in(value)
    if len(pair) != 2:
        return None
    x, y = _coordinate(pair[0]), _coordinate(pair[1])
    return None if x is None or y is None else [round(x, 2), round(y, 2)]


def _points(value: object) -> list[list[float]] | None:
    if not isinstance(value, list | tuple):
        return None
    points = [_point(item) for item in _thin(items_in(cast("object", value)))]
    known = [point for point in points if point is not None]
    return known if len(known) == len(points) else None


def _pressures(value: object) -> list[float] | None:
    known = [number_in(item, 0, 1) for item in _thin(items_in(value))]
    return [round(pressure, 3) for pressure in known if pressure is not None]


def _thin(items: list[object]) -> list[object]:
    """At most MAX_POINTS of the items, evenly spread, the first and the last among them."""
    if len(items) <= MAX_POINTS:
        return items
    step = (len(items) - 1) / (MAX_POINTS - 1)
    return [items[round(place * step)] for place in range(MAX_POINTS)]


def _binding(value: object) -> dict[str, Any] | None:
    given = mapping_in(value)
    element = _id(given.get("elementId")) if given is not None else None
    if given is None or element is None:
        return None
    kept: dict[str, Any] = {"elementId": element}
    kept["focus"] = _ratio(given.get("focus")) or 0
    kept["gap"] = _coordinate(given.get("gap")) or 0
    pair = [_ratio(item) for item in items_in(given.get("fixedPoint"))]
    if len(pair) == 2 and None not in pair:
        kept["fixedPoint"] = pair
    return kept


def _bound(value: object) -> list[dict[str, Any]] | None:
    kept: list[dict[str, Any]] = []
    for item in items_in(value)[:_MAX_BOUND]:
        given = mapping_in(item) or {}
        element, kind = _id(given.get("id")), _bound_kind(given.get("type"))
        if element is not None and kind is not None:
            kept.append({"id": element, "type": kind})
    return kept or None


def _roundness(value: object) -> dict[str, Any] | None:
    given = mapping_in(value) or {}
    kind = whole_in(given.get("type"), 1, 3)
    if kind is None:
        return None
    radius = _coordinate(given.get("value"))
    return {"type": kind} if radius is None else {"type": kind, "value": radius}


def _segments(value: object) -> list[dict[str, Any]] | None:
    kept: list[dict[str, Any]] = []
    for item in items_in(value)[:_MAX_SEGMENTS]:
        given = mapping_in(item) or {}
        start, end = _point(given.get("start")), _point(given.get("end"))
        index = whole_in(given.get("index"), 0, MAX_POINTS)
        if start is not None and end is not None and index is not None:
            kept.append({"start": start, "end": end, "index": index})
    return kept or None


def _custom(value: object) -> dict[str, Any]:
    """A flat record of few short values; our palette keeps the kind of a box there."""
    kept: dict[str, Any] = {}
    for name, item in list((mapping_in(value) or {}).items())[:_MAX_CUSTOM]:
        if not _custom_name(name):
            continue
        if isinstance(item, bool):
            kept[name] = item
        elif (number := _coordinate(item)) is not None:
            kept[name] = number
        elif (text := text_in(item)) is not None and len(text) <= MAX_ID:
            kept[name] = strip_unseen(text)
    return kept


_coordinate = _between(-MAX_COORDINATE, MAX_COORDINATE)
_ratio = _between(-1_000.0, 1_000.0)
_custom_name = _matching(r"[A-Za-z]\w{0,39}")
# A colour that may be written into a picture: url(...) would load from elsewhere.
_colour = _matching(r"#[0-9A-Fa-f]{3,8}|[A-Za-z]{3,30}")
_bound_kind = _one_of("arrow", "text")
_heads = _one_of(
    *("arrow", "bar", "dot", "circle", "circle_outline", "triangle", "triangle_outline"),
    *("diamond", "diamond_outline", "crowfoot_one", "crowfoot_many", "crowfoot_one_or_many"),
)
_Field: TypeAlias = tuple[Reader, Any]
_NEEDED = object()
"""Stands for the default of a field without which there is no element."""

_COMMON: dict[str, _Field] = {
    "id": (_id, _NEEDED),
    **dict.fromkeys(("x", "y", "width", "height"), (_coordinate, _NEEDED)),
    **dict.fromkeys(("version", "versionNonce"), (_whole(0, MAX_VERSION), _NEEDED)),
    "angle": (_between(-100.0, 100.0), 0),
    "strokeColor": (_colour, "#1e1e1e"),
    "backgroundColor": (_colour, "transparent"),
    "fillStyle": (_one_of("hachure", "cross-hatch", "solid", "zigzag"), "solid"),
    "strokeWidth": (_between(0, 100), 2),
    "strokeStyle": (_one_of("solid", "dashed", "dotted"), "solid"),
    "roundness": (_roundness, None),
    "roughness": (_between(0, 10), 1),
    "opacity": (_between(0, 100), 100),
    "seed": (_whole(0, MAX_VERSION), 1),
    "index": (_matching(r"[0-9A-Za-z]{1,250}"), None),
    "isDeleted": (_flag, False),
    "groupIds": (_ids, None),
    "frameId": (_id, None),
    "boundElements": (_bound, None),
    "updated": (_whole(0, MAX_VERSION), 1),
    "locked": (_flag, False),
}
_STROKE: dict[str, _Field] = {
    **_COMMON,
    "points": (_points, _NEEDED),
    "lastCommittedPoint": (_point, None),
}
_LINE: dict[str, _Field] = {
    **_STROKE,
    "startBinding": (_binding, None),
    "endBinding": (_binding, None),
    "startArrowhead": (_heads, None),
    "endArrowhead": (_heads, None),
}
_ARROW: dict[str, _Field] = {
    **_LINE,
    "elbowed": (_flag, False),
    "fixedSegments": (_segments, None),
    "startIsSpecial": (_flag, None),
    "endIsSpecial": (_flag, None),
}
_TEXT: dict[str, _Field] = {
    **_COMMON,
    "text": (_words, ""),
    "originalText": (_words, ""),
    "fontSize": (_between(1, 1_000), 20),
    "fontFamily": (_whole(1, 100), 5),
    "textAlign": (_one_of("left", "center", "right"), "left"),
    "verticalAlign": (_one_of("top", "middle", "bottom"), "top"),
    "containerId": (_id, None),
    "autoResize": (_flag, True),
    "lineHeight": (_between(0.5, 10), 1.25),
}
_FRAME: dict[str, _Field] = {**_COMMON, "name": (_words, None)}
_FREEDRAW: dict[str, _Field] = {
    **_STROKE,
    "pressures": (_pressures, None),
    "simulatePressure": (_flag, True),
}
_FIELDS: Mapping[str, dict[str, _Field]] = MappingProxyType(
    {
        **dict.fromkeys(("rectangle", "ellipse", "diamond"), _COMMON),
        "text": _TEXT,
        "line": _LINE,
        "arrow": _ARROW,
        "freedraw": _FREEDRAW,
        **dict.fromkeys(("frame", "magicframe"), _FRAME),
    }
)
