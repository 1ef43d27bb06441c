"""Whether the interviewer has said what only the grading may know.

This looks at the words alone, apart from `scoring.conduct`: five words in a row of a statement, a
phrasing, a near miss or a red flag that stand neither in what the pack has to be said aloud nor in
what the candidate has said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files

from scenarios.model import Concept
from scenarios.rounds import RoundPlan
from scoring.transcript import Speaker, Turn

RUN = 5
"""Words in a row that no two people say by chance."""

Run = tuple[str, ...]


def leaked(plan: RoundPlan, turns: Sequence[Turn]) -> tuple[str, ...]:
    """Ids of the interviewer's turns that hold words of the rubric."""
    secret = _runs(_rubric(plan)) - _runs((*_aloud(plan), _phrase_book()))
    said: set[Run] = set()
    found: list[str] = []
    for turn in turns:
        runs = _runs((turn.text,))
        if turn.speaker is Speaker.CANDIDATE:
            said |= runs
        elif runs & (secret - said):
            found.append(turn.id)
    return tuple(found)


def _rubric(plan: RoundPlan) -> Iterator[str]:
    for _, concept in plan.concepts():
        yield concept.statement
        yield from (*concept.phrasings, *concept.near_misses)
        yield from (one.example for one in concept.contradictions)
    for stage in plan.stages:
        for flag in stage.red_flags:
            yield from (flag.statement, *flag.examples, *flag.near_misses)


def _aloud(plan: RoundPlan) -> Iterator[str]:
    """Everything of the pack that an interviewer may say."""
    yield plan.brief
    yield from (stage.opening for stage in plan.stages)
    yield from (fact.answer for fact in plan.facts)
    yield from (flag.probe for stage in plan.stages for flag in stage.red_flags)
    for _, concept in plan.concepts():
        yield from _asked(concept)
    if plan.curveball is not None:
        yield from (plan.curveball.text, *plan.curveball.replaces.values())
    board = plan.board
    yield from (one.probe for one in (*board.components, *board.edges))
    yield from (one.probe for one in (*board.forbidden, *board.zones))


def _asked(concept: Concept) -> Iterator[str]:
    yield from (*concept.probes, concept.hint)
    yield from (one.probe for one in concept.contradictions)


def _phrase_book() -> str:
    return files("interviewer.engines").joinpath("lines.yaml").read_text("utf-8")


def _runs(texts: Iterable[str]) -> set[Run]:
    found: set[Run] = set()
    for text in texts:
        words = re.findall(r"\w+", text.casefold())
        found |= {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
    return found
