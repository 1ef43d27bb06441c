"""The evidence finder on the packs' blind cases: concept F1, precision, recall, level order.

    python -m benchmarks.blind_cases [PACK_FOLDER]

The cases were written by people who had seen the question and the level only, and labelled from
the concept statements alone, before the finder first ran on them. A concept that the reader called
`partly` shown is left out of every figure. `hit` counts as found; `found or unsure` counts the
finder's `unsure` as found too, which is the upper end of what a card shows.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from scenarios.load import Pack, builtin_packs_folder, load_cases, load_library
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
        if concept_id in case.partly:
            continue
        shown = concept_id in case.shows
        tally[("t" if shown == (verdict in positive) else "f") + ("p" if verdict in positive else "n")] += 1
    return tally


def scores(tally: Tally) -> str:
    """Precision, recall and F1 with the counts behind them."""
    tp, fp, fn = tally["tp"], tally["fp"], tally["fn"]
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"P {precision:.2f}  R {recall:.2f}  F1 {f1:.2f}  (tp {tp}, fp {fp}, fn {fn}, tn {tally['tn']})"


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else builtin_packs_folder()
    library = load_library(folder)
    strict: dict[str, Tally] = {}
    wide: dict[str, Tally] = {}
    shares: dict[tuple[str, str], dict[Quality, float]] = {}
    for pack in library.packs:
        _run(pack, library.round_for, strict, wide, shares)
    for name in sorted(strict):
        print(f"{name:22} hit             {scores(strict[name])}")
        print(f"{'':22} hit or unsure   {scores(wide[name])}")
    ordered = [s for s in shares.values() if len(s) == 3]
    right = sum(s[Quality.WEAK] < s[Quality.MIDDLING] <= s[Quality.STRONG] for s in ordered)
    ends = sum(s[Quality.WEAK] < s[Quality.STRONG] for s in ordered)
    print(f"level order weak < middling <= strong: {right} of {len(ordered)}; weak < strong: {ends}")


def _run(pack: Pack, round_for, strict, wide, shares) -> None:  # noqa: ANN001
    for item, cases in load_cases(pack).items():
        plan = round_for(item)
        finder = EvidenceFinder(plan.concepts(), tuple(term.term for term in plan.glossary))
        for case in cases.cases:
            found = found_in(finder, plan, case)
            for group in ("all", f"kind {case.kind}", f"quality {case.quality.value}"):
                strict[group] = strict.get(group, Counter()) + count(case, found, {Verdict.HIT})
                wide[group] = wide.get(group, Counter()) + count(
                    case, found, {Verdict.HIT, Verdict.UNSURE}
                )
            if case.kind == "ordinary":
                hits = sum(verdict is Verdict.HIT for verdict in found.values()) / len(found)
                shares.setdefault((item, str(case.stage)), {})[case.quality] = hits


if __name__ == "__main__":
    main()
