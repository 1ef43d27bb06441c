"""How arrows run: along the flow through the columns, and across it only between two of them.

Nothing but the arrow itself stands where it passes a column, so no arrow runs over a box, a label
or a title. Between two columns each step across has a track of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, permutations
from typing import Final, NamedTuple

from whiteboard.geometry import Point

TRACK: Final = 14.0
"""Between two tracks, in pixels."""

_CLOSE: Final = 7.0
"""What lies closer than this looks like one line."""
_SAME: Final = 0.5
_MANY_STEPS: Final = 60
_PORT_GAP: Final = 26.0
_LEAST_GAP: Final = 9.0


class Step(NamedTuple):
    """A wire's way across between two columns, in pixels across the flow."""

    wire: int
    start: float
    end: float

    @property
    def straight(self) -> bool:
        """Whether there is no way across to go."""
        return abs(self.start - self.end) < _SAME

    def meets(self, other: Step) -> bool:
        """Whether the two would touch on one track."""
        mine, theirs = sorted(self[1:]), sorted(other[1:])
        return mine[0] - _CLOSE < theirs[1] and theirs[0] - _CLOSE < mine[1]


def assign_tracks(steps: Sequence[Step]) -> dict[int, int]:
    """The track of each wire that goes across, counted from the column it leaves.

    Steps that would touch have different tracks, in the order in which the fewest lines cross and
    none runs on another.
    """
    ups = sorted((step for step in steps if step.end < step.start), key=lambda step: step.start)
    downs = sorted((step for step in steps if step.end > step.start), key=lambda step: -step.start)
    row = _settle([step for step in (*ups, *downs) if not step.straight])
    tracks: dict[int, int] = {}
    placed: list[Step] = []
    for step in row:
        met = [tracks[other.wire] for other in placed if step.meets(other)]
        tracks[step.wire] = max(met, default=-1) + 1
        placed.append(step)
    return tracks


def _settle(row: list[Step]) -> list[Step]:
    """The steps in an order in which they disturb each other little.

    The next one is always that which is better before all that are left than behind them.
    """
    if len(row) > _MANY_STEPS:
        return row
    better: dict[tuple[int, int], int] = {}
    for one, other in permutations(row, 2):
        if one.meets(other):
            better[one.wire, other.wire] = _disturbance(one, other) - _disturbance(other, one)
    left, settled = list(row), list[Step]()
    while left:
        costs = [sum(better.get((step.wire, o.wire), 0) for o in left) for step in left]
        settled.append(left.pop(costs.index(min(costs))))
    return settled


def _disturbance(left: Step, right: Step) -> int:
    """Crossings of two steps in this order; lines upon each other count as many."""
    crossings = _within(left.end, right) + _within(right.start, left)
    return crossings + 10 * (abs(left.end - right.start) < _CLOSE)


def _within(line: float, step: Step) -> int:
    low, high = sorted(step[1:])
    return int(low < line < high)


class Columns(NamedTuple):
    """Where the columns begin and end along the flow, and the first track behind each."""

    starts: list[float]
    ends: list[float]
    tracks: list[float]


class Widths(NamedTuple):
    """What stands along the flow: each column, the zone edges before and behind it, and tracks.

    `clear` is the room for arrowheads on each side of the column.
    """

    column: float
    before: float
    behind: float
    tracks: int
    clear: float


def place_along(widths: Sequence[Widths]) -> Columns:
    """Put the columns one after the other with the room that their tracks need."""
    columns = Columns([], [], [])
    at = 0.0
    for index, width in enumerate(widths):
        at += width.before
        columns.starts.append(at)
        at += width.column
        columns.ends.append(at)
        at += width.behind + width.clear
        columns.tracks.append(at)
        following = widths[index + 1].clear if index + 1 < len(widths) else 0.0
        at += max(0, width.tracks - 1) * TRACK + following
    return columns


def trace(
    layers: Sequence[int], steps: Sequence[Step], tracks: Mapping[int, int], columns: Columns
) -> list[Point]:
    """The corners of an arrow as (along, across), through the columns with these numbers.

    `steps` lead from each column to the next. The ends lie on the edges of the outer columns.
    """
    corners = [Point(columns.ends[layers[0]], steps[0].start)]
    for layer, step in zip(layers, steps, strict=False):
        if not step.straight:
            at = columns.tracks[layer] + tracks[step.wire] * TRACK
            corners += [Point(at, step.start), Point(at, step.end)]
    corners.append(Point(columns.starts[layers[-1]], steps[-1].end))
    return corners


def middle_on(points: Sequence[Point], place: Point) -> list[Point]:
    """The same way with `place`, which lies on it, as its middle corner.

    The canvas writes the label of an arrow at the middle one of its points.
    """
    before, after = _split(points, place)
    missing = len(after) - len(before)
    if missing > 0:
        before = [*before[:-1], *_between(before[-1], place, missing)]
    elif missing < 0:
        after = [*_between(after[0], place, -missing)[::-1], *after[1:]]
    return [*before, place, *after]


def _split(points: Sequence[Point], place: Point) -> tuple[list[Point], list[Point]]:
    """The corners before and after the place on the way nearest to it."""
    distances = [_distance(place, one, other) for one, other in pairwise(points)]
    at = distances.index(min(distances)) + 1
    return list(points[:at]), list(points[at:])


def _distance(place: Point, one: Point, other: Point) -> float:
    """How far the place lies outside the box around a segment."""
    (left, right), (top, bottom) = sorted((one.x, other.x)), sorted((one.y, other.y))
    across = max(left - place.x, 0, place.x - right)
    return across + max(top - place.y, 0, place.y - bottom)


def _between(end: Point, place: Point, more: int) -> list[Point]:
    """The end, and so many points more on the way from it to the place."""
    shares = [step / (more + 1) for step in range(more + 1)]
    return [
        Point(end.x + (place.x - end.x) * share, end.y + (place.y - end.y) * share)
        for share in shares
    ]


def port_offsets(count: int, room: float) -> list[float]:
    """Where so many arrows end on one side, from its middle; `room` is what may be used of it."""
    gap = min(_PORT_GAP, room / max(1, count - 1))
    return [(index - (count - 1) / 2) * gap for index in range(count)]


def settle_ports(offsets: Sequence[float], wanted: Sequence[float], room: float) -> list[float]:
    """The ports of one side moved to where they are wanted, if that is near and free."""
    settled = list(offsets)
    for index, place in enumerate(wanted):
        low = settled[index - 1] + _LEAST_GAP if index else -room / 2
        high = settled[index + 1] - _LEAST_GAP if index + 1 < len(settled) else room / 2
        if low <= place <= high and abs(place - settled[index]) <= _PORT_GAP / 2:
            settled[index] = place
    return settled
