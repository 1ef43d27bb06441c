"""The gate as a command: what it prints and with which status it exits."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals import gate, runs
from evals.__main__ import main
from evals.metrics import Checked, Metric, none_of, rate
from evals.suites import conduct, degraded
from evals.suites.simulated import Fixture
from evals.worktree import Worktree
from scenarios.model import Level

GOOD = rate("golden", "offline", "found", [Checked(10, ())] * 4)
FELL = rate("golden", "offline", "found", [Checked(10, ("case: concept",) * 9)] * 4)
CLEAN = none_of("attacks", "offline", "moved up", [Checked(5, ())])
LEAKY = none_of("attacks", "offline", "moved up", [Checked(5, ("case 3: concept",))])


@pytest.fixture
def baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A baseline of two metrics, in the place of the committed one."""
    file = tmp_path / "baseline.json"
    read, accept = gate.read_baseline, gate.run_accept
    monkeypatch.setattr(gate, "read_baseline", lambda: read(file))
    monkeypatch.setattr(
        gate, "run_accept", lambda reason, dirty: accept(reason, dirty=dirty, file=file)
    )
    measured(monkeypatch, GOOD, CLEAN)
    changed(monkeypatch, dirty=False)
    assert main(["--accept", "the first figures"]) == 0
    return file


def measured(monkeypatch: pytest.MonkeyPatch, *metrics: Metric) -> None:
    monkeypatch.setattr(gate, "measure_all", lambda: list(metrics))


def changed(monkeypatch: pytest.MonkeyPatch, *, dirty: bool) -> None:
    monkeypatch.setattr(gate, "worktree_at", lambda root, beside: Worktree("c0ffee", dirty))


def test_what_holds_passes(baseline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The accepted figures exit with 0 and are printed with their intervals."""
    assert main([]) == 0

    printed = capsys.readouterr().out
    assert "Everything holds." in printed
    assert "1.00 to 1.00" in printed


def test_what_fell_is_named(
    baseline: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each metric that fell stands on a line of its own, with the cases that brought it down."""
    measured(monkeypatch, FELL, LEAKY)

    assert main([]) == 1

    printed = capsys.readouterr().out
    assert "FAIL offline/golden/found newly broken: case: concept" in printed
    assert "FAIL offline/attacks/moved up 1, and it must be 0" in printed
    assert "case 3: concept" in printed


def test_accepting_without_a_reason_or_with_a_leak_changes_nothing(
    baseline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old baseline stands where the new one is refused."""
    before = baseline.read_bytes()
    measured(monkeypatch, GOOD, LEAKY)

    assert main(["--accept", " "]) == 2
    assert main(["--accept", "it is only one leak"]) == 2
    assert baseline.read_bytes() == before


def test_uncommitted_changes_are_accepted_only_when_said(
    baseline: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Figures of a tree that nobody can find again say so, there and in every later run."""
    before = baseline.read_bytes()
    changed(monkeypatch, dirty=True)

    assert main(["--accept", "it is all committed"]) == 2
    assert baseline.read_bytes() == before
    assert main(["--accept", "in a hurry", "--dirty"]) == 0
    assert main([]) == 0
    assert "uncommitted changes" in capsys.readouterr().out


def test_parts_of_a_run_are_merged_by_name() -> None:
    """One metric that was measured in two parts has the cases and faults of both."""
    (found, moved) = runs.merged([LEAKY, GOOD, FELL])[::-1]

    assert (found.name, found.of, len(found.faults)) == (GOOD.name, 80, 36)
    assert moved.value == 1


async def test_rounds_full_of_faults_end_and_say_so() -> None:
    """A round on a failing server ends in its time with a card that names what was degraded."""
    figures = await degraded.measure((Fixture(("bh-tradeoff-made",), Level.MID),))

    assert {one.what: one.faults for one in figures} == {one.what: () for one in figures}


def test_conduct_covers_what_a_turn_can_be_blamed_for() -> None:
    """No fault that the interviewer's own report knows is left out of the gate."""
    from scoring.conduct_report import REPORTED

    assert set(REPORTED) == {*conduct.NEVER, *conduct.SELDOM}
