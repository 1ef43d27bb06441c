"""Each fault that the shape cannot see has a name, and a clean pack has none."""

from collections.abc import Callable
from pathlib import Path

import pytest
import scenario_samples as samples
from scenario_samples import Values, WordFinder

from scenarios.lint import lint
from scenarios.load import load_library

Bend = Callable[[Values], object]


def problems(folder: Path, kind: str = "", bend: Bend = lambda _: None) -> list[str]:
    """What the linter says of the sample pack with one of its files bent."""
    changed: dict[str, Values] = {}
    if kind:
        changed[kind] = getattr(samples, kind)()
        bend(changed[kind])
    pack = samples.write_pack(folder / "packs/sample", **changed)
    found = lint(load_library(pack.parent), WordFinder())
    return [f"{one.path.relative_to(pack)}: {one.place}: {one.reason}" for one in found]


def loop(values: Values) -> Values:
    """The concept of the loop stage, whose word is `bconcept`."""
    return values["stages"]["loop"]["concepts"][0]


def loop_flag(values: Values) -> Values:
    """The red flag of the loop stage, raised by `always works`."""
    return values["stages"]["loop"]["red_flags"][0]


def test_a_pack_without_faults_has_none(tmp_path: Path) -> None:
    """The sample is clean, so whatever another test finds comes from its bend."""

    assert problems(tmp_path) == []


def test_a_problem_names_file_line_and_place(tmp_path: Path) -> None:
    """An author can jump to it."""
    values = samples.scenario()
    loop(values)["probes"][1] = "Great answer. What else?"
    pack = samples.write_pack(tmp_path / "packs/sample", scenario=values)

    (problem,) = lint(load_library(pack.parent), WordFinder())

    path = pack / "design/one.yaml"
    assert problem.path == path
    assert problem.place == "stages.loop.concepts[0 bconcept].probes[1]"
    assert problem.line is not None
    assert "Great answer" in path.read_text().splitlines()[problem.line - 1]


