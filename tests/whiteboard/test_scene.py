"""Text boards as scenes of the canvas, and scenes brought up to date with text boards."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from drawn_boards import boards
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import bound, box, frame, stroke, words

from whiteboard.board import Arrow, Board, Component, ComponentKind, Zone
from whiteboard.element_forms import (
    arrow_element,
    common_fields,
    fractional_index,
    index_place,
)
from whiteboard.elements import Element, clean_element, wins
from whiteboard.excalidraw import read_scene
from whiteboard.geometry import Point, Rect
from whiteboard.palette import PALETTE
from whiteboard.scene import board_elements, extend_scene
from whiteboard.sketch import SketchError, parse_sketch, to_sketch

SKETCH = """
user -> gateway : question
gateway -> answer LLM <-> retriever
zone trusted {
  policy engine -> order store [database] : approved
  zone audit { trace store }
}
answer LLM -> policy engine : refund
gateway -> gateway : retry
note: refunds above 50 need a person
"""


def by_id(elements: Sequence[Element]) -> dict[str, Element]:
    """The elements by their ids."""
    return {element["id"]: element for element in elements}


def after(elements: Sequence[Element], changes: Sequence[Element]) -> list[Element]:
    """The scene once all clients have taken the changes; each of them must win."""
    scene = by_id(elements)
    for element in changes:
        assert wins(element, scene.get(element["id"]))
        scene[element["id"]] = element
    return list(scene.values())


@settings(max_examples=60, deadline=None)
@given(boards())
def test_a_board_survives_being_drawn_and_read(board: Board):
    """Text to board to scene to board to text is stable."""
    read = read_scene(board_elements(board))

    assert read.board == board
    assert all(any(arrow.board_arrows()) for arrow in read.arrows)
    assert not read.board.guesses
    assert to_sketch(read.board) == to_sketch(board)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=4), st.text(max_size=60))
def test_odd_names_survive_too(names: list[str], label: str):
    """Whatever a sketch may call things, the canvas gives it back."""
    quoted = ['"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"' for name in names]
    try:
        board = parse_sketch(
            f"zone {quoted[0]} {{\n{quoted[0]}\n}}\n{' -> '.join(quoted)}\nnote: x{label}"
        )
    except SketchError:  # a name that is empty once it is cleaned, a line break in a note
        return

    assert read_scene(board_elements(board)).board == board


def test_equal_boards_give_equal_elements():
    """Also in other processes: nothing depends on hashes or on chance."""
    assert board_elements(parse_sketch(SKETCH)) == board_elements(parse_sketch(SKETCH))


def test_elements_have_all_that_the_canvas_wants_of_them():
    """They come out of the cleaning that the live server does as they went in."""
    elements = board_elements(parse_sketch(SKETCH))

    assert elements
    for element in elements:
        cleaned = clean_element(element)
        assert cleaned is not None
        assert {field: cleaned[field] for field in element} == element
    kinds = {element["type"] for element in elements}
    assert kinds == {"rectangle", "ellipse", "diamond", "arrow", "text"}


def test_what_belongs_together_names_each_other():
    """Labels and arrows stand in `boundElements` of what they are bound to."""
    elements = by_id(board_elements(parse_sketch(SKETCH)))
    for element in elements.values():
        bound = {one["id"] for one in element["boundElements"] or ()}
        for field in ("startBinding", "endBinding"):
            if element.get(field):
                owner = elements[element[field]["elementId"]]
                assert element["id"] in {one["id"] for one in owner["boundElements"]}
        if element.get("containerId"):
            owner = elements[element["containerId"]]
            assert element["id"] in {one["id"] for one in owner["boundElements"]}
        assert bound <= set(elements)


def test_an_arrow_has_its_label_where_the_canvas_would_put_it():
    """At the middle one of an odd number of points, or half-way between the two middle ones."""
    elements = by_id(board_elements(parse_sketch(SKETCH)))
    texts = [one for one in elements.values() if one.get("containerId", "") or ""]
    for text in texts:
        owner = elements[text["containerId"]]
        if owner["type"] == "arrow":
            points = owner["points"]
            one, other = points[len(points) // 2], points[(len(points) - 1) // 2]
            x = owner["x"] + (one[0] + other[0]) / 2
            y = owner["y"] + (one[1] + other[1]) / 2
            assert text["x"] + text["width"] / 2 == pytest.approx(x, abs=0.1)
            assert text["y"] + text["height"] / 2 == pytest.approx(y, abs=0.1)


@pytest.mark.parametrize(
    ("way", "focus"),
    [
        ([Point(-90, 30), Point(-4, 30)], 0.0),  # from the left at the middle
        ([Point(-90, 45), Point(-4, 45)], -0.504),  # lower, which is to its right
        ([Point(190, 45), Point(104, 45)], 0.504),  # from the right, to its left
        ([Point(75, -90), Point(75, -4)], 0.504),  # from above, to its left
        ([Point(75, 190), Point(75, 64)], -0.504),  # from below, to its right
    ],
)
def test_an_arrow_aims_past_the_middle_by_its_focus(way: list[Point], focus: float):
    """As the canvas reckons it, or the end would jump when the other box is moved."""
    shape = common_fields("c:a", "rectangle", Rect(0, 0, 100, 60))
    other = common_fields("c:b", "rectangle", Rect(500, 500, 100, 60))
    drawn = arrow_element("a:1", way, other, shape)

    assert drawn["endBinding"] == {"elementId": "c:a", "focus": focus, "gap": 4.0}


def test_kinds_have_the_looks_of_the_palette():
    """Shape, colours and `customData` of each kind."""
    looks = {look.kind: look for look in PALETTE}
    parts = tuple(Component(kind.value, kind.value, kind) for kind in ComponentKind)
    for element in board_elements(Board(parts)):
        look = looks.get(element.get("customData", {}).get("kind"))
        if look is not None:
            assert element["type"] == look.shape.value
            assert element["backgroundColor"] == look.fill
            assert element["strokeColor"] == look.stroke


def test_zones_are_drawn_behind_what_stands_in_them():
    """Outer zones first, then inner ones, then boxes."""
    ids = [element["id"] for element in board_elements(parse_sketch(SKETCH))]

    assert ids.index("z:trusted") < ids.index("z:audit") < ids.index("c:trace store")


def test_indexes_grow_and_are_of_the_canvas():
    """a0 to az, then b00: in the order of plain text, each read back as its place."""
    indexes = [fractional_index(place) for place in range(5_000)]

    assert indexes == sorted(set(indexes))
    assert [indexes[at] for at in (0, 9, 10, 61, 62, 3_905, 3_906)] == [
        *("a0", "a9", "aA", "az", "b00", "bzz", "c000"),
    ]
    assert [index_place(index) for index in indexes] == list(range(5_000))


@pytest.mark.parametrize(
    ("index", "place"), [("a5V", 5), ("Zz", 0), (None, 0), ("b0", 0), ("é", 0)]
)
def test_what_comes_after_an_index_of_the_canvas(index: str | None, place: int):
    """Fractions lie before the next whole place; what is none counts as the first."""
    assert index_place(index) == place
    assert not index or index[0] not in "aZ" or index < fractional_index(place + 1)


def test_an_index_that_was_made_to_be_the_last_does_not_spread():
    """What comes after it on the canvas still has an index of the canvas, of usual length."""
    elements = board_elements(parse_sketch("a -> b"))
    elements[0]["index"] = "z" * 250
    changes = extend_scene(elements, read_scene(elements), parse_sketch("a -> b\nc"))

    new = [one["index"] for one in changes if one["version"] == 1]
    assert len(new) == 2
    assert all(len(index) < 10 for index in new)
    assert all(clean_element(one) == one for one in changes)


def test_what_a_text_draws_is_kept_as_what_people_draw_is():
    """No element has more than may be stored: of a hub's arrows it names as many as are kept."""
    parts = tuple(Component(f"part {at:02}", f"part {at:02}") for at in range(99))
    arrows = [Arrow("part 00", part.id, f"topic {at}") for part in parts[1:] for at in range(7)]
    elements = board_elements(Board(parts))
    drawn = extend_scene(elements, read_scene(elements), Board(parts, tuple(sorted(arrows))))

    assert len(drawn) > 2 * 650
    assert [clean_element(one) for one in drawn] == drawn


