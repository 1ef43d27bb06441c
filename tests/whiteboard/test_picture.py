"""Pictures of scenes: safe, readable in both themes, and within their limits."""

import math
import re
import struct
from typing import Any
from xml.etree import ElementTree

import pytest
from drawn_boards import boards
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import bound, box, corners, frame, pen, stroke, words

from whiteboard import grounds
from whiteboard.board import Board, Component, ComponentKind
from whiteboard.colours import DARK, LIGHT, READABLE, Theme, contrast, legible, read_colour
from whiteboard.element_forms import INK
from whiteboard.geometry import Point, Rect
from whiteboard.marks import Mark
from whiteboard.palette import PALETTE
from whiteboard.picture import EMPTY, LEGEND, scene_png, scene_svg
from whiteboard.scene import board_elements
from whiteboard.sketch import parse_sketch
from whiteboard.ways import arrowhead, flattened, outside

SVG = "{http://www.w3.org/2000/svg}"
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
SKETCH = "user -> gateway : ask\nzone trusted {\n  policy engine -> order db\n}\ngateway -> LLM"


def parsed(svg: str) -> ElementTree.Element:
    """The SVG as a tree; an error where it is not well-formed."""
    return ElementTree.fromstring(svg)  # noqa: S314


def written(svg: str) -> list[str]:
    """The lines of text in it."""
    return [one.text or "" for one in parsed(svg).iter(f"{SVG}text")]


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height as the file says."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


junk = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.sampled_from(
            [math.nan, math.inf, -1e308, 10**400, "<script>", "url(https://x)", '"/><b', "\x00"]
        ),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
WHOLE: list[dict[str, Any]] = [
    box("a", 0, 0, roundness={"type": 3}, customData={"kind": "trust_boundary"}),
    box("b", 300, 0, type="ellipse", backgroundColor="#ffc9c9", fillStyle="hachure"),
    box("c", 300, 200, type="diamond", roundness={"type": 2}, angle=0.4, opacity=40),
    frame("f", -50, -50, 700, 500, "frame"),
    words("t", "two\nlines", 10, 10, inside="a"),
    bound("r", "a", "b", (160, 40), (200, 90), (300, 40)),
    words("rt", "label", 200, 60, inside="r"),
    stroke("l", (0, 300), (50, 300), (50, 350), (0, 300), type="line", strokeStyle="dotted"),
    pen("p", (0, 400), (10, 410), (20, 400)),
]
FIELDS = sorted({field for element in WHOLE for field in element})


