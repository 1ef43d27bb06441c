"""How many honest quotes the judge's checks refuse, and how much that shows nothing passes.

    python -m benchmarks.judge_claims

Honest are the quotes that the reader of `docs/examples` picked for what they call shown, and every
phrasing of the built-in packs, said in its own stage and held against its concept as if it did not
have that phrasing. Each of them is also claimed for every other concept of the round, and each
phrasing as a contradiction. Near misses and examples of contradictions are claimed as hits for
their own concept, as it is and as if it did not have that sentence.

The liar (`benchmarks.lying_judge`) reads rounds whose concepts somebody found absent and claims
every concept by the best sentence there is. No model is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from benchmarks.examples import SHOWN, examples
from benchmarks.figures import print_table
from benchmarks.lying_judge import of_examples as lies_in_examples
from benchmarks.lying_judge import of_golden as lies_in_golden
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
        return 1 - passed(self.honest)


def passed(refused: Refused) -> float:
    """Share of the claims that passed."""
    return refused[None] / refused.total()


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
    for plan, stage, concept in _concepts(library):
        for said in concept.phrasings:
            checker = _checker(plan, stage, concept, said, _without_phrasing(concept, said))
            own = f"{stage.name}/{concept.id}"
            honest[_refused(checker, own, said)] += 1
            for key in _others(plan, own):
                others[_refused(checker, key, said)] += 1
    return Sides(honest, others)


class Counters(NamedTuple):
    """Why sentences that do not show their concept were refused; `unknown` to it, or as it is."""

    near_misses: Refused
    unknown_near_misses: Refused
    contradictions: Refused
    unknown_contradictions: Refused


def of_counterexamples(library: Library) -> Counters:
    """Near misses and examples of contradictions, claimed as hits for their own concept."""
    found = Counters(Refused(), Refused(), Refused(), Refused())
    for plan, stage, concept in _concepts(library):
        key = f"{stage.name}/{concept.id}"
        for said in concept.near_misses:
            known, unknown = (
                _checker(plan, stage, concept, said, one)
                for one in (concept, _without_near_miss(concept, said))
            )
            found.near_misses[_refused(known, key, said)] += 1
            found.unknown_near_misses[_refused(unknown, key, said)] += 1
        for said in (one.example for one in concept.contradictions):
            known, unknown = (
                _checker(plan, stage, concept, said, one)
                for one in (concept, _without_contradiction(concept, said))
            )
            found.contradictions[_refused(known, key, said)] += 1
            found.unknown_contradictions[_refused(unknown, key, said)] += 1
    return found


class Denials(NamedTuple):
    """Claims of a contradiction: by what contradicts, and by phrasings, which do the reverse."""

    contradictions: Refused
    unknown_contradictions: Refused
    phrasings: Refused


def of_denials(library: Library) -> Denials:
    """What contradicts and what shows a concept, both claimed to contradict it."""
    found = Denials(Refused(), Refused(), Refused())
    against = Verdict.CONTRADICTED
    for plan, stage, concept in _concepts(library):
        key = f"{stage.name}/{concept.id}"
        for said in (one.example for one in concept.contradictions):
            known, unknown = (
                _checker(plan, stage, concept, said, one)
                for one in (concept, _without_contradiction(concept, said))
            )
            found.contradictions[_refused(known, key, said, against)] += 1
            found.unknown_contradictions[_refused(unknown, key, said, against)] += 1
        for said in concept.phrasings:
            unread = _checker(plan, stage, concept, said, _without_phrasing(concept, said))
            found.phrasings[_refused(unread, key, said, against)] += 1
    return found


def _concepts(library: Library) -> Iterator[tuple[RoundPlan, StagePlan, Concept]]:
    for kind in (library.scenarios, library.questions, library.prompts):
        for item in kind:
            plan = library.round_for(item.id)
            yield from ((plan, stage, one) for stage in plan.stages for one in stage.concepts)


def _others(plan: RoundPlan, own: str) -> Iterator[str]:
    for key, _ in plan.concepts():
        if key != own and not key.startswith(CURVEBALL):
            yield key


def _without_phrasing(concept: Concept, said: str) -> Concept:
    left = tuple(one for one in concept.phrasings if one != said)
    return concept.model_copy(update={"phrasings": left})


def _without_near_miss(concept: Concept, said: str) -> Concept:
    left = tuple(one for one in concept.near_misses if one != said)
    return concept.model_copy(update={"near_misses": left})


def _without_contradiction(concept: Concept, said: str) -> Concept:
    left = tuple(one for one in concept.contradictions if one.example != said)
    return concept.model_copy(update={"contradictions": left})


def _checker(
    plan: RoundPlan, stage: StagePlan, concept: Concept, said: str, known: Concept
) -> ClaimChecker:
    """The round in which that alone was said, with `known` in the place of the concept."""
    if known is not concept:
        concepts = tuple(known if one is concept else one for one in stage.concepts)
        changed = replace(stage, concepts=concepts)
        plan = replace(plan, stages=tuple(changed if one is stage else one for one in plan.stages))
    held = RoundRecord(plan, (stage.name,), {}, {})
    opening = Turn("i0000", 0, Speaker.INTERVIEWER, stage.opening, 0, stage.name, WHEN)
    turns = (opening, Turn("c0001", 1, Speaker.CANDIDATE, said, 0, stage.name, WHEN))
    return ClaimChecker(held, turns)


def _refused(
    checker: ClaimChecker, key: str, quote: str, verdict: Verdict = Verdict.HIT
) -> Refusal | None:
    found = checker.check(key, Claim(verdict, quote))
    return found if isinstance(found, Refusal) else None


def main() -> None:
    """Print the tables."""
    library = load_library(builtin_packs_folder())
    for name, sides in (("examples", of_examples(library)), ("phrasings", of_phrasings(library))):
        print(
            f"{name}: {sides.lost:.1%} of {sides.honest.total()} honest quotes refused, "
            f"{passed(sides.others):.1%} of {sides.others.total()} for another concept passed"
        )
        rows = [(why.value, sides.honest[why], sides.others[why]) for why in Refusal]
        print_table(name, ("refused because", "honest", "for another concept"), rows)
    for title, counted in (
        ("Claimed as hits", of_counterexamples(library)._asdict()),
        ("Claimed as contradictions", of_denials(library)._asdict()),
    ):
        rows = [
            (name.replace("_", " "), one.total(), one[None], f"{passed(one):.1%}")
            for name, one in counted.items()
        ]
        print_table(title, ("sentences", "claims", "passed", "share"), rows)
    for name, lies in (
        ("weak and junior rounds", lies_in_golden(library)),
        ("examples", lies_in_examples(library)),
    ):
        print(f"A lying judge in {name}: {lies.passed} of {lies.absent} absent concepts are hits")


if __name__ == "__main__":
    main()
