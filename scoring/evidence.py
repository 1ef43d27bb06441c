"""The offline evidence finder: which concepts an answer shows, and with which words.

Evidence is a satisfied cue, or enough coverage of a phrasing or of the statement inside one
window, words weighted by rarity. The bands come from 26,123 human judgements of the kind "is this
one-fact concept present in this text" (REALSumm): coverage from .5 to .8 is where deciding costs
most, so it is reported as unsure; the rest was decided right in 84 % of the cases. Similarity
ratios of whole strings did far worse there and are not used.

What is not found here may have been said in other words. Known hole: the words of a phrasing in
shuffled order cover it as well as the phrasing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from scenarios.model import Concept, Cue
from scoring.coverage import CoverageIndex, Covered, Reference
from scoring.cues import CueMatch, CueMatcher, match_cues
from scoring.gates import LIST_FUNCTION_SHARE, Flag, is_empty, is_gibberish, term_stems
from scoring.scope import asks, asks_or_assumes, hedged, negated, negated_stems
from scoring.screen import Screened, screen
from scoring.text import Reading, chunks, is_content, read, windows
from scoring.verdicts import Verdict

__all__ = ["CueMatcher", "EvidenceFinder", "Finding", "match_cues"]

HIT_COVERAGE = 0.80
"""Coverage from which a reference counts as said (upper end of the measured abstain band)."""

UNSURE_COVERAGE = 0.50
"""Coverage from which it may have been said (lower end of the band)."""

FEWEST_FOR_HIT = 4
"""Different stems that coverage needs for a hit; two or three words are said by accident."""

FEWEST_FOR_UNSURE = 3
"""Different stems that coverage needs to be noticed at all."""

FoundBy = Literal["cue", "phrasing", "coverage", "question", "contradiction"]

CONTRADICTED_NOTE = "may be contradicted"
HEDGED_NOTE = "hedged"
ASKED_NOTE = "asked, not stated"
STATED_NOTE = "stated, not asked"
NEAR_MISS_NOTE = "close to what does not count"


@dataclass(frozen=True)
class Finding:
    """Evidence for one concept: `text[start:end] == quote`.

    `verdict` is `HIT`, `UNSURE` or `CONTRADICTED`; `score` from 0 to 1 is the coverage, 1 for a
    cue; `note` says why the verdict is not plain; `contradiction` is an index into the concept's
    contradictions.
    """

    key: str
    verdict: Verdict
    start: int
    end: int
    quote: str
    score: float
    found_by: FoundBy
    note: str = ""
    contradiction: int | None = None


class _Match(NamedTuple):
    concept: int
    positions: tuple[int, ...]
    score: float
    found_by: FoundBy
    note: str = ""


class EvidenceFinder:
    """Finds the concepts of one round in what the candidate says.

    Takes the pairs of `RoundPlan.concepts()` and the terms of the round's glossary. Built once per
    round; afterwards it never changes and may be shared between threads.
    """

    def __init__(
        self, concepts: Iterable[tuple[str, Concept]], glossary: Sequence[str] = ()
    ) -> None:
        self._concepts = tuple(concepts)
        self._terms = term_stems(glossary)
        self._owners: list[tuple[int, int | None]] = []
        self._matcher = self._index_cues()
        self._coverage = CoverageIndex(list(_references(self._concepts)))
        self._expected = [_expected_negations(concept) for _, concept in self._concepts]
        self._asking = [any("?" in said for said in one.phrasings) for _, one in self._concepts]

    def _index_cues(self) -> CueMatcher:
        cues: list[Cue] = []
        for index, (_, concept) in enumerate(self._concepts):
            cues.extend(concept.cues)
            self._owners.extend((index, None) for _ in concept.cues)
            cues.extend(one.cue for one in concept.contradictions)
            self._owners.extend((index, at) for at in range(len(concept.contradictions)))
        return CueMatcher(cues)

    def find(self, text: str, heard: Sequence[str] = ()) -> tuple[Finding, ...]:
        """The best evidence per concept and at most one contradiction of it, in concept order.

        `heard` is what the interviewer has said in this round; echoes of it are no evidence.
        """
        screened = screen(text, heard, self._terms)
        if not screened.reading.tokens:
            return ()
        reading = screened.reading
        against: dict[int, tuple[int, _Match]] = {}
        positive: list[tuple[int, Iterator[_Match]]] = []
        for cue, matches in self._matcher.candidates(reading):
            concept, contradiction = self._owners[cue]
            if contradiction is None:
                positive.append((concept, _by_cue(concept, matches)))
            elif concept not in against:
                against.update(_denials(concept, contradiction, matches, reading))
        positive.extend((match.concept, iter((match,))) for match in self._covered(reading))
        best = self._best(positive, screened, against)
        return tuple(self._in_order(best, against, reading))

    def flags(self, text: str, heard: Sequence[str] = ()) -> tuple[str, ...]:
        """Why the answer, or a part of it, was not taken as evidence; empty for honest text."""
        found = set(screen(text, heard, self._terms).flags)
        if is_empty(text):
            found.add(Flag.EMPTY)
        if is_gibberish(text):
            found.add(Flag.GIBBERISH)
        return tuple(flag.value for flag in Flag if flag in found)

    def _covered(self, reading: Reading) -> Iterator[_Match]:
        """Coverage of phrasings and statements, window by window."""
        stems = [token.stem if is_content(token) else "" for token in reading.tokens]
        places = windows(chunks(reading))
        said = [set(stems[first:last]) for first, last in places]
        covered = self._coverage.covered(said, UNSURE_COVERAGE)
        near = _best_near_misses(covered)
        for at, one in covered:
            if one.reference.kind == "near miss" or len(one.stems) < FEWEST_FOR_UNSURE:
                continue
            positions = tuple(spot for spot in range(*places[at]) if stems[spot] in one.stems)
            match = _by_coverage(one, positions, near.get((at, one.reference.concept), 0.0))
            if match:
                yield match

    def _best(
        self,
        positive: Iterable[tuple[int, Iterator[_Match]]],
        screened: Screened,
        against: dict[int, tuple[int, _Match]],
    ) -> dict[int, Finding]:
        """The best finding per concept; no match is judged that could not be better."""
        best: dict[int, Finding] = {}
        for concept, found in positive:
            for match in found:
                if _is_settled(best.get(concept), match):
                    break
                finding = self._judge(match, screened, against.get(concept))
                if finding and _beats(finding, best.get(concept)):
                    best[concept] = finding
        return best

    def _judge(
        self, match: _Match, screened: Screened, against: tuple[int, _Match] | None
    ) -> Finding | None:
        """The verdict that the words around a match leave of it."""
        key, concept = self._concepts[match.concept]
        reading = screened.reading
        first, last = match.positions[0], match.positions[-1] + 1
        asking = concept.shown_by == "asking"
        bare = not screened.listed.isdisjoint(match.positions)
        if bare and (asking or not concept.listable):
            return None
        if asking:
            if _is_bare(reading, match.positions):
                return None
            note = match.note or self._why_not_asked(reading, match)
            found_by: FoundBy = "question" if match.found_by == "cue" else match.found_by
        else:
            note = match.note or self._why_unsure(reading, match)
            found_by = match.found_by
        if against and not note and _overlap(match.positions, against[1].positions):
            note = CONTRADICTED_NOTE
        sure = match.found_by == "cue" or match.score >= HIT_COVERAGE
        verdict = Verdict.HIT if sure and not note else Verdict.UNSURE
        return _finding(key, verdict, reading, (first, last), match.score, found_by, note)

    def _why_not_asked(self, reading: Reading, match: _Match) -> str:
        return "" if asks_or_assumes(reading, match.positions) else STATED_NOTE

    def _why_unsure(self, reading: Reading, match: _Match) -> str:
        if negated(reading, match.positions, self._expected[match.concept]):
            return CONTRADICTED_NOTE
        if hedged(reading, match.positions[0], match.positions[-1] + 1):
            return HEDGED_NOTE
        if asks(reading, match.positions) and not self._asking[match.concept]:
            return ASKED_NOTE
        return ""

    def _in_order(
        self, best: dict[int, Finding], against: dict[int, tuple[int, _Match]], reading: Reading
    ) -> Iterator[Finding]:
        for index, (key, _) in enumerate(self._concepts):
            if index in best:
                yield best[index]
            if index in against:
                contradiction, match = against[index]
                span = match.positions[0], match.positions[-1] + 1
                found = _finding(key, Verdict.CONTRADICTED, reading, span, 1.0, "contradiction", "")
                yield replace(found, contradiction=contradiction)


def _references(concepts: Sequence[tuple[str, Concept]]) -> Iterator[Reference]:
    for index, (_, concept) in enumerate(concepts):
        yield Reference(index, "coverage", concept.statement)
        for said in concept.phrasings:
            yield Reference(index, "phrasing", said)
        for said in concept.near_misses:
            yield Reference(index, "near miss", said)


def _expected_negations(concept: Concept) -> frozenset[str]:
    """Stems that the concept's own texts deny, as "never through the prompt" denies "prompt"."""
    texts = (concept.statement, *concept.phrasings)
    return frozenset[str]().union(*(negated_stems(read(said)) for said in texts))


