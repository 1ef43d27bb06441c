"""A text speaks of what is drawn by its label, and changes only what it speaks of."""

from collections.abc import Sequence
from typing import Any

import pytest
from scenes import DASHED, bound, box, labelled, stroke, words

from whiteboard.board import Board
from whiteboard.excalidraw import read_scene
from whiteboard.scene import board_elements, extend_scene
from whiteboard.sketch import parse_sketch, to_sketch

Scene = Sequence[dict[str, Any]]


def with_text(scene: Scene, text: str) -> tuple[Board, list[dict[str, Any]], set[str]]:
    """The board that is wanted, the scene with it, and the ids of what was changed."""
    reading = read_scene(scene)
    board = parse_sketch(f"{to_sketch(reading.board)}\n{text}")
    changes = extend_scene(scene, reading, board)
    elements = {one["id"]: one for one in [*scene, *changes]}
    return board, list(elements.values()), {one["id"] for one in changes}


def renamed(text: str, element: str, label: str) -> list[dict[str, Any]]:
    """A text board in which somebody gave a box another label on the canvas."""
    words = {"text": label, "originalText": label}
    return [
        one | words if one.get("containerId") == element else one
        for one in board_elements(parse_sketch(text))
    ]


def labels(scene: Scene) -> dict[str, str]:
    """The labels of what a scene shows by the ids of the elements."""
    reading = read_scene(scene)
    return {reading.elements[part.id]: part.label for part in reading.board.components}


@pytest.mark.parametrize(
    "text",
    [
        "proxy -> cache",
        "gateway -> proxy",
        "gateway[Edge] -> cache",
        "zone edge { proxy }\ngateway -> proxy",
        "zone edge { gateway }",
        "proxy[gateway]",
    ],
)
def test_a_box_that_was_renamed_on_the_canvas_is_named_in_text(text: str):
    """By its new label, and the old one makes something new."""
    scene = renamed("client -> gateway -> llm", "c:gateway", "Proxy")
    board, changed, _ = with_text(scene, text)

    assert "proxy" in {part.id for part in board.components}
    assert read_scene(changed).board == board


def test_names_that_were_exchanged_on_the_canvas_are_kept_apart():
    """Each is called as it says; new boxes under old names get in nobody's way."""
    scene = renamed("a -> b", "c:a", "B")
    scene = [
        one | {"text": "A", "originalText": "A"} if one.get("containerId") == "c:b" else one
        for one in scene
    ]
    board, changed, ids = with_text(scene, "c")

    assert board.arrows == parse_sketch("b -> a").arrows
    assert read_scene(changed).board == board
    assert {one["id"] for one in changed if not one["isDeleted"]} >= {"c:a", "c:b", "c:c"}
    assert "c:c" in ids


TWINS: Scene = [
    *labelled("m1", "LLM"),
    *labelled("m2", "LLM", 400),
    *labelled("gw", "Gateway", 0, 300),
    bound("r", "gw", "m2", (164, 340), (396, 40)),
]


def test_a_text_that_says_nothing_of_twins_leaves_them():
    """Neither is drawn anew under another id."""
    board, changed, ids = with_text(TWINS, "queue")

    assert read_scene(changed).board == board
    assert ids == {"c:queue", "t:c:queue"}


def test_a_twin_that_needs_its_name_gets_it():
    """Where the first goes, the second is still called the second, as the text does."""
    reading = read_scene(TWINS)
    board = parse_sketch('Gateway -> "llm 2"["LLM"]')
    changes = extend_scene(TWINS, reading, board)
    changed = list({one["id"]: one for one in [*TWINS, *changes]}.values())

    assert read_scene(changed).board == board
    assert labels(changed) == {"gw": "Gateway", "c:llm 2": "LLM"}


LOOSE: Scene = [
    box("m1", 0, 0),
    words("w1", "LLM", 60, 30),
    box("m2", 170, 0),
    words("w2", "LLM", 180, 30),
]


@pytest.mark.parametrize(("gone", "left"), [("llm", "m2"), ("llm 2", "m1")])
def test_a_twin_that_is_taken_away_takes_its_own_words(gone: str, left: str):
    """The other stands close by under the same words, and keeps them."""
    reading = read_scene(LOOSE)
    parts = tuple(part for part in reading.board.components if part.id != gone)
    changes = extend_scene(LOOSE, reading, Board(parts))
    changed = list({one["id"]: one for one in [*LOOSE, *changes]}.values())

    assert read_scene(changed).board == Board(parts)
    assert list(labels(changed).values()) == ["LLM"]
    shapes = [one for one in changed if one["type"] == "rectangle" and not one["isDeleted"]]
    assert [one["x"] for one in shapes] == [170 if left == "m2" else 0]


def test_the_words_of_a_zone_go_with_it():
    """Those that stand free at its top, though the box in it is called the same."""
    scene = [
        box("a", 0, 40),
        words("at", "Core", 60, 70),
        box("z", -40, -60, 400, 300, **DASHED),
        words("t", "Core", -30, -50),
    ]
    board = parse_sketch("Core")
    changed = extend_scene(scene, read_scene(scene), board)
    after = list({one["id"]: one for one in [*scene, *changed]}.values())

    assert read_scene(after).board == board


def test_the_words_beside_an_arrow_go_with_it():
    """They are no note afterwards."""
    scene = [
        *labelled("a", "A"),
        *labelled("b", "B", 400),
        stroke("r", (164, 40), (396, 40)),
        words("t", "asks", 250, 8),
    ]
    board = parse_sketch("A; B")
    changed = extend_scene(scene, read_scene(scene), board)
    after = list({one["id"]: one for one in [*scene, *changed]}.values())

    assert read_scene(after).board == board
