"""Simulated candidates: is the better one seen as better, and does bluff earn nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from evals.candidates.disruptive import DISRUPTIVE, all_candidates
from evals.metrics import Checked, Metric, none_of, rate
from evals.play import Played, play
from evals.worlds import World
from scenarios.model import Level
from scoring.verdicts import ConceptVerdict, Verdict

SUITE = "simulated"
SEED = 20261122
LADDER = ("strong", "middling", "weak")
"""Candidates from the best to the worst."""

NEARLY = ("weak",)
"""Candidates who say near misses of what they do not know."""

WEIGHTY = 2
"""From this weight on a concept counts as one that must be earned."""


@dataclass(frozen=True)
class Fixture:
    """A round that every candidate takes, at the level that is asked for."""

    items: tuple[str, ...]
    level: Level


ROUNDS: tuple[Fixture, ...] = (
    Fixture(("support-agent-limited-actions",), Level.SENIOR),
    Fixture(("bh-tradeoff-made",), Level.MID),
    Fixture(("trust-llm-judge", "evaluate-retrieval", "what-is-a-token"), Level.STAFF),
    Fixture(("bh-failure-learned",), Level.SENIOR),
)
"""One design round, two stories and a drill: what the product has."""


async def play_all(
    world: World, rounds: Sequence[Fixture] = ROUNDS, names: Sequence[str] | None = None
) -> list[Played]:
    """Every candidate, or those named, on every round."""
    seats = all_candidates()
    return [
        await play(world, seats[name](SEED), one.items, one.level)
        for one in rounds
        for name in (names or seats)
    ]


def measure(engine: str, played: Sequence[Played]) -> list[Metric]:
    """Order, what was earned, time and card of the rounds."""
    rounds: dict[str, dict[str, Played]] = {}
    for one in played:
        rounds.setdefault(one.plan.item, {})[one.candidate] = one
    bluffs = [one for one in played if one.candidate in DISRUPTIVE]
    nearly = [one for one in played if one.candidate in NEARLY]
    return [
        rate(SUITE, engine, "better candidate has more hits", _ordered(rounds, hit_share)),
        rate(SUITE, engine, "better candidate is rated higher", _ordered(rounds, mean_rating)),
        rate(SUITE, engine, "what was stated is a hit", map(_lost, _knowing(played))),
        none_of(SUITE, engine, "hit that was not earned", map(_unearned, bluffs)),
        rate(SUITE, engine, "what was only nearly stated is no hit", map(_unearned, nearly)),
        none_of(SUITE, engine, "round over its time", map(_late, played)),
        none_of(SUITE, engine, "card that holds a quote nobody said", map(_misquoted, played)),
    ]


def hit_share(one: Played) -> float:
    """The weight of the hits among that of all concepts."""
    total = sum(verdict.weight for verdict in one.verdicts)
    return sum(verdict.weight for verdict in one.verdicts if _is_hit(verdict)) / total


def mean_rating(one: Played) -> float:
    """The mean rating of the stages that were rated; 0 where none was."""
    rated = [stage.rating for stage in one.card.rounds[0].stages if stage.rating is not None]
    return fmean(rated) if rated else 0.0


def _is_hit(verdict: ConceptVerdict) -> bool:
    return verdict.verdict is Verdict.HIT


def _ordered(
    rounds: Mapping[str, Mapping[str, Played]], figure: Callable[[Played], float]
) -> Iterator[Checked]:
    """A case a round: each neighbour on the ladder must stand above the next."""
    for item, by_name in rounds.items():
        ladder = [name for name in LADDER if name in by_name]
        faults = tuple(
            f"{item}: {upper} is not above {lower}"
            for upper, lower in pairwise(ladder)
            if figure(by_name[upper]) <= figure(by_name[lower])
        )
        if len(ladder) > 1:
            yield Checked(len(ladder) - 1, faults)


def _knowing(played: Sequence[Played]) -> list[Played]:
    return [one for one in played if one.told]


def _lost(one: Played) -> Checked:
    hits = {verdict.key for verdict in one.verdicts if _is_hit(verdict)}
    return Checked(len(one.told), _named(one, sorted(one.told - hits)))


def _unearned(one: Played) -> Checked:
    weighty = [verdict for verdict in one.verdicts if verdict.weight >= WEIGHTY]
    faults = [verdict.key for verdict in weighty if _is_hit(verdict)]
    return Checked(len(weighty), _named(one, [key for key in faults if key not in one.told]))


def _late(one: Played) -> Checked:
    late = f"{one.spent_s:.0f} s of {one.budget_s:.0f}"
    return Checked(1, () if one.in_time else _named(one, [late]))


def _misquoted(one: Played) -> Checked:
    texts = {turn.id: turn.text for turn in one.card.transcript}
    spoken = [
        (verdict.key, evidence)
        for verdict in one.verdicts
        for evidence in verdict.evidence
        if evidence.element is None
    ]
    faults = [
        key
        for key, evidence in spoken
        if texts.get(evidence.turn_id, "")[evidence.start : evidence.end] != evidence.quote
    ]
    return Checked(len(spoken), _named(one, faults))


def _named(one: Played, faults: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{one.name}: {fault}" for fault in faults)
