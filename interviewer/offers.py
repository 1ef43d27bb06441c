"""The moves that an engine may choose from: the policy's own choice and what it would allow."""

from __future__ import annotations

from interviewer.policy import Situation, advance, decide, new_move, probe, worthwhile_probes
from interviewer.state import PROBING, Event, EventKind, Move, MoveKind

MORE_PROBES = 4
"""Further questions that an engine may choose from."""

MAY_LEAVE_BELOW = 0.8
"""Where no question is worth more than this, an engine may leave the stage after a follow-up."""


def offer(situation: Situation) -> tuple[Move, ...]:
    """The moves that an engine may choose from, what `decide` chooses first.

    There is a choice only of what to ask about next and of which fact answers a question. All
    else, such as the clock, what the candidate requested and the curveball, is settled by `decide`.
    """
    chosen = decide(situation)
    if situation.event.kind is not EventKind.SAID:
        return (chosen,)
    if situation.state.unheard and chosen.kind in PROBING:
        asked = situation.state.question
        return (new_move(situation, MoveKind.REPEAT, line=asked, reason="it was not heard"),)
    if chosen.kind is MoveKind.ASSUME and situation.assessment.open_questions:
        return (chosen, *_answers(situation))
    if chosen.kind not in PROBING:
        return (chosen,)
    moves = [chosen, *_probes(situation, chosen)]
    if "?" in situation.event.text and situation.state.stage_index == 0:
        moves += _answers(situation)
    if _may_leave(situation):
        moves.append(advance(situation, "the rest is worth little"))
    return tuple(moves)


def is_negotiable(event: Event, offers: tuple[Move, ...]) -> bool:
    """Whether an engine has something to choose, or a question of its own to word."""
    chosen, *others = offers
    return event.kind is EventKind.SAID and (bool(others) or chosen.kind in PROBING)


def yield_floor(situation: Situation) -> Move:
    """What remains to do where the candidate went on before a word was said: listen."""
    return new_move(situation, MoveKind.WAIT, reason="the candidate went on")


def _probes(s: Situation, chosen: Move) -> list[Move]:
    options = [option for option in worthwhile_probes(s) if option.key != chosen.concept]
    return [probe(s, option) for option in options[:MORE_PROBES]]


def _answers(s: Situation) -> list[Move]:
    """An answer each for the facts that were not given yet."""
    given = {given.fact_id for given in s.state.given.get(s.state.round_index, ())}
    left = [fact.id for fact in s.plan.facts if fact.id not in given]
    reason = "it answers what the candidate asked"
    return [new_move(s, MoveKind.ANSWER, facts=(fact,), reason=reason) for fact in left]


def _may_leave(s: Situation) -> bool:
    options = worthwhile_probes(s)
    worth = options[0].value if options else 0.0
    return s.state.probes_in_stage > 0 and worth < MAY_LEAVE_BELOW
