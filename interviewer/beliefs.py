"""How a state changes: what an event adds to it, and what a move leaves behind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, repeat, takewhile

from interviewer.engines.owning_up import without_note
from interviewer.ports import Assessment
from interviewer.state import (
    PROBING,
    Belief,
    Event,
    EventKind,
    Finding,
    InterviewState,
    Move,
    MoveKind,
    candidate_turn_id,
    fold,
    interviewer_turn_id,
    split_lines,
    stage_key,
)
from scenarios.rounds import RoundPlan
from scoring.record import Given, GivenKind
from scoring.text import content_stems
from scoring.transcript import Speaker, Turn
from scoring.verdicts import Verdict

_STRENGTH = {
    Verdict.NOT_DETECTED: 0,
    Verdict.UNSURE: 1,
    Verdict.CONTRADICTED: 2,
    Verdict.HIT: 3,
}


def absorb(
    state: InterviewState, seq: int, event: Event, assessment: Assessment, plan: RoundPlan
) -> InterviewState:
    """The state after the event `seq`: time charged, beliefs moved, assumptions noted."""
    stage = stage_key(state.round_index, plan.stages[state.stage_index].name)
    spent = {**state.spent_s, stage: state.spent_s.get(stage, 0.0) + max(0.0, event.active_s)}
    update: dict[str, object] = {"seq": seq, "spent_s": spent}
    match event.kind:
        case EventKind.SAID:
            update |= _after_answer(state, seq, assessment)
        case EventKind.THINK:
            update["thinking"] = True
        case EventKind.PAUSED:
            update["paused"] = True
        case EventKind.RESUMED | EventKind.NEXT:
            update["paused"] = False
        case EventKind.SILENCE:
            update["silences_in_stage"] = state.silences_in_stage + 1
        case EventKind.DREW:
            update["board_revision"] = event.board_revision
        case _:
            pass
    return state.model_copy(update=update)


def correct(
    state: InterviewState, seq: int, noted: Iterable[tuple[int, Finding]]
) -> InterviewState:
    """The state before event `seq`, its beliefs corrected by what an engine noted meanwhile.

    An engine that read the turn may raise a belief, and take one back that came from the turn that
    it read; what was shown before stays shown.
    """
    beliefs = dict(state.beliefs)
    for said_at, finding in noted:
        known = beliefs.get(finding.key, Belief())
        beliefs[finding.key] = _corrected(known, finding, candidate_turn_id(said_at))
    learnt = any(
        _STRENGTH[belief.verdict] > _STRENGTH[state.beliefs.get(key, Belief()).verdict]
        for key, belief in beliefs.items()
    )
    dry = 0 if learnt else state.dry_answers
    update = {"beliefs": beliefs, "corrected_up_to": seq - 1, "dry_answers": dry}
    return state.model_copy(update=update)


def _corrected(belief: Belief, finding: Finding, turn_id: str) -> Belief:
    if belief.turn_id != turn_id:
        return _stronger(belief, finding, turn_id)
    if finding.verdict is Verdict.NOT_DETECTED:
        return belief.model_copy(
            update={"verdict": finding.verdict, "turn_id": None, "quote": None}
        )
    return belief.model_copy(update={"verdict": finding.verdict, "quote": finding.quote})


def _after_answer(state: InterviewState, seq: int, assessment: Assessment) -> dict[str, object]:
    turn_id = candidate_turn_id(seq)
    beliefs = dict(state.beliefs)
    for finding in assessment.findings:
        beliefs[finding.key] = _stronger(beliefs.get(finding.key, Belief()), finding, turn_id)
    if "dont_know" in assessment.intents and state.aimed_at is not None:
        known = beliefs.get(state.aimed_at, Belief())
        beliefs[state.aimed_at] = known.model_copy(update={"given_up": True})
    return {
        "beliefs": beliefs,
        "given": _with_assumptions(state, assessment, turn_id),
        "answers_in_stage": state.answers_in_stage + 1,
        "dry_answers": _dry_answers(state, assessment, beliefs),
        "thinking": "think" in assessment.intents,
        "paused": False,
        "assumption_about": None,
    }


_SAYS_NOTHING = frozenset({"dont_know", "off_topic"})


def _dry_answers(state: InterviewState, assessment: Assessment, beliefs: dict[str, Belief]) -> int:
    """Counts answers to follow-ups only: neither a stage's first answer nor a request is dry."""
    learnt = any(
        belief.verdict is not state.beliefs.get(key, Belief()).verdict
        for key, belief in beliefs.items()
    )
    if learnt:
        return 0
    answers = state.probes_in_stage > 0 and _SAYS_NOTHING.issuperset(assessment.intents)
    return state.dry_answers + int(answers)


