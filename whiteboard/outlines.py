"""Where things lie in a scene: turned rectangles, ways through points, and what is near a place."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Sequence
from itertools import pairwise, product
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from whiteboard.geometry import Point, Rect

Item = TypeVar("Item", bound=Hashable)


class Outline(NamedTuple):
    """A rectangle turned around its centre; the angle is in radians, clockwise."""

    rect: Rect
    angle: float = 0.0

    def distance(self, place: Point) -> float:
        """How far a place is outside; 0 inside."""
        rect, angle = self
        x, y = turned(place, rect.centre, -angle) if angle else place
        left, top, width, height = rect
        return math.hypot(max(left - x, 0.0, x - left - width), max(top - y, 0.0, y - top - height))

    def holds(self, place: Point) -> bool:
        """Whether a place is inside."""
        return self.distance(place) == 0

    def edge_distance(self, place: Point) -> float:
        """How far a place is from the border, on either side of it."""
        outside = self.distance(place)
        if outside:
            return outside
        rect = self.rect
        x, y = turned(place, rect.centre, -self.angle) if self.angle else place
        return min(x - rect.x, rect.right - x, y - rect.y, rect.bottom - y)

    def bounds(self) -> Rect:
        """The upright rectangle around it."""
        if not self.angle:
            return self.rect
        rect, centre = self.rect, self.rect.centre
        corners = (
            *(Point(rect.x, rect.y), Point(rect.right, rect.y)),
            *(Point(rect.x, rect.bottom), Point(rect.right, rect.bottom)),
        )
        return around_points([turned(corner, centre, self.angle) for corner in corners])


def turned(place: Point, centre: Point, angle: float) -> Point:
    """The place after a turn around the centre."""
    cosine, sine = math.cos(angle), math.sin(angle)
    x, y = place.x - centre.x, place.y - centre.y
    return Point(centre.x + x * cosine - y * sine, centre.y + x * sine + y * cosine)


def around_points(points: Sequence[Point]) -> Rect:
    """The upright rectangle around these places, of which there is at least one."""
    across, along = zip(*points, strict=True)
    left, top = min(across), min(along)
    return Rect(left, top, max(across) - left, max(along) - top)


def rect_distance(one: Rect, other: Rect) -> float:
    """How far two upright rectangles are apart; 0 where they touch."""
    x, y, width, height = one
    left, top, wide, high = other
    across = max(x - left - wide, 0.0, left - x - width)
    along = max(y - top - high, 0.0, top - y - height)
    return math.hypot(across, along)


def shared_area(one: Rect, other: Rect) -> float:
    """The area that two upright rectangles share."""
    across = min(one.right, other.right) - max(one.x, other.x)
    along = min(one.bottom, other.bottom) - max(one.y, other.y)
    return max(across, 0.0) * max(along, 0.0)


class Closest(NamedTuple):
    """The place on a way that is closest to another, its share of the way's length, and that."""

    place: Point
    share: float
    length: float


def closest_on(points: Sequence[Point], place: Point) -> Closest:
    """The closest place on the way through `points`, of which there is at least one."""
    best, best_gap, best_at, walked = points[0], math.dist(points[0], place), 0.0, 0.0
    for (x, y), end in pairwise(points):
        across, along = end.x - x, end.y - y
        length = math.hypot(across, along)
        if not length:
            continue
        dot = (place.x - x) * across + (place.y - y) * along
        share = min(1.0, max(0.0, dot / (length * length)))
        foot = Point(x + share * across, y + share * along)
        gap = math.dist(foot, place)
        if gap < best_gap:
            best, best_gap, best_at = foot, gap, walked + share * length
        walked += length
    return Closest(best, best_at / walked if walked else 0.0, walked)


def way_length(points: Sequence[Point]) -> float:
    """The length of the way through `points`."""
    return sum(map(math.dist, points, points[1:]))


def enclosed_area(points: Sequence[Point]) -> float:
    """The area inside a closed way."""
    ring = zip(points, [*points[1:], points[0]], strict=True)
    return abs(sum(a.x * b.y - b.x * a.y for a, b in ring)) / 2


_Entry: TypeAlias = tuple[float, float, float, float, Item]
"""Left, top, right and bottom, and what is there."""


class Nearby(Generic[Item]):
    """Finds what lies near a place without looking at everything.

    Each item stands in the few cells that it covers of a grid as coarse as itself. Of a crowd that
    nobody draws, only the first that were given are found, `CROWD` in a rectangle and `STACK`
    around a place, so that a scene made to take long does not.
    """

    def __init__(self, items: Iterable[tuple[Rect, Item]]) -> None:
        self._levels: dict[float, dict[_Cell, list[_Entry[Item]]]] = {}
        for (x, y, width, height), item in items:
            right, bottom = x + width, y + height
            small = width <= _FINEST and height <= _FINEST
            side = _FINEST if small else 2.0 ** math.frexp(max(width, height))[1]
            cells = self._levels.setdefault(side, {})
            for cell in _covered(x, y, right, bottom, side):
                cells.setdefault(cell, []).append((x, y, right, bottom, item))

    def touching(self, rect: Rect) -> list[Item]:
        """The items whose rectangles touch this one, each once."""
        left, top, width, height = rect
        return self._between(left, top, left + width, top + height, CROWD)

    def around(self, place: Point, radius: float) -> list[Item]:
        """The items whose rectangles touch the square of this half side around a place."""
        x, y = place
        return self._between(x - radius, y - radius, x + radius, y + radius, STACK)

    def _between(
        self, left: float, top: float, right: float, bottom: float, most: int
    ) -> list[Item]:
        found: dict[Item, None] = {}
        for side, cells in self._levels.items():
            for cell in _covered(left, top, right, bottom, side, cells):
                for x, y, x_end, y_end, item in cells.get(cell, ()):
                    if x <= right and left <= x_end and y <= bottom and top <= y_end:
                        found[item] = None
                        if len(found) == most:
                            return list(found)
        return list(found)


CROWD = 250
"""The most items that are found in one rectangle."""

STACK = 60
"""The most items that are found around one place, where fewer can be seen on top of each other."""

_FINEST = 256.0
"""Pixels along a cell of the finest grid; a power of two, as the coarser ones are."""

_Cell: TypeAlias = tuple[float, float]
"""Column and row, both whole."""


def _covered(
    left: float, top: float, right: float, bottom: float, side: float, known: Collection[_Cell] = ()
) -> Iterable[_Cell]:
    """The cells that a rectangle covers, or all that are `known` where these are fewer."""
    column, row = left // side, top // side
    last_column, last_row = right // side, bottom // side
    if column == last_column and row == last_row:
        return ((column, row),)
    columns = range(int(column), int(last_column) + 1)
    rows = range(int(row), int(last_row) + 1)
    if known and len(columns) * len(rows) > len(known):
        return known
    return product(columns, rows)
