"""Sums as people say them: "3,000 tokens in at 3 dollars a million is 0.9 cents".

A `Claim` is a chain of amounts joined by *times*, *at*, *plus* and the like, up to a stated
result. `recompute` gives what the result could be by a fair reading of the chain, or nothing
where the units do not fit together: what cannot be read is never called wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise
from math import prod

from scoring.amounts import PERIOD_DAYS, Amount, Kind, amounts

TOLERANCE = 0.15
"""How far a stated figure may be off: people round."""

LEAST_TOKEN_COUNT = 1000
"""A bare "3 dollars a million" is a price of tokens from this count on."""

MILLION = 1e6

Term = tuple[Amount, ...]


@dataclass(frozen=True)
class Claim:
    """`terms` are added up, the factors of a term multiplied, to give `result`."""

    terms: tuple[Term, ...]
    result: Amount

    @property
    def start(self) -> int:
        """Where the first amount starts."""
        return self.terms[0][0].start

    @property
    def factors(self) -> tuple[Amount, ...]:
        """Every amount but the result."""
        return tuple(factor for term in self.terms for factor in term)


class _Link(Enum):
    TIMES = auto()
    PLUS = auto()
    RESULT = auto()
    NONE = auto()


_LONGEST_LINK = 32
_ROUGHLY = (
    r"(?:\s*(?:about|roughly|around|approximately|approx\.?|some|only|just|nearly|almost|~|≈))*\s*$"
)
_RESULT = re.compile(
    r"(?:=|≈|→|->|=>|\b(?:is|are|equals?|makes?|gives?|totals?|that['’]?s|comes?\s+(?:out\s+)?(?:to|at)"
    r"|works?\s+out\s+(?:at|to))\b)(?:\s+(?:us|me|you|a\s+total\s+of))?" + _ROUGHLY,
    re.IGNORECASE,
)
_PLUS = re.compile(r"(?:\+|\b(?:plus|and|as\s+well\s+as)\b)[\w\s]{0,16}$", re.IGNORECASE)
_TIMES = re.compile(
    r"(?:×|\*|@|\b(?:x|times|multiplied\s+by|of|at|by|for|across|over)\b)(?:\s+(?:the|all|a))?"
    + _ROUGHLY,
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.?!;](?=\s|$)|\n")


def claims(text: str) -> Iterator[Claim]:
    """The sums with a stated result, in order. A result may be the start of the next sum."""
    for sentence in _sentences(text):
        yield from _claims(text, sentence)


def recompute(claim: Claim) -> tuple[float, ...]:
    """What the result should be in its own period, the plainest reading first.

    Empty where the units do not fit together.
    """
    values = [_value(term) for term in _priced(claim.terms)]
    if not values or any(value is None for value in values):
        return ()
    known = [value for value in values if value is not None]
    if len({(value.money, value.days) for value in known}) > 1 or not _answers(claim, known[0]):
        return ()
    return _readings(sum(v.number for v in known), known[0].days, claim)


def per_million(claim: Claim) -> tuple[float, ...]:
    """What the result should be where bare factors are tokens and dollars per million of them.

    "2,000 x 0.40 = 0.0008" is said so once the prices were named. A figure carried over from the
    sum before, as in "0.0105 plus 200 x 15 = 0.003", may be part of the result or not.
    """
    priced: list[float] = []
    carried = 0.0
    for term in claim.terms:
        if len(term) == 2 and all(_may_be_priced(factor) for factor in term):
            priced.append(prod(factor.value for factor in term) / MILLION)
        elif len(term) == 1 and not priced:
            carried += term[0].value
        else:
            return ()
    total = sum(priced)
    return (total, total + carried) if priced else ()


def _may_be_priced(factor: Amount) -> bool:
    return factor.kind in {Kind.PLAIN, Kind.TOKENS} and factor.per is None


def close(stated: float, expected: float, tolerance: float = TOLERANCE) -> bool:
    """Whether the two agree up to rounding."""
    return expected > 0 and abs(stated / expected - 1) <= tolerance


def without(claim: Claim, factor: Amount) -> Claim:
    """The claim with `factor` left out of its term."""
    terms = (tuple(one for one in term if one is not factor) for term in claim.terms)
    return replace(claim, terms=tuple(term for term in terms if term))


def _sentences(text: str) -> Iterator[list[Amount]]:
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    sentence: list[Amount] = []
    for amount in amounts(text):
        if sentence and any(sentence[-1].end <= end < amount.start for end in ends):
            yield sentence
            sentence = []
        sentence.append(amount)
    yield sentence


def _claims(text: str, sentence: Sequence[Amount]) -> Iterator[Claim]:
    terms: list[list[Amount]] = [[amount] for amount in sentence[:1]]
    for before, amount in pairwise(sentence):
        link = _link(text[before.end : amount.start], terms, amount)
        if link is _Link.TIMES:
            terms[-1].append(amount)
        elif link is _Link.PLUS:
            terms.append([amount])
        else:
            if link is _Link.RESULT and sum(map(len, terms)) > 1:
                yield Claim(tuple(tuple(term) for term in terms), amount)
            terms = [[amount]]


def _link(between: str, terms: Sequence[Sequence[Amount]], amount: Amount) -> _Link:
    if len(between) > _LONGEST_LINK:
        return _Link.NONE
    if _RESULT.search(between):
        return _Link.RESULT
    if _PLUS.search(between):
        return _Link.PLUS
    if _TIMES.search(between):
        return _Link.TIMES
    listed = between.strip() == "," and amount.kind is Kind.TOKENS
    return _Link.PLUS if listed and len(terms[-1]) > 1 else _Link.NONE


def _priced(terms: Sequence[Term]) -> Iterator[Term]:
    """The terms with bare prices made money: "200 out at 15" after "... at 3 a million"."""
    count = 1.0
    for term in terms:
        if not any(factor.kind is Kind.TOKENS for factor in term):
            yield tuple(_as_token_price(factor) for factor in term)
            continue
        priced: list[Amount] = []
        for factor in term:
            if _is_token_rate(factor):
                count = factor.count
                priced.append(replace(factor, kind=Kind.MONEY, per="token"))
            elif factor.kind in {Kind.PLAIN, Kind.MONEY} and factor.per is None and count > 1:
                price = factor.value / count
                priced.append(replace(factor, value=price, kind=Kind.MONEY, per="token"))
            else:
                priced.append(factor)
        yield tuple(priced)


def _as_token_price(factor: Amount) -> Amount:
    """A price "per million" is one of tokens, named or not; without tokens it is no sum."""
    if factor.kind is Kind.MONEY and _is_token_rate(factor):
        return replace(factor, per="token")
    return factor


def _is_token_rate(factor: Amount) -> bool:
    if factor.kind not in {Kind.PLAIN, Kind.MONEY}:
        return False
    return factor.per == "token" or (factor.per == "" and factor.count >= LEAST_TOKEN_COUNT)


@dataclass(frozen=True)
class _Value:
    number: float
    money: bool
    days: float | None


def _value(term: Term) -> _Value | None:
    """The term multiplied out; None where it mixes money, tokens or periods in no known way."""
    money = [factor for factor in term if factor.kind is Kind.MONEY]
    tokens = [factor for factor in term if factor.kind is Kind.TOKENS]
    spans = [factor for factor in term if factor.noun in PERIOD_DAYS]
    rates = [factor for factor in term if factor.per in PERIOD_DAYS]
    priced_by_token = any(factor.per == "token" for factor in money)
    if len(money) > 1 or len(tokens) > 1 or len(rates) > 1 or len(spans) > 1:
        return None
    if money and bool(tokens) != priced_by_token:
        return None
    number = prod(factor.value for factor in term)
    if not rates:
        return _Value(number, bool(money), None)
    days = PERIOD_DAYS[rates[0].per or ""]
    if not spans:
        return _Value(number, bool(money), days)
    return _Value(number * PERIOD_DAYS[spans[0].noun] / days, bool(money), None)


def _answers(claim: Claim, value: _Value) -> bool:
    """Whether the result is of the kind that the terms give."""
    kind = claim.result.kind
    if value.money:
        return kind in {Kind.MONEY, Kind.PLAIN}
    if kind is Kind.COUNT:
        return _counts_the_same(claim)
    return kind is Kind.PLAIN or (kind is Kind.TOKENS and _may_name(claim, Kind.TOKENS))


def _counts_the_same(claim: Claim) -> bool:
    """Whether the result counts what a factor counts, or what a bare figure may have counted.

    "60 agents at 15 percent" gives agents and never conversations. A duration times anything is
    open too: what is said with it ("3 retries at 2 seconds") may add to it.
    """
    noun = claim.result.noun
    if noun in PERIOD_DAYS and any(len(term) > 1 for term in claim.terms):
        return False
    return any(one.noun == noun for one in claim.factors) or _may_name(claim, Kind.PLAIN)


def _may_name(claim: Claim, kind: Kind) -> bool:
    """Whether a factor is of that kind, or bare and so perhaps of it."""
    return any(one.kind in {kind, Kind.PLAIN} for one in claim.factors)


def _readings(number: float, days: float | None, claim: Claim) -> tuple[float, ...]:
    asked = PERIOD_DAYS.get(claim.result.per or "")
    if days is None:
        return (number,)
    if asked is None:
        return (number, number * 30 / days, number * 360 / days)
    explicit = any(factor.kind is Kind.PLAIN and factor.per is None for factor in claim.factors)
    converted = number * asked / days
    return (number, converted) if explicit else (converted,)
