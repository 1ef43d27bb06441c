"""An edit of a text meets a board that others have changed since: nothing unread is lost."""

from dataclasses import replace

import pytest
from drawn_boards import boards
from hypothesis import given, settings

from whiteboard.board import Board, Component
from whiteboard.edits import transfer_edit
from whiteboard.excalidraw import read_scene
from whiteboard.scene import board_elements, extend_scene
from whiteboard.sketch import parse_sketch


def transferred(base: str, edited: str, now: str) -> Board:
    """The same of texts."""
    return transfer_edit(parse_sketch(base), parse_sketch(edited), parse_sketch(now))


@settings(max_examples=50, deadline=None)
@given(boards(most=5), boards(most=5))
def test_an_edit_of_what_is_there_is_the_edit(base: Board, edited: Board):
    """And where nothing was edited, the board is as it is now."""
    assert transfer_edit(base, edited, base) == edited
    assert transfer_edit(base, base, edited) == edited


@settings(max_examples=50, deadline=None)
@given(boards(most=5), boards(most=5), boards(most=5))
def test_what_comes_out_holds_together(base: Board, edited: Board, now: Board):
    """Every end and every zone is there, no zone is in itself; what is in neither stays."""
    board = transfer_edit(base, edited, now)
    parts, zones = {one.id for one in board.components}, {one.id for one in board.zones}

    assert {end for one in board.arrows for end in (one.source, one.target)} <= parts
    assert {one.zone for one in board.components} <= zones | {None}
    assert all(zone.id not in _outside(board, zone.parent) for zone in board.zones)
    known = {one.id for one in (*base.components, *edited.components)}
    assert {one.id for one in now.components} - known <= parts
    assert board == Board(*map(tuple, map(sorted, _lists(board))))


def _outside(board: Board, zone: str | None) -> list[str]:
    return [] if zone is None else [zone, *_outside(board, board.zone(zone).parent)]


def _lists(board: Board) -> tuple[tuple[object, ...], ...]:
    return board.components, board.arrows, board.zones, board.notes


@pytest.mark.parametrize(
    ("base", "edited", "now", "expected"),
    [
        pytest.param("a -> b", "a -> b -> c", "a -> b\nd", "a -> b -> c\nd", id="both add"),
        pytest.param("a -> b", "a", "a -> b -> d", "a\nd", id="taken away with its arrows"),
        pytest.param("a -> b", "a -> b\nc", "a", "a\nc", id="deleted meanwhile"),
        pytest.param("a\nb", "a -> b", "a", "a -> b", id="deleted, and the end of a new arrow"),
        pytest.param("a", 'a["A 1"]', "zone z { a }", 'zone z { a["A 1"] }', id="other sides"),
        pytest.param("", "cache", "zone z { cache }", "zone z { cache }", id="both draw one"),
        pytest.param(
            "", "cache [tool]", "zone z { cache }", "zone z { cache [tool] }", id="kind said"
        ),
        pytest.param(
            "zone z { a }", "a", "zone z { a ; b }", "a\nb", id="a zone is opened around another"
        ),
        pytest.param(
            "zone y { zone z { a } }",
            "zone y { zone z { a ; b } }",
            "a",
            "a\nzone y { zone z { b } }",
            id="the zones of what is new come back",
        ),
        pytest.param("a -> b : x", "a -> b : y", "a -> b : x", "a -> b : y", id="label"),
        pytest.param(
            "note: one", "note: two", "note: one\nnote: three", "note: two\nnote: three", id="notes"
        ),
        pytest.param(
            "zone y { }\nzone z { }",
            "zone y { zone z { } }",
            "zone z { zone y { } }",
            "zone y { zone z { } }",
            id="each around the other",
        ),
    ],
)
def test_edits(base: str, edited: str, now: str, expected: str):
    """By example."""
    assert transferred(base, edited, now) == parse_sketch(expected)


def test_a_scene_keeps_what_the_text_did_not_know():
    """A box that was drawn while the text was written stays, one that the text left out goes."""
    base, text = parse_sketch("a -> b"), parse_sketch("a -> c")
    drawn = parse_sketch("a -> b\ndrawn meanwhile")
    elements = board_elements(drawn)
    changes = extend_scene(elements, read_scene(elements), text, base)
    scene = {one["id"]: one for one in (*elements, *changes)}

    shown = read_scene(list(scene.values())).board
    assert shown == parse_sketch("a -> c\ndrawn meanwhile")
    assert "c:drawn meanwhile" not in {one["id"] for one in changes}


def test_a_guess_stays_one_until_the_text_says_it():
    """What a drawing may mean is not said by a text that adds something else."""
    guessed = replace(parse_sketch("a -> b"), guesses=parse_sketch("a -> b").arrows)
    more, said = parse_sketch("a -> b; b -> c"), parse_sketch("a -> b")

    assert transfer_edit(parse_sketch("a -> b"), more, guessed).guesses == guessed.guesses
    assert transfer_edit(parse_sketch("a; b"), said, guessed).guesses == ()
    assert transfer_edit(said, parse_sketch("a; b"), guessed).guesses == ()


def test_a_zone_that_was_deleted_puts_nothing_in_the_air():
    """A component that somebody drew in it stands in the zone around."""
    inner = parse_sketch("zone y { zone z { a } }")
    now = replace(inner, components=(*inner.components, Component("b", "b", zone="z")))

    board = transfer_edit(inner, parse_sketch("zone y { a }"), now)
    assert board == parse_sketch("zone y { a ; b }")
