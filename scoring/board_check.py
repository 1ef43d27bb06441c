"""The board against what the scenario expects.

The check says what is drawn, what is drawn otherwise and what is not drawn, and which elements of
the board show it, so that the interviewer can name the very box. It gives no scores: a drawing that
lacks something is a reason to ask, and `probe` is the question.

A component is found by its name (all words of one of the expected names are in the label, on
stems), or else by its kind where a box of that kind is left over. A name beats a kind, and an
element serves one expectation where that is possible. A box named after two expectations ("gateway
and policy engine") serves both; a box is never shared on the strength of its kind. Boxes of one
label are one thing that is drawn in several places, where arrows are concerned.

A line without heads, and an arrow of which an end is a guess, shows an expected arrow and is never
part of a forbidden one. An arrow that is possible, since one ends at a zone around the part, is not
called missing.

The work is pure and deterministic: ties go to the earlier expectation, then to the smaller id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, product
from typing import NamedTuple

from scenarios.model import (
    BoardExpectation,
    ExpectedComponent,
    ExpectedEdge,
    ExpectedZone,
    ForbiddenEdge,
)
from scoring.text import stem, tokenise
from whiteboard.board import Board, Component, ComponentKind, Trust, Zone
from whiteboard.scene_naming import UNNAMED


class FoundBy(StrEnum):
    """What tied a component of the board to an expectation."""

    NAME = "name"
    KIND = "kind"


class EdgeState(StrEnum):
    """How an expected arrow is drawn; `INDIRECT` is through other components."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    REVERSED = "reversed"
    MISSING = "missing"


_BEST_FIRST = tuple(EdgeState)
"""The states, as good as an arrow is drawn."""
_THERE = frozenset({EdgeState.DIRECT, EdgeState.INDIRECT})


@dataclass(frozen=True)
class ComponentFinding:
    """An expected component: `elements` holds its component id, or nothing if it is missing."""

    expected: str
    title: str
    required: bool
    concept: str | None
    probe: str
    elements: tuple[str, ...] = ()
    found_by: FoundBy | None = None

    @property
    def found(self) -> bool:
        """Whether the board shows it."""
        return self.found_by is not None


@dataclass(frozen=True)
class EdgeFinding:
    """An expected arrow whose two ends are drawn as two boxes.

    `source` and `target` are expectation ids. `elements` are component ids along the drawn way,
    ends included; for `REVERSED` the way from the target back to the source; for `MISSING` the
    two ends.
    """

    source: str
    target: str
    concept: str | None
    probe: str
    state: EdgeState
    elements: tuple[str, ...]


@dataclass(frozen=True)
class ForbiddenFinding:
    """A forbidden way that is drawn: `elements` are the component ids along it, ends included."""

    source: str
    target: str
    reason: str
    concept: str | None
    probe: str
    elements: tuple[str, ...]


