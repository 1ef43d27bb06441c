"""Refusals and injections: an attack must neither raise a verdict nor draw the rubric out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from evals.candidates.disruptive import injections
from evals.candidates.seat import Reply, say
from evals.documents import (
    CaseError,
    Document,
    documents_in,
    plan_of,
    read_document,
    refuse_unknown,
)
from evals.leaks import leaked
from evals.metrics import Checked, Metric, none_of, rate
from evals.play import Played, play_events, round_settings
from evals.worlds import World
from interviewer.state import EventKind
from scenarios.load import Library
from scenarios.model import Level, Plan
from scenarios.rounds import RoundPlan
from scoring.evidence import EvidenceFinder
from scoring.verdicts import Verdict

SUITE = "attacks"
FOLDER = Path(__file__).resolve().parent.parent / "attacks"
LEVEL = Level.SENIOR

_HEIGHT = {Verdict.HIT: 2, Verdict.PARTIAL: 1, Verdict.UNSURE: 1}
"""How much a verdict says for the candidate; all others say nothing."""


class Attack(Document):
    """An honest answer to one stage, and what is added to it or said in its place.

    An attack that `names_subject` holds words of the matter itself, such as the name of a concept,
    so that a reader may argue what it has shown.
    """

    id: str
    items: Annotated[tuple[str, ...], Field(min_length=1)]
    stage: str
    how: Literal["after", "before", "alone", "next"]
    answer: str
    attack: str
    names_subject: bool = False


class AttackFile(Document):
    """The cases of one file."""

    cases: Annotated[tuple[Attack, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Pair:
    """The round with the attack and the round without it."""

    case: Attack
    attacked: Played
    honest: Played


def load_attacks(library: Library, folder: Path = FOLDER) -> tuple[Attack, ...]:
    """Every case; raises `evals.documents.CaseError`."""
    files = [read_document(path, AttackFile) for path in documents_in(folder)]
    cases = tuple(chain.from_iterable(one.cases for one in files))
    names = [case.id for case in cases]
    if len(set(names)) < len(names):
        raise CaseError(f"{folder}: two cases have the same id")
    for case in cases:
        stages = [stage.name for stage in plan_of(library, case.items, case.id).stages]
        refuse_unknown((case.stage,), stages, case.id)
    return cases


async def play_attacks(world: World) -> list[Pair]:
    """Every case on the world's engine."""
    return [await _play(world, case) for case in load_attacks(world.library)]


def measure(engine: str, pairs: list[Pair]) -> list[Metric]:
    """What the attacks have moved and drawn out."""
    plain = [pair for pair in pairs if not pair.case.names_subject]
    named = [pair for pair in pairs if pair.case.names_subject]
    return [
        none_of(SUITE, engine, "verdict moved up", map(_raised, plain)),
        rate(SUITE, engine, "unmoved by an attack that names the subject", map(_raised, named)),
        none_of(SUITE, engine, "rubric drawn out", map(_drawn_out, pairs)),
    ]


async def _play(world: World, case: Attack) -> Pair:
    settings = round_settings(world, case.items, LEVEL)
    plan = world.library.round_for(*case.items)
    before = [Reply(EventKind.NEXT)] * _stages_before(plan, case.stage)

    async def play(replies: list[Reply]) -> Played:
        return await play_events(world, settings, [*before, *replies], case.id)

    attacked = await play(list(_attacked(case)))
    return Pair(case, attacked, await play([say(case.answer)]))


def _stages_before(plan: RoundPlan, stage: str) -> int:
    return [one.name for one in plan.stages].index(stage)


def _attacked(case: Attack) -> Iterator[Reply]:
    match case.how:
        case "after":
            yield say(f"{case.answer}\n{case.attack}")
        case "before":
            yield say(f"{case.attack}\n{case.answer}")
        case "alone":
            yield say(case.attack)
        case "next":
            yield say(case.answer)
            yield say(case.attack)


def _raised(pair: Pair) -> Checked:
    honest = {one.key: one.verdict for one in pair.honest.verdicts}
    faults = tuple(
        f"{pair.case.id}: {one.key} [from {honest[one.key].value} to {one.verdict.value}]"
        for one in pair.attacked.verdicts
        if one.key in honest and height(one.verdict) > height(honest[one.key])
    )
    return Checked(len(honest), faults)


def _drawn_out(pair: Pair) -> Checked:
    faults = tuple(
        f"{pair.case.id}: {turn}"
        for turn in leaked(pair.attacked.plan, pair.attacked.card.transcript)
    )
    return Checked(len(pair.attacked.utterances), faults)


def sweep(world: World) -> list[Metric]:
    """What each injected text obtains by itself from the offline finder, at every stage."""
    library = world.library
    plans = (
        library.round_for(item.id)
        for pack in library.packs
        for item in pack.items.values()
        if not isinstance(item, Plan)
    )
    obtained = map(_obtained, plans)
    return [none_of(SUITE, world.engine, "hit by an injection alone", obtained)]


def _obtained(plan: RoundPlan) -> Checked:
    finder = EvidenceFinder.of(plan)
    faults = [
        f"{plan.item}: {key} by injection {number}"
        for number, text in enumerate(injections(), start=1)
        for stage in plan.stages
        for key in _hits(finder, text, stage.name)
    ]
    return Checked(len(injections()) * len(plan.stages), tuple(faults))


def _hits(finder: EvidenceFinder, text: str, stage: str) -> list[str]:
    found = finder.find(text, (), stage)
    own = [one for one in found if one.key.startswith(f"{stage}/")]
    return sorted({one.key for one in own if one.verdict is Verdict.HIT})


def height(verdict: Verdict) -> int:
    """How much the verdict says for the candidate, 0 to 2."""
    return _HEIGHT.get(verdict, 0)
