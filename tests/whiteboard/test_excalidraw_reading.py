"""What else a reading says: how ends were found, ids, kinds, limits; and it never fails."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import DASHED, Element, bound, box, frame, labelled, pen, stroke, words

from whiteboard.board import LABEL_LENGTH, Arrow, ComponentKind, Zone, clean_label
from whiteboard.elements import clean_element
from whiteboard.excalidraw import Found, read_scene
from whiteboard.scene_board import MAX_NOTE_CHARACTERS
from whiteboard.sketch import (
    MAX_ARROWS,
    MAX_COMPONENTS,
    MAX_NESTING,
    MAX_NOTES,
    MAX_ZONES,
    NOTE_LENGTH,
)

A = labelled("a", "A")
B = labelled("b", "B", 400)
C = labelled("c", "C", 400, 300)
AROUND = box("z", -40, -60, 640, 220, **DASHED)


@pytest.mark.parametrize(
    ("arrow", "source", "target"),
    [
        (bound("r", "a", "b"), ("a", Found.BOUND), ("b", Found.BOUND)),
        (bound("r", "a", None, (164, 40), (390, 40)), ("a", Found.BOUND), ("b", Found.NEAR)),
        (bound("r", None, "b", (170, 40), (396, 40)), ("a", Found.NEAR), ("b", Found.BOUND)),
        (stroke("r", (170, 40), (370, 40)), ("a", Found.NEAR), ("b", Found.NEAR)),
        (stroke("r", (170, 40), (340, 40)), ("a", Found.NEAR), ("b", Found.POINTED)),
        (bound("r", "a", "gone", (164, 40), (390, 40)), ("a", Found.BOUND), ("b", Found.NEAR)),
        (
            bound("r", "b", "a", startArrowhead="arrow", endArrowhead=None),
            ("a", Found.BOUND),
            ("b", Found.BOUND),
        ),
    ],
)
def test_each_end_says_how_it_was_found(
    arrow: Element, source: tuple[str, Found], target: tuple[str, Found]
):
    """Bound by the canvas, or merely near; turned around with the direction."""
    reading = read_scene([*A, *B, arrow])
    (read,) = reading.arrows

    assert (read.source, read.source_found) == source
    assert (read.target, read.target_found) == target
    assert bool(reading.board.guesses) is read.guessed is (target[1] is Found.POINTED)


def test_an_arrow_into_nothing_is_loose():
    """The end that meets nothing is None, and the board has no such arrow."""
    reading = read_scene([*A, bound("r", "a", None, (164, 40), (300, 40))])
    (loose,) = reading.arrows

    assert (loose.element, loose.source, loose.target) == ("r", "a", None)
    assert (loose.source_found, loose.target_found) == (Found.BOUND, Found.LOOSE)
    assert reading.board.arrows == reading.board.guesses == ()


def test_an_arrow_bound_to_a_zone_of_several_is_loose_but_bound():
    """Nobody can tell which box it means, but that it means the zone."""
    arrow = bound("r", "c", "z", (400, 296), (300, 164))
    reading = read_scene([*A, *B, *C, AROUND, arrow])
    (loose,) = reading.arrows

    assert (loose.source, loose.target) == ("c", None)
    assert loose.target_found is Found.BOUND
    assert reading.board.guesses == (Arrow("c", "a"), Arrow("c", "b"))


def test_an_arrow_bound_to_a_zone_of_one_is_a_guess():
    """It is drawn to the only box, and may be meant for the zone."""
    reading = read_scene([*A, *C, AROUND, bound("r", "c", "z", (400, 296), (300, 164))])

    assert reading.arrows[0].target_found is Found.ALONE
    assert reading.board.arrows == reading.board.guesses == (Arrow("c", "a"),)


def test_what_is_drawn_twice_is_no_guess_where_one_is_plain():
    """An arrow to the zone beside one to the box in it takes nothing from that."""
    both = [bound("r", "c", "z", (400, 296), (300, 164)), bound("s", "c", "a")]

    assert read_scene([*A, *C, AROUND, *both]).board.guesses == ()


@pytest.mark.parametrize(
    ("look", "is_zone"),
    [
        ({"backgroundColor": "#a5d8ff"}, False),
        ({"backgroundColor": "#a5d8ff", **DASHED}, True),
        ({"backgroundColor": "transparent"}, True),
        ({"backgroundColor": "#a5d8ff", "id": "z:agent"}, True),
    ],
)
def test_a_filled_box_with_a_name_and_parts_in_it_stays_a_box(look: Element, is_zone: bool):
    """An arrow to it ends there; drawn as a boundary, it is one."""
    name = look.get("id", "s")
    service = box(name, -40, -60, 640, 220, **look)
    parts = [*A, *B, *C, service, words("st", "Agent service", 200, 30, name)]
    reading = read_scene([*parts, bound("r", "c", name, (400, 296), (300, 164))])

    assert bool(reading.board.zones) is is_zone
    assert reading.board.arrows == (() if is_zone else (Arrow("c", "agent service"),))
    assert len(reading.board.components) == (3 if is_zone else 4)


def test_a_filled_box_that_is_titled_at_its_top_is_a_zone():
    """So people draw a boundary with a colour."""
    filled = box("s", -40, -60, 640, 220, backgroundColor="#a5d8ff")
    title = words("st", "Backend", -30, -55, "s", verticalAlign="top")

    assert [one.label for one in read_scene([*A, *B, filled, title]).board.zones] == ["Backend"]


@pytest.mark.parametrize(
    ("heads", "directed", "both_ways", "arrows"),
    [
        ((None, "arrow"), True, False, {Arrow("a", "b")}),
        (("arrow", None), True, False, {Arrow("b", "a")}),
        (("bar", "dot"), True, True, {Arrow("a", "b"), Arrow("b", "a")}),
        ((None, None), False, False, {Arrow("a", "b", directed=False)}),
    ],
)
@pytest.mark.parametrize("tool", ["arrow", "line"])
def test_only_heads_give_a_direction(
    tool: str,
    heads: tuple[str | None, str | None],
    directed: bool,
    both_ways: bool,
    arrows: set[Arrow],
):
    """Without any, the order in which the line was drawn is no claim."""
    start, end = heads
    arrow = bound("r", "a", "b", type=tool, startArrowhead=start, endArrowhead=end)
    reading = read_scene([*A, *B, arrow])
    (read,) = reading.arrows

    assert (read.directed, read.both_ways) == (directed, both_ways)
    assert set(reading.board.arrows) == arrows


def test_a_line_is_the_same_whichever_way_it_was_drawn():
    """Its ends stand in the order of ids, so drawing it from the other side is no news."""
    there, back = (bound("l", *ends, endArrowhead=None) for ends in (("a", "b"), ("b", "a")))

    assert read_scene([*A, *B, there]).board == read_scene([*A, *B, back]).board


def test_ids_are_labels_with_a_number_where_they_are_taken():
    """In the order of element ids, whatever the order of the list; unlabelled boxes too."""
    scene = [*labelled("m2", "llm", 600), *labelled("m1", "LLM"), box("x2", 0, 500), box("x1", 900)]
    reading = read_scene(scene)

    assert reading.elements == {"llm": "m1", "llm 2": "m2", "unnamed": "x1", "unnamed 2": "x2"}
    assert [part.label for part in reading.board.components] == [
        "LLM",
        "llm",
        "unnamed",
        "unnamed 2",
    ]


def test_what_a_text_board_drew_keeps_its_ids():
    """Component and zone ids stand in the element ids, where their labels are what was written."""
    made = {"kind": "gateway", "label": "API gateway"}
    scene = [
        *labelled("c:gw", "API gateway", customData=made),
        *labelled("c:llm 2", "LLM", 400),
        *labelled("m", "LLM 2", 0, 400),
        box("z:gw", -40, -60, 640, 220, customData={"label": "Edge"}, **DASHED),
        words("zt", "Edge", -30, -50, "z:gw"),
    ]
    reading = read_scene(scene)

    assert reading.elements == {"gw": "c:gw", "llm 2": "c:llm 2", "llm 2 2": "m"}
    assert reading.zones == {"gw": "z:gw"}
    assert reading.board.zone("gw") == Zone("gw", "Edge")
    assert reading.board.component("gw").label == "API gateway"


def test_what_was_renamed_on_the_canvas_is_known_by_its_new_name():
    """Who writes of it sees the label alone; the old name is free for something else."""
    made = {"label": "Gateway"}
    scene = [
        *labelled("c:gateway", "Proxy", customData=made),
        *labelled("m", "Gateway", 400),
        box("z:edge", -40, -60, 240, 220, customData={"label": "Edge"}, **DASHED),
        words("zt", "Core", -30, -50, "z:edge"),
    ]
    reading = read_scene(scene)

    assert reading.elements == {"gateway": "m", "proxy": "c:gateway"}
    assert reading.zones == {"core": "z:edge"}


@pytest.mark.parametrize("own", ["c:", "c:two\nlines", "c: blank", "c:\u202e"])
def test_an_id_that_a_board_cannot_have_is_not_kept(own: str):
    """A forged element id is named by its label like any other."""
    assert set(read_scene(labelled(own, "Queue")).elements) == {"queue"}


@pytest.mark.parametrize(
    ("label", "custom", "kind"),
    [
        ("redis cache", {}, ComponentKind.CACHE),
        ("redis cache", {"kind": "queue"}, ComponentKind.CACHE),
        ("redis cache", {"kind": "queue", "label": "redis cache"}, ComponentKind.QUEUE),
        ("redis cache", {"kind": "queue", "label": "Queue"}, ComponentKind.CACHE),
        ("frobnicator", {"kind": "queue"}, ComponentKind.QUEUE),
        ("frobnicator", {"kind": "spaceship"}, ComponentKind.OTHER),
        ("redis cache", {"kind": "other", "label": "redis cache"}, ComponentKind.OTHER),
        ("", {"kind": "queue"}, ComponentKind.QUEUE),
    ],
)
def test_the_label_says_the_kind_before_the_palette(
    label: str, custom: Element, kind: ComponentKind
):
    """The palette's kind counts where the label names none, or where nobody has renamed the box."""
    (part,) = read_scene(labelled("a", label, customData=custom)).board.components

    assert part.kind is kind


