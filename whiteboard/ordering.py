"""In which order the parts of a board stand across the flow, so that few arrows cross.

The usual sweeps over the columns by the middle of the neighbours, with one rule more: what stands
in a zone stays together, in the same order in all columns.
"""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Sequence

from whiteboard.cells import Child, Plan

_SWEEPS = 12
_FEW_WIRES = 160
"""Up to here, neighbours are also exchanged one by one."""


def order_cells(plan: Plan) -> None:
    """Sort the content of each zone of the plan, in place."""
    sweeper = _Sweeper(plan)
    _sort_zones(plan, sweeper.first_ranks())
    best, best_order = count_crossings(plan), _copy(plan)
    for sweep in range(_SWEEPS):
        _sort_zones(plan, sweeper.ranks(down=sweep % 2 == 0))
        crossings = count_crossings(plan)
        if crossings < best:
            best, best_order = crossings, _copy(plan)
        if not best:
            break
    plan.order = best_order
    if best and len(plan.wires) <= _FEW_WIRES:
        _exchange(plan, best)


def count_crossings(plan: Plan) -> int:
    """How many pairs of wires between neighbouring columns cross."""
    position = _positions(plan)
    gaps: list[list[tuple[int, int]]] = [[] for _ in range(plan.columns)]
    for wire in plan.wires:
        gaps[plan.cells[wire.upper].layer].append((position[wire.upper], position[wire.lower]))
    return sum(_inversions(sorted(gap)) for gap in gaps)


def _inversions(gap: Sequence[tuple[int, int]]) -> int:
    seen: list[int] = []
    count = 0
    for _, lower in gap:
        count += len(seen) - bisect(seen, lower)
        insort(seen, lower)
    return count


def _positions(plan: Plan) -> list[int]:
    position = [0] * len(plan.cells)
    for row in plan.by_layer():
        for index, cell in enumerate(row):
            position[cell] = index
    return position


def _copy(plan: Plan) -> dict[str | None, list[Child]]:
    return {zone: list(children) for zone, children in plan.order.items()}


def _sort_zones(plan: Plan, ranks: Sequence[float]) -> None:
    """Sort all content by rank; a zone ranks by the middle of its cells.

    What no arrow joins to the rest comes last, as it came.
    """
    joined = {end for wire in plan.wires for end in wire[:2]}

    def rank(child: Child) -> tuple[bool, float]:
        inside = [child] if isinstance(child, int) else list(plan.walk(child))
        if joined.isdisjoint(inside):
            return True, min(inside)
        return False, sum(ranks[cell] for cell in inside) / len(inside)

    for children in plan.order.values():
        children.sort(key=rank)


class _Sweeper:
    """Ranks of cells by their neighbours in the columns before or after."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._uppers: list[list[int]] = [[] for _ in plan.cells]
        self._lowers: list[list[int]] = [[] for _ in plan.cells]
        for wire in plan.wires:
            self._uppers[wire.lower].append(wire.upper)
            self._lowers[wire.upper].append(wire.lower)

    def first_ranks(self) -> list[float]:
        """Connected parts one after the other, each walked from its beginnings."""
        ranks = [0.0] * len(self._plan.cells)
        seen: set[int] = set()
        starts = sorted(range(len(ranks)), key=lambda cell: (self._plan.cells[cell].layer, cell))
        for start in starts:
            waiting = [start]
            while waiting:
                cell = waiting.pop()
                if cell not in seen:
                    ranks[cell] = float(len(seen))
                    seen.add(cell)
                    waiting += reversed(self._lowers[cell] + self._uppers[cell])
        return ranks

    def ranks(self, *, down: bool) -> list[float]:
        """Shares of the way across, after one sweep from the present order."""
        rows = self._plan.by_layer()
        ranks = [0.0] * len(self._plan.cells)
        for row in rows:
            self._spread(row, ranks)
        neighbours = self._uppers if down else self._lowers
        for row in rows if down else reversed(rows):
            wanted = {
                cell: sum(ranks[other] for other in neighbours[cell]) / len(neighbours[cell])
                if neighbours[cell]
                else ranks[cell]
                for cell in row
            }
            self._spread(sorted(row, key=wanted.__getitem__), ranks)
        return ranks

    def _spread(self, row: Sequence[int], ranks: list[float]) -> None:
        for index, cell in enumerate(row):
            ranks[cell] = (index + 0.5) / len(row)


def _exchange(plan: Plan, crossings: int) -> None:
    """Exchange neighbours as long as each exchange saves a crossing."""
    improved = True
    while improved and crossings:
        improved = False
        for children in plan.order.values():
            for left in range(len(children) - 1):
                pair = children[left : left + 2]
                children[left : left + 2] = pair[::-1]
                now = count_crossings(plan)
                if now < crossings:
                    crossings, improved = now, True
                else:
                    children[left : left + 2] = pair
