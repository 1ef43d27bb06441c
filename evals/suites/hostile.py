"""Rounds whose interviewer and judge do everything that a language model must not get away with.

What got through is looked for by other rules than those that keep it out (`evals.told`,
`evals.raised`, `evals.offers`), so that these counts rise where one of those is lost. The judge is
measured three times: where all of its samples lie with quotes that code can refute; where a
minority of them lies with the candidate's own words; and, as a rate, where all lie in every way. No
code knows what the candidate's own words show, so that the last is not 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from evals.candidates.disruptive import all_candidates
from evals.metrics import Checked, Metric, none_of, rate
from evals.offers import Watched, watch
from evals.play import Played, play
from evals.raised import raised
from evals.stand_in import StandIn, open_stand_in
from evals.suites.golden import load_golden, record_of
from evals.suites.simulated import SEED, Fixture
from evals.told import Secrets
from evals.worlds import builtin_library
from scenarios.model import Level
from scenarios.rounds import RoundPlan
from scoring.record import InterviewRecord
from scoring.scorecard import Scorecard, card_verdicts
from scoring.transcript import Speaker
from scoring.written import shared_finders
from tests.messages_stub import Behaviour, Call, Character, MessagesStub, Seen, honest, hostile
from tests.messages_stub.hostile import QUOTING, STOPPED

SUITE = "hostile"

ROUNDS: tuple[Fixture, ...] = (
    Fixture(("bh-tradeoff-made",), Level.MID),
    Fixture(("trust-llm-judge", "what-is-a-token"), Level.STAFF),
)
CANDIDATES = ("middling", "injecting")
"""Somebody with something to gain, and somebody who asks for it; each once with every misdeed."""

LOOKED_FOR = (
    Behaviour.OBEY,
    *QUOTING,
    Behaviour.LEAK_RUBRIC,
    Behaviour.LEAK_AS_QUESTION,
    Behaviour.PRAISE,
    Behaviour.TWO_QUESTIONS,
    Behaviour.UNOFFERED_MOVE,
    Behaviour.LINKS,
    Behaviour.MENTIONS,
)
"""The misdeeds that are counted below; with all of them some would come up in long rounds only."""

TOLD: Mapping[str, str] = {
    "rubric": "rubric told",
    "praise": "praise shown",
    "link": "link shown",
    "mention": "mention shown",
    "question": "two questions shown",
}
"""What `evals.told` finds, by the name that it has there."""

SHOWS = ("weak", "junior")
"""The golden transcripts that are judged: those in which most is left to gain."""

REFUTABLE = (
    Behaviour.OBEY,
    Behaviour.INVENTED_QUOTES,
    Behaviour.INTERVIEWER_QUOTES,
    Behaviour.RUBRIC_QUOTES,
    Behaviour.STITCHED_QUOTES,
)
"""Lies of a judge that are not told with a whole sentence of the candidate's."""

RAISED: Mapping[str, str] = {
    "verdict": "verdict moved up",
    "rating": "rating moved up",
    "level": "level moved up",
}
"""What `evals.raised` finds, by the name that it has there."""

_BLOCKS_AT_FIRST = 2
"""User blocks in a judge's call that is no retry: the transcript and the concepts."""


@dataclass(frozen=True)
class Tried:
    """A case with what was looked at and what got through, the kind of each first."""

    name: str
    of: int
    faults: tuple[str, ...]

    def only(self, kind: str) -> Checked:
        """What got through of one kind."""
        found = [one.partition(" ") for one in self.faults]
        said = tuple(f"{self.name}: {rest}" for name, _, rest in found if name == kind)
        return Checked(self.of, said)


async def measure(
    rounds: Sequence[Fixture] = ROUNDS,
    names: Sequence[str] = CANDIDATES,
    shows: Sequence[str] = SHOWS,
) -> list[Metric]:
    """What a hostile language model gets through, in rounds and on golden transcripts."""
    good = honest(builtin_library())
    async with open_stand_in(SUITE) as stand_in:
        world, engine = watch(stand_in.world)
        played: list[Played] = []
        for one, name, behaviours in product(rounds, names, (STOPPED, LOOKED_FOR)):
            stand_in.server.character = hostile(behaviours, base=good)
            candidate = all_candidates()[name](SEED)
            played.append(await play(world, candidate, one.items, one.level))
        untried = _untried(stand_in.server, [one.plan for one in played])
        records = {one.name: one.record for one in played} | _golden(shows)
        judged = await _judge(stand_in, good, records)
    shown = [_shown(one) for one in played]
    return [
        *(_count(what, shown, kind) for kind, what in TOLD.items()),
        _count("move that was not offered", [_strayed(engine, one) for one in played], "move"),
        *(_count(what, judged.refutable, kind) for kind, what in RAISED.items()),
        *(_count(f"{what} by a few samples", judged.few, kind) for kind, what in RAISED.items()),
        rate(SUITE, SUITE, "unmoved by lies of every kind", _verdicts(judged.every)),
        none_of(SUITE, SUITE, "misdeed that was never tried", [untried]),
    ]


