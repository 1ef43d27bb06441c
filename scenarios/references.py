"""What holds an item together: ids, stages, shares, references, the cost sum, plans and cases.

Every check is a generator of findings, the place in the file and the reason; none of them needs
to understand a sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from math import isclose, isfinite
from typing import TypeAlias

from scenarios.documents import Loc
from scenarios.load import Item, Library
from scenarios.model import (
    CaseFile,
    CostModel,
    Curveball,
    DesignStage,
    Plan,
    PlannedRound,
    Question,
    RoundKind,
    Scenario,
    StoryPrompt,
    StoryStage,
)
from scenarios.outline import RoundItem, groups, placed_concepts

Finding: TypeAlias = tuple[Loc, str]

SHARE_TOLERANCE = 0.01
"""How far the shares of a round's stages may add up from 1."""

COST_TOLERANCE = 0.005
"""How far a stated cost may be from the recomputed one, as a part of it."""


def check_references(item: Item, library: Library) -> Iterator[Finding]:
    """Every finding of this module on one item."""
    if isinstance(item, Plan):
        yield from _check_plan(item, library)
        return
    yield from _check_ids(item)
    if isinstance(item, Question):
        return
    yield from _check_stages(item)
    if isinstance(item, Scenario):
        yield from _check_scenario(item)


def check_cases(cases: CaseFile, library: Library) -> Iterator[Finding]:
    """Cases of an unknown item, stage or concept, and concepts in both lists."""
    item = next((item for item in library if item.id == cases.item), None)
    if item is None or isinstance(item, Plan):
        yield ("item",), _unknown("item", cases.item, [item.id for item in library])
        return
    yield from _repeated(("cases",), [case.id for case in cases.cases])
    for index, case in enumerate(cases.cases):
        loc: Loc = ("cases", index)
        stages = _stages_of_case(item, case.stage)
        if not stages:
            yield (*loc, "stage"), f"`{item.id}` has no such stage: {_advise_stage(item)}"
            continue
        known = {
            one.id for group in groups(item) if group.stage in stages for one in group.concepts
        }
        for name, listed in (("shows", case.shows), ("partly", case.partly)):
            yield from _missing((*loc, name), listed, known)
        for concept_id in sorted(set(case.shows) & set(case.partly)):
            yield (*loc, "partly"), f"`{concept_id}` stands under shows as well: keep one"


def _check_ids(item: RoundItem) -> Iterator[Finding]:
    for group in groups(item):
        yield from _repeated((*group.loc, "concepts"), [one.id for one in group.concepts])
        yield from _repeated((*group.loc, "red_flags"), [one.id for one in group.red_flags])
        known = {one.id for one in group.concepts}
        for index, flag in enumerate(group.red_flags):
            loc: Loc = (*group.loc, "red_flags", index, "withdrawn_by")
            yield from _missing(loc, flag.withdrawn_by, known)
    if isinstance(item, Scenario):
        board = item.board
        yield from _repeated(("facts",), [fact.id for fact in item.facts])
        yield from _repeated(("board", "components"), [one.id for one in board.components])
        yield from _repeated(("board", "zones"), [one.id for one in board.zones])


def _check_stages(item: Scenario | StoryPrompt) -> Iterator[Finding]:
    names = DesignStage if isinstance(item, Scenario) else StoryStage
    for name in names:
        if name not in item.stages:
            yield ("stages",), f"stage `{name.value}` is missing: add it"
    total = sum(content.share for content in item.stages.values())
    if abs(total - 1) > SHARE_TOLERANCE:
        yield ("stages",), f"shares add up to {total:.3g}: make it 1"


def _check_curveball(scenario: Scenario, curveball: Curveball) -> Iterator[Finding]:
    if curveball.stage not in scenario.stages:
        yield ("curveball", "stage"), f"the scenario has no stage `{curveball.stage.value}`"
    if curveball.stage is next(iter(DesignStage)):
        yield ("curveball", "stage"), "nothing is designed yet in the first stage: take a later one"
    facts = {fact.id for fact in scenario.facts}
    for name, ids in (("facts", curveball.facts), ("replaces", curveball.replaces)):
        for fact in ids:
            if fact not in facts:
                yield ("curveball", name), f"the scenario has no fact `{fact}`"


def _check_scenario(scenario: Scenario) -> Iterator[Finding]:
    if scenario.curveball is not None:
        yield from _check_curveball(scenario, scenario.curveball)
    yield from _check_board(scenario)
    if scenario.cost is not None:
        yield from _check_cost(scenario.cost)


