"""Where everything on a text board goes: boxes in columns, zones around them, arrows between.

`lay_out` tries the flow to the right and downward and takes what is easier to read as a picture.
Equal boards are laid out equally. The columns come from `cells.py`, the order in them from
`ordering.py`, the distances from `sizing.py` and `spacing.py`, the ways from `routing.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from whiteboard.board import Board
from whiteboard.cells import Plan, Run, plan_board
from whiteboard.geometry import Point, centred
from whiteboard.ordering import order_cells
from whiteboard.places import ARROW_GAP, Flow, Layout, PlacedBox, PlacedZone, Route, outline
from whiteboard.routing import Columns, Step, assign_tracks, middle_on, place_along, trace
from whiteboard.sizing import Loop, Sizes
from whiteboard.spacing import Placement, place_across

_NO_SIZES: Final[Mapping[str, tuple[float, float]]] = MappingProxyType({})
_WELL_READ: Final = (1200.0, 800.0)
"""A board up to this size is easy to read as a picture, in pixels."""


def lay_out(board: Board, least: Mapping[str, tuple[float, float]] = _NO_SIZES) -> Layout:
    """Place all parts of a board, but its notes; arrows with an unknown end are left out.

    `least` gives the width and height that components have at least, by their ids.
    """
    plan = plan_board(board)
    order_cells(plan)
    layouts = [_Drawing(plan, Sizes(board, plan, flow, least)).layout() for flow in Flow]
    return max(layouts, key=_legibility)


def _legibility(layout: Layout) -> float:
    """How large it can be shown in a picture of a usual form; 1 where nothing is made smaller."""
    bounds = layout.bounds
    return min(1.0, _WELL_READ[0] / max(bounds.width, 1), _WELL_READ[1] / max(bounds.height, 1))


class _Drawing:
    """A plan in one direction of the flow."""

    def __init__(self, plan: Plan, sizes: Sizes) -> None:
        self._plan, self._sizes, self._flow = plan, sizes, sizes.flow
        measures = sizes.measures()
        self._placement: Placement = place_across(plan, measures)
        middles = self._placement.middles
        ports = sizes.straightened(measures.ports, middles)
        self._steps = [
            Step(index, middles[wire.upper] + leaving, middles[wire.lower] + entering)
            for index, (wire, (leaving, entering)) in enumerate(zip(plan.wires, ports, strict=True))
        ]
        gaps: list[list[Step]] = [[] for _ in range(plan.columns)]
        for step in self._steps:
            gaps[plan.cells[plan.wires[step.wire].upper].layer].append(step)
        tracks = [assign_tracks(gap) for gap in gaps]
        self._tracks = {wire: track for gap in tracks for wire, track in gap.items()}
        counts = [max(gap.values(), default=-1) + 1 for gap in tracks]
        self._columns: Columns = place_along(sizes.widths(counts))

    def layout(self) -> Layout:
        """Place everything."""
        boxes = self._boxes()
        routes = {run.arrow: self._route(run) for run in self._plan.runs}
        for part, loops in self._sizes.loops.items():
            routes |= {loop.arrow: self._loop_route(boxes[part], loop) for loop in loops}
        return Layout(boxes, self._zones(), dict(sorted(routes.items())))

    def _boxes(self) -> dict[str, PlacedBox]:
        placed: dict[str, PlacedBox] = {}
        for index, cell in enumerate(self._plan.cells):
            if cell.component is not None:
                box = self._sizes.boxes[cell.component]
                middle = self._flow.turn(self._middle(cell.layer), self._placement.middles[index])
                placed[cell.component] = PlacedBox(box, centred(middle, box.width, box.height))
        return placed

    def _zones(self) -> dict[str, PlacedZone]:
        before, behind = self._sizes.nesting(first=True), self._sizes.nesting(first=False)
        placed: dict[str, PlacedZone] = {}
        for zone, span in self._plan.spans.items():
            along = (
                self._columns.starts[span[0]] - before[zone],
                self._columns.ends[span[-1]] + behind[zone],
            )
            rect = self._flow.rect(along, self._placement.zones[zone])
            placed[zone] = PlacedZone(self._sizes.titles[zone], rect)
        return placed

    def _middle(self, layer: int) -> float:
        return (self._columns.starts[layer] + self._columns.ends[layer]) / 2

    def _route(self, run: Run) -> Route:
        wires = {(wire.arrow, wire.upper): at for at, wire in enumerate(self._plan.wires)}
        steps = [self._steps[wires[run.arrow, cell]] for cell in run.cells[:-1]]
        layers = [self._plan.cells[cell].layer for cell in run.cells]
        corners = trace(layers, steps, self._tracks, self._columns)
        corners[0] = self._touch(run.cells[0], corners[0], leaving=True)
        corners[-1] = self._touch(run.cells[-1], corners[-1], leaving=False)
        label_at = next((i for i in run.cells if self._plan.cells[i].labelled), None)
        place = None
        if label_at is not None:
            layer = self._plan.cells[label_at].layer
            place = Point(self._middle(layer), self._placement.middles[label_at])
        return self._turned(run.arrow, corners[::-1] if run.flipped else corners, place)

    def _touch(self, cell: int, corner: Point, *, leaving: bool) -> Point:
        """The end of an arrow at the outline of its component, at the height of the corner."""
        part = self._plan.cells[cell].component or ""
        along, across = self._sizes.box_size(part)
        offset = corner.y - self._placement.middles[cell]
        shape = self._sizes.boxes[part].look.shape
        reach = outline(shape, along / 2, across / 2, offset) + ARROW_GAP
        middle = self._middle(self._plan.cells[cell].layer)
        return Point(middle + reach if leaving else middle - reach, corner.y)

    def _turned(self, arrow: int, corners: Sequence[Point], place: Point | None) -> Route:
        """A route in x and y, from corners along and across the flow."""
        label = self._sizes.labels[arrow]
        if place is not None:
            corners = middle_on(corners, place)
        points = tuple(self._flow.turn(*corner) for corner in corners)
        if place is None:
            return Route(points, label, None)
        return Route(points, label, centred(self._flow.turn(*place), label.width, label.height))

    def _loop_route(self, placed: PlacedBox, loop: Loop) -> Route:
        """Out of the side across the flow, along, and back in again."""
        middle = self._flow.turn(*placed.rect.centre)
        along, across = self._flow.turn(placed.rect.width, placed.rect.height)
        shape = placed.box.look.shape
        edge = middle.y + outline(shape, across / 2, along / 2, loop.half) + ARROW_GAP
        far = middle.y + across / 2 + loop.depth
        corners = [
            Point(middle.x - loop.half, edge),
            Point(middle.x - loop.half, far),
            Point(middle.x + loop.half, far),
            Point(middle.x + loop.half, edge),
        ]
        place = Point(middle.x, far) if self._sizes.labels[loop.arrow].lines else None
        return self._turned(loop.arrow, corners, place)
