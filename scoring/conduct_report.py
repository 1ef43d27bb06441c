"""How the interviewer did: its own report, by code, whichever engine worded the questions.

Every utterance is held against what was known when it was said, by the same rules that check a
language model's sentences beforehand (`scoring.conduct`). The report names turns and quotes none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from scenarios.model import Concept
from scenarios.rounds import RoundPlan
from scoring.conduct import Conduct, Fault, Known, whole_utterance_faults
from scoring.record import InterviewRecord, RoundRecord
from scoring.transcript import Speaker, Turn
from scoring.utterance import folded, is_question, is_request, quoted_in, sentences_of
from scoring.verdicts import Verdict
from whiteboard.board import Board

TITLE = "How the interviewer did"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class TurnFault(_Part):
    """What was wrong with one turn of the interviewer; `number` is what cards call the turn."""

    turn_id: str
    number: int
    fault: Fault


class ConductReport(_Part):
    """The interviewer's conduct in a whole interview.

    `words` are the interviewer's, `talk_share` their part of all words, between 0 and 1. `hints`
    counts the hints given; `hints_unasked` the turns with a hint that no word had asked for. A hint
    asked for with a button is asked for.
    """

    questions: int
    words: int
    talk_share: float
    hints: int = 0
    hints_unasked: tuple[int, ...] = ()
    faults: tuple[TurnFault, ...] = ()

    def turns(self, fault: Fault) -> tuple[int, ...]:
        """The numbers of the turns with this fault."""
        return tuple(one.number for one in self.faults if one.fault is fault)


REPORTED = (
    Fault.REPEATS,
    Fault.PRESUPPOSES,
    Fault.INVENTS,
    Fault.LEAKS,
    Fault.TWO_QUESTIONS,
    Fault.TOO_LONG,
    Fault.PRAISE,
    Fault.GRADES,
    Fault.LECTURES,
    Fault.OFF_ROLE,
)
"""What a turn can be blamed for afterwards, worst first; a question that was cut off is none."""

_OWN_NOTICE = frozenset({Fault.TOO_LONG, Fault.OFF_ROLE, Fault.LECTURES})
"""Not held against a turn in which the program also says that the model failed."""


def conduct_report(record: InterviewRecord) -> ConductReport | None:
    """The report; None where the interviewer asked nothing after an answer, as in written ones."""
    turns = record.transcript
    first = next((turn.index for turn in turns if turn.speaker is Speaker.CANDIDATE), None)
    asked = [turn for turn in turns if turn.speaker is Speaker.INTERVIEWER and turn.text.strip()]
    if first is None or not any(turn.index > first for turn in asked):
        return None
    own = sum(len(turn.text.split()) for turn in asked)
    both = own + sum(len(turn.text.split()) for turn in turns if turn.speaker is Speaker.CANDIDATE)
    hints = [turn for turn in asked if turn.move == "hint"]
    return ConductReport(
        questions=sum(_questions(turn.text) for turn in asked),
        words=own,
        talk_share=round(own / both, 3),
        hints=len(hints),
        hints_unasked=tuple(turn.index + 1 for turn in hints if not _requested(turn, turns)),
        faults=tuple(_all_faults(record)),
    )


def _questions(text: str) -> int:
    """Questions, and a turn that asks without a question mark as one."""
    sentences = sentences_of(text)
    return sum(map(is_question, sentences)) or int(any(map(is_request, sentences)))


_REQUESTS = re.compile(r"\b(?:hints?|help|clues?|pointers?|nudge|stuck)\b", re.IGNORECASE)


def _requested(hint: Turn, turns: Sequence[Turn]) -> bool:
    """Whether the answer before the hint asks for one; a button leaves no turn of its own."""
    before = [turn for turn in turns if turn.index < hint.index]
    if not before or before[-1].speaker is Speaker.INTERVIEWER:
        return True
    said = before[-1]
    answers_it = said.id[1:] == hint.id[1:] or not hint.id[1:].isdigit()
    return not answers_it or _REQUESTS.search(said.text) is not None


def _all_faults(record: InterviewRecord) -> Iterator[TurnFault]:
    for index, held in enumerate(record.rounds):
        turns = [turn for turn in record.transcript if turn.round_index == index]
        yield from _round_faults(held, turns)


def _round_faults(held: RoundRecord, turns: Sequence[Turn]) -> Iterator[TurnFault]:
    """The faults of one round, each utterance held against what stood before it."""
    lines = _Lines(held.plan)
    board = tuple(_labels(held.boards))
    known = Known(plan=held.plan, move="open", board=board)
    for turn in turns:
        if turn.speaker is Speaker.CANDIDATE:
            shown = _shown_by(held.plan, turn, known)
            known = replace(
                known, candidate=(*known.candidate, turn.text), shown=known.shown | shown
            )
            continue
        given = tuple(one.text for one in held.given if one.turn_id <= turn.id or not one.fact_id)
        told = replace(
            known,
            move=turn.move or "open",
            line=lines.used_in(turn),
            concept=turn.aims_at,
            given=given,
            board=(*known.board, *_pointed_at(turn)),
        )
        yield from _turn_faults(turn, told)
        known = replace(known, asked=(*known.asked, turn.text))


def _pointed_at(turn: Turn) -> tuple[str, ...]:
    """The labels that a question about the drawing names; they may have been changed since."""
    return quoted_in(turn.text) if turn.move == "board_probe" else ()


def _turn_faults(turn: Turn, known: Known) -> Iterator[TurnFault]:
    found = {one.fault for one in whole_utterance_faults(turn.text, known)}
    if turn.degraded:
        found -= _OWN_NOTICE
    for fault in REPORTED:
        if fault in found:
            yield TurnFault(turn_id=turn.id, number=turn.index + 1, fault=fault)


def _shown_by(plan: RoundPlan, turn: Turn, known: Known) -> frozenset[str]:
    finder = Conduct.of(plan).finder
    found = finder.find(turn.text, known.asked, turn.stage or None)
    return frozenset(one.key for one in found if one.verdict is Verdict.HIT)


class _Lines:
    """The pack's own questions, to find the one that a turn consists of."""

    def __init__(self, plan: RoundPlan) -> None:
        self._concepts = dict(plan.concepts())
        texts = [
            *_board_lines(plan),
            *(flag.probe for one in plan.stages for flag in one.red_flags),
        ]
        texts += [line for concept in self._concepts.values() for line in _concept_lines(concept)]
        if plan.curveball is not None:
            texts.append(plan.curveball.text)
        self._folded = {folded(text): text for text in texts}

    def used_in(self, turn: Turn) -> str:
        """The lines that the turn says; else those that it may have put into other words."""
        said = f" {folded(turn.text)} "
        used = [text for key, text in self._folded.items() if f" {key} " in said]
        if used or turn.aims_at not in self._concepts:
            return " ".join(used)
        return " ".join(self._concepts[turn.aims_at].probes)


