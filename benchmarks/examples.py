"""Three whole rounds graded, against a single reader's verdicts and ratings.

    python -m benchmarks.examples

The candidates of docs/examples and their reader were language models: candidates that had not seen
the pack, a reader that had the transcripts and the concept statements and not the program's
verdicts. A concept that the reader called `partly` shown is left out of the figures;
`contradicted` counts as absent. A quote agrees where it overlaps the reader's. They are development
data: rules have been mended on them, so the figures say what the grader does to such rounds, not
what it is worth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from benchmarks.blind_cases import Tally, scores
from benchmarks.figures import print_table
from scenarios.load import Library, builtin_packs_folder, load_library
from scenarios.model import Level
from scoring.agreement import (
    Agreement,
    Scale,
    Weighting,
    cohen_kappa,
    krippendorff_alpha,
    mean_bias,
)
from scoring.record import Ending, InterviewRecord, RoundRecord
from scoring.scorecard import Scorecard, StageCard, grade
from scoring.transcript import Speaker, Turn
from scoring.verdicts import ConceptVerdict, Verdict

FOLDER = Path(__file__).parents[1] / "docs" / "examples"
WHEN = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHOWN, PARTLY, ABSENT = "shown", "partly", "absent"


@dataclass(frozen=True)
class Reading:
    """What the reader found of one concept; `quote` is empty where nothing was found."""

    verdict: str
    quote: str = ""


@dataclass(frozen=True)
class Example:
    """A graded round beside the reader's verdicts by concept key and ratings by stage."""

    name: str
    card: Scorecard
    readings: dict[str, Reading]
    ratings: dict[str, int]

    @property
    def stages(self) -> tuple[StageCard, ...]:
        """The stages of the one round."""
        return self.card.rounds[0].stages

    def pairs(self) -> Iterator[tuple[ConceptVerdict, Reading]]:
        """Each verdict beside the reader's."""
        for stage in self.stages:
            for verdict in stage.verdicts:
                yield verdict, self.readings[verdict.key]

    def tally(self) -> Tally:
        """True and false positives and negatives of `hit`, `partly` left out."""
        tally: Tally = Counter()
        for verdict, reading in self.pairs():
            if reading.verdict != PARTLY:
                claimed, shown = verdict.verdict is Verdict.HIT, reading.verdict == SHOWN
                tally[f"{'t' if claimed == shown else 'f'}{'p' if claimed else 'n'}"] += 1
        return tally

    def wrongly_contradicted(self) -> int:
        """Concepts that the reader calls shown and the card contradicted or taken back."""
        return sum(
            verdict.verdict is Verdict.CONTRADICTED or "then contradicted" in verdict.note
            for verdict, reading in self.pairs()
            if reading.verdict == SHOWN
        )

    def quotes(self) -> tuple[int, int]:
        """How many of the hits that the reader calls shown have a quote in common, and of all."""
        found = [pair for pair in self.pairs() if pair[0].verdict is Verdict.HIT and pair[1].quote]
        return sum(_agree(*pair) for pair in found), len(found)


def _agree(verdict: ConceptVerdict, reading: Reading) -> bool:
    words = [" ".join(one.quote.split()) for one in verdict.evidence]
    wanted = " ".join(reading.quote.split())
    return any(wanted in one or one in wanted or _overlaps(one, wanted) for one in words)


def _overlaps(one: str, other: str) -> bool:
    """Whether an end of one text is the beginning of the other, from 12 characters on."""
    return any(
        left.endswith(right[:length])
        for left, right in ((one, other), (other, one))
        for length in range(12, min(len(left), len(right)) + 1)
    )


def examples(library: Library, folder: Path = FOLDER) -> Iterator[Example]:
    """Every example of the folder, graded now."""
    for path in sorted(folder.glob("*.yaml")):
        written: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        readings = {
            key: Reading(one["verdict"], one.get("quote", ""))
            for key, one in written["verdicts"].items()
        }
        card = grade(_record(path.stem, written, library))
        yield Example(path.stem, card, readings, written["ratings"])


def records(library: Library, folder: Path = FOLDER) -> Iterator[InterviewRecord]:
    """The rounds of the folder, not graded."""
    for path in sorted(folder.glob("*.yaml")):
        yield _record(path.stem, yaml.safe_load(path.read_text(encoding="utf-8")), library)


def _record(name: str, written: dict[str, Any], library: Library) -> InterviewRecord:
    plan = library.round_for(written["scenario"])
    turns = tuple(
        Turn(
            id=line["id"],
            index=index,
            speaker=Speaker(line["speaker"]),
            text=line["text"],
            round_index=0,
            stage=line["stage"],
            at=WHEN,
            move=line["move"],
            aims_at=line["aims_at"],
        )
        for index, line in enumerate(written["transcript"])
    )
    thrown = next((turn.id for turn in turns if turn.move == "curveball"), None)
    reached = tuple(dict.fromkeys(turn.stage for turn in turns))
    held = RoundRecord(plan, reached, {}, {}, curveball_turn=thrown)
    return InterviewRecord(
        interview_id=name,
        level=Level(written["level"]),
        style="typed",
        started_at=WHEN,
        finished_at=WHEN,
        ending=Ending.COMPLETED,
        rounds=(held,),
        transcript=turns,
        engine="offline",
        pack_hash="",
    )


def verdict_agreement(graded: Sequence[Example]) -> Agreement:
    """Cohen's kappa of card and reader over shown and absent, `partly` left out."""
    card: dict[str, float] = {}
    reader: dict[str, float] = {}
    for one in graded:
        for verdict, reading in one.pairs():
            if reading.verdict != PARTLY:
                unit = f"{one.name} {verdict.key}"
                card[unit] = float(verdict.verdict is Verdict.HIT)
                reader[unit] = float(reading.verdict == SHOWN)
    return cohen_kappa(card, reader, Weighting.NONE)


def stage_ratings(graded: Sequence[Example]) -> dict[str, dict[str, float]]:
    """The card's and the reader's ratings by round and stage; unrated stages are left out."""
    rated = [(f"{one.name} {stage.name}", one, stage) for one in graded for stage in one.stages]
    return {
        "card": {unit: float(stage.rating) for unit, _, stage in rated if stage.rating},
        "reader": {unit: float(one.ratings[stage.name]) for unit, one, stage in rated},
    }


def main() -> None:
    """Print the tables."""
    graded = list(examples(load_library(builtin_packs_folder())))
    everything: Tally = Counter()
    for one in graded:
        everything += one.tally()
        agreeing, hits = one.quotes()
        print(f"{one.name:8} {scores(one.tally())}  quotes {agreeing} of {hits}")
    print(f"{'all':8} {scores(everything)}")
    print(f"verdicts, Cohen's kappa: {verdict_agreement(graded)}")
    ratings = stage_ratings(graded)
    weighted = cohen_kappa(ratings["card"], ratings["reader"], Weighting.QUADRATIC)
    print(f"ratings, quadratic weighted kappa: {weighted}")
    print(f"ratings, ordinal alpha: {krippendorff_alpha(ratings, Scale.ORDINAL)}")
    print(f"ratings, card less reader: {mean_bias(ratings, 'card')}")
    rows = [
        (one.name, stage.title, f"{stage.rating} to {stage.rating_high}", one.ratings[stage.name])
        for one in graded
        for stage in one.stages
    ]
    print_table("Ratings", ("round", "stage", "card", "reader"), rows)


if __name__ == "__main__":
    main()
