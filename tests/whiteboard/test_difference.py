"""What changed between two revisions of a board, and how it is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import DASHED, Element, bound, box, labelled, words

from whiteboard.board import Arrow, Board, Component, ComponentKind, Zone
from whiteboard.changed import changed_elements
from whiteboard.difference import Difference, compare, describe
from whiteboard.excalidraw import SceneReading, read_scene
from whiteboard.sketch import parse_sketch

BEFORE = "client -> gateway -> orders\nzone trusted { orders }\nnote: ten a second"


@pytest.mark.parametrize(
    ("after", "sentences"),
    [
        (BEFORE, ()),
        (f"{BEFORE}\ngateway -> cache",
         ("added “cache”", "added the arrow from “gateway” to “cache”")),
        (f"{BEFORE}\nclient -> orders : direct",
         ("added the arrow from “client” to “orders” labelled “direct”",)),
        ("client -> gateway\nzone trusted { orders }\nnote: ten a second",
         ("removed the arrow from “gateway” to “orders”",)),
        ("gateway -> orders\nzone trusted { orders }\nnote: ten a second",
         ("removed “client”", "removed the arrow from “client” to “gateway”")),
        (f"{BEFORE}\ngateway[API gateway]", ("renamed “gateway” to “API gateway”",)),
        (f"{BEFORE}\norders [queue]", ("changed “orders” from other to queue",)),
        (f"{BEFORE}\nzone trusted {{ gateway }}", ("moved “gateway” into the zone “trusted”",)),
        (BEFORE.replace("{ orders }", "{\nzone core { orders }\n}"),
         ("added the zone “core”",
          "moved “orders” from the zone “trusted” into the zone “core”")),
        ("client -> gateway -> orders\nnote: ten a second",
         ("removed the zone “trusted”", "moved “orders” out of the zone “trusted”")),
        (f"{BEFORE}\nzone trusted[Untrusted] {{ }}",
         ("renamed the zone “trusted” to “Untrusted”",)),
        ("client -> gateway -> orders\nzone trusted { orders }\nnote: a hundred",
         ("removed the note “ten a second”", "added the note “a hundred”")),
    ],
)  # fmt: skip
def test_changes_are_said_in_plain_sentences(after: str, sentences: tuple[str, ...]):
    """Each kind of change has its sentence, and what stays has none."""
    difference = compare(parse_sketch(BEFORE), parse_sketch(after))

    assert describe(difference) == sentences


def test_a_zone_that_gets_another_parent_has_moved():
    """Zones move like boxes."""
    before = parse_sketch("zone a { x }\nzone b { y }")
    after = parse_sketch("zone b {\ny\nzone a { x }\n}")

    assert describe(compare(before, after)) == ("moved the zone “a” into the zone “b”",)


@pytest.mark.parametrize(
    ("boxes", "said"),
    [
        (2, "“b0” and “b1”"),
        (5, "“b0”, “b1”, “b2”, “b3” and “b4”"),
        (6, "“b0”, “b1”, “b2”, “b3” and 2 more"),
        (10, "“b0”, “b1”, “b2”, “b3” and 6 more"),
    ],
)
def test_a_zone_drawn_around_boxes_is_one_move(boxes: int, said: str):
    """However many they are; boxes that went another way have a sentence of their own."""
    names = " ".join(f"b{number} ;" for number in range(boxes))
    before = parse_sketch(f"{names} zone old {{ other }}")
    after = parse_sketch(f"zone trusted {{ {names} other }} zone old {{ }}")

    assert describe(compare(before, after)) == (
        "added the zone “trusted”",
        f"moved {said} into the zone “trusted”",
        "moved “other” from the zone “old” into the zone “trusted”",
    )


def compared(before: SceneReading, after: SceneReading) -> Difference:
    """The difference of two readings, the elements known."""
    return compare(before.board, after.board, before, after)


A_TO_B = bound("r", "a", "b")
DRAWN = [*labelled("a", "client"), *labelled("b", "LLM", 400), A_TO_B]


def test_a_box_that_is_renamed_on_the_canvas_is_the_same_box():
    """Its id changes with its label; its arrows stay, and the element says that it is the same."""
    renamed = [*DRAWN[:3], words("b-text", "Claude", 440, 28, "b"), A_TO_B]
    before, after = read_scene(DRAWN), read_scene(renamed)

    assert describe(compared(before, after)) == ("renamed “LLM” to “Claude”",)
    assert len(describe(compare(before.board, after.board))) == 4


@pytest.mark.parametrize(
    ("arrow", "sentence"),
    [
        (
            bound("r", "a", "c"),
            "changed the arrow from “client” to “LLM” into the arrow from “client” to “cache”",
        ),
        (
            bound("r", "b", "a"),
            "changed the arrow from “client” to “LLM” into the arrow from “LLM” to “client”",
        ),
        (
            bound("r", "a", "b", endArrowhead=None),
            "changed the arrow from “client” to “LLM” into the line between “client” and “LLM”",
        ),
        (bound("r", "a", "d"), "led the arrow from “client” to “LLM” to another box of that name"),
        (
            bound("r", "a", "b", startArrowhead="arrow"),
            "added the arrow from “LLM” to “client”",
        ),
    ],
)
def test_an_arrow_that_is_changed_on_the_canvas_is_one_change(arrow: Element, sentence: str):
    """Another end, another way round, no head: one sentence says it, and the arrow is marked."""
    others = [*labelled("c", "cache", 800), *labelled("d", "LLM", 1200)]
    before = read_scene([*DRAWN, *others])
    after = read_scene([*DRAWN[:-1], *others, arrow])
    difference = compared(before, after)

    assert describe(difference) == (sentence,)
    assert changed_elements(difference, after) == {"r"}


def test_a_zone_is_told_from_the_box_that_is_called_like_it():
    """The zone gets another name, and the box keeps its own."""
    around, ring = words("zt", "LLM", 370, -50, "z"), box("z", 360, -60, 240, 200, **DASHED)
    renamed = words("zt", "models", 370, -50, "z")
    before, after = (read_scene([*DRAWN, ring, title]) for title in (around, renamed))

    assert describe(compared(before, after)) == ("renamed the zone “LLM” to “models”",)


def test_a_number_that_moves_up_is_no_change():
    """Where the first of two boxes with one label goes, the second takes its id, and stays."""
    second = [*labelled("c", "LLM", 800), bound("s", "a", "c")]
    before, after = read_scene([*DRAWN, *second]), read_scene([*DRAWN[:2], *second])
    difference = compared(before, after)

    assert [part.id for part in difference.removed] == ["llm"]
    assert difference.arrows_removed == (Arrow("client", "llm"),)
    assert difference.arrows_added == difference.added == difference.relabelled == ()


def test_a_new_box_under_an_old_name_is_new():
    """A box was renamed and another drawn under its name: their arrows are not mixed up."""
    renamed = [*DRAWN[:3], words("b-text", "cache", 440, 28, "b")]
    new = [*labelled("n", "LLM", 800), bound("s", "a", "n"), A_TO_B]
    difference = compared(read_scene(DRAWN), read_scene([*renamed, *new]))

    assert describe(difference) == (
        "added “LLM”",
        "renamed “LLM” to “cache”",
        "added the arrow from “client” to “LLM”",
    )


def test_a_box_that_is_drawn_again_is_the_same():
    """Another element with the same label stands where the old one did."""
    again = [*DRAWN[:2], *labelled("n", "LLM", 400), bound("r", "a", "n")]

    assert not describe(compared(read_scene(DRAWN), read_scene(again)))


IDS = st.sampled_from("abcd")


@st.composite
def boards(draw: st.DrawFn) -> Board:
    """Any small board."""
    zones = draw(st.sets(st.sampled_from("yz")))
    home = st.sampled_from([None, *sorted(zones)])
    kinds = st.sampled_from([ComponentKind.LLM, ComponentKind.OTHER])
    parts = [
        Component(part, draw(st.sampled_from(["A", "B"])), draw(kinds), draw(home))
        for part in sorted(draw(st.sets(IDS)))
    ]
    ends = st.sampled_from([part.id for part in parts]) if parts else st.nothing()
    arrows = st.builds(Arrow, ends, ends, st.sampled_from(["", "x"]))
    return Board(
        components=tuple(parts),
        arrows=tuple(sorted(draw(st.sets(arrows, max_size=4 if parts else 0)))),
        zones=tuple(Zone(zone, zone.upper()) for zone in sorted(zones)),
        notes=tuple(sorted(draw(st.sets(st.sampled_from(["n", "m"]))))),
    )


@given(boards(), boards())
def test_no_change_goes_unseen(before: Board, after: Board):
    """It says something exactly where the boards differ."""
    assert bool(describe(compare(before, after))) is (before != after)


@given(boards(), boards())
def test_the_way_back_is_the_way_turned_around(before: Board, after: Board):
    """What was added one way is removed the other way."""
    there, back = compare(before, after), compare(after, before)

    assert (there.added, there.arrows_added) == (back.removed, back.arrows_removed)
    assert (there.zones_added, there.notes_added) == (back.zones_removed, back.notes_removed)
    assert {change[::-1] for change in there.moved} == set(back.moved)
