"""Scenes that nobody draws by hand, made to be too much: they are read as far as they go."""

from scenes import bound, labelled

from whiteboard.board import Arrow
from whiteboard.excalidraw import read_scene


def test_an_arrow_at_a_box_that_is_too_much_leads_nowhere():
    """The scene is read all the same: an end may meet what no longer fits on the board."""
    boxes = [part for n in range(250) for part in labelled(f"b{n:03}", f"box {n:03}", 300.0 * n)]
    board = read_scene([*boxes, bound("r", "b000", "b249"), bound("s", "b001", "b000")]).board

    assert board.arrows == (Arrow("box 001", "box 000"),)
    assert board.guesses == ()
