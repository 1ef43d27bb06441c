"""The scorer against people's judgements and grades of public data sets, which it has never seen.

    HOTSEAT_BENCH_DATA=FOLDER python -m benchmarks.human_grades

For every `realsumm_concepts*.jsonl.gz` of the folder: does the finder see the concepts that people
see in a text. For every `saf_networks*.csv.gz`: do scores follow grades, what do attacks reach, and
whom do the gates touch. Aims and thresholds were laid down
before anything was measured; tables are the same on every run, the time goes to standard error.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from benchmarks.estimates import (
    RESAMPLES,
    SEED,
    Counts,
    Estimate,
    Sums,
    accuracy,
    added,
    estimate,
    f1,
    kappa,
    pearson,
    pooled,
    precision,
    recall,
    sums,
    within,
)
from benchmarks.figures import print_table
from benchmarks.graded_answers import CHOSEN, SCORES, AnswerScorer, by_question, tasks
from benchmarks.graded_attacks import UNMOVED, attack, bars, move, touched
from benchmarks.graded_concepts import PRESENT, DocumentCounts, count, judge
from benchmarks.graded_rows import (
    ANSWERS,
    CONCEPTS,
    AnswerRow,
    GradedDataError,
    find_files,
    read_answers,
    read_concepts,
)
from scoring.text import tokenise

DATA = "HOTSEAT_BENCH_DATA"
"""The environment variable that names the folder."""

AIM_KAPPA, BASELINE_KAPPA, ONE_PERSON_KAPPA = 0.60, 0.52, 0.82
"""The baseline is coverage by stems and rarity, the person is held against the others' majority."""

AIM_DECIDED_KAPPA, AIM_DECIDED = 0.72, 0.65
AIM_R, BASELINE_R = 0.50, 0.43


def _over(
    documents: Sequence[DocumentCounts],
    part: Callable[[DocumentCounts], Counts],
    figure: Callable[[Counts], float | None],
) -> Estimate:
    return estimate([part(one) for one in documents], lambda drawn: figure(added(drawn)))


def _coverage(documents: Sequence[DocumentCounts]) -> float:
    decided = sum(one.decided.total for one in documents)
    return decided / sum(one.forced.total for one in documents)


def print_concepts(file: Path) -> None:
    """The tables of one file of judgements."""
    rows = read_concepts(file)
    documents = count(judge(rows))
    texts = len({(row.doc, row.text) for row in rows})
    print(f"\n### {file.name}: {len(rows)} judgements, {texts} texts, {len(documents)} documents")
    figures = (kappa, precision, recall, f1, accuracy)
    forced = [_over(documents, lambda one: one.forced, figure) for figure in figures]
    print_table(
        f"Everything decided, unsure is present from {PRESENT}",
        ("", *(figure.__name__ for figure in figures)),
        [
            ("this finder", *forced),
            ("aim", f"{AIM_KAPPA:.2f}: {_verdict(forced[0], AIM_KAPPA)}", *[""] * 4),
            ("baseline", f"{BASELINE_KAPPA:.2f}", *[""] * 4),
            ("one person", f"{ONE_PERSON_KAPPA:.2f}", *[""] * 4),
        ],
    )
    decided = [_over(documents, lambda one: one.decided, figure) for figure in (kappa, accuracy)]
    covered = estimate(documents, _coverage)
    print_table(
        "With abstention",
        ("", "coverage", "kappa", "accuracy"),
        [
            ("this finder", covered, *decided),
            (
                "aim",
                f"{AIM_DECIDED:.2f}: {_verdict(covered, AIM_DECIDED)}",
                f"{AIM_DECIDED_KAPPA:.2f}: {_verdict(decided[0], AIM_DECIDED_KAPPA)}",
                "",
            ),
        ],
    )


def _verdict(found: Estimate, aim: float) -> str:
    return "met" if found.value is not None and found.value >= aim else "missed"


class Scored(NamedTuple):
    """Scores of the answers, in their order, by the name of the score."""

    rows: Sequence[AnswerRow]
    by_name: dict[str, list[float]]

    def groups(self, name: str) -> dict[str, Sums]:
        """The sums of score and grade by question."""
        values = {id(row): one for row, one in zip(self.rows, self.by_name[name], strict=True)}
        return {
            qid: sums((values[id(row)], row.score) for row in rows)
            for qid, rows in by_question(self.rows)
        }


