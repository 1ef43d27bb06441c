"""What the interviewer does next: a pure function of the situation.

Read `decide` from the top: each kind of event has its rule, and an answer goes through the rules
of `_ANSWER_RULES` in order; the first that has something to do decides. Nothing here knows how a
sentence is worded or where it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from interviewer.board_talk import BoardQuestion
from interviewer.clock import TURN_S, read_clock, stage_budget_s
from interviewer.focus import WORTH_ASKING, Option, all_shown, hint_option, probe_options
from interviewer.hearing import NO_ANSWER
from interviewer.ports import Assessment
from interviewer.state import (
    Alternative,
    Event,
    EventKind,
    InterviewSettings,
    InterviewState,
    Move,
    MoveKind,
    candidate_turn_id,
    is_used,
)
from scenarios.model import RoundKind
from scenarios.rounds import RoundPlan
from scoring.record import Ending
from scoring.verdicts import Verdict

MAX_REDIRECTS = 2
"""How often a stage asks again after something that was no answer."""

MAX_BOARD_PROBES = 1
"""How many questions about the drawing a stage asks; the talk matters more."""

MAX_SILENCES = 2
"""How often a stage speaks up because of silence."""

SECONDS_PER_FOLLOW_UP = 75
"""Follow-ups that a stage may use: one for each so many seconds of its budget."""

MIN_FOLLOW_UPS, MAX_FOLLOW_UPS = 1, 6

MAX_ANSWERS = 20
"""Answers after which a stage ends whatever its clock says; keeps unclocked input finite."""

MAX_DRY_ANSWERS = 2
"""Follow-ups in a row that may bring nothing to light before the stage is left."""

WARN_AT = 0.2
"""The share of the stage's budget that is left when the candidate is told."""

GRACE_S = 60
"""How long a candidate may go on past the stage's end before being moved on in silence."""

CURVEBALL_NEEDS = 0.3
"""The share of its stage's budget that must be left for the curveball."""


@dataclass(frozen=True)
class Situation:
    """Everything the policy may look at.

    `state` has absorbed the event already. `board` holds the questions that the latest board
    raises, most telling first. `next_plan` is the round after this one, if any.
    """

    settings: InterviewSettings
    state: InterviewState
    plan: RoundPlan
    event: Event
    assessment: Assessment
    board: tuple[BoardQuestion, ...] = ()
    next_plan: RoundPlan | None = None


Rule = Callable[[Situation], Move | None]


def decide(situation: Situation) -> Move:
    """The one move that answers the event."""
    return _EVENT_RULES[situation.event.kind](situation)


def _open(s: Situation) -> Move:
    return new_move(s, MoveKind.OPEN, reason="the round begins")


def _wait(s: Situation) -> Move:
    return new_move(s, MoveKind.WAIT, reason=s.event.kind.value)


def _skip(s: Situation) -> Move:
    return advance(s, "the candidate moved on")


def _end(s: Situation) -> Move:
    return _close(s, Ending.ENDED_EARLY, "the candidate ended it")


def _on_silence(s: Situation) -> Move:
    if s.state.thinking or s.state.paused or s.state.silences_in_stage > MAX_SILENCES:
        return new_move(s, MoveKind.WAIT, reason="thinking")
    return new_move(s, MoveKind.WAIT, wording="silence", reason="silence")


def until_clock_move(settings: InterviewSettings, state: InterviewState, plan: RoundPlan) -> float:
    """Active seconds until the clock has something to say; nobody is warned while they think."""
    left = read_clock(settings, state, plan).stage_left_s
    if state.thinking:
        return left + 2 * GRACE_S
    if state.warned:
        return left + GRACE_S
    return left - WARN_AT * stage_budget_s(settings, state, plan, state.stage_index)


def _on_clock(s: Situation) -> Move:
    if until_clock_move(s.settings, s.state, s.plan) > 0:
        return new_move(s, MoveKind.WAIT, reason="time is left")
    over = read_clock(s.settings, s.state, s.plan).stage_left_s <= -GRACE_S
    if over or s.state.warned:
        return advance(s, "the stage's time is over")
    return new_move(s, MoveKind.WARN, reason="the stage's time is nearly over")


def _on_hint(s: Situation) -> Move:
    option = hint_option(s.state, s.plan, s.settings.level)
    if option is None:
        return new_move(s, MoveKind.REDIRECT, wording="no_hint", reason="nothing left to hint at")
    return new_move(
        s, MoveKind.HINT, concept=option.key, line=option.line, reason="the candidate asked"
    )


def _on_answer(s: Situation) -> Move:
    for rule in _ANSWER_RULES:
        move = rule(s)
        if move is not None:
            return move
    return advance(s, "nothing here is worth more time")


