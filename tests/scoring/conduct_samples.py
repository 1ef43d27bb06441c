"""Sentences of interviewers with the answers that they follow, and lines of the shipped packs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from scenarios.load import Library, builtin_packs_folder, load_library
from scenarios.model import Concept, Plan
from scenarios.rounds import RoundPlan
from scoring.conduct import Known

FOLDER = Path(__file__).parent / "conduct"
NONCE = "ab12"


class Line(NamedTuple):
    """A sentence of a pack with the kind of move that says it, and an answer to go before it."""

    move: str
    text: str
    answer: str


@cache
def library() -> Library:
    return load_library(builtin_packs_folder())


@cache
def plans() -> tuple[RoundPlan, ...]:
    return tuple(library().round_for(item.id) for item in library() if not isinstance(item, Plan))


def sentences(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))


@cache
def known_after(answer: str) -> Known:
    """What is known once the answer of that name in `answers.yaml` was given."""
    held = sentences("answers")[answer]
    plan = library().round_for(held["item"])
    facts = {fact.id: fact.answer for fact in plan.facts}
    return Known(
        plan=plan,
        move=held["move"],
        line=dict(plan.concepts())[held["aims_at"]].probes[0],
        concept=held["aims_at"],
        candidate=tuple(held["said"]),
        board=tuple(held.get("board", ())),
        given=tuple(facts[fact] for fact in held.get("given", ())),
        asked=tuple(held["asked"]),
        secrets=(NONCE,),
    )


def lines_of(plan: RoundPlan) -> Iterator[Line]:
    """Every question and hint of the round."""
    for _, concept in plan.concepts():
        yield from _lines_of(concept)
    for stage in plan.stages:
        for flag in stage.red_flags:
            yield Line("red_flag_probe", flag.probe, flag.examples[0])
    board = plan.board
    for part in (*board.components, *board.edges, *board.forbidden, *board.zones):
        yield Line("board_probe", part.probe, "I have drawn it.")


def _lines_of(concept: Concept) -> Iterator[Line]:
    for probe in concept.probes:
        yield Line("probe", probe, concept.phrasings[0])
    for one in concept.contradictions:
        yield Line("contradiction_probe", one.probe, one.example)
    yield Line("hint", concept.hint, concept.near_misses[0])
