"""The check names what is drawn, drawn otherwise and not drawn, and the elements that show it."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.model import (
    BoardExpectation,
    ExpectedComponent,
    ExpectedEdge,
    ExpectedZone,
    ForbiddenEdge,
)
from scoring.board_check import BoardReport, EdgeFinding, EdgeState, FoundBy, check_board
from whiteboard.board import Board, ComponentKind
from whiteboard.sketch import parse_sketch


def want(expected: str, *names: str, kinds: tuple[ComponentKind, ...] = ()) -> ExpectedComponent:
    """An expected component whose concept and probe are told by its id."""
    return ExpectedComponent(
        id=expected,
        title=expected.title(),
        names=names or (expected.replace("-", " "),),
        kinds=kinds,
        concept=f"{expected}-concept",
        probe=f"What about the {expected}?",
    )


SUPPORT = BoardExpectation(
    components=(
        want("gateway", kinds=(ComponentKind.GATEWAY,)),
        want("model", "main model", "llm", kinds=(ComponentKind.LLM,)),
        want("policy-engine", kinds=(ComponentKind.POLICY_ENGINE,)),
        want("order-api", "order api", "orders service"),
    ),
    edges=(
        ExpectedEdge(
            source="gateway", target="model", concept="calls", probe="Who calls the model?"
        ),
        ExpectedEdge(source="model", target="order-api", probe="How are orders changed?"),
    ),
    forbidden=(
        ForbiddenEdge(
            source="model",
            target="order-api",
            unless_through=("policy-engine",),
            reason="The model must not act unchecked.",
            concept="checked-action",
            probe="What stands between the model and the orders?",
        ),
        ForbiddenEdge(
            source="gateway",
            target="order-api",
            reason="The gateway knows no orders.",
            probe="Why does the gateway reach the orders?",
        ),
    ),
    zones=(
        ExpectedZone(
            id="trusted",
            title="Trusted zone",
            names=("trusted", "private network"),
            contains=("policy-engine", "order-api"),
            concept="boundary",
            probe="Where is the trust boundary?",
        ),
    ),
)


def report(text: str, expected: BoardExpectation = SUPPORT) -> BoardReport:
    """The report on a sketch."""
    return check_board(parse_sketch(text), expected)


def elements(text: str, *wanted: ExpectedComponent) -> dict[str, tuple[str, ...]]:
    """The elements by expectation that the check finds in a sketch."""
    found = report(text, BoardExpectation(components=wanted)).components
    return {finding.expected: finding.elements for finding in found}


def state(text: str) -> EdgeFinding | None:
    """The finding on the expected arrow from the gateway to the model, if it was judged."""
    edges = [edge for edge in report(text).edges if edge.target == "model"]
    return edges[0] if edges else None


@pytest.mark.parametrize("text", ["", "note: I would draw a gateway here"])
def test_an_empty_board_has_no_findings(text: str):
    """Where nothing is drawn, nothing is missing either."""
    assert report(text) == BoardReport(empty=True)


def test_a_complete_board_fulfils_everything():
    """All is found, nothing is violated, and every finding names its elements."""
    seen = report(
        "Gateway -> LLM -> Policy engine -> Order API\nzone Trusted { Policy engine; Order API }"
    )

    assert not seen.empty
    assert all(part.found for part in seen.components)
    assert [edge.state for edge in seen.edges] == [EdgeState.DIRECT, EdgeState.INDIRECT]
    assert seen.edges[1].elements[1:-1] == ("policy engine",)
    assert seen.violations == ()
    assert [(zone.elements, zone.outside) for zone in seen.zones] == [(("trusted",), ())]


def test_a_finding_carries_what_the_interviewer_needs():
    """Concept, probe and expectation come along, found or not."""
    gateway, _, policy, _ = report("API gateways").components

    assert (gateway.elements, gateway.found_by) == (("api gateways",), FoundBy.NAME)
    assert gateway.concept == "gateway-concept"
    assert (policy.found, policy.elements, policy.found_by) == (False, (), None)
    assert policy.probe == "What about the policy-engine?"
    assert policy.required


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Order APIs", "order api"),
        ("API for ordering", "order api"),
        ("the caching layer", "cache layer"),
        ("re-ranker", "reranker"),
        ("reranker", "re-ranker"),
        ("PolicyEngine", "policy engine"),
        ("policy_engine", "policy engine"),
        ("authorisation service", "authorization service"),
    ],
)
def test_names_match_on_stems(label: str, name: str):
    """Endings, order, hyphens and spelling do not matter."""
    assert elements(f'"{label}"', want("it", name)) == {"it": (label.lower(),)}


@pytest.mark.parametrize("label", ["order", "orders and policies", "apiary", "policy"])
def test_a_part_of_a_name_is_not_the_name(label: str):
    """Every word of an expected name must be there."""
    assert elements(f'"{label}"', want("it", "order api")) == {"it": ()}


def test_a_name_beats_a_kind():
    """A box of the right kind is used only where no box has the name."""
    llm = want("model", "main model", kinds=(ComponentKind.LLM,))

    assert elements("Claude; main model", llm) == {"model": ("main model",)}
    (found,) = report("Claude", BoardExpectation(components=(llm,))).components
    assert (found.elements, found.found_by) == (("claude",), FoundBy.KIND)


def test_unknown_kinds_match_nothing():
    """That a box is of no known kind is no likeness."""
    assert elements("frobnicator", want("it", kinds=(ComponentKind.OTHER,))) == {"it": ()}


def test_the_closest_name_wins():
    """More words of the name, then fewer other words in the label, decide."""
    model = want("model", "model")
    judge = want("judge", "judge model")

    assert elements("judge model; model", model, judge) == {
        "model": ("model",),
        "judge": ("judge model",),
    }
    assert elements("big old model x; the model", model) == {"model": ("the model",)}


def test_a_box_makes_room_for_another_expectation():
    """An expectation moves to its second choice where another has no other choice."""
    either = want("either", "alpha", "beta gamma")
    only = want("only", "beta")

    assert elements("alpha; beta gamma", either, only) == {
        "either": ("alpha",),
        "only": ("beta gamma",),
    }


def test_a_box_named_after_two_serves_both():
    """One box for two expectations is shared by name, as there is no other."""
    found = elements("gateway + policy engine", want("gateway"), want("policy-engine"))

    assert set(found.values()) == {("gateway + policy engine",)}


def test_a_box_is_never_shared_by_kind():
    """One model box does not stand for two expected models, nor a named box for a kind."""
    answer = want("answer", "answer model", kinds=(ComponentKind.LLM,))
    judge = want("judge", kinds=(ComponentKind.LLM,))

    assert elements("Claude", answer, judge) == {"answer": ("claude",), "judge": ()}
    assert elements("judge [llm]", answer, judge) == {"answer": (), "judge": ("judge",)}
    assert elements("Claude; GPT", answer, judge) == {"answer": ("claude",), "judge": ("gpt",)}


def test_kinds_make_room_too():
    """A component that fits two expectations leaves the other's only candidate alone."""
    either = want("either", kinds=(ComponentKind.LLM, ComponentKind.SMALL_MODEL))
    large = want("large", kinds=(ComponentKind.LLM,))

    assert elements("Claude; small model", either, large) == {
        "either": ("small model",),
        "large": ("claude",),
    }