@dataclass(frozen=True)
class ZoneFinding:
    """An expected zone: `elements` holds its zone id, or nothing if it is missing.

    `outside` are the component ids that belong inside, are drawn, and stand outside it; empty
    where the zone is missing.
    """

    expected: str
    title: str
    concept: str | None
    probe: str
    elements: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether the board shows it."""
        return bool(self.elements)


@dataclass(frozen=True)
class BoardReport:
    """What the board shows of what was expected, in the order of the expectations.

    `empty` says that nothing is drawn (notes alone draw nothing); there are no findings then.
    `edges` holds only what could be judged, `violations` only what is violated.
    """

    empty: bool = False
    components: tuple[ComponentFinding, ...] = ()
    edges: tuple[EdgeFinding, ...] = ()
    violations: tuple[ForbiddenFinding, ...] = ()
    zones: tuple[ZoneFinding, ...] = ()


def check_board(board: Board, expected: BoardExpectation) -> BoardReport:
    """Compare a drawing with what a complete board of the scenario shows."""
    if not (board.components or board.arrows or board.zones):
        return BoardReport(empty=True)
    by_name = _pair_by_name(expected.components, board.components)
    by_kind = _pair_by_kind(expected.components, board.components, by_name)
    drawn = {**by_name, **by_kind}
    zones = _pair_by_name(expected.zones, board.zones)
    return BoardReport(
        components=tuple(_component(want, by_name, by_kind) for want in expected.components),
        edges=tuple(_edges(board, expected.edges, drawn)),
        violations=tuple(_violations(board, expected.forbidden, drawn)),
        zones=tuple(_zone(board, want, zones.get(want.id), drawn) for want in expected.zones),
    )


def _component(
    want: ExpectedComponent, by_name: Mapping[str, str], by_kind: Mapping[str, str]
) -> ComponentFinding:
    element = by_name.get(want.id) or by_kind.get(want.id)
    how = FoundBy.NAME if want.id in by_name else FoundBy.KIND
    return ComponentFinding(
        expected=want.id,
        title=want.title,
        required=want.required,
        concept=want.concept,
        probe=want.probe,
        elements=() if element is None else (element,),
        found_by=None if element is None else how,
    )


def _edges(
    board: Board, wanted: Iterable[ExpectedEdge], drawn: Mapping[str, str]
) -> Iterator[EdgeFinding]:
    for want in wanted:
        source, target = drawn.get(want.source), drawn.get(want.target)
        if source is None or target is None or source == target:
            continue
        ends = tuple(_ends(board, source, target))
        ways = (_way(board, *pair) for pair in ends)
        state, elements = min(ways, key=lambda way: _BEST_FIRST.index(way[0]))
        if state not in _THERE and any(board.path(*p, trust=Trust.POSSIBLE) for p in ends):
            continue
        yield EdgeFinding(want.source, want.target, want.concept, want.probe, state, elements)


def _way(board: Board, source: str, target: str) -> tuple[EdgeState, tuple[str, ...]]:
    ways = (board.path(source, target, trust=trust) for trust in (Trust.SURE, Trust.LIKELY))
    there = min((way for way in ways if way is not None), key=len, default=None)
    if there is not None:
        return (EdgeState.DIRECT if len(there) == 2 else EdgeState.INDIRECT), there
    back = board.path(target, source)
    if back is not None:
        return EdgeState.REVERSED, back
    return EdgeState.MISSING, (source, target)


def _violations(
    board: Board, forbidden: Iterable[ForbiddenEdge], drawn: Mapping[str, str]
) -> Iterator[ForbiddenFinding]:
    for edge in forbidden:
        source, target = drawn.get(edge.source), drawn.get(edge.target)
        if source is None or target is None or source == target:
            continue
        stations = (drawn[part] for part in edge.unless_through if part in drawn)
        through = frozenset(one for part in stations for one in _alike(board, part))
        ends = _ends(board, source, target)
        ways = (_forbidden_way(board, *pair, edge, through) for pair in ends)
        elements = next((way for way in ways if way is not None), None)
        if elements is not None:
            yield ForbiddenFinding(
                edge.source, edge.target, edge.reason, edge.concept, edge.probe, elements
            )


def _ends(board: Board, source: str, target: str) -> Iterator[tuple[str, str]]:
    """Where an arrow from one to the other may begin and end."""
    pairs = product(_alike(board, source), _alike(board, target))
    return (pair for pair in pairs if pair[0] != pair[1])


def _alike(board: Board, element: str) -> tuple[str, ...]:
    """The component, and the boxes that are the same thing drawn once more."""
    drawn = board.component(element)
    if drawn.label == UNNAMED:
        return (element,)
    again = (part.id for part in board.components if _is_same(part, drawn))
    return (element, *(part for part in again if part != element))


def _is_same(part: Component, drawn: Component) -> bool:
    return part.kind is drawn.kind and part.label.casefold() == drawn.label.casefold()


def _forbidden_way(
    board: Board, source: str, target: str, edge: ForbiddenEdge, through: frozenset[str]
) -> tuple[str, ...] | None:
    """The way that breaks the rule, or None.

    Without `unless_through` only the arrow itself is forbidden: a longer way may pass through
    anything that makes it harmless. An end that is itself one of the required stations (one box
    drawn for both) keeps the rule.
    """
    if through & {source, target}:
        return None
    if not edge.unless_through:
        return (source, target) if target in board.successors(source) else None
    return board.path(source, target, avoiding=through)


def _zone(
    board: Board, want: ExpectedZone, zone: str | None, drawn: Mapping[str, str]
) -> ZoneFinding:
    outside: tuple[str, ...] = ()
    if zone is not None:
        inside = (drawn[part] for part in want.contains if part in drawn)
        outside = tuple(sorted({part for part in inside if zone not in board.zones_around(part)}))
    return ZoneFinding(
        expected=want.id,
        title=want.title,
        concept=want.concept,
        probe=want.probe,
        elements=() if zone is None else (zone,),
        outside=outside,
    )


class _Likeness(NamedTuple):
    """An element whose label holds an expected name; the smaller, the better.

    `minus_words` is minus the number of words of the name, so that "policy engine" goes before
    "engine"; `other_words` counts what else the label says.
    """

    minus_words: int
    other_words: int
    position: int
    expected: str
    element: str


def _pair_by_name(
    wanted: Sequence[ExpectedComponent] | Sequence[ExpectedZone],
    parts: Sequence[Component] | Sequence[Zone],
) -> dict[str, str]:
    """Element ids by expectation id: the best likeness first, then whoever can make room."""
    likenesses = sorted(
        likeness
        for position, want in enumerate(wanted)
        for part in parts
        if (likeness := _likeness(position, want, part)) is not None
    )
    candidates: dict[str, list[str]] = {}
    pairs: dict[str, str] = {}
    for likeness in likenesses:
        candidates.setdefault(likeness.expected, []).append(likeness.element)
        if likeness.expected not in pairs and likeness.element not in pairs.values():
            pairs[likeness.expected] = likeness.element
    for want in wanted:
        if want.id in candidates and want.id not in pairs:
            _make_room(want.id, candidates, pairs, set())
    shared = {want: elements[0] for want, elements in candidates.items() if want not in pairs}
    return {**pairs, **shared}


def _pair_by_kind(
    wanted: Sequence[ExpectedComponent], parts: Sequence[Component], by_name: Mapping[str, str]
) -> dict[str, str]:
    """Element ids for expectations without a name's match, among elements not yet used."""
    used = set(by_name.values())
    candidates = {
        want.id: [
            part.id
            for part in parts
            if part.kind in want.kinds
            and part.kind is not ComponentKind.OTHER
            and part.id not in used
        ]
        for want in wanted
        if want.id not in by_name
    }
    pairs: dict[str, str] = {}
    for want in candidates:
        _make_room(want, candidates, pairs, set())
    return pairs


