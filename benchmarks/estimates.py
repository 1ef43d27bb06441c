"""Figures from counts and sums, with bootstrap intervals over whole groups of rows.

Rows about one document or one question are alike, so groups and not rows are resampled. A group is
reduced to its counts or sums first, which makes a thousand resamples quick.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean, quantiles
from typing import NamedTuple, TypeVar

SEED = 20261121
RESAMPLES = 1_000

Group = TypeVar("Group")


class Estimate(NamedTuple):
    """A figure with its 95 % interval; None where it is not defined.

    `low` and `high` are also None where a resample has no value.
    """

    value: float | None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        """Three digits, the interval in brackets."""
        if self.value is None:
            return "not defined"
        if self.low is None:
            return f"{self.value:.3f}"
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def estimate(
    groups: Sequence[Group], figure: Callable[[Sequence[Group]], float | None]
) -> Estimate:
    """The figure of the groups, with the middle 95 % of those of resampled groups."""
    value = figure(groups)
    if value is None:
        return Estimate(None)
    chance = random.Random(SEED)
    drawn = [figure(chance.choices(groups, k=len(groups))) for _ in range(RESAMPLES)]
    defined = [one for one in drawn if one is not None]
    if len(defined) < RESAMPLES:
        return Estimate(value)
    cuts = quantiles(defined, n=40, method="inclusive")
    return Estimate(value, cuts[0], cuts[-1])


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


class Counts(NamedTuple):
    """Decisions against what is true: `tp` called present and present, `fn` missed, and so on."""

    tp: int = 0
    fp: int = 0
    fn: int = 0
    tn: int = 0

    @property
    def total(self) -> int:
        """Decisions."""
        return sum(self)

    def counting(self, *, called: bool, present: bool) -> Counts:
        """The same and one decision more."""
        tp, fp, fn, tn = self
        if called:
            return Counts(tp + present, fp + (not present), fn, tn)
        return Counts(tp, fp, fn + present, tn + (not present))


def added(counts: Iterable[Counts]) -> Counts:
    """The sum of the counts."""
    return Counts(*map(sum, zip(Counts(), *counts, strict=True)))


def precision(counts: Counts) -> float | None:
    """The part of what is called present that is."""
    return _share(counts.tp, counts.tp + counts.fp)


def recall(counts: Counts) -> float | None:
    """The part of what is present that is called so."""
    return _share(counts.tp, counts.tp + counts.fn)


def f1(counts: Counts) -> float | None:
    """The harmonic mean of precision and recall."""
    return _share(2 * counts.tp, 2 * counts.tp + counts.fp + counts.fn)


def accuracy(counts: Counts) -> float | None:
    """The part of the decisions that is right."""
    return _share(counts.tp + counts.tn, counts.total)


def kappa(counts: Counts) -> float | None:
    """Cohen's kappa, from counts; `scoring.agreement.cohen_kappa` takes single ratings."""
    tp, fp, fn, tn = counts
    wrong_by_chance = (tp + fp) * (fp + tn) + (fn + tn) * (tp + fn)
    return 1 - (fp + fn) * counts.total / wrong_by_chance if wrong_by_chance else None


class Sums(NamedTuple):
    """What a correlation of pairs needs of them."""

    pairs: float = 0.0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0


def sums(pairs: Iterable[tuple[float, float]]) -> Sums:
    """The sums of the pairs."""
    rows = [(1.0, x, y, x * x, y * y, x * y) for x, y in pairs]
    return Sums(*map(math.fsum, zip(*rows, strict=True))) if rows else Sums()


_ROUNDING = 1e-9
"""Part of a sum of squares up to which a variance is taken for the rounding of none."""


def pearson(of: Sums) -> float | None:
    """Pearson's r; None where one side does not vary."""
    varying_x = of.pairs * of.xx - of.x * of.x
    varying_y = of.pairs * of.yy - of.y * of.y
    if varying_x <= _ROUNDING * of.pairs * of.xx or varying_y <= _ROUNDING * of.pairs * of.yy:
        return None
    return (of.pairs * of.xy - of.x * of.y) / math.sqrt(varying_x * varying_y)


def within(groups: Sequence[Sums]) -> float | None:
    """The mean of the groups' own r; 0 for a group where one side does not vary."""
    return fmean(pearson(one) or 0.0 for one in groups) if groups else None


def pooled(groups: Sequence[Sums]) -> float | None:
    """The r of all pairs together."""
    return pearson(Sums(*map(math.fsum, zip(Sums(), *groups, strict=True))))