def _concept_lines(concept: Concept) -> Iterable[str]:
    return (*concept.probes, concept.hint, *(one.probe for one in concept.contradictions))


def _board_lines(plan: RoundPlan) -> Iterator[str]:
    board = plan.board
    yield from (one.probe for one in (*board.components, *board.edges))
    yield from (one.probe for one in (*board.forbidden, *board.zones))


def _labels(boards: Iterable[tuple[str, Board]]) -> Iterator[str]:
    for _, board in boards:
        parts = (*board.components, *board.arrows, *board.zones)
        yield from (part.label for part in parts if part.label)
        yield from board.notes


_SAYS: dict[Fault, str] = {
    Fault.REPEATS: "asked something again",
    Fault.PRESUPPOSES: "presupposed something that you had not said",
    Fault.INVENTS: "brought in something that nobody had given",
    Fault.LEAKS: "gave something away that you had not said yet",
    Fault.TWO_QUESTIONS: "asked more than one question",
    Fault.TOO_LONG: "was longer than 30 words",
    Fault.PRAISE: "praised",
    Fault.GRADES: "graded aloud",
    Fault.LECTURES: "explained or advised",
    Fault.OFF_ROLE: "stepped out of the part",
}


def conduct_lines(report: ConductReport | None) -> tuple[str, ...]:
    """The report in plain words, the figures first; nothing where there is none."""
    return () if report is None else tuple(_lines(report))


def _lines(report: ConductReport) -> Iterator[str]:
    questions = "1 question" if report.questions == 1 else f"{report.questions} questions"
    hints = {0: "no hint", 1: "1 hint"}.get(report.hints, f"{report.hints} hints")
    yield f"The interviewer: {questions}, {report.talk_share:.0%} of the words, {hints}."
    if report.hints_unasked:
        yield f"{_turns(report.hints_unasked)} gave a hint that you had not asked for."
    ordered = sorted(report.faults, key=lambda one: REPORTED.index(one.fault))
    for fault, found in groupby(ordered, key=lambda one: one.fault):
        yield f"{_turns([one.number for one in found])} {_SAYS[fault]}."
    if not (report.faults or report.hints_unasked):
        yield "By these checks, nothing was repeated, presupposed, invented or given away."
    yield "These checks are rules: they overlook what is said in other words."


def _turns(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"Turn {numbers[0]}"
    *most, last = map(str, numbers)
    return f"Turns {', '.join(most)} and {last}"
