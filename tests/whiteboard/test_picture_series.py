"""Pictures of one board over time, which stand still."""

import re

from whiteboard.board import Arrow, Board, Component
from whiteboard.geometry import around
from whiteboard.picture import LEGEND, scene_bounds, scene_svg
from whiteboard.scene import board_elements

SMALL = board_elements(Board(components=(Component("a", "A"),)))
LARGE = board_elements(
    Board(
        components=tuple(Component(one, one.upper()) for one in "abcdef"),
        arrows=tuple(Arrow(*pair) for pair in ("ab", "bc", "cd", "de", "ef")),
    )
)


def view(svg: str) -> str:
    found = re.search(r'viewBox="([^"]+)"', svg)
    assert found
    return found[1]


def test_boards_that_share_a_room_share_the_view() -> None:
    """What is drawn stays where it is from one picture to the next."""
    bounds = [scene_bounds(one) for one in (SMALL, LARGE)]
    room = around([one for one in bounds if one is not None])
    assert view(scene_svg(SMALL)) != view(scene_svg(LARGE))
    assert view(scene_svg(SMALL, room=room)) == view(scene_svg(LARGE, room=room))
    assert view(scene_svg([], room=room)) == view(scene_svg(LARGE, room=room))


def test_a_room_that_is_too_small_cuts_nothing_off() -> None:
    """The board is always shown whole."""
    assert view(scene_svg(LARGE, room=scene_bounds(SMALL))) == view(scene_svg(LARGE))


def test_nothing_takes_up_no_room() -> None:
    """An empty scene, and what is none."""
    assert [scene_bounds(one) for one in ([], None, [{"isDeleted": True}])] == [None] * 3


def test_the_legend_says_what_the_halo_means() -> None:
    """Whoever marks something else gives it other words, or none."""
    changed = {"c:a"}
    assert LEGEND in scene_svg(SMALL, changed=changed)
    assert "new &lt;here&gt;" in scene_svg(SMALL, changed=changed, legend="new <here>")
    assert view(scene_svg(SMALL, changed=changed, legend="")) == view(scene_svg(SMALL))
