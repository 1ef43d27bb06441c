"""Which words name which shape.

First what is bound to a shape, then what stands in it, then what is grouped with it. What is left
is claimed by the nearest of an arrow's middle, a zone's top edge, an unlabelled shape and the loose
end of an arrow (`scene_claims.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from whiteboard.geometry import Rect
from whiteboard.outlines import Nearby, rect_distance, shared_area
from whiteboard.scene_groups import Seen
from whiteboard.scene_parts import Form, Shape, Text
from whiteboard.scene_zones import Words

_MOSTLY = 0.75
"""Of a text, that stands in its box; one that sticks out further may belong to an arrow."""

_ORNAMENT = 0.6
_BESIDE = 12.0
_TITLE_BAND = 32.0


@dataclass
class Labels:
    """What has a name so far. `names` gives by text the shape or zone that it names."""

    of: dict[str, str] = field(default_factory=dict[str, str])
    names: dict[str, str] = field(default_factory=dict[str, str])
    nodes: dict[str, Text] = field(default_factory=dict[str, Text])
    """Texts that are components themselves."""

    loose: dict[str, Text] = field(default_factory=dict[str, Text])

    def give(self, target: str, texts: Sequence[Text]) -> None:
        """Name a shape, zone or stroke with these texts."""
        self.of[target] = " ".join(text.words for text in texts)
        for text in texts:
            self.names[text.id] = target
            self.loose.pop(text.id, None)

    def make_node(self, text: Text) -> None:
        """Take a text as a component."""
        self.nodes[text.id] = text
        self.loose.pop(text.id, None)


def label_shapes(seen: Seen, words: Words, zones: Collection[str]) -> Labels:
    """The labels that are bound to, stand in or are grouped with what they name."""
    labels = Labels(loose=dict(words.free))
    for target, texts in words.bound.items():
        labels.give(target, texts)
    for key, shape in seen.shapes.items():
        if shape.form is Form.FRAME and shape.title.strip():
            labels.of[key] = shape.title
        elif key not in zones and key not in labels.of and key in words.held:
            labels.give(key, _well_inside(shape, words.held[key]))
    _label_groups(seen, zones, labels)
    bare = _Bare({shape.id: shape for shape in bare_shapes(seen, zones, labels)}, seen.near)
    for key in sorted(words.pointed & labels.loose.keys()):
        holder = words.holder.get(key)
        title_of = seen.shapes[holder] if holder is not None and holder in zones else None
        _place_pointed(words.free[key], bare, title_of, labels)
    return labels


def _well_inside(shape: Shape, texts: Sequence[Text]) -> Sequence[Text]:
    """The texts that stand in a box; one that sticks out only if there is no other."""
    if len(texts) == 1:
        return texts
    inside = [
        text
        for text in texts
        if shared_area(text.bounds, shape.bounds)
        >= _MOSTLY * text.bounds.width * text.bounds.height
    ]
    return inside or texts


def _label_groups(seen: Seen, zones: Collection[str], labels: Labels) -> None:
    """A loose text names the only unlabelled shape of its group."""
    members: dict[str, list[str]] = defaultdict(list)
    for key, shape in seen.shapes.items():
        if key not in zones:
            for group in shape.groups:
                members[group].append(key)
    for text in list(labels.loose.values()):
        for group in text.groups:
            only = members[group] if len(members[group]) == 1 else []
            if only and only[0] not in labels.of:
                labels.give(only[0], [text])
                break


class _Bare(NamedTuple):
    """The shapes without a label, and all shapes by place."""

    shapes: dict[str, Shape]
    near: Nearby[str]

    def beside(self, bounds: Rect) -> Iterator[Shape]:
        for key in self.near.touching(bounds.grown(_BESIDE)):
            if key in self.shapes:
                yield self.shapes[key]


def _place_pointed(text: Text, bare: _Bare, zone: Shape | None, labels: Labels) -> None:
    """A text that an arrow is bound to: a caption, the title of its zone, or a component."""
    beside = [
        (gap, shape.id)
        for shape in bare.beside(text.bounds)
        if shape.id not in labels.of
        and (gap := rect_distance(shape.bounds, text.bounds)) <= _BESIDE
    ]
    if beside:
        labels.give(min(beside)[1], [text])
    elif zone and zone.id not in labels.of and text.bounds.y - zone.bounds.y <= _TITLE_BAND:
        labels.give(zone.id, [text])
    else:
        labels.make_node(text)


def bare_shapes(seen: Seen, zones: Collection[str], labels: Labels) -> list[Shape]:
    """The shapes that are no zones and have no label."""
    shapes = seen.shapes.items()
    return [shape for key, shape in shapes if key not in zones and key not in labels.of]


def absorb_ornaments(seen: Seen, zones: Collection[str], labels: Labels) -> None:
    """Unlabelled shapes in or behind a labelled one are part of it."""
    for shape in list(seen.shapes.values()):
        if shape.id in labels.of or shape.id in zones or shape.id.startswith("c:"):
            continue
        touched = (seen.shapes.get(key) for key in seen.near.touching(shape.bounds))
        labelled = [one for one in touched if one and one.id in labels.of and one.id not in zones]
        hosts = [one for one in labelled if _hosts(one, shape)]
        if hosts:
            host = min(hosts, key=lambda one: (one.area, one.id))
            seen.stands_for[shape.id] = host.id
            del seen.shapes[shape.id]
    _follow(seen.stands_for)


def _hosts(host: Shape, shape: Shape) -> bool:
    if host.outline.holds(shape.centre) and shape.area < _ORNAMENT * host.area:
        return True
    least = min(host.area, shape.area)
    return least > 0 and shared_area(host.bounds, shape.bounds) >= _ORNAMENT * least


def _follow(stands_for: dict[str, str]) -> None:
    """Make each element stand directly for the shape that is left."""
    for element, shape in stands_for.items():
        end = shape
        while end in stands_for:
            end = stands_for[end]
        stands_for[element] = end
