"""Rounds in which the model's server fails at random.

Each must end in its time, with a card that says what was degraded.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from evals.candidates.disruptive import all_candidates
from evals.candidates.seat import Candidate, Reply, Seen
from evals.metrics import Checked, Metric, none_of
from evals.play import Played, play
from evals.stand_in import open_stand_in
from evals.suites.simulated import Fixture
from scenarios.model import Level
from tests.messages_stub import Fault, MessagesStub

SUITE = "degraded"
SEED = 20261123
FAULTY = 0.4
"""The share of answers after which the server's next call fails."""

DEADLINES = {"first_text_s": 1.0, "turn_deadline_s": 2.0, "judge_deadline_s": 2.0}
"""Seconds; the stand-in answers at once, so that a longer wait would only wait for a hang."""

ROUNDS: tuple[Fixture, ...] = (
    Fixture(("bh-tradeoff-made",), Level.MID),
    Fixture(("trust-llm-judge", "evaluate-retrieval"), Level.SENIOR),
    Fixture(("prompt-injection-defence", "agent-vs-chain"), Level.SENIOR),
    Fixture(("bh-failure-learned",), Level.MID),
)


class Troubling:
    """A candidate whose answers are followed by faults of the server, as the seed has it."""

    def __init__(self, candidate: Candidate, server: MessagesStub, chance: Random) -> None:
        self.name = candidate.name
        self.told = candidate.told
        self._candidate = candidate
        self._server = server
        self._chance = chance

    def reply(self, seen: Seen) -> Reply:
        """The candidate's answer; now and then the server's next call is made to fail."""
        if self._chance.random() < FAULTY:
            self._server.fail(self._chance.choice(list(Fault)))
        return self._candidate.reply(seen)


async def measure(rounds: Sequence[Fixture] = ROUNDS) -> list[Metric]:
    """Whether all rounds came to their end, in time, and say on their card what was degraded."""
    chance = Random(SEED)  # noqa: S311 - reproducible faults are the point
    async with open_stand_in(SUITE, DEADLINES) as (world, server):
        seat = all_candidates()["middling"]
        played = [
            await play(world, Troubling(seat(SEED), server, chance), one.items, one.level)
            for one in rounds
        ]
        server.take_violations()
    return [
        none_of(SUITE, SUITE, "round over its time", map(_late, played)),
        none_of(SUITE, SUITE, "degraded turn that the card is silent about", map(_silent, played)),
        none_of(SUITE, SUITE, "run in which nothing was degraded", [_untroubled(played)]),
    ]


def _late(one: Played) -> Checked:
    return Checked(1, () if one.in_time else (one.name,))


def _silent(one: Played) -> Checked:
    marks = [turn.degraded for turn in one.card.transcript if turn.degraded]
    unsaid = [mark for mark in marks if mark not in one.card.notices]
    return Checked(len(marks), tuple(f"{one.name}: {mark}" for mark in unsaid))


def _untroubled(played: Sequence[Played]) -> Checked:
    """Faults that leave no trace would make the other figures worth nothing."""
    troubled = any(turn.degraded for one in played for turn in one.card.transcript)
    return Checked(1, () if troubled else ("no turn was degraded",))