def test_of_two_states_of_an_element_the_newer_counts():
    """A list may hold an element twice; the canvas's own rule decides, deletion too."""
    old, new = box("a", version=3), box("a", version=4, isDeleted=True)
    low = box("b", versionNonce=1, customData={"kind": "llm"})
    high = box("b", versionNonce=2, customData={"kind": "queue"})
    same = box("b", versionNonce=1, customData={"kind": "cache"})

    assert read_scene([new, old]).elements == read_scene([old, new]).elements == {}
    for scene in ([low, high], [high, low]):
        assert read_scene(scene).board.components[0].kind is ComponentKind.LLM
    assert read_scene([low, same]).board == read_scene([same, low]).board


def test_a_file_is_read_like_its_elements():
    """A saved drawing holds its elements in an object."""
    assert read_scene({"type": "excalidraw", "elements": A}).elements == {"a": "a"}


def test_a_component_is_in_its_innermost_zone():
    """Zones have parents, and none is its own."""
    scene = [
        *A,
        frame("f1", -300, -300, 2000, 2000, "Outer", frameId="f2"),
        frame("f2", -200, -200, 900, 900, "Middle", frameId="f1"),
        frame("f3", -100, -100, 400, 300, "Inner", frameId="f3"),
    ]
    board = read_scene(scene).board

    assert board.zones_around("a") == ("inner", "middle", "outer")


