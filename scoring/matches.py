"""Places where an answer matches a concept, before anything around them is judged.

A match is a satisfied cue, or a window that covers a phrasing or the statement. The bands of
coverage and where they come from are described in `scoring.evidence`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from scenarios.model import Concept
from scoring.coverage import CoverageIndex, Covered, Reference
from scoring.cues import CueMatch
from scoring.text import Reading, chunks, is_content, windows

HIT_COVERAGE = 0.80
"""Coverage from which a reference counts as said (upper end of the measured abstain band)."""

UNSURE_COVERAGE = 0.50
"""Coverage from which it may have been said (lower end of the band)."""

FEWEST_FOR_HIT = 4
"""Different stems that coverage needs for a hit; two or three words are said by accident."""

FEWEST_FOR_UNSURE = 3
"""Different stems that coverage needs to be noticed at all."""

AROUND = 12
"""Words of a long sentence, on either side of a match, that are looked at as its surroundings."""

FoundBy = Literal["cue", "phrasing", "coverage", "question", "contradiction"]

NEAR_MISS_NOTE = "close to what does not count"

NO_CUE = -1


class Match(NamedTuple):
    """The tokens `positions` match the concept with this number.

    `score` is the coverage, 1 for a cue. `closeness` is how much of the concept's own wording
    stands around them, `aptness` the same reduced by what else stands there.
    """

    concept: int
    positions: tuple[int, ...]
    score: float
    found_by: FoundBy
    note: str = ""
    cue: int = NO_CUE
    closeness: float = 0.0
    aptness: float = 0.0


def references(concepts: Sequence[tuple[str, Concept]]) -> Iterator[Reference]:
    """The texts of each concept that coverage looks for, near misses included."""
    for index, (_, concept) in enumerate(concepts):
        yield Reference(index, "coverage", concept.statement)
        for said in concept.phrasings:
            yield Reference(index, "phrasing", said)
        for said in concept.near_misses:
            yield Reference(index, "near miss", said)


def cue_matches(concept: int, matches: Iterable[CueMatch]) -> Iterator[Match]:
    """A satisfied cue of the concept as a match, wherever it is satisfied."""
    for match in matches:
        yield Match(concept, match.positions, 1.0, "cue", cue=match.cue)


def stems_around(reading: Reading, positions: Sequence[int]) -> frozenset[str]:
    """Content stems of the sentences that hold the tokens, of long ones the part around them."""
    first = reading.sentences[reading.sentence_of[positions[0]]].first
    last = reading.sentences[reading.sentence_of[positions[-1]]].last
    near = reading.tokens[max(first, positions[0] - AROUND) : min(last, positions[-1] + 1 + AROUND)]
    return frozenset(token.stem for token in near if is_content(token))


def cues_beside(match: Match, others: Iterable[Match], reading: Reading) -> Iterator[int]:
    """The cues that match within the same sentence."""
    sentence = reading.sentence_of[match.positions[0]]
    for other in others:
        if {reading.sentence_of[other.positions[0]], reading.sentence_of[other.positions[-1]]} == {
            sentence
        }:
            yield other.cue


def covered_matches(index: CoverageIndex, reading: Reading) -> Iterator[Match]:
    """Coverage of phrasings and statements, window by window."""
    stems = [token.stem if is_content(token) else "" for token in reading.tokens]
    places = windows(chunks(reading))
    said = [set(stems[first:last]) for first, last in places]
    covered = index.covered(said, UNSURE_COVERAGE)
    near = _best_near_misses(covered)
    for at, one in covered:
        if one.reference.kind == "near miss" or len(one.stems) < FEWEST_FOR_UNSURE:
            continue
        positions = tuple(spot for spot in range(*places[at]) if stems[spot] in one.stems)
        match = _by_coverage(one, positions, near.get((at, one.reference.concept), 0.0))
        if match:
            yield match


def _best_near_misses(covered: Iterable[tuple[int, Covered]]) -> dict[tuple[int, int], float]:
    """The best covered near miss by window and concept."""
    best: dict[tuple[int, int], float] = {}
    for at, one in covered:
        if one.reference.kind == "near miss":
            place = at, one.reference.concept
            best[place] = max(one.share, best.get(place, 0.0))
    return best


def _by_coverage(covered: Covered, positions: tuple[int, ...], near_miss: float) -> Match | None:
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
    return Match(reference.concept, positions, round(min(score, 1.0), 3), kind, note)
