"""Room on a drawn board: a strip is put in, and what lies beyond it moves on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import IntEnum
from typing import Any

from whiteboard.geometry import Point, Rect, around
from whiteboard.outlines import Outline, around_points


class Axis(IntEnum):
    """The way in which things move."""

    X = 0
    Y = 1


_ROUNDING = 0.05
_PLACE = ("x", "y")
_SIZE = ("width", "height")


def element_rect(element: Mapping[str, Any]) -> Rect:
    """What a clean element covers, also when it is turned."""
    left, top = element["x"], element["y"]
    if points := element.get("points"):
        rect = around_points([Point(left + x, top + y) for x, y in points])
    else:
        width, height = element["width"], element["height"]
        rect = Rect(left + min(width, 0), top + min(height, 0), abs(width), abs(height))
    return Outline(rect, element["angle"]).bounds()


def bounds_of(elements: Collection[Mapping[str, Any]]) -> Rect:
    """What the elements cover together."""
    return around(element_rect(element) for element in elements)


def make_room(
    elements: Mapping[str, dict[str, Any]],
    zones: Collection[str],
    axis: Axis,
    line: float,
    more: float,
) -> None:
    """Move all that lies beyond a line on by `more` pixels, in place.

    Zones through which the line goes become larger; ways through which it goes become longer. All
    else moves if its middle lies beyond; a text moves with what it is bound to.
    """
    line -= _ROUNDING
    moves = {
        key: _move(element, key in zones, axis, line, more)
        for key, element in elements.items()
        if element.get("containerId") not in elements or _is_way(elements[element["containerId"]])
    }
    for key, element in elements.items():
        move = moves.get(key, moves.get(element.get("containerId") or "", 0.0))
        if _is_way(element):
            _stretch(element, axis, line, more)
        else:
            element[_PLACE[axis]] += move
            if key in zones and not move and _far_edge(element, axis) >= line:
                element[_SIZE[axis]] += more


def _is_way(element: Mapping[str, Any]) -> bool:
    return element["type"] in ("arrow", "line", "freedraw")


def _far_edge(element: Mapping[str, Any], axis: Axis) -> float:
    return element[_PLACE[axis]] + element[_SIZE[axis]]


def _move(element: Mapping[str, Any], zone: bool, axis: Axis, line: float, more: float) -> float:
    rect = element_rect(element)
    place = rect[axis] if zone else rect.centre[axis]
    return more if place >= line else 0.0


def _stretch(element: dict[str, Any], axis: Axis, line: float, more: float) -> None:
    """Move the points of a way that lie beyond the line."""
    origin = Point(element["x"], element["y"])
    places: list[list[float]] = []
    for point in element["points"]:
        place = [origin.x + point[0], origin.y + point[1]]
        place[axis] += more if place[axis] >= line else 0.0
        places.append(place)
    if places:
        put_way(element, [Point(*place) for place in places])


def put_way(element: dict[str, Any], places: list[Point]) -> None:
    """Lead an arrow through these places, in place."""
    first, extent = places[0], around(Rect(*place, 0, 0) for place in places)
    element["x"], element["y"] = round(first.x, 2), round(first.y, 2)
    element["width"], element["height"] = round(extent.width, 2), round(extent.height, 2)
    element["points"] = [[round(p.x - first.x, 2), round(p.y - first.y, 2)] for p in places]