@settings(max_examples=30, deadline=None)
@given(boards(most=6), boards(most=6))
def test_a_scene_shows_the_board_that_it_is_extended_to(first: Board, second: Board):
    """From any board to any other; and then nothing is left to do."""
    elements = board_elements(first)
    changed = after(elements, extend_scene(elements, read_scene(elements), second))

    assert read_scene(changed).board == second
    assert extend_scene(changed, read_scene(changed), second) == []


@settings(max_examples=30, deadline=None)
@given(boards(most=8), st.data())
def test_what_stays_keeps_its_place_when_something_is_added(board: Board, data: st.DataObject):
    """Boxes outside of zones do not move for what is new outside of zones."""
    elements = board_elements(board)
    zone = data.draw(st.sampled_from([None, *(zone.id for zone in board.zones)]))
    new = Component("zz new", "zz new", zone=zone)
    more = replace(board, components=(*board.components, new))
    changed = extend_scene(elements, read_scene(elements), more)

    assert read_scene(after(elements, changed)).board == more
    if zone is None:
        assert {element["id"] for element in changed} == {"c:zz new", "t:c:zz new"}


HAND_DRAWN: list[dict[str, Any]] = [
    frame("frame", -40, -60, 300, 220, "Trusted"),
    box("llm one", 0, 0),
    words("w1", "LLM", 50, 30, inside="llm one"),
    box("llm two", 400, 0),
    words("w2", "LLM", 430, 30),
    box("gateway", 400, 300),
    words("w3", "Gateway", 430, 330, inside="gateway"),
    bound("between", "llm one", "llm two", (160, 40), (400, 40)),
    words("remark", "call the lawyers", 900, 600),
]


