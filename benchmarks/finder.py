"""The evidence finder: milliseconds an answer by its length, and what building one costs.

    python -m benchmarks.finder

`find` is the finder alone; `assess` is the whole offline engine on a turn (intents, questions,
red flags, board-independent gates and the finder).
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.answers import words_of
from benchmarks.figures import Sample, machine, median, percentile, print_table
from benchmarks.rehearsal import SCENARIO
from interviewer.engines.offline import OfflineEngine
from interviewer.ports import Heard
from scenarios.load import builtin_packs_folder, load_library
from scoring.evidence import EvidenceFinder

LENGTHS = (20, 60, 200, 1_000)
REPEATS = 40
BUILDS = 5
STAGE = "loop"


def repeat(work: Callable[[], object], times: int) -> Sample:
    """The work timed so many times, after one run that is not counted."""
    work()
    sample = Sample()
    for _ in range(times):
        with sample:
            work()
    return sample


def row(name: str, sample: Sample) -> tuple[str, ...]:
    """Median, p95 and median CPU time of one sample."""
    figures = (median(sample.wall_ms), percentile(sample.wall_ms, 0.95), median(sample.cpu_ms))
    return (name, *(f"{figure:.1f}" for figure in figures))


def main() -> None:
    """Print the table."""
    plan = load_library(builtin_packs_folder()).round_for(SCENARIO)
    concepts, terms = tuple(plan.concepts()), tuple(term.term for term in plan.glossary)
    finder = EvidenceFinder(concepts, terms)
    engine = OfflineEngine()
    engine.prepare(plan)
    heard = (plan.brief, plan.stage(STAGE).opening)
    rows = [row("build the finder", repeat(lambda: EvidenceFinder(concepts, terms), BUILDS))]
    for length in LENGTHS:
        text = words_of(length)
        asked = Heard(text, STAGE, plan, heard)
        rows.append(
            row(
                f"find, {length} words", repeat(lambda text=text: finder.find(text, heard), REPEATS)
            )
        )
        rows.append(
            row(
                f"assess, {length} words", repeat(lambda asked=asked: engine.assess(asked), REPEATS)
            )
        )
    head = ("", "median ms", "p95 ms", "median CPU ms")
    print_table(f"The finder over {len(concepts)} concepts ({machine()})", head, rows)


if __name__ == "__main__":
    main()
