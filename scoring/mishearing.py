"""Which changes of a spoken answer put right what was misheard, and which rewrite it.

Compared word by word, without case, accents and most punctuation. A changed word, also where it was
heard as several or as a part of one, passes where both versions sound alike: the same first sound
and the same consonants (Metaphone), of which one in six may be wrong. Where one of the words was
marked as uncertain it may be one in three, and the first sound a near one. So an uncertain word
gives no leave to say something else either.

Fillers and stutters may be dropped, articles and the like may come or go. Nothing else is put in
or taken out, an uncertain word neither: with another put beside it that would be a way round the
sound. A quarter of the words may change (in a short answer three), no more than
`LONGEST_PASSAGE` in a row. Negations turn a sentence round, figures are evidence, question marks
and signs of sums are read by the finder: they stay as they were heard, except that "fifteen" and
"fifty" may change places where the recogniser was not sure of it, and that figures may be written
in digits or in words. A word never becomes its opposite, however alike they sound ("increase",
"decrease"; "a synchronous", "asynchronous").

What remains possible: a word becomes another that sounds like it and was not said. Both versions
stand on the card.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import NamedTuple

from jellyfish import damerau_levenshtein_distance, levenshtein_distance, metaphone

from scoring.alignment import Change, Steps, align
from scoring.fillers import may_be_filler
from scoring.said_aloud import NUMBERS, said_in_words, ways_to_say
from scoring.slips import (
    AFFIXES,
    MORE_CHARACTERS,
    OPPOSITES,
    SMALL_WORDS,
    Changes,
    WordChange,
    fold,
    negations_of,
    plain_stem,
    show_words,
    signs_in,
    swaps,
    unseen_in,
    words_of,
)
from scoring.transcript import Word
from scoring.uncertain import uncertain_words

MOST_CHANGED_SHARE = 0.25
ALWAYS_ALLOWED = 3
"""Changes that an answer may have however short it is."""

LONGEST_PASSAGE = 10
"""Words in a row up to which a change is looked at word by word."""

_SIZES = (*((taken, 1) for taken in range(6)), (1, 2), (1, 3), (1, 0), (2, 0))
"""Words taken and given in one change: recognisers join and split them, and people stutter."""

_MORE_OPPOSITES = (
    ("in", "ex"),
    ("im", "ex"),
    ("in", "out"),
    ("in", "de"),
    ("en", "de"),
    ("en", "un"),
    ("en", "dis"),
    ("a", "de"),
    ("vent", "sent"),
)
"""Parts of which one for the other makes the opposite, beside those that keyboards confuse."""

_LACKING = "less"
_NEGATING = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "de", "a", "anti")

_MISTAKABLE = {
    "thirteen": "thirty",
    "fourteen": "forty",
    "fifteen": "fifty",
    "sixteen": "sixty",
    "seventeen": "seventy",
    "eighteen": "eighty",
    "nineteen": "ninety",
}
"""Numbers that are told apart by their last sound alone."""


def find_mishearings(heard: str, meant: str, words: Sequence[Word]) -> Changes:
    """What became of the text `heard`, and all reasons why that puts no mishearing right.

    `words` are those that were heard, with their marks.
    """
    answer = _Answer(heard, meant, words)
    whole = tuple(_lost(heard, meant, answer))
    aligned = align(answer.left, answer.right, Steps(LONGEST_PASSAGE, _SIZES, answer.objection))
    if aligned is None:
        return Changes((), (*whole, "a whole passage was rewritten"))
    reasons = [why for one in aligned if (why := answer.objection(one))]
    counted = sum(max(1, one.taken) for one in aligned if not answer.is_trifling(one))
    most = max(ALWAYS_ALLOWED, int(MOST_CHANGED_SHARE * len(answer.left)))
    if counted > most:
        reasons.append(f"{counted} of {len(answer.left)} words changed; at most {most} may")
    return Changes(tuple(map(answer.words, aligned)), (*whole, *reasons))


class _Answer:
    """Both versions, by their words, and which of those heard are uncertain."""

    def __init__(self, heard: str, meant: str, words: Sequence[Word]) -> None:
        self.before, self.after = words_of(heard), words_of(meant)
        self.left, self.right = [*map(fold, self.before)], [*map(fold, self.after)]
        self.uncertain = uncertain_words(heard, words)

    def words(self, change: Change) -> WordChange:
        """The words of a change as they are written."""
        at, taken, to, given = change
        return WordChange(tuple(self.before[at : at + taken]), tuple(self.after[to : to + given]))

    def is_dropped(self, change: Change) -> bool:
        """Whether it only takes out what nobody means to say: a filler, or a word said twice."""
        at, taken, _, given = change
        if given:
            return False
        return may_be_filler(self.left[at : at + taken]) or self._is_stutter(at, taken)

    def is_trifling(self, change: Change) -> bool:
        """Whether nothing else was said by it: words dropped, joined, split, or written in full."""
        before, after = self.words(change)
        said = {*ways_to_say(before)} & {*ways_to_say(after)}
        return self.is_dropped(change) or bool(said)

    def objection(self, change: Change) -> str:
        """Why the change puts no mishearing right; empty where it does."""
        at, taken, to, given = change
        old, new = self.left[at : at + taken], self.right[to : to + given]
        if SMALL_WORDS.issuperset((*old, *new)) or self.is_dropped(change):
            return ""
        words, uncertain = self.words(change), any(self.uncertain[at : at + taken])
        if not old:
            return f"{show_words(words.after)} was put in, and nothing was heard there"
        if not new:
            return f"{show_words(words.before)} was taken out"
        what = f"{show_words(words.before)} became {show_words(words.after)}"
        if _reverses(old, new):
            return f"{what}, which may turn it round"
        if sounds_alike(words, uncertain=uncertain):
            return ""
        return f"{what}, which sounds different"

    def _is_stutter(self, at: int, taken: int) -> bool:
        own = self.left[at : at + taken]
        return own in (self.left[at - taken : at], self.left[at + taken : at + 2 * taken])


def sounds_alike(change: WordChange, *, uncertain: bool) -> bool:
    """Whether what was heard may be what was meant; `uncertain` words may sound less alike."""
    return any(
        _is_near(one, other, uncertain=uncertain)
        for one, other in product(ways_to_say(change.before), ways_to_say(change.after))
    )


def _is_near(one: str, other: str, *, uncertain: bool) -> bool:
    if one == other or plain_stem(one) == plain_stem(other):
        return True
    left, right = (metaphone(said).replace("Y", "") for said in (one, other))
    longest = max(len(left), len(right))
    wrong = levenshtein_distance(left, right)
    letters = damerau_levenshtein_distance(one, other) / max(len(one), len(other))
    if longest <= _FEW_SOUNDS and not _vowels_are_near(one, other):
        return False
    if uncertain:
        begins = left[:1] == right[:1] or any({*left[:1], *right[:1]} <= near for near in _NEAR)
        return begins and wrong <= longest // 3 and letters <= _UNSURE_LETTERS
    return left[:1] == right[:1] and wrong <= longest // 6 and letters <= _SURE_LETTERS


_SURE_LETTERS, _UNSURE_LETTERS = 0.5, 0.6
"""Share of the letters that may differ where the consonants are near."""

_FEW_SOUNDS = 3
"""Consonants up to which the first vowel counts too: many short words share them."""

_NEAR = tuple(map(frozenset, ("AEIOU", "PB", "F0V", "SXJ", "MN", "LR")))
"""First sounds of Metaphone that recognisers confuse."""

_VOWELS = "ieaou"
"""From those said in front of the mouth to those said at its back; neighbours sound alike."""


def _vowels_are_near(one: str, other: str) -> bool:
    first, second = map(_first_vowel, (one, other))
    return min(first, second) < 0 or abs(first - second) <= 1


def _first_vowel(word: str) -> int:
    """Its place in `_VOWELS`; -1 where there is none."""
    vowels = (_VOWELS.find(char) for char in word.replace("qu", "q").replace("y", "i"))
    return next((place for place in vowels if place >= 0), -1)


def _reverses(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether one of the two is the other with its sense turned round."""
    one, other = "".join(old), "".join(new)
    if one == other:
        return any(
            affix in AFFIXES and len(word) > 1 for affix, word in (*pairwise(old), *pairwise(new))
        )
    if any(_is_opposite(plain_stem(word), plain_stem(whole)) for word, whole in _parts(old, new)):
        return True
    return _is_opposite(one, other)


