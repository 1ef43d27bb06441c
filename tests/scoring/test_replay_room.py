"""How many pictures a card has: what is drawn large takes the place of others."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from replay_samples import card_of, drawn_zone, element, hand_drawn, scenes, text
from scorecard_samples import START

from scoring.render.allowance import SAFE, allow, picture_bytes
from scoring.render.html import render_html
from scoring.render.replay import Replay, replays
from scoring.render.timeline import Drawing, Element
from whiteboard.board import Board
from whiteboard.picture import scene_svg
from whiteboard.scene import board_elements
from whiteboard.sketch import parse_sketch

LARGEST = 4_500_000
"""Bytes of a card."""


def remarks(count: int) -> list[dict[str, Any]]:
    """Texts of twelve thousand bytes each."""
    return [text(f"remark-{at}", "é" * 2_000, (0, 30 * at), None) for at in range(count)]


def large(count: int, size: int) -> list[Drawing]:
    """As many revisions of a board of so many remarks, of which one is new each time."""
    drawn = remarks(size)
    return [
        Drawing(
            revision,
            0,
            "scope" if revision < count // 2 else "operations",
            START + timedelta(seconds=8 * revision),
            Board(notes=(f"note {revision}",)),
            drawn,
        )
        for revision in range(1, count + 1)
    ]


def card_with(boards: list[Drawing]) -> tuple[Replay, str]:
    """The replay of these boards, and the page that it is on."""
    card = card_of(boards)
    shown = replays(card, boards)
    return shown[0], render_html(card, shown=shown)


def test_a_card_of_large_boards_has_as_many_as_it_can_carry() -> None:
    """Fewer between the ends of stages, which stay; and it says so."""
    shown, page = card_with(large(60, 16))
    assert 10 < len(shown.frames) < 50
    assert [one.ends for _, one in shown.stops] == [("Scope",), ("Operations",)]
    assert all(one.picture.address for one in shown.frames)
    assert 1_500_000 < len(page.encode()) < LARGEST
    assert f"60 boards, {len(shown.frames)} of them shown" in page
    assert "no room for more pictures" in page


def test_a_card_that_has_all_its_pictures_speaks_of_no_others() -> None:
    """Nothing was left out."""
    shown, page = card_with(large(2, 16))
    assert not shown.crowded
    assert "no room for more pictures" not in page


def test_ends_of_stages_that_are_too_large_for_a_card_keep_their_words() -> None:
    """The last one has its picture as long as it fits alone."""
    shown, page = card_with(large(20, 250))
    first, last = shown.frames
    assert (first.picture.address, bool(last.picture.address)) == ("", True)
    assert first.picture.alt
    assert f'<p class="plain soft">{first.picture.alt}' in page
    assert page.count("<img") == 1
    assert len(page.encode()) < LARGEST


def test_evidence_that_is_not_ringed_for_its_size_is_a_quote_alone() -> None:
    """Its board is shown all the same, in words."""
    heavy = [replace(one, elements=[*(one.elements or ()), *remarks(250)]) for one in hand_drawn()]
    shown, page = card_with(heavy)
    assert shown.seen == {}
    assert 'href="#seen-' not in page
    assert "on the whiteboard" in page


def test_rings_are_drawn_while_there_is_room() -> None:
    """What is not ringed any more is a quote without a link; boards between the ends go first."""
    boards = hand_drawn()
    ends, seen = [8, 12], [1, 2, 3]
    sizes = {one.revision: picture_bytes(one) for one in boards}
    kept = sum(sizes[one] for one in (*ends, *seen))
    rings = dict.fromkeys(seen, 2)

    whole = allow(boards, (*ends, *seen), rings)
    assert (len(whole.drawings), whole.rings, whole.crowded) == (12, rings, False)
    some = allow(boards, (*ends, *seen), rings, kept + 2 * sizes[1] + sizes[2])
    assert [one.revision for one in some.drawings] == sorted((*ends, *seen))
    assert (some.rings, some.crowded) == ({1: 2, 2: 1, 3: 0}, True)
    few = allow(boards, (*ends, *seen), rings, sizes[12] + sizes[8])
    assert (few.pictured, few.rings) == ({8, 12}, {})
    assert len(few.drawings) == 5


@st.composite
def rounds(draw: st.DrawFn) -> tuple[list[Drawing], set[int], dict[int, int], int]:
    """Boards of all sizes, which of them are kept, rings in some of these, and a limit."""
    counts = draw(st.lists(st.integers(0, 30), min_size=1, max_size=20))
    kept = draw(st.sets(st.integers(1, len(counts))))
    rings = {one: draw(st.integers(1, 3)) for one in sorted(kept) if draw(st.booleans())}
    shape = element("one", "rectangle", (0, 0, 9, 9))
    boards = [
        Drawing(revision, 0, "scope", START, Board(), [shape] * count)
        for revision, count in enumerate(counts, 1)
    ]
    return boards, kept, rings, draw(st.integers(0, 60_000))


@given(rounds())
def test_pictures_stay_below_the_limit_and_the_newest_ends_come_first(
    given_round: tuple[list[Drawing], set[int], dict[int, int], int],
) -> None:
    """Whatever the sizes; what is kept is shown, and nothing is left out that is not owned to."""
    boards, kept, rings, most = given_round
    sizes = {one.revision: picture_bytes(one) for one in boards}
    found = allow(boards, kept, rings, most)
    ringed = sum(sizes[one] * count for one, count in found.rings.items())
    shown = {one.revision for one in found.drawings}

    assert sum(sizes[one] for one in found.pictured) + ringed <= most
    assert kept <= shown
    assert found.pictured <= shown
    assert shown - kept <= found.pictured
    for one in kept - found.pictured:
        newer = sum(sizes[other] for other in found.pictured & kept if other > one)
        assert newer + sizes[one] > most
    whole = len(found.pictured) == len(boards) and found.rings == rings
    assert found.crowded is not whole


def many(kind: str, size: int = 100, **more: Any) -> list[Element]:
    """Elements far out, no two in one place."""
    return [
        element(f"{kind}-{at}", kind, (at * -413.37 - 9_000, at * 33.33, 160.123, 70.17), **more)
        for at in range(size)
    ]


CIRCLE = [[300 * math.sin(at) + 0.123, 300 * math.cos(at) + 0.456] for at in range(50)]
LOOKS = {"angle": 1.1234, "opacity": 40, "strokeStyle": "dashed", "backgroundColor": "#a5d8ff80"}
BEND = [[0, 0], [50, 200], [100.5, 200.25]]
DRAWN = {
    "samples": scenes()[-1],
    "rectangles": many("rectangle", **LOOKS, roundness={"type": 3}),
    "diamonds": many("diamond", **LOOKS, roundness={"type": 3}),
    "zones": [part for at in range(99) for part in drawn_zone(f"z{at}", "&", (9, 99 * at, 9, 9))],
    "frames with long names": many("frame", name="'" * 300),
    "long texts": [text(f"t{at}", "\"&'<é😀" * 2_000, (0, 0), None) for at in range(50)],
    "texts of many lines": [text(f"t{at}", "ab\n" * 900, (0, 0), None) for at in range(50)],
    "texts that are not said": many("text", originalText="é\n" * 900),
    "half characters": [text(f"t{at}", "\ud800\x00" * 900, (0, 0), None) for at in range(50)],
    "arrows": many("arrow", points=CIRCLE, endArrowhead="arrow", startArrowhead="crowfoot_many"),
    "bent arrows": many("arrow", points=BEND, roundness={"type": 2}, endArrowhead="triangle"),
    "strokes": many("freedraw", points=CIRCLE),
    "more than is drawn": many("line", size=900, points=CIRCLE * 2),
}


@pytest.mark.parametrize("scene", DRAWN.values(), ids=DRAWN)
def test_a_picture_is_about_as_large_as_it_was_taken_for(scene: Sequence[Element]) -> None:
    """Not half as large again, nor three times where all of it is marked."""
    board = Drawing(1, 0, "scope", START, Board(), scene)
    everything = {one["id"] for one in scene}
    plain, marked = (embedded(scene, ids) for ids in (set[str](), everything))
    assert plain < 1.5 * picture_bytes(board)
    assert marked < 3 * picture_bytes(board)


def test_a_sketch_is_about_as_large_as_it_was_taken_for() -> None:
    """Its elements are laid out when it is drawn."""
    board = parse_sketch("a -> b : ask ; b -> c ; c -> a ; zone inside { b, c }")
    taken = picture_bytes(Drawing(1, 0, "scope", START, board))
    assert embedded(board_elements(board), set()) < 1.5 * taken


def embedded(scene: object, marked: set[str]) -> int:
    """How many bytes the picture takes in a page."""
    svg = scene_svg(scene, theme=None, changed=marked, legend="")
    return len(quote(svg, safe=SAFE))