def _if_commanded(s: Situation) -> Move | None:
    intents = s.assessment.intents
    if "hint" in intents:
        return _on_hint(s)
    if "think" in intents:
        return new_move(s, MoveKind.WAIT, wording="think", reason="the candidate thinks")
    if "next" in intents:
        return _skip(s)
    if "repeat" in intents and s.state.question:
        return new_move(s, MoveKind.REPEAT, line=s.state.question, reason="the candidate asked")
    return None


def _if_out_of_time(s: Situation) -> Move | None:
    left = read_clock(s.settings, s.state, s.plan)
    if left.stage_left_s > 0 and s.state.answers_in_stage <= MAX_ANSWERS:
        return None
    return advance(s, "the stage's time is over")


def _if_last_word_was_said(s: Situation) -> Move | None:
    if s.state.round_index in s.state.last_word_given:
        return advance(s, "the last word was said")
    return None


def _if_asked(s: Situation) -> Move | None:
    given = {given.fact_id for given in s.state.given.get(s.state.round_index, ())}
    corrected = [fact for fact in s.assessment.assumed_facts if fact not in given]
    facts = tuple(dict.fromkeys([*s.assessment.facts, *corrected]))
    if facts:
        return new_move(
            s,
            MoveKind.ANSWER,
            facts=facts,
            quote=_first(s.assessment.open_questions),
            reason="the candidate asked for it" if s.assessment.facts else "they assumed otherwise",
        )
    if s.assessment.open_questions and not s.plan.facts:
        return new_move(s, MoveKind.ASSUME, wording="your_reading", reason="open to the candidate")
    if s.assessment.open_questions:
        question = s.assessment.open_questions[0]
        return new_move(s, MoveKind.ASSUME, quote=question, reason="no fact answers it")
    if "how_to_go_on" in s.assessment.intents:
        return new_move(s, MoveKind.ASSUME, wording="your_call", reason="asked how to go on")
    return None


def _if_no_answer(s: Situation) -> Move | None:
    reason = next((name for name in NO_ANSWER if name in s.assessment.intents), None)
    if reason is None:
        return None
    if s.state.redirects_in_stage >= MAX_REDIRECTS:
        return advance(s, f"again no answer ({reason})")
    return new_move(s, MoveKind.REDIRECT, wording=reason, reason=f"no answer: {reason}")


def _if_contradicted(s: Situation) -> Move | None:
    if not _has_room(s):
        return None
    for finding in s.assessment.findings:
        fresh = finding.line is not None and not is_used(finding.line, s.state.lines)
        if finding.verdict is Verdict.CONTRADICTED and fresh:
            return new_move(
                s,
                MoveKind.CONTRADICTION_PROBE,
                concept=finding.key,
                line=finding.line,
                quote=finding.quote,
                reason="it speaks against the concept",
            )
    return None


def _if_curveball_due(s: Situation) -> Move | None:
    ball = s.plan.curveball
    if ball is None or s.state.round_index in s.state.curveball_turns:
        return None
    if s.state.stage_index == 0 or s.plan.stages[s.state.stage_index].name != ball.stage.value:
        return None
    left = read_clock(s.settings, s.state, s.plan)
    budget = stage_budget_s(s.settings, s.state, s.plan, s.state.stage_index)
    late = left.stage_left_s < CURVEBALL_NEEDS * budget + TURN_S
    settled = not worthwhile_probes(s) or s.state.probes_in_stage >= 1
    if left.stage_left_s < TURN_S or not (late or settled):
        return None
    given = {given.fact_id for given in s.state.given.get(s.state.round_index, ())}
    facts = tuple(fact for fact in ball.facts if fact not in given)
    reason = "the round's one curveball"
    return new_move(s, MoveKind.CURVEBALL, line=ball.text, facts=facts, reason=reason)


def _if_red_flag(s: Situation) -> Move | None:
    if not _has_room(s):
        return None
    for flag in s.plan.stages[s.state.stage_index].red_flags:
        seen = flag.id in s.assessment.red_flags
        if seen and not is_used(flag.probe, s.state.lines):
            reason = f"red flag {flag.id}"
            return new_move(s, MoveKind.RED_FLAG_PROBE, line=flag.probe, reason=reason)
    return None


def _if_board_speaks(s: Situation) -> Move | None:
    if not _has_room(s) or s.state.board_probes_in_stage >= MAX_BOARD_PROBES:
        return None
    for question in s.board:
        if is_used(question.probe, s.state.lines):
            continue
        return new_move(
            s,
            MoveKind.BOARD_PROBE,
            concept=question.concept,
            line=question.probe,
            element=question.element,
            reason=question.reason,
        )
    return None


def _if_worth_probing(s: Situation) -> Move | None:
    options = worthwhile_probes(s)
    if not options or not _has_room(s):
        return None
    best, *others = options
    return probe(s, best, others[:3])


