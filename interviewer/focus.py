"""Which concept is worth the next question.

A concept's value is its weight, times how much is still to be learnt about it, times how far it
belongs to the level asked for, times how close it lies to what the candidate has just said. The
last factor makes the interviewer follow the candidate's thread instead of a list.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from interviewer.state import Belief, InterviewState, is_used
from scenarios.model import Concept, Level, level_rank
from scenarios.rounds import CURVEBALL, RoundPlan, key
from scoring.text import content_stems, read
from scoring.verdicts import Verdict

MAX_PROBES = 2
"""A concept is asked about twice at most; then it is left alone."""

WORTH_ASKING = 0.3
"""Below this value the time is better spent on the next stage."""

TOUCHES = 3
"""Content words that a sentence shares with a concept's statement to be taken up in a question."""

_NEED = {
    Verdict.NOT_DETECTED: 1.0,
    Verdict.UNSURE: 0.9,
    Verdict.CONTRADICTED: 1.1,
}
_AFTER_ONE_PROBE = 0.4
_LEVELS_ABOVE = (1.0, 0.3, 0.08, 0.03)
_THREAD = 1.2


@dataclass(frozen=True)
class Option:
    """A concept that could be asked about, with its value and the next unused question."""

    key: str
    value: float
    line: str
    quote: str | None


def probe_options(
    state: InterviewState, plan: RoundPlan, level: Level, latest: str
) -> tuple[Option, ...]:
    """Concepts of the current stage that may be probed, most valuable first.

    `latest` is what the candidate has just said.
    """
    used = frozenset(state.lines)
    options = [
        option
        for concept_key, concept in _in_play(state, plan)
        if (option := _option(concept_key, concept, state, level, latest, used)) is not None
    ]
    return tuple(sorted(options, key=lambda option: (-option.value, option.key)))


def hint_option(state: InterviewState, plan: RoundPlan, level: Level) -> Option | None:
    """The concept to hint at: the one last asked about, else the most valuable unshown one."""
    used = frozenset(state.lines)
    best: Option | None = None
    for concept_key, concept in _in_play(state, plan):
        belief = state.beliefs.get(concept_key, Belief())
        if belief.verdict is Verdict.HIT or belief.hints or is_used(concept.hint, used):
            continue
        value = concept.weight * _level_factor(concept, level)
        if concept_key == state.aimed_at:
            value += 10
        if best is None or value > best.value:
            best = Option(concept_key, value, concept.hint, None)
    return best


def all_shown(state: InterviewState, plan: RoundPlan, stage_name: str) -> bool:
    """Whether every concept of the stage that matters (weight 2 or 3) is a hit already."""
    stage = plan.stage(stage_name)
    return all(
        state.beliefs.get(key(stage_name, concept.id), Belief()).verdict is Verdict.HIT
        for concept in stage.concepts
        if concept.weight > 1
    )


def _in_play(state: InterviewState, plan: RoundPlan) -> list[tuple[str, Concept]]:
    stage = plan.stages[state.stage_index]
    concepts = [(key(stage.name, concept.id), concept) for concept in stage.concepts]
    if plan.curveball and plan.curveball.stage.value == stage.name:
        thrown = state.round_index in state.curveball_turns
        concepts += [
            (key(CURVEBALL, concept.id), concept)
            for concept in (plan.curveball.concepts if thrown else ())
        ]
    return concepts


def _option(
    concept_key: str,
    concept: Concept,
    state: InterviewState,
    level: Level,
    latest: str,
    used: frozenset[str],
) -> Option | None:
    belief = state.beliefs.get(concept_key, Belief())
    settled = belief.verdict is Verdict.HIT or belief.given_up or belief.hints > 0
    line = _choose_line(concept, latest, used)
    if settled or belief.probes >= MAX_PROBES or line is None:
        return None
    value = concept.weight * _NEED[belief.verdict] * _level_factor(concept, level)
    value *= _AFTER_ONE_PROBE if belief.probes else 1.0
    value *= 1 + _THREAD * _nearness(concept, latest)
    quote = belief.quote or _nearest_sentence(concept, latest)
    return Option(concept_key, round(value, 4), line, quote)


def _level_factor(concept: Concept, level: Level) -> float:
    above = level_rank(concept.level) - level_rank(level)
    return _LEVELS_ABOVE[max(0, above)]


def _nearness(concept: Concept, latest: str) -> float:
    """The share of the concept's own words that the candidate has just used, 0 to 1."""
    words = _pack_stems(concept.statement)
    return len(words & _said_stems(latest)) / len(words) if words else 0.0


def _choose_line(concept: Concept, latest: str, used: frozenset[str]) -> str | None:
    """Of the concept's unused questions the one closest to what was just said.

    Among equals the candidate's own words decide, the same way each time: two people who say
    different things are asked differently, and one turn always gets one question.
    """
    unused = [probe for probe in concept.probes if not is_used(probe, used)]
    if not unused:
        return None
    turn = crc32(latest.encode("utf-8", "replace")) % len(unused)
    rotated = [*unused[turn:], *unused[:turn]]
    return max(rotated, key=lambda probe: len(_pack_stems(probe) & _said_stems(latest)))


def _nearest_sentence(concept: Concept, latest: str) -> str | None:
    """The candidate's sentence that touches the concept's subject, if any clearly does."""
    words = _pack_stems(concept.statement)
    shared, sentence = max(
        ((len(words & stems), text) for text, stems in _said_sentences(latest)), default=(0, "")
    )
    return sentence if shared >= TOUCHES else None


@lru_cache(maxsize=1)
def _said_sentences(latest: str) -> tuple[tuple[str, frozenset[str]], ...]:
    reading = read(latest)
    spans = [reading.slice(sentence.first, sentence.last) for sentence in reading.sentences]
    texts = [latest[start:end] for start, end in spans]
    return tuple((text, frozenset(content_stems(text))) for text in texts)


@lru_cache(maxsize=4096)
def _pack_stems(text: str) -> frozenset[str]:
    return frozenset(content_stems(text))


@lru_cache(maxsize=1)
def _said_stems(text: str) -> frozenset[str]:
    """Of the turn in hand only: what people say is not kept beyond it."""
    return frozenset(content_stems(text))
