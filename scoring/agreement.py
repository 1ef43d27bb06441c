"""How far raters agree: Krippendorff's alpha, Cohen's kappa, mean bias, each with its interval.

A table holds ratings by rater and unit; a rating that is missing is left out of it. Nothing here
says what a good value is: for alpha .80 is widely called firm and .667 tentative, and with few
units the interval is so wide that the value alone says nothing. So a result carries its number of
common units, and under `FEWEST_UNITS` of them it is too few to say.

Sources: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), whose example is
among the tests; J. Cohen, "A coefficient of agreement for nominal scales" (1960) and "Weighted
kappa" (1968). Intervals are percentiles of a bootstrap over units.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, permutations
from statistics import fmean, quantiles
from typing import NamedTuple, TypeVar

FEWEST_UNITS = 20
"""Common units below which a value is too few to say: the interval of alpha is some .4 wide."""

RESAMPLES = 1_000
SEED = 2011
MOST_UNDEFINED = 0.05
"""Share of resamples without a value from which there is no interval."""

Ratings = Mapping[str, Mapping[str, float]]
"""Ratings by rater and by unit. Labels without order are numbered."""


class Scale(StrEnum):
    """What two ratings that differ have between them."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


class Weighting(StrEnum):
    """How a disagreement counts in kappa: all alike, or by the square of the distance."""

    NONE = "none"
    QUADRATIC = "quadratic"


@dataclass(frozen=True)
class Agreement:
    """A coefficient with its 95 % interval, over `units` that were rated in common.

    `value` is None where it is not defined: nothing was rated in common, or chance alone explains
    everything, as where all ratings are the same. `low` and `high` are None where too many
    resamples have no value.
    """

    value: float | None
    low: float | None
    high: float | None
    units: int

    @property
    def too_few(self) -> bool:
        """Whether there are too few units to say anything."""
        return self.units < FEWEST_UNITS

    def __str__(self) -> str:
        """In words, with the interval."""
        if self.value is None:
            return f"not defined ({self.units} in common)"
        spread = "" if self.low is None else f", 95 % interval {self.low:.2f} to {self.high:.2f}"
        small = ", too few to say" if self.too_few else ""
        return f"{self.value:.2f} ({self.units} in common{spread}{small})"


def krippendorff_alpha(
    ratings: Ratings, scale: Scale, *, resamples: int = RESAMPLES, seed: int = SEED
) -> Agreement:
    """Alpha of any number of raters: 1 is perfect, 0 is chance, below 0 systematic disagreement.

    With the coincidences `o(c, k)`, the sum over units of ordered pairs of ratings c and k by
    different raters divided by the unit's ratings less one, their margins `n(c)` and total `n`:
    `alpha = 1 - (n - 1) * sum(o(c, k) * d(c, k)) / sum(n(c) * n(k) * d(c, k))`. The squared
    distance `d` is 1 between unlike labels, `(c - k) ** 2` on an interval scale, and on an ordinal
    one the square of the ratings from c to k with half of those at c and at k. A unit with a single
    rating says nothing and is left out.
    """
    units = [_coincidences(values) for values in _by_unit(ratings) if len(values) > 1]
    return _bootstrapped(lambda drawn: _alpha(drawn, scale), units, resamples, seed)