LENGTH = "length of the answer in words"


def print_answers(file: Path) -> None:
    """The tables of one file of grades."""
    rows = read_answers(file)
    known = tasks(rows)
    scorer = AnswerScorer(known)
    covers = [scorer.cover(row.qid, row.answer) for row in rows]
    by_name = {name: [score(one) for one in covers] for name, score in SCORES.items()}
    by_name[LENGTH] = [float(len(tokenise(row.answer))) for row in rows]
    print(f"\n### {file.name}: {len(rows)} answers that are not empty, {len(known)} questions")
    print_correlations(Scored(rows, by_name))
    print_attacks(rows, by_name[CHOSEN], scorer)


def print_correlations(scored: Scored) -> None:
    """How scores follow grades, and the questions where one of the two does not vary."""
    table: list[tuple[object, ...]] = []
    flat: list[str] = []
    for name in scored.by_name:
        groups = scored.groups(name)
        told = f"**{name}** (chosen beforehand)" if name == CHOSEN else name
        r, overall = (estimate(list(groups.values()), figure) for figure in (within, pooled))
        table.append((told, r, overall))
        if name == CHOSEN:
            table.append(("aim of the chosen", f"{AIM_R:.2f}: {_verdict(r, AIM_R)}", ""))
            table.append(("baseline", f"{BASELINE_R:.2f}", ""))
        flat += [f"{qid} ({name})" for qid, one in groups.items() if pearson(one) is None]
    print_table("Scores and grades", ("score", "mean r within questions", "overall r"), table)
    print(f"\nWithout variance, counted as 0: {', '.join(flat) or 'none'}")


def print_attacks(rows: Sequence[AnswerRow], scores: Sequence[float], scorer: AnswerScorer) -> None:
    """What attacks reach, what additions move and whom the gates touch, by the chosen score."""
    known, bar_of = tasks(rows), bars(rows, scores)
    without = [task.qid for task in known if task.qid not in bar_of]

    def score(qid: str, text: str) -> float:
        return SCORES[CHOSEN](scorer.cover(qid, text))

    print_table(
        "Attacks that reach the median of near perfect answers",
        ("attack", "tried", "reach it", "share"),
        [
            (name, got.tried, got.times, f"{got.times / got.tried:.3f}")
            for name, got in attack(known, bar_of, score).items()
        ],
    )
    if without:
        print(f"\nWithout a near perfect answer, left out: {', '.join(without)}")
    print_table(
        "Real answers with something added",
        ("addition", "answers", "mean change", "most down", "most up", "moved", "lifted to it"),
        [
            (name, *_changes(moved.changes), moved.lifted)
            for name, moved in move(rows, scores, bar_of, score).items()
        ],
    )
    print(f"\nMoved: by more than {UNMOVED}.")
    print_table(
        "Honest answers touched",
        ("gate", "answers", "touched", "share"),
        [
            (name, len(rows), times, f"{times / len(rows):.3f}")
            for name, times in sorted(touched(rows, scorer).items())
        ],
    )


def _changes(changes: Sequence[float]) -> tuple[object, ...]:
    moved = sum(1 for one in changes if abs(one) > UNMOVED)
    told = (f"{one:+.3f}" for one in (fmean(changes), min(changes), max(changes)))
    return (len(changes), *told, moved)


def measure(folder: Path) -> None:
    """Print everything for the folder. Raises `GradedDataError`."""
    concepts, answers = find_files(folder, CONCEPTS), find_files(folder, ANSWERS)
    if not concepts and not answers:
        raise GradedDataError(f"{folder} holds neither {CONCEPTS} nor {ANSWERS}")
    print(f"In brackets: 95 % of {RESAMPLES} resamples, seed {SEED}.")
    for file in concepts:
        print_concepts(file)
    for file in answers:
        print_answers(file)


def main() -> int:
    """Print the tables; 2 where the folder is not there or not whole."""
    folder = os.environ.get(DATA)
    if not folder:
        print(f"{DATA} names no folder: set it to the one with the graded data", file=sys.stderr)
        return 2
    since = time.monotonic()
    try:
        measure(Path(folder))
    except GradedDataError as err:
        print(err, file=sys.stderr)
        return 2
    print(f"{time.monotonic() - since:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