def _stronger(belief: Belief, finding: Finding, turn_id: str) -> Belief:
    if _STRENGTH[finding.verdict] <= _STRENGTH[belief.verdict]:
        return belief
    return belief.model_copy(
        update={"verdict": finding.verdict, "turn_id": turn_id, "quote": finding.quote}
    )


def _topic(question: str | None, assumptions: tuple[str, ...]) -> str:
    """The open question, if the first assumption shares a word with it or says little else."""
    if question is None or not assumptions:
        return _ASSUMPTION
    shared = set(content_stems(question)) & set(content_stems(assumptions[0]))
    return question if shared or len(assumptions[0].split()) <= 6 else _ASSUMPTION


_ASSUMPTION = "assumption"
"""The topic of what was assumed without being asked."""


def _with_assumptions(
    state: InterviewState, assessment: Assessment, turn_id: str
) -> dict[int, tuple[Given, ...]]:
    known = state.given.get(state.round_index, ())
    heard = {fold(given.text) for given in known}
    topic = _topic(state.assumption_about, assessment.assumptions)
    topics = chain((topic,), repeat(_ASSUMPTION))
    fresh = tuple(
        Given(GivenKind.ASSUMPTION, topic, text, turn_id)
        for topic, text in zip(topics, assessment.assumptions, strict=False)
        if fold(text) not in heard
    )
    return {**state.given, state.round_index: known + fresh} if fresh else state.given


def settle(
    state: InterviewState, move: Move, text: str, plan: RoundPlan, next_plan: RoundPlan | None
) -> InterviewState:
    """The state after the interviewer's move, worded as `text`.

    `next_plan` is the plan of `move.to_round` where that is another round.
    """
    state = _note_move(state, move, plan)
    state = state.model_copy(
        update={
            "lines": (*state.lines, *_folded(text), *_folded(move.line or "")),
            "ending": move.ending,
            "question": _question(text, state, opens=move.kind in _OPENING),
        }
    )
    if (move.to_round, move.to_stage) == (move.round_index, move.stage) and (
        move.kind is not MoveKind.OPEN
    ):
        return state
    return _enter_stage(state, move, next_plan or plan)


def recall(state: InterviewState, turns: Sequence[Turn]) -> InterviewState:
    """The state with all of what was asked since the last answer; `turns` end with the latest one.

    A follow-up that comes sentence by sentence is settled with its first one.
    """
    since = takewhile(lambda turn: turn.speaker is Speaker.INTERVIEWER, reversed(turns[:-1]))
    asked = [turn.text for turn in since if turn.move in PROBING]
    if not asked:
        return state
    lines = [line for text in reversed(asked) for line in _folded(text)]
    question = _question(asked[0], state, opens=False)
    return state.model_copy(
        update={"lines": tuple(dict.fromkeys((*state.lines, *lines))), "question": question}
    )


_OPENING = frozenset({MoveKind.OPEN, MoveKind.ADVANCE, MoveKind.CURVEBALL})
"""Moves that always ask for something, though it may be put as a request: tell me about it."""


def _question(text: str, state: InterviewState, *, opens: bool) -> str:
    """What is repeated on request: what was asked last, without what was owned up to with it."""
    return without_note(text) if text.endswith("?") or opens else state.question


