"""The offline evidence finder: which concepts an answer shows, and with which words.

Evidence is a satisfied cue, or enough coverage of a phrasing or of the statement inside one
window, words weighted by rarity. The bands come from 26,123 human judgements of the kind "is this
one-fact concept present in this text" (REALSumm): coverage from .5 to .8 is where deciding costs
most, so it is reported as unsure; the rest was decided right in 84 % of the cases. Similarity
ratios of whole strings did far worse there and are not used.

What is not found here may have been said in other words. Known holes: the right words in the wrong
relation, and unordered cues, which shuffled words satisfy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from scenarios.model import Concept, Cue
from scenarios.rounds import CURVEBALL, RoundPlan
from scoring.coverage import CoverageIndex
from scoring.crossing import (
    CROSSINGS,
    Crossing,
    in_one_sentence,
    is_corroborated,
    is_faint,
    is_one_thought,
)
from scoring.cues import CueMatch, CueMatcher, match_cues
from scoring.enumeration import is_bare, merely_listed
from scoring.finding import (
    ASKED_NOTE,
    CONTRADICTED_NOTE,
    ELSEWHERE_NOTE,
    HEDGED_NOTE,
    LISTED_NOTE,
    STATED_NOTE,
    Finding,
)
from scoring.gates import Flag, is_empty, is_gibberish, term_stems
from scoring.matches import (
    HIT_COVERAGE,
    NEAR_MISS_NOTE,
    NO_CUE,
    FoundBy,
    Match,
    covered_matches,
    cue_matches,
    cues_beside,
    references,
    stems_around,
)
from scoring.scope import (
    asks,
    asks_or_assumes,
    asks_or_assumes_outright,
    dismissed,
    hedged,
    negated,
    stems_denied_in,
)
from scoring.screen import Screened, is_listed, screen, spans_items
from scoring.text import Reading, content_stems
from scoring.verdicts import Verdict

__all__ = ["CueMatcher", "EvidenceFinder", "Finding", "match_cues"]

LIKE_EXAMPLE = 0.5
"""Share of a contradiction's example that its words need beside them in another stage."""

ESSENTIAL_WEIGHT = 3
"""The weight of what a stage cannot do without, which takes more than a noun in a list."""


class _Answer(NamedTuple):
    """What is left of an answer, the stage in which it was given, and near misses in it."""

    screened: Screened
    stage: str | None
    near_misses: frozenset[tuple[int, tuple[int, int]]] = frozenset()


