"""Checks a cost sum that was said aloud: tokens x price x volume.

Two things are checked. A sum that the candidate states with its result is recomputed from the
candidate's own figures. The last total per unit and per month is held against the scenario's
worked sum, with room for another design. Rounding is tolerated; what cannot be read is
`not_checkable` and never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scenarios.model import CostLine, CostModel, Price
from scoring.amounts import Amount, Kind, amounts
from scoring.sums import Claim, claims, close, per_million, recompute, without
from scoring.transcript import Speaker, Turn
from scoring.verdicts import Evidence

FOUND_BY = "arithmetic"
DESIGN_ROOM = 2.0
"""Another design may cost this many times less or more than the cheapest and dearest paths."""

SAME_FIGURE = 0.03
"""How near a total must be to a faulty worked sum to be taken for it."""


class SumOutcome(StrEnum):
    """What the check of one stated figure came to."""

    CHECKED_OK = "checked_ok"
    MISMATCH = "mismatch"
    NOT_CHECKABLE = "not_checkable"


@dataclass(frozen=True)
class SumCheck:
    """One stated figure: the claim, its outcome, the recomputation in words.

    `factor` names the one thing that explains the gap, where one does.
    """

    outcome: SumOutcome
    claim: Evidence
    explanation: str
    factor: str | None = None


@dataclass(frozen=True)
class SumReport:
    """Every figure that was checked, in the order in which they were said.

    Empty `checks` mean that no sum was found, which is not the same as a wrong one.
    """

    checks: tuple[SumCheck, ...] = ()


def check_sums(turns: Sequence[Turn], cost: CostModel | None) -> SumReport:
    """The check of everything that the candidate said in `turns`."""
    given = _given(turns)
    said = [turn for turn in turns if turn.speaker is Speaker.CANDIDATE]
    stated = [(turn, claim) for turn in said for claim in claims(turn.text)]
    checks = [_check_claim(turn, claim) for turn, claim in stated]
    if cost is not None:
        fits = {
            (turn.id, claim.result.start): check.outcome is not SumOutcome.MISMATCH
            for (turn, claim), check in zip(stated, checks, strict=True)
            if _is_money(claim)
        }
        checks.extend(_check_totals(said, cost, fits, given))
    return SumReport(tuple(checks))


def _check_claim(turn: Turn, claim: Claim) -> SumCheck:
    quote = _quote(turn, claim.start, claim.result.end)
    expected = recompute(claim)
    stated = claim.result.value
    if not expected:
        return SumCheck(SumOutcome.NOT_CHECKABLE, quote, "The units of this sum could not be read.")
    if any(close(stated, value) for value in expected):
        return SumCheck(SumOutcome.CHECKED_OK, quote, "Recomputed from your figures: it fits.")
    if any(close(stated, value) for value in per_million(claim)):
        words = "Recomputed with your prices per million tokens: it fits."
        return SumCheck(SumOutcome.CHECKED_OK, quote, words)
    factor = _slip(turn.text, claim, expected[-1])
    if (factor is None or factor in _UNIT_SLIPS) and _has_bare_figure(claim):
        return SumCheck(
            SumOutcome.NOT_CHECKABLE, quote, "A figure without a unit leaves this sum open."
        )
    shown = _amount_text(expected[-1], money=_is_money(claim))
    return SumCheck(
        SumOutcome.MISMATCH, quote, f"Recomputed from your figures: about {shown}.", factor
    )


def _slip(text: str, claim: Claim, expected: float) -> str | None:
    """The one thing that explains the gap between the stated result and the expected one."""
    stated = claim.result.value
    for term in claim.terms:
        rest = tuple(other for other in claim.terms if other is not term)
        if rest and _explains(Claim(rest, claim.result)):
            is_output = any(factor.side == "out" for factor in term)
            part = text[term[0].start : term[-1].end]
            return (
                "The price of the output was left out." if is_output else f"“{part}” was left out."
            )
    for factor in claim.factors:
        if len(claim.factors) > 1 and _explains(without(claim, factor)):
            return f"“{text[factor.start : factor.end]}” was left out."
    return _scale_slip(stated / expected) if expected else None


def _explains(claim: Claim) -> bool:
    return any(close(claim.result.value, value) for value in recompute(claim))


_SCALE_SLIPS = (
    (100.0, "Cents and dollars were mixed up."),
    (30.0, "Days and months were mixed up, a factor of 30."),
    (1e3, "A slip of a thousand."),
    (1e6, "A slip of a million."),
    (10.0, "The decimal point is off by one place."),
)


_UNIT_SLIPS = frozenset(words for factor, words in _SCALE_SLIPS if factor > 10)
"""What looks like one of these may be a unit that a bare figure left unsaid."""


def _has_bare_figure(claim: Claim) -> bool:
    return any(one.kind is Kind.PLAIN for one in (*claim.factors, claim.result))


def _scale_slip(ratio: float) -> str | None:
    for factor, words in _SCALE_SLIPS:
        if close(ratio, factor) or close(ratio, 1 / factor):
            return words
    return None


@dataclass(frozen=True)
class _Total:
    """A stated total per unit or per month, with the worked sums to hold it against."""

    turn: Turn
    amount: Amount
    name: str
    scale: float


_NO_TOTAL = re.compile(
    r"\b(?:ceiling|budget|limit|target|cap|capped|max|maximum|at most|below|under|afford|allowed"
    r"|sav(?:e|es|ing)|instead of|costs? us now|today)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.?!;](?=\s|$)|\n")


def _given(turns: Sequence[Turn]) -> frozenset[float]:
    """The sums of money that the interviewer named: who repeats one has worked nothing out."""
    return frozenset(
        round(amount.value, 6)
        for turn in turns
        if turn.speaker is Speaker.INTERVIEWER
        for amount in amounts(turn.text)
        if amount.kind is Kind.MONEY
    )


def _check_totals(
    said: Sequence[Turn],
    cost: CostModel,
    fits: Mapping[tuple[str, int], bool],
    given: Collection[float],
) -> Iterator[SumCheck]:
    """The last total per unit and per month; results of sums that do not fit are left out."""
    last: dict[str, _Total] = {}
    for turn in said:
        for amount in amounts(turn.text):
            place = turn.id, amount.start
            if place not in fits and round(amount.value, 6) in given:
                continue
            total = _total(turn, amount, cost, stated=place in fits)
            if total is not None and fits.get(place, True):
                last[total.name] = total
    text = " ".join(turn.text for turn in said)
    for total in last.values():
        yield _check_total(total, cost, text)


def _total(turn: Turn, amount: Amount, cost: CostModel, *, stated: bool) -> _Total | None:
    if amount.kind is not Kind.MONEY and not (stated and amount.kind is Kind.PLAIN):
        return None
    if _NO_TOTAL.search(_clause(turn.text, amount)) or _is_ceiling(amount, cost):
        return None
    if amount.per == "month":
        return _Total(turn, amount, "month", float(cost.units_per_month))
    if amount.per and re.match(rf"{re.escape(amount.per)}\b", cost.unit, re.IGNORECASE):
        return _Total(turn, amount, "unit", 1.0)
    return None


def _is_ceiling(amount: Amount, cost: CostModel) -> bool:
    return cost.ceiling_usd is not None and close(amount.value, cost.ceiling_usd, SAME_FIGURE)


def _clause(text: str, amount: Amount) -> str:
    ends = [match.start() for match in _CLAUSE.finditer(text)]
    start = max((end for end in ends if end < amount.start), default=0)
    return text[start : min((end for end in ends if end >= amount.end), default=len(text))]


def _check_total(total: _Total, cost: CostModel, text: str) -> SumCheck:
    low, high = (total.scale * bound for bound in _plausible(cost))
    quote = _quote(total.turn, total.amount.start, total.amount.end)
    factor = _left_out(total, cost, text)
    stated = total.amount.value
    worked = _amount_text(total.scale * cost.unit_usd, money=True)
    if factor is None and low <= stated <= high:
        words = (
            f"Within what designs for this brief cost per {total.name}; the worked sum: {worked}."
        )
        return SumCheck(SumOutcome.CHECKED_OK, quote, words)
    factor = factor or _total_slip(total, cost)
    if factor is not None:
        words = f"The worked sum per {total.name}: about {worked}."
        return SumCheck(SumOutcome.MISMATCH, quote, words, factor)
    words = f"Far from the worked sum per {total.name}, {worked}; your design may explain it."
    return SumCheck(SumOutcome.NOT_CHECKABLE, quote, words)


_OUTPUT = re.compile(
    r"\b(?:out|output|outputs|generated|completion|reply|replies)\b", re.IGNORECASE
)
_SHARES = re.compile(r"%|\b(?:percent|share|half|third|quarter|most|rest)\b", re.IGNORECASE)


def _left_out(total: _Total, cost: CostModel, text: str) -> str | None:
    """What of the worked sum is missing, where the total is that sum without it."""
    if not _OUTPUT.search(text):
        inputs = sum(_line_usd(line, cost.prices[line.model], output=False) for line in cost.lines)
        if close(total.amount.value, total.scale * inputs, SAME_FIGURE):
            return "It equals the worked sum without the price of the output."
    if not _SHARES.search(text):
        whole = sum(_line_usd(line, cost.prices[line.model]) / line.share for line in cost.lines)
        differs = not close(whole, cost.unit_usd)
        if differs and close(total.amount.value, total.scale * whole, SAME_FIGURE):
            return "It equals the worked sum with every call on every path, shares ignored."
    return None


def _total_slip(total: _Total, cost: CostModel) -> str | None:
    if total.scale > 1 and close(total.amount.value, cost.unit_usd):
        return "It is the price of one unit; the volume was left out."
    return _scale_slip(total.amount.value / (total.scale * cost.unit_usd))


def _plausible(cost: CostModel) -> tuple[float, float]:
    """Dollars per unit on the cheapest and the dearest path, with room for another design."""
    writers = [price for price in cost.prices.values() if price.output > 0]
    low = high = 0.0
    for line in cost.lines:
        prices = writers if line.output else [cost.prices[line.model]]
        sums = [_line_usd(line, price) for price in prices or [cost.prices[line.model]]]
        low, high = low + min(sums), high + max(sums)
    return low / DESIGN_ROOM, high * DESIGN_ROOM


def _line_usd(line: CostLine, price: Price, *, output: bool = True) -> float:
    fresh = (line.input - line.cached) * price.input + line.cached * price.cached
    tokens = fresh + (line.output * price.output if output else 0)
    return line.calls * line.share * tokens / 1e6


def _is_money(claim: Claim) -> bool:
    return claim.result.kind is Kind.MONEY or any(f.kind is Kind.MONEY for f in claim.factors)


def _quote(turn: Turn, start: int, end: int) -> Evidence:
    return Evidence(turn.id, start, end, turn.text[start:end], FOUND_BY)


def _amount_text(value: float, *, money: bool) -> str:
    if not money:
        return f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"
    if value < 1:
        return f"{value * 100:.3g} cents"
    return f"${value:,.2f}" if value < 1000 else f"${value:,.0f}"
