"""A text board as an ordinary scene of the canvas, and a scene brought up to date with a board.

Ids tell where an element comes from: `c:` and the id of a component, `z:` and the id of a zone,
`a:` for arrows, `t:` for the texts. A board gives the same elements whenever it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from whiteboard.board import Arrow, Board
from whiteboard.boxes import (
    ARROW_LABEL_SIZE,
    LABEL_SIZE,
    NOTE_SIZE,
    TITLE_SIZE,
    measure_label,
)
from whiteboard.element_forms import (
    Lettering,
    arrow_element,
    bind_text,
    digest,
    fractional_index,
    shape_element,
    text_element,
)
from whiteboard.geometry import Point, Rect
from whiteboard.layout import lay_out
from whiteboard.palette import ZONE
from whiteboard.places import PlacedBox, PlacedZone, Route

NOTE_WIDTH: Final = 480
_NOTES_BELOW: Final = 90.0
_NOTE_GAP: Final = 26.0

Drawn = list[dict[str, Any]]
"""Elements while they are drawn."""


def board_elements(board: Board) -> list[dict[str, Any]]:
    """The elements that show a board on an empty canvas, in the order in which they are drawn.

    An arrow with an unknown end is left out.
    """
    layout = lay_out(board)
    elements: Drawn = []
    depths = {
        zone: sum(z.rect.holds(placed.rect) for z in layout.zones.values())
        for zone, placed in layout.zones.items()
    }
    for zone in sorted(board.zones, key=lambda zone: depths[zone.id]):
        elements += draw_zone(zone.id, zone.label, layout.zones[zone.id])
    for part in board.components:
        elements += draw_component(part.id, part.label, layout.boxes[part.id])
    shapes = {element["id"]: element for element in elements}
    for index, route in layout.routes.items():
        elements += draw_arrow(board.arrows[index], route, shapes)
    elements += draw_notes(board.notes, layout.bounds)
    for place, element in enumerate(elements):
        element["index"] = fractional_index(place)
        element["boundElements"] = element["boundElements"] or None
    return elements


def component_element_id(component: str) -> str:
    """The id of the element that a component of a text board becomes."""
    return f"c:{component}"


def zone_element_id(zone: str) -> str:
    """The id of the element that a zone of a text board becomes."""
    return f"z:{zone}"


def arrow_element_id(arrow: Arrow) -> str:
    """The id of the element that an arrow of a text board becomes."""
    return f"a:{digest(arrow.source, arrow.target, arrow.label)}"


def draw_zone(zone: str, label: str, placed: PlacedZone) -> Drawn:
    """A zone and its title."""
    shape = shape_element(zone_element_id(zone), ZONE, placed.rect, label)
    if not placed.title.lines:
        return [shape]
    lettering = Lettering(TITLE_SIZE, ZONE.stroke, "left", "top")
    corner = Point(*placed.title_rect[:2])
    text = text_element(f"t:{shape['id']}", label, placed.title, corner, lettering)
    return [shape, bind_text(text, shape)]


def draw_component(component: str, label: str, placed: PlacedBox) -> Drawn:
    """A box and its label."""
    element_id = component_element_id(component)
    shape = shape_element(element_id, placed.box.look, placed.rect, label)
    measured = placed.box.label
    if not measured.lines:
        return [shape]
    corner = _corner_around(placed.rect.centre, measured.width, measured.height)
    text = text_element(f"t:{element_id}", label, measured, corner, Lettering(LABEL_SIZE))
    return [shape, bind_text(text, shape)]


def draw_arrow(arrow: Arrow, route: Route, shapes: Mapping[str, dict[str, Any]]) -> Drawn:
    """An arrow between two drawn components, and its label."""
    ends = [shapes[component_element_id(end)] for end in (arrow.source, arrow.target)]
    drawn = arrow_element(arrow_element_id(arrow), route.points, ends[0], ends[1])
    if route.label_at is None:
        return [drawn]
    corner = Point(*route.label_at[:2])
    lettering = Lettering(ARROW_LABEL_SIZE)
    text = text_element(f"t:{drawn['id']}", arrow.label, route.label, corner, lettering)
    return [drawn, bind_text(text, drawn)]


def draw_notes(notes: tuple[str, ...], above: Rect) -> Drawn:
    """The notes as free texts, one under the other, below what is drawn."""
    elements: Drawn = []
    top = above.bottom + _NOTES_BELOW if above.height else above.y
    for note in notes:
        label = measure_label(note, NOTE_WIDTH, NOTE_SIZE)
        corner, lettering = Point(above.x, top), Lettering(NOTE_SIZE, align="left", vertical="top")
        text = text_element(f"t:n:{digest(note)}", note, label, corner, lettering)
        elements.append(text | {"autoResize": False, "width": NOTE_WIDTH})
        top += label.height + _NOTE_GAP
    return elements


def _corner_around(centre: Point, width: float, height: float) -> Point:
    return Point(centre.x - width / 2, centre.y - height / 2)
