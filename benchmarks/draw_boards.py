"""Draws the boards of `board_reading` in the real page, with mouse and keyboard.

    python -m benchmarks.draw_boards STATIC_FOLDER [--pictures FOLDER] [NAME...]

Each `boards/<name>.plan.yaml` holds the steps (`drawing_hand.Hand` says what each does), and
`boards/<name>.excalidraw.json` receives all elements as the page sent them, deleted ones included.
What a board means stands in `boards/<name>.truth.yaml`, written before it was drawn.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

import yaml

from benchmarks.drawing_hand import CORNER, Hand
from benchmarks.drawn_page import Canvas, browser, open_canvas

BOARDS = Path(__file__).parent / "boards"
SEED = 20261122


def draw(canvas: Canvas, name: str, plan: dict[str, Any]) -> None:
    """Take all steps of a plan; the same plan is drawn with the same slips of the hand."""
    hand = Hand(canvas, plan.get("wobble", 3), random.Random(f"{SEED} {name}"))
    hand.touch()
    for step in plan["steps"]:
        what, *words = step
        named = words.pop() if words and isinstance(words[-1], dict) else {}
        getattr(hand, what)(*words, **named)
    hand.fit()


def picture(canvas: Canvas, file: Path) -> None:
    """The canvas as it is seen, without the toolbar above it."""
    clip = {
        "x": canvas.left,
        "y": canvas.top + CORNER[1] - 20,
        "width": canvas.width,
        "height": canvas.height - CORNER[1] + 20,
    }
    canvas.page.wait_for_timeout(500)
    canvas.page.screenshot(path=file, clip=clip)


def read_words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description="draw the boards in the page")
    words.add_argument("static", type=Path, help="the page's built files")
    words.add_argument("names", nargs="*", help="the boards; all of them if none is named")
    words.add_argument("--pictures", type=Path, help="a folder for what each looks like")
    words.add_argument("--chromium", default="/usr/bin/chromium")
    return words.parse_args()


def main() -> None:
    """Draw them one after the other."""
    words = read_words()
    plans = sorted(BOARDS.glob("*.plan.yaml"))
    names = words.names or [plan.name.removesuffix(".plan.yaml") for plan in plans]
    with browser(words.chromium) as found:
        for name in names:
            plan = yaml.safe_load((BOARDS / f"{name}.plan.yaml").read_text("utf-8"))
            with open_canvas(found, words.static) as canvas:
                draw(canvas, name, plan)
                scene = json.dumps(canvas.scene(), ensure_ascii=False, separators=(",", ":"))
                (BOARDS / f"{name}.excalidraw.json").write_text(scene + "\n", "utf-8")
                if words.pictures:
                    picture(canvas, words.pictures / f"{name}.png")
            print(name, flush=True)


if __name__ == "__main__":
    main()
