"""What the interviewer said in the rounds that were played, checked by code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evals.metrics import Checked, Metric, none_of, rate
from evals.play import Played
from interviewer.state import MoveKind
from scoring.conduct import Fault
from scoring.conduct_report import TurnFault, conduct_report
from scoring.transcript import Speaker

SUITE = "conduct"

NEVER: dict[Fault, str] = {
    Fault.PRAISE: "praise",
    Fault.GRADES: "grade said aloud",
    Fault.LEAKS: "concept given away",
    Fault.PRESUPPOSES: "presupposition",
    Fault.INVENTS: "fact made up",
    Fault.TWO_QUESTIONS: "two questions at once",
    Fault.REPEATS: "question repeated",
    Fault.LECTURES: "lecture",
    Fault.OFF_ROLE: "stepped out of the part",
}
"""What may not happen once."""

SELDOM: dict[Fault, str] = {Fault.TOO_LONG: "turn of 30 words at most"}
"""What is counted as a share, since the packs' own sentences may need more words."""


def measure(engine: str, played: Sequence[Played]) -> list[Metric]:
    """Each fault by itself, then hints and the order of the stages."""
    found = [(one, faults_of(one)) for one in played]

    def cases(fault: Fault) -> list[Checked]:
        return [_counted(one, faults, fault) for one, faults in found]

    return [
        *(none_of(SUITE, engine, what, cases(fault)) for fault, what in NEVER.items()),
        *(rate(SUITE, engine, what, cases(fault)) for fault, what in SELDOM.items()),
        none_of(SUITE, engine, "hint that nobody asked for", _each(played, _unasked)),
        none_of(SUITE, engine, "stage out of order", _each(played, _disorder)),
    ]


def faults_of(one: Played) -> tuple[TurnFault, ...]:
    """Every fault of every turn of the interviewer."""
    report = conduct_report(one.record)
    return () if report is None else report.faults


def _counted(one: Played, faults: Sequence[TurnFault], fault: Fault) -> Checked:
    turns = [each.turn_id for each in faults if each.fault is fault]
    return Checked(_asked(one), tuple(f"{one.name}: {turn}" for turn in turns))


def _asked(one: Played) -> int:
    return sum(turn.speaker is Speaker.INTERVIEWER for turn in one.card.transcript)


def _each(played: Sequence[Played], look: Callable[[Played], Sequence[object]]) -> list[Checked]:
    return [
        Checked(_asked(one), tuple(f"{one.name}: {fault}" for fault in look(one))) for one in played
    ]


def _unasked(one: Played) -> Sequence[object]:
    report = conduct_report(one.record)
    return () if report is None else report.hints_unasked


def _disorder(one: Played) -> Sequence[str]:
    """Moves that lead back to an earlier stage of the round."""
    names = [stage.name for stage in one.plan.stages]
    return [
        f"from {utterance.move.stage} to {utterance.move.to_stage}"
        for utterance in one.utterances
        if utterance.move.kind is not MoveKind.OPEN
        and names.index(utterance.move.to_stage) < names.index(utterance.move.stage)
    ]