def probe(s: Situation, option: Option, others: Sequence[Option] = ()) -> Move:
    """The question about `option`; `others` were possible too."""
    return new_move(
        s,
        MoveKind.PROBE,
        concept=option.key,
        line=option.line,
        quote=_fresh_quote(s, option),
        reason=f"worth {option.value:.2f}",
        alternatives=tuple(
            Alternative(kind=MoveKind.PROBE, concept=other.key, value=other.value)
            for other in others
        ),
    )


_ANSWER_RULES: tuple[Rule, ...] = (
    _if_out_of_time,
    _if_commanded,
    _if_last_word_was_said,
    _if_no_answer,
    _if_asked,
    _if_contradicted,
    _if_red_flag,
    _if_curveball_due,
    _if_board_speaks,
    _if_worth_probing,
)

_EVENT_RULES: dict[EventKind, Callable[[Situation], Move]] = {
    EventKind.BEGAN: _open,
    EventKind.SAID: _on_answer,
    EventKind.DREW: _wait,
    EventKind.HINT: _on_hint,
    EventKind.THINK: _wait,
    EventKind.NEXT: _skip,
    EventKind.PAUSED: _wait,
    EventKind.RESUMED: _wait,
    EventKind.SILENCE: _on_silence,
    EventKind.CLOCK: _on_clock,
    EventKind.END: _end,
}


def follow_ups(s: Situation) -> int:
    """How many follow-ups the current stage may use."""
    budget = stage_budget_s(s.settings, s.state, s.plan, s.state.stage_index)
    budget /= s.settings.extra_time
    return max(MIN_FOLLOW_UPS, min(MAX_FOLLOW_UPS, int(budget // SECONDS_PER_FOLLOW_UP)))


def _has_room(s: Situation) -> bool:
    if s.state.dry_answers >= MAX_DRY_ANSWERS:
        return False
    left = read_clock(s.settings, s.state, s.plan).stage_left_s
    return left >= TURN_S and s.state.probes_in_stage < follow_ups(s)


def worthwhile_probes(s: Situation) -> list[Option]:
    """What is worth a follow-up in the current stage, most valuable first."""
    options = probe_options(s.state, s.plan, s.settings.level, s.event.text)
    return [option for option in options if option.value >= WORTH_ASKING]


def _fresh_quote(s: Situation, option: Option) -> str | None:
    """The candidate's words, where they are from the turn that is being answered."""
    return option.quote if option.quote and option.quote in s.event.text else None


def advance(s: Situation, reason: str) -> Move:
    """To the next stage that still has something to ask, the next round, or the end.

    What the candidate asked in the same breath is answered on the way.
    """
    time_left = read_clock(s.settings, s.state, s.plan).round_left_s >= TURN_S
    ahead = s.plan.stages[s.state.stage_index + 1 :]
    for stage in ahead if time_left else ():
        told = s.plan.kind is RoundKind.BEHAVIOURAL and all_shown(s.state, s.plan, stage.name)
        if not told:
            facts = s.assessment.facts
            return new_move(s, MoveKind.ADVANCE, to_stage=stage.name, facts=facts, reason=reason)
    if time_left and not ahead and _may_revise(s):
        return new_move(s, MoveKind.LAST_WORD, reason=reason)
    if s.next_plan is not None:
        return new_move(
            s,
            MoveKind.OPEN,
            to_round=s.state.round_index + 1,
            to_stage=s.next_plan.stages[0].name,
            reason=reason,
        )
    unreached = bool(ahead) and not time_left
    return _close(s, Ending.TIME_UP if unreached else Ending.COMPLETED, reason)


def _may_revise(s: Situation) -> bool:
    """A design round ends with the chance to revise the design, once, after an answer."""
    answered = s.event.kind is EventKind.SAID and s.state.answers_in_stage <= MAX_ANSWERS
    fresh = s.state.round_index not in s.state.last_word_given
    return s.plan.kind is RoundKind.DESIGN and answered and fresh


def _close(s: Situation, ending: Ending, reason: str) -> Move:
    return new_move(s, MoveKind.CLOSE, ending=ending, reason=reason)


def new_move(s: Situation, kind: MoveKind, **details: object) -> Move:
    """A move of that kind that stays in the stage, but for what `details` say."""
    stage = s.plan.stages[s.state.stage_index].name
    cause = candidate_turn_id(s.state.seq) if s.event.kind is EventKind.SAID else None
    values: dict[str, object] = {
        "kind": kind,
        "round_index": s.state.round_index,
        "stage": stage,
        "to_round": s.state.round_index,
        "to_stage": stage,
        "cause": cause,
        "clock": read_clock(s.settings, s.state, s.plan),
        **details,
    }
    return Move.model_validate(values)


def _first(texts: tuple[str, ...]) -> str | None:
    return texts[0] if texts else None
