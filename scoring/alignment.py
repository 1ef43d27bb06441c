"""Two versions of a text laid beside each other: which words became which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

_ANCHOR = 2
"""Equal words after which both texts are in step again."""


class Change(NamedTuple):
    """What became of `taken` words of the one text, from the index `at` on.

    In the other text there are `given` words instead, from `to` on; one of both counts is 0 where
    words came or went.
    """

    at: int
    taken: int
    to: int
    given: int


class Steps(NamedTuple):
    """How a passage may be taken apart.

    `sizes` are the counts of words that may be taken and given in one change; `objection` says why
    a change is not allowed, empty where it is. `longest` is how many words in a row are looked at.
    """

    longest: int
    sizes: Sequence[tuple[int, int]]
    objection: Callable[[Change], str]


def align(left: Sequence[str], right: Sequence[str], steps: Steps) -> tuple[Change, ...] | None:
    """The changes in order; None where a passage longer than that has no counterpart.

    Passages are taken apart with the fewest objections, then the fewest changes, then the fewest
    words in them.

    Words count as equal where they are; `steps` has to hold one that takes a single word and one
    that gives a single word.
    """
    sight = steps.longest + _ANCHOR
    changes: list[Change] = []
    at = to = 0
    while at < len(left) or to < len(right):
        if left[at : at + 1] == right[to : to + 1]:
            at, to = at + 1, to + 1
            continue
        gap = _gap(left[at : at + sight], right[to : to + sight], steps.longest)
        if gap is None:
            return None
        end = (at + gap[0], to + gap[1])
        changes.extend(_Passage(left, right, steps, end).changes(at, to))
        at, to = end
    return tuple(changes)


def _gap(left: Sequence[str], right: Sequence[str], longest: int) -> tuple[int, int] | None:
    """How many words on either side were changed until the texts are in step again."""
    sizes = product(range(longest + 1), repeat=2)
    for taken, given in sorted(sizes, key=lambda size: (max(size), abs(size[0] - size[1]))):
        here, there = left[taken : taken + _ANCHOR], right[given : given + _ANCHOR]
        if taken <= len(left) and given <= len(right) and here == there:
            return taken, given
    return None


class _Way(NamedTuple):
    """Changes from a place to the end of a passage; the smaller, the better."""

    objections: int
    steps: int
    words: int
    changes: tuple[Change, ...]


class _Passage:
    """A changed passage that ends before the words `end`."""

    def __init__(
        self, left: Sequence[str], right: Sequence[str], steps: Steps, end: tuple[int, int]
    ) -> None:
        self._left, self._right, self._steps, self._end = left, right, steps, end
        self._best = cache(self._find)

    def changes(self, at: int, to: int) -> tuple[Change, ...]:
        """How the passage that begins with these words is best taken apart."""
        return self._best(at, to).changes

    def _find(self, at: int, to: int) -> _Way:
        """The best way from here to the end."""
        if (at, to) == self._end:
            return _Way(0, 0, 0, ())
        return min(
            self._through(Change(at, taken, to, given))
            for taken, given in self._steps.sizes
            if at + taken <= self._end[0] and to + given <= self._end[1]
        )

    def _through(self, change: Change) -> _Way:
        at, taken, to, given = change
        rest = self._best(at + taken, to + given)
        if taken == given == 1 and self._left[at] == self._right[to]:
            return rest
        return _Way(
            rest.objections + bool(self._steps.objection(change)),
            rest.steps + 1,
            rest.words + taken + given,
            (change, *rest.changes),
        )
