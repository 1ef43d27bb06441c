"""What people draw and write is text on a card and in its pictures, whatever it is."""

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from replay_samples import BOXES, Box, card_of, drawn_arrow, drawn_box, drawn_zone, element, text
from scorecard_samples import START

from scoring.render.html import render_html
from scoring.render.replay import replays
from scoring.render.timeline import Drawing
from whiteboard.excalidraw import read_scene
from whiteboard.sketch import parse_sketch

PICTURE = "data:image/svg+xml,"
SHAPES = {"svg", "g", "rect", "ellipse", "circle", "polygon", "polyline", "path", "text"}
SHAPES |= {"title", "style"}

LABELS = (
    "</script><script>alert(1)</script>",
    "]]></style></svg><svg onload=alert(1)>",
    '"><img src="https://evil.example/x" onerror=alert(1)>',
    "--><!-- <?xml?><!DOCTYPE a [<!ENTITY b 'c'>]>",
    "&#0;&#xD800;&lt;%3Cscript%3E{{ 7 * 7 }}",
    "\x00\x01\x0b\x1f\x7f\x85\ufffe\uffff box",
    "\ud800\udfff half \U0001f600",
    "\u202e\u2066reversed\u2069\u2028",
    "x" * 10_000,
)


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def hostile_scene(label: str) -> list[dict[str, Any]]:
    """The label everywhere where a scene has words, and values that are none."""
    evil = Box("evil", label, 0, 600)
    nothing, endless = float("nan"), 10**400
    return [
        *drawn_box(BOXES["gw"]),
        *drawn_box(evil),
        *drawn_zone("zone", label, (-40, 560, 300, 300)),
        drawn_arrow(BOXES["gw"], evil),
        text("said", label, (300, 500), "gw-to-evil"),
        text("alone", label, (900, 900), None),
        element("frame", "frame", (0, 0, 99, 99), name=label),
        element(label[:99], "rectangle", (900, 0, 50, 50), strokeColor=label, fillStyle=label),
        element("far", "ellipse", (nothing, endless, -9, 9), angle=nothing, opacity=label),
        element("bent", "arrow", (0, 0, 9, 9), points=[[0, label], [nothing, 1], [9, 9]]),
    ]


def drawn(revision: int, scene: list[dict[str, Any]], round_index: int = 0) -> Drawing:
    at = START + timedelta(seconds=60 * revision)
    return Drawing(revision, round_index, "operations", at, read_scene(scene).board, scene)


def check_safe(page: str) -> None:
    """Nothing in the page or its pictures runs or loads anything, and all pictures are whole."""
    page.encode()
    tags = Tags(page).found
    assert [tag for tag, _ in tags].count("script") == 1
    assert not [name for _, attrs in tags for name in attrs if name.startswith("on")]
    sources = [attrs["src"] or "" for _, attrs in tags if "src" in attrs]
    assert sources
    for source in sources:
        assert source.startswith(PICTURE)
        picture = ElementTree.fromstring(unquote(source.removeprefix(PICTURE)))  # noqa: S314
        for part in picture.iter():
            assert part.tag.rpartition("}")[2] in SHAPES
            assert not {"href", "src", "style"} & {one.rpartition("}")[2] for one in part.attrib}
            assert not [one for one in part.attrib if one.startswith("on")]


@pytest.mark.parametrize("label", LABELS, ids=lambda label: ascii(label[:20]))
def test_what_is_drawn_is_text(label: str) -> None:
    """In labels, names, titles and in what is no number or colour; changed and ringed too."""
    boards = [drawn(1, drawn_box(BOXES["gw"])), drawn(2, hostile_scene(label))]
    check_safe(render_html(card_of(boards), drawings=boards))


@pytest.mark.parametrize("label", LABELS, ids=lambda label: ascii(label[:20]))
def test_what_is_sketched_is_text(label: str) -> None:
    """In the notation of the terminal, between quotes."""
    quoted = f'"{label[:40].replace(chr(34), chr(39))}"'
    board = parse_sketch(f"API gateway -> {quoted} : {quoted} ; zone {quoted} {{ client }}")
    boards = [Drawing(1, 0, "scope", START, board)]
    check_safe(render_html(card_of(boards), drawings=boards))


def test_boards_of_two_rounds_stand_apart() -> None:
    """Each with a replay of its own, whose ids are its own; links lead to the right one."""
    boards = [
        drawn(1, drawn_box(BOXES["gw"])),
        drawn(2, [*drawn_box(BOXES["gw"]), *drawn_box(BOXES["llm"])]),
        drawn(3, drawn_box(BOXES["store"]), round_index=1),
    ]
    card = card_of(boards[:2])
    both = card.model_copy(update={"rounds": (*card.rounds, *card.rounds)})
    shown = replays(both, boards)
    assert {index: len(one.frames) for index, one in shown.items()} == {0: 2, 1: 1}
    tags = Tags(render_html(both, drawings=boards)).found
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert {"board-1-1", "board-1-2", "board-2-3", "replay-1", "replay-2"} <= set(ids)
    frames = [one for one in ids if one and one.startswith(("board-1-", "board-2-", "seen-"))]
    assert len(frames) == len(set(frames))


def test_a_card_shows_no_board_of_a_round_that_it_does_not_have() -> None:
    """As of one that began when the card was made."""
    boards = [drawn(1, drawn_box(BOXES["gw"]))]
    later = replace(boards[0], revision=2, round_index=7)
    assert list(replays(card_of(boards), [*boards, later])) == [0]
