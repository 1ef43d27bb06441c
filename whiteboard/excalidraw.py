"""A scene of the canvas as a board.

`read_scene` takes the elements of Excalidraw 0.18, tombstones among them, as they come. It never
raises, and the order of the list changes nothing. What counts:

- Boxes: rectangles, ellipses, diamonds, pictures, closed lines, freehand boxes around words, icons
  of several grouped pieces, and bare words that an arrow meets. Ornaments are part of their box.
- Labels: bound text, then text in the box, grouped with it or beside it. Of a deleted box nothing
  is left, its text neither. Words that lay there before a text board drew an arrow are not its
  label; `customData.over` is the foremost layer that there was then.
- Zones: frames, outlines around other boxes, and what the palette made as one.
- Arrows: their bindings, or else what their ends are near or point at; each end says how it was
  found, and an arrow that rests on a guess is among the board's `guesses`. The heads give the
  direction. An arrow that is bound twice to one box is a loop; one that merely ends there twice is
  not. An end at a zone is a guess: the only component in it, or any of several. A line without
  heads is an arrow that is not directed.
- Kinds: what the label names, or else what the palette made (`customData.kind`). The palette's
  kind holds against the label while that is still the one it was made with (`customData.label`).
- What nobody claims is a note, and so is what exceeds the size of a board.

Which rules these are in detail stands in the modules that it goes through, in this order:
`scene_parts.py`, `scene_groups.py` with `scene_loops.py`, `scene_zones.py`, `scene_labels.py`,
`scene_ends.py`, `scene_claims.py`, `scene_board.py` with `scene_arrows.py` and `scene_naming.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from whiteboard.board import Board
from whiteboard.scene_arrows import ReadArrow
from whiteboard.scene_board import draw_board
from whiteboard.scene_claims import settle_claims
from whiteboard.scene_ends import Found, find_joints, stop_at_zones
from whiteboard.scene_groups import see
from whiteboard.scene_labels import absorb_ornaments, label_shapes
from whiteboard.scene_naming import Name
from whiteboard.scene_parts import read_parts
from whiteboard.scene_zones import find_zones, place_words

__all__ = ["Found", "ReadArrow", "SceneReading", "read_scene"]


@dataclass(frozen=True)
class SceneReading:
    """What a scene shows, and where on the canvas each part of it is.

    `elements` gives by the id of a component the id of its element, and `zones` by that of a zone,
    since a component and a zone may share an id. `arrows` are in the order of element ids, those
    among them of which an end meets nothing. `texts` gives by element the texts that name it,
    bound to it or not, and `pieces` what else makes one thing with it.
    """

    board: Board
    elements: Mapping[str, str]
    arrows: tuple[ReadArrow, ...]
    zones: Mapping[str, str]
    texts: Mapping[str, tuple[str, ...]]
    pieces: Mapping[str, tuple[str, ...]]


def read_scene(elements: object) -> SceneReading:
    """What the elements of a canvas show; an empty board for anything that is no list of them."""
    seen = see(read_parts(elements))
    words = place_words(seen)
    zones = find_zones(seen, words)
    labels = label_shapes(seen, words, zones)
    absorb_ornaments(seen, zones, labels)
    joints = find_joints(seen, zones, labels)
    joints = settle_claims(seen, words, zones, labels, joints)
    joints = stop_at_zones(joints, {key: seen.shapes[key] for key in sorted(zones)})
    notes = [text.words for text in (*words.notes, *labels.loose.values())]
    drawn = draw_board(seen, zones, labels, joints, notes)
    return SceneReading(
        board=drawn.board,
        elements=_elements(drawn.components),
        arrows=drawn.arrows,
        zones=_elements(drawn.zones),
        texts=_by_element(
            (seen.stands_for.get(named, named), text) for text, named in labels.names.items()
        ),
        pieces=_by_element((element, piece) for piece, element in seen.stands_for.items()),
    )


def _by_element(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for element, belonging in sorted(pairs):
        found[element].append(belonging)
    return {element: tuple(belonging) for element, belonging in found.items()}


def _elements(names: Mapping[str, Name]) -> dict[str, str]:
    return {name.id: element for element, name in names.items()}
