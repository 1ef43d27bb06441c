"""Which shapes of a scene are zones, and what lies in which.

A frame is a zone, and so is what the palette made as one. Of other outlines, those around labelled
boxes are, unless the outline itself is a labelled box: around one it is where its label stands in
its middle, around several where it is filled besides, and not dashed. A label that was written to
the top of a box is a title.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from whiteboard.outlines import Nearby
from whiteboard.palette import TRUST_BOUNDARY
from whiteboard.scene_groups import Seen, contains, near_shapes, smallest_around
from whiteboard.scene_parts import Form, Shape, Text

_ZONE_WORDS = re.compile(
    r"\b(?:zone|boundary|perimeter|vpc|subnet|network|cluster|dmz|trusted|untrusted)\b",
    re.IGNORECASE,
)
_MIDDLE = 0.25
"""Of its height, above the middle of a box: from there on a label is a title."""

_OUTLINES = frozenset({Form.BOX, Form.LOOP, Form.PEN})


@dataclass(frozen=True)
class Words:
    """Where the words of a scene stand.

    `bound` gives by shape or stroke the texts that are bound to it, from top to bottom; `held` by
    shape those that merely stand in it. `free` are all that are bound to nothing, `pointed` those
    of them that an arrow is bound to. `notes` were written as notes of a text board.
    """

    bound: dict[str, list[Text]]
    held: dict[str, list[Text]]
    holder: dict[str, str]
    free: dict[str, Text]
    pointed: frozenset[str]
    notes: list[Text]


def place_words(seen: Seen) -> Words:
    """Find what each text is bound to or stands in; what is bound to something deleted is gone."""
    bound: dict[str, list[Text]] = defaultdict(list)
    held: dict[str, list[Text]] = defaultdict(list)
    holder: dict[str, str] = {}
    free: dict[str, Text] = {}
    notes: list[Text] = []
    for text in sorted(seen.texts.values(), key=lambda one: (one.bounds.y, one.bounds.x, one.id)):
        container = _container(text, seen)
        if container is not None:
            bound[container].append(text)
        elif text.id.startswith("t:n:"):
            notes.append(text)
        elif text.container not in seen.dead:
            free[text.id] = text
            at = smallest_around(text, seen.near, seen.shapes)
            if at is not None:
                held[at].append(text)
                holder[text.id] = at
    ends = (end for stroke in seen.strokes.values() for end in (stroke.start, stroke.end))
    pointed = frozenset(end for end in ends if end in free)
    return Words(bound, held, holder, free, pointed, notes)


def _container(text: Text, seen: Seen) -> str | None:
    if text.container in seen.strokes:
        return text.container
    shape = seen.shape_of(text.container)
    return None if shape is None else shape.id


def find_zones(seen: Seen, words: Words) -> frozenset[str]:
    """The ids of the shapes that are zones."""
    labelled, all_inside = _contents(seen, words)
    return frozenset(
        shape.id
        for shape in seen.shapes.values()
        if _is_zone(shape, words, labelled[shape.id], all_inside[shape.id])
    )


def _contents(seen: Seen, words: Words) -> tuple[Counter[str], Counter[str]]:
    """By shape, how many labelled things and how many at all lie in it."""
    labelled: Counter[str] = Counter()
    everything: Counter[str] = Counter()
    for inner in seen.shapes.values():
        known = inner.id in words.bound or inner.id in words.held or inner.form is Form.FRAME
        for key in seen.near.around(inner.centre, 0):
            if contains(seen.shapes[key], inner):
                everything[key] += 1
                labelled[key] += known
    for key, texts in words.held.items():
        pointed = sum(text.id in words.pointed for text in texts)
        labelled[key] += pointed if pointed > 1 or everything[key] else 0
    return labelled, everything


def _is_zone(shape: Shape, words: Words, labelled: int, inside: int) -> bool:
    if shape.form is Form.FRAME or shape.id.startswith("z:"):
        return True
    if shape.form not in _OUTLINES or shape.id.startswith("c:"):
        return False
    own = words.bound.get(shape.id, [])
    if shape.hint == TRUST_BOUNDARY or labelled > 1:
        return shape.hint == TRUST_BOUNDARY or not _is_named_box(shape, own)
    if labelled == 1:
        return _surrounds_one(shape, own, titled=shape.id in words.held)
    if inside:
        return shape.dashed or (inside > 1 and not own and shape.id not in words.held)
    return shape.dashed and _named_zone([*own, *words.held.get(shape.id, [])])


def _is_named_box(shape: Shape, own: Collection[Text]) -> bool:
    """Whether a box with others in it is drawn as a thing of its own: solid, filled, named."""
    solid = shape.form is Form.BOX and shape.filled and not shape.dashed
    return solid and bool(own) and not any(_is_title(text, shape) for text in own)


def _is_title(text: Text, shape: Shape) -> bool:
    above = shape.centre.y - text.centre.y
    return text.on_top or above > _MIDDLE * shape.bounds.height


def _surrounds_one(shape: Shape, own: Collection[Text], *, titled: bool) -> bool:
    """Whether an outline around one labelled thing is a zone rather than a box or a highlight."""
    if shape.form is Form.PEN:
        return titled
    return shape.dashed or not own or all(text.on_top for text in own)


def _named_zone(texts: Collection[Text]) -> bool:
    return any(_ZONE_WORDS.search(text.words) for text in texts)


def find_parents(seen: Seen, zones: Collection[str]) -> dict[str, str | None]:
    """By zone, the smallest zone around it. A zone lies only in a larger one, so none in itself."""
    near = near_shapes(seen.shapes[key] for key in zones)
    parents: dict[str, str | None] = {}
    for key in zones:
        zone = seen.shapes[key]
        around = [seen.shapes[other] for other in near.around(zone.centre, 0)]
        larger = [one for one in around if _rank(one) > _rank(zone) and _surrounds(one, zone)]
        home = seen.shapes.get(zone.frame or "")
        if home is not None and home.id in zones and _rank(home) > _rank(zone):
            larger.append(home)
        parents[key] = min(larger, key=_rank).id if larger else None
    return parents


def _surrounds(outer: Shape, inner: Shape) -> bool:
    return contains(outer, inner) or outer.bounds.holds(inner.bounds)


def home_of(part: Shape | Text, near: Nearby[str], zones: Mapping[str, Shape]) -> str | None:
    """The smallest zone around a part, by place or by the frame that it belongs to."""
    place = part.centre
    around = [zones[key] for key in near.around(place, 0)]
    inside = [zone for zone in around if zone.outline.holds(place)]
    if (frame := zones.get(part.frame or "")) is not None:
        inside.append(frame)
    return min(inside, key=_rank).id if inside else None


def _rank(zone: Shape) -> tuple[float, str]:
    return zone.area, zone.id