@pytest.mark.parametrize(
    "change",
    [
        "vector db",
        "zone Trusted {\n  cache\n}",
        "Gateway -> LLM : asks",
        "Gateway[edge proxy]",
        "Gateway [policy_engine]",
        'zone outer {\n  "LLM 2"\n}',
        "note: a new remark",
        "LLM -> LLM : again",
    ],
)
def test_a_hand_drawn_scene_can_be_added_to_in_text(change: str):
    """Boxes with ids of the canvas, numbered ones and frames among them."""
    reading = read_scene(HAND_DRAWN)
    board = parse_sketch(f"{to_sketch(reading.board)}\n{change}")
    changes = extend_scene(HAND_DRAWN, reading, board)

    assert changes
    assert read_scene(after(HAND_DRAWN, changes)).board == board


ODD: list[dict[str, Any]] = [
    words("bare", "Redis cache", 0, 0),
    box("queue", 400, -30),
    words("queue-text", "Queue", 450, 0, inside="queue"),
    bound("to", "bare", "queue", (110, 12), (396, 12)),
    box("drum", 0, 300, 120, 60, type="ellipse", groupIds=["icon"]),
    stroke("rim", (0, 330), (120, 330), type="line", groupIds=["icon"]),
    words("drum-text", "Orders", 20, 375, groupIds=["icon"]),
]


@pytest.mark.parametrize("gone", ["redis cache", "queue", "orders"])
def test_bare_words_and_icons_can_be_taken_away(gone: str):
    """With all their pieces, and the arrows that end there."""
    reading = read_scene(ODD)
    assert {part.id for part in reading.board.components} == {"redis cache", "queue", "orders"}
    parts = tuple(part for part in reading.board.components if part.id != gone)
    ids = {part.id for part in parts}
    arrows = tuple(one for one in reading.board.arrows if {one.source, one.target} <= ids)
    board = replace(reading.board, components=parts, arrows=arrows)

    assert read_scene(after(ODD, extend_scene(ODD, reading, board))).board == board


def test_bare_words_that_are_called_otherwise_become_a_box():
    """A text has no label that could be changed."""
    reading = read_scene(ODD)
    sketch = to_sketch(reading.board) + '\n"Redis cache"[hot cache]'
    board = parse_sketch(sketch)

    assert read_scene(after(ODD, extend_scene(ODD, reading, board))).board == board


def test_a_hand_drawn_scene_can_be_emptied():
    """All that was read is deleted by tombstones."""
    changes = extend_scene(HAND_DRAWN, read_scene(HAND_DRAWN), Board())

    assert read_scene(after(HAND_DRAWN, changes)).board == Board()
    assert {element["id"] for element in changes} == set(by_id(HAND_DRAWN))


