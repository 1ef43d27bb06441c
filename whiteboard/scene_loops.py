"""Boxes that were drawn as lines or by hand: strokes that close, alone or together.

A closed line is a box by itself. A closed freehand stroke, a line that almost closes, and several
strokes that close only together, are one where words stand inside; otherwise they are ink.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from whiteboard.geometry import Point, Rect
from whiteboard.outlines import Nearby, Outline, around_points, enclosed_area
from whiteboard.scene_parts import Form, Parts, Shape, Stroke, Tool

_LINE_GAP = 12.0
"""Pixels between the ends of a line that closes; the canvas itself closes one at 8."""

_JOIN = 20.0
"""Pixels between the ends of two strokes that meet."""

_PEN_GAP = 25.0
_GAP_SHARE = 0.2
"""Of the diagonal: how far a hand may miss the place where it began."""

_SMALLEST_SIDE = 25.0
_LEAST_FILL = 0.45
"""Of its bounds, that a freehand box encloses; a scribble or a tick encloses less."""

_CORNERS = 5
"""Of a line that goes all around, its first place again among them."""

_MOST_SIDES = 8
_SAMPLES = 12


@dataclass(frozen=True)
class Loops:
    """The shapes that strokes make; `drawn_by` gives each stroke in one the shape's id."""

    shapes: dict[str, Shape]
    drawn_by: dict[str, str]


def find_loops(parts: Parts) -> Loops:
    """The boxes among the strokes of a scene."""
    bare = [stroke for stroke in parts.strokes.values() if not (stroke.headed or stroke.tied)]
    if not bare:
        return Loops({}, {})
    words = Nearby((Rect(*text.centre, 0, 0), text.id) for text in parts.texts.values())
    loops = Loops({}, {})
    open_strokes: list[Stroke] = []
    for stroke in bare:
        shape = _closed_line(stroke) or _almost_closed(stroke, words)
        if shape is not None:
            loops.shapes[shape.id] = shape
            loops.drawn_by[stroke.id] = shape.id
        elif stroke.tool is not Tool.ARROW:
            open_strokes.append(stroke)
    for sides in _rings(open_strokes):
        if (shape := _framed(sides, words)) is not None:
            loops.shapes[shape.id] = shape
            loops.drawn_by.update((side.id, shape.id) for side in sides)
    return loops


def _closed_line(stroke: Stroke) -> Shape | None:
    points = stroke.points
    if stroke.tool is Tool.PEN or len(points) < 4 or math.dist(points[0], points[-1]) > _LINE_GAP:
        return None
    bounds = around_points(points)
    if min(bounds.width, bounds.height) < _SMALLEST_SIDE:
        return None
    return _shape(stroke, Form.LOOP, bounds, firm=True)


def _almost_closed(stroke: Stroke, words: Nearby[str]) -> Shape | None:
    """A way around words of which the end misses its beginning a little."""
    points, by_hand = stroke.points, stroke.tool is Tool.PEN
    if stroke.tool is Tool.ARROW or len(points) < (4 if by_hand else _CORNERS):
        return None
    bounds = around_points(points)
    if min(bounds.width, bounds.height) < _SMALLEST_SIDE or not words.touching(bounds):
        return None
    allowed = max(_PEN_GAP, _GAP_SHARE * math.hypot(bounds.width, bounds.height))
    if _closing_gap(points) > allowed:
        return None
    if enclosed_area(points) < _LEAST_FILL * bounds.width * bounds.height:
        return None
    return _shape(stroke, Form.PEN if by_hand else Form.LOOP, bounds, firm=False)


def _closing_gap(points: Sequence[Point]) -> float:
    """How far the beginning of a way is from its end; a hand often goes on past its beginning."""
    part = max(1, len(points) // 7)
    first, last = _sampled(points[:part]), _sampled(points[-part:])
    return min(math.dist(a, b) for a in first for b in last)


def _sampled(points: Sequence[Point]) -> Sequence[Point]:
    return points[:: max(1, len(points) // _SAMPLES)]


def _rings(strokes: Sequence[Stroke]) -> Iterator[list[Stroke]]:
    """Strokes that meet end to end, all around."""
    ends = [(stroke.points[side], (index, side)) for index, stroke in enumerate(strokes)
            for side in (0, -1)]  # fmt: skip
    near = Nearby((Rect(*place, 0, 0), end) for place, end in ends)
    meets: dict[tuple[int, int], tuple[int, int]] = {}
    for place, end in ends:
        others = [other for other in near.around(place, _JOIN) if other != end]
        if len(others) == 1:
            meets[end] = others[0]
    seen: set[int] = set()
    for index in range(len(strokes)):
        ring = _ring(index, meets) if index not in seen else []
        seen.update(ring)
        if ring:
            yield [strokes[side] for side in ring]


def _ring(first: int, meets: dict[tuple[int, int], tuple[int, int]]) -> list[int]:
    """The strokes from this one around to itself; none where they do not close."""
    ring, end = [first], (first, -1)
    while len(ring) <= _MOST_SIDES:
        met = meets.get(end)
        if met is None or meets.get(met) != end:
            return []
        if met[0] == first:
            return ring if len(ring) > 1 and met[1] == 0 else []
        ring.append(met[0])
        end = (met[0], 0 if met[1] == -1 else -1)
    return []


def _framed(sides: Sequence[Stroke], words: Nearby[str]) -> Shape | None:
    bounds = around_points([point for side in sides for point in side.points])
    if min(bounds.width, bounds.height) < _SMALLEST_SIDE or not words.touching(bounds):
        return None
    border = Outline(bounds)
    allowed = max(_LINE_GAP, _GAP_SHARE / 2 * math.hypot(bounds.width, bounds.height))
    if any(border.edge_distance(place) > allowed for place in _ends(sides)):
        return None
    first = min(sides, key=lambda side: side.id)
    form = Form.PEN if first.tool is Tool.PEN else Form.LOOP
    return _shape(first, form, bounds, firm=False)


def _ends(sides: Iterable[Stroke]) -> Iterator[Point]:
    for side in sides:
        yield from (side.points[0], side.points[-1])


def _shape(stroke: Stroke, form: Form, bounds: Rect, *, firm: bool) -> Shape:
    return Shape(
        id=stroke.id,
        form=form,
        outline=Outline(bounds),
        bounds=bounds,
        area=bounds.width * bounds.height,
        firm=firm,
        dashed=stroke.dashed,
        hint=stroke.hint,
        frame=stroke.frame,
        groups=stroke.groups,
    )
