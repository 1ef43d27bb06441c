"""Every kind of content becomes one shape of round."""

import pytest
import scenario_samples as samples

from scenarios.model import DesignStage, Level, Question, RoundKind, Scenario, StoryPrompt
from scenarios.rounds import CURVEBALL, design_round, drill_round, key, story_round


def test_a_design_round_takes_the_stages_in_their_order() -> None:
    """The order in the file does not matter."""
    values = samples.scenario()
    values["stages"] = dict(reversed(values["stages"].items()))

    plan = design_round(Scenario.model_validate(values))

    assert [stage.name for stage in plan.stages] == [name.value for name in DesignStage]
    assert plan.kind is RoundKind.DESIGN


def test_shares_add_up_to_one() -> None:
    """Rounded shares in a file are levelled out."""
    plan = story_round(StoryPrompt.model_validate(samples.story()))

    assert sum(stage.share for stage in plan.stages) == pytest.approx(1)


def test_concepts_come_with_their_keys_and_the_curveball_last() -> None:
    """Concepts are addressed by stage and id."""
    plan = design_round(Scenario.model_validate(samples.scenario()))

    keys = [name for name, _ in plan.concepts()]

    assert keys[0] == "scope/aconcept"
    assert keys[-1] == key(CURVEBALL, "zconcept")
    assert len(keys) == 7


def test_a_drill_is_timed_by_its_questions() -> None:
    """Each question is a stage with its part of the time; the level is the highest asked."""
    short = Question.model_validate(samples.question("short") | {"minutes": 1})
    long = Question.model_validate(samples.question("long") | {"minutes": 3, "level": "senior"})

    plan = drill_round([short, long])

    assert plan.item == "short+long"
    assert plan.minutes == 4
    assert [stage.share for stage in plan.stages] == [0.25, 0.75]
    assert plan.level is Level.SENIOR


def test_a_drill_needs_a_question() -> None:
    """An empty drill is refused by name."""
    with pytest.raises(ValueError, match="at least one question"):
        drill_round([])


def test_an_unknown_stage_is_named() -> None:
    """A wrong stage name says which round lacks it."""
    plan = story_round(StoryPrompt.model_validate(samples.story()))

    with pytest.raises(KeyError, match=r"sample-story.*ending"):
        plan.stage("ending")
