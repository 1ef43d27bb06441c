"""What a text of a picture stands on: the filled shapes and closed lines under its middle."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from whiteboard.colours import Colours
from whiteboard.geometry import Point, Rect
from whiteboard.marks import Mark
from whiteboard.outlines import Nearby, turned

_CLOSED_WITHIN: Final = 8.0
_HATCHED: Final = 0.5
"""Hatching counts as an area that is so much paler."""
_DEEPEST: Final = 12
"""Areas that are looked at for one text, so that a scene made to take long does not."""


def is_shape(mark: Mark) -> bool:
    """Whether it has an outline of its own: a rectangle, an ellipse, a diamond."""
    return mark.type in ("rectangle", "ellipse", "diamond")


def is_closed(mark: Mark) -> bool:
    """Whether it is a line that ends where it begins, as far as one sees."""
    points = mark.points
    return (
        mark.type == "line"
        and len(points) > 2
        and math.dist(points[0], points[-1]) < _CLOSED_WITHIN
    )


class Grounds:
    """The filled areas of a scene, and what colour is seen where they lie."""

    def __init__(self, marks: Sequence[Mark], theme: Colours) -> None:
        self._marks, self._theme = marks, theme
        self._places = {mark.id: place for place, mark in enumerate(marks)}
        front_first = reversed(list(enumerate(marks)))
        self._areas = Nearby((mark.bounds, place) for place, mark in front_first if _fills(mark))

    def colour(self, mark: Mark) -> str:
        """The colour of a filled mark, as if nothing were seen through it."""
        theme = self._theme
        colour = theme.card if mark.fill is None else theme.fill(mark.fill)
        return theme.mix(colour, theme.card, _HATCHED) if mark.hatched else colour

    def behind(self, text: Mark) -> str:
        """The colour that a text stands on; what lies over the text is not asked."""
        container = (text.words and text.words.container) or ""
        place = max(self._places[text.id], self._places.get(container, -1) + 1)
        layers = list(self._under(text.rect.centre, place))
        colour = self._theme.card
        for mark in reversed(layers):
            colour = self._theme.mix(self.colour(mark), colour, mark.fill_opacity * mark.opacity)
        return colour

    def _under(self, middle: Point, place: int) -> Iterator[Mark]:
        """The areas at a point, from the front down to the first that hides what is behind it."""
        found = self._areas.touching(Rect(*middle, 0, 0))
        below = sorted((index for index in found if index < place), reverse=True)
        for mark in (self._marks[index] for index in below[:_DEEPEST]):
            if _covers(mark, middle):
                yield mark
                if mark.fill_opacity * mark.opacity == 1:
                    return


def _fills(mark: Mark) -> bool:
    return mark.fill is not None and (is_shape(mark) or is_closed(mark))


def _covers(mark: Mark, point: Point) -> bool:
    """Whether a point lies in the filled area of a mark."""
    rect, centre = mark.rect, mark.rect.centre
    place = turned(point, centre, -mark.angle) if mark.angle else point
    if mark.points:
        return _encloses(mark.points, place)
    across = abs(place.x - centre.x) / max(rect.width / 2, 1e-9)
    along = abs(place.y - centre.y) / max(rect.height / 2, 1e-9)
    if mark.type == "ellipse":
        return math.hypot(across, along) <= 1
    return (across + along if mark.type == "diamond" else max(across, along)) <= 1


def _encloses(points: Sequence[Point], place: Point) -> bool:
    """Whether a closed way winds around a place: it is crossed to one side an odd number of times.

    Its last side is the one back to its beginning.
    """
    inside = False
    for start, end in pairwise([*points, points[0]]):
        if (start.y > place.y) is not (end.y > place.y):
            share = (place.y - start.y) / (end.y - start.y)
            inside ^= place.x < start.x + share * (end.x - start.x)
    return inside
