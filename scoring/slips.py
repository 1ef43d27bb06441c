"""Which changes of a text are slips of the keyboard put right, and which rewrite it.

Compared word by word, without case, accents and most punctuation. A changed word passes where

- it is the same word (an ending, British or American spelling), or joined or split differently;
- or it is near: in up to 8 letters one slip (a letter lost, added, wrong, or two that changed
  places), in 9 to 12 two, beyond that three; a word of up to three letters only by two letters
  that changed places, unless it becomes an article or the like. The first letter stays, or changes
  places with the second: slips there are rare, and most opposites differ there (`internal`,
  `external`; `synchronous`, `asynchronous`);
- and what was typed is no word: neither an everyday word nor one of the round's content or of the
  interviewer. Whoever typed `token` did not mistype `taken`. How often the candidate wrote it does
  not count, since whoever misspells a word does so again.

Only articles, short prepositions and the like may come or go. At most 15 % of the words change (in
a short answer three), no more than `LONGEST_PASSAGE` in a row. Figures and
number words are evidence, negations turn a sentence round, and question marks, colons and signs of
sums are read by the finder: all of these stay exactly as they were, in their order.

What remains possible: a real word that neither list knows becomes another one letter away. The
regraded card therefore names every verdict that a correction changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from scoring.alignment import Change, Steps, align
from scoring.everyday import EVERYDAY_WORDS
from scoring.quantities import is_number
from scoring.text import FUNCTION_WORDS, LIGHT_WORDS, stem, tokenise, unify_spelling, word_set

MOST_CHANGED_SHARE = 0.15
ALWAYS_ALLOWED = 3
"""Words that may change in an answer however short it is."""

LONGEST_PASSAGE = 6
"""Words in a row up to which a change is looked at word by word."""

MORE_CHARACTERS = 200
"""By which a correction may be longer; more can only be padding."""

SMALL_WORDS = word_set(
    """a an the of to too in into on onto off at for from by with as and that than then this these
    those there their they it its is are was were be been am i we us you our your my me he she
    have has had do does did will would so"""
)
"""Words that may come, go or become one another: alone they show nothing."""

NEGATIONS = word_set(
    """not no never none nor neither nothing nobody nowhere without unless except hardly barely
    scarcely rarely seldom"""
)
NUMBER_WORDS = word_set("zero one once twice single double triple both quarter first second")
AFFIXES = word_set("a ab an anti de dis il im in ir mis non un")
"""Joined to a word or cut from it, these turn it round."""

OPPOSITES = (
    ("max", "min"),
    ("micro", "macro"),
    ("inter", "intra"),
    ("hyper", "hypo"),
    ("under", "over"),
    ("less", "ful"),
    ("down", "up"),
    ("up", "un"),
    ("pre", "pro"),
    ("pre", "post"),
    ("off", "on"),
    ("er", "ee"),
)
"""Parts of which one for the other makes another word, although few letters change."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_SIGN = re.compile(r"[?:=<>+*/%$€£¥±×÷~^→≥≤`]|-(?=\s?\d)|(?<=\d)-")
_SHOWN = 30
"""Characters of a word that a reason repeats."""


class Vocabulary(NamedTuple):
    """Stems of words that are known to be words; whoever typed one of them meant it."""

    stems: frozenset[str]

    def holds(self, word: str) -> bool:
        """Whether the folded `word` is an everyday word or one of this vocabulary."""
        own = plain_stem(word)
        return own in self.stems or own in _everyday_stems()


NO_VOCABULARY = Vocabulary(frozenset())


class WordChange(NamedTuple):
    """Words as typed and what they became; one side is empty where a word came or went."""

    before: tuple[str, ...]
    after: tuple[str, ...]


class Changes(NamedTuple):
    """What was changed, and why it is no correction of typing; no reasons where it is one."""

    words: tuple[WordChange, ...]
    reasons: tuple[str, ...]


def vocabulary(texts: Iterable[str]) -> Vocabulary:
    """The words of `texts`."""
    return Vocabulary(
        frozenset(plain_stem(fold(word)) for text in texts for word in words_of(text))
    )


def words_of(text: str) -> list[str]:
    """The words and figures of `text` as they are written, hyphenated words taken apart."""
    return _WORD.findall(text)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where in `text` each of `words_of(text)` stands."""
    return [match.span() for match in _WORD.finditer(text)]


def fold(word: str) -> str:
    """`word` without case, accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in plain if char.isalnum())


def find_changes(original: str, corrected: str, known: Vocabulary = NO_VOCABULARY) -> Changes:
    """What became of `original`, and all reasons why that is no correction of typing."""
    whole = tuple(_lost(original, corrected))
    before, after = words_of(original), words_of(corrected)
    aligned = _align(before, after, known)
    if aligned is None:
        return Changes((), (*whole, "a whole passage was rewritten"))
    reasons = [why for one in aligned if (why := _objection(one, known))]
    most = max(ALWAYS_ALLOWED, int(MOST_CHANGED_SHARE * len(before)))
    if len(aligned) > most:
        reasons.append(f"{len(aligned)} of {len(before)} words changed; at most {most} may")
    return Changes(aligned, (*whole, *reasons))


def _lost(original: str, corrected: str) -> Iterator[str]:
    """Reasons that lie in the text as a whole: what has to stay as it was."""
    for name, read in _KEPT:
        if read(original) != read(corrected):
            yield f"{name} stay as they were typed"
    if len(corrected) > len(original) + MORE_CHARACTERS:
        yield "the answer became much longer"
    if unseen_in(corrected) - unseen_in(original):
        yield "the correction holds invisible characters"


def _figures(text: str) -> list[str]:
    """Numbers in digits and in words, and names that hold digits."""
    return [
        token.word
        for token in tokenise(text)
        if is_number(token) or token.word in NUMBER_WORDS or any(map(str.isdigit, token.word))
    ]


def negations_of(text: str) -> list[str]:
    """The words that turn a sentence round, in their order."""
    return [token.word for token in tokenise(text) if token.word in NEGATIONS]


def signs_in(text: str) -> list[str]:
    """Question marks, colons and signs of sums, in their order."""
    return [match[0] for match in _SIGN.finditer(text)]


_KEPT: tuple[tuple[str, Callable[[str], list[str]]], ...] = (
    ("numbers", _figures),
    ("negations such as “not” and “never”", negations_of),
    ("question marks, colons and signs of sums", signs_in),
)


def unseen_in(text: str) -> set[str]:
    """Characters that nobody sees, blanks apart."""
    return {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and not c.isspace()}


def _align(
    before: Sequence[str], after: Sequence[str], known: Vocabulary
) -> tuple[WordChange, ...] | None:
    """The changes in order; None where more than a short passage has no counterpart."""

    def words(change: Change) -> WordChange:
        at, taken, to, given = change
        return WordChange(tuple(before[at : at + taken]), tuple(after[to : to + given]))

    def objection(change: Change) -> str:
        return _objection(words(change), known)

    steps = Steps(LONGEST_PASSAGE, _SIZES, objection)
    aligned = align([fold(word) for word in before], [fold(word) for word in after], steps)
    return None if aligned is None else tuple(map(words, aligned))


_SIZES = ((1, 1), (2, 1), (1, 2), (1, 0), (0, 1))
"""Words taken and given in one change: another word, joined, split, taken out, put in."""


def _objection(change: WordChange, known: Vocabulary) -> str:
    """Why the change is no slip put right; empty where it is one."""
    before, after = map(fold, change.before), map(fold, change.after)
    old, new = tuple(before), tuple(after)
    if SMALL_WORDS.issuperset((*old, *new)):
        return ""
    if not old:
        return f"{show_words(change.after)} was put in; only small words such as “the” may be"
    if not new:
        return f"{show_words(change.before)} was taken out; only small words such as “the” may be"
    what = f"{show_words(change.before)} became {show_words(change.after)}"
    if len(old) != len(new) and AFFIXES.intersection((*old[:-1], *new[:-1])):
        return f"{what}, which may turn it round"
    joined, other = "".join(old), "".join(new)
    if joined == other or (len(old) == len(new) == 1 and plain_stem(joined) == plain_stem(other)):
        return ""
    if len(old) == 1 and known.holds(joined):
        return f"{what}, but {show_words(change.before)} is a word of its own"
    if not is_slip(joined, other):
        return f"{what}, which is another word"
    return ""


def is_slip(typed: str, meant: str) -> bool:
    """Whether `typed` may be `meant` with the fingers slipping; both folded."""
    if any(swaps(typed, meant, *pair) for pair in OPPOSITES):
        return False
    if sorted(typed[:2]) != sorted(meant[:2]) and typed[:1] != meant[:1]:
        return False
    longest = max(len(typed), len(meant))
    if longest <= _SHORT:
        swapped = len(typed) == len(meant) and sorted(typed) == sorted(meant)
        return distance(typed, meant) == 1 and (swapped or meant in SMALL_WORDS)
    if longest > LONGEST_WORD:
        return False
    allowed = 1 if longest <= _MIDDLING else 2 if longest <= _LONG else 3
    return abs(len(typed) - len(meant)) <= allowed and distance(typed, meant) <= allowed


_SHORT, _MIDDLING, _LONG, LONGEST_WORD = 3, 8, 12, 64
"""Letters up to which a word may hold no slip but two letters swapped, one slip, two, three."""


def swaps(one: str, other: str, part: str, opposite: str) -> bool:
    """Whether the two words differ in nothing but `part` and its opposite."""
    return any(
        old in one and one.replace(old, new, 1) == other
        for old, new in ((part, opposite), (opposite, part))
    )


def distance(one: str, other: str) -> int:
    """Letters lost, added, wrong, or changed places with a neighbour (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, char in enumerate(one, start=1):
        row = [i]
        for j, facing in enumerate(other, start=1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (char != facing))
            if i > 1 and j > 1 and (char, facing) == (other[j - 2], one[i - 2]):
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


@lru_cache(maxsize=1)
def _everyday_stems() -> frozenset[str]:
    return frozenset(map(plain_stem, EVERYDAY_WORDS | FUNCTION_WORDS | LIGHT_WORDS))


def plain_stem(word: str) -> str:
    """The stem of a folded word, whether British or American."""
    return stem(unify_spelling(word))


def show_words(words: Sequence[str]) -> str:
    """The words in quotation marks, cut where they are long."""
    text = " ".join(words)
    return f"“{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}”"