def test_a_scene_that_is_too_large_is_cut():
    """A board has its limits; what exceeds them is in the notes, as far as they go."""
    boxes = [part for n in range(300) for part in labelled(f"b{n:03}", f"box {n:03}", 300.0 * n)]
    pairs = [(a, b) for a in range(30) for b in range(30) if a != b]
    links = [bound(f"r{a}-{b}", f"b{a:03}", f"b{b:03}") for a, b in pairs]
    frames = [frame(f"f{n:03}", 300.0 * n, 9000, 90, 90, f"zone {n}") for n in range(150)]
    board = read_scene([*boxes, *links, *frames]).board

    assert len(board.components) == MAX_COMPONENTS
    assert len(board.arrows) == MAX_ARROWS
    assert len(board.zones) == MAX_ZONES
    assert f"{len(pairs) - MAX_ARROWS} more arrows" in board.notes
    assert "box 250" in board.notes
    assert len(board.notes) <= MAX_NOTES + 2


def test_long_notes_are_counted_where_they_are_too_many():
    """Paragraphs on the canvas do not make a board of any length."""
    said = [f"{at:02} " + "this should be thought of again " * 12 for at in range(60)]
    scene = [words(f"t{at}", text, 0, 900.0 * at) for at, text in enumerate(said)]
    notes = read_scene([*A, *scene]).board.notes
    kept = [note for note in notes if len(note) > 100]

    assert 0 < len(kept) < 60
    assert sum(map(len, kept)) <= MAX_NOTE_CHARACTERS
    assert set(notes) == {*kept, f"{60 - len(kept)} more notes"}


def test_zones_that_nest_too_deep_are_notes():
    """What is in them is in the deepest zone that a board can have."""
    frames = [frame(f"f{n:02}", n, n, 900 - 40 * n, 900 - 40 * n, f"F{n}") for n in range(12)]
    board = read_scene([*labelled("a", "A", 60, 60), *frames]).board

    assert len(board.zones_around("a")) == len(board.zones) == MAX_NESTING
    assert board.notes == ("F10", "F11", "F8", "F9")


