"""What the gate lets through, and what it names when it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from evals.baseline import (
    Baseline,
    BaselineError,
    accept,
    changed_prompts,
    judge,
    judge_beside,
    prompt_hashes,
    read_baseline,
)
from evals.gate import PROMPT_CHANGED, failing
from evals.metrics import Checked, Metric, none_of, rate
from evals.worktree import Worktree

TODAY = date(2026, 11, 21)
GOOD = Checked(10, ())
HALF = Checked(10, tuple(f"case: label {at}" for at in range(5)))
BAD = Checked(10, tuple(f"case: label {at}" for at in range(9)))
TREE = Worktree("0123456789abcdef", dirty=False)


def a_rate(*cases: Checked) -> Metric:
    return rate("suite", "engine", "rate", cases)


def a_count(*faults: str) -> Metric:
    return none_of("suite", "engine", "count", [Checked(10, faults)])


def accepted(*metrics: Metric, prompts: dict[str, str] | None = None) -> Baseline:
    known = prompt_hashes() if prompts is None else prompts
    return accept(
        metrics,
        "for the test",
        packs={"core": "1"},
        prompts=known,
        worktree=TREE,
        today=TODAY,
    )


def faults(metrics: list[Metric], baseline: Baseline) -> list[str]:
    return [found.fault for found in judge(metrics, baseline) if found.fault]


def test_what_was_accepted_holds() -> None:
    """The very figures that were accepted never fail."""
    metrics = [a_rate(GOOD, HALF, GOOD), a_count()]

    assert faults(metrics, accepted(*metrics)) == []


def test_one_newly_broken_label_fails_and_is_named() -> None:
    """However little it moves the rate, and whatever another label has gained."""
    baseline = accepted(a_rate(*[GOOD] * 9, Checked(10, ("old: label",))))

    assert faults([a_rate(*[GOOD] * 9, Checked(10, ("new: label",)))], baseline) == [
        "newly broken: new: label"
    ]
    assert faults([a_rate(*[GOOD] * 10)], baseline) == []


def test_a_rate_that_was_whole_does_not_pass_at_070() -> None:
    """Cases that differ widen no margin."""
    baseline = accepted(a_rate(*[GOOD] * 10))
    worse = a_rate(*[GOOD] * 6, *[HALF, BAD] * 2)

    assert worse.value == pytest.approx(0.72)
    (fault,) = faults([worse], baseline)
    assert fault.startswith("newly broken: case: label 0; ")
    assert fault.endswith("and 23 more")


def test_how_a_label_is_broken_does_not_matter() -> None:
    """A rating of 2 where 1 was accepted, both outside the band, is the same label."""
    baseline = accepted(a_rate(Checked(10, ("case: loop [rated 1, expected 3 to 4]",))))

    assert faults([a_rate(Checked(10, ("case: loop [rated 2, expected 3 to 4]",)))], baseline) == []


def test_fewer_cases_fail() -> None:
    """Nobody mends a figure by taking its case away."""
    baseline = accepted(a_rate(*[GOOD] * 9, HALF), a_count())
    nothing = none_of("suite", "engine", "count", [])

    assert faults([a_rate(*[GOOD] * 9), nothing], baseline) == [
        "has 9 cases, and had 10",
        "looked at nothing",
    ]


def test_a_suite_without_cases_is_neither_good_nor_accepted() -> None:
    """Nothing of nothing is no rate of 1."""
    assert a_rate().value == 0
    with pytest.raises(BaselineError, match=r"looked at nothing: engine/suite/rate"):
        accepted(a_rate())


def test_a_live_rate_is_below_only_with_its_whole_interval() -> None:
    """One run is a sample; a figure that nobody accepted for the other engine falls nowhere."""
    baseline = accepted(a_rate(*[GOOD] * 9, HALF))

    def beside(*cases: Checked) -> list[str]:
        metric = rate("suite", "live", "rate", cases)
        return [one.fault for one in judge_beside([metric], baseline, "engine")]

    assert beside(*[GOOD] * 8, HALF, HALF) == [""]
    assert beside(*[BAD] * 10) == ["is at most 0.10, and engine has 0.95"]
    other = none_of("suite", "live", "other", [Checked(3, ())])
    assert [one.fault for one in judge_beside([other], baseline, "engine")] == [""]


def test_private_cases_are_no_part_of_the_baseline() -> None:
    """They lie on one machine only; what they show is told all the same."""
    metric = replace(a_count(), what="private", local=True)
    baseline = accepted(a_count(), metric)

    assert list(baseline.metrics) == ["engine/suite/count"]
    assert faults([a_count(), metric], baseline) == []
    broken = replace(metric, faults=("case",))
    assert faults([a_count(), broken], baseline) == ["1, and it must be 0"]


def test_a_baseline_names_its_commit() -> None:
    """Whoever doubts a figure can go to the tree that it is of."""
    assert (accepted(a_count()).commit, accepted(a_count()).dirty) == (TREE.commit, False)


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
        accept([], reason, packs={}, prompts={}, worktree=TREE, today=TODAY)


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
