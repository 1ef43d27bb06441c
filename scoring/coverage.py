"""How much of a reference text stands in a window of the answer, rare words counting more."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

from scoring.text import content_stems, inverse_frequency


class Reference(NamedTuple):
    """A text to be covered. `kind` is "phrasing", "coverage" (the statement) or "near miss"."""

    concept: int
    kind: str
    text: str


class Covered(NamedTuple):
    """A window shows `share` of the weight of a reference, by the stems in `stems`.

    `order` are all the stems of the reference, each once, as they follow one another.
    """

    reference: Reference
    share: float
    stems: frozenset[str]
    order: tuple[str, ...]


class CoverageIndex:
    """Reference texts by stem. A stem weighs the more, the fewer concepts use it."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self._references = tuple(references)
        self._ordered = [tuple(content_stems(one.text)) for one in references]
        self._stems = [frozenset(stems) for stems in self._ordered]
        documents: dict[int, set[str]] = {}
        for reference, stems in zip(self._references, self._stems, strict=True):
            if reference.kind != "near miss":
                documents.setdefault(reference.concept, set()).update(stems)
        self._weights = inverse_frequency(documents.values())
        self._rarest = rarest = max(self._weights.values(), default=1.0)
        self._totals: list[float] = []
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for number, stems in enumerate(self._stems):
            total = math.fsum(self._weights.get(one, rarest) for one in stems)
            self._totals.append(total)
            for one in stems:
                share = self._weights.get(one, rarest) / total
                self._postings.setdefault(one, []).append((number, share))
        self._vocabulary = documents
        self._positive: dict[int, list[int]] = {}
        for number, reference in enumerate(self._references):
            if reference.kind != "near miss":
                self._positive.setdefault(reference.concept, []).append(number)

    def closeness(self, concept: int, stems: Collection[str]) -> float:
        """The largest share of a phrasing or of the statement of `concept` that `stems` cover."""
        held = frozenset(stems)
        return max((self._covers(at, held) for at in self._positive[concept]), default=0)

    def _covers(self, number: int, held: frozenset[str]) -> float:
        shown = self._stems[number] & held
        if not shown:
            return 0.0
        weights = self._weights
        return math.fsum(weights.get(one, self._rarest) for one in shown) / self._totals[number]

    def purity(self, concept: int, stems: Collection[str]) -> float:
        """The part of `stems` that `concept` uses in its statement and phrasings."""
        return len(self._vocabulary[concept].intersection(stems)) / max(1, len(stems))

    def share(self, wanted: Collection[str], held: Collection[str]) -> float:
        """The part of the weight of the stems `wanted` that is in `held`."""
        total = math.fsum(self._weights.get(one, self._rarest) for one in wanted)
        shown = math.fsum(self._weights.get(one, self._rarest) for one in wanted if one in held)
        return shown / total if total else 0.0

    def covered(
        self, windows: Sequence[Collection[str]], least: float
    ) -> list[tuple[int, Covered]]:
        """Index of a window and a reference of which its stems cover at least the share `least`."""
        postings = self._promising(set[str]().union(*windows), least)
        found: list[tuple[int, Covered]] = []
        for at, stems in enumerate(windows):
            shares: dict[int, float] = {}
            for one in sorted(stems):
                for number, share in postings.get(one, ()):
                    shares[number] = shares.get(number, 0.0) + share
            found.extend(
                (at, self._as_covered(number, share, stems))
                for number, share in shares.items()
                if share >= least
            )
        return found

    def _as_covered(self, number: int, share: float, stems: Collection[str]) -> Covered:
        wanted = self._stems[number]
        shown = wanted.intersection(stems)
        return Covered(self._references[number], share, shown, self._ordered[number])

    def _promising(self, stems: set[str], least: float) -> dict[str, list[tuple[int, float]]]:
        """Postings of the references that all windows together cover well enough."""
        shares: dict[int, float] = {}
        for one in sorted(stems):
            for number, share in self._postings.get(one, ()):
                shares[number] = shares.get(number, 0.0) + share
        kept = {number for number, share in shares.items() if share >= least}
        return {
            one: [posting for posting in self._postings[one] if posting[0] in kept]
            for one in stems
            if one in self._postings
        }
