"""Figures, products and requirements that nobody has given: an interviewer may not add any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from scoring.heard import HeardWords, telling_words
from scoring.text import Token, tokenise, word_set
from scoring.trade_words import PRODUCTS
from scoring.utterance import without_quotes

FREE_COUNT = 3.0
"""Counts up to this one are grammar: two users, three steps."""

_SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9,
    "billion": 1e9, "hundred": 1e2, "dozen": 12.0,
}  # fmt: skip
_TO_NINETEEN = """zero one two three four five six seven eight nine ten eleven twelve thirteen
fourteen fifteen sixteen seventeen eighteen nineteen"""
_TO_NINETY = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: float(value) for value, word in enumerate(_TO_NINETEEN.split())}
_TENS = {word: 10.0 * value for value, word in enumerate(_TO_NINETY.split(), start=2)}
_NUMBER_WORD = rf"(?:{'|'.join((*_UNITS, *_TENS, *_SCALES))})\b"
_SPOT = re.compile(
    rf"(?:[$€£¥]?\d[\d.,]*[\w%]*|\b{_NUMBER_WORD})(?:[\s-]+{_NUMBER_WORD})*", re.IGNORECASE
)
_DIGITS = re.compile(r"[$€£¥]?(\d+(?:\.\d+)?)([a-z%]*)")


class Figure(NamedTuple):
    """A number with the words next to it: `free` where it is a small count or a time of day."""

    value: float
    free: bool


def figures_in(text: str) -> Iterator[float]:
    """The values of the numbers in `text`, in digits and in words, without their units."""
    spots = {match[0] for match in _SPOT.finditer(text)}
    return (one.value for one in _figures(tokenise(" | ".join(spots))))


def _figures(tokens: Sequence[Token]) -> Iterator[Figure]:
    at = 0
    while at < len(tokens):
        value, length = _figure_at(tokens, at)
        if value is not None:
            yield Figure(value, _is_free(value, tokens, at, at + length))
        at += length


def _figure_at(tokens: Sequence[Token], at: int) -> tuple[float | None, int]:
    match = _DIGITS.fullmatch(tokens[at].word)
    if match is not None:
        value = float(match[1]) * _SCALES.get(match[2], 1.0)
        following = tokens[at + 1].word if at + 1 < len(tokens) else ""
        if following in _SCALES and not match[2]:
            return value * _SCALES[following], 2
        return value, 1
    end = at
    while end < len(tokens) and _is_number_word(tokens[end].word):
        end += 1
        if tokens[end - 1].after.strip(" -"):
            break
    return (_spelled(token.word for token in tokens[at:end]), end - at) if end > at else (None, 1)


def _is_number_word(word: str) -> bool:
    return word in _UNITS or word in _TENS or (word in _SCALES and len(word) > 2)


def _is_free(value: float, tokens: Sequence[Token], first: int, last: int) -> bool:
    before = tokens[first - 1].word if first else ""
    after = tokens[last].word if last < len(tokens) else ""
    signs = tokens[first].word[:1] in "$€£¥" or tokens[last - 1].word.endswith("%")
    if before in _CLOCK and value <= 24 and (tokens[last - 1].after.strip() or after in _OF_DAY):
        return True
    if value == 1 and tokens[first].word == "one":
        return after not in _PRICED
    return value <= FREE_COUNT and value == int(value) and not signs and after not in _MEASURES


_CLOCK = word_set("at past until till by before after around to")
_OF_DAY = word_set("in o'clock oclock am pm on at sharp")
_PRICED = word_set("percent cent dollar euro pound million billion thousand")
_MEASURES = word_set(
    """percent percentage per cent cents dollar dollars euro euros pound pounds second seconds ms
    milliseconds minute minutes hour hours day days week weeks month months year years million
    billion times nines x points"""
)


def _spelled(words: Iterable[str]) -> float:
    total, current = 0.0, 0.0
    for word in words:
        if word in _SCALES:
            scaled = (current or 1.0) * _SCALES[word]
            total, current = (total, scaled) if word == "hundred" else (total + scaled, 0.0)
        else:
            current += _UNITS.get(word, 0.0) + _TENS.get(word, 0.0)
    return total + current


def invented_in(sentence: str, figures: frozenset[float], heard: HeardWords) -> str | None:
    """The figure, name or requirement that is new, or None.

    `figures` are the values that were said or given, `heard` all words of the room.
    """
    plain = without_quotes(sentence)
    for value, free in _figures(tokenise(plain)):
        if not free and value not in figures:
            return f"{value:g}"
    return _new_name(plain, heard) or _new_requirement(plain, heard)


_NAME = re.compile(r"[A-Za-z][\w+#-]*")
_PLAIN_NAMES = word_set(
    """i ok okay api apis url ui cpu ram pdf pdfs ai llm llms ml qa id ids sql html csv faq faqs cto
    ceo monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december christmas easter english ux it pm am"""
)


def _new_name(sentence: str, heard: HeardWords) -> str | None:
    start = True
    for match in _NAME.finditer(sentence):
        word = match[0]
        tokens = tokenise(word)
        at_start, start = start, bool(re.match(r"[\"”’)]*[.?!:]", sentence[match.end() :]))
        start = start or sentence[match.end() : match.end() + 2] in {' "', " “"}
        if not tokens or all(token.stem in heard for token in tokens):
            continue
        if word.casefold() in PRODUCTS or (not at_start and _is_name(word)):
            return word
    return None


def _is_name(word: str) -> bool:
    bare = word.partition("-")[0]
    return bare[:1].isupper() and bare.casefold() not in _PLAIN_NAMES and bare[1:2] != "'"


_PARTY = (
    r"(?:the|our|your|their|this|a|one)\s+(?:\w+\s+){0,2}?(?:client|customer|business|company|"
    r"firm|shop|"
    r"cto|ceo|cfo|boss|director|legal|management|regulator|regulators|auditor|auditors|lawyers?|"
    r"board|finance|compliance|security|procurement|contract|law|stakeholders?|owner|product "
    r"(?:team|owner|manager)|department|service|system|assistant|agent|deadline|budget|sla|launch|"
    r"team|users?|customers)"
)
_REQUIREMENT = re.compile(
    rf"(?:^|[,;:]\s*|\b(?:that|and|but|so|because|since|now|suppose|assume|remember|note)\s+)"
    rf"(?:(?P<party>{_PARTY}|legal|management|finance|compliance|security|we|it|they|regulators?|"
    rf"marketing|"
    rf"sales|everything|all data|nobody|everyone)\s+(?:\w+\s+)?"
    rf"(?:must|needs?|wants?|requires?|required|has to|have to|expects?|demands?|insists?|forbids?|"
    rf"prohibits?|mandates?|cannot|can't|may not|only allows?|has decided|have decided|has asked|"
    rf"won't accept|will not accept|promised|guarantees?)\b"
    rf"|(?:we|our\s+\w+(?:\s+\w+)?)\s+(?:are|is|have|has|run|use|operate|serve|work|only|also|"
    rf"already|"
    rf"lost|were|was|had|sell|store|host)\b"
    rf"|the\s+(?:\w+\s+)?(?:deadline|budget|requirement|constraint|limit|target|sla|policy|ceiling|"
    rf"launch|contract|law)\s+(?:is|was|says|requires|has|will|forbids|moved))(?P<what>[^?]*)",
    re.IGNORECASE,
)


_ORDINARY = word_set("time nearly figure next part round scorecard short already only either")


def _new_requirement(text: str, heard: HeardWords) -> str | None:
    for match in _REQUIREMENT.finditer(text):
        words = telling_words(match[0])
        unheard = [
            token for token in words if token.stem not in heard and token.word not in _ORDINARY
        ]
        party = telling_words(match["party"] or "")
        if party and all(token.stem not in heard for token in party):
            return match[0].strip(" ,;:")
        if len(unheard) >= 2 or (unheard and 2 * len(unheard) >= len(words)):
            return match[0].strip(" ,;:")
    return None
