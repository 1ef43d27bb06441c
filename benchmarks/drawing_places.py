"""Where a hand aims: places named in drawing plans, and the ways of a pen.

`llm` is the side that faces the other end, 5 px away; `llm:l+20` is 20 px outside the left side;
`llm:t@0.2-15` lies 15 px inside, a fifth along the top; `llm:c` is the middle.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

USUAL_GAP = 5
"""Pixels from a box at which people aim, and at which the page binds an arrow."""
_SPOT = re.compile(r"(?P<name>\w+)(?::(?P<side>[lrtbc])(?:@(?P<along>[\d.]+))?(?P<gap>[+-]\d+)?)?")

Point = tuple[float, float]
Bounds = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Spot:
    """A place at a named thing; a `side` of None is the one that faces the other end."""

    name: str
    side: str | None = None
    along: float = 0.5
    gap: float = USUAL_GAP

    def point(self, bounds: Bounds, other: Point) -> tuple[Point, str]:
        """Where it lies for something with these bounds, and on which side."""
        left, top, right, bottom = bounds
        side = self.side or _facing(bounds, other)
        x, y = left + (right - left) * self.along, top + (bottom - top) * self.along
        places = {
            "l": (left - self.gap, y),
            "r": (right + self.gap, y),
            "t": (x, top - self.gap),
            "b": (x, bottom + self.gap),
            "c": middle(bounds),
        }
        return places[side], side


def read_spot(words: str) -> Spot:
    """The spot that a plan names."""
    found = _SPOT.fullmatch(words)
    assert found, f"{words!r} is no place"
    along, gap = found["along"] or 0.5, found["gap"] or USUAL_GAP
    return Spot(found["name"], found["side"], float(along), float(gap))


def middle(bounds: Bounds) -> Point:
    """The middle of something."""
    left, top, right, bottom = bounds
    return (left + right) / 2, (top + bottom) / 2


def along_rectangle(turn: float, x: float, y: float, w: float, h: float) -> Point:
    """The point after this share of the way around, clockwise from the left upper corner."""
    way = (turn % 1) * 2 * (w + h)
    for length, right, down in ((w, 1, 0), (h, 0, 1), (w, -1, 0), (h, 0, -1)):
        step = min(way, length)
        x, y, way = x + right * step, y + down * step, way - step
    return x, y


def along_ellipse(turn: float, x: float, y: float, w: float, h: float) -> Point:
    """The same around an ellipse, from its upper left."""
    angle = 2 * math.pi * turn - 2
    return x + w / 2 * (1 + math.cos(angle)), y + h / 2 * (1 + math.sin(angle))


def turned(centre: Point, reach: float, degrees: float) -> Point:
    """The point `reach` away from a centre, clockwise from straight above it."""
    turn = math.radians(degrees)
    return centre[0] + reach * math.sin(turn), centre[1] - reach * math.cos(turn)


def bounds_of(points: Sequence[Point]) -> Bounds:
    """The bounds of some points."""
    across, down = zip(*points, strict=True)
    return min(across), min(down), max(across), max(down)


def _facing(bounds: Bounds, other: Point) -> str:
    left, top, right, bottom = bounds
    beyond = {"r": other[0] - right, "l": left - other[0]}
    beyond |= {"b": other[1] - bottom, "t": top - other[1]}
    return max(beyond, key=lambda side: beyond[side])
