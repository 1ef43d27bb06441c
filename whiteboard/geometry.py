"""Points and rectangles, in pixels; y grows downward."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Point(NamedTuple):
    """A place on the board."""

    x: float
    y: float


class Rect(NamedTuple):
    """An upright rectangle; width and height are not negative."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """The middle."""
        x, y, width, height = self
        return Point(x + width / 2, y + height / 2)

    def grown(self, margin: float) -> Rect:
        """The same middle, `margin` more on each side."""
        x, y, width, height = self
        return Rect(x - margin, y - margin, width + 2 * margin, height + 2 * margin)

    def overlaps(self, other: Rect) -> bool:
        """Whether the two share more than an edge."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def holds(self, other: Rect) -> bool:
        """Whether the other lies wholly inside."""
        across = self.x <= other.x and other.right <= self.right
        return across and self.y <= other.y and other.bottom <= self.bottom


def around(rects: Iterable[Rect]) -> Rect:
    """The smallest rectangle around all of them; an empty one at the origin around none."""
    found = list(rects)
    if not found:
        return Rect(0, 0, 0, 0)
    left, top = min(rect.x for rect in found), min(rect.y for rect in found)
    right, bottom = max(rect.right for rect in found), max(rect.bottom for rect in found)
    return Rect(left, top, right - left, bottom - top)


def centred(centre: Point, width: float, height: float) -> Rect:
    """A rectangle of this size around a point."""
    return Rect(centre.x - width / 2, centre.y - height / 2, width, height)
