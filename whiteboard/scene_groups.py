"""Which elements of a scene are one thing: the shapes that are left, and what stands for what.

A group with one text at most whose shapes touch is one thing, such as an icon of a library; a
group of several labelled boxes, or with arrows between them, is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from whiteboard.geometry import Rect, around
from whiteboard.outlines import Nearby, Outline, around_points, rect_distance
from whiteboard.scene_heads import with_drawn_heads
from whiteboard.scene_loops import find_loops
from whiteboard.scene_parts import Form, Parts, Shape, Stroke, Text

_TOUCH = 8.0
"""Pixels between the pieces of one thing."""

_BIG = 50.0
"""The shorter side from which a shape is more than a piece of an icon."""

_CONTAINED = 0.6
_NESTED = 0.92


@dataclass(frozen=True)
class Seen:
    """A scene in its things. `stands_for` gives each element that is part of one its shape's id."""

    shapes: dict[str, Shape]
    texts: dict[str, Text]
    strokes: dict[str, Stroke]
    stands_for: dict[str, str]
    dead: frozenset[str]
    near: Nearby[str]
    """The shapes by place; one that has become part of another is no longer in `shapes`."""

    def shape_of(self, element: str | None) -> Shape | None:
        """The shape that an element is or belongs to."""
        if element is None:
            return None
        return self.shapes.get(self.stands_for.get(element, element))


def see(parts: Parts) -> Seen:
    """The things of a scene: loops are boxes, and grouped pieces are one."""
    parts = with_drawn_heads(parts)
    loops = find_loops(parts)
    shapes = {**parts.shapes, **loops.shapes}
    strokes = {key: one for key, one in parts.strokes.items() if key not in loops.drawn_by}
    stands_for = {key: shape for key, shape in loops.drawn_by.items() if key != shape}
    near = near_shapes(shapes.values())
    grouped = any(part.groups for part in (*shapes.values(), *strokes.values()))
    words = _words_in(shapes, parts.texts, near) if grouped else {}
    for members in _groups(shapes, strokes, parts.texts.values()):
        if (icon := _as_one(members, words)) is None:
            continue
        for piece in members.pieces():
            stands_for[piece] = icon.id
            shapes.pop(piece, None)
            strokes.pop(piece, None)
        del stands_for[icon.id]
        shapes[icon.id] = icon
    near = near_shapes(shapes.values()) if stands_for else near
    shapes = dict(sorted(shapes.items()))
    return Seen(shapes, parts.texts, strokes, stands_for, parts.dead, near)


def contains(outer: Shape, inner: Shape) -> bool:
    """Whether one shape lies in another that is clearly larger."""
    if outer.id == inner.id or not outer.outline.holds(inner.centre):
        return False
    if inner.area < _CONTAINED * outer.area:
        return True
    return inner.area < _NESTED * outer.area and outer.bounds.holds(inner.bounds)


def smallest_around(text: Text, near: Nearby[str], shapes: Mapping[str, Shape]) -> str | None:
    """The id of the smallest shape that a text stands in; frames hold no labels."""
    place = text.centre
    found = map(shapes.get, near.around(place, 0))
    inside = [
        one
        for one in found
        if one is not None and one.form is not Form.FRAME and one.outline.holds(place)
    ]
    return min(inside, key=lambda one: (one.area, one.id)).id if inside else None


def near_shapes(shapes: Iterable[Shape]) -> Nearby[str]:
    """Shapes by the place where they are."""
    return Nearby((shape.bounds, shape.id) for shape in shapes)


def _words_in(
    shapes: Mapping[str, Shape], texts: Mapping[str, Text], near: Nearby[str]
) -> dict[str, str]:
    """By text, the shape that it is bound to or stands in."""
    found: dict[str, str] = {}
    for text in texts.values():
        bound = text.container is not None and text.container in shapes
        holder = text.container if bound else smallest_around(text, near, shapes)
        if holder is not None:
            found[text.id] = holder
    return found