class EvidenceFinder:
    """Finds the concepts of one round in what the candidate says.

    Takes the pairs of `RoundPlan.concepts()` and the terms of the round's glossary. Built once per
    round; afterwards it never changes and may be shared between threads.
    """

    def __init__(
        self,
        concepts: Iterable[tuple[str, Concept]],
        glossary: Sequence[str] = (),
        *,
        crossing: Crossing = Crossing.CORROBORATED,
        curveball_stage: str | None = None,
    ) -> None:
        self._concepts = tuple(concepts)
        self._crossing = crossing
        stages = (key.partition("/")[0] for key, _ in self._concepts)
        self._homes = [curveball_stage if one == CURVEBALL else one for one in stages]
        self._terms = term_stems(glossary)
        self._owners: list[tuple[int, int | None]] = []
        self._matcher = self._index_cues()
        self._coverage = CoverageIndex(list(references(self._concepts)))
        self._expected = [
            stems_denied_in((concept.statement, *concept.phrasings))
            for _, concept in self._concepts
        ]
        self._asking = [any("?" in said for said in one.phrasings) for _, one in self._concepts]

    @classmethod
    def of(cls, plan: RoundPlan) -> EvidenceFinder:
        """The finder of a round, which knows what its stages may show of one another's concepts."""
        return cls(
            plan.concepts(),
            tuple(term.term for term in plan.glossary),
            crossing=CROSSINGS[plan.kind],
            curveball_stage=None if plan.curveball is None else plan.curveball.stage.value,
        )

    def _index_cues(self) -> CueMatcher:
        cues: list[Cue] = []
        for index, (_, concept) in enumerate(self._concepts):
            cues.extend(concept.cues)
            self._owners.extend((index, None) for _ in concept.cues)
            cues.extend(one.cue for one in concept.contradictions)
            self._owners.extend((index, at) for at in range(len(concept.contradictions)))
        return CueMatcher(cues)

    def find(
        self, text: str, heard: Sequence[str] = (), stage: str | None = None
    ) -> tuple[Finding, ...]:
        """The best evidence per concept and at most one contradiction of it, in concept order.

        `heard` is what the interviewer has said in this round; echoes of it are no evidence.
        `stage` is the one in which the answer was given: concepts of the others need corroborated
        evidence, see `scoring.crossing`. None treats every concept alike.
        """
        screened = screen(text, heard, self._terms)
        if not screened.reading.tokens:
            return ()
        heard_in = _Answer(screened, stage)
        against: dict[int, tuple[int, Match]] = {}
        positive: defaultdict[int, list[Match]] = defaultdict(list)
        for cue, matches in self._matcher.candidates(screened.reading):
            concept, contradiction = self._owners[cue]
            if self._is_barred(concept, stage):
                continue
            if contradiction is None:
                positive[concept].extend(cue_matches(concept, matches))
            elif concept not in against:
                against.update(self._denials(concept, contradiction, matches, heard_in))
        wording = covered_matches(self._coverage, screened.reading)
        heard_in = heard_in._replace(near_misses=wording.near_misses)
        for match in wording.matches:
            if not self._is_barred(match.concept, stage):
                positive[match.concept].append(match)
        best = self._best(positive, heard_in, against)
        return tuple(self._in_order(best, against, screened.reading))

    def _is_elsewhere(self, concept: int, stage: str | None) -> bool:
        """Whether the concept belongs to another stage than the answer."""
        return (
            stage is not None
            and self._crossing is not Crossing.FREE
            and self._homes[concept] not in {None, stage}
        )

    def _is_barred(self, concept: int, stage: str | None) -> bool:
        return self._crossing is Crossing.NONE and self._is_elsewhere(concept, stage)

    def flags(self, text: str, heard: Sequence[str] = ()) -> tuple[str, ...]:
        """Why the answer, or a part of it, was not taken as evidence; empty for honest text."""
        found = set(screen(text, heard, self._terms).flags)
        if is_empty(text):
            found.add(Flag.EMPTY)
        if is_gibberish(text):
            found.add(Flag.GIBBERISH)
        return tuple(flag.value for flag in Flag if flag in found)

    def _best(
        self,
        positive: Mapping[int, Sequence[Match]],
        answer: _Answer,
        against: Mapping[int, tuple[int, Match]],
    ) -> dict[int, Finding]:
        """The finding per concept that is worded most like it, a hit before anything unsure."""
        best: dict[int, Finding] = {}
        for concept, matches in positive.items():
            close = [self._with_closeness(match, answer) for match in matches]
            close.sort(key=lambda match: (-match.aptness, match.positions))
            for match in close:
                finding = self._judge(match, answer, against.get(concept))
                if finding and self._is_elsewhere(concept, answer.stage):
                    finding = _corroborated(finding, match, close, answer.screened.reading)
                if finding and finding.verdict is Verdict.HIT:
                    best[concept] = finding
                    break
                if finding:
                    best.setdefault(concept, finding)
        return best

    def _with_closeness(self, match: Match, answer: _Answer) -> Match:
        stems = stems_around(answer.screened.reading, match.positions)
        closeness = match.score
        if match.found_by == "cue":
            closeness = self._coverage.closeness(match.concept, stems)
        aptness = round(closeness * self._coverage.purity(match.concept, stems), 3)
        return match._replace(closeness=closeness, aptness=aptness)

    def _denials(
        self, concept: int, contradiction: int, matches: Iterable[CueMatch], answer: _Answer
    ) -> Iterator[tuple[int, tuple[int, Match]]]:
        """The first match of a contradiction's cue that is one thought, neither denied nor asked.

        In another stage it has to be worded much like the contradiction's own example as well.
        """
        reading = answer.screened.reading
        example = content_stems(self._concepts[concept][1].contradictions[contradiction].example)
        for match in matches:
            if negated(reading, match.positions) or asks(reading, match.positions):
                continue
            stems = stems_around(reading, match.positions)
            likeness = self._coverage.share(example, stems)
            elsewhere = self._is_elsewhere(concept, answer.stage)
            if not in_one_sentence(reading, match.positions) or (
                elsewhere and likeness < LIKE_EXAMPLE
            ):
                continue
            found = Match(concept, match.positions, 1.0, "contradiction", closeness=likeness)
            yield concept, (contradiction, found)
            return

    def _judge(
        self, match: Match, answer: _Answer, against: tuple[int, Match] | None
    ) -> Finding | None:
        """The verdict that the words around a match leave of it."""
        concept = self._concepts[match.concept][1]
        reading = answer.screened.reading
        asking = concept.shown_by == "asking"
        if not concept.listable and _is_scattered(match, answer.screened):
            return None
        if asking and not self._may_ask(match, answer):
            return None
        if match.found_by == "cue" and not is_one_thought(reading, match.positions):
            return None
        note = match.note or _doubt(match, answer)
        note = note or (self._why_not_asked if asking else self._why_unsure)(reading, match)
        if not asking and against and not note and _overlap(match.positions, against[1].positions):
            note = CONTRADICTED_NOTE
        found_by: FoundBy = "question" if asking and match.found_by == "cue" else match.found_by
        sure = match.score >= HIT_COVERAGE
        verdict = Verdict.HIT if sure and not note else Verdict.UNSURE
        return self._finding(match, verdict, reading, found_by, note)

    def _may_ask(self, match: Match, answer: _Answer) -> bool:
        """Whether words that should ask can be asking at all."""
        reading = answer.screened.reading
        asked = asks_or_assumes(reading, match.positions)
        if not asked and is_bare(reading, match.positions):
            return False
        elsewhere = self._is_elsewhere(match.concept, answer.stage)
        return not elsewhere or asks_or_assumes_outright(reading, match.positions)

    def _why_not_asked(self, reading: Reading, match: Match) -> str:
        if not asks_or_assumes(reading, match.positions):
            return STATED_NOTE
        essential = self._concepts[match.concept][1].weight == ESSENTIAL_WEIGHT
        listed = merely_listed(reading, match.positions, essential=essential)
        return LISTED_NOTE if listed else ""

    def _why_unsure(self, reading: Reading, match: Match) -> str:
        expected = self._expected[match.concept]
        if negated(reading, match.positions, expected) or dismissed(
            reading, match.positions, expected
        ):
            return CONTRADICTED_NOTE
        if hedged(reading, match.positions[0], match.positions[-1] + 1):
            return HEDGED_NOTE
        if asks(reading, match.positions) and not self._asking[match.concept]:
            return ASKED_NOTE
        return ""

    def _in_order(
        self,
        best: Mapping[int, Finding],
        against: Mapping[int, tuple[int, Match]],
        reading: Reading,
    ) -> Iterator[Finding]:
        for index in range(len(self._concepts)):
            if index in best:
                yield best[index]
            if index in against:
                contradiction, match = against[index]
                found = self._finding(match, Verdict.CONTRADICTED, reading, "contradiction", "")
                yield replace(found, contradiction=contradiction)

    def _finding(
        self, match: Match, verdict: Verdict, reading: Reading, found_by: FoundBy, note: str
    ) -> Finding:
        start, end = reading.quotable(match.positions[0], match.positions[-1] + 1)
        return Finding(
            key=self._concepts[match.concept][0],
            verdict=verdict,
            start=start,
            end=end,
            quote=reading.text[start:end],
            score=match.score,
            found_by=found_by,
            note=note,
            aptness=match.aptness,
        )


