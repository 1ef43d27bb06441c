"""Scenes that nobody draws by hand, made to be too much: they are read as far as they go."""

from collections.abc import Sequence

import pytest
from scenes import bound, labelled, stroke, words

from whiteboard import scene_claims
from whiteboard.board import Arrow
from whiteboard.excalidraw import read_scene
from whiteboard.geometry import Point
from whiteboard.outlines import Closest, closest_on


def test_an_arrow_at_a_box_that_is_too_much_leads_nowhere():
    """The scene is read all the same: an end may meet what no longer fits on the board."""
    boxes = [part for n in range(250) for part in labelled(f"b{n:03}", f"box {n:03}", 300.0 * n)]
    board = read_scene([*boxes, bound("r", "b000", "b249"), bound("s", "b001", "b000")]).board

    assert board.arrows == (Arrow("box 001", "box 000"),)
    assert board.guesses == ()


def test_heaps_of_arrows_and_words_are_not_all_held_against_each_other(
    monkeypatch: pytest.MonkeyPatch,
):
    """The work has an end, and what was looked at until then has its words."""
    looks: list[int] = []

    def counted(points: Sequence[Point], place: Point) -> Closest:
        looks.append(len(points))
        return closest_on(points, place)

    monkeypatch.setattr(scene_claims, "closest_on", counted)
    arrows = [stroke(f"e{n:04}", (0, n), (200, n), (400, 0)) for n in range(900)]
    texts = [words(f"t{n:04}", f"label {n}", 180, n) for n in range(900)]
    reading = read_scene([*arrows, *texts])

    assert sum(looks) <= 150_000
    assert any(arrow.label for arrow in reading.arrows)
