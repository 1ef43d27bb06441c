"""What the board makes worth asking: dangerous ways, drawn but not said, said but not drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from interviewer.state import Belief, InterviewState
from scenarios.rounds import RoundPlan, key
from scoring.board_check import BoardReport, EdgeState
from scoring.verdicts import Verdict
from whiteboard.board import Board


@dataclass(frozen=True)
class BoardQuestion:
    """A question about the drawing: the pack's sentence, the concept key and the cited label."""

    probe: str
    reason: str
    concept: str | None = None
    element: str | None = None


def board_questions(
    board: Board, report: BoardReport, state: InterviewState, plan: RoundPlan
) -> tuple[BoardQuestion, ...]:
    """What to ask about the board in the current stage, most telling first.

    A finding belongs to the stage of its concept; one without a concept is never asked about,
    because nothing would be learnt that counts.
    """
    if report.empty:
        return ()
    stage = plan.stages[state.stage_index]
    here = {concept.id: key(stage.name, concept.id) for concept in stage.concepts}
    found = [*_dangers(report), *_turned(report), *_unspoken(report, state, here), *_gaps(report)]
    return tuple(
        BoardQuestion(probe, reason, here[concept], _label(board, elements))
        for probe, reason, concept, elements in found
        if concept in here
    )


Found = tuple[str, str, str | None, tuple[str, ...]]


def _dangers(report: BoardReport) -> Iterator[Found]:
    for way in report.violations:
        yield way.probe, f"forbidden way: {way.reason}", way.concept, way.elements


def _turned(report: BoardReport) -> Iterator[Found]:
    for edge in report.edges:
        if edge.state is EdgeState.REVERSED:
            yield edge.probe, "drawn the other way round", edge.concept, edge.elements


def _unspoken(report: BoardReport, state: InterviewState, here: dict[str, str]) -> Iterator[Found]:
    for component in report.components:
        if component.concept not in here:
            continue
        belief = state.beliefs.get(here[component.concept], Belief())
        said = belief.verdict is Verdict.HIT
        if component.found and not said:
            yield component.probe, "drawn, not said", component.concept, component.elements
        elif said and not component.found and component.required:
            yield component.probe, "said, not drawn", component.concept, ()


def _gaps(report: BoardReport) -> Iterator[Found]:
    for zone in report.zones:
        if not zone.found:
            yield zone.probe, "no such boundary", zone.concept, ()
        elif zone.outside:
            yield zone.probe, "drawn outside the boundary", zone.concept, zone.outside
    for edge in report.edges:
        if edge.state is EdgeState.MISSING:
            yield edge.probe, "both drawn, not connected", edge.concept, edge.elements


def _label(board: Board, elements: tuple[str, ...]) -> str | None:
    return board.component(elements[0]).label if elements else None
