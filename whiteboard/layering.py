"""Which column each component of a board stands in, so that most arrows lead onward.

Loops are opened where they come back to where they began: from users and clients first, then from
what no arrow leads to. What an eval harness tests stands before it, as it does in time. Components
without arrows are spread over the columns.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from whiteboard.board import Arrow, Board, ComponentKind

_FIRST = {ComponentKind.USER: 0, ComponentKind.CLIENT: 1}
_MOST_COLUMNS_OF_STRANGERS = 4

Edge = tuple[str, str]


def layer_components(board: Board) -> dict[str, int]:
    """The column of each component, counted from 0; the ends of an arrow are never in the same."""
    ids = [part.id for part in board.components]
    known = set(ids)
    edges = sorted(
        {
            pair
            for arrow in board.arrows
            for pair in _ways(arrow)
            if arrow.source != arrow.target and known.issuperset(pair)
        }
    )
    harnesses = {part.id for part in board.components if part.kind is ComponentKind.EVAL_HARNESS}
    edges = [(b, a) if a in harnesses else (a, b) for a, b in edges]
    forward = _without_cycles(_starts(board, edges), edges)
    joined = {end for edge in forward for end in edge}
    layers = _shorten(forward, _longest_ways([part for part in ids if part in joined], forward))
    _spread_strangers(board, layers)
    return layers


def _ways(arrow: Arrow) -> tuple[Edge, ...]:
    """Where an arrow leads; one that is not directed takes the way that a reader walks."""
    there, back = (arrow.source, arrow.target), (arrow.target, arrow.source)
    return (there,) if arrow.directed else (there, back)


def _starts(board: Board, edges: Sequence[Edge]) -> list[str]:
    """The components in the order in which a reader would look for the beginning."""
    reached = {target for _, target in edges}
    ranked = sorted(
        board.components,
        key=lambda part: (_FIRST.get(part.kind, 2), part.id in reached, part.id),
    )
    return [part.id for part in ranked]


def _without_cycles(starts: Iterable[str], edges: Sequence[Edge]) -> list[Edge]:
    """The edges with those turned round that lead back to where a walk came from."""
    onward = _neighbours(edges)
    done: set[str] = set()
    under_way: set[str] = set()
    kept: set[Edge] = set()
    for start in starts:
        walk = [(start, iter(onward[start]))] if start not in done else []
        under_way.update(part for part, _ in walk)
        while walk:
            part, rest = walk[-1]
            following = next(rest, None)
            if following is None:
                walk.pop()
                under_way.discard(part)
                done.add(part)
            elif following in under_way:
                kept.add((following, part))
            else:
                kept.add((part, following))
                if following not in done:
                    under_way.add(following)
                    walk.append((following, iter(onward[following])))
    return sorted(kept)


def _neighbours(edges: Iterable[Edge]) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        found[source].append(target)
    return found


def _longest_ways(ids: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Each as many columns in as the longest way to it has steps, in an order of the ways."""
    onward = _neighbours(edges)
    waiting = dict.fromkeys(ids, 0)
    for _, target in edges:
        waiting[target] += 1
    layers = {part: 0 for part in ids if not waiting[part]}
    ready = list(layers)
    for part in ready:
        for following in onward[part]:
            layers[following] = max(layers.get(following, 0), layers[part] + 1)
            waiting[following] -= 1
            if not waiting[following]:
                ready.append(following)
    return {part: layers[part] for part in ready}


def _shorten(edges: Sequence[Edge], layers: Mapping[str, int]) -> dict[str, int]:
    """Draw what mostly leads onward close to what it leads to; `layers` is in order of the ways."""
    onward, back = _neighbours(edges), _neighbours((target, source) for source, target in edges)
    settled = dict(layers)
    for part in reversed(list(layers)):
        if len(onward[part]) > len(back[part]):
            settled[part] = min(settled[following] for following in onward[part]) - 1
    first = min(settled.values(), default=0)
    return {part: layer - first for part, layer in settled.items()}


def _spread_strangers(board: Board, layers: dict[str, int]) -> None:
    """Give the components without arrows columns side by side, zone by zone."""
    inside: defaultdict[str | None, list[str]] = defaultdict(list)
    taken: defaultdict[str | None, list[int]] = defaultdict(list)
    for part in board.components:
        if part.id in layers:
            taken[part.zone].append(layers[part.id])
        else:
            inside[part.zone].append(part.id)
    for zone, strangers in inside.items():
        first, last = min(taken[zone], default=0), max(taken[zone], default=0)
        square = min(_MOST_COLUMNS_OF_STRANGERS, math.ceil(math.sqrt(len(strangers))))
        columns = max(last - first + 1, square)
        for index, part in enumerate(strangers):
            layers[part] = first + index % columns
