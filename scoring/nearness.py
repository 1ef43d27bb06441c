"""Whether words are nearer to what shows a concept or to what does not.

An author writes beside the statement and the phrasings of a concept what comes close and does not
count, and what contradicts it. Words are held against both kinds of sentences: `likeness` is the
share of words, and of pairs of neighbours, that two texts have in common. All words count, since
"not", "before" and "only" are what sets a near miss apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from scenarios.model import Concept
from scoring.cues import CueMatch, CueMatcher
from scoring.denial import denied
from scoring.scope import asks, dismissed, negated, stems_denied_in
from scoring.text import Reading, Span, content_stems, is_content, read, tokenise


class Features(NamedTuple):
    """The stems of a text and the pairs of them that stand side by side."""

    stems: frozenset[str]
    pairs: frozenset[tuple[str, str]]


def features(text: str) -> Features:
    """What a text is compared by."""
    stems = [token.stem for token in tokenise(text)]
    return Features(frozenset(stems), frozenset(pairwise(stems)))


def likeness(one: Features, other: Features) -> float:
    """From 0 for nothing in common to 1: half by words, half by pairs (Dice's coefficient)."""
    shared = _dice(one.stems, other.stems) + _dice(one.pairs, other.pairs)
    return shared / 2


def _dice(one: frozenset[object], other: frozenset[object]) -> float:
    return 2 * len(one & other) / max(1, len(one) + len(other))


class Wording:
    """The sentences of one concept, made ready to be compared with. Never changes afterwards."""

    def __init__(self, concept: Concept) -> None:
        shown = (concept.statement, *concept.phrasings)
        opposite = tuple(one.example for one in concept.contradictions)
        self._showing = CueMatcher(concept.cues)
        self._opposing = CueMatcher([one.cue for one in concept.contradictions])
        self._shown = tuple(map(features, shown))
        self._opposite = tuple(map(features, opposite))
        self._close = tuple(map(features, concept.near_misses))
        self._denied = stems_denied_in(shown)
        self._stems = frozenset(stem for text in shown for stem in content_stems(text))

    def aptness(self, quote: str) -> float:
        """How much the quote is worded like what shows the concept, from 0 to 1."""
        return _nearest(features(quote), self._shown)

    def misses(self, quote: str) -> bool:
        """Whether the quote is nearer to what does not count, and satisfies none of the cues."""
        said = features(quote)
        missed = _nearest(said, (*self._close, *self._opposite))
        nearer = missed > _nearest(said, self._shown)
        return nearer and next(self._showing.matches(read(quote)), None) is None

    def opposed(self, reading: Reading, span: Span) -> bool:
        """Whether the cue of a contradiction matches by words of the span, said outright."""
        return any(
            not negated(reading, match.positions) and not asks(reading, match.positions)
            for match in self._against(reading)
            if any(_stands_in(reading, at, span) for at in match.positions)
        )

    def _against(self, reading: Reading) -> Iterator[CueMatch]:
        """Contradictions that are one sentence, as the finder takes them."""
        for match in self._opposing.matches(reading):
            if len({reading.sentence_of[at] for at in match.positions}) == 1:
                yield match

    def contradicted(self, reading: Reading, span: Span) -> bool:
        """Whether the span may say the opposite: by a cue, an example, or a denial of its words.

        What satisfies a cue of the concept itself, undenied, takes the cue of a contradiction.
        """
        if self.opposed(reading, span):
            return True
        if self._affirms(reading, span):
            return False
        said = features(reading.text[span.start : span.end])
        if _nearest(said, self._opposite) > _nearest(said, (*self._shown, *self._close)):
            return True
        words = [
            at
            for at, token in enumerate(reading.tokens)
            if _stands_in(reading, at, span) and is_content(token)
        ]
        ours = [at for at in words if reading.tokens[at].stem in self._stems] or words
        return bool(ours) and self._denies(reading, ours)

    def _affirms(self, reading: Reading, span: Span) -> bool:
        """Whether a cue of the concept itself is satisfied there and not denied."""
        return any(
            all(_stands_in(reading, at, span) for at in match.positions)
            and not self._denies(reading, match.positions)
            for match in self._showing.matches(reading)
        )

    def _denies(self, reading: Reading, places: Sequence[int]) -> bool:
        denial = denied(reading)
        return (
            not (denial.barred | denial.doubted).isdisjoint(places)
            or negated(reading, places, self._denied)
            or dismissed(reading, places, self._denied)
        )


def _nearest(said: Features, texts: Iterable[Features]) -> float:
    return max((likeness(said, text) for text in texts), default=0.0)


def _stands_in(reading: Reading, at: int, span: Span) -> bool:
    return span.start <= reading.tokens[at].start < span.end
