"""What evidence names on a board, and in which revision it was there first."""

from dataclasses import replace

import pytest
from scorecard_samples import DRAWING, interview, you

from scoring.drawn_parts import (
    DrawnPart,
    find_part,
    first_showing,
    way_element,
    way_label,
    zone_element,
)
from scoring.scorecard import Scorecard, grade, scorecard_from_json, scorecard_to_json
from scoring.verdicts import Evidence, Verdict
from whiteboard.board import Arrow, Board, Component, Zone

BOARD = Board(
    components=(
        *(Component("a", "Client"), Component("b", "Gateway"), Component("x->y", "Odd")),
        Component("payments", "Payments"),
    ),
    arrows=(Arrow("a", "b"), Arrow("b", "x->y")),
    zones=(Zone("payments", "PAYMENTS"), Zone("z", "Inside")),
)


@pytest.mark.parametrize(
    ("element", "part"),
    [
        ("b", DrawnPart(("b",), (), "Gateway")),
        ("payments", DrawnPart(("payments",), (), "Payments")),
        (zone_element("z"), DrawnPart(("z",), (), "Inside", is_zone=True)),
        (zone_element("payments"), DrawnPart(("payments",), (), "PAYMENTS", is_zone=True)),
        (way_element("ab"), DrawnPart(("a", "b"), (("a", "b"),), "Client → Gateway")),
        (way_element(("b", "x->y")), DrawnPart(("b", "x->y"), (("b", "x->y"),), "Gateway → Odd")),
        ("x->y", DrawnPart(("x->y",), (), "Odd")),
        (way_element("ba"), None),
        (way_element("abc"), None),
        ("gone", None),
        (zone_element("a"), None),
    ],
)
def test_an_element_is_a_box_a_zone_or_a_way(element: str, part: DrawnPart | None) -> None:
    """A way has all its arrows; a box may have the sign of a way in its own id."""
    assert find_part(BOARD, element) == part


@pytest.mark.parametrize(
    ("element", "part"),
    [
        ("z", DrawnPart(("z",), (), "Inside", is_zone=True)),
        ("a->b", DrawnPart(("a", "b"), (("a", "b"),), "Client → Gateway")),
        ("b->a", None),
    ],
)
def test_evidence_of_earlier_cards_is_found(element: str, part: DrawnPart | None) -> None:
    """They name zones by their ids alone, and ways with an arrow between the ids."""
    assert find_part(BOARD, element) == part


def test_a_way_along_a_line_has_no_direction_in_words() -> None:
    """It is found from either end, and beside an arrow the arrow counts."""
    line = Arrow("a", "b", directed=False)
    drawn = replace(BOARD, arrows=(line,))

    for ends, words in ((("a", "b"), "Client — Gateway"), (("b", "a"), "Gateway — Client")):
        part = find_part(drawn, way_element(ends))
        assert part == DrawnPart(ends, (ends,), words)
    assert way_label(replace(BOARD, arrows=(Arrow("a", "b"), line)), "ab") == "Client → Gateway"


def test_the_first_revision_is_the_one_with_these_words() -> None:
    """A box that was called something else before is seen from its new name on."""
    early = Board(components=(Component("b", "Something"),))
    seen = Evidence("", 0, 7, "Gateway", "board", "b")
    assert first_showing([(1, Board()), (3, early), (4, BOARD), (9, BOARD)], seen) == 4
    assert first_showing([(3, early)], seen) is None
    assert first_showing([(4, BOARD)], replace(seen, element=None)) is None


def drawn_card() -> Scorecard:
    held = interview(you("Nothing."), boards=(("operations", DRAWING),))
    revisions = ((2, Board()), (5, DRAWING), (8, DRAWING))
    return grade(replace(held, rounds=(replace(held.rounds[0], revisions=revisions),)))


def board_evidence(card: Scorecard) -> list[Evidence]:
    verdicts = [one for stage in card.rounds[0].stages for one in stage.verdicts]
    assert any(one.verdict is Verdict.UNSURE for one in verdicts)
    return [one for verdict in verdicts for one in verdict.evidence if one.element is not None]


def test_a_card_keeps_the_revision_of_what_was_drawn() -> None:
    """Board evidence names the revision that showed it first, also when it was stored."""
    card = drawn_card()
    assert [(one.element, one.revision) for one in board_evidence(card)] == [("gw", 5)]
    assert scorecard_from_json(scorecard_to_json(card)) == card


def test_a_card_stored_without_revisions_is_read() -> None:
    """Cards of earlier versions have no such key."""
    text = scorecard_to_json(drawn_card())
    earlier = text.replace('"element": "gw",\n', '"element": "gw"\n')
    lines = [line for line in earlier.splitlines() if '"revision": 5' not in line]
    (found,) = board_evidence(scorecard_from_json("\n".join(lines)))
    assert (found.element, found.revision) == ("gw", None)
