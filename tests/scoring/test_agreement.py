"""Agreement: published and hand-made examples, the definition by brute force, and properties."""

from itertools import permutations
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.agreement import (
    FEWEST_UNITS,
    Agreement,
    Ratings,
    Scale,
    Weighting,
    cohen_kappa,
    krippendorff_alpha,
    mean_bias,
)

PUBLISHED = {
    "A": "1 2 3 3 2 1 4 1 2 . . .",
    "B": "1 2 3 3 2 2 4 1 2 5 . 3",
    "C": ". 3 3 3 2 3 4 2 2 5 1 .",
    "D": "1 2 3 3 2 4 4 1 2 5 1 .",
}
"""The example of Krippendorff (2011), section C: four observers, twelve units."""


def table(written: dict[str, str]) -> Ratings:
    return {
        rater: {f"u{at:02}": float(one) for at, one in enumerate(row.split()) if one != "."}
        for rater, row in written.items()
    }


def rated(*values: float) -> dict[str, float]:
    return {f"u{at:02}": value for at, value in enumerate(values)}


def alpha(ratings: Ratings, scale: Scale) -> float | None:
    return krippendorff_alpha(ratings, scale, resamples=0).value


def kappa(left: dict[str, float], right: dict[str, float], weighting: Weighting) -> float | None:
    return cohen_kappa(left, right, weighting, resamples=0).value


@pytest.mark.parametrize(
    ("scale", "published"),
    [(Scale.NOMINAL, 0.743), (Scale.ORDINAL, 0.815), (Scale.INTERVAL, 0.849)],
)
def test_alpha_of_the_published_example(scale: Scale, published: float) -> None:
    """The three values of the paper, over the eleven units with more than one rating."""
    found = krippendorff_alpha(table(PUBLISHED), scale)

    assert found.value == pytest.approx(published, abs=0.0005)
    assert found.units == 11
    assert found.too_few


def test_kappa_by_hand() -> None:
    """20 and 15 of 50 agree, so .70 against .50 by chance: .40; weights change nothing of two."""
    pairs = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    left, right = (rated(*side) for side in zip(*pairs, strict=True))

    assert kappa(left, right, Weighting.NONE) == pytest.approx(0.4)
    assert kappa(left, right, Weighting.QUADRATIC) == pytest.approx(0.4)


def test_weighted_kappa_by_hand() -> None:
    """Squares of 1 and 4 over 4 pairs are 1.25; by chance 1.75: 1 - 1.25 / 1.75 = 2 / 7."""
    left, right = rated(1, 2, 3, 3), rated(1, 3, 3, 1)

    assert kappa(left, right, Weighting.QUADRATIC) == pytest.approx(2 / 7)


def test_bias_by_hand() -> None:
    """Half a step above the mean of the others on one unit, half below, one above: a third."""
    ratings = {"me": rated(3, 2, 4, 4), "you": rated(2, 3, 3), "she": {"u00": 3.0, "u01": 2.0}}

    found = mean_bias(ratings, "me")

    assert found.value == pytest.approx((0.5 - 0.5 + 1) / 3)
    assert found.units == 3


def brute_alpha(ratings: Ratings, scale: Scale) -> float | None:
    """Disagreement within units over disagreement among all values, pair by pair."""
    names = sorted({unit for row in ratings.values() for unit in row})
    units = [[row[name] for row in ratings.values() if name in row] for name in names]
    units = [values for values in units if len(values) > 1]
    everything = [value for values in units for value in values]

    def apart(one: float, other: float) -> float:
        if scale is Scale.NOMINAL:
            return float(one != other)
        if scale is Scale.INTERVAL:
            return (one - other) ** 2
        low, high = sorted((one, other))
        between = sum(low <= value <= high for value in everything)
        return (between - (everything.count(low) + everything.count(high)) / 2) ** 2

    within = sum(
        apart(*pair) / (len(values) - 1) for values in units for pair in permutations(values, 2)
    )
    across = [apart(*pair) for pair in permutations(everything, 2)]
    if not sum(across):
        return None
    return 1 - (within / len(everything)) / fmean(across)


tables = st.dictionaries(
    st.sampled_from("ABCD"),
    st.dictionaries(
        st.sampled_from([f"u{at}" for at in range(8)]), st.integers(1, 4).map(float), min_size=1
    ),
    min_size=2,
)
scales = st.sampled_from(Scale)


@given(tables, scales)
def test_alpha_is_its_definition(ratings: Ratings, scale: Scale) -> None:
    """The fast sum over coincidences equals the sum over all pairs of ratings."""
    found, expected = alpha(ratings, scale), brute_alpha(ratings, scale)

    assert (found is None) == (expected is None)
    if found is not None:
        assert found == pytest.approx(expected, abs=1e-9)


@given(tables, scales, st.permutations("ABCD"))
def test_names_and_order_of_raters_play_no_part(
    ratings: Ratings, scale: Scale, names: list[str]
) -> None:
    """The same table under other names gives the same result, interval included."""
    renamed = {names["ABCD".index(rater)]: row for rater, row in reversed(ratings.items())}

    found = krippendorff_alpha(ratings, scale, resamples=20)

    assert krippendorff_alpha(renamed, scale, resamples=20) == found


