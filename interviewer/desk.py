"""The work on one turn, from the committed event to the closed utterance.

A `TurnDesk` lives for one run of the graph. Each step makes sure that the ones before it were
done, because after a crash LangGraph may enter at any node with an empty desk; everything is read
back from the tables, and `decide` gives the same move for the same event, so nothing is asked
twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from interviewer.beliefs import absorb, settle
from interviewer.board_talk import BoardQuestion, board_questions
from interviewer.clock import Clock
from interviewer.policy import Situation, decide
from interviewer.ports import (
    Assessment,
    Engine,
    Heard,
    InboxItem,
    Mouth,
    Scene,
    Store,
    StoredInterview,
)
from interviewer.record import build_record, round_plans
from interviewer.state import (
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
from scoring.scorecard import grade
from scoring.transcript import Speaker, Turn


@dataclass(frozen=True)
class Services:
    """The collaborators of every interview in this process."""

    store: Store
    library: Library
    engine: Engine
    clock: Clock


@dataclass(frozen=True)
class _Assessed:
    item: InboxItem
    state: InterviewState
    assessment: Assessment
    turns: tuple[Turn, ...]


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
        self._move: Move | None = None
        self._stored: StoredInterview | None = None
        self._plans: tuple[RoundPlan, ...] = ()

    async def take(self, seq: int) -> None:
        """Lay out the event `seq`."""
        if seq != self._seq:
            self._seq, self._assessed, self._move = seq, None, None
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
        plan = self._plan(stored.state)
        if item.event.kind is EventKind.SAID:
            turns = await store.transcript(self._id)
            assessment = self._services.engine.assess(_heard(item, stored.state, plan, turns))
        state = absorb(stored.state, self._seq, item.event, assessment, plan)
        self._assessed = _Assessed(item, state, assessment, turns)

    async def decide(self) -> None:
        """Choose the move."""
        await self.assess()
        if self._move is not None or self._assessed is None:
            return
        done = self._assessed
        plan = self._plan(done.state)
        ahead = self._plans[done.state.round_index + 1 : done.state.round_index + 2]
        self._move = decide(
            Situation(
                settings=self._interview().settings,
                state=done.state,
                plan=plan,
                event=done.item.event,
                assessment=done.assessment,
                board=await self._board_questions(done.state, plan),
                next_plan=ahead[0] if ahead else None,
            )
        )

    async def speak(self) -> bool:
        """Say the utterance, or the rest of it; returns whether the interview is over."""
        if not self._fresh():
            opened = await self._services.store.utterance(self._id, self._seq)
            if opened is not None:
                await finish_utterance(self._services, self._mouth, opened)
                return opened.move.ending is not None
        await self.decide()
        assert self._move is not None and self._assessed is not None  # noqa: S101, PT018
        await self._say(self._assessed, self._move)
        return self._move.ending is not None

    async def score(self) -> None:
        """Grade the whole interview and store the scorecard."""
        await finish_interview(self._services, self._id)

    async def _say(self, done: _Assessed, move: Move) -> None:
        plan = self._plans[move.to_round]
        parts = aiter(self._services.engine.word(move, self._scene(done, move, plan)))
        text = await _first_words(parts)
        utterance = self._new_utterance(move, text)
        settled = settle(done.state, move, text, self._plan(done.state), plan)
        await self._services.store.open_utterance(utterance, settled, done.assessment.findings)
        self.state = settled
        self.utterance = await self._stream(utterance, parts)
        if move.kind is MoveKind.OPEN:
            await prepare_engine(self._services, plan)

    async def _stream(self, utterance: Utterance, parts: AsyncIterator[str]) -> Utterance:
        """Show part after part, each committed before it is shown."""
        if utterance.closed:
            return utterance
        store, text = self._services.store, utterance.text
        shown = await self._mouth.say(utterance.key, text, 0)
        async for part in parts:
            text += part
            await store.extend_utterance(utterance.key, text, complete=False)
            shown = await self._mouth.say(utterance.key, text, shown)
        now = self._services.clock.now()
        await store.close_utterance(utterance.key, shown=shown, at=now, complete=True)
        end = {"text": text, "shown": shown, "complete": True, "closed": True, "closed_at": now}
        return utterance.model_copy(update=end)

    def _new_utterance(self, move: Move, text: str) -> Utterance:
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

    async def _board_questions(
        self, state: InterviewState, plan: RoundPlan
    ) -> tuple[BoardQuestion, ...]:
        if state.board_revision is None:
            return ()
        revisions = await self._services.store.boards(self._id)
        board = next(r.board for r in revisions if r.revision == state.board_revision)
        return board_questions(board, check_board(board, plan.board), state, plan)

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


def _heard(
    item: InboxItem, state: InterviewState, plan: RoundPlan, turns: tuple[Turn, ...]
) -> Heard:
    here = [turn for turn in turns if turn.round_index == state.round_index]
    return Heard(
        text=item.event.text,
        stage=plan.stages[state.stage_index].name,
        plan=plan,
        interviewer_lines=tuple(t.text for t in here if t.speaker is Speaker.INTERVIEWER),
    )


async def _first_words(parts: AsyncIterator[str]) -> str:
    """The first part that says something; empty where none does."""
    async for part in parts:
        if part:
            return part
    return ""


async def prepare_engine(services: Services, plan: RoundPlan) -> None:
    """Let the engine do what is done once for a round, beside the interviews that are going on."""
    await asyncio.to_thread(services.engine.prepare, plan)


async def finish_utterance(services: Services, mouth: Mouth, utterance: Utterance) -> None:
    """Show what was decided and not yet shown, then close; nothing is worded again."""
    if utterance.closed:
        return
    shown = utterance.shown
    if utterance.text:
        shown = await mouth.say(utterance.key, utterance.text, shown)
    now = services.clock.now()
    await services.store.close_utterance(utterance.key, shown=shown, at=now)


async def finish_interview(services: Services, interview_id: str) -> None:
    """Grade and mark as over; doing it twice changes nothing."""
    stored = await services.store.interview(interview_id)
    if stored.finished_at is not None or stored.state.ending is None:
        return
    now = services.clock.now()
    record = await build_record(services, replace(stored, finished_at=now))
    await services.store.finish_interview(interview_id, grade(record), stored.state.ending, now)