def test_long_words_are_cut():
    """A label and a note have their lengths."""
    board = read_scene([*labelled("a", "x" * 500), words("t", "y" * 999, 0, 900)]).board

    assert [len(part.label) for part in board.components] == [LABEL_LENGTH]
    assert [len(note) for note in board.notes] == [NOTE_LENGTH]


JUNK = st.recursive(
    st.one_of(
        *(st.none(), st.booleans(), st.text(max_size=4), st.floats(), st.integers()),
        st.sampled_from([10**400, -(10**400), float("nan"), float("inf"), b"\xff", object()]),
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        | st.dictionaries(st.integers(), inner, max_size=2)
    ),
    max_leaves=8,
)
IDS = st.sampled_from(["a", "b", "t", "z", "f", "c:a", "z:a", "t:n:1", "", "\ud800"])
SIZES = st.sampled_from(
    [0, 1, -80, 25.5, 300, 1e6, 1e300, float("nan"), -float("inf"), 10**400, None]
)
FIELDS = {
    "type": st.sampled_from(
        ["rectangle", "ellipse", "diamond", "text", "arrow", "line", "freedraw", "frame", "image"]
    ),
    "id": IDS,
    **dict.fromkeys(("x", "y", "width", "height", "angle"), SIZES | st.floats(-500, 500)),
    "points": st.lists(st.lists(st.floats(-300, 300) | SIZES, max_size=3), max_size=6) | JUNK,
    **dict.fromkeys(("frameId", "containerId"), IDS | JUNK),
    **dict.fromkeys(
        ("startBinding", "endBinding"), st.fixed_dictionaries({"elementId": IDS}) | JUNK
    ),
    **dict.fromkeys(("startArrowhead", "endArrowhead"), st.sampled_from([None, "arrow", 5])),
    "groupIds": st.lists(st.sampled_from(["g", "h"]), max_size=2) | JUNK,
    "originalText": st.sampled_from(["A", "B", "", " ", "trusted zone", "\ud800"]) | JUNK,
    **dict.fromkeys(("text", "name"), st.text(max_size=4) | JUNK),
    "isDeleted": st.sampled_from([False, False, False, True, "yes"]),
    "strokeStyle": st.sampled_from(["solid", "dashed", []]),
    "backgroundColor": st.sampled_from(["transparent", "#fff", {}]),
    "customData": st.fixed_dictionaries({"kind": st.sampled_from(["trust_boundary", "llm"])})
    | JUNK,
    **dict.fromkeys(("version", "versionNonce"), st.integers(0, 3) | JUNK),
}
ELEMENTS = st.lists(st.fixed_dictionaries({}, optional=FIELDS) | JUNK, max_size=9)


@given(ELEMENTS, st.randoms(use_true_random=False))
def test_anything_that_calls_itself_a_scene_is_read(elements: list[Any], chance: random.Random):
    """No element makes it fail, the parts refer to each other, and the order changes nothing."""
    reading = read_scene(elements)
    board = reading.board

    assert reading == read_scene(chance.sample(elements, len(elements)))
    ids = {part.id for part in board.components}
    assert {end for arrow in board.arrows for end in (arrow.source, arrow.target)} <= ids
    for part in board.components:
        board.zones_around(part.id)
        assert part.label == clean_label(part.label) != ""
    assert ids <= set(reading.elements)
    assert {zone.id for zone in board.zones} == set(reading.zones)
    assert set(board.arrows) == {one for arrow in reading.arrows for one in arrow.board_arrows()}


@given(JUNK)
def test_anything_at_all_is_read(whatever: object):
    """What is no scene is an empty board."""
    assert read_scene(whatever).board == read_scene([]).board


def test_a_list_that_holds_itself_is_read():
    """Endless nesting is no nesting that anybody follows."""
    endless: list[Any] = [*A]
    endless.append(endless)
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    nested = box("x", 900, customData={"kind": deep}, groupIds=deep, points=deep)

    assert set(read_scene([*endless, nested, deep]).elements) == {"a", "unnamed"}


TIDY = [*A, *B, *C, AROUND, words("n", "10k QPS", 900, 900), pen("p", (0, 900), (50, 950))]
LINKS = [bound("r1", "a", "b", (164, 40), (396, 40)), stroke("r2", (480, 90), (480, 290))]


@given(st.randoms(use_true_random=False))
def test_a_cleaned_scene_reads_alike(chance: random.Random):
    """What the server keeps of the elements is all that a reading needs."""
    scene = chance.sample([*TIDY, *LINKS], len(TIDY) + len(LINKS))
    reading = read_scene([clean_element(element) for element in scene])

    assert reading == read_scene(scene)
    assert reading.board.arrows == (Arrow("a", "b"), Arrow("b", "c"))
