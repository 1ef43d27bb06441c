"""What the gate lets through, and what it names when it does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from evals.baseline import (
    Baseline,
    BaselineError,
    accept,
    changed_prompts,
    judge,
    prompt_hashes,
    read_baseline,
)
from evals.gate import PROMPT_CHANGED, failing
from evals.metrics import Checked, Metric, none_of, rate

TODAY = date(2026, 11, 21)
GOOD = Checked(10, ())
HALF = Checked(10, ("x",) * 5)
BAD = Checked(10, ("x",) * 9)


def a_rate(*cases: Checked) -> Metric:
    return rate("suite", "engine", "rate", cases)


def a_count(*faults: str) -> Metric:
    return none_of("suite", "engine", "count", [Checked(10, faults)])


def accepted(*metrics: Metric, prompts: dict[str, str] | None = None) -> Baseline:
    known = prompt_hashes() if prompts is None else prompts
    return accept(metrics, "for the test", packs={"core": "1"}, prompts=known, today=TODAY)


def faults(metrics: list[Metric], baseline: Baseline) -> list[str]:
    return [found.fault for found in judge(metrics, baseline) if found.fault]


def test_what_was_accepted_holds() -> None:
    """The very figures that were accepted never fail."""
    metrics = [a_rate(GOOD, HALF, GOOD), a_count()]

    assert faults(metrics, accepted(*metrics)) == []


def test_a_rate_fails_only_when_its_whole_interval_lies_below_its_floor() -> None:
    """One worse case is noise; all of them worse is a fall."""
    baseline = accepted(a_rate(*[GOOD] * 9, HALF))

    assert faults([a_rate(*[GOOD] * 8, HALF, HALF)], baseline) == []
    assert faults([a_rate(*[BAD] * 10)], baseline) == ["fell: at most 0.10, and the floor is 0.85"]


def test_a_count_fails_at_one() -> None:
    """What must never happen fails the gate the first time it does."""
    baseline = accepted(a_count())

    assert faults([a_count("case 3")], baseline) == ["1, and it must be 0"]


def test_a_metric_that_is_gone_or_new_is_named() -> None:
    """Nobody gets rid of a figure, or gets one past the gate, by renaming it."""
    baseline = accepted(a_rate(GOOD, GOOD))
    renamed = rate("suite", "engine", "other", [GOOD, GOOD])

    assert faults([renamed], baseline) == ["is not in the baseline", "was not measured"]


def test_a_changed_prompt_fails_and_says_what_to_do() -> None:
    """A prompt whose hash nobody has accepted fails, whatever the figures say."""
    baseline = accepted(a_count(), prompts={**prompt_hashes(), "scoring/prompts/new.md": "00"})

    assert changed_prompts(baseline, prompt_hashes()) == ("scoring/prompts/new.md",)
    assert list(failing([], baseline)) == [f"FAIL scoring/prompts/new.md: {PROMPT_CHANGED}"]


@pytest.mark.parametrize("reason", ["", "  "])
def test_accepting_needs_a_reason(reason: str) -> None:
    """Figures are taken over on purpose or not at all."""
    with pytest.raises(BaselineError, match="needs a reason"):
        accept([], reason, packs={}, prompts={}, today=TODAY)


def test_what_must_be_0_is_never_accepted_otherwise() -> None:
    """No reason makes a leak or an unearned hit acceptable."""
    with pytest.raises(BaselineError, match="engine/suite/count"):
        accepted(a_count("case 3"))


def test_a_baseline_is_read_as_it_was_written(tmp_path: Path) -> None:
    """The file keeps everything, the reason included."""
    baseline = accepted(a_rate(GOOD, HALF), a_count())
    file = tmp_path / "baseline.json"
    file.write_text(baseline.model_dump_json(), "utf-8")

    assert read_baseline(file) == baseline


@pytest.mark.parametrize("text", [None, "{}", "no JSON"])
def test_a_baseline_that_cannot_be_used_says_so(tmp_path: Path, text: str | None) -> None:
    """A missing or damaged file is an error with its path, never an empty baseline."""
    file = tmp_path / "baseline.json"
    if text is not None:
        file.write_text(text, "utf-8")

    with pytest.raises(BaselineError, match=r"baseline\.json"):
        read_baseline(file)


def test_the_committed_baseline_knows_every_prompt() -> None:
    """The prompts in the tree are those whose figures were accepted."""
    assert changed_prompts(read_baseline(), prompt_hashes()) == ()
