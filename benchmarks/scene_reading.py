"""A scene of the canvas to a graph: milliseconds for 1,000 elements.

    python -m benchmarks.scene_reading [RUNS]

`bound` is drawn as the canvas does it for somebody tidy: labels and arrows are bound. In `unbound`
the same things merely stand where they should, so that everything is found by its place. Each
scene is made anew for each run, since a server has it from JSON.
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any

from benchmarks.figures import Sample, machine, median, percentile, print_table, verdict
from whiteboard.board import Board
from whiteboard.excalidraw import read_scene

RUNS = 40
AIM_MS = 30.0
ELEMENTS = 1_000
COLUMNS, ROWS = 20, 10
ARROWS = 300
LABELLED_ARROWS = 150
STROKES = 100
STROKE_POINTS = 40
STEP = (300, 220)
SIZE = (160, 80)

Element = dict[str, Any]
NAMES = ("gateway", "retriever", "order API", "policy engine", "LLM", "cache", "trace store")


def element(kind: str, number: int, place: tuple[float, float], **more: object) -> Element:
    """An element with what every element has."""
    look = {"strokeStyle": "solid", "backgroundColor": "transparent", "groupIds": [], "angle": 0}
    kept = {"version": 1, "versionNonce": number, "isDeleted": False, "frameId": None}
    at = {"id": f"{kind}-{number:04}", "type": kind, "x": place[0], "y": place[1]}
    return {**at, "width": SIZE[0], "height": SIZE[1], **look, **kept, **more}


def words(number: int, text: str, place: tuple[float, float], inside: str | None) -> Element:
    """A text of the width that it needs."""
    lettering = {"text": text, "originalText": text, "containerId": inside}
    return element("text", number, place, width=9 * len(text), height=25, **lettering)


def scene(*, bound: bool, seed: int = 7) -> list[Element]:
    """1,000 elements: 200 boxes and their labels, 300 arrows, half of them labelled, and the rest.

    The rest are frames of 20 boxes, notes and freehand strokes.
    """
    chance = random.Random(seed)
    boxes = [
        element("rectangle", column * ROWS + row, (column * STEP[0], row * STEP[1]))
        for column in range(COLUMNS)
        for row in range(ROWS)
    ]
    drawn = [*boxes]
    for number, one in enumerate(boxes):
        place = (one["x"] + 30, one["y"] + 28)
        inside = one["id"] if bound else None
        drawn.append(words(number, f"{chance.choice(NAMES)} {number}", place, inside))
    for number in range(ARROWS):
        drawn += arrow(number, boxes, chance, bound=bound)
    for number in range(0, COLUMNS, 2):
        place = (number * STEP[0] - 40, -60)
        size = {"width": 2 * STEP[0] - 40, "height": ROWS * STEP[1]}
        drawn.append(element("frame", number, place, name=f"zone {number}", **size))
    for number in range(STROKES):
        drawn.append(scribble(number, chance))
    for number in range(ELEMENTS - len(drawn)):
        drawn.append(words(9_000 + number, f"note {number}", (number * 200, 4_000), None))
    chance.shuffle(drawn)
    return drawn


def arrow(
    number: int, boxes: list[Element], chance: random.Random, *, bound: bool
) -> list[Element]:
    """An arrow from a box to the one right of it or below, and perhaps its label."""
    start = chance.randrange(len(boxes) - ROWS)
    down = chance.random() < 0.5 and start % ROWS < ROWS - 1
    ends = boxes[start], boxes[start + 1 if down else start + ROWS]
    x, y = ends[0]["x"] + (80 if down else 166), ends[0]["y"] + (86 if down else 40)
    across, along = (0, STEP[1] - 92) if down else (STEP[0] - 172, 0)
    bindings = {
        side: {"elementId": end["id"], "focus": 0, "gap": 6} if bound else None
        for side, end in zip(("startBinding", "endBinding"), ends, strict=True)
    }
    heads = {"startArrowhead": None, "endArrowhead": "arrow"}
    line = {"points": [[0, 0], [across, along]], "width": across, "height": along}
    drawn = element("arrow", number, (x, y), **line, **bindings, **heads)
    if number >= LABELLED_ARROWS:
        return [drawn]
    label = (x + across / 2 - 20, y + along / 2 - 12)
    return [drawn, words(5_000 + number, "reads", label, drawn["id"] if bound else None)]


def scribble(number: int, chance: random.Random) -> Element:
    """A freehand stroke."""
    points = [[chance.uniform(0, 60), chance.uniform(0, 40)] for _ in range(STROKE_POINTS)]
    place = (chance.uniform(0, COLUMNS * STEP[0]), chance.uniform(2_500, 3_500))
    return element("freedraw", number, place, points=points, pressures=[])


def measure(*, bound: bool, runs: int) -> tuple[Sample, Board]:
    """The reading timed so many times after one that is not counted, and what it gave."""
    stored = json.dumps(scene(bound=bound))
    board = read_scene(json.loads(stored)).board
    sample = Sample()
    for _ in range(runs):
        elements = json.loads(stored)
        with sample:
            read_scene(elements)
    return sample, board


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    rows: list[tuple[object, ...]] = []
    worst = 0.0
    for name, bound in (("bound", True), ("unbound", False)):
        sample, board = measure(bound=bound, runs=runs)
        found = (len(board.components), len(board.arrows), len(board.zones))
        wall = median(sample.wall_ms)
        worst = max(worst, wall)
        figures = (wall, percentile(sample.wall_ms, 0.95), median(sample.cpu_ms))
        rows.append((name, *found, *(f"{figure:.1f}" for figure in figures)))
    head = ("", "boxes", "arrows", "zones", "median ms", "p95 ms", "median CPU ms")
    print_table(f"A scene of {ELEMENTS:,} elements to a graph ({machine()})", head, rows)
    print(f"\nmedian {worst:.1f} ms, aim {AIM_MS:g}: {verdict(worst, AIM_MS)}")


if __name__ == "__main__":
    main()