BENT_SCENARIOS: list[tuple[Bend, str]] = [
    (
        lambda v: v["stages"]["loop"]["concepts"].append(
            samples.concept("bconcept")
            | {
                "phrasings": ["One bconcept here.", "Two more bconcept.", "A bconcept third."],
                "near_misses": ["Mind it.", "Keep it."],
                "probes": ["Why so?", "What then?"],
                "hint": "Look again.",
            }
        ),
        "stages.loop.concepts[1 bconcept]: the id `bconcept` is taken above",
    ),
    (
        lambda v: v["facts"].append(
            v["facts"][0]
            | {"answer": "Ten.", "example_questions": ["how many a day?", "how many an hour?"]}
        ),
        "facts[1 traffic]: the id `traffic` is taken above",
    ),
    (
        lambda v: (v["stages"].pop("operations"), v["stages"]["loop"].update(share=0.333)),
        "stages: stage `operations` is missing",
    ),
    (lambda v: v["stages"]["loop"].update(share=0.5), "stages: shares add up to 1.33: make it 1"),
    (lambda v: v["curveball"].update(stage="scope"), "curveball.stage: nothing is designed yet"),
    (lambda v: v["curveball"].update(facts=["nowhere"]), "curveball.facts: the scenario has no"),
    (
        lambda v: v["curveball"].update(replaces={"nowhere": "Two hundred a day."}),
        "curveball.replaces: the scenario has no fact `nowhere`",
    ),
    (
        lambda v: v["board"]["edges"][0].update(target="stor"),
        "board.edges[0].target: no component `stor`: did you mean `store`?",
    ),
    (
        lambda v: v["board"]["forbidden"][0].update(unless_through=["gate"]),
        "board.forbidden[0].unless_through[0]: no component `gate`",
    ),
    (
        lambda v: v["board"]["zones"][0].update(contains=["api", "nothing"]),
        "board.zones[0 inside].contains[1]: no component `nothing`",
    ),
    (
        lambda v: v["board"]["components"][0].update(concept="xconcept"),
        "board.components[0 api].concept: no concept `xconcept`",
    ),
    (
        lambda v: v["cost"]["lines"][0].update(model="larg"),
        "cost.lines[0].model: no price `larg`: did you mean `large`?",
    ),
    (
        lambda v: (
            v["cost"]["lines"][0].update(cached=2500, input=2000),
            v["cost"].update(unit_usd=0.00075, month_usd=0.75),
        ),
        "cost.lines[0].cached: more tokens cached than there is input",
    ),
    (lambda v: v["cost"].update(unit_usd=0.0049), "cost.unit_usd: 0.0049 stated, 0.0048 computed"),
    (lambda v: v["cost"].update(month_usd=4.83), "cost.month_usd: 4.83 stated, 4.8 computed"),
    (
        lambda v: loop(v)["phrasings"].__setitem__(2, "A thing said otherwise altogether."),
        "stages.loop.concepts[0 bconcept].phrasings[2]: is not found as its own concept",
    ),
    (
        lambda v: loop(v)["near_misses"].__setitem__(0, "Close to bconcept it is."),
        "stages.loop.concepts[0 bconcept].near_misses[0]: is found as its concept",
    ),
    (lambda v: v.update(brief="Design with cconcept."), "brief: gives `models/cconcept` away"),
    (
        lambda v: v["stages"]["evals"].update(opening="Is bconcept tested?"),
        "stages.evals.opening: gives `loop/bconcept` away",
    ),
    (
        lambda v: v["curveball"].update(text="Now add zconcept."),
        "curveball.text: gives `curveball/zconcept` away",
    ),
    (
        lambda v: loop(v)["probes"].__setitem__(0, "Is there a bconcept?"),
        "stages.loop.concepts[0 bconcept].probes[0]: gives `loop/bconcept` away",
    ),
    (
        lambda v: v["board"]["edges"][0].update(probe="Where is aconcept drawn?"),
        "board.edges[0].probe: gives `scope/aconcept` away",
    ),
    (
        lambda v: loop(v).update(hint="Think of aconcept."),
        "stages.loop.concepts[0 bconcept].hint: gives `scope/aconcept` away",
    ),
    (
        lambda v: v["stages"]["scope"]["concepts"][0]["contradictions"][0].update(example="Hm no."),
        "stages.scope.concepts[0 aconcept].contradictions[0].example: its cues do not match it",
    ),
    (
        lambda v: loop_flag(v)["examples"].append("It may fail."),
        "stages.loop.red_flags[0 flag].examples[1]: its cues do not match it",
    ),
    (
        lambda v: loop_flag(v)["near_misses"].append("Nothing always works."),
        "stages.loop.red_flags[0 flag].near_misses[2]: a near miss of a red flag matches",
    ),
    (
        lambda v: v["facts"][0]["example_questions"].append("What volume?"),
        "facts[0 traffic].example_questions[2]: its cues do not match it",
    ),
    (
        lambda v: loop(v)["probes"].__setitem__(0, "word " * 31),
        "stages.loop.concepts[0 bconcept].probes[0]: 31 words: say it in 30 or fewer",
    ),
    (
        lambda v: loop(v)["probes"].__setitem__(0, "Why? And when?"),
        "stages.loop.concepts[0 bconcept].probes[0]: more than one question",
    ),
    (
        lambda v: loop(v).update(hint="Good point about the end."),
        "stages.loop.concepts[0 bconcept].hint: praise (`Good point`)",
    ),
    (
        lambda v: loop(v)["probes"].__setitem__(0, "what stands at A"),
        "stages.loop.concepts[0 bconcept].probes[0]: said elsewhere in this round",
    ),
    (
        lambda v: loop(v)["phrasings"].__setitem__(1, "We put before the first step the bconcept."),
        "stages.loop.concepts[0 bconcept].phrasings[1]: differs from phrasing 0 in order",
    ),
]


@pytest.mark.parametrize(("bend", "expected"), BENT_SCENARIOS, ids=[e for _, e in BENT_SCENARIOS])
def test_a_bent_scenario_is_caught(tmp_path: Path, bend: Bend, expected: str) -> None:
    """One bend, one problem, at its place."""
    found = problems(tmp_path, "scenario", bend)

    assert [one for one in found if one.startswith(f"design/one.yaml: {expected}")]
    assert len(found) == 1


