"""What people drew by hand keeps its meaning while a text changes the board around it."""

import pytest
from scenes import Element, bound, box, corners, labelled, pen, stroke, words

from whiteboard.board import Board
from whiteboard.elements import clean_element, wins
from whiteboard.excalidraw import read_scene
from whiteboard.scene import extend_scene
from whiteboard.sketch import parse_sketch


def edited(drawn: list[Element], text: str, *, new: bool = False) -> tuple[Board, Board]:
    """The board that a text makes of a drawing, and the board that is read afterwards."""
    scene = [kept for one in drawn if (kept := clean_element(one)) is not None]
    reading = read_scene(scene)
    board = parse_sketch(text, onto=None if new else reading.board)
    after = {one["id"]: one for one in scene}
    for change in extend_scene(scene, reading, board, reading.board):
        assert wins(change, after.get(change["id"]))
        after[change["id"]] = change
    return board, read_scene(list(after.values())).board


A = labelled("a", "A")
B = labelled("b", "B", 400)
AB = [*A, *B, bound("e", "a", "b", (165, 40), (395, 40))]
NOTE = words("n", "ask about refunds", 200, 200, index="a5")
C = labelled("c", "C", 400, 340)


def test_words_that_lie_about_are_not_the_label_of_an_arrow_that_a_text_draws():
    """Whoever wrote them did not mean what came later, wherever it runs."""
    board, after = edited([*A, *C, NOTE], "A -> C")

    assert after == board
    assert after.notes == ("ask about refunds",)


def test_words_beside_an_arrow_that_is_drawn_anew_stay_a_note():
    """The arrow is that of before, in another place."""
    beside = [*AB, words("n", "TODO: auth", 580, 60, index="a5"), *C]
    board, after = edited(beside, "zone z { B }")

    assert after == board
    assert after.notes == ("TODO: auth",)


def test_what_is_written_beside_an_arrow_of_a_text_is_its_label():
    """Words that come later, and lie over it, are meant for it."""
    scene = [*A, *C]
    changes = extend_scene(scene, read_scene(scene), parse_sketch("A -> C"))
    later = words("n", "refunds", 260, 200, index="b00")
    (arrow,) = read_scene([*scene, *changes, later]).board.arrows

    assert arrow.label == "refunds"


def test_a_box_that_leaves_its_group_leaves_the_words_of_the_others():
    """A group of labelled boxes is no one thing of which all goes with each."""
    group: Element = {"groupIds": ["g"]}
    pair = [{**one, **group} for one in (*A, *B)]
    board, after = edited([*pair, bound("e", "a", "b")], "zone z { B }")

    assert after == board
    assert after.component("a").label == "A"


def test_an_ornament_goes_with_its_box():
    """It would be a box without a name."""
    _, after = edited([*AB, box("o", 420, 10, 20, 20)], "A", new=True)

    assert [part.id for part in after.components] == ["a"]


@pytest.mark.parametrize(
    "outline",
    [
        pytest.param(box("z", 350, -60, 300, 220), id="box"),
        pytest.param(stroke("z", *corners(350, -60, 300, 220), type="line"), id="line"),
        pytest.param(pen("z", *corners(350, -60, 300, 220)), id="pen"),
    ],
)
@pytest.mark.parametrize("text", ["A\nzone trusted\n{\n}\nB", "zone trusted { B ; D }\nA"])
def test_a_zone_drawn_by_hand_stays_one(outline: Element, text: str):
    """Whether its only part goes, or another comes into it."""
    drawn = [*A, *B, outline, words("w", "trusted", 360, -50)]
    board, after = edited(drawn, text.replace("\n{\n}", " { }"), new=True)

    assert (after.components, after.zones) == (board.components, board.zones)


def test_boxes_without_words_are_kept_apart_when_one_goes():
    """The second is still the second, under its arrows."""
    nameless = [box("p", 0, 300), box("q", 400, 300), bound("e", "a", "q", (80, 85), (400, 320))]
    board, after = edited([*A, *nameless], 'A -> "unnamed 2"', new=True)

    assert after == board


@pytest.mark.parametrize("held", [None, "gone", "unseen"])
def test_a_note_goes_whatever_it_was_bound_to(held: str | None):
    """What is a note to the reader is one to who takes it away."""
    lost = words("n", "ask about refunds", 0, 900, held)
    _, after = edited([*A, lost, box("unseen", 0, 900, opacity=0)], "A", new=True)

    assert not after.notes
