"""Whose the loose words of a scene are.

An arrow claims what stands beside its middle, a zone what stands at its top edge, an unlabelled
shape what stands next to it, and an arrow's loose end makes a component of what it points at. The
nearest claim wins; what nobody claims is a note.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from whiteboard.geometry import Point, Rect
from whiteboard.outlines import Nearby, Outline, around_points, closest_on, rect_distance
from whiteboard.scene_ends import End, Found, Joint
from whiteboard.scene_groups import Seen
from whiteboard.scene_labels import Labels, bare_shapes
from whiteboard.scene_parts import Form, Shape, Stroke, Text
from whiteboard.scene_zones import Words

_ARROW_GAP = 30.0
_MIDDLE_COST = 20.0
"""Pixels that it counts for a text to stand at an arrow's end instead of its middle, doubled."""

_SHORT = 150.0
_WIDE = 80.0
"""From this width on a text is looked at in three places."""

_MOST_STEPS = 150_000
"""Places of arrows that are held against words; only a scene made to take long has more."""

_END_SHARE = 0.08
_ABOVE = 32.0
_BELOW = 45.0
_TITLE_WEIGHT = 0.5
_CORNER = 0.1
"""Of a zone's width, from its upper left corner: there stands a title rather than a label."""

_CORNER_SHARE = 0.75
_SIDE_WEIGHT = 0.02
_CAPTION_GAP = 24.0
_ICON_GAP = 40.0
_OFFSET_WEIGHT = 0.1
_END_GAP = 25.0


class _Sort(IntEnum):
    NODE = 0
    TITLE = 1
    ARROW = 2
    CAPTION = 3


class _Claim(NamedTuple):
    """Sorted by cost, in pixels; `side` is 0 or -1 for the end of a stroke."""

    cost: float
    sort: _Sort
    target: str
    text: str
    side: int = 0


@dataclass(frozen=True)
class _Loose:
    """The loose texts and where they stand."""

    texts: dict[str, Text]
    near: Nearby[str]

    def beside(self, bounds: Rect, gap: float) -> Iterator[Text]:
        for key in self.near.touching(bounds.grown(gap)):
            yield self.texts[key]

    def around(self, place: Point, gap: float) -> Iterator[Text]:
        for key in self.near.around(place, gap):
            yield self.texts[key]


def settle_claims(
    seen: Seen, words: Words, zones: Collection[str], labels: Labels, joints: list[Joint]
) -> list[Joint]:
    """Give the loose words to their owners; the joints with the ends that met words."""
    texts = dict(labels.loose)
    loose = _Loose(texts, Nearby((text.bounds, text.id) for text in texts.values()))
    claims = [
        *_arrow_claims(joints, labels, loose),
        *_title_claims(seen, words, zones, labels, loose),
        *_caption_claims(bare_shapes(seen, zones, labels), loose),
        *_end_claims(joints, loose),
    ]
    met: dict[tuple[str, int], str] = {}
    for claim in sorted(claims):
        free = claim.text in labels.loose
        if claim.sort is _Sort.NODE and (free or claim.text in labels.nodes):
            if met.get((claim.target, -1 - claim.side)) != claim.text:
                labels.make_node(texts[claim.text])
                met.setdefault((claim.target, claim.side), claim.text)
        elif free and claim.target not in labels.of:
            labels.give(claim.target, [texts[claim.text]])
    _title_by_the_only_words(words, zones, labels)
    return [_joined(joint, met) for joint in joints] if met else joints


def _joined(joint: Joint, met: dict[tuple[str, int], str]) -> Joint:
    start, end = met.get((joint.stroke.id, 0)), met.get((joint.stroke.id, -1))
    if start is not None:
        joint = joint._replace(start=End(start, Found.NEAR))
    if end is not None:
        joint = joint._replace(end=End(end, Found.NEAR))
    return joint