def _parts(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Both as a whole, and each word that was joined beside what it was joined to."""
    one, other = "".join(old), "".join(new)
    yield one, other
    yield from ((word, other) for word in old if len(word) > 1)
    yield from ((word, one) for word in new if len(word) > 1)


def _is_opposite(one: str, other: str) -> bool:
    if any(swaps(one, other, *pair) for pair in (*OPPOSITES, *_MORE_OPPOSITES)):
        return True
    if one.endswith(_LACKING) != other.endswith(_LACKING):
        return True
    shorter, longer = sorted((one, other), key=len)
    return any(longer == f"{prefix}{shorter}" for prefix in _NEGATING)


class _Figure(NamedTuple):
    word: str
    uncertain: bool


def _lost(heard: str, meant: str, answer: _Answer) -> Iterator[str]:
    """Reasons that lie in the text as a whole: what has to stay as it was."""
    certain = (False,) * len(answer.after)
    if not _same_figures(_figures(answer.left, answer.uncertain), _figures(answer.right, certain)):
        yield "numbers stay as they were heard"
    if negations_of(heard) != negations_of(meant):
        yield "negations such as “not” and “never” stay as they were heard"
    if signs_in(heard) != signs_in(meant):
        yield "question marks, colons and signs of sums stay as they were heard"
    if len(meant) > len(heard) + MORE_CHARACTERS:
        yield "the answer became much longer"
    if unseen_in(meant) - unseen_in(heard):
        yield "the correction holds invisible characters"


def _figures(words: Sequence[str], uncertain: Sequence[bool]) -> list[_Figure]:
    """The numbers, in words."""
    return [
        _Figure(run, unsure)
        for word, unsure in zip(words, uncertain, strict=True)
        for run in said_in_words(word)
        if run in NUMBERS
    ]


def _same_figures(heard: Sequence[_Figure], meant: Sequence[_Figure]) -> bool:
    return len(heard) == len(meant) and all(
        one.word == other.word or (one.uncertain and _is_mistakable(one.word, other.word))
        for one, other in zip(heard, meant, strict=True)
    )


def _is_mistakable(one: str, other: str) -> bool:
    return _MISTAKABLE.get(one) == other or _MISTAKABLE.get(other) == one
