"""The lines of a picture: curves in short pieces, gaps where a label stands, arrowheads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from whiteboard.geometry import Point, Rect

MOST_PIECES: Final = 40_000
"""Pieces of all lines and strokes of one picture."""

_PIECES: Final = 10
_MANY_POINTS: Final = 200
_HEAD_LENGTH: Final = {"arrow": 17.0, "bar": 14.0, "dot": 11.0, "circle": 11.0}
_USUAL_HEAD: Final = 15.0
_HALF_ANGLE: Final = math.radians(24)


def flattened(points: Sequence[Point], *, curved: bool) -> list[Point]:
    """The way through the points; a curved one as the canvas draws it, in straight pieces."""
    if not _is_curve(len(points), curved=curved):
        return list(points)
    padded = [points[0], *points, points[-1]]
    way = [points[0]]
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        first = Point(start.x + (end.x - before.x) / 6, start.y + (end.y - before.y) / 6)
        second = Point(end.x - (after.x - start.x) / 6, end.y - (after.y - start.y) / 6)
        way += [_bezier((start, first, second, end), step / _PIECES) for step in range(1, _PIECES)]
        way.append(end)
    return way


def piece_count(points: int, *, curved: bool) -> int:
    """How many points `flattened` gives of so many, or a few more."""
    return points * (_PIECES if _is_curve(points, curved=curved) else 1)


def _is_curve(points: int, *, curved: bool) -> bool:
    return curved and 3 <= points <= _MANY_POINTS


def thinned(points: Sequence[Point]) -> list[Point]:
    """The whole pixels that a way comes through, one after the other."""
    pixels = (Point(round(x), round(y)) for x, y in points)
    return [pixel for pixel, _ in groupby(pixels)]


def spread(points: Sequence[Point], share: float) -> list[Point]:
    """A share of the points of a way, evenly spread, the first and the last among them."""
    count = max(2, round(share * len(points)))
    if len(points) <= count:
        return list(points)
    step = (len(points) - 1) / (count - 1)
    return [points[round(place * step)] for place in range(count)]


def _bezier(handles: tuple[Point, Point, Point, Point], at: float) -> Point:
    weights = ((1 - at) ** 3, 3 * at * (1 - at) ** 2, 3 * at * at * (1 - at), at**3)
    pairs = list(zip(weights, handles, strict=True))
    return Point(
        sum(weight * handle.x for weight, handle in pairs),
        sum(weight * handle.y for weight, handle in pairs),
    )


def outside(way: Sequence[Point], hole: Rect | None) -> list[list[Point]]:
    """The parts of a way that do not lie in a hole."""
    if hole is None:
        return [list(way)]
    parts: list[list[Point]] = [[]]
    for start, end in pairwise(way):
        inside = _shares_inside(start, end, hole)
        if inside is None:
            _extend(parts, start, end)
            continue
        enter, leave = inside
        if enter > 0:
            _extend(parts, start, _along(start, end, enter))
        parts.append([])
        if leave < 1:
            _extend(parts, _along(start, end, leave), end)
    return [part for part in parts if part]


def _extend(parts: list[list[Point]], start: Point, end: Point) -> None:
    parts[-1] += [end] if parts[-1] else [start, end]


def _along(start: Point, end: Point, share: float) -> Point:
    return Point(start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share)


def _shares_inside(start: Point, end: Point, hole: Rect) -> tuple[float, float] | None:
    """From which to which share of its length a segment lies in the hole."""
    enter, leave = 0.0, 1.0
    for at, move, low, high in (
        (start.x, end.x - start.x, hole.x, hole.right),
        (start.y, end.y - start.y, hole.y, hole.bottom),
    ):
        if not move:
            if not low < at < high:
                return None
            continue
        first, second = sorted(((low - at) / move, (high - at) / move))
        enter, leave = max(enter, first), min(leave, second)
    return (enter, leave) if enter < leave else None


class Head(NamedTuple):
    """An arrowhead: its strokes as ways, or a circle; `filled` with the colour of the line."""

    ways: tuple[tuple[Point, ...], ...] = ()
    circle: tuple[Point, float] | None = None
    filled: bool = False
    closed: bool = False


def arrowhead(kind: str, way: Sequence[Point], thickness: float) -> Head | None:
    """The head at the end of a way, at most half as long as the way; None where there is none."""
    tip, length = way[-1], sum(math.dist(a, b) for a, b in pairwise(way))
    name = kind.removesuffix("_outline")
    size = min(_HEAD_LENGTH.get(name, _USUAL_HEAD) * (0.75 + thickness / 8), length / 2)
    if not kind or size <= 0:
        return None
    back = _point_before(way, size)
    angle = math.atan2(tip.y - back.y, tip.x - back.x)
    filled = not kind.endswith("_outline")

    def at(distance: float, sideways: float = 0.0) -> Point:
        along = Point(math.cos(angle), math.sin(angle))
        return Point(
            tip.x - along.x * distance - along.y * sideways,
            tip.y - along.y * distance + along.x * sideways,
        )

    half = size * math.tan(_HALF_ANGLE)
    if name in ("dot", "circle"):
        return Head(circle=(at(size / 2), size / 2), filled=filled)
    if name == "bar":
        return Head(ways=((at(0, size / 2), at(0, -size / 2)),))
    if name == "diamond":
        corners = (tip, at(size / 2, half), at(size), at(size / 2, -half))
        return Head(ways=(corners,), filled=filled, closed=True)
    if name == "triangle":
        return Head(ways=((tip, at(size, half), at(size, -half)),), filled=filled, closed=True)
    if name.startswith("crowfoot"):
        bar = ((at(size, half), at(size, -half)),)
        foot = ((at(0, half), at(size), at(0, -half)),)
        return Head(ways={"crowfoot_one": bar, "crowfoot_many": foot}.get(name, bar + foot))
    return Head(ways=((at(size, half), tip, at(size, -half)),))


def _point_before(way: Sequence[Point], distance: float) -> Point:
    """The point on a way so far before its end, or its beginning."""
    left = distance
    for end, start in pairwise(reversed(way)):
        length = math.dist(start, end)
        if length >= left > 0:
            return _along(end, start, left / length)
        left -= length
    return way[0]
