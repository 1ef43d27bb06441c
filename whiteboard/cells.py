"""A board cut into columns: one cell for each component, and one wherever an arrow passes a column.

Columns follow the flow of the arrows. *Along* is the way the flow goes, *across* the other way; a
board is planned once and can be drawn in both directions. The label of an arrow has a column
between those of the components, which exists only where a label needs it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from whiteboard.board import Board
from whiteboard.layering import layer_components

Child = int | str
"""What stands in a zone: the index of a cell, or the id of a zone."""


@dataclass(frozen=True)
class Cell:
    """What takes room in one column: a component, an arrow that passes, or a zone without content.

    `arrow` is the index of the passing arrow; `labelled` where its label stands here.
    """

    layer: int
    zone: str | None
    component: str | None = None
    arrow: int | None = None
    labelled: bool = False


class Wire(NamedTuple):
    """One step of an arrow, from a cell to a cell of the next column; both are indexes."""

    upper: int
    lower: int
    arrow: int


class Run(NamedTuple):
    """An arrow through the columns: its cells in order, turned round where it leads back."""

    arrow: int
    cells: tuple[int, ...]
    flipped: bool


@dataclass
class Plan:
    """The cells of a board and how they hang together.

    `order` says what stands in each zone (None: in none) one after the other across the flow;
    `spans` the first and the last column of each zone. `loops` are arrows that lead back to their
    own component.
    """

    cells: list[Cell] = field(default_factory=list[Cell])
    wires: list[Wire] = field(default_factory=list[Wire])
    runs: list[Run] = field(default_factory=list[Run])
    loops: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    order: dict[str | None, list[Child]] = field(default_factory=dict[str | None, list[Child]])
    spans: dict[str, range] = field(default_factory=dict[str, range])
    columns: int = 0

    def by_layer(self) -> list[list[int]]:
        """The cells of each column, as they stand across."""
        rows: list[list[int]] = [[] for _ in range(self.columns)]
        for index in self.walk(None):
            rows[self.cells[index].layer].append(index)
        return rows

    def walk(self, zone: str | None) -> Iterable[int]:
        """The cells in this zone and in the zones within it, in order."""
        for child in self.order[zone]:
            if isinstance(child, int):
                yield child
            else:
                yield from self.walk(child)


class _Track(NamedTuple):
    arrow: int
    upper: str
    lower: str
    flipped: bool
    label_at: int | None


def plan_board(board: Board) -> Plan:
    """Cut a board into cells; arrows with an unknown end are left out."""
    parents = _parents(board)
    layers = layer_components(board)
    doubled = {part: 2 * layer for part, layer in layers.items()}
    tracks = _tracks(board, doubled)
    used = sorted({*doubled.values(), *(t.label_at for t in tracks if t.label_at is not None), 0})
    place = {layer: index for index, layer in enumerate(used)}
    columns = {part: place[layer] for part, layer in doubled.items()}
    plan = Plan(columns=len(used), spans=_spans(board, columns, parents))
    zones = {part.id: part.zone if part.zone in parents else None for part in board.components}
    index_of: dict[str, int] = {}
    for part in board.components:
        index_of[part.id] = len(plan.cells)
        plan.cells.append(Cell(columns[part.id], zones[part.id], component=part.id))
    for track in tracks:
        _lay(plan, track, index_of, place, [_chain(zones[end], parents) for end in track[1:3]])
    for index, arrow in enumerate(board.arrows):
        if arrow.source == arrow.target and arrow.source in index_of:
            plan.loops.setdefault(arrow.source, []).append(index)
    _furnish(plan, parents)
    return plan


def _tracks(board: Board, doubled: Mapping[str, int]) -> list[_Track]:
    """Which arrow leads through which columns; labels stand about half-way, in an odd one."""
    found: list[_Track] = []
    for index, arrow in enumerate(board.arrows):
        ends = (arrow.source, arrow.target)
        if ends[0] == ends[1] or not doubled.keys() >= set(ends):
            continue
        flipped = doubled[ends[0]] > doubled[ends[1]]
        upper, lower = reversed(ends) if flipped else ends
        middle = (doubled[upper] + doubled[lower]) // 2
        label_at = (middle - 1 + middle % 2) if arrow.label else None
        found.append(_Track(index, upper, lower, flipped, label_at))
    return found


def _parents(board: Board) -> dict[str, str | None]:
    """The zone around each zone; a zone that would lie within itself lies in none."""
    known = {zone.id: zone.parent for zone in board.zones}
    parents: dict[str, str | None] = {}
    for zone, outer in known.items():
        parent = outer if outer in known else None
        parents[zone] = None if zone in _chain(parent, parents) or parent == zone else parent
    return parents


def _chain(zone: str | None, parents: Mapping[str, str | None]) -> list[str]:
    """The zone and those around it, innermost first."""
    chain: list[str] = []
    while zone is not None:
        chain.append(zone)
        zone = parents.get(zone)
    return chain


def _spans(
    board: Board, columns: Mapping[str, int], parents: Mapping[str, str | None]
) -> dict[str, range]:
    """The columns of each zone; one without components stands in the first column."""
    inside: defaultdict[str, set[int]] = defaultdict(set)
    for part in board.components:
        for zone in _chain(part.zone if part.zone in parents else None, parents):
            inside[zone].add(columns[part.id])
    for zone in parents:
        if not inside[zone]:
            around = (inside[outer] for outer in _chain(parents[zone], parents) if inside[outer])
            column = min(next(around, {0}))
            for outer in _chain(zone, parents):
                inside[outer].add(column)
    return {zone: range(min(inside[zone]), max(inside[zone]) + 1) for zone in parents}


def _lay(
    plan: Plan,
    track: _Track,
    index_of: Mapping[str, int],
    place: Mapping[int, int],
    chains: Sequence[Sequence[str]],
) -> None:
    """Add the cells and wires of one arrow, inside the zones of its ends for as long as they go."""
    first, last = index_of[track.upper], index_of[track.lower]
    label_at = place[track.label_at] if track.label_at is not None else None
    path = [first]
    for layer in range(plan.cells[first].layer + 1, plan.cells[last].layer):
        zone = next((z for chain in chains for z in chain if layer in plan.spans[z]), None)
        path.append(len(plan.cells))
        plan.cells.append(Cell(layer, zone, arrow=track.arrow, labelled=layer == label_at))
    path.append(last)
    plan.wires += [Wire(a, b, track.arrow) for a, b in pairwise(path)]
    plan.runs.append(Run(track.arrow, tuple(path), track.flipped))


def _furnish(plan: Plan, parents: Mapping[str, str | None]) -> None:
    """List what stands in each zone, and put something in those that are empty."""
    plan.order = {None: [], **{zone: [] for zone in parents}}
    for zone, parent in parents.items():
        plan.order[parent].append(zone)
    for index, cell in enumerate(plan.cells):
        plan.order[cell.zone].append(index)
    for zone in parents:
        if not plan.order[zone]:
            plan.order[zone].append(len(plan.cells))
            plan.cells.append(Cell(plan.spans[zone].start, zone))