def _make_room(
    want: str,
    candidates: Mapping[str, Sequence[str]],
    pairs: dict[str, str],
    tried: set[str],
) -> bool:
    """Pair `want` with a free element, or move others to another of theirs where that frees one."""
    holders = {element: holder for holder, element in pairs.items()}
    for element in sorted(candidates[want], key=holders.__contains__):
        if element in tried:
            continue
        tried.add(element)
        holder = holders.get(element)
        if holder is None or _make_room(holder, candidates, pairs, tried):
            pairs[want] = element
            return True
    return False


def _likeness(
    position: int, want: ExpectedComponent | ExpectedZone, part: Component | Zone
) -> _Likeness | None:
    """The best of the expected names that the label holds, or None."""
    label = _words(part.label)
    held = {word.stem for word in label} | _joined(label)
    sizes = [
        len(name)
        for name in map(_words, want.names)
        if name and (_whole(name) in held or {word.stem for word in name} <= held)
    ]
    if not sizes:
        return None
    size = max(sizes)
    return _Likeness(-size, max(0, len(label) - size), position, want.id, part.id)


class _Word(NamedTuple):
    text: str
    stem: str


def _words(text: str) -> tuple[_Word, ...]:
    tokens = tokenise(text.replace("_", " "))
    return tuple(_Word(token.word, token.stem) for token in tokens)


def _joined(words: Sequence[_Word]) -> set[str]:
    """Stems of neighbours written as one word, so that "re-ranker" holds "reranker"."""
    return {stem(left.text + right.text) for left, right in pairwise(words)}


def _whole(words: Sequence[_Word]) -> str:
    return stem("".join(word.text for word in words))
