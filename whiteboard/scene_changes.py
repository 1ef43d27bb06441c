"""What must change of a drawn scene so that it shows another board.

What stays is left where the candidate put it. What is new, or stands in another zone than before,
is laid out as a block of its own: beside the board, or in room that is made at its zone's edge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from whiteboard.board import Arrow, Board, Component, Zone, clean_label
from whiteboard.boxes import LABEL_SIZE, TITLE_SIZE, Label, measure_arrow_label, measure_label
from whiteboard.drawing import (
    Drawn,
    arrow_element_id,
    component_element_id,
    draw_arrow,
    draw_layout,
    draw_notes,
    zone_element_id,
)
from whiteboard.element_forms import (
    Lettering,
    bind_text,
    text_element,
)
from whiteboard.elements import Element, clean_element, wins
from whiteboard.excalidraw import SceneReading
from whiteboard.free_routes import End, route_freely, ways_for_each
from whiteboard.geometry import Point, centred
from whiteboard.layout import lay_out
from whiteboard.palette import TRUST_BOUNDARY, ZONE, Shape, look_of
from whiteboard.places import TITLE_INSET, Route, moved
from whiteboard.scene_adoption import COMPONENTS, ZONES, adopt, make_way
from whiteboard.scene_looks import Looks
from whiteboard.scene_room import Axis, bounds_of, element_rect, make_room
from whiteboard.scene_versions import newer_states
from whiteboard.sketch_draft import identify

_BESIDE: Final = 100.0
_ZONE_HEAD: Final = 56.0
_ZONE_PAD: Final = 28.0
_WIDE: Final = 1.6
_NOTE_LENGTH: Final = 400
_SHAPES: Final = ("rectangle", "ellipse", "diamond")


class Revision:
    """One scene on its way to another board."""

    def __init__(self, elements: Iterable[Element], reading: SceneReading, board: Board) -> None:
        self._reading, self._before, self._board = reading, reading.board, board
        self._old: dict[str, Element] = {}
        for element in map(clean_element, elements):
            if element is not None and wins(element, self._old.get(element["id"])):
                self._old[element["id"]] = element
        # No value in an element is changed in place, so that they need not be copied.
        self._now: dict[str, Drawn] = {
            key: dict(element) for key, element in self._old.items() if not element["isDeleted"]
        }
        self._naming = frozenset((*reading.elements.values(), *chain(*reading.texts.values())))
        self._top = max((one["index"] or "" for one in self._now.values()), default="")
        self._boxes: dict[str, str] = {}
        self._zones: dict[str, str] = {}
        self._kept_zones: frozenset[str] = frozenset()
        self._drawn_arrows: set[Arrow] = set()
        self._looks = Looks(self._old)

    def changes(self) -> list[Drawn]:
        """The elements that differ afterwards, with higher versions."""
        self._keep()
        make_way(self._now, self._boxes, [part.id for part in self._board.components], COMPONENTS)
        make_way(self._now, self._zones, [zone.id for zone in self._board.zones], ZONES)
        self._relabel()
        for home in (None, *sorted(self._kept_zones)):
            self._place_block(home)
        self._connect()
        old = self._looks.put_on(self._now)
        self._boxes = {part: old.get(element, element) for part, element in self._boxes.items()}
        adopt(self._now, self._boxes, self._board.components, COMPONENTS)
        adopt(self._now, self._zones, self._board.zones, ZONES)
        self._annotate()
        return newer_states(self._now, self._old)

    # What stays

    def _keep(self) -> None:
        """Note what stays, and delete the rest: what is gone, and what will stand elsewhere."""
        wanted = {zone.id: zone.parent for zone in self._board.zones}
        present = {zone.id: zone.parent for zone in self._before.zones}
        for zone in self._before.zones:
            element = self._reading.zones[zone.id]
            if element in self._now and _chain(zone.id, present) == _chain(zone.id, wanted):
                self._zones[zone.id] = element
        self._kept_zones = frozenset(self._zones)
        wanted_parts = {part.id: part for part in self._board.components}
        for part in self._before.components:
            element = self._reading.elements[part.id]
            if element in self._now and self._stays(part, wanted_parts.get(part.id), element):
                self._boxes[part.id] = element
            elif element in self._now and part.id in wanted_parts:
                self._note_look(part, wanted_parts[part.id], element)
        self._drop_the_rest()
        self._keep_arrows()
        self._pin_zones()

    def _stays(self, part: Component, wanted: Component | None, element: str) -> bool:
        """Whether a component can be left where it is.

        Words without a box cannot be relabelled, and are a component only while arrows meet them.
        """
        if wanted is None or wanted.zone != part.zone:
            return False
        if self._now[element]["type"] not in _SHAPES:
            ends = {one for one in self._before.arrows if part.id in (one.source, one.target)}
            if wanted != part or not ends <= set(self._board.arrows):
                return False
        return part.zone is None or part.zone in self._kept_zones

    def _note_look(self, part: Component, wanted: Component, element: str) -> None:
        """Remember how a box was drawn that will stand elsewhere.

        What a text has drawn looks as its kind does, so it has another look with another kind.
        """
        own = component_element_id(part.id)
        if self._now[element]["type"] in _SHAPES and (element != own or part.kind is wanted.kind):
            self._looks.note(own, element, keep_id=identify(wanted.label) != part.id)

    def _drop_the_rest(self) -> None:
        for zone in self._before.zones:
            if zone.id not in self._zones:
                self._drop_labelled(self._reading.zones[zone.id])
        for part in self._before.components:
            if part.id not in self._boxes:
                self._drop_labelled(self._reading.elements[part.id])

    def _keep_arrows(self) -> None:
        wanted = set(self._board.arrows)
        for arrow in self._reading.arrows:
            shown = set(arrow.board_arrows())
            ends = {end for one in shown for end in (one.source, one.target)}
            if shown <= wanted and ends <= self._boxes.keys():
                self._drawn_arrows |= shown
                continue
            if len(shown) == 1 and self._now.get(arrow.element, {}).get("type") == "arrow":
                self._looks.note(arrow_element_id(shown.pop()), arrow.element)
            self._drop_words(arrow.element)
            self._drop(arrow.element)

    def _drop_labelled(self, element_id: str) -> None:
        self._drop_words(element_id)
        self._drop_pieces(element_id)
        self._drop(element_id)

    def _drop_pieces(self, element_id: str) -> None:
        """Delete what makes one thing with an element."""
        for piece in self._reading.pieces.get(element_id, ()):
            self._drop(piece)

    def _drop_words(self, element_id: str) -> None:
        """Delete the texts that name what was drawn as this element, but those bound to it."""
        for text in self._reading.texts.get(element_id, ()):
            if self._now.get(text, {}).get("containerId") != element_id:
                self._now.pop(text, None)

    def _drop(self, element_id: str) -> None:
        """Delete an element and the texts that are bound to it."""
        self._now.pop(element_id, None)
        for key in [k for k, one in self._now.items() if one.get("containerId") == element_id]:
            del self._now[key]

    def _pin_zones(self) -> None:
        """Say of zones that lose what stands in them that they are zones, should they be empty."""
        left = {part.id: part.zone for part in self._board.components}
        left_zones = {zone.id: zone.parent for zone in self._board.zones}
        emptied = {part.zone for part in self._before.components if left.get(part.id) != part.zone}
        emptied |= {
            zone.parent for zone in self._before.zones if left_zones.get(zone.id) != zone.parent
        }
        for key in sorted(self._kept_zones & emptied):
            shape = self._now[self._zones[key]]
            if shape["type"] != "frame" and not shape["id"].startswith(ZONES.prefix):
                custom = dict(shape.get("customData") or {})
                shape["customData"] = custom | {"kind": TRUST_BOUNDARY}

    # What is called otherwise

    def _relabel(self) -> None:
        parts = {part.id: part for part in self._before.components}
        for part in self._board.components:
            if part.id in self._boxes and self._boxes[part.id] in self._now:
                self._relabel_box(part, parts[part.id])
        zones = {zone.id: zone for zone in self._before.zones}
        for zone in self._board.zones:
            changed = zone.id in self._zones and zone.label != zones[zone.id].label
            if changed and self._zones[zone.id] in self._now:
                self._relabel_zone(zone)

    def _relabel_box(self, part: Component, before: Component) -> None:
        box = self._now[self._boxes[part.id]]
        if part.label != before.label:
            self._drop_words(self._reading.elements[part.id])
            label = measure_label(part.label, max(60, box["width"] - 20), LABEL_SIZE)
            box["height"] = max(box["height"], label.height + 20)
            corner = centred(element_rect(box).centre, label.width, label.height)
            self._letter(box, part.label, label, Point(*corner[:2]), Lettering(LABEL_SIZE))
        if (part.label, part.kind) != (before.label, before.kind):
            look = look_of(part.kind)
            box["customData"] = {"kind": part.kind.value, "label": part.label}
            if box["id"] == component_element_id(part.id):
                box["backgroundColor"], box["strokeColor"] = look.fill, look.stroke

    def _relabel_zone(self, zone: Zone) -> None:
        shape = self._now[self._zones[zone.id]]
        shape["customData"] = dict(shape.get("customData") or {}) | {"label": zone.label}
        if shape["type"] in ("frame", "magicframe"):
            shape["name"] = zone.label
            return
        self._drop_words(self._reading.zones[zone.id])
        label = measure_label(zone.label, max(60, shape["width"] - 2 * TITLE_INSET.x), TITLE_SIZE)
        corner = Point(shape["x"] + TITLE_INSET.x, shape["y"] + TITLE_INSET.y)
        lettering = Lettering(TITLE_SIZE, ZONE.stroke, "left", "top")
        self._letter(shape, zone.label, label, corner, lettering)

    def _letter(
        self, shape: Drawn, text: str, label: Label, corner: Point, lettering: Lettering
    ) -> None:
        """Write a text on a shape in place of those that were bound to it."""
        bound = [k for k, one in self._now.items() if one.get("containerId") == shape["id"]]
        for key in bound:
            del self._now[key]
        written = text_element(
            bound[0] if bound else f"t:{shape['id']}", text, label, corner, lettering
        )
        shape["boundElements"] = list(shape.get("boundElements") or ())
        self._now[written["id"]] = bind_text(written, shape)

    # What is new

    def _place_block(self, home: str | None) -> None:
        """Draw what is new in a zone that is there already, or outside of all."""
        block = self._block(home)
        if not block.components and not block.zones:
            return
        layout = lay_out(block, self._looks.sizes(block))
        corner = self._room_for(home, layout.bounds.width, layout.bounds.height)
        layout = moved(layout, Point(corner.x - layout.bounds.x, corner.y - layout.bounds.y))
        frame = self._now.get(self._zones.get(home or "", ""), {})
        for element in draw_layout(block, layout):
            if frame.get("type") == "frame":
                element["frameId"] = frame["id"]
            self._draw(element)
        self._boxes |= {part.id: component_element_id(part.id) for part in block.components}
        self._zones |= {zone.id: zone_element_id(zone.id) for zone in block.zones}
        self._drawn_arrows |= {block.arrows[index] for index in layout.routes}

    def _block(self, home: str | None) -> Board:
        """The new parts whose place is in this zone, as a board of their own."""
        parents = {zone.id: zone.parent for zone in self._board.zones}
        kept = self._kept_zones

        def stands_in(zone: str | None) -> bool:
            return next((z for z in _chain(zone, parents) if z in kept), None) == home

        zones = [
            replace(zone, parent=None if zone.parent == home else zone.parent)
            for zone in self._board.zones
            if zone.id not in kept and stands_in(zone.parent)
        ]
        parts = [
            replace(part, zone=None if part.zone == home else part.zone)
            for part in self._board.components
            if part.id not in self._boxes and stands_in(part.zone)
        ]
        ids = {part.id for part in parts}
        arrows = [arrow for arrow in self._board.arrows if {arrow.source, arrow.target} <= ids]
        return Board(tuple(parts), tuple(arrows), tuple(zones))

    def _room_for(self, home: str | None, width: float, height: float) -> Point:
        """Where a block of this size can stand."""
        if home is None:
            bounds = bounds_of(self._now.values())
            if not self._now:
                return Point(0, 0)
            if bounds.width > _WIDE * bounds.height:
                return Point(bounds.x, bounds.bottom + _BESIDE)
            return Point(bounds.right + _BESIDE, bounds.y)
        zone, zones = self._now[self._zones[home]], set(self._zones.values())
        rect = element_rect(zone)
        make_room(self._now, zones, Axis.X, rect.right, width + _ZONE_PAD)
        lacking = rect.y + _ZONE_HEAD + height + _ZONE_PAD - rect.bottom
        if lacking > 0:
            make_room(self._now, zones, Axis.Y, rect.bottom, lacking)
        return Point(rect.right, rect.y + _ZONE_HEAD)

    def _connect(self) -> None:
        """Draw the arrows that are not there yet."""
        shapes = {
            part: self._now[element]
            for part, element in self._boxes.items()
            if element in self._now
        }
        ends = {part: _end(shape) for part, shape in shapes.items()}
        titles = [
            element_rect(element)
            for element in self._now.values()
            if element.get("containerId") in self._zones.values()
        ]
        new = [arrow for arrow in self._board.arrows if arrow not in self._drawn_arrows]
        ways = ways_for_each(len(new), len(ends) + len(titles))
        for arrow in new:
            joined = {arrow.source, arrow.target}
            if joined <= shapes.keys():
                others = [end.rect for part, end in ends.items() if part not in joined]
                obstacles = [*others, *titles]
                points = route_freely(ends[arrow.source], ends[arrow.target], obstacles, ways)
                self._draw_arrow(arrow, points, shapes)

    def _draw_arrow(
        self, arrow: Arrow, points: Sequence[Point], shapes: Mapping[str, Drawn]
    ) -> None:
        for end in (arrow.source, arrow.target):
            shapes[end]["boundElements"] = list(shapes[end].get("boundElements") or ())
        label = measure_arrow_label(arrow.label)
        place = centred(_middle(points), label.width, label.height) if arrow.label else None
        element_id = arrow_element_id(arrow)
        while element_id in self._now:
            element_id += "+"
        route = Route(tuple(points), label, place)
        for element in draw_arrow(arrow, route, shapes, element_id):
            self._draw(element)

    def _draw(self, element: Drawn) -> None:
        """Put in what is new; an arrow says over what it was drawn, for no such words are its."""
        if element["type"] == "arrow" and self._top:
            element["customData"] = {"over": self._top}
        self._now[element["id"]] = element

    def _annotate(self) -> None:
        """Write the new notes below everything, and delete those that are gone."""
        gone = set(self._before.notes) - set(self._board.notes)
        for key in [key for key, one in self._now.items() if self._says(one, gone)]:
            del self._now[key]
        new = tuple(note for note in self._board.notes if note not in self._before.notes)
        for element in draw_notes(new, bounds_of(self._now.values())):
            self._now[element["id"]] = element

    def _says(self, element: Element, notes: Collection[str]) -> bool:
        """Whether an element is a text with the words of a note that names nothing."""
        if element["type"] != "text" or not notes or element["id"] in self._naming:
            return False
        written = clean_label(element["originalText"], _NOTE_LENGTH)
        return written in notes or clean_label(written) in notes


def _chain(zone: str | None, parents: Mapping[str, str | None]) -> list[str]:
    """The zone and those around it; empty for one that is not there."""
    chain: list[str] = []
    while zone is not None and zone in parents and zone not in chain:
        chain.append(zone)
        zone = parents[zone]
    return chain


def _end(shape: Element) -> End:
    round_or_square = {"ellipse": Shape.ELLIPSE, "diamond": Shape.DIAMOND}
    return End(round_or_square.get(shape["type"], Shape.RECTANGLE), element_rect(shape))


def _middle(points: Sequence[Point]) -> Point:
    """Where the canvas writes the label of an arrow."""
    half = len(points) // 2
    one, other = points[half], points[half if len(points) % 2 else half - 1]
    return Point((one.x + other.x) / 2, (one.y + other.y) / 2)
