"""The check on boards as people draw them: what a scene leaves open is not held against it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import scenarios
from scenarios.load import load_library
from scenarios.model import BoardExpectation
from scoring.board_check import BoardReport, EdgeState, FoundBy, check_board
from scoring.drawn_parts import way_label
from tests.whiteboard.scenes import (
    DASHED,
    Element,
    bound,
    box,
    corners,
    frame,
    labelled,
    pen,
    stroke,
    words,
)
from whiteboard.excalidraw import SceneReading, read_scene

PACKS = Path(scenarios.__file__).parent / "packs"


@pytest.fixture(scope="module")
def expected() -> BoardExpectation:
    """What the support agent's board is looked through for."""
    return load_library(PACKS).scenario("support-agent-limited-actions").board


def check(expected: BoardExpectation, *elements: Any) -> tuple[SceneReading, BoardReport]:
    """The scene as it is read, and the report on it."""
    reading = read_scene(list(elements))
    return reading, check_board(reading.board, expected)


def violated(report: BoardReport) -> list[tuple[str, str]]:
    """The forbidden ways that are drawn, by their ends."""
    return [(way.source, way.target) for way in report.violations]


def edge(report: BoardReport, source: str, target: str) -> EdgeState | None:
    """How that arrow is drawn; None where it could not be judged."""
    return next((e.state for e in report.edges if (e.source, e.target) == (source, target)), None)


CUSTOMER = labelled("u1", "Customer", 0, 0)
AGENT = labelled("a1", "Agent", 300, 0)
POLICY = labelled("p1", "Policy engine", 600, 0)
TOOLS = labelled("t1", "Tools", 900, 0)
ORDERS = labelled("o1", "Orders", 1200, 0)
MODEL = labelled("m1", "Claude", 300, 300)


def test_untrusted_input_reaches_an_acting_tool_without_a_guard(expected: BoardExpectation) -> None:
    """The way is named with every box on it, so that the very arrow can be asked about."""
    reading, report = check(
        expected, *CUSTOMER, *AGENT, *TOOLS, bound("x", "u1", "a1"), bound("y", "a1", "t1")
    )
    way = next(one for one in report.violations if one.source == "chat-client")

    assert (way.target, way.concept) == ("tool-service", "untrusted-content")
    assert [reading.board.component(part).label for part in way.elements] == [
        "Customer",
        "Agent",
        "Tools",
    ]
    assert [reading.elements[part] for part in way.elements] == ["u1", "a1", "t1"]


def test_a_guard_on_the_way_keeps_the_rule(expected: BoardExpectation) -> None:
    """Through the policy engine the same tools may be reached."""
    _, report = check(
        expected,
        *(*CUSTOMER, *AGENT, *POLICY, *TOOLS, *ORDERS),
        *(bound("w", "u1", "a1"), bound("x", "a1", "p1"), bound("y", "p1", "t1")),
        bound("z", "t1", "o1"),
    )

    assert ("chat-client", "tool-service") not in violated(report)
    assert ("orchestrator", "order-api") not in violated(report)
    assert edge(report, "orchestrator", "policy-engine") is EdgeState.DIRECT


def test_a_second_way_past_the_guard_breaks_it(expected: BoardExpectation) -> None:
    """A guard that can be walked round guards nothing."""
    _, report = check(
        expected,
        *(*CUSTOMER, *AGENT, *POLICY, *TOOLS),
        *(bound("w", "u1", "a1"), bound("x", "a1", "p1"), bound("y", "p1", "t1")),
        bound("around", "a1", "t1"),
    )

    assert ("chat-client", "tool-service") in violated(report)


@pytest.mark.parametrize(
    "arrow",
    [
        pytest.param(bound("y", "a1", None, (470, 40), (700, 400)), id="an end that meets nothing"),
        pytest.param(stroke("y", (3000, 3000), (3200, 3000)), id="far from everything"),
        pytest.param(bound("y", "a1", "t1") | {"isDeleted": True}, id="deleted"),
        pytest.param(pen("y", (470, 300), (700, 420), (890, 300)), id="a scribble beside them"),
    ],
)
def test_what_is_no_arrow_between_two_boxes_accuses_nobody(
    expected: BoardExpectation, arrow: Element
) -> None:
    """An arrow of which an end was not found is asked about at most: it breaks no rule."""
    reading, report = check(expected, *CUSTOMER, *AGENT, *TOOLS, bound("x", "u1", "a1"), arrow)

    assert ("chat-client", "tool-service") not in violated(report)
    assert all(one.target != "tools" for one in reading.board.arrows)


def test_a_loose_arrow_is_known_to_be_one(expected: BoardExpectation) -> None:
    """It stands beside the board, and what it might have meant is missing, not drawn."""
    reading, report = check(
        expected, *AGENT, *POLICY, bound("x", "a1", None, (470, 40), (540, 900))
    )

    assert [(one.element, one.target) for one in reading.arrows] == [("x", None)]
    assert reading.board.arrows == ()
    assert edge(report, "orchestrator", "policy-engine") is EdgeState.MISSING


