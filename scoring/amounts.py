"""Amounts in a text, with their values: "$3 a million tokens", "1.4 cents", "thirty thousand".

Where `quantities.py` tells that something is a quantity, this module tells how much of what. An
amount is read only where its number is plain; "a few", "10 to 20" and other currencies than
dollars are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import prod


class Kind(StrEnum):
    """What an amount counts."""

    MONEY = "money"
    TOKENS = "tokens"
    COUNT = "count"
    SHARE = "share"
    PLAIN = "plain"


PERIOD_DAYS = {
    "second": 1 / 86_400,
    "minute": 1 / 1440,
    "hour": 1 / 24,
    "day": 1.0,
    "week": 7.0,
    "month": 30.0,
    "year": 360.0,
}
"""Days per period, as interview sums take them: 30 to the month, 12 months to the year."""


@dataclass(frozen=True)
class Amount:
    """A number with its unit at `text[start:end]`.

    `value` is in dollars for money, a fraction for shares, and already divided by the count in
    "per million". `noun` is what a `COUNT` counts, in the singular. `per` is the period or thing
    that it is for each of, in the singular, `""` where only a count follows ("$3 a million"), and
    None for a total; `count` is that count. `side` tells input from output tokens where the text
    does.
    """

    value: float
    kind: Kind
    start: int
    end: int
    noun: str = ""
    per: str | None = None
    side: str = ""
    count: float = 1.0


_SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9,
    "billion": 1e9,
}  # fmt: skip
_TO_NINETEEN = """zero one two three four five six seven eight nine ten eleven twelve thirteen
fourteen fifteen sixteen seventeen eighteen nineteen"""
_TO_NINETY = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = {word: value for value, word in enumerate(_TO_NINETEEN.split())}
_TENS = {word: 10 * value for value, word in enumerate(_TO_NINETY.split(), start=2)}
_SPELLED = {**_ONES, **_TENS}
_SCALE = r"(?:k|mn|m|bn|b|thousand|million|billion)\b"
_WORD = rf"(?:{'|'.join(sorted(_SPELLED, key=len, reverse=True))}|hundred|thousand|million|billion)"
_NUMBER = re.compile(
    rf"(?<![\w.,$€£¥-])(?P<currency>\$)?"
    rf"(?:(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    rf"(?:[ -]?(?P<scale>{_SCALE}))?"
    rf"|(?P<words>(?:point[ -]+)?{_WORD}(?:[ -]+(?:{_WORD}|point))*))(?![\w]*\d)",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\s*(?P<cents>¢|cents?\b)|\s*(?:dollars?|bucks?|usd)\b", re.IGNORECASE)
_SHARE = re.compile(r"\s*(?:%|percent\b|per\s+cent\b)", re.IGNORECASE)
_TOKENS = re.compile(
    r"\s*(?P<before>(?:\w+\s+)?)tok(?:en)?s?\b(?:\s+(?:of\s+)?(?P<after>in|out|input|output)\b)?",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"\s*(?P<side>in|out|input|output|uncached|cached)\b(?=\s*(?:[,;.+)×*]|(?:at|and|plus|times|x)\b|$))",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s?(?:-|–|to|or)\s?\$?\d[\d.,]*")
_PER = re.compile(
    rf"\s*(?:/|(?:per|an?|each|every|for (?:each|every|an?|one))\s)\s*"
    rf"(?P<number>\d+(?:,\d{{3}})*\s?{_SCALE}|\d+(?:,\d{{3}})*|{_SCALE}|m(?=tok))?\s*"
    rf"(?P<what>(?:(?:input|output|cached)\s+)?[a-z]+)?",
    re.IGNORECASE,
)
_ADVERB = re.compile(r"\s*(?P<adverb>daily|monthly|yearly|hourly)\b", re.IGNORECASE)
_NOUN = re.compile(
    r"\s+(?:(?!(?:in|out|at|is|as|of|a|per|to|are)\b)[a-z]+\s+)??(?P<noun>[a-z]{2,}s)\b"
)
_PERIODS = {
    "s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour", "mo": "month",
    "yr": "year", "daily": "day", "monthly": "month", "yearly": "year", "hourly": "hour",
}  # fmt: skip
_NO_NOUNS = frozenset({"is", "was", "has", "times", "this", "thus", "plus", "as", "us", "its"})
_PRICED_THINGS = """\
token tok mtok answer article call case chat completion conversation customer developer doc
document email file image inference interaction item job lookup message order page person post
product prompt query reply request response review run search seat session step suggestion task
ticket turn unit user visit"""
_THINGS = frozenset(_PRICED_THINGS.split())

_VOLUMES = _THINGS | frozenset(
    ["agent", "chunk", "example", "label", "passage", "record", "row", "sample", "trace"]
)
_DURATION = re.compile(
    r"[ -]?(?:ms|msecs?|milliseconds?|s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|days?|weeks?"
    r"|months?|years?)\b",
    re.IGNORECASE,
)
LEAST_VOLUME = 10
"""Things of the trade from which a count says how much; below it anything may be counted."""


def amounts(text: str) -> Iterator[Amount]:
    """The amounts of a text, left to right, not overlapping. Never raises."""
    at = 0
    while (match := _NUMBER.search(text, at)) is not None:
        span = _RANGE.match(text, match.end())
        amount = _amount(text, match) if span is None else None
        if amount is not None:
            yield amount
            at = amount.end
        else:
            at = match.end() if span is None else span.end()


def has_figure(text: str) -> bool:
    """Whether a figure quantifies: money, tokens, a share, a rate, a duration or a volume.

    "Two checks" does not; neither does a small count of anything else.
    """
    return any(_quantifies(text, one) for one in amounts(text))


def _quantifies(text: str, amount: Amount) -> bool:
    if amount.kind in {Kind.MONEY, Kind.TOKENS, Kind.SHARE} or amount.per is not None:
        return True
    if amount.kind is Kind.COUNT:
        traded = amount.noun in _VOLUMES and amount.value >= LEAST_VOLUME
        return traded or amount.noun in PERIOD_DAYS
    return _DURATION.match(text, amount.end) is not None


def _amount(text: str, match: re.Match[str]) -> Amount | None:
    value = _value(match)
    if value is None:
        return None
    value, kind, noun, side, end = _unit(text, match, value)
    rate = _rate(text, end)
    if rate is None:
        return Amount(value, kind, match.start(), end, noun, None, side)
    count, per, rate_side, end = rate
    return Amount(value / count, kind, match.start(), end, noun, per, side or rate_side, count)


def _value(match: re.Match[str]) -> float | None:
    digits = match["digits"]
    if digits is None:
        return _spelled(match["words"].lower())
    return float(digits.replace(",", "")) * _SCALES.get((match["scale"] or "").lower(), 1.0)


def _spelled(phrase: str) -> float | None:
    """The value of a number in words; None for a bare "one", which is seldom a number."""
    words = re.split(r"[ -]+", phrase)
    whole, _, fraction = f" {' '.join(words)}".partition(" point ")
    total, current = 0.0, 0.0
    for word in whole.split():
        if word in _SPELLED:
            current += _SPELLED[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0.0
    tail = fraction.split()
    digits = "".join(str(_ONES[word]) for word in tail if word in _ONES)
    scale = prod(_SCALES[word] for word in tail if word in _SCALES)
    return None if words == ["one"] else (total + current + float(f"0.{digits or 0}")) * scale


def _unit(text: str, match: re.Match[str], value: float) -> tuple[float, Kind, str, str, int]:
    """Value in base units, kind, noun, side and where the unit ends."""
    end = match.end()
    money = _MONEY.match(text, end)
    if money is not None:
        return value / (100 if money["cents"] else 1), Kind.MONEY, "", "", money.end()
    if match["currency"]:
        return value, Kind.MONEY, "", "", end
    share = _SHARE.match(text, end)
    if share is not None:
        return value / 100, Kind.SHARE, "", "", share.end()
    tokens = _TOKENS.match(text, end)
    if tokens is not None:
        side = _side(tokens["after"] or tokens["before"])
        return value, Kind.TOKENS, "", side, tokens.end()
    return _counted(text, value, end)


def _counted(text: str, value: float, end: int) -> tuple[float, Kind, str, str, int]:
    side = _SIDE.match(text, end)
    if side is not None:
        return value, Kind.TOKENS, "", _side(side["side"]), side.end()
    noun = _NOUN.match(text, end)
    if noun is not None and noun["noun"] not in _NO_NOUNS:
        return value, Kind.COUNT, _singular(noun["noun"]), "", noun.end()
    return value, Kind.PLAIN, "", "", end


def _rate(text: str, end: int) -> tuple[float, str, str, int] | None:
    """Count, thing, token side and end of a "per million tokens" that starts at `end`."""
    adverb = _ADVERB.match(text, end)
    if adverb is not None:
        return 1.0, _PERIODS[adverb["adverb"].lower()], "", adverb.end()
    match = _PER.match(text, end)
    if match is None:
        return None
    count = _count(match["number"] or "1")
    side, _, noun = (match["what"] or "").lower().rpartition(" ")
    thing = _PERIODS.get(noun, _singular(noun))
    if thing in _THINGS or thing in PERIOD_DAYS:
        return count, thing, _side(side), match.end()
    if match["number"]:
        return count, "", "", match.end("number")
    return None


def _count(written: str) -> float:
    match = re.fullmatch(r"([\d,]*)\s*([a-z]*)", written.lower())
    if match is None:
        return 1.0
    digits = match[1].replace(",", "")
    return (float(digits) if digits else 1.0) * _SCALES.get(match[2], 1.0) or 1.0


def _side(word: str) -> str:
    word = word.strip().lower()
    if word in {"out", "output", "completion", "generated"}:
        return "out"
    return "in" if word in {"in", "input", "prompt", "cached", "uncached"} else ""


def _singular(noun: str) -> str:
    noun = noun.lower()
    if noun in {"tok", "toks", "mtok", "mtoks"}:
        return "token"
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    return noun.removesuffix("s") if not noun.endswith("ss") else noun
