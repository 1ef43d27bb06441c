"""Text boards are laid out without overlaps, whatever they look like."""

from itertools import combinations, pairwise

import pytest
from drawn_boards import boards
from hypothesis import given, settings
from hypothesis import strategies as st

from whiteboard.board import Arrow, Board, Component, ComponentKind, Zone
from whiteboard.geometry import Point, Rect, around
from whiteboard.layering import layer_components
from whiteboard.layout import lay_out
from whiteboard.lettering import in_font, text_width, wrap
from whiteboard.palette import Shape
from whiteboard.sketch import parse_sketch


def runs_over(start: Point, end: Point, rect: Rect) -> bool:
    """Whether an upright or level piece of an arrow runs over a rectangle."""
    piece = around([Rect(*start, 0, 0), Rect(*end, 0, 0)]).grown(0.1)
    return piece.overlaps(rect.grown(-1))


@settings(max_examples=80, deadline=None)
@given(boards())
def test_boxes_and_zones_overlap_only_where_one_holds_the_other(board: Board):
    """Boxes stand apart, inside their own zones and outside of all others."""
    layout = lay_out(board)

    for one, other in combinations(layout.boxes.values(), 2):
        assert not one.rect.overlaps(other.rect)
    for one, other in combinations(layout.zones.values(), 2):
        nested = one.rect.holds(other.rect) or other.rect.holds(one.rect)
        assert nested or not one.rect.overlaps(other.rect)
    for part in board.components:
        around_it = board.zones_around(part.id)
        for key, zone in layout.zones.items():
            rect = layout.boxes[part.id].rect
            assert zone.rect.holds(rect) if key in around_it else not zone.rect.overlaps(rect)


@settings(max_examples=80, deadline=None)
@given(boards())
def test_arrows_and_labels_keep_clear_of_everything_else(board: Board):
    """No arrow runs over a box, a title or another's label, and no label covers anything."""
    layout = lay_out(board)
    labels = {at: route.label_at for at, route in layout.routes.items() if route.label_at}
    titles = [zone.title_rect for zone in layout.zones.values()]

    for one, other in combinations(labels.values(), 2):
        assert not one.overlaps(other)
    for at, route in layout.routes.items():
        ends = {board.arrows[at].source, board.arrows[at].target}
        others = [box.rect for key, box in layout.boxes.items() if key not in ends]
        own = (layout.boxes[key] for key in ends)
        others += [box.rect for box in own if box.box.look.shape is Shape.RECTANGLE]
        others += [*titles, *(label for key, label in labels.items() if key != at)]
        for start, end in pairwise(route.points):
            assert not any(runs_over(start, end, other) for other in others)
        if route.label_at:
            assert not any(box.rect.overlaps(route.label_at) for box in layout.boxes.values())


@settings(max_examples=60, deadline=None)
@given(boards())
def test_all_of_a_board_is_placed_and_titles_stand_inside(board: Board):
    """Each part has its place, each title its room in the zone beside the zones within."""
    layout = lay_out(board)

    assert set(layout.boxes) == {part.id for part in board.components}
    assert set(layout.zones) == {zone.id for zone in board.zones}
    assert set(layout.routes) == set(range(len(board.arrows)))
    for zone in layout.zones.values():
        assert zone.rect.holds(zone.title_rect)
        for box in layout.boxes.values():
            assert not zone.title_rect.overlaps(box.rect)
        for other in layout.zones.values():
            assert other.rect.holds(zone.rect) or not zone.title_rect.overlaps(other.rect)


def test_equal_boards_are_laid_out_equally():
    """Neither the order of the statements nor chance has a say."""
    lines = ["user -> gateway : ask", "gateway -> LLM", "zone z { tool }", "LLM -> tool", "a -> a"]

    assert lay_out(parse_sketch("\n".join(lines))) == lay_out(parse_sketch("\n".join(lines[::-1])))


def test_a_chain_leads_on_in_a_straight_line():
    """Boxes in a row have level arrows between them."""
    layout = lay_out(parse_sketch("user -> gateway -> service : call"))

    assert all(len({point.y for point in route.points}) == 1 for route in layout.routes.values())
    assert [layout.boxes[part].rect.x for part in ("user", "gateway", "service")] == sorted(
        box.rect.x for box in layout.boxes.values()
    )


