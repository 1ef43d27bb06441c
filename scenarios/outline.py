"""Where everything stands in an item: its concepts and its spoken sentences, each with its place.

A place is the path of keys and indices in the YAML file, so that the linter can name the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from scenarios.documents import Loc
from scenarios.model import Concept, Question, RedFlag, Scenario, StoryPrompt
from scenarios.rounds import CURVEBALL, key

RoundItem: TypeAlias = Scenario | Question | StoryPrompt


@dataclass(frozen=True)
class Group:
    """The concepts and red flags of one stage, of a question, or of the curveball."""

    loc: Loc
    stage: str
    concepts: tuple[Concept, ...]
    red_flags: tuple[RedFlag, ...] = ()


class PlacedConcept(NamedTuple):
    """A concept with its key in the round and its place in the file."""

    loc: Loc
    key: str
    concept: Concept


class PlacedText(NamedTuple):
    """A sentence with its place in the file."""

    loc: Loc
    text: str


def groups(item: RoundItem) -> Iterator[Group]:
    """The groups of concepts in the item, the curveball's last."""
    if isinstance(item, Question):
        yield Group((), item.id, item.concepts, item.red_flags)
        return
    for name, content in item.stages.items():
        yield Group(("stages", name.value), name.value, content.concepts, content.red_flags)
    if isinstance(item, Scenario) and item.curveball is not None:
        yield Group(("curveball",), CURVEBALL, item.curveball.concepts)


def placed_concepts(item: RoundItem) -> Iterator[PlacedConcept]:
    """Every concept of the item."""
    for group in groups(item):
        for index, concept in enumerate(group.concepts):
            loc = (*group.loc, "concepts", index)
            yield PlacedConcept(loc, key(group.stage, concept.id), concept)


def red_flags(item: RoundItem) -> Iterator[tuple[Loc, RedFlag]]:
    """Every red flag of the item."""
    for group in groups(item):
        for index, flag in enumerate(group.red_flags):
            yield (*group.loc, "red_flags", index), flag


def openings(item: RoundItem) -> Iterator[PlacedText]:
    """What is said before the candidate has answered: brief or ask, stage openings, curveball."""
    if isinstance(item, Scenario):
        yield PlacedText(("brief",), item.brief)
    else:
        yield PlacedText(("ask",), item.ask)
    if isinstance(item, Question):
        return
    for name, content in item.stages.items():
        yield PlacedText(("stages", name.value, "opening"), content.opening)
    if isinstance(item, Scenario) and item.curveball is not None:
        yield PlacedText(("curveball", "text"), item.curveball.text)


def probes(item: RoundItem) -> Iterator[PlacedText]:
    """Every follow-up question of the item: on concepts, contradictions, red flags, the board."""
    for loc, _, concept in placed_concepts(item):
        for index, text in enumerate(concept.probes):
            yield PlacedText((*loc, "probes", index), text)
        for index, contradiction in enumerate(concept.contradictions):
            yield PlacedText((*loc, "contradictions", index, "probe"), contradiction.probe)
    for loc, flag in red_flags(item):
        yield PlacedText((*loc, "probe"), flag.probe)
    if isinstance(item, Scenario):
        yield from _board_probes(item)


def hints(item: RoundItem) -> Iterator[PlacedText]:
    """Every hint of the item."""
    for loc, _, concept in placed_concepts(item):
        yield PlacedText((*loc, "hint"), concept.hint)


def sentences(item: RoundItem) -> Iterator[PlacedText]:
    """All sentences of the item that are said or compared with what is said.

    The first opening, brief or ask, is left out: a story's first stage opens with it again.
    """
    yield from list(openings(item))[1:]
    yield from probes(item)
    yield from hints(item)
    for loc, _, concept in placed_concepts(item):
        yield from _listed((*loc, "phrasings"), concept.phrasings)
        yield from _listed((*loc, "near_misses"), concept.near_misses)
        for index, contradiction in enumerate(concept.contradictions):
            yield PlacedText((*loc, "contradictions", index, "example"), contradiction.example)
    for loc, flag in red_flags(item):
        yield from _listed((*loc, "examples"), flag.examples)
        yield from _listed((*loc, "near_misses"), flag.near_misses)
    if isinstance(item, Scenario):
        for index, fact in enumerate(item.facts):
            yield PlacedText(("facts", index, "answer"), fact.answer)
            yield from _listed(("facts", index, "example_questions"), fact.example_questions)


def _board_probes(scenario: Scenario) -> Iterator[PlacedText]:
    board = scenario.board
    for name, parts in (
        ("components", board.components),
        ("edges", board.edges),
        ("forbidden", board.forbidden),
        ("zones", board.zones),
    ):
        for index, part in enumerate(parts):
            yield PlacedText(("board", name, index, "probe"), part.probe)


def _listed(loc: Loc, texts: tuple[str, ...]) -> Iterator[PlacedText]:
    for index, text in enumerate(texts):
        yield PlacedText((*loc, index), text)