@pytest.mark.parametrize(
    ("text", "drawn", "way"),
    [
        ("gateway -> llm", EdgeState.DIRECT, ("gateway", "llm")),
        ("gateway -> x -> llm", EdgeState.INDIRECT, ("gateway", "x", "llm")),
        ("llm -> gateway", EdgeState.REVERSED, ("llm", "gateway")),
        ("llm -> x -> gateway", EdgeState.REVERSED, ("llm", "x", "gateway")),
        ("gateway <-> llm", EdgeState.DIRECT, ("gateway", "llm")),
        ("gateway -> x <- llm", EdgeState.MISSING, ("gateway", "llm")),
    ],
)
def test_how_an_expected_arrow_is_drawn(text: str, drawn: EdgeState, way: tuple[str, ...]):
    """The state comes with the elements along the way."""
    seen = state(text)

    assert seen is not None
    assert (seen.state, seen.elements) == (drawn, way)
    assert (seen.concept, seen.probe) == ("calls", "Who calls the model?")


@pytest.mark.parametrize("text", ["gateway -> x", "llm", "LLM gateway"])
def test_an_arrow_without_two_drawn_ends_is_not_judged(text: str):
    """A missing end is one finding, not two, and one box has no arrow to itself."""
    assert state(text) is None


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("llm -> order api", ("llm", "order api")),
        ("llm -> worker -> order api", ("llm", "worker", "order api")),
        ("llm -> policy engine -> order api", None),
        ("llm -> policy engine -> order api\nllm -> order api", ("llm", "order api")),
        ("llm -> policy engine -> x -> order api\nllm -> x", ("llm", "x", "order api")),
        ("llm -> policy engine\norder api -> llm", None),
        ("policy engine and llm -> order api", None),
    ],
)
def test_a_forbidden_way_is_found_unless_it_is_guarded(text: str, way: tuple[str, ...] | None):
    """Any way around the required stations breaks the rule and is shown."""
    broken = [found for found in report(text).violations if found.source == "model"]

    assert [found.elements for found in broken] == ([] if way is None else [way])
    assert all(found.concept == "checked-action" for found in broken)
    assert all(found.reason == "The model must not act unchecked." for found in broken)