def _check_board(scenario: Scenario) -> Iterator[Finding]:
    board = scenario.board
    components = {part.id for part in board.components}
    concepts = {placed.concept.id for placed in placed_concepts(scenario)}
    for name, arrows in (("edges", board.edges), ("forbidden", board.forbidden)):
        for index, arrow in enumerate(arrows):
            loc: Loc = ("board", name, index)
            yield from _missing((*loc, "source"), arrow.source, components, "component")
            yield from _missing((*loc, "target"), arrow.target, components, "component")
    for index, arrow in enumerate(board.forbidden):
        loc = ("board", "forbidden", index, "unless_through")
        yield from _missing(loc, arrow.unless_through, components, "component")
    for index, zone in enumerate(board.zones):
        yield from _missing(
            ("board", "zones", index, "contains"), zone.contains, components, "component"
        )
    for name in ("components", "edges", "forbidden", "zones"):
        for index, part in enumerate(getattr(board, name)):
            if part.concept is not None:
                yield from _missing(("board", name, index, "concept"), part.concept, concepts)


def _check_cost(cost: CostModel) -> Iterator[Finding]:
    unit = 0.0
    for index, line in enumerate(cost.lines):
        loc: Loc = ("cost", "lines", index)
        if line.cached > line.input:
            yield (*loc, "cached"), "more tokens cached than there is input: it is a part of it"
        price = cost.prices.get(line.model)
        if price is None:
            yield (*loc, "model"), _unknown("price", line.model, cost.prices)
            return
        tokens = (
            (line.input - line.cached) * price.input
            + line.cached * price.cached
            + line.output * price.output
        )
        unit += line.calls * line.share * tokens / 1e6
    yield from _compare("unit_usd", cost.unit_usd, unit)
    yield from _compare("month_usd", cost.month_usd, unit * cost.units_per_month)


def _compare(name: str, stated: float, computed: float) -> Iterator[Finding]:
    agrees = isclose(stated, computed, rel_tol=COST_TOLERANCE)
    if not (agrees and isfinite(computed)):
        yield ("cost", name), f"{stated:g} stated, {computed:.6g} computed from prices and lines"


_KINDS = {
    RoundKind.DESIGN: (Scenario, "scenario"),
    RoundKind.BEHAVIOURAL: (StoryPrompt, "story prompt"),
    RoundKind.DRILL: (Question, "question"),
}


def _check_plan(plan: Plan, library: Library) -> Iterator[Finding]:
    for index, planned in enumerate(plan.rounds):
        loc: Loc = ("rounds", index, "items")
        if planned.kind is not RoundKind.DRILL and len(planned.items) > 1:
            yield loc, f"a {planned.kind.value} round is one item: make further rounds of the rest"
        yield from _check_planned(loc, planned, library)


def _check_planned(loc: Loc, planned: PlannedRound, library: Library) -> Iterator[Finding]:
    kind, name = _KINDS[planned.kind]
    fitting = {item.id for item in library if isinstance(item, kind)}
    yield from _missing(loc, planned.items, fitting, name)


def _stages_of_case(item: RoundItem, stage: DesignStage | StoryStage | None) -> set[str]:
    """The stages whose concepts a case may show; empty if the case's stage does not fit."""
    if isinstance(item, Question):
        return {item.id} if stage is None else set()
    if isinstance(item, StoryPrompt):
        return {name.value for name in item.stages if stage in {name, None}}
    found = {name.value for name in item.stages if stage is name}
    if found and item.curveball is not None and item.curveball.stage is stage:
        found.add("curveball")
    return found


def _advise_stage(item: RoundItem) -> str:
    if isinstance(item, Question):
        return "a question has none, write null"
    return f"it has {', '.join(name.value for name in item.stages)}"


def _repeated(loc: Loc, ids: Iterable[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, item_id in enumerate(ids):
        if item_id in seen:
            yield (*loc, index), f"the id `{item_id}` is taken above: rename one"
        seen.add(item_id)


def _missing(
    loc: Loc, ids: str | Iterable[str], known: Collection[str], name: str = "concept"
) -> Iterator[Finding]:
    if isinstance(ids, str):
        if ids not in known:
            yield loc, _unknown(name, ids, known)
        return
    for index, item_id in enumerate(ids):
        if item_id not in known:
            yield (*loc, index), _unknown(name, item_id, known)


def _unknown(name: str, item_id: str, known: Collection[str]) -> str:
    near = get_close_matches(item_id, list(known), n=1)
    advice = f"did you mean `{near[0]}`?" if near else f"there is {', '.join(sorted(known)[:8])}"
    return f"no {name} `{item_id}`: {advice if known else 'there is none here'}"
