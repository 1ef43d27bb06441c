"""A round from its first question to its card, with a simulated candidate or with given events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from evals.candidates.seat import Candidate, Reply, Seen
from evals.worlds import OWNER, World
from interviewer.clock import TURN_S
from interviewer.drawing import Sketch
from interviewer.policy import GRACE_S
from interviewer.record import build_record
from interviewer.session import Session
from interviewer.state import EventKind, InterviewSettings, MoveKind, RoundSpec, Utterance
from interviewer.view import Phase
from scenarios.model import Level
from scenarios.rounds import RoundPlan
from scoring.record import InterviewRecord
from scoring.scorecard import Scorecard, card_verdicts
from scoring.verdicts import ConceptVerdict
from storage.scorecards import load_scorecard

WORDS_PER_SECOND = 2.5
"""As fast as a simulated candidate speaks: 150 words a minute."""

PATIENCE_S = 60.0
"""Silence after which the interviewer may ask."""

MOST_ANSWERS = 200
"""Answers after which a round that does not end counts as endless."""


class EndlessRoundError(Exception):
    """The round went on after `MOST_ANSWERS` answers."""


@dataclass(frozen=True)
class Played:
    """A round as it went, with its card.

    `spent_s` and `budget_s` are active seconds; `longest_s` is the longest answer.
    """

    engine: str
    candidate: str
    plan: RoundPlan
    record: InterviewRecord
    card: Scorecard
    utterances: tuple[Utterance, ...]
    told: frozenset[str]
    spent_s: float
    budget_s: float
    longest_s: float

    @property
    def name(self) -> str:
        """Which round this was, for a message."""
        return f"{self.candidate} on {self.plan.item} ({self.engine})"

    @property
    def verdicts(self) -> tuple[ConceptVerdict, ...]:
        """Every verdict of the card."""
        return tuple(verdict for _, verdict in card_verdicts(self.card))

    @property
    def in_time(self) -> bool:
        """Whether it ended in its time, but for the grace of a stage and one answer."""
        return self.spent_s <= self.budget_s + GRACE_S + max(TURN_S, self.longest_s)


def round_settings(
    world: World, items: tuple[str, ...], level: Level, minutes: float | None = None
) -> InterviewSettings:
    """One round of the items; its pack's own length where `minutes` is None."""
    plan = world.library.round_for(*items)
    spec = RoundSpec(kind=plan.kind, items=items, minutes=minutes or plan.minutes)
    pack = world.library.pack_of(items[0])
    return InterviewSettings(
        rounds=(spec,),
        level=level,
        owner=OWNER,
        edge="evals",
        engine=world.engine,
        pack_hash=pack.hash,
    )


async def play(world: World, candidate: Candidate, items: tuple[str, ...], level: Level) -> Played:
    """Let the candidate take the round; raises `EndlessRoundError`."""
    settings = round_settings(world, items, level)
    plan = world.library.round_for(*items)
    session = world.open_session()
    opening = await session.begin(settings)
    if opening is None:
        raise EndlessRoundError(f"{plan.item} was never opened")
    longest = await _answer(world, session, candidate, plan, opening)
    return await _played(world, session.id, candidate, plan, longest)


async def _answer(
    world: World, session: Session, candidate: Candidate, plan: RoundPlan, last: Utterance
) -> float:
    """Answer until the interview is over; the seconds of the longest answer."""
    longest = 0.0
    answers: dict[str, Iterator[int]] = {}
    for _ in range(MOST_ANSWERS):
        view = await session.view()
        if view.phase is Phase.OVER:
            return longest
        stage = view.stages[view.stage_index].name
        said = next(answers.setdefault(stage, count()))
        reply = candidate.reply(Seen(plan, stage, last.move, last.text, said))
        if reply.kind is EventKind.SILENCE:
            await session.watch(PATIENCE_S)
            continue
        longest = max(longest, _seconds(reply))
        last = await _report(world, session, reply) or last
    raise EndlessRoundError(f"{candidate.name} on {plan.item}: no end after {MOST_ANSWERS} answers")


async def play_events(
    world: World, settings: InterviewSettings, replies: Iterable[Reply], name: str
) -> Played:
    """Report the replies one after the other, whatever is asked, then end the interview."""
    session = world.open_session()
    await session.begin(settings)
    longest = 0.0
    for reply in (*replies, Reply(EventKind.END)):
        if (await session.view()).phase is Phase.OVER:
            break
        longest = max(longest, _seconds(reply))
        await _report(world, session, reply)
    plan = world.library.round_for(*settings.rounds[0].items)
    return await _played(world, session.id, _Scripted(name), plan, longest)


class _Scripted:
    def __init__(self, name: str) -> None:
        self.name = name
        self.told: set[str] = set()

    def reply(self, seen: Seen) -> Reply:
        return Reply(EventKind.END)


async def _report(world: World, session: Session, reply: Reply) -> Utterance | None:
    """Let the time pass that the reply takes, and report it; returns what was said to it."""
    world.clock.advance(_seconds(reply))
    if reply.sketch is not None:
        answer = await session.draw(Sketch(reply.sketch, replaces=True))
    else:
        answer = await session.report(reply.kind, reply.text)
    return answer if answer is not None and answer.move.kind is not MoveKind.WAIT else None


def _seconds(reply: Reply) -> float:
    if reply.seconds is not None:
        return reply.seconds
    return len(reply.text.split()) / WORDS_PER_SECOND


async def _played(
    world: World, interview_id: str, candidate: Candidate, plan: RoundPlan, longest_s: float
) -> Played:
    stored = await world.app.services.store.interview(interview_id)
    card = await load_scorecard(world.app.database, interview_id)
    return Played(
        engine=world.engine,
        candidate=candidate.name,
        plan=plan,
        record=await build_record(world.app.services, stored),
        card=card,
        utterances=await world.app.services.store.utterances(interview_id),
        told=frozenset(candidate.told),
        spent_s=sum(stored.state.spent_s.values()),
        budget_s=stored.settings.rounds[0].minutes * 60 * stored.settings.extra_time,
        longest_s=longest_s,
    )
