"""Lines without heads: they join two boxes, and say nothing of a direction."""

import pytest
from pydantic import TypeAdapter
from scenes import Element, box, corners, labelled, pen, stroke, words

from whiteboard.board import Arrow, Board, Component, Trust
from whiteboard.difference import compare, describe
from whiteboard.excalidraw import read_scene
from whiteboard.layering import layer_components
from whiteboard.picture import scene_svg
from whiteboard.scene import board_elements, extend_scene
from whiteboard.sketch import parse_sketch, to_sketch

LINE = Arrow("a", "b", "calls", directed=False)
AB = Board((Component("a", "A"), Component("b", "B")), (LINE,))
A = labelled("a", "A")
B = labelled("b", "B", 400)
BELOW = labelled("b", "B", 0, 240)


def lines(text: str) -> set[tuple[str, ...]]:
    """The undirected arrows of a sketch, without empty labels."""
    found = (one for one in parse_sketch(text).arrows if not one.directed)
    return {(a.source, a.target, a.label) if a.label else (a.source, a.target) for a in found}


def test_the_ends_of_a_line_have_no_order():
    """Given either way it is the same arrow, and another than those with a direction."""
    assert Arrow("b", "a", directed=False) == Arrow("a", "b", directed=False)
    assert len({Arrow("a", "b"), Arrow("b", "a"), Arrow("a", "b", directed=False)}) == 3


def test_boards_that_were_stored_before_are_read():
    """Their arrows say nothing of a direction, and have one; a line keeps that it has none."""
    boards = TypeAdapter(Board)
    old = boards.validate_json('{"arrows": [{"source": "b", "target": "a", "label": "x"}]}')

    assert old.arrows == (Arrow("b", "a", "x"),)
    assert boards.validate_json(boards.dump_json(AB)) == AB


def test_ways_go_along_lines_only_where_that_is_asked_for():
    """Without asking, a line leads nowhere; with it, either way."""
    board = Board(arrows=(Arrow("a", "b"), Arrow("c", "b", directed=False)))

    assert (board.successors("b"), board.successors("c")) == ((), ())
    assert board.successors("b", Trust.LIKELY) == ("c",)
    assert board.path("a", "c") is None
    assert board.path("a", "c", trust=Trust.LIKELY) == ("a", "b", "c")
    assert board.path("c", "b", trust=Trust.LIKELY) == ("c", "b")


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a -- b", {("a", "b")}),
        ("b--a", {("a", "b")}),
        ("a -- b : calls", {("a", "b", "calls")}),
        ("a -- b -- c", {("a", "b"), ("b", "c")}),
        ("a -- b, c", {("a", "b"), ("a", "c")}),
        ("a -- b -> c", {("a", "b")}),
        ("a -- b # see --> c", {("a", "b")}),
        ("zone z { a -- b } c --> d", {("a", "b")}),
        ('a -- "b --> c"', {("a", "b --> c")}),
        ('a -- b : "x --> y"', {("a", "b", "x --> y")}),
        ("a --- b", {("a", "b")}),
        ("a -.- b === c", {("a", "b"), ("b", "c")}),
        ("a ---|calls| b", {("a", "b", "calls")}),
        ("a -- calls --- b", {("a", "b", "calls")}),
        ('a -- "x | y" --- b', {("a", "b", "x | y")}),
        ("a == calls === b", {("a", "b", "calls")}),
        ("a -. calls .- b", {("a", "b", "calls")}),
        ("class -- b", {("b", "class")}),
    ],
)
def test_lines_in_text(text: str, drawn: set[tuple[str, ...]]):
    """Our own sign and Mermaid's, with their labels."""
    assert lines(text) == drawn


def test_a_line_is_written_as_it_is_read():
    """Whatever the label says; beside an arrow between the same boxes too."""
    board = Board(AB.components, (Arrow("a", "b"), Arrow("a", "b", "x --> y", directed=False)))

    assert to_sketch(AB).splitlines()[-1] == "A -- B : calls"
    assert parse_sketch(to_sketch(board)) == board


def test_a_board_with_lines_is_drawn_without_heads_and_read_again():
    """From board to scene to board; in the picture there is no head either."""
    elements = board_elements(AB)
    (drawn,) = (one for one in elements if one["type"] == "arrow")
    directed = board_elements(parse_sketch("A -> B : calls"))

    assert (drawn["startArrowhead"], drawn["endArrowhead"]) == (None, None)
    assert read_scene(elements).board == AB
    assert len(scene_svg(elements)) < len(scene_svg(directed))


def test_a_line_that_gets_a_head_is_drawn_anew():
    """A text that says the direction changes the scene, and back."""
    elements = board_elements(AB)
    board = parse_sketch("A -> B : calls")
    changes = extend_scene(elements, read_scene(elements), board)
    scene = {one["id"]: one for one in [*elements, *changes]}

    assert read_scene(list(scene.values())).board == board


