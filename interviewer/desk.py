"""The work on one turn, from the committed event to the closed utterance.

A `TurnDesk` lives for one run of the graph. Each step makes sure that the ones before it were
done, because after a crash LangGraph may enter at any node with an empty desk; everything is read
back from the tables, and `decide` gives the same move for the same event, so nothing is asked
twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from interviewer.beliefs import absorb, correct, recall, settle
from interviewer.board_talk import board_questions
from interviewer.clock import Clock
from interviewer.finishing import finish_utterance
from interviewer.floor import CutInError, Floor
from interviewer.grading import OFFLINE_GRADER, finish_interview
from interviewer.hearing import Joined, heard, join
from interviewer.offers import is_negotiable, offer, yield_floor
from interviewer.policy import Situation
from interviewer.ports import (
    Assessment,
    Engine,
    Grader,
    InboxItem,
    Mouth,
    Occasion,
    Reply,
    Scene,
    Store,
    StoredInterview,
)
from interviewer.record import round_plans
from interviewer.saying import Saying, first_words, is_unheard
from interviewer.state import (
    Event,
    EventKind,
    InterviewState,
    Move,
    MoveKind,
    Utterance,
    utterance_key,
)
from scenarios.load import Library
from scenarios.rounds import RoundPlan
from scoring.board_check import check_board
from scoring.transcript import Turn
from whiteboard.board import Board


@dataclass(frozen=True)
class Services:
    """The collaborators of every interview in this process."""

    store: Store
    library: Library
    engine: Engine
    clock: Clock
    grader: Grader = OFFLINE_GRADER


@dataclass(frozen=True)
class _Assessed:
    item: InboxItem
    state: InterviewState
    assessment: Assessment
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class _Decided:
    assessed: _Assessed
    situation: Situation
    offers: tuple[Move, ...]
    board: Board | None


@dataclass(frozen=True)
class Committed:
    """An event that this process has just committed, and the interview as it was before it."""

    stored: StoredInterview
    item: InboxItem


class TurnDesk:
    """One turn of one interview.

    With `committed` the event need not be read back, and it cannot have been answered yet. After
    the turn `utterance` is what was said and `state` where the interview stands.
    """

    utterance: Utterance | None = None
    state: InterviewState | None = None

    def __init__(
        self,
        services: Services,
        interview_id: str,
        mouth: Mouth,
        committed: Committed | None = None,
    ) -> None:
        self._services = services
        self._id = interview_id
        self._mouth = mouth
        self._committed = committed
        self._seq = -1
        self._assessed: _Assessed | None = None
        self._decided: _Decided | None = None
        self._floor = Floor()
        self._stored: StoredInterview | None = None
        self._plans: tuple[RoundPlan, ...] = ()

    async def take(self, seq: int) -> None:
        """Lay out the event `seq`."""
        if seq != self._seq:
            self._seq, self._assessed, self._decided = seq, None, None
            fresh = self._fresh()
            store = self._services.store
            self._stored = fresh.stored if fresh else await store.interview(self._id)
            self._plans = round_plans(self._stored.settings, self._services.library)

    async def assess(self) -> None:
        """Understand the event, unless its utterance exists already."""
        if self._assessed is not None or self._is_settled():
            return
        stored = self._interview()
        store = self._services.store
        fresh = self._fresh()
        item = fresh.item if fresh else await store.inbox_item(self._id, self._seq)
        turns: tuple[Turn, ...] = ()
        assessment = Assessment()
        before = stored.state
        plan = self._plan(before)
        if item.event.kind is EventKind.SAID:
            turns = await store.transcript(self._id)
            noted = await store.assessments(self._id, before.corrected_up_to, self._seq)
            before = correct(recall(before, turns), self._seq, noted)
            assessment = self._services.engine.assess(heard(item.event.text, before, plan, turns))
        state = absorb(before, self._seq, item.event, assessment, plan)
        self._assessed = _Assessed(item, state, assessment, turns)

    async def decide(self) -> None:
        """Find the moves that are open, the one to be made first."""
        await self.assess()
        if self._decided is not None or self._assessed is None:
            return
        done = self._assessed
        plan = self._plan(done.state)
        ahead = self._plans[done.state.round_index + 1 : done.state.round_index + 2]
        board = await self._board(done.state)
        joined = await self._joined(done)
        situation = Situation(
            settings=self._interview().settings,
            state=done.state,
            plan=plan,
            event=joined.event,
            assessment=joined.assessment,
            board=()
            if board is None
            else board_questions(board, check_board(board, plan.board), done.state, plan),
            next_plan=ahead[0] if ahead else None,
        )
        self._decided = _Decided(done, situation, offer(situation), board)

    async def speak(self) -> bool:
        """Say the utterance, or the rest of it; returns whether the interview is over."""
        if not self._fresh():
            opened = await self._services.store.utterance(self._id, self._seq)
            if opened is not None:
                await finish_utterance(
                    self._services.store, self._services.clock, self._mouth, opened
                )
                return opened.move.ending is not None
        await self.decide()
        assert self._decided is not None  # noqa: S101 - an event without utterance was not settled
        return await self._say(self._decided)

    @property
    def event(self) -> Event | None:
        """The event that was just committed, if that is what is being answered."""
        return None if self._committed is None else self._committed.item.event

    def interrupt(self) -> None:
        """The candidate takes the floor: nothing more is said in this turn."""
        self._floor.take()

    async def score(self) -> None:
        """Grade the whole interview and store the scorecard.

        Where it has just ended, what was misheard can be put right before.
        """
        if self._committed is not None:
            await self._mouth.review(self._id)
        await finish_interview(self._services, self._id)

    async def _say(self, decided: _Decided) -> bool:
        """Let the engine answer, and say it; returns whether the interview is over.

        As long as a question is being worded the candidate may go on instead, and where they are
        heard, as long as nothing was said.
        """
        may_go_on = self._may_go_on(decided)
        floor = self._floor if may_go_on else Floor()
        reply: Reply | None = None
        try:
            reply = await floor.hold(self._services.engine.reply(self._occasion(decided)))
            parts = reply.parts()
            text = await floor.hold(first_words(parts, piecewise=self._mouth.piecewise))
            is_wanted = not text or await floor.hold(self._mouth.ready(text))
            if not is_wanted and (may_go_on or self._is_unasked(decided)):
                raise CutInError
        except CutInError:
            return await self._listen_on(decided)
        else:
            return await self._open(decided, reply, parts, text)
        finally:
            if reply is not None:
                await reply.cancel()

    def _may_go_on(self, decided: _Decided) -> bool:
        event = decided.assessed.item.event
        heard_meanwhile = self._mouth.spoken and event.kind is EventKind.SAID
        return heard_meanwhile or is_negotiable(event, decided.offers)

    def _is_unasked(self, decided: _Decided) -> bool:
        """Whether it comes of our own accord, and is out of place once something was said."""
        return decided.assessed.item.event.kind in (EventKind.SILENCE, EventKind.CLOCK)

    async def _listen_on(self, decided: _Decided) -> bool:
        """Say nothing, because the candidate went on before a word was said."""
        silent = self._new_utterance(yield_floor(decided.situation), "")
        state = self._state_after(decided, silent, self._left_unanswered(decided))
        await self._services.store.open_utterance(
            silent, state, decided.assessed.assessment.findings
        )
        self.state, self.utterance = state, silent
        return False

    def _left_unanswered(self, decided: _Decided) -> tuple[int, ...]:
        """The events that wait for an answer where this one gets none."""
        before = decided.assessed.state.unanswered
        said = decided.assessed.item.event.kind is EventKind.SAID
        return (*before, self._seq) if said else before

    async def _open(
        self, decided: _Decided, reply: Reply, parts: AsyncGenerator[str, None], text: str
    ) -> bool:
        utterance = self._new_utterance(reply.move, text, degraded=reply.degraded)
        state = self._state_after(decided, utterance)
        store = self._services.store
        await store.open_utterance(utterance, state, decided.assessed.assessment.findings)
        self.state = state
        saying = Saying(store, self._services.clock, self._mouth, self._floor)
        self.utterance = await saying.say(utterance, reply, parts)
        if is_unheard(self.utterance) and self._mouth.spoken:
            await self._take_back(decided, self.utterance)
        if reply.move.kind is MoveKind.OPEN:
            await prepare_engine(self._services, self._plans[reply.move.to_round])
        return reply.move.ending is not None

    async def _take_back(self, decided: _Decided, utterance: Utterance) -> None:
        """What the candidate talked over before they could understand it was not asked.

        What they said is answered with what they add. What answers no words of theirs, such as the
        opening of a stage, is said again after their next.
        """
        if utterance.move.ending is not None or self.state is None:
            return
        if self._may_go_on(decided):
            move = yield_floor(decided.situation)
            utterance = utterance.model_copy(
                update={"move": move, "text": utterance.text[: utterance.shown], "complete": False}
            )
            state = self._state_after(decided, utterance, self._left_unanswered(decided))
        else:
            state = self.state.model_copy(update={"unheard": True})
        await self._services.store.take_back(utterance, state)
        self.state, self.utterance = state, utterance

    def _state_after(
        self, decided: _Decided, utterance: Utterance, unanswered: tuple[int, ...] = ()
    ) -> InterviewState:
        """The state that the utterance leads to; `unanswered` events still wait for an answer."""
        done, move = decided.assessed, utterance.move
        state = settle(
            done.state, move, utterance.text, self._plan(done.state), self._plans[move.to_round]
        )
        names = dict.fromkeys((*state.engines, self._services.engine.name))
        # However many messages an answer came in, it is one.
        answers = state.answers_in_stage - min(len(unanswered), 1)
        return state.model_copy(
            update={
                "engines": tuple(names),
                "unanswered": unanswered,
                "answers_in_stage": max(0, answers),
                "unheard": done.state.unheard and not utterance.text,
            }
        )

    def _new_utterance(self, move: Move, text: str, degraded: str | None = None) -> Utterance:
        """An utterance that says nothing is over as soon as it is opened."""
        now = self._services.clock.now()
        return Utterance(
            key=utterance_key(self._id, self._seq, move.kind),
            interview_id=self._id,
            seq=self._seq,
            move=move,
            text=text,
            complete=not text,
            closed=not text,
            opened_at=now,
            closed_at=None if text else now,
            degraded=degraded,
        )

    async def _joined(self, done: _Assessed) -> Joined:
        """The event together with what was said before it and left without an answer."""
        if done.item.event.kind is not EventKind.SAID:
            return Joined(done.item.event, done.assessment)
        store, plan = self._services.store, self._plan(done.state)
        left = [await store.inbox_item(self._id, seq) for seq in done.state.unanswered]
        understood = [
            self._services.engine.assess(heard(one.event.text, done.state, plan, done.turns))
            for one in left
        ]
        events = [one.event for one in left]
        return join([*events, done.item.event], [*understood, done.assessment])

    def _occasion(self, decided: _Decided) -> Occasion:
        done = decided.assessed
        return Occasion(
            interview_id=self._id,
            seq=self._seq,
            settings=self._interview().settings,
            state=done.state,
            plan=self._plan(done.state),
            event=done.item.event,
            assessment=done.assessment,
            offers=decided.offers,
            turns=done.turns,
            scene_of=lambda move: self._scene(done, move, self._plans[move.to_round]),
            board=decided.board,
        )

    def _scene(self, done: _Assessed, move: Move, plan: RoundPlan) -> Scene:
        same = move.to_round == done.state.round_index
        given = done.state.given.get(move.to_round, ())
        return Scene(
            plan=plan,
            settings=self._interview().settings,
            used_lines=frozenset(done.state.lines if same else ()),
            given_facts=frozenset(fact.fact_id for fact in given if fact.fact_id),
            thrown=move.to_round in done.state.curveball_turns,
        )

    async def _board(self, state: InterviewState) -> Board | None:
        if state.board_revision is None:
            return None
        revisions = await self._services.store.boards(self._id)
        return next(r.board for r in revisions if r.revision == state.board_revision)

    def _interview(self) -> StoredInterview:
        if self._stored is None:
            raise RuntimeError("take() lays out the event before anything else")
        return self._stored

    def _fresh(self) -> Committed | None:
        """What is known of the event without reading it, if it was committed just now."""
        committed = self._committed
        return committed if committed and committed.item.seq == self._seq else None

    def _is_settled(self) -> bool:
        return self._interview().state.seq >= self._seq

    def _plan(self, state: InterviewState) -> RoundPlan:
        return self._plans[state.round_index]


async def prepare_engine(services: Services, plan: RoundPlan) -> None:
    """Let the engine do what is done once for a round, beside the interviews that are going on."""
    await asyncio.to_thread(services.engine.prepare, plan)
