"""Medians, percentiles and tables."""

from __future__ import annotations

import math
import os
import platform
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Sample:
    """Repeated measurements of one thing: wall time and process CPU time, in milliseconds.

    CPU time counts all threads of this process and is the steadier of the two on a busy machine.
    """

    wall_ms: list[float] = field(default_factory=list[float])
    cpu_ms: list[float] = field(default_factory=list[float])

    def __enter__(self) -> Sample:
        self._cpu_since, self._wall_since = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall_ms.append((time.perf_counter() - self._wall_since) * 1000)
        self.cpu_ms.append((time.process_time() - self._cpu_since) * 1000)

    def add(self, other: Sample) -> None:
        """Add the measurements of another sample."""
        self.wall_ms += other.wall_ms
        self.cpu_ms += other.cpu_ms


def median(values: Sequence[float]) -> float:
    """The median; 0 of nothing."""
    return statistics.median(values) if values else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of them do not exceed; 0 of nothing."""
    if not values:
        return 0.0
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A Markdown table under its title, columns aligned."""
    cells = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    print(f"\n{title}\n")
    print("\n".join([lines[0], rule, *lines[1:]]), flush=True)


def verdict(value: float, aim: float) -> str:
    """Whether a value that should not exceed its aim does not."""
    return "met" if value <= aim else "missed"


def machine() -> str:
    """What the figures depend on: cores, Python and system."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{cores} cores, {python}, {platform.system()} {platform.machine()}"