@given(tables)
def test_relabelling_a_nominal_scale_changes_nothing(ratings: Ratings) -> None:
    """Labels have no order, so swapping 1 with 4 and 2 with 3 is the same table."""
    turned = {rater: {u: 5 - v for u, v in row.items()} for rater, row in ratings.items()}
    shuffled = {
        rater: {u: {1: 3, 2: 1, 3: 4, 4: 2}[int(v)] for u, v in row.items()}
        for rater, row in ratings.items()
    }

    assert alpha(shuffled, Scale.NOMINAL) == pytest.approx(alpha(ratings, Scale.NOMINAL))
    for scale in Scale:
        assert alpha(turned, scale) == pytest.approx(alpha(ratings, scale))


@given(tables)
def test_an_ordinal_scale_knows_ranks_only(ratings: Ratings) -> None:
    """Stretching the steps changes the interval value, never the ordinal one."""
    stretched = {rater: {u: v**3 for u, v in row.items()} for rater, row in ratings.items()}

    assert alpha(stretched, Scale.ORDINAL) == pytest.approx(alpha(ratings, Scale.ORDINAL))


@given(st.lists(st.integers(1, 4).map(float), min_size=2), scales)
def test_perfect_agreement_is_one_unless_nothing_varies(values: list[float], scale: Scale) -> None:
    """Equal ratings give 1; where all ratings are the same, there is no value to give."""
    ratings = {"A": rated(*values), "B": rated(*values), "C": rated(*values)}
    expected = None if len(set(values)) == 1 else 1.0
    weighting = Weighting.NONE if scale is Scale.NOMINAL else Weighting.QUADRATIC

    assert alpha(ratings, scale) == expected
    assert kappa(rated(*values), rated(*values), weighting) == expected


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1))
def test_kappa_is_the_same_from_both_sides(pairs: list[tuple[int, int]]) -> None:
    """Neither rater is the standard."""
    left, right = (rated(*map(float, side)) for side in zip(*pairs, strict=True))

    for weighting in Weighting:
        one, other = kappa(left, right, weighting), kappa(right, left, weighting)
        assert one == pytest.approx(other)
        assert one is None or one <= 1


@settings(max_examples=30)
@given(tables, scales, st.integers(0, 5))
def test_the_interval_is_reproducible(ratings: Ratings, scale: Scale, seed: int) -> None:
    """The same seed gives the same bounds, in order."""
    found = krippendorff_alpha(ratings, scale, resamples=50, seed=seed)

    assert krippendorff_alpha(ratings, scale, resamples=50, seed=seed) == found
    assert found.low is None or found.high is None or found.low <= found.high


def test_more_units_give_a_narrower_interval() -> None:
    """The same pattern repeated ten times is known better, and is enough to say."""
    left, right = rated(1, 2, 3, 4, 2, 1, 3, 4), rated(1, 2, 3, 3, 2, 2, 3, 4)
    wide = cohen_kappa(left, right, Weighting.QUADRATIC)
    many = [
        {f"{copy}{unit}": value for copy in range(10) for unit, value in side.items()}
        for side in (left, right)
    ]
    narrow = cohen_kappa(many[0], many[1], Weighting.QUADRATIC)

    assert wide.low is not None
    assert wide.high is not None
    assert narrow.low is not None
    assert narrow.high is not None
    assert narrow.value == pytest.approx(wide.value)
    assert narrow.high - narrow.low < wide.high - wide.low
    assert (wide.too_few, narrow.too_few) == (True, False)


def test_a_shaky_coefficient_has_no_interval() -> None:
    """Where one unit alone varies, a third of the resamples have no value: no bounds are given."""
    left = rated(*[1.0] * 9, 2.0)

    found = cohen_kappa(left, left, Weighting.NONE)

    assert (found.value, found.low, found.high) == (1.0, None, None)


@pytest.mark.parametrize("ratings", [{}, {"A": rated(1, 2)}, {"A": rated(1), "B": {"other": 2.0}}])
def test_nothing_in_common_has_no_value(ratings: Ratings) -> None:
    """No unit was rated twice."""
    assert krippendorff_alpha(ratings, Scale.ORDINAL) == Agreement(None, None, None, 0)
    if "A" in ratings:
        assert mean_bias(ratings, "A") == Agreement(None, None, None, 0)
    assert cohen_kappa(ratings.get("A", {}), {}, Weighting.NONE).value is None


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(bad: float) -> None:
    """A missing rating is left out, never a NaN."""
    ratings = {"A": rated(1, bad), "B": rated(1, 2)}

    for compute in (
        lambda: krippendorff_alpha(ratings, Scale.INTERVAL),
        lambda: cohen_kappa(ratings["A"], ratings["B"], Weighting.NONE),
        lambda: mean_bias(ratings, "A"),
    ):
        with pytest.raises(ValueError, match="leave out what is missing"):
            compute()


@pytest.mark.parametrize(
    ("agreement", "words"),
    [
        (
            Agreement(0.7312, 0.601, 0.849, 40),
            "0.73 (40 in common, 95 % interval 0.60 to 0.85)",
        ),
        (
            Agreement(0.7312, None, None, FEWEST_UNITS - 1),
            "0.73 (19 in common, too few to say)",
        ),
        (Agreement(None, None, None, 5), "not defined (5 in common)"),
    ],
)
def test_a_result_says_how_far_to_trust_it(agreement: Agreement, words: str) -> None:
    """Never the value alone."""
    assert str(agreement) == words