def _by_cue(concept: int, matches: Iterable[CueMatch]) -> Iterator[_Match]:
    return (_Match(concept, match.positions, 1.0, "cue") for match in matches)


def _denials(
    concept: int, contradiction: int, matches: Iterable[CueMatch], reading: Reading
) -> Iterator[tuple[int, tuple[int, _Match]]]:
    """The first match of a contradiction's cue that is itself neither denied nor asked."""
    for match in matches:
        if not negated(reading, match.positions) and not asks(reading, match.positions):
            yield concept, (contradiction, _Match(concept, match.positions, 1.0, "contradiction"))
            return


def _best_near_misses(covered: Iterable[tuple[int, Covered]]) -> dict[tuple[int, int], float]:
    """The best covered near miss by window and concept."""
    best: dict[tuple[int, int], float] = {}
    for at, one in covered:
        if one.reference.kind == "near miss":
            place = at, one.reference.concept
            best[place] = max(one.share, best.get(place, 0.0))
    return best


def _is_settled(best: Finding | None, match: _Match) -> bool:
    """Whether a hit at least as strong was found already."""
    return best is not None and best.verdict is Verdict.HIT and best.score >= match.score


def _by_coverage(covered: Covered, positions: tuple[int, ...], near_miss: float) -> _Match | None:
    """The match, one grade lower where a near miss is covered as well as the reference."""
    reference, share, stems = covered
    strong = share >= HIT_COVERAGE and len(stems) >= FEWEST_FOR_HIT
    kind: FoundBy = "phrasing" if reference.kind == "phrasing" else "coverage"
    note = ""
    if near_miss >= share:
        if not strong:
            return None
        note = NEAR_MISS_NOTE
    score = share if strong else min(share, HIT_COVERAGE - 0.01)
    return _Match(reference.concept, positions, round(min(score, 1.0), 3), kind, note)


def _is_bare(reading: Reading, positions: Sequence[int]) -> bool:
    """Whether the words stand in no sentence at all but in a list of nouns, and no one asks."""
    if asks_or_assumes(reading, positions):
        return False
    owners = {reading.sentence_of[at] for at in positions}
    tokens = [
        token
        for index in owners
        for token in reading.tokens[reading.sentences[index].first : reading.sentences[index].last]
    ]
    grammar = sum(1 for token in tokens if not is_content(token))
    return grammar < LIST_FUNCTION_SHARE * len(tokens)


def _overlap(left: Sequence[int], right: Sequence[int]) -> bool:
    return left[0] <= right[-1] and right[0] <= left[-1]


def _beats(finding: Finding, other: Finding | None) -> bool:
    return other is None or _rank(finding) > _rank(other)


def _rank(finding: Finding) -> tuple[bool, float, int]:
    return finding.verdict is Verdict.HIT, finding.score, -finding.start


def _finding(
    key: str,
    verdict: Verdict,
    reading: Reading,
    span: tuple[int, int],
    score: float,
    found_by: FoundBy,
    note: str,
) -> Finding:
    start, end = reading.slice(*span)
    return Finding(key, verdict, start, end, reading.text[start:end], score, found_by, note)
