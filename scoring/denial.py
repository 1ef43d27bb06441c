"""Sentences that deny what they say: "it is not true that ..."."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from typing import NamedTuple

from scoring.text import Reading, word_set

DENIED_REACH = 60
"""Tokens after a denial up to which an unpunctuated sentence is taken to be denied."""

_DENIAL = re.compile(
    r"\b(?:(?:not|hardly|never) (?:\w+ )?(?:true|right|correct|accurate|the case) that"
    r"|it (?:is|was|would be) (?:\w+ )?(?:false|untrue|wrong|incorrect|nonsense|misleading"
    r"|a (?:myth|mistake|fallacy|misconception))"
    r" (?:that|to (?:say|claim|think|assume|believe|argue|suggest))"
    r"|i (?:strongly )?(?:disagree|doubt|deny) (?:that|with)"
    r"|i (?:do|would|can) not (?:agree|accept) (?:that|with))\b"
)
_UNTHOUGHT = re.compile(
    r"\b(?:i|we|you) (?:do|would|can|should) (?:not|never) (?:\w+ )?(?:think|say) (?:that|the)\b"
)
"""What people say for politeness; it ends where they turn to their own view."""

_DISBELIEF = re.compile(
    r"\b(?:i|we|you) (?:do|would|can|should) (?:not|never) (?:\w+ )?"
    r"(?:believe|claim|expect) that\b"
)
_TURNING = word_set("actually because but instead rather since so therefore")


class Denied(NamedTuple):
    """Tokens that are denied outright, and those of which that is less sure."""

    barred: frozenset[int]
    doubted: frozenset[int]


def denied(reading: Reading) -> Denied:
    """What a sentence denies as a whole: "it is not true that ...", "I don't think that ...".

    What follows a word such as "because" or "but" may be the speaker's own view, and what somebody
    does not believe may be put that way for politeness: both are doubted, not barred.
    """
    barred: set[int] = set()
    doubted: set[int] = set()
    for sentence in reading.sentences:
        words = [token.word for token in reading.tokens[sentence.first : sentence.last]]
        for start in _first_words(_UNTHOUGHT, words):
            reach = range(start, min(len(words), start + DENIED_REACH))
            turn = next((at for at in reach if words[at] in _TURNING), reach.stop)
            doubted.update(range(sentence.first + start, sentence.first + turn))
    for first, last in _continued(reading):
        words = [token.word for token in reading.tokens[first:last]]
        for start in _first_words(_DISBELIEF, words):
            doubted.update(range(first + start, first + min(len(words), start + DENIED_REACH)))
        starts = _first_words(_DENIAL, words)
        for start, following in pairwise([*starts, len(words)]):
            end = min(following, start + DENIED_REACH)
            turn = next((at for at in range(start, end) if words[at] in _TURNING), end)
            barred.update(range(first + start, first + turn))
            doubted.update(range(first + turn, first + end))
    return Denied(frozenset(barred), frozenset(doubted))


def _continued(reading: Reading) -> Iterator[tuple[int, int]]:
    """Sentences as token ranges, with what a semicolon joins to them and code that follows."""
    first = 0
    for sentence, following in zip_longest(reading.sentences, reading.sentences[1:]):
        joined = following is not None and (
            following.fenced or ";" in reading.tokens[sentence.last - 1].after
        )
        if sentence.last > first and not joined:
            yield first, sentence.last
            first = sentence.last


def _first_words(pattern: re.Pattern[str], words: Sequence[str]) -> list[int]:
    """Indices of the words with which the matches begin."""
    text = " ".join(words)
    return [text.count(" ", 0, match.start()) for match in pattern.finditer(text)]
