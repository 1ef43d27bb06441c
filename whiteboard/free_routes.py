"""A way for one arrow between two boxes on a board that is drawn already."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from whiteboard.geometry import Point, Rect, around
from whiteboard.places import ARROW_GAP

_DETOUR: Final = 36.0
_LOOP: Final = 30.0


def route_freely(source: Rect, target: Rect, obstacles: Sequence[Rect]) -> list[Point]:
    """The corners of the way that runs over the fewest obstacles; of those, the simplest.

    The ends lie just outside of the two boxes. A way from a box to itself leaves it downward.
    """
    if source == target:
        return _loop(source)
    ways = [_clipped(list(way), source, target) for way in _ways(source, target, obstacles)]
    return min(ways, key=lambda way: (_hits(way, obstacles), len(way), _length(way)))


def _ways(source: Rect, target: Rect, obstacles: Sequence[Rect]) -> Iterator[Sequence[Point]]:
    """Ways from middle to middle: straight, with one corner, with two, and round everything."""
    start, end = source.centre, target.centre
    yield start, end
    yield start, Point(end.x, start.y), end
    yield start, Point(start.x, end.y), end
    bounds = around([source, target, *obstacles]).grown(_DETOUR)
    between = ((source.right + target.x) / 2, (target.right + source.x) / 2)
    for x in (*between, bounds.x, bounds.right):
        yield start, Point(x, start.y), Point(x, end.y), end
    between = ((source.bottom + target.y) / 2, (target.bottom + source.y) / 2)
    for y in (*between, bounds.y, bounds.bottom):
        yield start, Point(start.x, y), Point(end.x, y), end


def _clipped(way: list[Point], source: Rect, target: Rect) -> list[Point]:
    """The way without what lies inside the two boxes."""
    forward = _leaving(way, source.grown(ARROW_GAP))
    return _leaving(forward[::-1], target.grown(ARROW_GAP))[::-1]


def _leaving(way: list[Point], box: Rect) -> list[Point]:
    inside = [index for index, point in enumerate(way[:-1]) if box.holds(Rect(*point, 0, 0))]
    last = inside[-1] if inside else 0
    return [_edge_point(way[last], way[last + 1], box), *way[last + 1 :]]


def _edge_point(inside: Point, outside: Point, box: Rect) -> Point:
    """Where the line from a point in a box to one outside leaves it."""
    move = Point(outside.x - inside.x, outside.y - inside.y)
    shares = [1.0]
    if move.x:
        shares.append(((box.right if move.x > 0 else box.x) - inside.x) / move.x)
    if move.y:
        shares.append(((box.bottom if move.y > 0 else box.y) - inside.y) / move.y)
    share = max(0.0, min(shares))
    return Point(inside.x + move.x * share, inside.y + move.y * share)


def _hits(way: Sequence[Point], obstacles: Sequence[Rect]) -> int:
    return sum(
        any(_crosses(start, end, obstacle) for start, end in pairwise(way))
        for obstacle in obstacles
    )


def _crosses(start: Point, end: Point, box: Rect) -> bool:
    enter, leave = 0.0, 1.0
    for at, move, low, high in (
        (start.x, end.x - start.x, box.x, box.right),
        (start.y, end.y - start.y, box.y, box.bottom),
    ):
        if not move:
            if not low < at < high:
                return False
            continue
        first, second = sorted(((low - at) / move, (high - at) / move))
        enter, leave = max(enter, first), min(leave, second)
    return enter < leave


def _length(way: Sequence[Point]) -> float:
    return sum(math.dist(start, end) for start, end in pairwise(way))


def _loop(box: Rect) -> list[Point]:
    middle, edge = box.centre.x, box.bottom + ARROW_GAP
    half = min(box.width / 4, 40.0)
    left, right, low = middle - half, middle + half, edge + _LOOP
    return [Point(left, edge), Point(left, low), Point(right, low), Point(right, edge)]