@dataclass(frozen=True)
class _Members:
    """The pieces of one group that might be one thing."""

    shapes: tuple[Shape, ...]
    strokes: tuple[Stroke, ...]
    texts: tuple[str, ...]
    diagram: bool

    def pieces(self) -> tuple[str, ...]:
        return (*(shape.id for shape in self.shapes), *(stroke.id for stroke in self.strokes))


def _groups(
    shapes: Mapping[str, Shape], strokes: Mapping[str, Stroke], texts: Iterable[Text]
) -> Iterable[_Members]:
    """The groups as they are left when their turn comes, from the largest to the smallest."""
    ids: dict[str, list[str]] = defaultdict(list)
    written: dict[str, list[str]] = defaultdict(list)
    for part in (*shapes.values(), *strokes.values()):
        for group in part.groups:
            ids[group].append(part.id)
    for text in texts:
        for group in text.groups:
            written[group].append(text.id)
    for group in sorted(ids, key=lambda group: (-len(ids[group]), group)):
        boxes = tuple(shapes[key] for key in ids[group] if key in shapes)
        lines = [strokes[key] for key in ids[group] if key in strokes]
        drawn = tuple(line for line in lines if not line.tied and not line.headed)
        diagram = any(line.tied for line in lines)
        yield _Members(boxes, _ornaments(boxes, drawn), tuple(written[group]), diagram)


def _ornaments(shapes: Collection[Shape], strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
    """The lines that belong to the shapes; one that leads away from a box connects it."""
    if not any(_is_big(shape) for shape in shapes):
        return strokes
    room = around(shape.bounds for shape in shapes).grown(_TOUCH)
    return tuple(one for one in strokes if room.holds(around_points(one.points)))


def _as_one(members: _Members, words: Mapping[str, str]) -> Shape | None:
    """The one thing that a group is, or None."""
    if len(members.pieces()) < 2 or members.diagram or not _may_merge(members.shapes):
        return None
    ids = {shape.id for shape in members.shapes}
    texts = {*members.texts, *(text for text, holder in words.items() if holder in ids)}
    largest = max(members.shapes, key=lambda one: (one.area, one.id), default=None)
    if len(texts) > 1 or (largest is None and not texts):
        return None
    if any(words.get(text) in ids - {largest.id if largest else ""} for text in texts):
        return None
    bounds = [shape.bounds for shape in members.shapes]
    bounds += [around_points(stroke.points) for stroke in members.strokes]
    big = [shape.bounds for shape in members.shapes if _is_big(shape)]
    if not _touching(bounds) or not _touching(big):
        return None
    return _icon(largest, members, around(bounds))


def _may_merge(shapes: Collection[Shape]) -> bool:
    if any(shape.form is Form.FRAME for shape in shapes):
        return False
    largest = max(shapes, key=lambda one: (one.area, one.id), default=None)
    ours = [shape for shape in shapes if shape.id.startswith(("c:", "z:"))]
    return len(ours) < 2 and not (largest is not None and largest.dashed)


def _icon(largest: Shape | None, members: _Members, bounds: Rect) -> Shape:
    if largest is not None:
        hints = (shape.hint for shape in (largest, *members.shapes) if shape.hint)
        firm = any(one.firm for one in members.shapes)
        look = largest._replace(hint=next(hints, ""), firm=firm)
    else:
        first = members.strokes[0]
        look = Shape(first.id, Form.ICON, Outline(bounds), bounds, 0, firm=False)
        look = look._replace(groups=first.groups, frame=first.frame)
    area = bounds.width * bounds.height
    return look._replace(form=Form.ICON, outline=Outline(bounds), bounds=bounds, area=area)


def _is_big(shape: Shape) -> bool:
    return min(shape.bounds.width, shape.bounds.height) >= _BIG


def _touching(rects: list[Rect]) -> bool:
    """Whether the rectangles are one heap."""
    near = Nearby((rect.grown(_TOUCH), index) for index, rect in enumerate(rects))
    heap, waiting = {0}, [0]
    while waiting and rects:
        at = rects[waiting.pop()]
        for index in near.touching(at):
            if index not in heap and rect_distance(rects[index], at) <= _TOUCH:
                heap.add(index)
                waiting.append(index)
    return len(heap) >= len(rects)
