"""Draws the boards of `board_reading` in the real page, with mouse and keyboard.

    python -m benchmarks.draw_boards FOLDER [NAME...] [--pictures FOLDER] [--chromium PATH]

Each `boards/<name>.plan.yaml` holds the steps (`drawing_hand.Hand` says what each does), and
`FOLDER/<name>.excalidraw.json` receives all elements as the server keeps them, deleted ones
included. What a board means stands in `boards/<name>.truth.yaml`, written before it was drawn; what
is read otherwise from the drawing is printed. To replace the scenes that `board_reading` reads,
FOLDER is `benchmarks/boards`.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Browser, FloatRect

from benchmarks.board_reading import BOARDS, Result, graph_of_board, graph_of_truth
from benchmarks.drawing_hand import CORNER, Hand
from benchmarks.drawn_page import NO_BROWSER, Canvas, browser, find_chromium, open_canvas
from benchmarks.served_page import ServedPage, serve_page
from storage.scenes import Element
from whiteboard.excalidraw import read_scene

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
    clip = FloatRect(
        x=canvas.left,
        y=canvas.top + CORNER[1] - 20,
        width=canvas.width,
        height=canvas.height - CORNER[1] + 20,
    )
    canvas.page.wait_for_timeout(500)
    canvas.page.screenshot(path=file, clip=clip)


def differences(name: str, scene: Sequence[Element]) -> list[str]:
    """What is read from a drawing of that board otherwise than its truth says, as plain lines."""
    truth = yaml.safe_load((BOARDS / f"{name}.truth.yaml").read_text("utf-8"))
    result = Result()
    result.add(name, "drawn", graph_of_truth(truth), graph_of_board(read_scene(scene).board))
    return [line for lines in result.differences.values() for line in lines]


def draw_board(found: Browser, served: ServedPage, name: str, words: argparse.Namespace) -> None:
    """Draw one on a fresh board, and write it down."""
    plan = yaml.safe_load((BOARDS / f"{name}.plan.yaml").read_text("utf-8"))
    with open_canvas(found, served) as canvas:
        draw(canvas, name, plan)
        scene = canvas.scene()
        if words.pictures:
            picture(canvas, words.pictures / f"{name}.png")
    written = json.dumps(scene, ensure_ascii=False, separators=(",", ":"))
    (words.folder / f"{name}.excalidraw.json").write_text(written + "\n", "utf-8")
    print("\n  ".join([name, *differences(name, scene)]), flush=True)


def read_words(given: Sequence[str] | None) -> argparse.Namespace:
    words = argparse.ArgumentParser(description="draw the boards in the page")
    words.add_argument("folder", type=Path, help="where the scenes are written")
    words.add_argument("names", nargs="*", help="the boards; all of them if none is named")
    words.add_argument("--pictures", type=Path, help="a folder for what each looks like")
    words.add_argument("--chromium", default=find_chromium(), help="if it is not on PATH")
    return words.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Draw them one after the other; 2 without a browser."""
    words = read_words(given)
    if words.chromium is None:
        print(NO_BROWSER, file=sys.stderr)
        return 2
    plans = sorted(BOARDS.glob("*.plan.yaml"))
    names = words.names or [plan.name.removesuffix(".plan.yaml") for plan in plans]
    with serve_page() as served, browser(words.chromium) as found:
        for name in names:
            draw_board(found, served, name, words)
    return 0


if __name__ == "__main__":
    sys.exit(main())
