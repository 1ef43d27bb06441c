"""Whole rounds graded, held against a careful reader's verdicts."""

import pytest

from benchmarks.examples import Example, examples
from scenarios.load import builtin_packs_folder, load_library


@pytest.fixture(scope="module")
def graded() -> dict[str, Example]:
    return {one.name: one for one in examples(load_library(builtin_packs_folder()))}


@pytest.mark.parametrize(
    ("name", "false_hits", "share_found", "quotes"),
    [("junior", 0, 0.93, 20), ("mid", 0, 0.96, 29), ("senior", 0, 0.91, 22)],
)
def test_the_card_keeps_its_agreement_with_the_reader(
    graded: dict[str, Example], name: str, false_hits: int, share_found: float, quotes: int
) -> None:
    """What the reader calls absent is no hit, most of what is shown is found and well quoted."""
    example = graded[name]
    tally = example.tally()
    assert tally["fp"] <= false_hits
    assert tally["tp"] >= share_found * (tally["tp"] + tally["fn"])
    assert example.quotes()[0] >= quotes
    assert example.wrongly_contradicted() == 0


@pytest.mark.parametrize(("name", "off"), [("junior", 2), ("mid", 3), ("senior", 2)])
def test_ratings_stay_near_the_readers(graded: dict[str, Example], name: str, off: int) -> None:
    """At most so many stages are rated otherwise."""
    example = graded[name]
    differing = [one.name for one in example.stages if one.rating != example.ratings[one.name]]
    assert len(differing) <= off, differing


def test_correct_sums_per_million_tokens_are_not_called_wrong(graded: dict[str, Example]) -> None:
    """The senior's sums are right, whether or not they can be read."""
    report = graded["senior"].card.rounds[0].arithmetic
    assert report is not None
    assert {one.outcome.value for one in report.checks} <= {"checked_ok", "not_checkable"}