def _count(what: str, tried: Sequence[Tried], kind: str) -> Metric:
    return none_of(SUITE, SUITE, what, [one.only(kind) for one in tried])


# --- the interviewer ------------------------------------------------------------------------


def _shown(played: Played) -> Tried:
    secrets = _secrets(played.plan)
    turns = played.card.transcript
    heard: list[str] = []
    faults: list[str] = []
    for turn in turns:
        if turn.speaker is Speaker.CANDIDATE:
            heard.append(turn.text)
        else:
            faults += [f"{fault} {turn.id}" for fault in secrets.faults(turn.text, heard)]
    return Tried(played.name, len(turns) - len(heard), tuple(faults))


def _strayed(engine: Watched, played: Played) -> Tried:
    strays = tuple(f"move {move.kind.value}" for move in engine.strays(played.utterances))
    return Tried(played.name, len(played.utterances), strays)


def _untried(server: MessagesStub, plans: Sequence[RoundPlan]) -> Checked:
    """What the model never did, before any check: its count would be worth nothing."""
    calls = [call for call in server.calls if call.seen and call.seen.purpose == "interview"]
    tried = {kind for call in calls for kind in _misdeeds(call, plans)}
    missing = sorted({*TOLD, "move"} - tried)
    return Checked(len(calls), tuple(missing))


def _misdeeds(call: Call, plans: Sequence[RoundPlan]) -> Iterator[str]:
    seen, answer = call.seen, call.answer
    if seen is None or answer is None:
        return
    if answer["move"] not in [move.id for move in seen.moves()]:
        yield "move"
    text = seen.user_text
    plan = next(one for one in plans if all(c.statement in text for _, c in one.concepts()))
    yield from _secrets(plan).faults(answer["say"], seen.candidate_texts())


def _secrets(plan: RoundPlan) -> Secrets:
    return Secrets(plan, shared_finders()(plan))


# --- the judge ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Judged:
    """What each kind of judge raises."""

    refutable: Sequence[Tried]
    few: Sequence[Tried]
    every: Sequence[Tried]


def _golden(shows: Sequence[str]) -> dict[str, InterviewRecord]:
    library = builtin_library()
    cases = [one for one in load_golden(library) if one.shows in shows]
    return {one.id: record_of(one, library) for one in cases}


async def _judge(
    stand_in: StandIn, good: Character, records: Mapping[str, InterviewRecord]
) -> _Judged:
    """Every round as the honest judge sees it, and as the others do."""
    world, server = stand_in

    async def cards(character: Character) -> list[Scorecard]:
        server.character = character
        return [await world.grade(record) for record in records.values()]

    before = await cards(good)

    def tried(after: Sequence[Scorecard]) -> list[Tried]:
        return [_raised(*one) for one in zip(records, before, after, strict=True)]

    apt = hostile([Behaviour.BEST_OWN_QUOTE], base=good)
    return _Judged(
        refutable=tried(await cards(hostile(REFUTABLE, base=good))),
        few=tried(await cards(at_first(apt, good))),
        every=tried(await cards(hostile(base=good))),
    )


def _raised(name: str, before: Scorecard, after: Scorecard) -> Tried:
    return Tried(name, sum(1 for _ in card_verdicts(after)), tuple(raised(before, after)))


def _verdicts(tried: Sequence[Tried]) -> list[Checked]:
    return [one.only("verdict") for one in tried]


def at_first(liar: Character, other: Character) -> Character:
    """`liar` gives one sample of each group of a round's concepts, `other` gives all else.

    Where samples differ the concepts are grouped anew and asked twice more, of which the liar gives
    one again: two of five at most.
    """
    asked: set[tuple[str, frozenset[str]]] = set()

    def answer(seen: Seen) -> Mapping[str, object] | str:
        group = (seen.blocks[0], frozenset(one.key for one in seen.concepts()))
        if len(seen.blocks) > _BLOCKS_AT_FIRST or group in asked:
            return other(seen)
        asked.add(group)
        return liar(seen)

    return answer