def cohen_kappa(
    left: Mapping[str, float],
    right: Mapping[str, float],
    weighting: Weighting,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Agreement:
    """Kappa of two raters over the units that both rated.

    `kappa = 1 - sum(w(i, j) * o(i, j)) / sum(w(i, j) * e(i, j))` over observed and by chance
    expected shares of the pairs of ratings. The weight `w` is 1 off the diagonal, or
    `(i - j) ** 2`.
    """
    pairs = [(left[unit], right[unit]) for unit in sorted(left.keys() & right.keys())]
    _refuse_non_numbers(value for pair in pairs for value in pair)
    return _bootstrapped(lambda drawn: _kappa(drawn, weighting), pairs, resamples, seed)


def mean_bias(
    ratings: Ratings, rater: str, *, resamples: int = RESAMPLES, seed: int = SEED
) -> Agreement:
    """How much higher the rater rates than the mean of the others; below 0 is stricter.

    In steps of the scale, over the units that somebody else rated as well. KeyError for a rater
    who is not in the table.
    """
    own = ratings[rater]
    _refuse_non_numbers(value for rated in ratings.values() for value in rated.values())
    others = [rated for name, rated in sorted(ratings.items()) if name != rater]
    differences: list[float] = []
    for unit in sorted(own):
        said = [rated[unit] for rated in others if unit in rated]
        if said:
            differences.append(own[unit] - fmean(said))
    return _bootstrapped(_mean, differences, resamples, seed)


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None


class _Pair(NamedTuple):
    """Two ratings, the lower one first."""

    low: float
    high: float


_Coincidences = dict[_Pair, float]
"""How often two ratings met; each ordered pair counts, so unlike ones count for both orders."""


def _by_unit(ratings: Ratings) -> list[list[float]]:
    """The ratings of each unit, sorted, so that the order of the raters plays no part."""
    units = sorted({unit for rated in ratings.values() for unit in rated})
    found = [sorted(rated[unit] for rated in ratings.values() if unit in rated) for unit in units]
    _refuse_non_numbers(value for values in found for value in values)
    return found


def _coincidences(values: Sequence[float]) -> _Coincidences:
    met: _Coincidences = {}
    share = 1 / (len(values) - 1)
    for one, other in permutations(values, 2):
        pair = _Pair(min(one, other), max(one, other))
        met[pair] = met.get(pair, 0.0) + share
    return met


def _alpha(units: Sequence[_Coincidences], scale: Scale) -> float | None:
    met: _Coincidences = {}
    for unit in units:
        for pair, share in unit.items():
            met[pair] = met.get(pair, 0.0) + share
    margins: dict[float, float] = {}
    for pair, share in met.items():
        margins[pair.low] = margins.get(pair.low, 0.0) + share / 2
        margins[pair.high] = margins.get(pair.high, 0.0) + share / 2
    distance = _distances(sorted(margins), margins, scale)
    observed = sum(share * distance[pair] for pair, share in met.items())
    expected = 2 * sum(
        margins[pair.low] * margins[pair.high] * apart for pair, apart in distance.items()
    )
    total = sum(margins.values())
    return 1 - (total - 1) * observed / expected if expected else None


def _distances(
    values: Sequence[float], margins: Mapping[float, float], scale: Scale
) -> dict[_Pair, float]:
    """The squared distance of every two values, the lower one first."""
    below = 0.0
    middles: dict[float, float] = {}
    for value in values:
        middles[value] = below + margins[value] / 2
        below += margins[value]
    apart = {_Pair(value, value): 0.0 for value in values}
    for low, high in combinations(values, 2):
        match scale:
            case Scale.NOMINAL:
                apart[_Pair(low, high)] = 1.0
            case Scale.ORDINAL:
                apart[_Pair(low, high)] = (middles[high] - middles[low]) ** 2
            case Scale.INTERVAL:
                apart[_Pair(low, high)] = (high - low) ** 2
    return apart


def _kappa(pairs: Sequence[tuple[float, float]], weighting: Weighting) -> float | None:
    if not pairs:
        return None
    lefts, rights = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    observed = sum(_weight(one, other, weighting) for one, other in pairs) / len(pairs)
    expected = (
        sum(
            lefts[one] * rights[other] * _weight(one, other, weighting)
            for one in lefts
            for other in rights
        )
        / len(pairs) ** 2
    )
    return 1 - observed / expected if expected else None


def _weight(one: float, other: float, weighting: Weighting) -> float:
    return (one - other) ** 2 if weighting is Weighting.QUADRATIC else float(one != other)


Unit = TypeVar("Unit")


def _bootstrapped(
    coefficient: Callable[[Sequence[Unit]], float | None],
    units: Sequence[Unit],
    resamples: int,
    seed: int,
) -> Agreement:
    """The coefficient of the units, with the middle 95 % of those of resampled units."""
    value = coefficient(units)
    if value is None:
        return Agreement(None, None, None, len(units))
    # Reproducible draws are the point here, not secrecy.
    chance = random.Random(seed)  # noqa: S311
    drawn = [coefficient(chance.choices(units, k=len(units))) for _ in range(resamples)]
    defined = [one for one in drawn if one is not None]
    if len(defined) < 2 or len(defined) < (1 - MOST_UNDEFINED) * resamples:
        return Agreement(value, None, None, len(units))
    cuts = quantiles(defined, n=40, method="inclusive")
    return Agreement(value, cuts[0], cuts[-1], len(units))


def _refuse_non_numbers(values: Iterable[float]) -> None:
    """A NaN would pass every comparison and end in a value that means nothing."""
    if not all(map(math.isfinite, values)):
        raise ValueError("a rating is not a finite number: leave out what is missing")