def _corroborated(
    finding: Finding, match: Match, others: Iterable[Match], reading: Reading
) -> Finding | None:
    """What is left of evidence that was given in another stage than its concept's."""
    if not in_one_sentence(reading, match.positions):
        return None
    cues = len({match.cue, *cues_beside(match, others, reading)} - {NO_CUE})
    if is_corroborated(match.closeness, cues):
        return finding
    if is_faint(match.closeness, cues):
        return None
    return replace(finding, verdict=Verdict.UNSURE, note=finding.note or ELSEWHERE_NOTE)


def _is_scattered(match: Match, screened: Screened) -> bool:
    """Whether the words are picked from several items of a list, or from words without grammar."""
    if is_listed(screened, match.positions):
        return spans_items(screened, match.positions)
    reading = screened.reading
    fenced = reading.sentences[reading.sentence_of[match.positions[0]]].fenced
    return match.found_by != "cue" and not fenced and is_bare(reading, match.positions)


def _doubt(match: Match, answer: _Answer) -> str:
    """Why words are no plain evidence that stand in a denial, or in two near misses together."""
    if not answer.screened.doubted.isdisjoint(match.positions):
        return CONTRADICTED_NOTE
    reading = answer.screened.reading
    if in_one_sentence(reading, match.positions):
        return ""
    sentences = (reading.sentences[reading.sentence_of[at]] for at in match.positions)
    windows = {(one.first, one.last) for one in sentences}
    missed = any((match.concept, window) in answer.near_misses for window in windows)
    return NEAR_MISS_NOTE if missed else ""


def _overlap(left: Sequence[int], right: Sequence[int]) -> bool:
    return left[0] <= right[-1] and right[0] <= left[-1]