def test_who_stands_first_does_not_depend_on_the_order_of_names():
    """A user comes before the agent, though the line between them begins at "agent"."""
    assert layer_components(parse_sketch("user -- agent")) == {"user": 0, "agent": 1}


def test_what_changed_calls_a_line_a_line():
    """A head that is added is a change, and nobody reads of an arrow before."""
    said = describe(compare(AB, parse_sketch("A -> B : calls")))

    assert said == (
        "removed the line between “A” and “B” labelled “calls”",
        "added the arrow from “A” to “B” labelled “calls”",
    )


@pytest.mark.parametrize("tool", ["line", "freedraw"])
@pytest.mark.parametrize(
    ("points", "joined"),
    [
        (((40, 90), (40, 228)), True),
        (((40, 40), (40, 280)), True),
        (((170, 70), (170, 250)), False),
        (((170, -10), (170, 330)), False),
        (((-8, 84), (-8, 236)), False),
    ],
)
def test_a_plain_line_joins_only_what_it_meets(
    tool: str, points: tuple[tuple[float, float], ...], joined: bool
):
    """Two boxes that stand one below the other; a line beside both is an ornament."""
    board = read_scene([*A, *BELOW, stroke("l", *points, type=tool)]).board

    assert board.arrows == ((Arrow("a", "b", directed=False),) if joined else ())


BOUNDARIES = [
    pytest.param([stroke("l", (-10, 100), (570, 100), type="line")], 120, id="line"),
    pytest.param([stroke("l", (-10, 100), (570, 100), endArrowhead=None)], 120, id="arrow's tool"),
    pytest.param([pen("l", (-10, 100), (300, 102), (570, 100))], 120, id="pen"),
    pytest.param([stroke("l", (-10, 300), (570, 300), endArrowhead=None)], 520, id="far from all"),
]


@pytest.mark.parametrize(("drawn", "below"), BOUNDARIES)
def test_a_line_that_divides_the_canvas_joins_nothing(drawn: list[Element], below: float):
    """However close it passes, and with words at its end, which stay a note."""
    rows = [*A, *B, *labelled("c", "C", 0, below), *labelled("d", "D", 400, below)]
    said = words("w", "trust boundary", 575, drawn[0]["y"] - 12)
    board = read_scene([*rows, *drawn, said]).board

    assert not board.arrows
    assert not board.guesses
    assert board.notes == ("trust boundary",)
    assert len(board.components) == 4


def test_a_line_from_side_to_side_joins_whatever_its_slope():
    """Boxes that are shifted against each other are joined by a slanting line."""
    scene = [*A, *labelled("b", "B", 400, 150), stroke("l", (165, 60), (395, 170), type="line")]

    assert read_scene(scene).board.arrows == (Arrow("a", "b", directed=False),)


V = ((372, 24), (394, 40), (374, 56))


@pytest.mark.parametrize(
    "drawn",
    [
        pytest.param([stroke("l", (166, 40), (392, 40), type="line"), pen("v", *V)], id="line"),
        pytest.param([pen("l", (166, 40), (280, 42), (392, 40)), pen("v", *V)], id="pen"),
        pytest.param([stroke("l", (394, 42), (164, 40), type="line"), pen("v", *V)], id="backward"),
        pytest.param([pen("l", (166, 40), (280, 42), (394, 40), *V, (394, 40))], id="in one"),
    ],
)
def test_a_head_that_was_drawn_by_hand_is_a_head(drawn: list[Element]):
    """A V at the end of a line or of a stroke, or the stroke's own end."""
    assert read_scene([*A, *B, *drawn]).board.arrows == (Arrow("a", "b"),)


@pytest.mark.parametrize(
    "mark",
    [
        pytest.param(pen("v", (420, 24), (394, 40), (420, 56)), id="open to the box"),
        pytest.param(pen("v", (270, 24), (290, 40), (270, 56)), id="at the middle"),
        pytest.param(pen("v", (394, 10), (396, 40), (394, 70)), id="hardly bent"),
        pytest.param(pen("v", (200, 0), (394, 40), (200, 80)), id="as large as the line"),
    ],
)
def test_what_is_no_head_gives_no_direction(mark: Element):
    """A mark that does not point where the line ends says nothing of it."""
    plain = stroke("l", (166, 40), (394, 40), type="line")

    assert read_scene([*A, *B, plain, mark]).board.arrows == (Arrow("a", "b", directed=False),)


def test_boxes_of_lines_and_pens_stay_boxes():
    """Corners are no heads: what closes is a box before it is an arrow."""
    sides = [stroke("s", *corners(0, 0, 160, 80), type="line"), words("sw", "Queue", 40, 28)]
    round_it = [(0, 300), (150, 300), (160, 380), (80, 386), (4, 380), (-4, 310), (3, 299)]
    by_hand = [pen("h", *round_it), words("hw", "Cache", 50, 330)]

    assert {part.label for part in read_scene([*sides, *by_hand]).board.components} == {
        "Queue",
        "Cache",
    }
    assert not read_scene([*A, box("x", 300, 0)]).board.arrows