@st.composite
def spoiled_scenes(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A scene with all kinds of elements, some fields of which are anything."""
    scene = [dict(element) for element in WHOLE]
    for _ in range(draw(st.integers(1, 8))):
        element = draw(st.sampled_from(scene))
        element[draw(st.sampled_from(FIELDS))] = draw(junk)
    return scene


def check_safe(svg: str) -> None:
    """Well-formed, nothing but drawing, only finite numbers and plain colours."""
    drawn = {"svg", "title", "g", "rect", "ellipse", "circle", "path", "polyline", "polygon"}
    for element in parsed(svg).iter():
        assert element.tag.removeprefix(SVG) in drawn | {"text"}
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert not re.search(r"url|nan|inf|javascript", value, re.IGNORECASE)
            if name in ("fill", "stroke"):
                assert re.fullmatch(r"none|#[0-9a-f]{6}", value)


@settings(max_examples=100, deadline=None)
@given(st.one_of(junk, spoiled_scenes()), st.sampled_from([LIGHT, DARK]), st.text(max_size=30))
def test_any_scene_is_a_safe_picture(scene: object, theme: Theme, title: str):
    """Nothing raises, whatever calls itself a scene, and nothing foreign gets into the picture."""
    ids = [element["id"] for element in WHOLE]

    check_safe(scene_svg(scene, theme=theme, changed=ids, highlighted=ids, title=title))


@settings(max_examples=15, deadline=None)
@given(spoiled_scenes())
def test_any_scene_is_rendered(scene: object):
    """The renderer takes what is written for it, within the limits of size."""
    width, height = size_of(scene_png(scene, width=300))

    assert 1 <= width <= 300
    assert 1 <= height <= 3_000


def coloured(svg: str, theme: Theme) -> str:
    """A picture of both themes as one of them shows it."""
    style = re.search(r"<style>:root{(.*?)}@media \(prefers-color-scheme:dark\){:root{(.*?)}}", svg)
    assert style
    values = dict(re.findall(r"(--c\d+):(#[0-9a-f]{6});", style[2 if theme.dark else 1]))
    plain = re.sub(r"<style>.*?</style>", "", svg)
    return re.sub(r"var\((--c\d+)\)", lambda found: values[found[1]], plain)


@settings(max_examples=60, deadline=None)
@given(st.one_of(junk, spoiled_scenes()), st.text(max_size=30))
def test_a_picture_without_a_theme_is_that_of_either(scene: object, title: str):
    """What follows the reader's preference looks like the picture that was made for it."""
    ids = [element["id"] for element in WHOLE][::2]
    svg = scene_svg(scene, theme=None, changed=ids, highlighted=ids, title=title)

    for theme in (LIGHT, DARK):
        alone = scene_svg(scene, theme=theme, changed=ids, highlighted=ids, title=title)
        assert coloured(svg, theme) == alone


def test_a_picture_of_both_themes_is_not_much_larger_than_one():
    """It has its shapes once."""
    scene = board_elements(parse_sketch("\n".join(f"a{n} -> b{n} : c" for n in range(40))))

    assert len(scene_svg(scene, theme=None)) < 1.1 * len(scene_svg(scene))


def test_a_stroke_of_the_pen_has_the_pixels_that_it_comes_through():
    """What a hand that is slow adds between them is left out; dots stay dots."""
    slow = [(10 + at / 20, 10 + at / 40) for at in range(801)]
    svg = scene_svg([pen("p", *slow), pen("dot", (90, 90), (90.2, 90.1))])
    (path,) = parsed(svg).iter(f"{SVG}path")

    steps = re.fullmatch(r"M10 10l(.*)", path.get("d", ""))
    assert steps
    pairs = steps[1].split()
    assert len(pairs) < 2 * 80
    assert (sum(map(int, pairs[::2])), sum(map(int, pairs[1::2]))) == (40, 20)
    assert svg.count("<circle") == 1


def test_a_scene_of_endless_strokes_is_a_picture_of_limited_size():
    """Of more points than one can see each stroke keeps its share, from its begin to its end."""
    zigzag = [(300.0 * at, 500.0 * (at % 2)) for at in range(2_000)]
    scene = [pen(f"p{at}", *zigzag) for at in range(60)]
    curve = zigzag[:200]
    scene += [stroke(f"l{at}", *curve, type="line", roundness={"type": 2}) for at in range(60)]

    svg = scene_svg(scene)
    assert len(svg) < 700_000
    assert 'points="0,0' in svg
    assert svg.count("59700,500") == 60


def test_labels_are_text_only():
    """Markup in labels, names and titles is shown, not obeyed."""
    evil = "</text><script>alert(1)</script> & \"'"
    scene = [box("a"), words("t", evil, inside="a"), frame("f", 0, 0, 500, 500, evil)]
    svg = scene_svg(scene, title=evil)

    assert written(svg) == [evil, evil, evil]
    assert "<script" not in svg


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("#1E1E1E", "#1e1e1e"),
        ("#abc", "#aabbcc"),
        ("#11223344", "#112233"),
        ("red", "#ff0000"),
        ("transparent", None),
        ("#11223300", None),
        ("#12345", None),
        ("url(#x)", None),
        ('red"/>', None),
        ("var(--x)", None),
        (7, None),
        (None, None),
    ],
)
def test_only_known_colours_are_let_through(value: object, colour: str | None):
    """Hexadecimal ones and some names; all else is no colour."""
    assert read_colour(value) == colour


@THEMES
@pytest.mark.parametrize("look", PALETTE, ids=lambda look: look.kind)
def test_text_reads_on_each_look_of_the_palette(look: Any, theme: Theme):
    """4.5:1 for the label on its fill, 3:1 for the outline on the card."""
    ground = theme.card if look.fill == "transparent" else theme.fill(look.fill)

    assert contrast(theme.text(INK, ground), ground) >= READABLE
    assert contrast(theme.line(look.stroke), theme.card) >= 3
    assert contrast(theme.text(look.stroke, theme.card), theme.card) >= READABLE


