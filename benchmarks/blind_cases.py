"""The evidence finder on the packs' blind cases: concept F1, precision, recall, level order.

    python -m benchmarks.blind_cases [PACK_FOLDER]

Language models wrote the cases: writers that saw the question and the level only, and one reader
that labelled them from the concept statements alone, before the finder first ran on them. No human
has labelled them. A concept that the reader called `partly` shown is left out of every figure.
`hit` counts as found; `hit or unsure` counts the finder's `unsure` as found too, which is the upper
end of what a card shows.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from scenarios.load import Library, builtin_packs_folder, load_cases, load_library
from scenarios.model import Case, Quality
from scenarios.rounds import RoundPlan
from scoring.evidence import EvidenceFinder
from scoring.observations import observe, settle
from scoring.transcript import WHOLE_ROUND, Speaker, Turn
from scoring.verdicts import Verdict

SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""Verdicts do not depend on when something was said."""

Tally = Counter[str]


def found_in(finder: EvidenceFinder, plan: RoundPlan, case: Case) -> dict[str, Verdict]:
    """The verdict that the card would give on each concept of the case's stage, by concept id."""
    stage = WHOLE_ROUND if case.stage is None else case.stage.value
    if case.stage is None and len(plan.stages) == 1:
        stage = plan.stages[0].name
    asked = plan.stage(stage).opening if stage else plan.brief
    turns = (
        Turn("question", 0, Speaker.INTERVIEWER, asked, 0, stage, SOME_TIME),
        Turn("answer", 1, Speaker.CANDIDATE, case.text, 0, stage, SOME_TIME),
    )
    seen = observe(finder, turns)
    return {
        concept.id: settle(key, concept, seen.get(key, ()), turns, opened=True).verdict
        for key, concept in plan.concepts()
        if not key.startswith("curveball/")
        and (case.stage is None or key.startswith(f"{case.stage.value}/"))
    }


def count(case: Case, found: dict[str, Verdict], positive: set[Verdict]) -> Tally:
    """True and false positives and negatives of one case."""
    tally: Tally = Counter()
    for concept_id, verdict in found.items():
        if concept_id not in case.partly:
            claimed, shown = verdict in positive, concept_id in case.shows
            tally[f"{'t' if claimed == shown else 'f'}{'p' if claimed else 'n'}"] += 1
    return tally


def scores(tally: Tally) -> str:
    """Precision, recall and F1 with the counts behind them."""
    tp, fp, fn, tn = (tally[name] for name in ("tp", "fp", "fn", "tn"))
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    counts = f"(tp {tp}, fp {fp}, fn {fn}, tn {tn})"
    return f"P {precision:.2f}  R {recall:.2f}  F1 {f1:.2f}  {counts}"


def _tallies() -> defaultdict[str, Tally]:
    return defaultdict(Counter)


@dataclass
class Result:
    """The counts by group of cases, and the share of concepts hit by stage and quality."""

    hits: defaultdict[str, Tally] = field(default_factory=_tallies)
    hits_or_unsure: defaultdict[str, Tally] = field(default_factory=_tallies)
    shares: dict[tuple[str, str], dict[Quality, float]] = field(
        default_factory=dict[tuple[str, str], dict[Quality, float]]
    )

    def add(self, plan: RoundPlan, case: Case, found: dict[str, Verdict]) -> None:
        """Count one case in its groups; only ordinary ones are put in order of quality."""
        groups = ("all", f"kind {case.kind}", f"quality {case.quality.value}", f"round {plan.kind}")
        for group in groups:
            self.hits[group] += count(case, found, {Verdict.HIT})
            self.hits_or_unsure[group] += count(case, found, {Verdict.HIT, Verdict.UNSURE})
        if case.kind == "ordinary":
            share = sum(verdict is Verdict.HIT for verdict in found.values()) / len(found)
            self.shares.setdefault((plan.item, str(case.stage)), {})[case.quality] = share

    def show(self) -> None:
        """Print the table."""
        for name in sorted(self.hits):
            print(f"{name:22} hit             {scores(self.hits[name])}")
            print(f"{'':22} hit or unsure   {scores(self.hits_or_unsure[name])}")
        ordered = [share for share in self.shares.values() if len(share) == len(Quality)]
        right = sum(
            share[Quality.WEAK] < share[Quality.MIDDLING] <= share[Quality.STRONG]
            for share in ordered
        )
        ends = sum(share[Quality.WEAK] < share[Quality.STRONG] for share in ordered)
        print(
            f"level order weak < middling <= strong: {right} of {len(ordered)}; "
            f"weak < strong: {ends}"
        )


def run(library: Library) -> Result:
    """The finder on every case of every pack."""
    result = Result()
    for pack in library.packs:
        for item, cases in load_cases(pack).items():
            plan = library.round_for(item)
            finder = EvidenceFinder.of(plan)
            for case in cases.cases:
                result.add(plan, case, found_in(finder, plan, case))
    return result


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else builtin_packs_folder()
    run(load_library(folder)).show()


if __name__ == "__main__":
    main()
