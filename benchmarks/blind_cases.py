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
from pathlib import Path

from scenarios.load import Library, builtin_packs_folder, load_cases, load_library
from scenarios.model import Case, Quality
from scenarios.rounds import RoundPlan
from scoring.evidence import EvidenceFinder
from scoring.verdicts import Verdict

Tally = Counter[str]


def found_in(finder: EvidenceFinder, plan: RoundPlan, case: Case) -> dict[str, Verdict]:
    """The best verdict of each concept of the case's stage, by concept id."""
    opening = plan.brief if case.stage is None else plan.stage(case.stage.value).opening
    best: dict[str, Verdict] = {}
    for finding in finder.find(case.text, (opening,)):
        if finding.verdict is not Verdict.CONTRADICTED:
            best[finding.key] = finding.verdict
    return {
        concept.id: best.get(key, Verdict.NOT_DETECTED)
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

    def add(self, item: str, case: Case, found: dict[str, Verdict]) -> None:
        """Count one case in its groups; only ordinary ones are put in order of quality."""
        for group in ("all", f"kind {case.kind}", f"quality {case.quality.value}"):
            self.hits[group] += count(case, found, {Verdict.HIT})
            self.hits_or_unsure[group] += count(case, found, {Verdict.HIT, Verdict.UNSURE})
        if case.kind == "ordinary":
            share = sum(verdict is Verdict.HIT for verdict in found.values()) / len(found)
            self.shares.setdefault((item, str(case.stage)), {})[case.quality] = share

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
            finder = EvidenceFinder(plan.concepts(), tuple(term.term for term in plan.glossary))
            for case in cases.cases:
                result.add(item, case, found_in(finder, plan, case))
    return result


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else builtin_packs_folder()
    run(load_library(folder)).show()


if __name__ == "__main__":
    main()
