"""The honest character: what the offline finder knows, in the form that a model would give it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from scenarios.load import Library
from scenarios.rounds import RoundPlan, key
from scoring.evidence import EvidenceFinder, Finding
from scoring.observations import Sightings, observe, settle
from scoring.scorecard import FinderOf
from scoring.text import FUNCTION_WORDS
from scoring.transcript import Speaker, Turn
from scoring.verdicts import ConceptVerdict, Verdict
from scoring.written import shared_finders
from tests.messages_stub.answers import Character
from tests.messages_stub.plain import missed, plain
from tests.messages_stub.seen import Offered, Rubric, Said, Seen

MOST_WORDS = 30
MOST_OWN_WORDS = 6
FEWEST_OWN_WORDS = 2

_LEADS = ("You said “{}”.", "Back to “{}”.", "“{}”, you said.")
_CLAUSE = re.compile(r"[^.,;:!?()\n\"“”]+")
_AFTER = re.compile(r"only where it was said after turn (?P<turn>\w+)")
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
_IN_AN_INTERVIEW = {
    Verdict.HIT: "hit",
    Verdict.UNSURE: "partial",
    Verdict.CONTRADICTED: "contradicted",
}
_REASONS = {
    "hit": "The words quoted say it.",
    "partial": "The words quoted touch on it.",
    "unsure": "It is said, and put in doubt.",
    "contradicted": "The words quoted say the opposite.",
}


def honest(library: Library, finder_of: FinderOf | None = None) -> Character:
    """Who asks what the pack would ask, and finds what the offline finder finds.

    The round is recognised by the concepts that the request names; AssertionError where no round
    of the library has them all. Building a round's finder takes about a second, in the first call
    about it: `finder_of` brings finders that exist already (`scoring.written.shared_finders`).
    """
    rounds = _Rounds(library)
    finder_of = finder_of or shared_finders()

    @lru_cache(maxsize=64)
    def look(item: str, said: tuple[Said, ...], thrown: str | None) -> Sightings:
        return observe(finder_of(library.round_for(item)), _turns(said), thrown)

    def answer(seen: Seen) -> Mapping[str, Any]:
        if seen.purpose not in ("interview", "judge"):
            return plain(seen)
        plan = rounds.of(seen)
        if seen.purpose == "judge":
            sightings = look(plan.item, seen.turns(), _curveball_turn(seen, plan))
            return {"verdicts": list(_verdicts(seen, plan, sightings))}
        return _reply(seen, finder_of(plan))

    return answer


class _Rounds:
    """The rounds of a library, by the concepts that they look for."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._questions = {question.id for question in library.questions}
        plans = [library.round_for(one.id) for one in (*library.scenarios, *library.prompts)]
        self._by_key: defaultdict[str, list[RoundPlan]] = defaultdict(list)
        for plan in plans:
            for address, _ in plan.concepts():
                self._by_key[address].append(plan)

    def of(self, seen: Seen) -> RoundPlan:
        """The round that a request is about."""
        rubrics = seen.concepts()
        stages = list(dict.fromkeys(rubric.key.partition("/")[0] for rubric in rubrics))
        if self._questions.issuperset(stages):
            told = (said.stage for said in seen.turns())
            asked = dict.fromkeys((*(one for one in told if one in self._questions), *stages))
            plan = self._library.round_for(*asked)
        else:
            plan = self._designed(rubrics)
        self._check(rubrics, plan)
        return plan

    def _designed(self, rubrics: Sequence[Rubric]) -> RoundPlan:
        """The scenario or story with the most of these concepts, word for word."""
        common = self._by_key[rubrics[0].key]
        assert common, f"no round of the library has the concept {rubrics[0].key!r}"
        return max(common, key=lambda plan: _likeness(plan, rubrics))

    def _check(self, rubrics: Sequence[Rubric], plan: RoundPlan) -> None:
        known = {address for address, _ in plan.concepts()}
        unknown = [rubric.key for rubric in rubrics if rubric.key not in known]
        assert not unknown, f"the round {plan.item!r} has no concepts {', '.join(unknown)}"


