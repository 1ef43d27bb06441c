"""How written words are said: figures, acronyms and names of the trade, as runs of letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from string import ascii_lowercase

from scoring.slips import NUMBER_WORDS, fold
from scoring.text import word_set

_ONES_SAID = """zero one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen"""
_TENS_SAID = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_LETTERS_SAID = """ay bee see dee ee ef gee aitch eye jay kay el em en oh pee cue are es tee you vee
    doubleyou ex why zee"""

_ONES, _TENS = tuple(_ONES_SAID.split()), tuple(_TENS_SAID.split())
_LETTERS = dict(zip(ascii_lowercase, _LETTERS_SAID.split(), strict=True))

NUMBERS = (
    NUMBER_WORDS
    | {*_ONES, *_TENS}
    | word_set(
        """hundred hundreds thousand thousands million millions billion billions dozen dozens half
        third thirds"""
    )
)
"""The words that figures are said in."""

_NAMES = {
    "cicd": "see eye see dee",
    "faiss": "face",
    "k8s": "kubernetes",
    "kubectl": "cube control",
    "mysql": "my sequel",
    "nginx": "engine x",
    "nosql": "no sequel",
    "postgresql": "postgres",
    "sql": "sequel",
    "sqlite": "sequel light",
}
"""Names that are not said as they are written."""

_LONGEST_ACRONYM = 5
_RUNS = re.compile(r"\d+|[^\W\d_]+")
_MOST_DIGITS = 6


@lru_cache(maxsize=4096)
def ways_to_say(words: tuple[str, ...]) -> tuple[str, ...]:
    """How the words may be said together, each way as one run of letters in lower case."""
    if any(word in NUMBERS for word in words):
        words = tuple(word for word in words if word != "and")
    ways = ("".join(way) for way in product(*map(_ways, words)))
    return tuple(dict.fromkeys(ways))


def said_in_words(word: str) -> Iterator[str]:
    """The letters of the folded `word`, and its figures in words: `p99` is `p`, `ninety`, `nine`.

    A number with more than 6 digits, or with a nought in front, is said digit by digit.
    """
    for run in _RUNS.findall(word):
        if run.isdecimal():
            yield from _figure(run)
        else:
            yield run


def _ways(word: str) -> tuple[str, ...]:
    plain = fold(word)
    if plain in _NAMES:
        return plain, _NAMES[plain].replace(" ", "")
    runs = tuple(said_in_words(plain))
    spelled = "".join(_LETTERS.get(run, run) for run in runs)
    if word.isupper() and len(word) <= _LONGEST_ACRONYM:
        spelled = "".join(_LETTERS.get(char, char) for run in runs for char in run)
    return "".join(runs), spelled


def _figure(digits: str) -> list[str]:
    number = int(digits)
    if len(digits) > _MOST_DIGITS or (len(digits) > 1 and digits[0] == "0"):
        return [_ONES[int(digit)] for digit in digits]
    if number < len(_ONES):
        return [_ONES[number]]
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            return [*_figure(str(number // size)), name, *_rest(number % size)]
    return [_TENS[number // 10], *_rest(number % 10)]


def _rest(number: int) -> list[str]:
    return _figure(str(number)) if number else []
