"""Questions that only list nouns: "What about traffic, latency, budget and privacy?".

Whoever has seen the words of a rubric can name them all in one breath, and so can whoever knows
what to ask. Such a list is a trace of asking and no question; "How many a day, and at what peak?"
is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from scoring.gates import LIST_FUNCTION_SHARE
from scoring.quantities import is_number
from scoring.text import Reading, Token, is_content, word_set

LONG_LIST = 4
"""Items from which a list counts as one even where a verb opens it ("what is the ...")."""

WIDEST_ITEM = 5
"""Content words in a row that may still be one item; of more, every two are an item."""

_ITEM_BREAKS = frozenset(",;/|•·\n")
_JOINING = word_set("and or plus")
_UNSPOKEN = word_set("a about an any her his its my of our the their these those what which your")


def merely_listed(reading: Reading, positions: Sequence[int], *, essential: bool) -> bool:
    """Whether the words at `positions` are only named in a list of nouns, in every sentence.

    A list of two items is enough for what is `essential`, else it takes `LONG_LIST`. What stands
    in an opening that says more than nouns ("how many conversations a day, latency, ...") is not.
    """
    owners = {reading.sentence_of[at] for at in positions}
    return all(_lists(reading, index, positions, essential=essential) for index in owners)


def is_bare(reading: Reading, positions: Sequence[int]) -> bool:
    """Whether the words stand in no sentence at all but among words without grammar."""
    owners = {reading.sentence_of[at] for at in positions}
    tokens = [
        token
        for index in owners
        for token in reading.tokens[reading.sentences[index].first : reading.sentences[index].last]
    ]
    grammar = sum(1 for token in tokens if not is_content(token))
    return grammar < LIST_FUNCTION_SHARE * len(tokens)


def _lists(reading: Reading, index: int, positions: Sequence[int], *, essential: bool) -> bool:
    sentence = reading.sentences[index]
    items = list(_items(reading.tokens, sentence.first, sentence.last))
    named = [_named(reading.tokens[first:last]) for first, last in items]
    if not items or not all(named[1:]):
        return False
    if not named[0] and all(at < items[0][1] for at in positions):
        return False
    least = 2 if essential and named[0] else LONG_LIST
    return sum(named) + (not named[0]) >= least


def _items(tokens: Sequence[Token], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Token ranges between commas and joining words, which are left out."""
    joints = [at for at in range(first, last) if tokens[at].word in _JOINING]
    breaks = [at + 1 for at in range(first, last) if _ITEM_BREAKS & set(tokens[at].after)]
    edges = sorted({first, last, *joints, *(at + 1 for at in joints), *breaks})
    yield from ((one, end) for one, end in pairwise(edges) if tokens[one].word not in _JOINING)


def _named(item: Sequence[Token]) -> int:
    """How many things an item names; 0 where it says more than nouns."""
    words = [token.word for token in item]
    if words[:2] == ["how", "about"]:
        item = item[1:]
    content = [token for token in item if is_content(token)]
    grammar = {token.word for token in item} - {token.word for token in content}
    if not content or grammar - _UNSPOKEN or any(is_number(token) for token in content):
        return 0
    return 1 if len(content) <= WIDEST_ITEM else len(content) // 2
