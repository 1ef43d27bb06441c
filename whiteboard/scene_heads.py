"""Arrowheads that were drawn by hand: a short V whose tip is where a line ends.

The V may be a stroke of its own, or the end of the stroke that is its shaft. Either way the stroke
that is left has a head there, as if the canvas had drawn it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from whiteboard.geometry import Point, Rect
from whiteboard.outlines import Nearby, way_length
from whiteboard.scene_parts import Parts, Stroke, Tool

_TIP_REACH = 16.0
"""Pixels between the end of a line and the tip of its head."""

_LONGEST = 100.0
"""Pixels along a head, both arms together."""

_RETRACED = 1.6
"""How much longer a head is that one stroke draws with its shaft, since it goes back to the tip."""

_SHORTEST_ARM = 7.0
_SHAFT_SHARE = 0.6
"""The most that a head's length is of its shaft's."""

_OPENING = math.radians(140)
"""The widest angle between the arms of a head."""

_LEANING = math.radians(45)
"""The most that a head points elsewhere than its shaft."""

_STRAIGHT = 0.8
"""The least share that the ends' distance is of a shaft with a head of its own."""


class _Tip(NamedTuple):
    """A V: its tip, the angle at which it points, and its length."""

    place: Point
    angle: float
    length: float


def with_drawn_heads(parts: Parts) -> Parts:
    """The parts with heads where they were drawn by hand; the strokes of such heads are gone."""
    bare = [one for one in parts.strokes.values() if not (one.headed or one.tied)]
    tips = {one.id: tip for one in bare if (tip := _tip(one.points)) is not None}
    near = Nearby((Rect(*tip.place, 0, 0), key) for key, tip in tips.items())
    strokes = dict(parts.strokes)
    for stroke in bare:
        shaft, used = _with_own_head(stroke), set[str]()
        if tips and stroke.id not in tips and stroke.tool is not Tool.ARROW:
            shaft, used = _with_heads(shaft, tips, near)
        for key in used:
            strokes.pop(key, None)
        if shaft is not stroke:
            strokes[stroke.id] = shaft
    return replace(parts, strokes=strokes)


def _tip(points: tuple[Point, ...]) -> _Tip | None:
    """The V that a short stroke is, or None."""
    length = way_length(points)
    if len(points) < 3 or length > _LONGEST:
        return None
    first, last = points[0], points[-1]
    place = max(points, key=lambda point: math.dist(point, first) + math.dist(point, last))
    arms = (math.dist(place, first), math.dist(place, last))
    if min(arms) < _SHORTEST_ARM or max(arms) > 2.5 * min(arms):
        return None
    one, other = _angle(first, place), _angle(last, place)
    if _between(one, other) > _OPENING or length > 1.3 * sum(arms):
        return None
    return _Tip(place, one + math.remainder(other - one, math.tau) / 2, length)


def _with_heads(
    stroke: Stroke, tips: dict[str, _Tip], near: Nearby[str]
) -> tuple[Stroke, set[str]]:
    """A stroke with the heads that stand at its ends, and their ids."""
    start = _head_at(stroke.points[::-1], tips, near) if not stroke.start_head else set[str]()
    end = _head_at(stroke.points, tips, near) if not stroke.end_head else set[str]()
    if not (start or end):
        return stroke, set()
    heads = stroke._replace(
        start_head=stroke.start_head or bool(start), end_head=stroke.end_head or bool(end)
    )
    return heads, start | end


def _head_at(points: tuple[Point, ...], tips: dict[str, _Tip], near: Nearby[str]) -> set[str]:
    place = points[-1]
    close = near.around(place, _TIP_REACH)
    if not close:
        return set()
    before = next((p for p in reversed(points) if math.dist(p, place) >= _TIP_REACH), points[0])
    length, onward = way_length(points), _angle(before, place)
    return {
        key
        for key in close
        if tips[key].length <= _SHAFT_SHARE * length
        and math.dist(tips[key].place, place) <= _TIP_REACH
        and _between(tips[key].angle, onward) <= _LEANING
    }


def _with_own_head(stroke: Stroke) -> Stroke:
    """A freehand stroke that turns back at its far end and draws a head there, without the head."""
    points = stroke.points
    if stroke.tool is not Tool.PEN or len(points) < 5:
        return stroke
    gaps = [math.dist(points[0], place) for place in points]
    reach = max(gaps)
    far = gaps.index(reach)
    shaft, rest = points[: far + 1], points[far:]
    length = way_length(shaft)
    longest = _RETRACED * min(_LONGEST, _SHAFT_SHARE * length)
    if reach < _STRAIGHT * length or way_length(rest) > longest:
        return stroke
    if not _draws_head(rest, _angle(points[0], points[far])):
        return stroke
    return stroke._replace(points=shaft, end_head=True)


def _draws_head(rest: Sequence[Point], onward: float) -> bool:
    """Whether a way from a tip leads back on both sides of the shaft."""
    tip, *back = rest
    sides: set[bool] = set()
    for place in back:
        away = math.dist(tip, place)
        aside = math.remainder(_angle(place, tip) - onward, math.tau)
        if away >= _SHORTEST_ARM and abs(aside) <= _OPENING / 2:
            sides.add(aside > 0)
    return len(sides) == 2


def _angle(start: Point, end: Point) -> float:
    return math.atan2(end.y - start.y, end.x - start.x)


def _between(one: float, other: float) -> float:
    """The angle between two directions, from 0 to pi."""
    return abs(math.remainder(one - other, math.tau))
