"""Where each cell stands across the flow: close to its neighbours, over or under none.

A pass that only pushes down and one that only pushes up both keep the order and all distances, and
so does every mean of the two; repeated, this draws cells towards what they are connected with.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from whiteboard.cells import Cell, Plan

_ROUNDS = 12
_SIDES = ((0,), (1,), (0, 1), (1,), (0,), (0, 1))
_SHORT = 45.0
"""How far a component moves for a straight arrow, in pixels."""
_PASSING = 6.0
"""How much more a straight arrow counts than a straight row of components."""


class Reach(NamedTuple):
    """How far something reaches from its middle, margins included: before it, and after it."""

    before: float
    after: float


class Margins(NamedTuple):
    """The room a zone keeps across: before its content (with the title), and after it."""

    head: float
    foot: float


@dataclass(frozen=True)
class Measures:
    """The sizes of a plan in one direction of the flow.

    `ports` holds, for each wire, where it ends from the middle of its upper and its lower cell.
    """

    reaches: Sequence[Reach]
    margins: Mapping[str, Margins]
    ports: Sequence[tuple[float, float]]
    between: float
    """Between neighbouring zones, and between a zone and a cell."""


class Placement(NamedTuple):
    """The middle of each cell across, and the edges of each zone."""

    middles: list[float]
    zones: dict[str, tuple[float, float]]


class _Pull(NamedTuple):
    other: int
    shift: float
    weight: float


def place_across(plan: Plan, measures: Measures) -> Placement:
    """Place all cells; the first edge of the board is about 0."""
    solver = _Solver(plan, measures)
    middles = solver.push([0.0] * len(plan.cells), onward=True)
    for turn in range(_ROUNDS):
        wanted = solver.drawn(middles, _SIDES[turn % len(_SIDES)])
        down, up = solver.push(wanted, onward=True), solver.push(wanted, onward=False)
        middles = [(one + other) / 2 for one, other in zip(down, up, strict=True)]
    solver.align(middles)
    middles = solver.push(solver.gathered(middles), onward=True)
    return Placement(middles, solver.zone_edges(middles))


class _Solver:
    def __init__(self, plan: Plan, measures: Measures) -> None:
        self._plan = plan
        self._measures = measures
        self._rows = plan.by_layer()
        self._pulls: list[tuple[list[_Pull], list[_Pull]]] = [([], []) for _ in plan.cells]
        for wire, (upper_port, lower_port) in zip(plan.wires, measures.ports, strict=True):
            weight = _weight(plan.cells[wire.upper], plan.cells[wire.lower])
            shift = upper_port - lower_port
            self._pulls[wire.lower][0].append(_Pull(wire.upper, shift, weight))
            self._pulls[wire.upper][1].append(_Pull(wire.lower, -shift, weight))

    def drawn(self, middles: Sequence[float], sides: Sequence[int]) -> list[float]:
        """Where the neighbours on these sides would have each cell, column after column."""
        wanted = list(middles)
        for row in self._rows if 0 in sides else reversed(self._rows):
            for cell in row:
                pulls = [pull for side in sides for pull in self._pulls[cell][side]]
                if pulls:
                    total = sum(pull.weight * (wanted[pull.other] + pull.shift) for pull in pulls)
                    wanted[cell] = total / sum(pull.weight for pull in pulls)
        return wanted

    def gathered(self, middles: Sequence[float]) -> list[float]:
        """The same places, but what no arrow leads to as far up as it can go."""
        top = min(middles, default=0.0)
        return [
            middle if any(pulls) else top
            for middle, pulls in zip(middles, self._pulls, strict=True)
        ]

    def push(self, wanted: Sequence[float], *, onward: bool) -> list[float]:
        """Each cell where it is wanted, or as far on as the cells before it need."""
        sign = 1 if onward else -1
        frontier = [-math.inf] * self._plan.columns
        middles = [0.0] * len(wanted)

        def settle(zone: str | None) -> None:
            children = self._plan.order[zone]
            for child in children if onward else reversed(children):
                if isinstance(child, int):
                    layer = self._plan.cells[child].layer
                    before, after = self._measures.reaches[child][::sign]
                    middle = max(sign * wanted[child], frontier[layer] + before)
                    middles[child] = sign * middle
                    frontier[layer] = middle + after
                else:
                    span = self._plan.spans[child]
                    half = self._measures.between / 2
                    head, foot = self._measures.margins[child][::sign]
                    _level(frontier, span, head + half)
                    settle(child)
                    _level(frontier, span, foot + half)

        settle(None)
        return middles

    def zone_edges(self, middles: Sequence[float]) -> dict[str, tuple[float, float]]:
        """The edges of each zone, close around what it holds."""
        edges: dict[str, tuple[float, float]] = {}

        def enclose(zone: str) -> tuple[float, float]:
            found: list[tuple[float, float]] = []
            for child in self._plan.order[zone]:
                if isinstance(child, int):
                    before, after = self._measures.reaches[child]
                    found.append((middles[child] - before, middles[child] + after))
                else:
                    half = self._measures.between / 2
                    first, last = enclose(child)
                    found.append((first - half, last + half))
            head, foot = self._measures.margins[zone]
            edges[zone] = min(e[0] for e in found) - head, max(e[1] for e in found) + foot
            return edges[zone]

        for child in self._plan.order[None]:
            if isinstance(child, str):
                enclose(child)
        return edges

    def align(self, middles: list[float]) -> None:
        """Move cells into line with a neighbour where there is room, so that arrows run straight.

        Components by what their arrows come from or lead to, then what passes between them.
        """
        for passing, turn in ((False, 1), (True, 1), (True, -1), (True, 1)):
            edges = self.zone_edges(middles)
            pulls = self._pulls if passing else self._distant_pulls()
            for row in self._rows[::turn]:
                for place, cell in list(enumerate(row))[::turn]:
                    if (self._plan.cells[cell].arrow is not None) is passing:
                        room = self._room(row, place, middles, edges)
                        self._snap(cell, middles, pulls[cell], room)

    def _distant_pulls(self) -> list[tuple[list[_Pull], list[_Pull]]]:
        """What each component is joined to, wherever it stands."""
        wires = {(wire.arrow, wire.upper): at for at, wire in enumerate(self._plan.wires)}
        pulls: list[tuple[list[_Pull], list[_Pull]]] = [([], []) for _ in self._plan.cells]
        for run in self._plan.runs:
            first, last = run.cells[0], run.cells[-1]
            leaving = self._measures.ports[wires[run.arrow, first]][0]
            entering = self._measures.ports[wires[run.arrow, run.cells[-2]]][1]
            pulls[last][0].append(_Pull(first, leaving - entering, 1))
            pulls[first][1].append(_Pull(last, entering - leaving, 1))
        return pulls

    def _snap(
        self,
        cell: int,
        middles: list[float],
        pulls: tuple[list[_Pull], list[_Pull]],
        room: tuple[float, float],
    ) -> None:
        """Move a component a little, towards what leads to it first; what passes, anywhere."""
        component = self._plan.cells[cell].component is not None
        far = _SHORT if component else math.inf
        for side in pulls if component else ([*pulls[0], *pulls[1]],):
            lines = [middles[pull.other] + pull.shift for pull in side]
            possible = [
                line
                for line in lines
                if room[0] <= line <= room[1] and abs(line - middles[cell]) <= far
            ]
            if possible:
                middles[cell] = min(possible, key=lambda line: abs(line - middles[cell]))
                return

    def _room(
        self,
        row: Sequence[int],
        place: int,
        middles: Sequence[float],
        edges: Mapping[str, tuple[float, float]],
    ) -> tuple[float, float]:
        """Between which middles a cell may move without touching another or a zone's edge."""
        cell = row[place]
        before, after = self._measures.reaches[cell]
        zone = self._plan.cells[cell].zone
        low, high = -math.inf, math.inf
        if zone is not None:
            head, foot = self._measures.margins[zone]
            low, high = edges[zone][0] + head + before, edges[zone][1] - foot - after
        if place:
            other = row[place - 1]
            low = max(low, middles[other] + self._measures.reaches[other].after + before)
        if place + 1 < len(row):
            other = row[place + 1]
            high = min(high, middles[other] - self._measures.reaches[other].before - after)
        for name, (first, last) in edges.items():
            if self._plan.cells[cell].layer in self._plan.spans[name] and zone != name:
                if last <= middles[cell] - before:
                    low = max(low, last + before)
                elif first >= middles[cell] + after:
                    high = min(high, first - after)
        return low, high


def _level(frontier: list[float], span: range, more: float) -> None:
    edge = max(frontier[layer] for layer in span) + more
    for layer in span:
        frontier[layer] = edge


def _weight(upper: Cell, lower: Cell) -> float:
    passing = (upper.arrow is not None) + (lower.arrow is not None)
    return (1.0, 2.0, _PASSING)[passing]
