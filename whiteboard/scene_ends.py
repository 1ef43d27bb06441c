"""What the ends of a stroke meet, and how that was found.

What the canvas has bound an end to counts. An end that is bound to nothing, or to something that
was deleted, meets the nearest component within reach, or else the first one that it points at. A
plain line joins two components only where it meets both; one that runs past them is an ornament.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from whiteboard.geometry import Point
from whiteboard.outlines import Nearby, Outline, way_length
from whiteboard.scene_groups import Seen, near_shapes
from whiteboard.scene_labels import Labels
from whiteboard.scene_parts import Shape, Stroke, Tool

_REACH = 40.0
"""Pixels between an arrow's end and what it still meets."""

_LINE_REACH = 25.0
_ASIDE = 6.0
"""Pixels that a plain line may miss a component by, if it were drawn on."""

_TOUCH = 12.0
_LONGEST_POINT = 90.0
_POINT_SHARE = 0.5
"""Of its own length, that an arrow points ahead, up to the longest."""

_STEP = 8.0
_MOST_TRIED = 8
"""Parts that an end is near to; of more, the nearest."""

_SHORTEST = 8.0
_STRAIGHT = 0.6
"""The least share that the ends' distance is of a freehand stroke which joins two things."""


class Found(StrEnum):
    """How the end of an arrow was found."""

    BOUND = "bound"
    """The canvas has bound it."""

    NEAR = "near"
    """It ends near there."""

    POINTED = "pointed"
    """It points there from afar."""

    ALONE = "alone"
    """It ends at a zone, in which nothing else is."""

    LOOSE = "loose"
    """Nothing is near."""


class End(NamedTuple):
    """One end of a stroke: the component that it meets, or the zone that it stops at."""

    part: str | None = None
    found: Found = Found.LOOSE
    zone: str | None = None


_NOTHING = End()


class Joint(NamedTuple):
    """A stroke that joins components, or should; its ends in the order of its points."""

    stroke: Stroke
    start: End
    end: End

    @property
    def complete(self) -> bool:
        """Whether both ends meet a component."""
        return self.start.part is not None and self.end.part is not None


class _Target(NamedTuple):
    gap: float
    area: float
    part: str


class _Parts:
    """Everything that an arrow may end at, by place."""

    def __init__(self, seen: Seen, zones: Collection[str], labels: Labels) -> None:
        self._outlines: dict[str, tuple[Outline, float]] = {
            shape.id: (shape.outline, shape.area) for shape in component_shapes(seen, zones, labels)
        }
        for key, text in labels.nodes.items():
            area = text.bounds.width * text.bounds.height
            self._outlines[key] = (Outline(text.bounds), area)
        self._near = Nearby((outline.bounds(), key) for key, (outline, _) in self._outlines.items())

    def __contains__(self, part: str) -> bool:
        return part in self._outlines

    def within(self, place: Point, reach: float) -> list[_Target]:
        """The parts within reach, the nearest first, of equally near ones the smaller."""
        found: list[_Target] = []
        for key in self._near.around(place, reach):
            outline, area = self._outlines[key]
            if (gap := outline.distance(place)) <= reach:
                found.append(_Target(gap, area, key))
        return sorted(found)

    def met_by(self, points: tuple[Point, ...]) -> list[_Target]:
        """The parts within a line's reach that its end lies in, or would if it were drawn on."""
        place = points[-1]
        before = next(
            (p for p in reversed(points) if math.dist(p, place) >= _LINE_REACH), points[0]
        )
        length = max(math.dist(before, place), 1.0)
        across, along = (place.x - before.x) / length, (place.y - before.y) / length
        steps = [_STEP / 2 * step for step in range(int(2 * _LINE_REACH / _STEP) + 2)]
        way = [Point(place.x + across * step, place.y + along * step) for step in steps]
        return [
            target
            for target in self.within(place, _LINE_REACH)[: 2 * _MOST_TRIED]
            if target.gap <= _ASIDE
            or min(map(self._outlines[target.part][0].distance, way)) <= _ASIDE
        ]

    def ahead(self, points: tuple[Point, ...], apart_from: str | None) -> str | None:
        """The first part that lies where a way points at its end."""
        place = points[-1]
        before = next((p for p in reversed(points) if math.dist(p, place) >= _SHORTEST), None)
        if before is None:
            return None
        length = math.dist(before, place)
        across, along = (place.x - before.x) / length, (place.y - before.y) / length
        reach = min(_LONGEST_POINT, _POINT_SHARE * way_length(points))
        for step in range(1, int(reach / _STEP) + 1):
            at = Point(place.x + across * step * _STEP, place.y + along * step * _STEP)
            for target in self.within(at, _STEP):
                if target.part != apart_from:
                    return target.part
        return None


def component_shapes(seen: Seen, zones: Collection[str], labels: Labels) -> list[Shape]:
    """The shapes that are components: no zones, and labelled, firm or met by an arrow."""
    ends = (end for stroke in seen.strokes.values() for end in (stroke.start, stroke.end))
    tied = {seen.stands_for.get(end, end) for end in ends if end is not None}
    return [
        shape
        for key, shape in seen.shapes.items()
        if key not in zones and (shape.firm or key in labels.of or key in tied)
    ]