def test_a_long_chain_goes_down_rather_than_out_of_sight():
    """What would be too wide to read goes from top to bottom."""
    layout = lay_out(parse_sketch(" -> ".join(f"service number {at}" for at in range(12))))

    assert layout.bounds.width < layout.bounds.height


def test_a_cycle_is_entered_where_the_user_stands():
    """Users come first, and what leads back to them leads back."""
    layers = layer_components(parse_sketch("answer LLM -> user -> web app -> answer LLM"))

    assert layers == {"user": 0, "web app": 1, "answer llm": 2}


def test_what_an_eval_harness_tests_comes_before_it():
    """The harness does not push a model to the far end."""
    layers = layer_components(parse_sketch("LLM -> trace store -> eval harness -> LLM"))

    assert layers == {"llm": 0, "trace store": 1, "eval harness": 2}


def test_boxes_without_arrows_stand_side_by_side():
    """Nine strangers fill a square rather than a column."""
    layout = lay_out(parse_sketch("\n".join("abcdefghi")))
    columns = {box.rect.x for box in layout.boxes.values()}
    rows = {box.rect.y for box in layout.boxes.values()}

    assert (len(columns), len(rows)) == (3, 3)


def test_a_zone_without_content_is_shown_all_the_same():
    """It has room for its title."""
    layout = lay_out(parse_sketch("zone trusted { }\na -> b"))

    assert layout.zones["trusted"].rect.width > 100


def test_what_hangs_together_badly_is_laid_out_too():
    """Unknown zones and ends, and zones around themselves, are left out."""
    board = Board(
        components=(Component("a", "a", zone="gone"),),
        arrows=(Arrow("a", "nowhere"), Arrow("nowhere", "nowhere")),
        zones=(Zone("x", "x", "y"), Zone("y", "y", "x"), Zone("z", "z", "z")),
    )
    layout = lay_out(board)

    assert (set(layout.boxes), set(layout.zones), layout.routes) == ({"a"}, {"x", "y", "z"}, {})


@pytest.mark.parametrize("label", ["", "x", "word " * 16, "W" * 80, "漢字" * 20])
def test_a_box_holds_its_label(label: str):
    """Whatever the label, its lines fit into the box with some room around."""
    kinds = (ComponentKind.SERVICE, ComponentKind.DATABASE, ComponentKind.GUARDRAIL)
    for kind in kinds:
        layout = lay_out(Board((Component("a", label.strip(), kind),)))
        placed = layout.boxes["a"]

        assert placed.box.label.width + 20 <= placed.rect.width
        assert placed.box.label.height + 10 <= placed.rect.height


def test_two_hundred_components_are_laid_out():
    """A sketch as large as the notation allows has its layout."""
    lines = [f"part {at} -> part {(at * 7) % 200} : x" for at in range(200)]

    assert len(lay_out(parse_sketch("\n".join(lines))).boxes) == 200


@pytest.mark.parametrize(
    ("text", "size", "width"),
    [("", 20, 0), ("Hello World", 20, 103.359), ("Hello World", 10, 51.68), ("漢", 20, 20)],
)
def test_text_has_the_width_of_the_shipped_font(text: str, size: float, width: float):
    """As the font's own table says; what it lacks counts as a square or less."""
    assert text_width(text, size) == pytest.approx(width, abs=0.01)


def test_bold_is_wider():
    """The bold font has widths of its own."""
    assert text_width("Hello World", 20, bold=True) > text_width("Hello World", 20)


def test_which_letters_the_shipped_font_has():
    """Latin, Greek and Cyrillic; signs that are no letters do not count."""
    assert in_font("naïve Ωμέγα Привет 42 → 🔒")
    assert not in_font("漢字")


@given(st.text(max_size=60), st.floats(8, 300))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: float):
    """Lines are as wide as allowed, or one character; together they are the text."""
    lines = wrap(text, width, 16)

    assert "".join(lines).replace(" ", "") == "".join(text.split())
    assert all(text_width(line, 16) <= width or len(line) == 1 for line in lines)
