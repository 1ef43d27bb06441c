"""What the figures must not fall below, and of which prompts and pack they were taken."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.metrics import Kind, Metric
from scenarios.load import Library

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "evals" / "baseline.json"
PROMPT_FOLDERS = ("interviewer/prompts", "scoring/prompts")


class BaselineError(Exception):
    """There is no baseline or it cannot be read; the message says what to do."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Held(_Part):
    """A metric as accepted: `floor` is what a rate's interval must reach, None for a count."""

    kind: Kind
    value: float
    floor: float | None


class Baseline(_Part):
    """The accepted figures with the reason that was given for accepting them."""

    accepted: date
    reason: str
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
    today: date,
) -> Baseline:
    """The figures as a new baseline: a rate's floor is the lower end of its interval.

    Raises `BaselineError` where a count that must be 0 is not, or no reason is given.
    """
    if not reason.strip():
        raise BaselineError("--accept needs a reason: say why these figures are right")
    broken = [one.name for one in metrics if one.kind is Kind.ZERO and one.value]
    if broken:
        raise BaselineError(f"not accepted, since these must be 0: {', '.join(broken)}")
    held = {one.name: _held(one) for one in metrics}
    return Baseline(
        accepted=today,
        reason=reason.strip(),
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


def changed_prompts(baseline: Baseline, prompts: Mapping[str, str]) -> tuple[str, ...]:
    """Prompts that were added, changed or taken away since the baseline was accepted."""
    paths = sorted(baseline.prompts.keys() | prompts.keys())
    return tuple(path for path in paths if baseline.prompts.get(path) != prompts.get(path))


def _held(metric: Metric) -> Held:
    value = round(metric.value, 4)
    if metric.kind is Kind.ZERO:
        return Held(kind=metric.kind, value=value, floor=None)
    interval = metric.interval()
    low = interval.low if interval else metric.value
    return Held(kind=metric.kind, value=value, floor=math.floor(low * 100) / 100)


def _fault(metric: Metric, held: Held | None) -> str:
    if metric.kind is Kind.ZERO:
        return f"{metric.value:.0f}, and it must be 0" if metric.value else ""
    if held is None or held.floor is None:
        return "is not in the baseline"
    interval = metric.interval()
    best = interval.high if interval else metric.value
    if best < held.floor:
        return f"fell: at most {best:.2f}, and the floor is {held.floor:.2f}"
    return ""