def find_joints(seen: Seen, zones: Collection[str], labels: Labels) -> list[Joint]:
    """The strokes that join components or should, in the order of their ids."""
    parts = _Parts(seen, zones, labels)
    joints: list[Joint] = []
    for stroke in seen.strokes.values():
        by_hand = stroke.tool is Tool.PEN
        if stroke.tool is Tool.ARROW or stroke.tied or (stroke.headed and not by_hand):
            joint = _arrow(stroke, seen, parts, zones, labels)
        else:
            joint = _plain_line(stroke, parts)
        if joint is not None and _divides(joint):
            joint = _plain_line(stroke, parts)
        if joint is not None:
            joints.append(joint)
    return joints


def _divides(joint: Joint) -> bool:
    """Whether a line of the arrow's tool may be an ornament: it has no head, nor a single end."""
    bare = not (joint.stroke.tied or joint.stroke.headed)
    return bare and _open(joint.start) == _open(joint.end)


def _plain_line(stroke: Stroke, parts: _Parts) -> Joint | None:
    length = way_length(stroke.points)
    apart = math.dist(stroke.points[0], stroke.points[-1])
    if apart < _SHORTEST or (stroke.tool is Tool.PEN and apart < _STRAIGHT * length):
        return None
    start, end = (parts.met_by(way) for way in (stroke.points[::-1], stroke.points))
    pair = _closest_pair(start, end)
    if None in pair:
        return None
    return Joint(stroke, End(pair[0], Found.NEAR), End(pair[1], Found.NEAR))


def _arrow(
    stroke: Stroke, seen: Seen, parts: _Parts, zones: Collection[str], labels: Labels
) -> Joint | None:
    if not stroke.tied and way_length(stroke.points) < _SHORTEST:
        return None
    start = _bound_end(stroke.start, seen, parts, zones, labels)
    end = _bound_end(stroke.end, seen, parts, zones, labels)
    if start.zone is not None:
        start = _touched(start, stroke.points[0], parts)
    if end.zone is not None:
        end = _touched(end, stroke.points[-1], parts)
    if _open(start) or _open(end):
        start, end = _near_ends(stroke.points, start, end, parts)
    return Joint(stroke, start, end)


def _bound_end(
    element: str | None, seen: Seen, parts: _Parts, zones: Collection[str], labels: Labels
) -> End:
    if element is None:
        return _NOTHING
    element = labels.names.get(element, element)
    part = seen.stands_for.get(element, element)
    if part in zones:
        return End(None, Found.BOUND, part)
    return End(part, Found.BOUND) if part in parts else _NOTHING


def _touched(end: End, place: Point, parts: _Parts) -> End:
    """An end that is bound to a zone but touches a component in it meets the component."""
    touched = parts.within(place, _TOUCH)
    return End(touched[0].part, Found.NEAR, end.zone) if touched else end


def _near_ends(points: tuple[Point, ...], start: End, end: End, parts: _Parts) -> tuple[End, End]:
    """Find the ends that the canvas has not bound; no stroke meets one component twice by that."""
    if _open(start) and _open(end):
        pair = _closest_pair(parts.within(points[0], _REACH), parts.within(points[-1], _REACH))
        start, end = _near(pair[0]), _near(pair[1])
    elif _open(start):
        start = _near(_first(parts.within(points[0], _REACH), end.part))
    elif _open(end):
        end = _near(_first(parts.within(points[-1], _REACH), start.part))
    if _open(end):
        end = _near(parts.ahead(points, start.part), Found.POINTED)
    if _open(start):
        start = _near(parts.ahead(points[::-1], end.part), Found.POINTED)
    return start, end


def _open(end: End) -> bool:
    return end.part is None and end.zone is None


def _near(part: str | None, found: Found = Found.NEAR) -> End:
    return _NOTHING if part is None else End(part, found)


def _first(targets: list[_Target], apart_from: str | None) -> str | None:
    return next((target.part for target in targets if target.part != apart_from), None)


def _closest_pair(start: list[_Target], end: list[_Target]) -> tuple[str | None, str | None]:
    """The nearest two different parts; where both ends meet the same one, the nearer end keeps it.

    None for an end that meets nothing.
    """
    if start and end and start[0].part != end[0].part:
        return start[0].part, end[0].part
    pairs = [
        (one.gap + other.gap, one.area + other.area, one.part, other.part)
        for one in start[:_MOST_TRIED]
        for other in end[:_MOST_TRIED]
        if one.part != other.part
    ]
    if pairs:
        return min(pairs)[2:]
    if start and end:
        return (start[0].part, None) if start[0] <= end[0] else (None, end[0].part)
    return (start[0].part if start else None, end[0].part if end else None)


def stop_at_zones(joints: list[Joint], zones: dict[str, Shape]) -> list[Joint]:
    """Ends that meet nothing but the border of a zone stop at the zone."""
    near = near_shapes(zones.values())
    return [
        joint
        if joint.complete
        else Joint(
            joint.stroke,
            _at_border(joint.start, joint.stroke.points[0], near, zones),
            _at_border(joint.end, joint.stroke.points[-1], near, zones),
        )
        for joint in joints
    ]


def _at_border(end: End, place: Point, near: Nearby[str], zones: dict[str, Shape]) -> End:
    if not _open(end):
        return end
    gaps = [
        (zones[key].outline.edge_distance(place), zones[key].area, key)
        for key in near.around(place, _LINE_REACH)
    ]
    close = [entry for entry in gaps if entry[0] <= _LINE_REACH]
    return end._replace(found=Found.NEAR, zone=min(close)[2]) if close else end