def test_an_arrow_that_ends_near_a_box_counts(expected: BoardExpectation) -> None:
    """Who stops short of the box means the box."""
    _, report = check(
        expected,
        *CUSTOMER,
        *AGENT,
        *TOOLS,
        bound("x", "u1", "a1"),
        stroke("y", (465, 40), (885, 40)),
    )

    assert ("chat-client", "tool-service") in violated(report)


def test_the_heads_say_which_way_it_goes(expected: BoardExpectation) -> None:
    """An arrow drawn from the tools with its head at the agent leads away from them."""
    backwards = bound("y", "t1", "a1")
    turned = bound("y", "t1", "a1", startArrowhead="arrow", endArrowhead=None)
    customer = bound("x", "u1", "a1")
    _, away = check(expected, *CUSTOMER, *AGENT, *TOOLS, customer, backwards)
    _, towards = check(expected, *CUSTOMER, *AGENT, *TOOLS, customer, turned)

    assert ("chat-client", "tool-service") not in violated(away)
    assert ("chat-client", "tool-service") in violated(towards)


@pytest.mark.parametrize("ends", [("a1", "t1"), ("t1", "a1")])
def test_a_line_without_heads_breaks_no_rule(
    expected: BoardExpectation, ends: tuple[str, str]
) -> None:
    """Whichever way the hand went: nobody said that anything leads along it."""
    line = bound("y", *ends, endArrowhead=None)
    _, report = check(expected, *CUSTOMER, *AGENT, *TOOLS, bound("x", "u1", "a1"), line)

    assert ("chat-client", "tool-service") not in violated(report)


@pytest.mark.parametrize("ends", [("a1", "p1"), ("p1", "a1")])
def test_a_line_without_heads_shows_an_expected_arrow(
    expected: BoardExpectation, ends: tuple[str, str]
) -> None:
    """It is not called reversed or missing, and the words for it name no direction."""
    line = bound("x", *ends, endArrowhead=None)
    reading, report = check(expected, *AGENT, *POLICY, line)
    way = next(one for one in report.edges if one.source == "orchestrator")

    assert (way.state, way.target) == (EdgeState.DIRECT, "policy-engine")
    assert way_label(reading.board, way.elements) == "Agent — Policy engine"


def test_an_arrow_back_is_reversed_whatever_lines_there_are_elsewhere(
    expected: BoardExpectation,
) -> None:
    """A line to something else does not turn an arrow round."""
    line = bound("l", "a1", "m1", endArrowhead=None)
    _, report = check(expected, *AGENT, *POLICY, *MODEL, bound("x", "p1", "a1"), line)

    assert edge(report, "orchestrator", "policy-engine") is EdgeState.REVERSED


def test_an_arrow_that_points_from_afar_breaks_no_rule(expected: BoardExpectation) -> None:
    """What it means is a guess: it may show what is looked for, and accuses nobody."""
    far = bound("y", "a1", None, (470, 40), (840, 40))
    _, report = check(expected, *CUSTOMER, *AGENT, *TOOLS, bound("x", "u1", "a1"), far)
    _, guarded = check(expected, *AGENT, *labelled("p1", "Policy engine", 900, 0), far)

    assert ("chat-client", "tool-service") not in violated(report)
    assert edge(guarded, "orchestrator", "policy-engine") is EdgeState.DIRECT


AROUND_TOOLS = [box("z", 860, -60, 240, 200, **DASHED), words("zt", "Tool zone", 870, -50, "z")]


def test_an_arrow_to_a_boundary_breaks_no_rule(expected: BoardExpectation) -> None:
    """It ends at the zone, which may be checked at its edge, and not at the only box in it."""
    to_zone = bound("y", "a1", "z", (464, 40), (856, 20))
    _, report = check(
        expected, *CUSTOMER, *AGENT, *TOOLS, *AROUND_TOOLS, bound("x", "u1", "a1"), to_zone
    )

    assert ("chat-client", "tool-service") not in violated(report)


def test_an_arrow_to_a_boundary_shows_what_is_looked_for(expected: BoardExpectation) -> None:
    """The only box in it is meant, as far as anybody can tell."""
    zone = [box("z", 560, -60, 240, 200, **DASHED)]
    _, report = check(expected, *AGENT, *POLICY, *zone, bound("y", "a1", "z", (464, 40), (556, 9)))

    assert edge(report, "orchestrator", "policy-engine") is EdgeState.DIRECT


def test_an_arrow_to_a_zone_of_several_is_not_missing(expected: BoardExpectation) -> None:
    """Which of the parts it means is not drawn, so nothing is said of any of them."""
    zone = box("z", 560, -60, 560, 200, **DASHED)
    parts = [*AGENT, *POLICY, *TOOLS, zone]
    _, without = check(expected, *parts)
    _, report = check(expected, *parts, bound("y", "a1", "z", (464, 40), (556, 20)))

    assert edge(without, "orchestrator", "policy-engine") is EdgeState.MISSING
    assert edge(report, "orchestrator", "policy-engine") is None
    assert not violated(report)


