"""Pictures from a process of their own: the same ones, and what becomes of one that fails."""

import sys

import pytest

from bot import rendering
from bot.rendering import PictureError, scene_png
from tests.whiteboard.scenes import words
from whiteboard import picture
from whiteboard.picture import DARK
from whiteboard.scene import board_elements
from whiteboard.sketch import parse_sketch

BOARD = board_elements(parse_sketch("zone inner { gateway }; client -> gateway : “é” 客户"))


def test_it_is_the_same_picture() -> None:
    """Theme, marks, title and width arrive."""
    changed = {BOARD[0]["id"]}

    drawn = scene_png(BOARD, theme=DARK, changed=changed, title="Scope", width=700)

    assert drawn == picture.scene_png(BOARD, theme=DARK, changed=changed, title="Scope", width=700)
    assert drawn != picture.scene_png(BOARD, theme=DARK, title="Scope", width=700)


def test_the_renderer_is_not_loaded_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would hold up everything else in this process."""
    monkeypatch.setitem(sys.modules, "resvg_py", None)

    assert scene_png(BOARD).startswith(b"\x89PNG")


def test_half_characters_do_no_harm() -> None:
    """They come with JSON that a browser wrote."""
    assert scene_png([words("a", "half a \ud83d")]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "command",
    [
        (sys.executable, "-c", "import sys; sys.exit(sys.stdin.read())"),
        ("/nowhere/python",),
        (sys.executable, "-c", "import time; time.sleep(60)"),
    ],
    ids=["fails", "cannot start", "hangs"],
)
def test_a_picture_that_fails_is_an_error_without_labels(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the message nor what led to it holds what is on the board."""
    monkeypatch.setattr(rendering, "_COMMAND", command)
    monkeypatch.setattr(rendering, "LONGEST_S", 0.5)

    with pytest.raises(PictureError) as caught:
        scene_png(BOARD)

    assert "gateway" not in f"{caught.value} {caught.value.__cause__}"
    assert caught.value.__suppress_context__
