"""Places where an answer matches a concept, before anything around them is judged.

A match is a satisfied cue, or a window that covers a phrasing or the statement. The bands of
coverage and where they come from are described in `scoring.evidence`.
"""

from __future__ import annotations

from bisect import bisect_left
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

FEWEST_FOR_HIT = 3
"""Different stems that coverage needs for a hit, or all of a reference that has fewer."""

FEWEST = 2
"""Different stems below which no coverage counts: one word is said by accident."""

ORDERED_SHARE = 0.65
"""Share of the covered words that stand in the reference's order; shuffled words have less."""

AROUND = 12
"""Words of a long sentence, on either side of a match, that are looked at as its surroundings."""

FoundBy = Literal["cue", "phrasing", "coverage", "question", "contradiction", "judge"]

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


class Wording(NamedTuple):
    """Matches by wording, and concepts whose near misses stand in a window of tokens."""

    matches: list[Match]
    near_misses: frozenset[tuple[int, tuple[int, int]]]


def covered_matches(index: CoverageIndex, reading: Reading) -> Wording:
    """Coverage of phrasings and statements, window by window."""
    stems = [token.stem if is_content(token) else "" for token in reading.tokens]
    places = windows(chunks(reading))
    said = [set(stems[first:last]) for first, last in places]
    covered = index.covered(said, UNSURE_COVERAGE)
    near = _best_near_misses(covered)
    matches: list[Match] = []
    for at, one in covered:
        if one.reference.kind == "near miss" or len(one.stems) < FEWEST:
            continue
        positions = tuple(spot for spot in range(*places[at]) if stems[spot] in one.stems)
        said_in_order = _in_order(one.order, [stems[spot] for spot in positions])
        match = _by_coverage(
            one, positions, near.get((at, one.reference.concept), 0.0), ordered=said_in_order
        )
        if match:
            matches.append(match)
    missed = (pair for pair, share in near.items() if share >= HIT_COVERAGE)
    return Wording(matches, frozenset((concept, places[at]) for at, concept in missed))


def _best_near_misses(covered: Iterable[tuple[int, Covered]]) -> dict[tuple[int, int], float]:
    """The best covered near miss by window and concept."""
    best: dict[tuple[int, int], float] = {}
    for at, one in covered:
        if one.reference.kind == "near miss":
            place = at, one.reference.concept
            best[place] = max(one.share, best.get(place, 0.0))
    return best


def _in_order(wanted: Sequence[str], said: Sequence[str]) -> bool:
    """Whether most of the words stand in the order of the reference (longest increasing run)."""
    ranks = {stem: rank for rank, stem in enumerate(wanted)}
    tails: list[int] = []
    known = [ranks[stem] for stem in dict.fromkeys(said) if stem in ranks]
    for rank in known:
        place = bisect_left(tails, rank)
        tails[place : place + 1] = [rank]
    return len(tails) >= ORDERED_SHARE * len(known)


def _by_coverage(
    covered: Covered, positions: tuple[int, ...], near_miss: float, *, ordered: bool
) -> Match | None:
    """The match, one grade lower where a near miss is covered as well as the reference."""
    reference, share, stems, order = covered
    enough = len(stems) >= max(FEWEST, min(FEWEST_FOR_HIT, len(order)))
    strong = share >= HIT_COVERAGE and enough and ordered
    kind: FoundBy = "phrasing" if reference.kind == "phrasing" else "coverage"
    note = ""
    if near_miss >= share:
        if not strong:
            return None
        note = NEAR_MISS_NOTE
    score = share if strong else min(share, HIT_COVERAGE - 0.01)
    return Match(reference.concept, positions, round(min(score, 1.0), 3), kind, note)
