"""A way for one arrow between two boxes on a board that is drawn already."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import Final, NamedTuple

from whiteboard.geometry import Point, Rect, around
from whiteboard.palette import Shape
from whiteboard.places import ARROW_GAP

_LANE: Final = 24.0
"""Between a box and an arrow that goes round it."""
_MANY: Final = 60
_WORK: Final = 600_000
"""Ways that are held against an obstacle for all arrows that are drawn at once."""
_LEAST_WAYS: Final = 3
_LOOP: Final = 30.0


class End(NamedTuple):
    """What an arrow leaves or meets: its outline and what that fits in."""

    shape: Shape
    rect: Rect


def ways_for_each(arrows: int, obstacles: int) -> int:
    """How many ways may be tried for each of so many arrows, so that all of it takes a moment."""
    return max(_LEAST_WAYS, _WORK // max(1, arrows * obstacles))


def route_freely(
    source: End, target: End, obstacles: Sequence[Rect], most_ways: int | None = None
) -> list[Point]:
    """The corners of the way that runs over the fewest obstacles; of those, the simplest.

    Of ways that are tried, that is: the `most_ways` simplest ones. The ends lie just outside of
    the two outlines. A way from a box to itself leaves it downward.
    """
    if source.rect == target.rect:
        return _loop(source.rect)
    ways = [_clipped(way, source, target) for way in _ways(source.rect, target.rect, obstacles)]
    ways.sort(key=lambda way: (len(way), _length(way), way))
    best, fewest = ways[0], len(obstacles) + 1
    for way in ways[:most_ways]:
        hits = _hits(way, obstacles, fewest)
        if hits < fewest:
            best, fewest = way, hits
        if not hits:
            break
    return best


def _ways(source: Rect, target: Rect, obstacles: Sequence[Rect]) -> Iterator[list[Point]]:
    """Ways from middle to middle: straight, with one corner, and with two between obstacles."""
    start, end = source.centre, target.centre
    yield [start, end]
    yield [start, Point(end.x, start.y), end]
    yield [start, Point(start.x, end.y), end]
    boxes = [source, target, *obstacles]
    if len(boxes) > _MANY:
        boxes = [source, target, around(boxes)]
    wide = [(box.x, box.right) for box in boxes]
    for x in _lanes(wide, wide[:2]):
        yield [start, Point(x, start.y), Point(x, end.y), end]
    high = [(box.y, box.bottom) for box in boxes]
    for y in _lanes(high, high[:2]):
        yield [start, Point(start.x, y), Point(end.x, y), end]


def _lanes(edges: Iterable[tuple[float, float]], ends: Iterable[tuple[float, float]]) -> set[float]:
    """Lines on both sides of each box, but those that would run through the ends."""
    lanes = {lane for low, high in edges for lane in (low - _LANE, high + _LANE)}
    return {lane for lane in lanes if not any(low < lane < high for low, high in ends)}


def _clipped(way: list[Point], source: End, target: End) -> list[Point]:
    """The way from outline to outline."""
    first = _edge_point(source, way[1])
    return [first, *way[1:-1], _edge_point(target, way[-2])]


def _edge_point(end: End, towards: Point) -> Point:
    """Where the line from the middle to a point leaves the outline, with a gap."""
    middle = end.rect.centre
    move = Point(towards.x - middle.x, towards.y - middle.y)
    wide = abs(move.x) / (end.rect.width / 2 + ARROW_GAP)
    high = abs(move.y) / (end.rect.height / 2 + ARROW_GAP)
    if end.shape is Shape.ELLIPSE:
        reach = math.hypot(wide, high)
    else:
        reach = wide + high if end.shape is Shape.DIAMOND else max(wide, high)
    share = min(1.0, 1 / reach) if reach else 0.0
    return Point(middle.x + move.x * share, middle.y + move.y * share)


def _hits(way: Sequence[Point], obstacles: Sequence[Rect], enough: int) -> int:
    """How many obstacles a way runs over; `enough` where it is that many or more."""
    crossed = (
        obstacle
        for obstacle in obstacles
        if any(_crosses(start, end, obstacle) for start, end in pairwise(way))
    )
    return sum(1 for _ in islice(crossed, enough))


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