def _folded(text: str) -> tuple[str, ...]:
    return tuple(fold(line) for line in split_lines(text))


def _note_move(state: InterviewState, move: Move, plan: RoundPlan) -> InterviewState:
    update = _tally(state, move)
    if move.kind in PROBING:
        update |= {"probes_in_stage": state.probes_in_stage + 1, "aimed_at": move.concept}
    if move.concept is not None and (move.kind in PROBING or move.kind is MoveKind.HINT):
        update["beliefs"] = _with_attempt(state, move, move.concept)
    if move.facts:
        update["given"] = _with_facts(state, move.facts, move, plan)
    state = state.model_copy(update=update)
    if move.kind is MoveKind.CURVEBALL and plan.curveball is not None:
        changed = tuple(plan.curveball.replaces)
        given = _with_facts(state, changed, move, plan)
        state = state.model_copy(update={"given": given})
    return state


def _tally(state: InterviewState, move: Move) -> dict[str, object]:
    match move.kind:
        case MoveKind.BOARD_PROBE:
            return {"board_probes_in_stage": state.board_probes_in_stage + 1}
        case MoveKind.LAST_WORD:
            return {"last_word_given": (*state.last_word_given, move.round_index)}
        case MoveKind.REDIRECT:
            return {"redirects_in_stage": state.redirects_in_stage + 1}
        case MoveKind.WARN:
            return {"warned": True}
        case MoveKind.CURVEBALL:
            turn_id = interviewer_turn_id(state.seq)
            return {"curveball_turns": {**state.curveball_turns, move.round_index: turn_id}}
        case MoveKind.ASSUME:
            return {"assumption_about": move.quote}
        case _:
            return {}


def _with_attempt(state: InterviewState, move: Move, concept: str) -> dict[str, Belief]:
    belief = state.beliefs.get(concept, Belief())
    if move.kind is MoveKind.HINT:
        belief = belief.model_copy(update={"hints": belief.hints + 1})
    else:
        belief = belief.model_copy(update={"probes": belief.probes + 1})
    return {**state.beliefs, concept: belief}


def _with_facts(
    state: InterviewState, facts: tuple[str, ...], move: Move, plan: RoundPlan
) -> dict[int, tuple[Given, ...]]:
    known = state.given.get(move.round_index, ())
    heard = {(given.fact_id, given.text) for given in known}
    turn_id = interviewer_turn_id(state.seq)
    thrown = move.round_index in state.curveball_turns
    answers = fact_answers(plan, thrown=thrown)
    fresh = tuple(
        Given(GivenKind.FACT, fact.topic, answers[fact.id], turn_id, fact.id)
        for fact in plan.facts
        if fact.id in facts and (fact.id, answers[fact.id]) not in heard
    )
    return {**state.given, move.round_index: known + fresh}


def fact_answers(plan: RoundPlan, *, thrown: bool) -> dict[str, str]:
    """The answer to each fact by its id; after the curveball was thrown, what it changed."""
    answers = {fact.id: fact.answer for fact in plan.facts}
    if thrown and plan.curveball is not None:
        answers |= plan.curveball.replaces
    return answers


def _enter_stage(state: InterviewState, move: Move, plan: RoundPlan) -> InterviewState:
    names = [stage.name for stage in plan.stages]
    update: dict[str, object] = {
        "round_index": move.to_round,
        "stage_index": names.index(move.to_stage),
        "reached": (*state.reached, stage_key(move.to_round, move.to_stage)),
        "probes_in_stage": 0,
        "redirects_in_stage": 0,
        "board_probes_in_stage": 0,
        "silences_in_stage": 0,
        "answers_in_stage": 0,
        "dry_answers": 0,
        "warned": False,
        "thinking": False,
        "aimed_at": None,
    }
    if move.to_round != move.round_index:
        update |= {
            "beliefs": {},
            "lines": (),
            "board_revision": None,
            "corrected_up_to": state.seq,
        }
    return state.model_copy(update=update)