BLUE = {"backgroundColor": "#1971c2"}
WHITE = {"strokeColor": "#ffffff"}
OVER_BLUE = {
    "an unfilled box": [
        box("back", -100, -100, 500, 400, **BLUE),
        box("box", 0, 0),
        words("t", "label", 40, 28, inside="box", **WHITE),
    ],
    "an unfilled box on a closed line": [
        stroke("back", *corners(-100, -100, 500, 400), type="line", **BLUE),
        box("box", 0, 0),
        words("t", "label", 40, 28, inside="box", **WHITE),
    ],
    "the label of an arrow": [
        box("back", -100, -100, 500, 400, **BLUE),
        stroke("r", (0, 40), (200, 40)),
        words("t", "label", 80, 28, inside="r", **WHITE),
    ],
    "a veil over it": [
        box("back", -100, -100, 500, 400, **BLUE),
        box("box", 0, 0, backgroundColor="#1971c210"),
        words("t", "label", 40, 28, inside="box", **WHITE),
    ],
}


@THEMES
@pytest.mark.parametrize("scene", OVER_BLUE.values(), ids=OVER_BLUE)
def test_letters_read_on_what_is_behind_their_box(scene: list[dict[str, Any]], theme: Theme):
    """White on blue stays light: neither becomes the other's colour nor the card's."""
    (label,) = parsed(scene_svg(scene, theme=theme)).iter(f"{SVG}text")

    assert contrast(label.get("fill", ""), theme.fill("#1971c2")) >= READABLE


def test_letters_beside_a_slanted_area_read_on_the_card():
    """They stand in the corner of what is around a triangle, an ellipse or a diamond."""
    corner = {"x": 5, "y": 5, "width": 10, "height": 10, **WHITE}
    shapes = [
        stroke("s", (0, 200), (200, 200), (200, 0), (0, 200), type="line", **BLUE),
        box("s", 0, 0, 200, 200, type="ellipse", **BLUE),
        box("s", 0, 0, 200, 200, type="diamond", **BLUE),
        box("s", 0, 0, 400, 10, angle=math.pi / 4, **BLUE),
    ]
    for shape in shapes:
        (label,) = parsed(scene_svg([shape, words("t", "x", **corner)])).iter(f"{SVG}text")
        assert contrast(label.get("fill", ""), LIGHT.card) >= READABLE


def test_letters_do_not_stand_on_what_lies_over_them():
    """Only what is behind a text counts."""
    scene = [words("t", "label", 40, 28, **WHITE), box("over", index="a1", **BLUE)]
    (label,) = parsed(scene_svg(scene)).iter(f"{SVG}text")

    assert contrast(label.get("fill", ""), LIGHT.card) >= READABLE