def test_a_curveball_needs_its_stage(tmp_path: Path) -> None:
    """A stage that is missing is missed by the curveball as well."""

    def without_models(values: Values) -> None:
        del values["stages"]["models"]
        values["stages"]["loop"]["share"] = 0.333

    assert [one.partition(": ")[2] for one in problems(tmp_path, "scenario", without_models)] == [
        "stages: stage `models` is missing: add it",
        "curveball.stage: the scenario has no stage `models`",
    ]


def test_a_hint_may_name_its_own_concept(tmp_path: Path) -> None:
    """Help that is asked for may help."""

    assert problems(tmp_path, "question", lambda v: v["concepts"][0].update(hint="A budget!")) == []


@pytest.mark.parametrize(
    "text", ["Great.", "Nice, and then?", "That's a really good way. Why?", "A great answer. Why?"]
)
def test_praise_is_caught_in_a_probe(tmp_path: Path, text: str) -> None:
    """The interviewer grades nothing aloud."""
    found = problems(tmp_path, "question", lambda v: v["concepts"][0].update(probes=[text, "Why?"]))

    assert [one for one in found if "praise" in one]


@pytest.mark.parametrize(
    "text", ["How do you know that it is good enough?", "A stranger with great confidence asks?"]
)
def test_a_neutral_use_of_a_praising_word_passes(tmp_path: Path, text: str) -> None:
    """Only praise is refused, not the words it is made of."""

    assert (
        problems(tmp_path, "question", lambda v: v["concepts"][0].update(probes=[text, "Why?"]))
        == []
    )


@pytest.mark.parametrize(
    ("planned", "expected"),
    [
        ({"kind": "design", "items": ["sample-story"]}, "rounds[0].items[0]: no scenario"),
        ({"kind": "drill", "items": ["sample-question", "gone"]}, "items[1]: no question `gone`"),
        (
            {"kind": "behavioural", "items": ["sample-story", "sample-story"]},
            "rounds[0].items: a behavioural round is one item",
        ),
    ],
)
def test_a_plan_refers_to_items_of_the_right_kind(
    tmp_path: Path, planned: Values, expected: str
) -> None:
    """A loop cannot break off in the middle because a round is not there."""
    (found,) = problems(tmp_path, "plan", lambda v: v.update(rounds=[planned]))

    assert expected in found


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"shows": ["bconcept"]}, "cases[0 weak].shows[0]: no concept `bconcept`"),
        ({"partly": ["aconcept"]}, "cases[0 weak].partly: `aconcept` stands under shows as well"),
        ({"stage": None}, "cases[0 weak].stage: `sample-scenario` has no such stage"),
        ({"stage": "outcome"}, "cases[0 weak].stage: `sample-scenario` has no such stage"),
        ({"stage": "models", "shows": ["zconcept"]}, None),
    ],
)
def test_cases_refer_to_what_their_stage_holds(
    tmp_path: Path, changes: Values, expected: str | None
) -> None:
    """A label that means nothing would count against every finder; a curveball's counts."""
    found = problems(tmp_path, "cases", lambda v: v["cases"][0].update(changes))

    assert [one.startswith(f"cases/sample-scenario.yaml: {expected}") for one in found] == (
        [True] if expected else []
    )


def test_a_broken_case_file_is_one_of_the_problems(tmp_path: Path) -> None:
    """The linter goes on where loading a case stops."""
    (found,) = problems(tmp_path, "cases", lambda v: v["cases"][0].pop("shows"))

    assert "cases[0 weak]: missing key `shows`" in found


def test_cases_of_a_plan_or_of_nothing_are_caught(tmp_path: Path) -> None:
    """Only what makes a round can have cases."""
    pack = samples.write_pack(tmp_path / "packs/sample")
    for item in ("sample-plan", "gone"):
        samples.write(pack / f"cases/{item}.yaml", samples.cases() | {"item": item})

    found = lint(load_library(pack.parent), WordFinder())

    assert [one.reason.partition(":")[0] for one in found] == [
        *("no item `gone`", "no item `sample-plan`")
    ]
