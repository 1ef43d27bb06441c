"""The sizes of a planned board in one direction of its flow: what each cell, column, zone needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from whiteboard.board import Board
from whiteboard.boxes import (
    LEAST_PORT_GAP,
    PORT_SHARE,
    TITLE_SIZE,
    Box,
    Label,
    measure_arrow_label,
    measure_box,
    measure_label,
)
from whiteboard.cells import Cell, Plan
from whiteboard.places import TITLE_INSET, Flow
from whiteboard.routing import Widths, port_offsets, settle_ports
from whiteboard.spacing import Margins, Measures, Reach

_BOX_MARGIN: Final = 16.0
_LABEL_MARGIN: Final = 5.0
_PASS_REACH: Final = 8.0
_EMPTY_ZONE: Final = (110.0, 40.0)
_ZONE_PAD: Final = 28.0
_ZONE_FOOT: Final = 10.0
_BETWEEN_ZONES: Final = 20.0
_CLEAR_OF_BOXES: Final = 36.0
_CLEAR_OF_LABELS: Final = 14.0
_LOOP_DEPTH: Final = 30.0
_LOOP_STEP: Final = 16.0
_TITLE_WIDTHS: Final = (110, 150, 210, 300, 600)


class Loop(NamedTuple):
    """An arrow back to its own component: half its width along the flow, and how far out it goes.

    `reach` is what it covers from the edge of the box, with its label.
    """

    arrow: int
    half: float
    depth: float
    reach: float


class Sizes:
    """A plan measured for one direction."""

    def __init__(
        self, board: Board, plan: Plan, flow: Flow, least: Mapping[str, tuple[float, float]]
    ) -> None:
        self.flow = flow
        self._plan = plan
        self._sides = _wires_by_side(plan)
        self.labels = [measure_arrow_label(arrow.label) for arrow in board.arrows]
        self.loops = {part: self._measure_loops(arrows) for part, arrows in plan.loops.items()}
        self.boxes = self._measure_boxes(board, least)
        rows = plan.by_layer()
        self.columns = [max((self._along(plan.cells[i]) for i in row), default=0.0) for row in rows]
        self.titles = {zone.id: self._measure_title(zone.id, zone.label) for zone in board.zones}

    def measures(self) -> Measures:
        """What the cells and zones need across the flow."""
        return Measures(
            reaches=[self._reach(cell) for cell in self._plan.cells],
            margins={zone: self._margins(title) for zone, title in self.titles.items()},
            ports=self._ports(),
            between=_BETWEEN_ZONES,
        )

    def widths(self, tracks: Sequence[int]) -> list[Widths]:
        """What the columns need along the flow, with so many tracks behind each."""
        before = self.nesting(first=True)
        behind = self.nesting(first=False)
        levels = [[0.0, 0.0] for _ in self.columns]
        for zone, span in self._plan.spans.items():
            levels[span[0]][0] = max(levels[span[0]][0], before[zone])
            levels[span[-1]][1] = max(levels[span[-1]][1], behind[zone])
        rows = self._plan.by_layer()
        return [
            Widths(column, *level, tracks=count, clear=self._clearance(row))
            for column, level, count, row in zip(self.columns, levels, tracks, rows, strict=True)
        ]

    def nesting(self, *, first: bool) -> dict[str, float]:
        """How far each zone's edge lies outside its first (or last) column, over inner zones."""
        ends = {zone: span[0 if first else -1] for zone, span in self._plan.spans.items()}
        distances: dict[str, float] = {}

        def measure(zone: str) -> float:
            inner = [child for child in self._plan.order[zone] if isinstance(child, str)]
            within = [measure(child) for child in inner]
            same = [d for c, d in zip(inner, within, strict=True) if ends[c] == ends[zone]]
            distances[zone] = max(same, default=0.0) + _ZONE_PAD
            return distances[zone]

        for child in self._plan.order[None]:
            if isinstance(child, str):
                measure(child)
        return distances

    def box_size(self, part: str) -> tuple[float, float]:
        """The size of a component's box along and across the flow."""
        return self.flow.turn(self.boxes[part].width, self.boxes[part].height)

    def label_size(self, arrow: int) -> tuple[float, float]:
        """The size of an arrow's label along and across the flow."""
        return self.flow.turn(self.labels[arrow].width, self.labels[arrow].height)

    def _measure_boxes(
        self, board: Board, least: Mapping[str, tuple[float, float]]
    ) -> dict[str, Box]:
        ports = {
            cell.component: max(len(self._sides.get((index, side), ())) for side in (True, False))
            for index, cell in enumerate(self._plan.cells)
            if cell.component is not None
        }
        boxes: dict[str, Box] = {}
        for part in board.components:
            loops = max((2 * loop.half for loop in self.loops.get(part.id, ())), default=0.0)
            wide, high = self.flow.turn(loops, ports[part.id] * LEAST_PORT_GAP)
            boxes[part.id] = measure_box(part, wide, high, least.get(part.id, (0, 0)))
        return boxes

    def _measure_loops(self, arrows: Sequence[int]) -> list[Loop]:
        """Loops within each other, each wide enough for its label."""
        loops: list[Loop] = []
        half = depth = 0.0
        for arrow in arrows:
            length, across = (size / 2 for size in self.label_size(arrow))
            half = max(half + _LOOP_STEP, length + _LOOP_STEP, 22.0)
            depth += _LOOP_DEPTH + across
            loops.append(Loop(arrow, half, depth, depth + across))
            depth += across
        return loops

    def _measure_title(self, zone: str, text: str) -> Label:
        """The title beside the content where the flow goes down, else over the first column."""
        span = self._plan.spans[zone]
        length = sum(self.columns[layer] for layer in span) + 2 * _ZONE_PAD - 2 * TITLE_INSET.y
        if self.flow is Flow.RIGHT:
            return measure_label(text, max(110.0, self.columns[span[0]]), TITLE_SIZE)
        tries = [measure_label(text, width, TITLE_SIZE) for width in _TITLE_WIDTHS]
        return next((label for label in tries if label.height <= length), tries[-1])

    def _margins(self, title: Label) -> Margins:
        inset, size = self.flow.turn(*TITLE_INSET), self.flow.turn(title.width, title.height)
        return Margins(inset[1] + size[1], _ZONE_FOOT)

    def _along(self, cell: Cell) -> float:
        if cell.component is not None:
            loops = (self.label_size(loop.arrow)[0] for loop in self.loops.get(cell.component, ()))
            return max(self.box_size(cell.component)[0], *loops, 0)
        if cell.arrow is not None:
            return self.label_size(cell.arrow)[0] if cell.labelled else 0.0
        return self.flow.turn(*_EMPTY_ZONE)[0]

    def _reach(self, cell: Cell) -> Reach:
        if cell.component is not None:
            half = self.box_size(cell.component)[1] / 2 + _BOX_MARGIN
            loops = self.loops.get(cell.component, ())
            return Reach(half, half + max((loop.reach for loop in loops), default=0.0))
        if cell.labelled and cell.arrow is not None:
            half = self.label_size(cell.arrow)[1] / 2 + _LABEL_MARGIN
            return Reach(half, half)
        half = self.flow.turn(*_EMPTY_ZONE)[1] / 2 if cell.arrow is None else _PASS_REACH
        return Reach(half, half)

    def _ports(self) -> list[tuple[float, float]]:
        """Where each wire ends on its two cells, from their middles."""
        ports = [[0.0, 0.0] for _ in self._plan.wires]
        for (index, leaving), wires in self._sides.items():
            part = self._plan.cells[index].component
            if part is not None:
                share = PORT_SHARE[self.boxes[part].look.shape]
                offsets = port_offsets(len(wires), share * self.box_size(part)[1])
                for wire, offset in zip(wires, offsets, strict=True):
                    ports[wire][0 if leaving else 1] = offset
        return [(upper, lower) for upper, lower in ports]

    def straightened(
        self, ports: Sequence[tuple[float, float]], middles: Sequence[float]
    ) -> list[tuple[float, float]]:
        """The ports moved a little where that saves an arrow a small step to the side."""
        moved = [list(pair) for pair in ports]
        for (index, leaving), wires in self._sides.items():
            part = self._plan.cells[index].component
            if part is None:
                continue
            near, far = (0, 1) if leaving else (1, 0)
            wanted = [
                middles[self._plan.wires[wire][far]] + moved[wire][far] - middles[index]
                for wire in wires
            ]
            room = PORT_SHARE[self.boxes[part].look.shape] * self.box_size(part)[1]
            present = [moved[wire][near] for wire in wires]
            for wire, offset in zip(wires, settle_ports(present, wanted, room), strict=True):
                moved[wire][near] = offset
        return [(upper, lower) for upper, lower in moved]

    def _clearance(self, row: Sequence[int]) -> float:
        boxes = any(self._plan.cells[cell].component is not None for cell in row)
        return _CLEAR_OF_BOXES if boxes else _CLEAR_OF_LABELS


def _wires_by_side(plan: Plan) -> Mapping[tuple[int, bool], list[int]]:
    """The wires of each side of each cell (True: the side they leave it from), in order."""
    position = {cell: at for row in plan.by_layer() for at, cell in enumerate(row)}
    sides: dict[tuple[int, bool], list[int]] = {}
    for index, wire in enumerate(plan.wires):
        sides.setdefault((wire.upper, True), []).append(index)
        sides.setdefault((wire.lower, False), []).append(index)
    for (_, leaving), wires in sides.items():
        wires.sort(key=lambda at, far=int(leaving): (position[plan.wires[at][far]], at))
    return sides
