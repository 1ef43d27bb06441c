"""The gate: runs the suites, prints the table, and says whether anything fell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from evals.baseline import (
    FILE,
    ROOT,
    Baseline,
    BaselineError,
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
from evals.worktree import worktree_at
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
    tell("", *_remarks(baseline))
    tell(*(failures or ["Everything holds."]))
    return 1 if failures else 0


def failing(verdicts: Sequence[Verdict], baseline: Baseline) -> Iterator[str]:
    """A line for each metric that fell and each prompt that is not the accepted one."""
    for metric, _, fault in verdicts:
        if fault:
            yield f"FAIL {metric.name} {fault}"
    for path in changed_prompts(baseline, prompt_hashes()):
        yield f"FAIL {path}: {PROMPT_CHANGED}"


def _remarks(baseline: Baseline) -> Iterator[str]:
    if baseline.dirty:
        yield f"The baseline was taken beside {baseline.commit[:12]}, with uncommitted changes."
    if _packs() != baseline.packs:
        yield "The packs have changed since the baseline: figures may move with them."


def run_accept(reason: str, *, dirty: bool = False, file: Path = FILE) -> int:
    """Measure and take the figures as the new baseline; `dirty` allows uncommitted changes.

    Raises `evals.baseline.BaselineError` without a reason, where a count is not 0, and where
    nobody could find the tree again that the figures are of. `evals.worktree.WorktreeError` where
    there is no version control.
    """
    worktree = worktree_at(ROOT, FILE.relative_to(ROOT).as_posix())
    if worktree.dirty and not dirty:
        raise BaselineError(
            "not accepted, since the tree has uncommitted changes: commit them first, or say "
            "--dirty, and the baseline will say so too"
        )
    metrics = measure_all() if reason.strip() else []
    tell(*faults(metrics))
    baseline = accept(
        metrics,
        reason,
        packs=_packs(),
        prompts=prompt_hashes(),
        worktree=worktree,
        today=datetime.now(UTC).date(),
    )
    file.write_text(baseline.model_dump_json(indent=2) + "\n", "utf-8")
    tell(table(list(judge(metrics, baseline))))
    tell(f"\nAccepted: {file}")
    return 0


def _packs() -> dict[str, str]:
    return pack_hashes(builtin_library())