def test_few_areas_are_looked_at_for_each_text(monkeypatch: pytest.MonkeyPatch):
    """As many as lie at its place, however many there are on the board."""
    asked: list[Mark] = []
    covers = grounds._covers
    monkeypatch.setattr(
        grounds, "_covers", lambda mark, point: asked.append(mark) or covers(mark, point)
    )
    spots = [(300.0 * (at % 20), 300.0 * (at // 20)) for at in range(400)]
    scene = [box(f"b{at}", *spot, **BLUE) for at, spot in enumerate(spots)]
    scene += [words(f"t{at}", "x", x + 20, y + 20) for at, (x, y) in enumerate(spots)]
    crowd = [box(f"c{at}", -900, -900, 90, 90, type="ellipse", **BLUE) for at in range(300)]
    scene_svg([*scene, *crowd, words("corner", "x", -905, -912)])

    assert 400 <= len(asked) <= 420


def test_a_veil_of_colour_hides_nothing():
    """The opacity of a fill's colour is that of the fill alone."""
    (veil,) = [
        one
        for one in parsed(scene_svg([box("b", backgroundColor="#ff000018")])).iter(f"{SVG}rect")
        if one.get("fill") == "#ff0000"
    ]

    assert veil.get("fill-opacity") == "0.09"
    assert "opacity" not in veil.attrib
    assert "fill-opacity" not in scene_svg([box("b", backgroundColor="#ff0000")])


@THEMES
def test_the_card_stands_out_on_both_themes_of_discord(theme: Theme):
    """Ink and small print read on the card; its edge is seen, whatever is around it."""
    assert contrast(theme.ink, theme.card) >= 7
    assert contrast(theme.muted, theme.card) >= READABLE
    for page in ("#ffffff", "#313338"):
        assert max(contrast(theme.edge, page), contrast(theme.card, page)) > 1.3


@given(st.integers(0, 0xFFFFFF), st.integers(0, 0xFFFFFF))
def test_any_text_can_be_made_legible(colour: int, ground: int):
    """Whatever colours were chosen, the text is lightened or darkened until it reads."""
    backdrop = f"#{ground:06x}"

    assert contrast(legible(f"#{colour:06x}", backdrop), backdrop) >= READABLE


@THEMES
@settings(max_examples=20, deadline=None)
@given(board=boards(most=8))
def test_a_text_board_shows_all_its_words(theme: Theme, board: Board):
    """Labels, titles and notes stand in the picture, possibly in several lines."""
    shown = " ".join(" ".join(written(scene_svg(board_elements(board), theme=theme))).split())

    for part in (*board.components, *board.zones):
        assert part.label in shown


@THEMES
def test_letters_are_drawn(theme: Theme):
    """A font that is not found would leave a picture without words."""
    scene = [box("a", 0, 0, 300, 100), words("t", "some words", 20, 30)]

    assert len(scene_png(scene, theme=theme)) > len(scene_png(scene[:1], theme=theme)) + 300


@pytest.mark.parametrize("scene", [[], None, [box("a", isDeleted=True)], {"elements": []}])
def test_an_empty_board_says_so(scene: object):
    """A small picture with a line of text."""
    width, height = size_of(scene_png(scene))

    assert written(scene_svg(scene)) == [EMPTY]
    assert width < 800
    assert height < 400


def test_changes_have_a_halo_and_a_legend():
    """Only where something that is there has changed."""
    elements = board_elements(parse_sketch(SKETCH))
    plain = scene_svg(elements)

    assert LEGEND not in plain
    assert scene_svg(elements, changed=["gone"]) == plain
    for one in ("c:llm", "z:trusted", "t:c:llm"):
        marked = scene_svg(elements, changed=[one])
        assert LEGEND in written(marked)
        assert len(list(parsed(marked).iter())) > len(list(parsed(plain).iter()))


def test_evidence_has_a_ring():
    """A ring in its own colour, without a legend."""
    elements = board_elements(parse_sketch(SKETCH))
    arrow = next(element["id"] for element in elements if element["type"] == "arrow")
    for one in ("c:llm", arrow):
        marked = scene_svg(elements, highlighted=[one])
        assert LIGHT.highlighted in marked
        assert LEGEND not in marked


def test_a_title_stands_over_the_board():
    """In lines of its own that fit the card."""
    title = "Refund agent " * 12
    svg = scene_svg(board_elements(parse_sketch("a -> b")), title=title)
    lines = [line for line in written(svg) if "Refund" in line]

    assert 1 < len(lines) <= 3


def test_what_is_deleted_is_not_shown():
    """Neither a tombstone nor an older state of an element."""
    scene = [
        words("t", "new", version=4),
        words("t", "old", version=3),
        words("gone", "gone", isDeleted=True),
    ]

    assert written(scene_svg(scene)) == ["new"]


def test_elements_lie_over_each_other_by_index():
    """As on the canvas, not by their order in the list."""
    scene = [words("a", "front", index="a5"), words("b", "back", index="a1")]

    assert written(scene_svg(scene)) == ["back", "front"]


def test_lines_leave_a_gap_for_their_label():
    """Two pieces and the head."""
    scene = [stroke("r", (0, 0), (400, 0)), words("t", "label", 180, -12, inside="r")]
    lines = [one.get("points", "") for one in parsed(scene_svg(scene)).iter(f"{SVG}polyline")]

    assert len(lines) == 3
    assert not any(runs_through(line, 200) for line in lines)


def runs_through(points: str, x: float) -> bool:
    """Whether a line has points on both sides of an x."""
    places = [float(pair.split(",")[0]) for pair in points.split()]
    return min(places) < x < max(places)


def test_strokes_fills_turns_and_opacity_are_shown():
    """What the canvas offers to change the look of an element."""
    scene = [
        box("a", strokeStyle="dashed", strokeWidth=4, angle=math.pi / 2),
        box("b", opacity=40, backgroundColor="#ffc9c9"),
        stroke("l", (0, 0), (90, 0), (90, 90), (0, 0), type="line", backgroundColor="#b2f2bb"),
        pen("dot", (5, 5)),
    ]
    svg = scene_svg(scene)

    assert 'stroke-dasharray="12 10"' in svg
    assert 'transform="rotate(90 80 40)"' in svg
    assert 'opacity="0.4"' in svg
    assert 'fill="#b2f2bb"' in svg
    assert "<circle" in svg


def test_turned_things_are_inside_the_picture():
    """The card is as large as what is drawn, not as what it was before it was turned."""
    upright = parsed(scene_svg([box("a", 0, 0, 800, 10)]))
    turned = parsed(scene_svg([box("a", 0, 0, 800, 10, angle=math.pi / 2)]))

    assert float(turned.get("height", "0")) > float(upright.get("height", "0")) + 600


@pytest.mark.parametrize(
    "kind",
    [
        *("arrow", "bar", "dot", "circle", "circle_outline", "triangle", "triangle_outline"),
        *("diamond", "diamond_outline", "crowfoot_one", "crowfoot_many", "crowfoot_one_or_many"),
    ],
)
def test_each_arrowhead_is_drawn_behind_the_tip(kind: str):
    """It reaches back along the arrow and no further than half of it."""
    head = arrowhead(kind, [Point(0, 0), Point(100, 0)], 2)

    assert head
    xs = [point.x for way in head.ways for point in way]
    xs += [head.circle[0].x] if head.circle else []
    assert all(50 <= x <= 100 for x in xs)
    assert head.filled or kind.endswith("_outline") or not (head.closed or head.circle)


def test_a_short_arrow_has_a_small_head():
    """Half of its length at most; none without a length."""
    head = arrowhead("arrow", [Point(0, 0), Point(8, 0)], 2)

    assert head
    assert min(point.x for way in head.ways for point in way) >= 4
    assert arrowhead("arrow", [Point(0, 0), Point(0, 0)], 2) is None
    assert arrowhead("", [Point(0, 0), Point(8, 0)], 2) is None


def test_curves_go_through_their_points():
    """In more pieces than there are points; sharp ones stay as they are."""
    points = [Point(0, 0), Point(50, 40), Point(100, 0)]
    way = flattened(points, curved=True)

    assert set(points) <= set(way)
    assert len(way) > 10
    assert flattened(points, curved=False) == points


def test_a_way_outside_of_a_hole():
    """It is cut where it enters and leaves; what misses the hole stays whole."""
    hole = Rect(40, -10, 20, 20)

    assert outside([Point(0, 0), Point(100, 0)], hole) == [
        [Point(0, 0), Point(40, 0)],
        [Point(60, 0), Point(100, 0)],
    ]
    assert outside([Point(0, 20), Point(100, 20)], hole) == [[Point(0, 20), Point(100, 20)]]
    assert outside([Point(50, 0), Point(50, 5)], hole) == []


def test_a_large_board_keeps_its_letters_readable():
    """A board of forty boxes: no wider than asked for, small letters of 11 pixels or more."""
    lines = [f"service {at} -> service {(at * 3 + 1) % 40} : calls" for at in range(40)]
    elements = board_elements(parse_sketch("\n".join(lines)))
    width, height = size_of(scene_png(elements))
    natural = float(parsed(scene_svg(elements)).get("width", "0"))

    assert width <= 1_600
    assert width * height <= 6_000_000
    assert 16 * width / natural >= 11


def test_a_picture_for_a_phone_is_no_wider_than_it():
    """`width` is the most that the picture has."""
    assert size_of(scene_png(board_elements(parse_sketch(SKETCH)), width=390))[0] <= 390


def test_letters_that_the_font_lacks_do_no_harm():
    """They may be missing, the picture is not."""
    scene = [words("t", "漢字 \U0001f512 plain")]

    assert size_of(scene_png(scene))[0] > 1


def test_equal_boards_have_equal_pictures():
    """Nothing depends on chance."""
    one, other = (scene_png(board_elements(parse_sketch(SKETCH))) for _ in range(2))

    assert one == other


@THEMES
def test_each_kind_is_drawn_in_its_colour(theme: Theme):
    """The fills of the palette, as the theme has them."""
    for look in PALETTE[:-1]:
        board = Board((Component("a", "a", ComponentKind(look.kind)),))
        assert f'fill="{theme.fill(look.fill)}"' in scene_svg(board_elements(board), theme=theme)
