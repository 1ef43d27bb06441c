"""Halos and rings: bands around what a picture marks."""

import re
from itertools import product
from xml.etree import ElementTree

import pytest
from scenes import box

from whiteboard.picture import scene_svg

RING = 2.5 + (2 + 3.5) / 2
"""From an outline that is two pixels wide to the middle of a ring."""
SIZES = ((160, 70), (70, 160), (100, 100), (260, 90))


def tips(element: ElementTree.Element) -> list[float]:
    """How far to the left, right, top and bottom a diamond reaches."""
    points = element.get("points") or element.get("d") or ""
    pairs = [tuple(map(float, one.split(","))) for one in re.findall(r"\S+,\S+", points)]
    if "d" in element.attrib:
        curves = zip(pairs[0::3], pairs[1::3], pairs[2::3], strict=False)
        pairs = [
            tuple(0.25 * a + 0.5 * corner + 0.25 * b for a, corner, b in zip(*one, strict=True))
            for one in curves
        ]
    across, down = zip(*pairs, strict=True)
    return [-min(across), max(across), -min(down), max(down)]


@pytest.mark.parametrize(("size", "roundness"), list(product(SIZES, (None, {"type": 2}))), ids=str)
def test_a_ring_is_as_far_from_the_corners_of_a_diamond(
    size: tuple[int, int], roundness: object
) -> None:
    """As from its sides, however flat it is."""
    scene = [box("a", -size[0] / 2, -size[1] / 2, *size, type="diamond", roundness=roundness)]
    svg = ElementTree.fromstring(scene_svg(scene, highlighted={"a"}))  # noqa: S314 - our own
    shape, ring = (one for one in svg.iter() if one.tag.endswith(("path", "polygon")))
    gaps = [outer - inner for inner, outer in zip(tips(shape), tips(ring), strict=True)]
    assert gaps == pytest.approx([RING] * 4, abs=0.1)
