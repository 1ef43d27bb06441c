"""What the figures are held against: which labels were broken when they were accepted, and where.

The gate's engines are deterministic, so that it compares label by label: one that is newly broken
fails, whatever the others do.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.metrics import Kind, Metric
from evals.worktree import Worktree
from scenarios.load import Library

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "evals" / "baseline.json"
PROMPT_FOLDERS = ("interviewer/prompts", "scoring/prompts")
MOST_NAMED = 5
"""Newly broken labels that a verdict names."""


class BaselineError(Exception):
    """There is no baseline or it cannot be read; the message says what to do."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Held(_Part):
    """A metric as accepted, over so many cases; `broken` are the labels that it had against it."""

    kind: Kind
    value: float
    cases: int
    broken: tuple[str, ...] = ()


class Baseline(_Part):
    """The accepted figures with the reason that was given for accepting them.

    `commit` is what they were taken at, and `dirty` says that there were changes beside it.
    """

    accepted: date
    reason: str
    commit: str
    dirty: bool
    packs: dict[str, str]
    prompts: dict[str, str]
    metrics: dict[str, Held]


class Verdict(NamedTuple):
    """What the gate says of one metric; `fault` is empty where it holds."""

    metric: Metric
    held: Held | None
    fault: str


def prompt_hashes(root: Path = ROOT) -> dict[str, str]:
    """SHA-256 of every prompt file by its path."""
    found = (path for folder in PROMPT_FOLDERS for path in sorted((root / folder).glob("*.md")))
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in found
    }


def pack_hashes(library: Library) -> dict[str, str]:
    """The hash of every pack by its id."""
    return {pack.manifest.id: pack.hash for pack in library.packs}


def read_baseline(path: Path = FILE) -> Baseline:
    """The committed baseline; raises `BaselineError`."""
    try:
        return Baseline.model_validate_json(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BaselineError(
            f"{path} is missing: `python -m evals --accept 'the reason'` writes it"
        ) from None
    except ValidationError as err:
        raise BaselineError(
            f"{path} cannot be read: {err.error_count()} faults; take it from version control, "
            "or write it anew with --accept"
        ) from err


def accept(
    metrics: Sequence[Metric],
    reason: str,
    *,
    packs: Mapping[str, str],
    prompts: Mapping[str, str],
    worktree: Worktree,
    today: date,
) -> Baseline:
    """The figures as a new baseline.

    Raises `BaselineError` where a count that must be 0 is not, where a metric has looked at
    nothing, or where no reason is given.
    """
    if not reason.strip():
        raise BaselineError("--accept needs a reason: say why these figures are right")
    broken = [one.name for one in metrics if one.kind is Kind.ZERO and one.value]
    if broken:
        raise BaselineError(f"not accepted, since these must be 0: {', '.join(broken)}")
    empty = [one.name for one in metrics if not one.of]
    if empty:
        raise BaselineError(f"not accepted, since these looked at nothing: {', '.join(empty)}")
    held = {one.name: _held(one) for one in metrics if not one.local}
    return Baseline(
        accepted=today,
        reason=reason.strip(),
        commit=worktree.commit,
        dirty=worktree.dirty,
        packs=dict(packs),
        prompts=dict(prompts),
        metrics=dict(sorted(held.items())),
    )


def judge(metrics: Iterable[Metric], baseline: Baseline) -> Iterator[Verdict]:
    """Each metric against what was accepted, then those that were accepted and are gone."""
    seen: set[str] = set()
    for metric in metrics:
        seen.add(metric.name)
        held = baseline.metrics.get(metric.name)
        yield Verdict(metric, held, _fault(metric, held))
    for name in sorted(baseline.metrics.keys() - seen):
        engine, suite, what = name.split("/", 2)
        gone = Metric(suite, engine, what, baseline.metrics[name].kind, ())
        yield Verdict(gone, baseline.metrics[name], "was not measured")


def judge_beside(metrics: Iterable[Metric], baseline: Baseline, engine: str) -> Iterator[Verdict]:
    """Figures of one run against those accepted for another engine.

    One run is a sample, so that a rate is below only where its whole interval is. What was not
    accepted for that engine falls below nothing.
    """
    for metric in metrics:
        held = baseline.metrics.get(f"{engine}/{metric.suite}/{metric.what}")
        yield Verdict(metric, held, _below(metric, held, engine))


def changed_prompts(baseline: Baseline, prompts: Mapping[str, str]) -> tuple[str, ...]:
    """Prompts that were added, changed or taken away since the baseline was accepted."""
    paths = sorted(baseline.prompts.keys() | prompts.keys())
    return tuple(path for path in paths if baseline.prompts.get(path) != prompts.get(path))


def _held(metric: Metric) -> Held:
    value = round(metric.value, 4)
    return Held(kind=metric.kind, value=value, cases=len(metric.units), broken=metric.labels)


def _fault(metric: Metric, held: Held | None) -> str:
    if metric.kind is Kind.ZERO and metric.value:
        return _not_zero(metric)
    if held is None:
        return "" if metric.local else "is not in the baseline"
    if not metric.of:
        return "looked at nothing"
    if len(metric.units) < held.cases:
        return f"has {len(metric.units)} cases, and had {held.cases}"
    newly = sorted((Counter(metric.labels) - Counter(held.broken)).elements())
    return f"newly broken: {_some(newly)}" if newly else ""


def _not_zero(metric: Metric) -> str:
    return f"{metric.value:.0f}, and it must be 0" if metric.value else ""


def _some(labels: Sequence[str]) -> str:
    left = len(labels) - MOST_NAMED
    named = "; ".join(labels[:MOST_NAMED])
    return f"{named}; and {left} more" if left > 0 else named


def _below(metric: Metric, held: Held | None, engine: str) -> str:
    if metric.kind is Kind.ZERO:
        return _not_zero(metric)
    if held is None:
        return ""
    interval = metric.interval()
    best = interval.high if interval else metric.value
    return f"is at most {best:.2f}, and {engine} has {held.value:.2f}" if best < held.value else ""
