"""One shape for every kind of round, so that neither policy nor scoring knows the difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from scenarios.model import (
    Anchors,
    BoardExpectation,
    Concept,
    CostModel,
    Curveball,
    DesignStage,
    Fact,
    GlossaryTerm,
    Level,
    Question,
    RedFlag,
    RoundKind,
    Scenario,
    StageContent,
    StoryPrompt,
    StoryStage,
    Topic,
)


@dataclass(frozen=True)
class StagePlan:
    """One stage of a round: `share` is its part of the round's time, shares add up to 1."""

    name: str
    title: str
    opening: str
    share: float
    concepts: tuple[Concept, ...]
    red_flags: tuple[RedFlag, ...] = ()
    anchors: Anchors | None = None


@dataclass(frozen=True)
class RoundPlan:
    """Everything about a round that does not depend on the candidate.

    `item` is the scenario's or prompt's id, for a drill the question ids joined by `+`.
    `minutes` is the default length. Concept ids are unique within a stage only, so concepts are
    addressed by `key(stage, concept id)`.
    """

    kind: RoundKind
    item: str
    title: str
    brief: str
    level: Level
    minutes: float
    stages: tuple[StagePlan, ...]
    facts: tuple[Fact, ...] = ()
    curveball: Curveball | None = None
    board: BoardExpectation = field(default_factory=BoardExpectation)
    cost: CostModel | None = None
    glossary: tuple[GlossaryTerm, ...] = ()

    def stage(self, name: str) -> StagePlan:
        """The stage called `name`; KeyError if the round has none."""
        for stage in self.stages:
            if stage.name == name:
                return stage
        raise KeyError(f"round {self.item!r} has no stage {name!r}")

    def concepts(self) -> Iterator[tuple[str, Concept]]:
        """Every concept with its key, in stage order; the curveball's come last."""
        for stage in self.stages:
            for concept in stage.concepts:
                yield key(stage.name, concept.id), concept
        if self.curveball is not None:
            for concept in self.curveball.concepts:
                yield key(CURVEBALL, concept.id), concept


CURVEBALL = "curveball"
"""The pseudo-stage under which the curveball's own concepts are kept."""


def key(stage: str, concept_id: str) -> str:
    """The address of a concept within a round, `stage/concept-id`."""
    return f"{stage}/{concept_id}"


_TOPIC_TITLES = {Topic.RAG: "RAG", Topic.MLOPS: "MLOps"}
"""Topics whose name is no plain word."""

_STAGE_TITLES = {
    DesignStage.SCOPE: "Scope",
    DesignStage.LOOP: "Loop",
    DesignStage.MODELS: "Models",
    DesignStage.EVALS: "Evals",
    DesignStage.TRUST_BOUNDARY: "Trust boundary",
    DesignStage.OPERATIONS: "Operations",
    StoryStage.SITUATION: "Situation",
    StoryStage.DECISION: "Decision",
    StoryStage.ACTION: "Action",
    StoryStage.OUTCOME: "Outcome",
    StoryStage.LEARNING: "Learning",
}


def design_round(scenario: Scenario) -> RoundPlan:
    """The scenario as a round, its stages in the fixed order."""
    return RoundPlan(
        kind=RoundKind.DESIGN,
        item=scenario.id,
        title=scenario.title,
        brief=scenario.brief,
        level=scenario.level,
        minutes=scenario.minutes,
        stages=tuple(_stages(scenario.stages, DesignStage)),
        facts=scenario.facts,
        curveball=scenario.curveball,
        board=scenario.board,
        cost=scenario.cost,
        glossary=scenario.glossary,
    )


def story_round(prompt: StoryPrompt) -> RoundPlan:
    """The story prompt as a round."""
    return RoundPlan(
        kind=RoundKind.BEHAVIOURAL,
        item=prompt.id,
        title=prompt.title,
        brief=prompt.ask,
        level=prompt.level,
        minutes=prompt.minutes,
        stages=tuple(_stages(prompt.stages, StoryStage)),
    )


def topic_title(topic: Topic) -> str:
    """The topic as a heading has it."""
    return _TOPIC_TITLES.get(topic, topic.value.capitalize())


def _topic_in_title(question: Question) -> str:
    return _TOPIC_TITLES.get(question.topic, question.topic.value)


def drill_round(questions: Sequence[Question]) -> RoundPlan:
    """A list of questions as a round with one stage each, timed by the questions' own minutes."""
    if not questions:
        raise ValueError("a drill needs at least one question")
    total = sum(question.minutes for question in questions)
    stages = tuple(
        StagePlan(
            name=question.id,
            title=topic_title(question.topic),
            opening=question.ask,
            share=question.minutes / total,
            concepts=question.concepts,
            red_flags=question.red_flags,
        )
        for question in questions
    )
    return RoundPlan(
        kind=RoundKind.DRILL,
        item="+".join(question.id for question in questions),
        title=f"Questions on {', '.join(dict.fromkeys(map(_topic_in_title, questions)))}",
        brief="",
        level=max((question.level for question in questions), key=list(Level).index),
        minutes=total,
        stages=stages,
        glossary=tuple(term for question in questions for term in question.glossary),
    )


Name = TypeVar("Name", DesignStage, StoryStage)


def _stages(contents: Mapping[Name, StageContent], order: type[Name]) -> Iterator[StagePlan]:
    present = [name for name in order if name in contents]
    total = sum(contents[name].share for name in present)
    for name in present:
        content = contents[name]
        yield StagePlan(
            name=name.value,
            title=_STAGE_TITLES[name],
            opening=content.opening,
            share=content.share / total,
            concepts=content.concepts,
            red_flags=content.red_flags,
            anchors=content.anchors,
        )
