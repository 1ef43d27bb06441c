"""Quantities in a text: numbers, money, percentages and durations, in digits and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scoring.text import Token, word_set

NUMBER, MONEY, PERCENT, DURATION = "<number>", "<money>", "<percent>", "<duration>"

KINDS = frozenset({NUMBER, MONEY, PERCENT, DURATION})
"""The kinds as cues write them."""


class Quantity(NamedTuple):
    """Tokens `first` up to, not including, `last` are a quantity of these kinds."""

    first: int
    last: int
    kinds: frozenset[str]


_DIGITS = re.compile(r"([$€£¥]?)\d+(?:[.,]\d+)*(%|[^\W\d_]*)")
_PLAIN_SUFFIXES = frozenset(
    ["", "%", "k", "m", "b", "bn", "mn", "x", "gb", "mb", "kb", "tb", "rps", "qps", "tps", "usd"]
)
_UNITS = word_set(
    """ms millisecond milliseconds msec s sec secs second seconds min mins minute minutes h hr hrs
    hour hours day days week weeks month months quarter quarters year years"""
)
_CURRENCIES = word_set(
    "buck bucks cent cents dollar dollars eur euro euros gbp pence pound pounds usd"
)
_WORDS = word_set(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
    hundreds thousand thousands million millions billion billions dozen dozens half"""
)
_NEEDS_UNIT = frozenset({"one", "few", "several", "couple", "quarter"})
_LINKS = frozenset({"of", "a", "an"})
_BEFORE_A_UNIT = word_set("in under within for after every than about below over last takes took")


def quantities(tokens: Sequence[Token]) -> Iterator[Quantity]:
    """The quantities of a token list, left to right, not overlapping."""
    index = 0
    while index < len(tokens):
        found = _quantity_at(tokens, index)
        if found is None:
            index += 1
        else:
            yield found
            index = found.last


def is_number(token: Token) -> bool:
    """Whether the token alone is a number, in digits or as a word."""
    return token.word in _WORDS or _digit_kinds(token.word) is not None


def _digit_kinds(word: str) -> set[str] | None:
    match = _DIGITS.fullmatch(word)
    if match is None:
        return None
    currency, suffix = match.groups()
    kinds = {NUMBER}
    if suffix in _UNITS:
        kinds.add(DURATION)
    elif suffix not in _PLAIN_SUFFIXES:
        return None
    if suffix == "%":
        kinds.add(PERCENT)
    if currency or suffix == "usd":
        kinds.add(MONEY)
    return kinds


def _quantity_at(tokens: Sequence[Token], first: int) -> Quantity | None:
    word = tokens[first].word
    if word in {"a", "an"}:
        return _article_duration(tokens, first)
    if word in _NEEDS_UNIT:
        return _with_unit(tokens, first, first + 1, set())
    if not is_number(tokens[first]) or _names_a_version(tokens, first):
        return None
    kinds = {NUMBER}
    last = first
    while last < len(tokens) and is_number(tokens[last]):
        kinds |= _digit_kinds(tokens[last].word) or set()
        last += 1
        if _FROM_TO.search(tokens[last - 1].after):
            break
    return _with_unit(tokens, first, last, kinds)


_FROM_TO = re.compile(r"[/→⇒]|[-=]>")
"""Signs between two figures of which each is one: "5 % → 50 %", "$2.50/$10"."""


def _names_a_version(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number hangs on a name, as the 4 of GPT-4 does."""
    before = tokens[at - 1] if at else None
    return before is not None and before.after == "-" and not is_number(before)


def _with_unit(tokens: Sequence[Token], first: int, last: int, kinds: set[str]) -> Quantity | None:
    at = last
    while (
        at < len(tokens) and at - last < 2 and tokens[at].word in _LINKS and not _rate(tokens, at)
    ):
        at += 1
    unit = tokens[at].word if at < len(tokens) else ""
    after = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if unit in _UNITS and (at == last or tokens[last - 1].word in _NEEDS_UNIT | {"half"}):
        return Quantity(first, at + 1, frozenset(kinds | {NUMBER, DURATION}))
    if unit in _CURRENCIES and at == last:
        return Quantity(first, at + 1, frozenset(kinds | {NUMBER, MONEY}))
    if unit == "percent" or (unit == "per" and after == "cent"):
        return Quantity(first, at + (1 if unit == "percent" else 2), frozenset(kinds | {PERCENT}))
    return Quantity(first, last, frozenset(kinds)) if kinds else None


def _rate(tokens: Sequence[Token], at: int) -> bool:
    """Whether an article after a number starts a rate: "200 a day" is no duration."""
    before = tokens[at - 1].word if at else ""
    return before not in _NEEDS_UNIT | {"half", "of"}


def _article_duration(tokens: Sequence[Token], first: int) -> Quantity | None:
    """A duration such as "within a minute"; "requests a minute" is a rate."""
    before = tokens[first - 1].word if first else ""
    unit = tokens[first + 1].word if first + 1 < len(tokens) else ""
    if unit in {"few", "couple"}:
        return _with_unit(tokens, first, first + 2, set())
    if unit not in _UNITS or before not in _BEFORE_A_UNIT:
        return None
    return Quantity(first, first + 2, frozenset({DURATION}))