def test_room_is_made_in_a_zone_without_moving_things_onto_each_other():
    """What is new stands in its zone; a neighbour of the zone moves on."""
    sketch = "zone trusted {\n  a -> b\n}\nb -> c"
    elements = board_elements(parse_sketch(sketch))
    board = parse_sketch(f"{sketch}\nzone trusted {{\n  d ; e\n}}\ne -> c")
    scene = by_id(after(elements, extend_scene(elements, read_scene(elements), board)))
    zone, neighbour = scene["z:trusted"], scene["c:c"]

    assert read_scene(list(scene.values())).board == board
    assert zone["x"] + zone["width"] < neighbour["x"]
    assert scene["c:a"]["x"] < scene["c:d"]["x"] < zone["x"] + zone["width"]


def test_what_was_deleted_can_be_drawn_again():
    """A tombstone of the same id is outlived by a higher version."""
    board = parse_sketch("a -> b")
    elements = board_elements(board)
    emptied = after(elements, extend_scene(elements, read_scene(elements), Board()))
    again = after(emptied, extend_scene(emptied, read_scene(emptied), board))

    assert read_scene(again).board == board
    assert by_id(again)["c:a"]["version"] == 3


def test_new_elements_lie_over_the_old_ones():
    """Their indexes come after all that were there."""
    elements = board_elements(parse_sketch("a -> b"))
    elements[0]["index"] = "b0zV"
    changes = extend_scene(elements, read_scene(elements), parse_sketch("a -> b\nc"))

    assert all(element["index"] > "b0zV" for element in changes)
    assert all(one["index"] < other["index"] for one, other in pairwise(changes))


def test_a_zone_around_what_is_there_brings_it_together():
    """What moves into a new zone stands in it afterwards."""
    elements = board_elements(parse_sketch("a -> b -> c"))
    board = Board(
        components=(Component("a", "a"), Component("b", "b", zone="z"), Component("c", "c")),
        arrows=read_scene(elements).board.arrows,
        zones=(Zone("z", "z"),),
    )
    changed = after(elements, extend_scene(elements, read_scene(elements), board))

    assert read_scene(changed).board == board


PAINTED: list[dict[str, Any]] = [
    box("g", 0, 0, 240, 120, type="ellipse", backgroundColor="#1971c2", strokeColor="#e03131"),
    words("g-text", "Gateway", 60, 50, inside="g", strokeColor="#ffffff"),
    box("m", 600, 0, backgroundColor="#b2f2bb"),
    words("m-text", "Model", 640, 30, inside="m"),
    bound("r", "g", "m", (244, 60), (596, 40), strokeColor="#2f9e44", strokeStyle="dashed"),
    words("r-text", "asks", 400, 40, inside="r"),
]
LOOK = ("type", "strokeColor", "backgroundColor", "strokeStyle", "opacity")


@pytest.mark.parametrize("text", ["zone trusted { Gateway }", "zone trusted { Gateway ; Model }"])
def test_a_box_that_is_put_into_a_zone_stays_what_its_author_drew(text: str):
    """Box, label and arrow have their ids and colours in another place; nothing is made smaller."""
    reading = read_scene(PAINTED)
    board = parse_sketch(text, onto=reading.board)
    before, scene = by_id(PAINTED), by_id(after(PAINTED, extend_scene(PAINTED, reading, board)))

    assert read_scene(list(scene.values())).board == board
    assert not any(one["isDeleted"] for one in scene.values())
    assert {key for key in scene if key not in before} == {"z:trusted", "t:z:trusted"}
    for key in before:
        assert {f: scene[key][f] for f in LOOK} == {f: before[key][f] for f in LOOK}
    zone, gateway = scene["z:trusted"], scene["g"]
    assert zone["x"] < gateway["x"] < zone["x"] + zone["width"] - 240
    assert (gateway["width"], gateway["height"]) >= (240, 120)
    assert scene["r"]["startBinding"]["elementId"] == "g"
    assert {one["id"] for one in gateway["boundElements"]} == {"g-text", "r"}


def test_a_box_that_a_text_made_has_the_look_of_its_new_kind_wherever_it_stands():
    """Kinds have their colours, and a box that is put elsewhere as another kind has those."""
    elements = board_elements(parse_sketch("store -> other"))
    reading = read_scene(elements)
    board = parse_sketch("zone trusted { store [cache] }", onto=reading.board)
    scene = by_id(after(elements, extend_scene(elements, reading, board)))
    look = next(one for one in PALETTE if one.kind == "cache")

    assert read_scene(list(scene.values())).board == board
    assert scene["c:store"]["backgroundColor"] == look.fill
