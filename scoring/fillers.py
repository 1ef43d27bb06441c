"""Fillers and hedges among spoken words, counted with caution: what may carry meaning is none.

A transcriber drops many fillers, so the counts are lower bounds. Sounds ("um") always count. Of the
phrases, "sort of" and "kind of" count where the word before makes them an adverb ("it is sort of
slow", never "this kind of"), "you know" where it is set off on the right by punctuation and no
question ("do you know,"), and "like" only where it is set off on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scoring.text import word_set

_SOUNDS = frozenset({"um", "umm", "uhm", "uh", "uhh", "er", "erm"})
_PHRASES = frozenset({("you", "know"), ("i", "mean"), ("sort", "of"), ("kind", "of"), ("like",)})
_VAGUE = frozenset({"sort", "kind"})
_BEFORE_ADVERB = word_set(
    """i we you they it he she is was are were be been am just it's that's i'm we're they're you're
    he's she's and but so would could should can will did do had have"""
)
_ASKING = word_set(
    """do did does don't didn't if whether as how what when where who why that before once
    should would could might may will can must let"""
)
_EDGES = re.compile(r"^\W+|\W+$")
_STOPS = (",", ".", "!", "?", ";", ":", "…", "-", "–", "—")

_HEDGES: tuple[tuple[str, ...], ...] = (
    ("maybe",),
    ("perhaps",),
    ("possibly",),
    ("probably",),
    ("i", "think"),
    ("i", "guess"),
    ("i", "suppose"),
    ("i", "believe"),
    ("not", "sure"),
    ("not", "certain"),
)
"""Words that soften what is said; not those of `scoring.scope`, which take evidence back."""


@dataclass(frozen=True)
class Spoken:
    """The words of a turn told apart: `content` of them are no fillers.

    A filler of two words is one filler.
    """

    content: int
    fillers: int
    hedges: int


def may_be_filler(words: Sequence[str]) -> bool:
    """Whether these words together, in lower case, are a filler somewhere; counting is stricter."""
    return tuple(words) in _PHRASES or (len(words) == 1 and words[0] in _SOUNDS)


def tell_apart(words: Sequence[str]) -> Spoken:
    """Count the words of one turn, punctuation still on them as the transcriber set it."""
    plain = [_EDGES.sub("", word.replace("’", "'")).lower() for word in words]
    fillers, taken, at = 0, 0, 0
    while at < len(plain):
        length = _filler_at(words, plain, at)
        fillers += length > 0
        taken += length
        at += length or 1
    spoken = sum(1 for word in plain if word)
    return Spoken(spoken - taken, fillers, _count_hedges(plain))


def _filler_at(words: Sequence[str], plain: Sequence[str], at: int) -> int:
    """How many words the filler that begins here has; 0 where none does."""
    word, then = plain[at], plain[at + 1] if at + 1 < len(plain) else ""
    before = plain[at - 1] if at else ""
    if word in _SOUNDS:
        return 1
    if word in _VAGUE and then == "of" and (before in _BEFORE_ADVERB or before in _SOUNDS):
        return 2
    if (word, then) == ("you", "know") and _is_set_off(words[at + 1]) and before not in _ASKING:
        return 2
    if word == "like" and _is_set_off(words[at]) and (not at or _is_set_off(words[at - 1])):
        return 1
    return 0


def _is_set_off(word: str) -> bool:
    """Whether the transcriber heard a break behind the word."""
    return word.rstrip("\"'”’) ").endswith(_STOPS)


def _count_hedges(plain: Sequence[str]) -> int:
    return sum(
        tuple(plain[at : at + len(hedge)]) == hedge for hedge in _HEDGES for at in range(len(plain))
    )
