"""The figures as a Markdown table, faults listed below it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from evals.baseline import Verdict
from evals.metrics import Kind, Metric

HEAD = ("metric", "value", "95 % interval", "of", "cases", "accepted", "")
MOST_FAULTS = 8
"""Faults named for each metric; the rest is counted."""


def tell(*lines: str) -> None:
    """Write the lines to standard output."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def table(verdicts: Sequence[Verdict]) -> str:
    """One row a metric, columns aligned."""
    rows = [HEAD, *(_row(verdict) for verdict in verdicts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def faults(metrics: Sequence[Metric]) -> Iterator[str]:
    """What went wrong, under the name of each metric."""
    for metric in metrics:
        if metric.faults:
            yield f"{metric.name}:"
            yield from (f"  {fault}" for fault in metric.faults[:MOST_FAULTS])
            left = len(metric.faults) - MOST_FAULTS
            if left > 0:
                yield f"  and {left} more"


def _row(verdict: Verdict) -> tuple[str, ...]:
    metric, held, fault = verdict
    accepted = "" if held is None else shown(metric.kind, held.value)
    of, cases = f"{metric.of:.0f}", str(len(metric.units))
    mark = "FAIL" if fault else "ok"
    return (metric.name, value(metric), interval(metric), of, cases, accepted, mark)


def value(metric: Metric) -> str:
    """A rate with three places, a count as a whole number."""
    return shown(metric.kind, metric.value)


def shown(kind: Kind, number: float) -> str:
    """The number in the notation of its kind."""
    return f"{number:.0f}" if kind is Kind.ZERO else f"{number:.3f}"


def interval(metric: Metric) -> str:
    """The interval in words; empty where there is none."""
    found = metric.interval()
    return "" if found is None else f"{found.low:.2f} to {found.high:.2f}"
