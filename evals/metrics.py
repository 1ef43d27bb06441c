"""A figure with its interval: a rate over cases, or a count of what must never happen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from statistics import quantiles
from typing import NamedTuple

DETAIL = " ["
"""Begins what a fault says beyond the label that it names."""

RESAMPLES = 1_000
SEED = 20261122


class Kind(StrEnum):
    """What is asked of a metric: that no further label breaks, or that none ever does."""

    RATE = "rate"
    ZERO = "zero"


class Unit(NamedTuple):
    """One case: of how many things it consists and how many of them came out as they should.

    Cases are drawn as a whole in the bootstrap, since what lies in one case is no independent
    evidence.
    """

    good: float
    of: float


class Interval(NamedTuple):
    """The middle 95 % of what resampled cases give."""

    low: float
    high: float


@dataclass(frozen=True)
class Metric:
    """One figure of one suite on one engine. `faults` names every single thing that went wrong.

    Each is a label, what stands in brackets behind it left aside (`label_of`). They name cases,
    concepts and moves, and hold no words of anybody. What is `local` is measured only where its
    cases lie, and is part of no baseline.
    """

    suite: str
    engine: str
    what: str
    kind: Kind
    units: tuple[Unit, ...]
    faults: tuple[str, ...] = ()
    local: bool = False

    @property
    def name(self) -> str:
        """The metric's address in the baseline."""
        return f"{self.engine}/{self.suite}/{self.what}"

    @property
    def of(self) -> float:
        """How many things were looked at."""
        return sum(unit.of for unit in self.units)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that are broken, in order."""
        return tuple(sorted(map(label_of, self.faults)))

    @property
    def value(self) -> float:
        """The rate, or the number of faults."""
        if self.kind is Kind.ZERO:
            return float(len(self.faults))
        return _rate(self.units)

    def interval(self) -> Interval | None:
        """The interval of a rate; None for a count and where fewer than two cases hold anything."""
        units = [unit for unit in self.units if unit.of]
        if self.kind is Kind.ZERO or len(units) < 2:
            return None
        chance = Random(SEED)  # noqa: S311 - the same draws each time are the point
        drawn = [_rate(chance.choices(units, k=len(units))) for _ in range(RESAMPLES)]
        cuts = quantiles(drawn, n=40, method="inclusive")
        return Interval(cuts[0], cuts[-1])


def label_of(fault: str) -> str:
    """What is broken, without how."""
    return fault.partition(DETAIL)[0]


class Checked(NamedTuple):
    """A case with what was looked at in it and the faults that were found."""

    of: int
    faults: tuple[str, ...]


def rate(suite: str, engine: str, what: str, cases: Iterable[Checked]) -> Metric:
    """The share of things without a fault."""
    return _metric(Kind.RATE, suite, engine, what, tuple(cases))


def none_of(suite: str, engine: str, what: str, cases: Iterable[Checked]) -> Metric:
    """The number of faults, of which there may be none."""
    return _metric(Kind.ZERO, suite, engine, what, tuple(cases))


def _metric(kind: Kind, suite: str, engine: str, what: str, cases: tuple[Checked, ...]) -> Metric:
    units = tuple(Unit(case.of - len(case.faults), case.of) for case in cases)
    faults = tuple(fault for case in cases for fault in case.faults)
    return Metric(suite, engine, what, kind, units, faults)


def _rate(units: Sequence[Unit]) -> float:
    """Nothing of nothing is no good figure."""
    total = sum(unit.of for unit in units)
    return sum(unit.good for unit in units) / total if total else 0.0
