"""Rates, counts and their intervals."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import Checked, none_of, rate


def test_a_rate_is_the_share_of_things_without_a_fault() -> None:
    """Things of all cases count alike, whatever their case."""
    metric = rate("suite", "engine", "what", [Checked(3, ("a",)), Checked(1, ())])

    assert metric.value == 0.75
    assert metric.of == 4
    assert metric.name == "engine/suite/what"


def test_a_count_is_the_number_of_faults() -> None:
    """What must never happen is counted, not averaged, and has no interval."""
    metric = none_of("suite", "engine", "what", [Checked(30, ("a", "b")), Checked(9, ("c",))])

    assert metric.value == 3
    assert metric.interval() is None


def test_the_interval_widens_where_cases_differ() -> None:
    """Whole cases are drawn: ten that agree leave no doubt, ten that split leave much."""
    same = rate("s", "e", "w", [Checked(4, ("x",))] * 10)
    split = rate("s", "e", "w", [Checked(4, ())] * 5 + [Checked(4, ("x",) * 4)] * 5)

    steady, wide = same.interval(), split.interval()

    assert steady is not None
    assert wide is not None
    assert steady.high - steady.low == 0
    assert wide.low < 0.4
    assert wide.high > 0.6


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=2, max_size=8))
def test_the_interval_is_the_same_each_time_and_holds_the_value(
    cases: list[tuple[int, int]],
) -> None:
    """The draws are seeded, and a rate stays between 0 and 1."""
    checked = [Checked(of, ("x",) * min(of, bad)) for of, bad in cases]
    metric = rate("s", "e", "w", checked)
    interval = metric.interval()

    assert interval is not None
    assert interval == rate("s", "e", "w", checked).interval()
    assert 0 <= interval.low <= interval.high <= 1


def test_a_rate_of_nothing_has_no_interval() -> None:
    """One case says nothing about how much cases differ."""
    assert rate("s", "e", "w", [Checked(5, ())]).interval() is None
