"""How many honest quotes the judge's checks refuse, and how many that show something else pass.

    python -m benchmarks.judge_claims

Honest are the quotes that the reader of `docs/examples` picked for what they call shown, and every
phrasing of the built-in packs, said in its own stage and held against its concept as if it did not
have that phrasing. Each of them is also claimed for every other concept of the round. No model is
asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from benchmarks.examples import SHOWN, examples
from benchmarks.figures import print_table
from scenarios.load import Library, builtin_packs_folder, load_library
from scenarios.model import Concept
from scenarios.rounds import CURVEBALL, RoundPlan, StagePlan
from scoring.claims import Claim, ClaimChecker, Refusal
from scoring.record import RoundRecord
from scoring.transcript import Speaker, Turn
from scoring.verdicts import Verdict

WHEN = datetime(2026, 11, 20, 12, tzinfo=UTC)
Refused = Counter[Refusal | None]


class Sides(NamedTuple):
    """Why claims were refused, None for what passed: honest ones, and those of other concepts."""

    honest: Refused
    others: Refused

    @property
    def lost(self) -> float:
        """Share of the honest quotes that was refused."""
        return 1 - self.honest[None] / self.honest.total()

    @property
    def passed(self) -> float:
        """Share of the quotes for other concepts that passed."""
        return self.others[None] / self.others.total()


def of_examples(library: Library) -> Sides:
    """The reader's quotes in the three rounds of `docs/examples`."""
    honest, others = Refused(), Refused()
    for one in examples(library):
        card = one.card.rounds[0]
        thrown = None if card.curveball is None else card.curveball.turn_id
        held = RoundRecord(library.round_for(card.item), (), {}, {}, curveball_turn=thrown)
        checker = ClaimChecker(held, one.card.transcript)
        for verdict, reading in one.pairs():
            if reading.verdict == SHOWN and reading.quote:
                honest[_refused(checker, verdict.key, reading.quote)] += 1
                for key in _others(held.plan, verdict.key):
                    others[_refused(checker, key, reading.quote)] += 1
    return Sides(honest, others)


def of_phrasings(library: Library) -> Sides:
    """Every phrasing of every scenario, question and story, as the only answer of its round."""
    honest, others = Refused(), Refused()
    for plan in _plans(library):
        for stage in plan.stages:
            for concept in stage.concepts:
                for said in concept.phrasings:
                    held, turns = _round(plan, stage, concept, said)
                    checker = ClaimChecker(held, turns)
                    own = f"{stage.name}/{concept.id}"
                    honest[_refused(checker, own, said)] += 1
                    for key in _others(plan, own):
                        others[_refused(checker, key, said)] += 1
    return Sides(honest, others)


def _plans(library: Library) -> Iterator[RoundPlan]:
    for kind in (library.scenarios, library.questions, library.prompts):
        yield from (library.round_for(item.id) for item in kind)


def _others(plan: RoundPlan, own: str) -> Iterator[str]:
    for key, _ in plan.concepts():
        if key != own and not key.startswith(CURVEBALL):
            yield key


def _round(
    plan: RoundPlan, stage: StagePlan, concept: Concept, said: str
) -> tuple[RoundRecord, tuple[Turn, ...]]:
    """The round in which that was said, with a concept that does not know the phrasing."""
    unread = concept.model_copy(
        update={"phrasings": tuple(one for one in concept.phrasings if one != said)}
    )
    concepts = tuple(unread if one is concept else one for one in stage.concepts)
    stages = tuple(replace(one, concepts=concepts) if one is stage else one for one in plan.stages)
    held = RoundRecord(replace(plan, stages=stages), (stage.name,), {}, {})
    opening = Turn("i0000", 0, Speaker.INTERVIEWER, stage.opening, 0, stage.name, WHEN)
    return held, (opening, Turn("c0001", 1, Speaker.CANDIDATE, said, 0, stage.name, WHEN))


def _refused(checker: ClaimChecker, key: str, quote: str) -> Refusal | None:
    found = checker.check(key, Claim(Verdict.HIT, quote))
    return found if isinstance(found, Refusal) else None


def main() -> None:
    """Print both tables."""
    library = load_library(builtin_packs_folder())
    for name, sides in (("examples", of_examples(library)), ("phrasings", of_phrasings(library))):
        print(
            f"{name}: {sides.lost:.1%} of {sides.honest.total()} honest quotes refused, "
            f"{sides.passed:.1%} of {sides.others.total()} for another concept passed"
        )
        rows = [(why.value, sides.honest[why], sides.others[why]) for why in Refusal]
        print_table(name, ("refused because", "honest", "for another concept"), rows)


if __name__ == "__main__":
    main()