def _arrow_claims(joints: list[Joint], labels: Labels, loose: _Loose) -> Iterator[_Claim]:
    steps = 0
    for joint in joints:
        stroke = joint.stroke
        if stroke.id in labels.of:
            continue
        for text in loose.beside(around_points(stroke.points), _ARROW_GAP):
            if _was_there(text, stroke):
                continue
            places = (0.0, 0.5, 1.0) if text.bounds.width > _WIDE else (0.5,)
            steps += len(places) * len(stroke.points)
            if steps > _MOST_STEPS:
                return
            cost = min(_beside_cost(stroke.points, text.bounds, x) for x in places)
            if cost < math.inf:
                yield _Claim(cost, _Sort.ARROW, stroke.id, text.id)


def _was_there(text: Text, stroke: Stroke) -> bool:
    """Whether words stood there before a text board drew an arrow, so that it passes them by."""
    return "" < text.layer <= stroke.over


def _beside_cost(points: Sequence[Point], bounds: Rect, across: float) -> float:
    """What it costs a way to claim a text by the place so far across it."""
    place = Point(bounds.x + across * bounds.width, bounds.y + bounds.height / 2)
    closest = closest_on(points, place)
    gap = Outline(bounds).distance(closest.place)
    at_end = min(closest.share, 1 - closest.share) < _END_SHARE
    if gap > _ARROW_GAP or (at_end and closest.length > _SHORT):
        return math.inf
    return gap + _MIDDLE_COST * abs(closest.share - 0.5)


def _title_claims(
    seen: Seen, words: Words, zones: Collection[str], labels: Labels, loose: _Loose
) -> Iterator[_Claim]:
    for key in zones:
        zone = seen.shapes[key].bounds
        if key in labels.of:
            continue
        band = Rect(zone.x, zone.y - _ABOVE, zone.width, _ABOVE + _BELOW)
        for text in loose.beside(band, 0):
            held_by = words.holder.get(text.id)
            below, above = text.bounds.y - zone.y, zone.y - text.bounds.bottom
            if held_by not in (None, *zones) or below > _BELOW or above > _ABOVE:
                continue
            if zone.x - _ABOVE <= text.centre.x <= zone.right:
                aside = abs(text.bounds.x - zone.x)
                corner = _CORNER_SHARE if aside <= _CORNER * zone.width else 1
                cost = corner * _TITLE_WEIGHT * max(below, above, 0) + _SIDE_WEIGHT * aside
                yield _Claim(cost, _Sort.TITLE, key, text.id)


def _caption_claims(bare: list[Shape], loose: _Loose) -> Iterator[_Claim]:
    for shape in bare:
        picture = shape.form in (Form.ICON, Form.PICTURE)
        if not shape.firm and not picture:
            continue
        for text in loose.beside(shape.bounds, _ICON_GAP if picture else _CAPTION_GAP):
            centre, middle = text.centre, shape.bounds.centre
            over = text.bounds.bottom <= shape.bounds.y or text.bounds.y >= shape.bounds.bottom
            offset = abs(centre.x - middle.x) if over else abs(centre.y - middle.y)
            cost = rect_distance(text.bounds, shape.bounds) + _OFFSET_WEIGHT * offset
            yield _Claim(cost, _Sort.CAPTION, shape.id, text.id)


def _end_claims(joints: list[Joint], loose: _Loose) -> Iterator[_Claim]:
    for joint in joints:
        for side, end in ((0, joint.start), (-1, joint.end)):
            if end.part is not None or end.zone is not None:
                continue
            place = joint.stroke.points[side]
            for text in loose.around(place, _END_GAP):
                gap = rect_distance(Rect(*place, 0, 0), text.bounds)
                yield _Claim(gap, _Sort.NODE, joint.stroke.id, text.id, side)


def _title_by_the_only_words(words: Words, zones: Collection[str], labels: Labels) -> None:
    """An untitled zone is named by the only loose words in it."""
    for key in sorted(zones):
        held = [text for text in words.held.get(key, ()) if text.id in labels.loose]
        if key not in labels.of and len(held) == 1:
            labels.give(key, held)
