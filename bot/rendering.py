"""Boards in pixels, drawn by a process of their own.

The renderer holds Python's lock while it works, for a quarter of a second on a large board: in this
process a call would stutter meanwhile, and every other interview would wait. What it stumbles over
costs one picture.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

import whiteboard
from whiteboard.elements import Element
from whiteboard.picture import LIGHT, WIDTH, Theme

LONGEST_S = 20.0
"""After which a picture is given up."""

_ROOT = Path(whiteboard.__file__).parents[1]
_COMMAND = (sys.executable, "-m", whiteboard.__name__)


class PictureError(Exception):
    """The picture could not be made; the message does not quote what is on it."""


def scene_png(
    elements: Sequence[Element],
    *,
    theme: Theme = LIGHT,
    changed: Collection[str] = (),
    title: str = "",
    width: int = WIDTH,
) -> bytes:
    """As `whiteboard.picture.scene_png`; it waits for another process, so call it in a thread.

    Raises `PictureError`.
    """
    order = {
        "elements": [dict(one) for one in elements],
        "theme": theme.name,
        "changed": sorted(changed),
        "title": title,
        "width": width,
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            _COMMAND,
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=LONGEST_S,
            cwd=_ROOT,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as err:
        # Its last words would hold labels.
        raise PictureError(f"no picture: {type(err).__name__}") from None
    return done.stdout
