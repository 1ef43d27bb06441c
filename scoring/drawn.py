"""The whiteboard as evidence: what stood on it when it was fullest, and what that supports.

A board may be replaced from one stage to the next; a partial one does not undo the full one.

A drawing supports, it does not prove: a box alone makes a concept `unsure` at most, beside words it
is one more piece of evidence, and against a contradiction it counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scenarios.model import BoardExpectation
from scoring.board_check import BoardReport, EdgeState, check_board
from scoring.drawn_parts import first_showing, way_element, way_label, zone_element
from scoring.gates import injection_spans
from scoring.observations import how_obtained
from scoring.record import RoundRecord
from scoring.transcript import Turn
from scoring.verdicts import ConceptVerdict, Evidence, Verdict
from whiteboard.board import Board

FOUND_BY = "board"
DRAWN_ONLY = "Drawn on the board, not said."
_SAID = frozenset({Verdict.HIT, Verdict.UNSURE, Verdict.PARTIAL})
_NOT_SAID = frozenset({Verdict.NOT_DETECTED, Verdict.NOT_REACHED})
_THERE = frozenset({EdgeState.DIRECT, EdgeState.INDIRECT})


@dataclass(frozen=True)
class BoardSummary:
    """What the fullest board showed of what was looked for, in words.

    `stage` is the one at whose end it stood; `arrows` counts those that were looked for
    and are drawn; `objections` are the reasons against arrows that should not be there.
    """

    stage: str
    shown: tuple[str, ...]
    arrows: int
    not_found: tuple[str, ...]
    objections: tuple[str, ...]


@dataclass(frozen=True)
class Drawn:
    """Elements by the id of the concept that they support, and when each was there first.

    `first_seen` holds the index of the last turn before the element was known to be drawn.
    """

    summary: BoardSummary | None = None
    support: Mapping[str, Evidence] = field(default_factory=dict[str, Evidence])
    first_seen: Mapping[str, int] = field(default_factory=dict[str, int])


def read_boards(held: RoundRecord, turns: Sequence[Turn]) -> Drawn:
    """What the boards of a round show; nothing where none was drawn or none is expected."""
    expected = held.plan.board
    if not held.boards or expected == BoardExpectation():
        return Drawn()
    first_seen: dict[str, int] = {}
    for stage, board in held.boards:
        last = max((turn.index for turn in turns if turn.stage == stage), default=-1)
        for concept, _ in _supported(board, check_board(board, expected)):
            first_seen.setdefault(concept, last)
    stage, board = max(reversed(held.boards), key=lambda drawn: _fullness(drawn[1], expected))
    support = {
        concept: replace(evidence, revision=first_showing(held.revisions, evidence))
        for concept, evidence in _supported(board, check_board(board, expected))
    }
    return Drawn(_summary(stage, check_board(board, expected), expected), support, first_seen)


def _fullness(board: Board, expected: BoardExpectation) -> int:
    """How much of what was looked for is drawn."""
    report = check_board(board, expected)
    parts = sum(part.found for part in (*report.components, *report.zones))
    return parts + sum(edge.state in _THERE for edge in report.edges)


def with_board(verdict: ConceptVerdict, drawn: Drawn, turns: Sequence[Turn]) -> ConceptVerdict:
    """The verdict with what the board adds to it."""
    evidence = drawn.support.get(verdict.concept_id)
    if evidence is None:
        return verdict
    if verdict.verdict in _SAID:
        return replace(verdict, evidence=(*verdict.evidence, evidence))
    if verdict.verdict not in _NOT_SAID:
        return verdict
    how = how_obtained(verdict.key, drawn.first_seen[verdict.concept_id] + 1, turns)
    return replace(verdict, verdict=Verdict.UNSURE, how=how, evidence=(evidence,), note=DRAWN_ONLY)


def _supported(board: Board, report: BoardReport) -> Iterator[tuple[str, Evidence]]:
    """Concepts that the board shows, one element each, unless a forbidden arrow denies it.

    What is written to whoever grades names no part of a design.
    """
    denied = {one.concept for one in report.violations}
    for concept, element, label in _elements(board, report):
        if concept is not None and concept not in denied and label and not injection_spans(label):
            yield concept, Evidence("", 0, len(label), label, FOUND_BY, element)


def _elements(board: Board, report: BoardReport) -> Iterator[tuple[str | None, str, str]]:
    for edge in report.edges:
        if edge.state in _THERE:
            yield edge.concept, way_element(edge.elements), way_label(board, edge.elements)
    for zone in report.zones:
        if zone.found and not zone.outside:
            drawn = board.zone(zone.elements[0])
            yield zone.concept, zone_element(drawn.id), drawn.label
    for part in report.components:
        if part.found:
            yield part.concept, part.elements[0], board.component(part.elements[0]).label


def _summary(stage: str, report: BoardReport, expected: BoardExpectation) -> BoardSummary:
    titles = {part.id: part.title for part in expected.components}
    parts = [*report.components, *report.zones]
    required = {part.expected for part in report.components if part.required}
    required |= {zone.expected for zone in report.zones}
    arrows = [(edge, f"{titles[edge.source]} → {titles[edge.target]}") for edge in report.edges]
    return BoardSummary(
        stage=stage,
        shown=tuple(part.title for part in parts if part.found),
        arrows=sum(1 for edge in report.edges if edge.state in _THERE),
        not_found=(
            *(part.title for part in parts if not part.found and part.expected in required),
            *(name for edge, name in arrows if edge.state is EdgeState.MISSING),
            *(
                f"{name}, drawn the other way round"
                for edge, name in arrows
                if edge.state is EdgeState.REVERSED
            ),
        ),
        objections=tuple(one.reason for one in report.violations),
    )
