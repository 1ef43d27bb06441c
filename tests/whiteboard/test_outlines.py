"""Where things lie: turned rectangles, ways, and what is near a place."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whiteboard.geometry import Point, Rect
from whiteboard.outlines import (
    CROWD,
    STACK,
    Nearby,
    Outline,
    closest_on,
    enclosed_area,
    rect_distance,
)

BOX = Rect(0, 0, 100, 40)


@pytest.mark.parametrize(
    ("angle", "place", "distance"),
    [
        (0, Point(50, 20), 0),
        (0, Point(130, 20), 30),
        (0, Point(103, 44), 5),
        (math.pi / 2, Point(50, 65), 0),
        (math.pi / 2, Point(50, 80), 10),
        (math.pi / 2, Point(95, 20), 25),
    ],
)
def test_distance_is_measured_to_the_turned_rectangle(angle: float, place: Point, distance: float):
    """0 inside; from outside to the nearest point of the border."""
    assert Outline(BOX, angle).distance(place) == pytest.approx(distance)


def test_the_bounds_of_a_turned_rectangle_are_upright():
    """A quarter turn swaps width and height around the centre."""
    bounds = Outline(BOX, math.pi / 2).bounds()

    assert tuple(bounds) == pytest.approx((30, -30, 40, 100))


@pytest.mark.parametrize(
    ("place", "foot", "share"),
    [
        (Point(50, 9), Point(50, 0), 0.25),
        (Point(-9, 0), Point(0, 0), 0),
        (Point(130, 50), Point(100, 50), 0.75),
    ],
)
def test_the_closest_place_on_a_way_is_found(place: Point, foot: Point, share: float):
    """With its share of the whole length, and that length."""
    closest = closest_on((Point(0, 0), Point(100, 0), Point(100, 100)), place)

    assert closest.place == foot
    assert closest.share == pytest.approx(share)
    assert closest.length == 200


def test_a_closed_way_encloses_its_area():
    """Whichever way around it goes."""
    ring = [Point(0, 0), Point(10, 0), Point(10, 5), Point(0, 5)]

    assert enclosed_area(ring) == enclosed_area(ring[::-1]) == 50


SPANS = st.one_of(st.integers(0, 90), st.sampled_from([256, 257, 5_000, 1_000_000]))
PLACES = st.integers(-600, 600)
RECTS = st.builds(Rect, PLACES, PLACES, SPANS, SPANS)


@given(st.lists(RECTS, max_size=20), RECTS)
def test_what_touches_a_place_is_found_and_nothing_else(rects: list[Rect], asked: Rect):
    """As by looking at everything, whatever the sizes."""
    near = Nearby((rect, index) for index, rect in enumerate(rects))
    expected = [index for index, rect in enumerate(rects) if rect_distance(rect, asked) == 0]

    assert sorted(near.touching(asked)) == expected


def test_of_a_crowd_some_are_found():
    """A place where thousands lie costs no more than one where hundreds do."""
    near = Nearby((BOX, index) for index in range(10 * CROWD))

    assert near.touching(BOX) == list(range(CROWD))
    assert near.around(Point(9, 9), 1) == list(range(STACK))
