"""The parts of a board drawn where the layout puts them, as elements of the canvas.

Ids tell where an element comes from: `c:` and the id of a component, `z:` and the id of a zone,
`a:` for arrows, `t:` for the texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

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
    shape_element,
    text_element,
)
from whiteboard.geometry import Point, Rect
from whiteboard.palette import ZONE
from whiteboard.places import Layout, PlacedBox, PlacedZone, Route

NOTE_WIDTH: Final = 480
_NOTES_BELOW: Final = 90.0
_NOTE_GAP: Final = 26.0

Drawn: TypeAlias = dict[str, Any]
"""An element while it is drawn."""


def component_element_id(component: str) -> str:
    """The id of the element that a component of a text board becomes."""
    return f"c:{component}"


def zone_element_id(zone: str) -> str:
    """The id of the element that a zone of a text board becomes."""
    return f"z:{zone}"


def arrow_element_id(arrow: Arrow) -> str:
    """The id of the element that an arrow of a text board becomes."""
    undirected = () if arrow.directed else ("--",)
    return f"a:{digest(arrow.source, arrow.target, arrow.label, *undirected)}"


def draw_layout(board: Board, layout: Layout) -> list[Drawn]:
    """All of a board but its notes: zones from the outermost inward, components, arrows."""
    elements: list[Drawn] = []
    for zone in sorted(board.zones, key=lambda zone: _depth(layout.zones[zone.id], layout)):
        elements += draw_zone(zone.id, zone.label, layout.zones[zone.id])
    shapes: dict[str, Drawn] = {}
    for part in board.components:
        drawn = draw_component(part.id, part.label, layout.boxes[part.id])
        shapes[part.id] = drawn[0]
        elements += drawn
    for index, route in layout.routes.items():
        elements += draw_arrow(board.arrows[index], route, shapes)
    return elements


def _depth(placed: PlacedZone, layout: Layout) -> int:
    return sum(other.rect.holds(placed.rect) for other in layout.zones.values())


def draw_zone(zone: str, label: str, placed: PlacedZone) -> list[Drawn]:
    """A zone and its title."""
    shape = shape_element(zone_element_id(zone), ZONE, placed.rect, label)
    if not placed.title.lines:
        return [shape]
    lettering = Lettering(TITLE_SIZE, ZONE.stroke, "left", "top")
    corner = Point(*placed.title_rect[:2])
    text = text_element(f"t:{shape['id']}", label, placed.title, corner, lettering)
    return [shape, bind_text(text, shape)]


def draw_component(component: str, label: str, placed: PlacedBox) -> list[Drawn]:
    """A box and its label."""
    element_id = component_element_id(component)
    shape = shape_element(element_id, placed.box.look, placed.rect, label)
    measured = placed.box.label
    if not measured.lines:
        return [shape]
    corner = _corner_around(placed.rect.centre, measured.width, measured.height)
    text = text_element(f"t:{element_id}", label, measured, corner, Lettering(LABEL_SIZE))
    return [shape, bind_text(text, shape)]


def draw_arrow(
    arrow: Arrow, route: Route, shapes: Mapping[str, Drawn], element_id: str = ""
) -> list[Drawn]:
    """An arrow between two drawn components, and its label; `shapes` are by component id.

    One that is not directed has no head.
    """
    ends = [shapes[end] for end in (arrow.source, arrow.target)]
    drawn = arrow_element(element_id or arrow_element_id(arrow), route.points, ends[0], ends[1])
    if not arrow.directed:
        drawn["endArrowhead"] = None
    if route.label_at is None:
        return [drawn]
    corner = Point(*route.label_at[:2])
    lettering = Lettering(ARROW_LABEL_SIZE)
    text = text_element(f"t:{drawn['id']}", arrow.label, route.label, corner, lettering)
    return [drawn, bind_text(text, drawn)]


def draw_notes(notes: tuple[str, ...], above: Rect) -> list[Drawn]:
    """The notes as free texts, one under the other, below what is drawn."""
    elements: list[Drawn] = []
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