def _likeness(plan: RoundPlan, rubrics: Sequence[Rubric]) -> tuple[int, int]:
    statements = {address: concept.statement for address, concept in plan.concepts()}
    shared = [rubric for rubric in rubrics if rubric.key in statements]
    verbatim = sum(statements[rubric.key] in rubric.statement for rubric in shared)
    return len(shared), verbatim


# --- the interviewer ------------------------------------------------------------------------


def _reply(seen: Seen, finder: EvidenceFinder) -> Mapping[str, Any]:
    """The first move, worded, and what the latest answer shows."""
    turns = seen.turns()
    seen.candidate_texts()
    at = max(index for index, said in enumerate(turns) if said.by_candidate)
    heard = tuple(said.text for said in turns[:at] if not said.by_candidate)
    found = finder.find(turns[at].text, heard, turns[at].stage or None)
    move = seen.moves()[0]
    return {
        "move": move.id,
        "say": word(move, turns[at].text, found, at),
        "assessments": [_assessment(finding) for finding in found],
    }


def _assessment(finding: Finding) -> dict[str, str]:
    verdict = _IN_AN_INTERVIEW[finding.verdict]
    return {"concept": finding.key, "verdict": verdict, "quote": finding.quote}


def word(move: Offered, answer: str, found: Sequence[Finding], at: int) -> str:
    """The move's question behind a few of the candidate's own words, 30 words at most."""
    if not move.question:
        return ""
    room = MOST_WORDS - len(move.question.split()) - FEWEST_OWN_WORDS
    if own := own_words(answer, found, min(room, MOST_OWN_WORDS)):
        return f"{_LEADS[at % len(_LEADS)].format(own)} {move.question}"
    return move.question


def own_words(answer: str, found: Sequence[Finding], most: int) -> str:
    """Up to `most` words of the answer in a row, from what was found in it where there is any."""
    clauses = [finding.quote for finding in found] + _CLAUSE.findall(answer)
    for clause in clauses:
        words = next(iter(_CLAUSE.findall(clause)), "").split()[: max(most, 0)]
        while words and words[-1].casefold() in FUNCTION_WORDS:
            words.pop()
        if len(words) >= FEWEST_OWN_WORDS:
            return " ".join(words)
    return ""


# --- the judge ------------------------------------------------------------------------------


def _verdicts(seen: Seen, plan: RoundPlan, sightings: Sightings) -> Iterator[dict[str, str]]:
    seen.candidate_texts()
    turns = _turns(seen.turns())
    concepts = dict(plan.concepts())
    for rubric in seen.concepts():
        found = sightings.get(rubric.key, ())
        yield _verdict(settle(rubric.key, concepts[rubric.key], found, turns, opened=True))


def _verdict(settled: ConceptVerdict) -> dict[str, str]:
    address = key(settled.stage, settled.concept_id)
    if not settled.evidence:
        return missed(address)
    doubted = settled.verdict is Verdict.UNSURE and len(settled.evidence) > 1
    verdict = "unsure" if doubted else _IN_AN_INTERVIEW[settled.verdict]
    shown = next(iter(settled.evidence))
    return {
        "concept": address,
        "verdict": verdict,
        "quote": shown.quote,
        "turn": shown.turn_id,
        "reason": _REASONS[verdict],
    }


def _turns(said: Sequence[Said]) -> list[Turn]:
    return [_turn(index, one) for index, one in enumerate(said)]


def _turn(index: int, said: Said) -> Turn:
    speaker = Speaker.CANDIDATE if said.by_candidate else Speaker.INTERVIEWER
    return Turn(said.turn, index, speaker, said.text, 0, said.stage, _ANY_TIME)


def _curveball_turn(seen: Seen, plan: RoundPlan) -> str | None:
    """The turn that threw the curveball, as the request names it, or else by its text."""
    lines = (line for rubric in seen.concepts() for line in rubric.lines)
    if named := next(filter(None, map(_AFTER.search, lines)), None):
        return named["turn"]
    text = plan.curveball.text if plan.curveball else None
    asked = (said for said in seen.turns() if not said.by_candidate)
    return next((said.turn for said in asked if text and text in said.text), None)
