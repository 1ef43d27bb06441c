"""A picture from a process of its own: what `scene_png` takes comes in as JSON, a PNG goes out.

`bot/rendering.py` says why, and asks.
"""

from __future__ import annotations

import json
import sys

from whiteboard.picture import DARK, LIGHT, scene_png


def main() -> None:
    """Read one order from standard input, and write the picture to standard output."""
    order = json.load(sys.stdin.buffer)
    theme = DARK if order["theme"] == DARK.name else LIGHT
    picture = scene_png(
        order["elements"],
        theme=theme,
        changed=order["changed"],
        title=order["title"],
        width=order["width"],
    )
    sys.stdout.buffer.write(picture)


if __name__ == "__main__":
    main()
