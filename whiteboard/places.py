"""A board that is laid out: what stands where, in pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from whiteboard.boxes import Box, Label
from whiteboard.geometry import Point, Rect, around
from whiteboard.palette import Shape

ARROW_GAP: Final = 4.0
"""Between the end of an arrow and the outline it points at."""
TITLE_INSET: Final = Point(16, 12)
"""Where a zone's title begins, from the zone's corner."""


class Flow(StrEnum):
    """The way most arrows lead."""

    RIGHT = "right"
    DOWN = "down"

    def turn(self, along: float, across: float) -> Point:
        """A place or size given along and across the flow, as x and y; or the other way round."""
        return Point(along, across) if self is Flow.RIGHT else Point(across, along)

    def rect(self, along: tuple[float, float], across: tuple[float, float]) -> Rect:
        """The rectangle between these edges along and across the flow."""
        start, end = self.turn(along[0], across[0]), self.turn(along[1], across[1])
        return Rect(*start, end.x - start.x, end.y - start.y)


@dataclass(frozen=True)
class PlacedBox:
    """A component in its place."""

    box: Box
    rect: Rect


@dataclass(frozen=True)
class PlacedZone:
    """A zone in its place, with its title."""

    title: Label
    rect: Rect

    @property
    def title_rect(self) -> Rect:
        """What the title covers."""
        corner = Point(self.rect.x + TITLE_INSET.x, self.rect.y + TITLE_INSET.y)
        return Rect(*corner, self.title.width, self.title.height)


@dataclass(frozen=True)
class Route:
    """The way of one arrow from source to target; the middle of `label_at` is its middle."""

    points: tuple[Point, ...]
    label: Label
    label_at: Rect | None


@dataclass(frozen=True)
class Layout:
    """A board with all places, by component id, zone id and index of the arrow."""

    boxes: dict[str, PlacedBox]
    zones: dict[str, PlacedZone]
    routes: dict[int, Route]

    @property
    def bounds(self) -> Rect:
        """What all of it covers."""
        rects = [placed.rect for placed in (*self.boxes.values(), *self.zones.values())]
        rects += [route.label_at for route in self.routes.values() if route.label_at]
        rects += [Rect(*point, 0, 0) for route in self.routes.values() for point in route.points]
        return around(rects)


def moved(layout: Layout, by: Point) -> Layout:
    """The same layout elsewhere."""

    def move(rect: Rect) -> Rect:
        return Rect(rect.x + by.x, rect.y + by.y, rect.width, rect.height)

    return Layout(
        {key: PlacedBox(one.box, move(one.rect)) for key, one in layout.boxes.items()},
        {key: PlacedZone(one.title, move(one.rect)) for key, one in layout.zones.items()},
        {
            key: Route(
                tuple(Point(p.x + by.x, p.y + by.y) for p in one.points),
                one.label,
                move(one.label_at) if one.label_at else None,
            )
            for key, one in layout.routes.items()
        },
    )


def outline(shape: Shape, half: float, half_across: float, offset: float) -> float:
    """How far the outline lies from the middle, `offset` pixels to the side of the middle line."""
    share = min(1.0, abs(offset) / half_across) if half_across else 0.0
    if shape is Shape.ELLIPSE:
        return half * math.sqrt(1 - share * share)
    if shape is Shape.DIAMOND:
        return half * (1 - share)
    return half
