"""The gate: runs the suites, prints the table, and says whether anything fell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from evals.baseline import (
    FILE,
    Baseline,
    Verdict,
    accept,
    changed_prompts,
    judge,
    pack_hashes,
    prompt_hashes,
    read_baseline,
)
from evals.runs import measure_all
from evals.table import faults, table, tell
from evals.worlds import builtin_library

PROMPT_CHANGED = "prompt changed: run make evals and accept"


def run_gate() -> int:
    """Measure and compare; 0 if everything holds. Raises `evals.baseline.BaselineError`."""
    baseline = read_baseline()
    metrics = measure_all()
    verdicts = list(judge(metrics, baseline))
    tell(table(verdicts))
    tell(*faults(metrics))
    failures = list(failing(verdicts, baseline))
    if _packs() != baseline.packs:
        tell("\nThe packs have changed since the baseline: figures may move with them.")
    tell("")
    tell(*(failures or ["Everything holds."]))
    return 1 if failures else 0


def failing(verdicts: Sequence[Verdict], baseline: Baseline) -> Iterator[str]:
    """A line for each metric that fell and each prompt that is not the accepted one."""
    for metric, _, fault in verdicts:
        if fault:
            yield f"FAIL {metric.name} {fault}"
    for path in changed_prompts(baseline, prompt_hashes()):
        yield f"FAIL {path}: {PROMPT_CHANGED}"


def run_accept(reason: str, file: Path = FILE) -> int:
    """Measure and take the figures as the new baseline.

    Raises `evals.baseline.BaselineError` without a reason, and where a count is not 0.
    """
    metrics = measure_all() if reason.strip() else []
    tell(*faults(metrics))
    baseline = accept(
        metrics,
        reason,
        packs=_packs(),
        prompts=prompt_hashes(),
        today=datetime.now(UTC).date(),
    )
    file.write_text(baseline.model_dump_json(indent=2) + "\n", "utf-8")
    tell(table(list(judge(metrics, baseline))))
    tell(f"\nAccepted: {file}")
    return 0


def _packs() -> dict[str, str]:
    return pack_hashes(builtin_library())
