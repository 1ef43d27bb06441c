"""Which words of a growing guess can be shown: those that two guesses in a row agree on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

_NOT_IN_WORDS = re.compile(r"[^\w']+")


@dataclass(frozen=True)
class LocalAgreement:
    """Guesses at one turn so far. Immutable: `heard` gives the next.

    LocalAgreement-2 of Macháček et al. 2023 (arXiv 2307.14743), without timestamps: what two
    successive guesses begin with is agreed, and an agreed word is never taken back or changed.
    """

    agreed: tuple[str, ...] = ()
    guess: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The agreed words."""
        return " ".join(self.agreed)

    def heard(self, guess: str) -> LocalAgreement:
        """After another guess at the whole turn."""
        words = tuple(guess.split())
        both = zip(words, self.guess, strict=False)
        common = [word for word, _ in takewhile(lambda pair: _key(pair[0]) == _key(pair[1]), both)]
        grown = replace(self, guess=words)
        start = _continuation(self.agreed, common)
        return grown if start is None else replace(grown, agreed=(*self.agreed, *common[start:]))


def _key(word: str) -> str:
    """The word as it is compared: case and punctuation come and go between guesses."""
    return _NOT_IN_WORDS.sub("", word.casefold()) or word


def _continuation(agreed: Sequence[str], common: Sequence[str]) -> int | None:
    """How many of the common words stand for the agreed ones; None where they are other words.

    A later guess may tell an agreed stretch in more or fewer words, so the count is that of the
    cheapest alignment, the longest of equals; when half the words differ it is no alignment.
    """
    costs = list(range(len(common) + 1))
    for row, word in enumerate(agreed, 1):
        diagonal, costs[0] = costs[0], row
        for column, other in enumerate(common, 1):
            swapped = diagonal + (_key(word) != _key(other))
            diagonal = costs[column]
            costs[column] = min(swapped, diagonal + 1, costs[column - 1] + 1)
    best = min(costs)
    return None if best * 2 > len(agreed) else len(costs) - 1 - costs[::-1].index(best)