def test_without_stations_only_the_arrow_itself_is_forbidden():
    """A longer way is no violation where no station could make it harmless."""
    direct = report("gateway -> order api").violations
    longer = report("gateway -> x -> order api").violations

    assert [found.elements for found in direct] == [("gateway", "order api")]
    assert longer == ()


def test_a_zone_names_what_stands_outside_it():
    """Drawn components that belong inside and are not are listed; inner zones count as inside."""
    text = "zone My trusted area { zone core { policy engine } }\norder api"
    (zone,) = report(text).zones

    assert (zone.found, zone.elements, zone.outside) == (True, ("my trusted area",), ("order api",))
    assert (zone.concept, zone.probe) == ("boundary", "Where is the trust boundary?")


def test_a_missing_zone_lists_nothing_outside():
    """Without the zone there is no inside to be outside of."""
    (zone,) = report("zone public { policy engine }").zones

    assert (zone.found, zone.elements, zone.outside) == (False, (), ())


lines = st.sampled_from(
    [
        *("gateway -> llm", "llm -> order api", "llm -> policy engine", "x -> llm", "GPT", "y"),
        *("policy engine -> order api", "zone trusted { order api }", "API gateway -> x"),
        *("gateway + policy engine", "order api -> gateway", "zone private network { llm }"),
    ]
)


@settings(max_examples=100)
@given(st.lists(lines, max_size=8))
def test_findings_hold_on_any_board(drawn: list[str]):
    """The order of drawing does not matter, and every named element and step is on the board."""
    board = parse_sketch("\n".join(drawn))
    seen = check_board(board, SUPPORT)
    steps = {(arrow.source, arrow.target) for arrow in board.arrows}

    assert seen == report("\n".join(reversed(drawn)))
    assert seen.empty == (board == Board())
    for finding in seen.components:
        assert all(board.component(part) for part in finding.elements)
    for found in seen.violations:
        assert set(pairwise(found.elements)) <= steps
    for edge in seen.edges:
        if edge.state is not EdgeState.MISSING:
            assert set(pairwise(edge.elements)) <= steps
