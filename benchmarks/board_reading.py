"""How well boards that were drawn in the page are read as graphs: F1 of nodes, edges and zones.

    python -m benchmarks.board_reading

Each board has three files in `boards/`: what it means (`.truth.yaml`), the steps of mouse and
keyboard that drew it (`.plan.yaml`, see `draw_boards`), and the scene that the page sent
(`.excalidraw.json`). A language model that had not seen the reader wrote the truths, before the
boards were drawn and before the reader ran on them, and looked at a picture of every board. Tidy
boards have bound arrows and labels typed into their boxes; untidy ones are drawn as people draw
under time pressure, but so that a person still sees what is meant. Seven untidy boards are harder
ones that it added, still without having seen the reader, when the first figures of the others were
known: `pen_arrows`, `dense_grid`, `captions_above`, `open_outlines`, `annotated_boxes`,
`centre_to_centre` and `outside_titles`.

A node counts by its label, an edge by the labels of its ends in its direction, a zone by its title,
all without regard to case; equal labels count as often as they stand there. An arrow with a head
at both ends is two edges; one that is read without a direction matches none that has one. A member
is a box in its innermost zone, or a zone in the one around it. Arrow labels are counted on the
edges with the label that the truth gives them, unlabelled ones included. Figures are
micro-averaged: counts of all boards are added first.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchmarks.figures import print_table
from whiteboard.board import Board, clean_label
from whiteboard.excalidraw import read_scene

BOARDS = Path(__file__).parent / "boards"
PARTS = ("nodes", "edges", "zones", "members", "labels", "notes")
AIMS = {("tidy", "nodes"): 0.97, ("tidy", "edges"): 0.97} | {
    ("untidy", "nodes"): 0.85,
    ("untidy", "edges"): 0.85,
}

_UNDIRECTED = {True: "", False: " (without direction)"}

Part = tuple[str, ...]
Graph = dict[str, Counter[Part]]
"""For each of `PARTS` what is there, and how often."""


@dataclass
class Tally:
    """What was found, what was found and is not there, and what is there and was not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1 where there is nothing to find."""
        every = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / every if every else 1.0

    def add(self, truth: Counter[Part], found: Counter[Part]) -> None:
        """Count one board's parts."""
        self.right += (truth & found).total()
        self.wrong += (found - truth).total()
        self.missed += (truth - found).total()


@dataclass
class Result:
    """The counts by group and kind of part, and for each board what differs, as plain lines."""

    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    differences: dict[str, list[str]] = field(default_factory=dict)
    boards: Counter[str] = field(default_factory=Counter)

    def f1(self, group: str, part: str) -> float:
        """The micro-averaged F1 of one kind of part in `tidy` or `untidy`."""
        return self.tallies[group, part].f1

    def add(self, name: str, group: str, truth: Graph, found: Graph) -> None:
        """Count one board."""
        self.boards[group] += 1
        lines = self.differences.setdefault(f"{name} ({group})", [])
        for part in PARTS:
            self.tallies.setdefault((group, part), Tally()).add(truth[part], found[part])
            lines += [f"{part}: missed {_say(one)}" for one in (truth[part] - found[part])]
            lines += [f"{part}: not there {_say(one)}" for one in (found[part] - truth[part])]


def _say(part: Part) -> str:
    return " -> ".join(repr(word) for word in part)


def _counted(parts: Iterable[Iterable[Any]]) -> Counter[Part]:
    return Counter(tuple(clean_label(str(word)).casefold() for word in part) for part in parts)


def graph_of_truth(truth: dict[str, Any]) -> Graph:
    """What a truth file says."""
    zones = truth["zones"]
    inside = [(zone["title"], member) for zone in zones for member in zone["members"]]
    inside += [(zone["parent"], zone["title"]) for zone in zones if "parent" in zone]
    return {
        "nodes": _counted((label,) for label in truth["nodes"]),
        "edges": _counted(edge[:2] for edge in truth["edges"]),
        "zones": _counted((zone["title"],) for zone in zones),
        "members": _counted(inside),
        "labels": _counted((*edge, "")[:3] for edge in truth["edges"]),
        "notes": _counted((note,) for note in truth.get("notes", ())),
    }


def graph_of_board(board: Board) -> Graph:
    """What a board that was read says."""
    names = {one.id: one.label for one in board.components}
    titles = {zone.id: zone.label for zone in board.zones}
    ends = [
        (names[one.source], names[one.target] + _UNDIRECTED[one.directed], one.label)
        for one in board.arrows
    ]
    inside = [(titles[one.zone], one.label) for one in board.components if one.zone]
    inside += [(titles[zone.parent], zone.label) for zone in board.zones if zone.parent]
    return {
        "nodes": _counted((label,) for label in names.values()),
        "edges": _counted(end[:2] for end in ends),
        "zones": _counted((title,) for title in titles.values()),
        "members": _counted(inside),
        "labels": _counted(ends),
        "notes": _counted((note,) for note in board.notes),
    }


def run() -> Result:
    """Read all boards."""
    result = Result()
    for file in sorted(BOARDS.glob("*.truth.yaml")):
        name = file.name.removesuffix(".truth.yaml")
        truth = yaml.safe_load(file.read_text("utf-8"))
        scene = json.loads((BOARDS / f"{name}.excalidraw.json").read_text("utf-8"))
        found = graph_of_board(read_scene(scene).board)
        group = "tidy" if truth["tidy"] else "untidy"
        result.add(name, group, graph_of_truth(truth), found)
    return result


def show(result: Result) -> None:
    """Print what differs on each board, then the figures."""
    for name, lines in result.differences.items():
        if lines:
            print("\n".join([name, *(f"  {line}" for line in lines)]))
    rows = [
        (group, part, tally.right, tally.wrong, tally.missed, f"{tally.f1:.3f}", _aim(group, part))
        for (group, part), tally in sorted(result.tallies.items())
    ]
    counts = ", ".join(f"{count} {group}" for group, count in sorted(result.boards.items()))
    head = ("boards", "part", "right", "wrong", "missed", "F1", "aim")
    print_table(f"Boards drawn in the page, read as graphs ({counts})", head, rows)


def _aim(group: str, part: str) -> str:
    return f">= {AIMS[group, part]}" if (group, part) in AIMS else ""


def main() -> int:
    """0 if all aims are met."""
    result = run()
    show(result)
    return int(any(result.f1(*which) < aim for which, aim in AIMS.items()))


if __name__ == "__main__":
    sys.exit(main())
