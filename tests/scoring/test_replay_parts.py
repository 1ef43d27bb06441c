"""What the pictures of a replay mark, and what they say in words."""

from replay_samples import Box, card_of, drawn_arrow, drawn_box
from scorecard_samples import START

from scoring.render.replay import Replay, replays
from scoring.render.timeline import Drawing
from whiteboard.excalidraw import read_scene

CLIENT, GATEWAY = Box("client", "Client", 0, 0), Box("gw", "API gateway", 400, 0)


def drawn(revision: int, *elements: dict[str, object]) -> Drawing:
    """A revision that was drawn by hand."""
    scene = list(elements)
    return Drawing(revision, 0, "scope", START, read_scene(scene).board, scene)


def replay_of(*boards: Drawing) -> Replay:
    return replays(card_of(list(boards)), boards)[0]


def test_a_line_without_heads_is_no_arrow_in_words() -> None:
    """The description joins its ends with a dash, whichever way it was drawn, and marks it."""
    line = drawn_arrow(GATEWAY, CLIENT) | {"endArrowhead": None}
    boxes = [*drawn_box(CLIENT), *drawn_box(GATEWAY)]
    first, last = replay_of(drawn(1, *boxes), drawn(2, *boxes, line)).frames

    assert "Arrows: API gateway — Client" in last.picture.alt
    assert first.picture.light != last.picture.light
    assert last.changes == ("added the line between “API gateway” and “Client”",)
