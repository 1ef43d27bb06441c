"""The ways of arrows: tracks between columns, ports, corners, and ways on a drawn board."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whiteboard import free_routes
from whiteboard.board import Arrow, Board, Component
from whiteboard.excalidraw import read_scene
from whiteboard.free_routes import End, route_freely
from whiteboard.geometry import Point, Rect
from whiteboard.layout import lay_out
from whiteboard.palette import Shape
from whiteboard.places import ARROW_GAP, Route
from whiteboard.routing import (
    Columns,
    Step,
    Widths,
    assign_tracks,
    middle_on,
    place_along,
    port_offsets,
    settle_ports,
    trace,
)
from whiteboard.scene import board_elements, extend_scene
from whiteboard.sketch import parse_sketch

levels = st.integers(0, 20).map(lambda level: 10.0 * level)


@given(st.lists(st.tuples(levels, levels), max_size=12))
def test_steps_that_would_touch_have_tracks_of_their_own(ways: list[tuple[float, float]]):
    """Each step across has a track; no two of one track meet."""
    steps = [Step(at, start, end) for at, (start, end) in enumerate(ways)]
    tracks = assign_tracks(steps)

    assert set(tracks) == {step.wire for step in steps if not step.straight}
    for one, other in combinations(tracks, 2):
        assert tracks[one] != tracks[other] or not steps[one].meets(steps[other])


@pytest.mark.parametrize(
    ("ways", "tracks"),
    [
        ([(0, 100), (20, 120)], {0: 1, 1: 0}),  # downward: the lower one turns first
        ([(100, 0), (120, 20)], {0: 0, 1: 1}),  # upward: the upper one turns first
        ([(0, 50), (100, 150)], {0: 0, 1: 0}),  # far apart
        ([(0, 50), (50, 100)], {0: 1, 1: 0}),  # else they would run on one line at 50
        ([(40, 40)], {}),
    ],
)
def test_the_order_of_tracks_saves_crossings(
    ways: list[tuple[float, float]], tracks: dict[int, int]
):
    """Of two that overlap, the one stands first whose turn the other need not cross."""
    assert assign_tracks([Step(at, *way) for at, way in enumerate(ways)]) == tracks


def test_columns_make_room_for_tracks_and_arrowheads():
    """Three tracks need two distances between them, and room on both sides."""
    columns = place_along([Widths(100, 0, 0, 3, 36), Widths(80, 28, 0, 0, 36)])

    assert columns.tracks[0] == 136
    assert columns.starts[1] - columns.ends[0] == 36 + 2 * 14 + 36 + 28


def test_a_way_goes_across_on_its_track_only():
    """Level through the columns, upright on the track."""
    columns = Columns(starts=[0, 200], ends=[100, 300], tracks=[130, 330])

    assert trace([0, 1], [Step(0, 10, 50)], {0: 1}, columns) == [
        Point(100, 10),
        Point(144, 10),
        Point(144, 50),
        Point(200, 50),
    ]


def test_a_label_stands_at_the_middle_corner():
    """Where the canvas writes it; the way stays the same."""
    corners = [Point(0, 0), Point(10, 0), Point(10, 30), Point(90, 30)]
    way = middle_on(corners, Point(50, 30))

    assert way[len(way) // 2] == Point(50, 30)
    assert len(way) % 2 == 1
    assert [way[0], way[-1]] == [corners[0], corners[-1]]
    assert all(one.x == other.x or one.y == other.y for one, other in pairwise(way))


@given(st.integers(1, 30), st.floats(10, 500))
def test_ports_stand_in_order_within_their_room(count: int, room: float):
    """Evenly around the middle."""
    offsets = port_offsets(count, room)

    assert offsets == sorted(offsets)
    assert offsets[-1] - offsets[0] <= room + 1e-9
    assert sum(offsets) == pytest.approx(0, abs=1e-6)


def test_a_port_moves_a_little_for_a_straight_arrow():
    """Only as far as its neighbours leave room, and not far."""
    assert settle_ports([-20.0, 0.0, 20.0], [-14.0, 15.0, 60.0], 100) == [-14.0, 0.0, 20.0]


def test_arrows_end_just_outside_of_the_outline():
    """Also of round and slanted ones, where several arrive side by side."""
    layout = lay_out(parse_sketch("a -> db [database] <- b\nc -> db\nguard <- a, b, c"))
    for name, shape in (("db", Shape.ELLIPSE), ("guard", Shape.DIAMOND)):
        box = layout.boxes[name]
        ends = [r.points[-1] for r in layout.routes.values() if box.rect.grown(5).holds(tip(r))]

        assert box.box.look.shape is shape
        assert len(ends) == 3
        for end in ends:
            wide = abs(end.x - box.rect.centre.x) / (box.rect.width / 2)
            high = abs(end.y - box.rect.centre.y) / (box.rect.height / 2)
            inside = wide**2 + high**2 if shape is Shape.ELLIPSE else wide + high
            assert 1 < inside < 1.3


def tip(route: Route) -> Rect:
    """The end of a route as a rectangle without size."""
    return Rect(*route.points[-1], 0, 0)


def test_loops_of_one_box_stand_within_each_other():
    """Two arrows from a box to itself are told apart, with their labels."""
    layout = lay_out(parse_sketch("a -> a : retry\na -> a : again with backoff"))
    one, other = (route.label_at for route in layout.routes.values())

    assert one
    assert other
    assert not one.overlaps(other)


LEFT, RIGHT = Rect(0, 0, 100, 60), Rect(400, 0, 100, 60)


def test_a_free_way_is_straight_where_nothing_stands_between():
    """From edge to edge, with the usual gap."""
    way = route_freely(End(Shape.RECTANGLE, LEFT), End(Shape.RECTANGLE, RIGHT), [])

    assert way == [Point(100 + ARROW_GAP, 30), Point(400 - ARROW_GAP, 30)]


def test_a_free_way_goes_round_what_stands_between():
    """None of its pieces touches the obstacle."""
    wall = Rect(200, -50, 60, 160)
    way = route_freely(End(Shape.ELLIPSE, LEFT), End(Shape.DIAMOND, RIGHT), [wall])

    assert len(way) == 4
    for start, end in pairwise(way):
        left, right = sorted((start.x, end.x))
        top, bottom = sorted((start.y, end.y))
        assert not Rect(left, top, right - left, bottom - top).grown(0.1).overlaps(wall)


def test_a_free_way_runs_over_the_fewest_boxes():
    """As few as the best of all ways that there are, and it is the simplest of those."""
    walls = [Rect(200 + 60 * at, -300 - 40 * at, 30, 900) for at in range(3)]
    source, target = End(Shape.RECTANGLE, LEFT), End(Shape.RECTANGLE, RIGHT)
    few = [*walls, Rect(150, 20, 20, 20)]

    assert len(route_freely(source, target, walls)) == 4
    assert len(route_freely(source, target, walls, 3)) == 2
    assert len(route_freely(source, target, few)) == 4


def test_many_arrows_at_once_are_led_with_less_care(monkeypatch: pytest.MonkeyPatch):
    """What is looked at grows with the arrows, not with arrows times ways times boxes."""
    asked: list[Rect] = []
    crosses = free_routes._crosses
    monkeypatch.setattr(
        free_routes, "_crosses", lambda *seen: asked.append(seen[2]) or crosses(*seen)
    )
    parts = tuple(Component(f"part {at:02}", f"part {at:02}") for at in range(56))
    pairs = [(one.id, other.id) for one in parts for other in parts if one != other]
    arrows = tuple(sorted(Arrow(*pair) for pair in pairs[::6]))
    elements = board_elements(Board(parts))
    drawn = extend_scene(elements, read_scene(elements), Board(parts, arrows))

    assert sum(one["type"] == "arrow" for one in drawn) == len(arrows) > 500
    assert len(asked) < 1_000_000


def test_a_free_way_to_the_same_box_is_a_loop():
    """It leaves downward and comes back."""
    way = route_freely(End(Shape.RECTANGLE, LEFT), End(Shape.RECTANGLE, LEFT), [])

    assert len(way) == 4
    assert min(point.y for point in way) > LEFT.bottom
