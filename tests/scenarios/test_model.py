"""The shapes of packs: strict, frozen, ordered."""

import pytest
import scenario_samples as samples
from pydantic import ValidationError

from scenarios.model import LEVELS, Concept, Level, Scenario, level_rank
from scenarios.schema import PATH, render_schema


def test_levels_rank_from_junior_to_staff() -> None:
    """Seniority has one order, and ranks follow it."""

    assert [level_rank(level) for level in LEVELS] == [0, 1, 2, 3]
    assert level_rank(Level.JUNIOR) == 0
    assert level_rank(Level.STAFF) == 3


def test_unknown_keys_are_refused() -> None:
    """A typo is an error and not a silent loss."""
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Concept.model_validate({**samples.concept("word"), "phrasing": []})


def test_instances_cannot_change() -> None:
    """Content is shared between interviews, so nobody may write to it."""
    scenario = Scenario.model_validate(samples.scenario())

    with pytest.raises(ValidationError, match="frozen"):
        scenario.title = "other"  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("name", ["Upper", "under_score", "-edge", "edge-", "a--b", "", "a" * 65])
def test_ids_are_plain(name: str) -> None:
    """Ids stand in URLs, commands and keys joined by `/` and `+`."""
    with pytest.raises(ValidationError):
        Concept.model_validate({**samples.concept("word"), "id": name})


def test_schema_is_up_to_date() -> None:
    """`schema.json` says what the models say; `python -m scenarios.schema` renews it."""

    assert render_schema() == PATH.read_text("utf-8")
