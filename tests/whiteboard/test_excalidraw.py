"""A scene of the canvas is read as the board that people see."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from scenes import (
    DASHED,
    bound,
    box,
    corners,
    frame,
    labelled,
    pen,
    stroke,
    words,
)

from whiteboard.board import Board
from whiteboard.excalidraw import SceneReading, read_scene

A = labelled("a", "A")
B = labelled("b", "B", 400)
C = labelled("c", "C", 400, 300)
A_TO_B = bound("r", "a", "b", (164, 40), (396, 40))
DEAD = {"isDeleted": True}


def texts(board: Board) -> dict[str, str]:
    """Labels by component id."""
    return {part.id: part.label for part in board.components}


def arrows(reading: SceneReading) -> set[tuple[str, ...]]:
    """Sources, labels where there are any, and targets."""
    found = reading.board.arrows
    return {tuple(filter(None, (one.source, one.label, one.target))) for one in found}


class Case(NamedTuple):
    """What a scene shows: components, arrows, zones with their parts, notes."""

    rule: str
    scene: list[dict[str, Any]]
    components: set[str]
    arrows: set[tuple[str, ...]]
    zones: Mapping[str, set[str]] = MappingProxyType({})
    notes: tuple[str, ...] = ()


AB = {"a", "b"}
LOOP = ((164, 40), (220, 40), (220, 140), (80, 140), (80, 84))
ICON = {"groupIds": ["icon"]}

PROSE = "we assume ten thousand requests a second at peak and no more than that"

SHAPES = [
    Case("an ellipse is a box", [box("a", type="ellipse"), A[1]], {"a"}, set()),
    Case("a diamond is a box", [box("a", type="diamond"), A[1]], {"a"}, set()),
    Case("a picture with words under it is a box",
         [box("i", 0, 0, 80, 80, type="image"), words("t", "S3", 20, 90), *B,
          bound("r", "i", "b", (84, 40), (396, 40))], {"s3", "b"}, {("s3", "b")}),
    Case("a box without a label is unnamed", [box("x"), *B], {"unnamed", "b"}, set()),
    Case("a slip of the mouse is nothing", [box("x", 0, 0, 3, 2), *B], {"b"}, set()),
    Case("but an arrow makes it something",
         [box("x", 0, 0, 3, 2), *B, bound("r", "x", "b", (4, 0), (396, 40))],
         {"unnamed", "b"}, {("unnamed", "b")}),
    Case("a size may be negative",
         [box("a", 160, 80, -160, -80), A[1], *B, stroke("r", (170, 40), (390, 40))],
         AB, {("a", "b")}),
    Case("a box may be turned",
         [box("a", 0, 0, 200, 60, angle=1.5708), words("t", "A", 60, 20, "a"), *B,
          stroke("r", (100, 140), (396, 60))], AB, {("a", "b")}),
    Case("a closed line is a box",
         [stroke("l", *corners(0, 0, 160, 80), type="line"), words("t", "A", 60, 30), *B,
          stroke("r", (164, 40), (396, 40))], AB, {("a", "b")}),
    Case("an open line is none",
         [stroke("l", *corners(0, 0, 160, 80)[:4], type="line"), words("t", "A", 60, 30)],
         set(), set(), notes=("A",)),
    Case("four lines around words are a box",
         [*(stroke(f"l{n}", *side, type="line") for n, side in enumerate(
             (((0, 0), (160, 3)), ((161, 0), (158, 82)), ((0, 80), (2, 4)), ((160, 80), (1, 82))))),
          words("t", "A", 60, 30), *B, stroke("r", (170, 40), (390, 40))], AB, {("a", "b")}),
    Case("a freehand loop around words is a box",
         [pen("p", (0, 5), (80, 0), (158, 3), (160, 78), (70, 84), (4, 80), (2, -6), (9, 2)),
          words("t", "A", 60, 30), *B, stroke("r", (170, 40), (390, 40))], AB, {("a", "b")}),
    Case("a line need not close exactly",
         [stroke("l", *corners(0, 0, 160, 80)[:4], (0, 6), type="line"), words("t", "A", 60, 30)],
         {"a"}, set()),
    Case("a tiny closed line is an ornament",
         [*B, stroke("l", *corners(0, 0, 14, 9), type="line")], {"b"}, set()),
    Case("a freehand loop need not close exactly",
         [pen("p", *corners(0, 0, 160, 80)[:4], (0, 31)), words("t", "A", 60, 30),
          pen("q", *corners(300, 0, 60, 40)[:4], (300, 21)), words("s", "B", 320, 10)], AB, set()),
    Case("a freehand hook around words is ink",
         [pen("p", *corners(0, 0, 160, 80)[:4]), words("t", "A", 60, 30)], set(), set(),
         notes=("A",)),
    Case("a freehand loop around nothing is ink",
         [pen("p", *corners(0, 0, 160, 80)), *B], {"b"}, set()),
    Case("a freehand loop around one box is a highlight",
         [*A, pen("p", *corners(-20, -20, 200, 120))], {"a"}, set()),
    Case("a scribble over words is ink",
         [pen("p", (0, 0), (90, 30), (2, 28), (88, 2), (1, 1)), words("t", "A", 30, 5)],
         set(), set(), notes=("A",)),
    Case("an ornament belongs to its box",
         [*A, box("o", 5, 5, 20, 20, type="ellipse"), *B,
          bound("r", "o", "b", (25, 15), (396, 40))],
         AB, {("a", "b")}),
    Case("a shadow belongs to its box", [*A, box("s", 8, 8)], {"a"}, set()),
    Case("a box that overlaps another a little is a box of its own",
         [*A, box("o", 100, 40)], {"a", "unnamed"}, set()),
    Case("prose in a box is a note",
         [box("a"), words("t", PROSE, 10, 10, "a")], set(), set(), notes=(PROSE,)),
]  # fmt: skip

WORDS = [
    Case("text that stands in a box names it", [box("a"), words("t", "A", 60, 30)], {"a"}, set()),
    Case("several texts name it together",
         [box("a"), words("t", "orders", 40, 10), words("s", "API", 40, 40)],
         {"orders api"}, set()),
    Case("a text that sticks out is not part of the name",
         [box("a"), words("t", "A", 60, 30), words("l", "over the internet", 78, 45), *B,
          stroke("r", (164, 55), (396, 55))], AB, {("a", "over the internet", "b")}),
    Case("what was broken into lines is one line",
         [box("a"), words("t", "Vector\nstore", 9, 9, "a", originalText="Vector store")],
         {"vector store"}, set()),
    Case("without its original a text is what is shown",
         [box("a"), words("t", "Vector\nstore", 9, 9, "a", originalText=None)],
         {"vector store"}, set()),
    Case("a deleted box leaves no text", [box("x", **DEAD), words("t", "X", 9, 9, "x"), *A],
         {"a"}, set()),
    Case("a text whose box is unknown stands alone", [words("t", "X", 900, 9, "gone"), *A],
         {"a"}, set(), notes=("X",)),
    Case("text beside a box that is bound to it counts",
         [box("a"), words("t", "A", 900, 900, "a")], {"a"}, set()),
    Case("grouped text names its box wherever it stands",
         [box("a", groupIds=["g"]), words("t", "A", 20, 160, groupIds=["g"]), *B], AB, set()),
    Case("text under an unlabelled box names it",
         [box("a"), words("t", "A", 70, 95), *B], AB, set()),
    Case("a picture's caption stands for it",
         [box("i", 0, 0, 80, 80, type="image"), words("t", "S3", 20, 90), *B,
          bound("r", "t", "b", (40, 100), (396, 60))], {"s3", "b"}, {("s3", "b")}),
    Case("a group of two labelled boxes stays two",
         [{**part, "groupIds": ["g"]} for part in (*A, *labelled("b", "B", 120, 20))], AB, set()),
    Case("an icon of a library is one box",
         [box("i1", 0, 0, 60, 60, **ICON), box("i2", 10, 50, 40, 20, type="ellipse", **ICON),
          stroke("i3", (5, 5), (55, 5), type="line", **ICON), words("t", "S3", 10, 75, **ICON), *B,
          bound("r", "i2", "b", (64, 40), (396, 40))], {"s3", "b"}, {("s3", "b")}),
    Case("grouped boxes apart from each other stay several",
         [box("a", w=170, groupIds=["g"]), box("x", 400, groupIds=["g"]), words("t", "A", 70, 20)],
         {"a", "unnamed"}, set()),
    Case("grouped boxes of a text board stay several",
         [box("c:a", groupIds=["g"]), box("c:b", 100, 20, groupIds=["g"])], AB, set()),
    Case("a grouped zone stays one",
         [box("z", -40, -60, 260, 220, groupIds=["g"], **DASHED), box("a", groupIds=["g"])],
         {"unnamed"}, set(), {"unnamed zone": {"unnamed"}}),
    Case("a grouped line that leads away joins boxes",
         [box("a", groupIds=["g"]), A[1], *B,
          stroke("l", (164, 40), (390, 40), type="line", groupIds=["g"])], AB, {("a", "b")}),
    Case("an icon of strokes is one box",
         [pen("i1", (30, 0), (40, 10), (30, 20), (22, 10), (30, 0), **ICON),
          stroke("i2", (30, 20), (30, 50), type="line", **ICON),
          stroke("i3", (15, 30), (45, 30), type="line", **ICON), words("t", "User", 5, 55, **ICON),
          *B, stroke("r", (50, 40), (396, 40))], {"user", "b"}, {("user", "b")}),
    Case("two boxes that are grouped and joined stay two",
         [box("a", groupIds=["g"]), box("b", 165, groupIds=["g"]), words("t", "A", 9, 9),
          bound("r", "a", "b", (150, 40), (170, 40), groupIds=["g"])],
         {"a", "unnamed"}, {("a", "unnamed")}),
    Case("nobody's text is a note", [*A, words("t", "10k QPS", 900, 900)], {"a"}, set(),
         notes=("10k QPS",)),
    Case("markup in a label is cleaned",
         [box("a"), words("t", "Order<br>API\u202e\u200b", 9, 9, "a")], {"order api"}, set()),
]  # fmt: skip

ZONE = box("z", -40, -60, 260, 220, **DASHED)
TITLE = words("zt", "Core", -30, -50)
BOTH = box("z", -40, -60, 640, 220)

ZONES = [
    Case("a frame is a zone", [frame("f", -20, -20, 300, 200, "Trusted"), *A, *B], AB, set(),
         {"trusted": {"a"}}),
    Case("a frame without a name is called one", [frame("f", -20, -20, 300, 200), *A], {"a"},
         set(), {"frame": {"a"}}),
    Case("an empty frame is a zone too", [frame("f", 900, 900, 90, 90, "Later"), *A], {"a"}, set(),
         {"later": set()}),
    Case("what belongs to a frame is in it even beyond its edge",
         [frame("f", 900, 0, 90, 90, "F"), box("a", 0, 0, frameId="f"), A[1]], {"a"}, set(),
         {"f": {"a"}}),
    Case("a dashed box around a box is a zone", [ZONE, TITLE, *A, *B], AB, set(), {"core": {"a"}}),
    Case("a dashed box with nothing inside is a box",
         [box("z", **DASHED), words("t", "Later", 9, 9, "z")], {"later"}, set()),
    Case("unless it calls itself a zone",
         [box("z", 900, 0, 300, 300, **DASHED), words("t", "Trusted zone", 905, 5), *A], {"a"},
         set(), {"trusted zone": set()}),
    Case("an unfilled box around one box is a zone", [box("z", -40, -60, 260, 220), TITLE, *A],
         {"a"}, set(), {"core": {"a"}}),
    Case("a labelled box around one box is a box",
         [box("z", -40, -60, 260, 220), words("zt", "Agent", 0, 100, "z"), *A],
         {"a", "agent"}, set()),
    Case("unless its label is on top",
         [box("z", -40, -60, 260, 220), words("zt", "Core", 0, -55, "z", verticalAlign="top"), *A],
         {"a"}, set(), {"core": {"a"}}),
    Case("any box around two boxes is a zone",
         [{**BOTH, "backgroundColor": "#fff"}, words("zt", "Core", 0, -55, "z"), *A, *B], AB, set(),
         {"core": AB}),
    Case("what the palette made as a zone is one, even around nothing",
         [box("z", 900, 0, 200, 200, customData={"kind": "trust_boundary"}), *A], {"a"}, set(),
         {"unnamed zone": set()}),
    Case("a title stands above the edge", [ZONE, words("zt", "Core", -30, -88), *A], {"a"}, set(),
         {"core": {"a"}}),
    Case("a title is the only text at the bottom", [ZONE, words("zt", "Core", 100, 130), *A], {"a"},
         set(), {"core": {"a"}}),
    Case("a title is at the top, a remark anywhere",
         [ZONE, words("zt", "Core", -30, -50), words("n", "v2", 100, 130), *A], {"a"}, set(),
         {"core": {"a"}}, notes=("v2",)),
    Case("a title stays one where an arrow passes",
         [ZONE, words("zt", "Core", -30, -42), *A, *B, stroke("r", (-70, -5), (224, -5))], AB,
         set(), {"core": {"a"}}),
    Case("a box may stick out of its zone",
         [box("z", -40, -60, 190, 220, **DASHED), TITLE, *A], {"a"}, set(), {"core": {"a"}}),
    Case("a freehand loop around two boxes is a zone",
         [pen("p", *corners(-30, -30, 640, 160)), *A, *B], AB, set(), {"unnamed zone": AB}),
    Case("zones nest",
         [frame("f", -100, -100, 900, 500, "Cloud"), ZONE, TITLE, *A, *B], AB, set(),
         {"cloud": {"b"}, "core": {"a"}}),
    Case("frames nest by place",
         [frame("f", -100, -100, 900, 500, "Cloud"), frame("g", -20, -20, 300, 200, "In"), *A, *B],
         AB, set(), {"cloud": {"b"}, "in": {"a"}}),
    Case("a group in an outer box is a zone of its boxes",
         [{**part, "groupIds": ["g"]} for part in (BOTH, TITLE, *A, *B)], AB, set(), {"core": AB}),
    Case("words that arrows meet are components of a zone",
         [{**BOTH, **DASHED}, TITLE, words("ta", "A", 0, 40), words("tb", "B", 400, 40),
          bound("r", "ta", "tb", (20, 50), (390, 50))], AB, {("a", "b")}, {"core": AB}),
]  # fmt: skip

ARROWS = [
    Case("bindings count, whatever the shapes say", [*A, *B, A_TO_B], AB, {("a", "b")}),
    Case("bindings count, wherever the arrow lies", [*A, *B, bound("r", "a", "b")], AB,
         {("a", "b")}),
    Case("an arrow near its boxes joins them", [*A, *B, stroke("r", (170, 40), (385, 40))], AB,
         {("a", "b")}),
    Case("an arrow that points at a box joins it", [*A, *B, stroke("r", (164, 40), (330, 40))], AB,
         {("a", "b")}),
    Case("an arrow that points elsewhere does not",
         [*A, *B, stroke("r", (164, 40), (330, 160))], AB, set()),
    Case("an arrow that ends far from a box does not meet it",
         [*A, *labelled("b", "B", 900), stroke("r", (164, 40), (700, 40))], AB, set()),
    Case("between close boxes each end meets its own",
         [*A, *labelled("b", "B", 200), stroke("r", (162, 40), (190, 40))], AB, {("a", "b")}),
    Case("a box in the way of neither end is not met",
         [*A, *B, *labelled("m", "M", 220, 0, h=30), stroke("r", (164, 60), (396, 60))],
         {"a", "b", "m"}, {("a", "b")}),
    Case("the inner of two boxes is met",
         [box("z", 360, -60, 240, 200), words("zt", "Agent", 380, 100, "z"), *A, *B,
          stroke("r", (164, 40), (410, 40))], {"a", "b", "agent"}, {("a", "b")}),
    Case("a head at the start turns it around",
         [*A, *B, {**A_TO_B, "startArrowhead": "arrow", "endArrowhead": None}], AB, {("b", "a")}),
    Case("two heads are two arrows", [*A, *B, {**A_TO_B, "startArrowhead": "triangle"}], AB,
         {("a", "b"), ("b", "a")}),
    Case("a binding to a deleted box counts for nothing",
         [*A, *B, box("x", 0, 300, **DEAD), bound("r", "x", "b", (164, 40), (396, 40))], AB,
         {("a", "b")}),
    Case("an arrow bound to a box's text is bound to the box",
         [*A, *B, bound("r", "a-text", "b", (100, 40), (396, 40))], AB, {("a", "b")}),
    Case("and so is one bound to text that stands in it",
         [box("a"), words("t", "A", 60, 30), *B, bound("r", "t", "b", (80, 40), (396, 40))], AB,
         {("a", "b")}),
    Case("bare words that an arrow is bound to are a component",
         [words("t", "User", 0, 30), *B, bound("r", "t", "b", (60, 40), (396, 40))],
         {"user", "b"}, {("user", "b")}),
    Case("bare words that an arrow ends at are a component",
         [words("t", "User", 0, 30), *B, stroke("r", (50, 40), (396, 40))],
         {"user", "b"}, {("user", "b")}),
    Case("an elbow arrow is an arrow",
         [*A, *C, bound("r", "a", "c", (80, 84), (80, 340), (396, 340), elbowed=True)],
         {"a", "c"}, {("a", "c")}),
    Case("corners on the way are no ends",
         [*A, *B, *C, stroke("r", (164, 40), (280, 40), (280, 340), (390, 340))],
         {"a", "b", "c"}, {("a", "c")}),
    Case("an arrow may be turned",
         [*A, *labelled("b", "B", 0, 400), stroke("r", (-40, 240), (200, 240), angle=1.5708)],
         AB, {("a", "b")}),
    Case("bound twice to one box it is a loop", [*A, bound("r", "a", "a", *LOOP)], {"a"},
         {("a", "a")}),
    Case("ending there twice it is none", [*A, stroke("r", *LOOP)], {"a"}, set()),
    Case("a deleted arrow is none", [*A, *B, {**A_TO_B, **DEAD}], AB, set()),
    Case("an arrow of one point is none", [*A, *B, stroke("r", (164, 40))], AB, set()),
    Case("bound text is its label", [*A, *B, A_TO_B, words("l", "gRPC", 9, 900, "r")], AB,
         {("a", "grpc", "b")}),
    Case("text beside its middle is its label",
         [*A, *B, A_TO_B, words("l", "gRPC", 240, 10)], AB, {("a", "grpc", "b")}),
    Case("text belongs to the nearer arrow",
         [*A, *B, A_TO_B, words("l", "gRPC", 240, 46),
          bound("s", "b", "a", (396, 95), (164, 95))], AB, {("a", "grpc", "b"), ("b", "a")}),
    Case("text belongs to the arrow whose middle it is at",
         [*A, *B, A_TO_B, words("l", "gRPC", 240, 50),
          bound("s", "b", "a", (250, 200), (250, 78))], AB, {("a", "grpc", "b"), ("b", "a")}),
    Case("text far from it is a note", [*A, *B, A_TO_B, words("l", "gRPC", 240, 200)], AB,
         {("a", "b")}, notes=("gRPC",)),
    Case("a text at a zone's top is its title, not a label",
         [{**BOTH, **DASHED}, words("zt", "Core", -30, -50), *A, *B, A_TO_B], AB, {("a", "b")},
         {"core": AB}),
    Case("a line joins two boxes", [*A, *B, {**A_TO_B, "type": "line", "endArrowhead": None}], AB,
         {("a", "b")}),
    Case("a line with a head is an arrow",
         [*A, *B, stroke("r", (170, 40), (370, 40), type="line", startArrowhead="dot")], AB,
         {("b", "a")}),
    Case("a line that meets one box joins nothing",
         [*A, *B, stroke("r", (164, 40), (330, 40), type="line")], AB, set()),
    Case("a line within a box is an ornament",
         [*A, *B, stroke("r", (2, 20), (158, 20), type="line")], AB, set()),
    Case("a straight pen stroke joins two boxes",
         [*A, *B, pen("p", (165, 40), (250, 44), (300, 38), (396, 41))], AB, {("a", "b")}),
    Case("a winding pen stroke joins nothing",
         [*A, *B, pen("p", (165, 40), (250, 400), (300, -400), (396, 41))], AB, set()),
    Case("an arrow that ends at a zone's border means the only box in it",
         [box("z", -40, -60, 440, 220, **DASHED), TITLE, *A, *labelled("b", "B", 600),
          stroke("r", (590, 40), (404, 40))], AB, {("b", "a")}, {"core": {"a"}}),
    Case("an arrow at a zone means the only box in it",
         [{**ZONE}, TITLE, *A, *B, bound("r", "b", "z", (396, 100), (224, 100))], AB,
         {("b", "a")}, {"core": {"a"}}),
    Case("an arrow at a zone's title does too",
         [{**ZONE}, TITLE, *A, *B, bound("r", "b", "zt", (396, 100), (224, 100))], AB,
         {("b", "a")}, {"core": {"a"}}),
    Case("an arrow at a zone of several means none of them",
         [{**BOTH, **DASHED}, TITLE, *A, *B, *labelled("c", "C", 0, 400),
          bound("r", "c", "z", (300, 396), (300, 164))], {"a", "b", "c"}, set(), {"core": AB}),
    Case("unless it touches one",
         [{**BOTH, **DASHED}, TITLE, *A, *B, *labelled("c", "C", 0, 400),
          bound("r", "c", "z", (80, 396), (80, 86))], {"a", "b", "c"}, {("c", "a")}, {"core": AB}),
    Case("an arrow from a box to its own zone is none",
         [{**ZONE}, TITLE, *A, bound("r", "a", "z", (80, 84), (80, 156))], {"a"}, set(),
         {"core": {"a"}}),
]  # fmt: skip


def zones(board: Board) -> dict[str, set[str]]:
    """Component ids by zone id."""
    return {
        zone.id: {part.id for part in board.components if part.zone == zone.id}
        for zone in board.zones
    }


@pytest.mark.parametrize(
    "case", [*SHAPES, *WORDS, *ZONES, *ARROWS], ids=lambda case: case.rule.replace(" ", "-")
)
def test_a_scene_is_read(case: Case):
    """Each rule on a scene of its own: components, arrows with labels, zones and notes."""
    reading = read_scene(case.scene)
    found = {tuple(part.lower() for part in arrow) for arrow in arrows(reading)}

    assert set(texts(reading.board)) == case.components
    assert found == case.arrows
    assert zones(reading.board) == dict(case.zones)
    assert reading.board.notes == case.notes