def test_a_forbidden_arrow_goes_one_way_of_a_pair(expected: BoardExpectation) -> None:
    """With heads at both ends the dangerous direction is there."""
    _, report = check(expected, *MODEL, *ORDERS, bound("x", "o1", "m1", startArrowhead="arrow"))

    assert ("strong-model", "order-api") in violated(report)


@pytest.mark.parametrize(
    "zone",
    [
        pytest.param([frame("z1", 560, -60, 560, 200, "Trusted zone")], id="a frame"),
        pytest.param(
            [box("z1", 560, -60, 560, 200, **DASHED), words("z1-t", "Trusted zone", 570, -50)],
            id="a dashed box with a title inside",
        ),
        pytest.param(
            [box("z1", 560, -60, 560, 200), words("z1-t", "trusted", 570, -55, "z1")],
            id="a box around the others",
        ),
        pytest.param(
            [
                stroke("z1", *corners(560, -60, 560, 200), type="line"),
                words("z1-t", "VPC", 570, -50),
            ],
            id="a closed line",
        ),
    ],
)
def test_a_boundary_is_found_however_it_is_drawn(
    expected: BoardExpectation, zone: list[Element]
) -> None:
    """What stands in it is inside, and what belongs there and does not is named."""
    ledger = labelled("l1", "Ledger", 760, 60)
    _, around_both = check(expected, *zone, *POLICY, *TOOLS)
    _, around_one = check(expected, *zone, *POLICY, *ledger, *labelled("t1", "Tools", 900, 500))
    inside = next(one for one in around_both.zones if one.expected == "effect-zone")
    outside = next(one for one in around_one.zones if one.expected == "effect-zone")

    assert (inside.found, inside.outside) == (True, ())
    assert outside.outside == ("tools",)


def test_the_untrusted_zone_is_asked_for_where_it_is_not_drawn(expected: BoardExpectation) -> None:
    """Boxes alone draw no line around what outsiders can influence."""
    _, report = check(expected, *CUSTOMER, *AGENT)

    assert [one.expected for one in report.zones if not one.found] == [
        "untrusted-zone",
        "model-zone",
        "effect-zone",
    ]


def test_a_palette_box_without_words_counts_by_its_kind(expected: BoardExpectation) -> None:
    """What the palette made is what it stands for, until its label says something else."""
    made = {"customData": {"kind": "policy_engine"}}
    bare = box("p1", 600, 0, **made)
    renamed = [box("p1", 600, 0, **made), words("p1-t", "Trace store", 610, 28, "p1")]
    _, by_kind = check(expected, bare)
    _, by_label = check(expected, *renamed)
    found = {one.expected: one for one in by_kind.components if one.found}
    other = {one.expected for one in by_label.components if one.found}

    assert found["policy-engine"].found_by is FoundBy.KIND
    assert "policy-engine" not in other
    assert "trace-store" in other


def test_a_guard_that_is_drawn_twice_guards_twice(expected: BoardExpectation) -> None:
    """Who draws the same box again, to spare a long arrow, means the same box."""
    _, report = check(
        expected,
        *(*CUSTOMER, *POLICY, *TOOLS, *ORDERS, *labelled("p2", "policy engine", 600, 500)),
        *(bound("w", "u1", "p1"), bound("x", "p1", "t1")),
        *(bound("y", "u1", "p2"), bound("z", "p2", "o1")),
    )

    assert violated(report) == []


def test_an_arrow_at_either_of_two_boxes_of_one_name_is_the_arrow(
    expected: BoardExpectation,
) -> None:
    """The second "Agent" has the arrow to the policy engine, so it is drawn."""
    _, report = check(
        expected, *AGENT, *POLICY, *labelled("a2", "Agent", 300, 600), bound("x", "a2", "p1")
    )

    assert edge(report, "orchestrator", "policy-engine") is EdgeState.DIRECT


def test_boxes_without_words_are_not_one_thing(expected: BoardExpectation) -> None:
    """Nobody knows what they have in common."""
    tool = {"customData": {"kind": "tool"}}
    _, report = check(
        expected,
        *(*CUSTOMER, *POLICY, box("t1", 900, 0, **tool), box("t2", 900, 500, **tool)),
        *(bound("w", "u1", "p1"), bound("x", "p1", "t1"), bound("y", "u1", "t2")),
    )

    assert ("chat-client", "tool-service") not in violated(report)


def test_two_boxes_of_one_name_are_both_looked_at(expected: BoardExpectation) -> None:
    """A guarded tool box does not hide the one that nobody guards."""
    _, report = check(
        expected,
        *(*CUSTOMER, *POLICY, *TOOLS, *labelled("t2", "Tools", 900, 500)),
        *(bound("w", "u1", "p1"), bound("x", "p1", "t1"), bound("y", "u1", "t2")),
    )

    assert ("chat-client", "tool-service") in violated(report)
