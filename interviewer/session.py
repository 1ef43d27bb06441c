"""One interview as an edge sees it: report what happened, get back what was said.

A session takes the interview's lock, commits the event to the inbox, and only then lets the graph
run, so an accepted event survives anything. It also keeps the floor: the seconds that count are
those in which the candidate could speak.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import NamedTuple

from interviewer.cleaning import MAX_CHARS, MessageTooLongError, clean, require_short
from interviewer.clock import read_clock, stage_budget_s
from interviewer.desk import (
    Committed,
    Services,
    TurnDesk,
    prepare_engine,
)
from interviewer.drawing import Canvas, Sketch, keep_news, keep_sketch, latest_board
from interviewer.finishing import finish_utterance
from interviewer.grading import finish_interview
from interviewer.graph import Graph, TurnLoop
from interviewer.policy import GRACE_S, MAX_SILENCES, until_clock_move
from interviewer.ports import InboxItem, Mouth, StoredInterview
from interviewer.record import round_plans
from interviewer.state import (
    Event,
    EventKind,
    InterviewSettings,
    InterviewState,
    Utterance,
    stage_key,
)
from interviewer.view import Phase, SessionView, StageView
from scoring.transcript import Source, Word
from whiteboard.board import Board

__all__ = ["MAX_CHARS", "InterviewOverError", "MessageTooLongError", "Session", "clean"]


class InterviewOverError(Exception):
    """The interview has ended; nothing more can be reported to it."""


class _Timer(NamedTuple):
    """An event of the session's own that is due `in_s` seconds from now."""

    in_s: float
    kind: EventKind


_TYPING_S = 10.0
"""How long after the last key somebody counts as typing."""

_BREATH_S = 2.0
"""How long after a sound of their voice a candidate is not told that the time is over."""

_WHILE_PAUSED_S = 5.0
"""How often a paused interview is looked at."""


def new_interview_id() -> str:
    """A short random id that is easy to read out."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "".join(secrets.choice(alphabet) for _ in range(8))


class Session:
    """One interview, driven by one edge."""

    def __init__(self, services: Services, graph: Graph, interview_id: str, mouth: Mouth) -> None:
        self.id = interview_id
        self._services = services
        self._mouth = mouth
        self._loop = TurnLoop(graph, interview_id)
        self._lock = asyncio.Lock()
        self._floor_since: float | None = None
        self._stirred_at = -_TYPING_S
        self._spoke_at = -_BREATH_S
        self._behind = True
        self._answering: TurnDesk | None = None

    def speak_through(self, mouth: Mouth) -> None:
        """Go on where the candidate is now; what is being said is said to its end where it was."""
        self._mouth = mouth

    def interrupt(self) -> None:
        """The candidate takes the floor: what is being said ends, and what was shown counts.

        Before the first word of a follow-up nothing is said at all: the next report is answered
        instead, with both in mind.
        """
        if self._answering is not None:
            self._answering.interrupt()

    @property
    def answering(self) -> Event | None:
        """The event that is being answered now."""
        return None if self._answering is None else self._answering.event

    async def begin(self, settings: InterviewSettings) -> Utterance | None:
        """Create the interview and ask the first question."""
        await self._services.store.create_interview(self.id, settings, self._services.clock.now())
        return await self.report(EventKind.BEGAN)

    async def report(
        self,
        kind: EventKind,
        text: str = "",
        *,
        source: Source = Source.TYPED,
        words: tuple[Word, ...] = (),
        origins: tuple[str, ...] = (),
    ) -> Utterance | None:
        """Commit what happened and let the interviewer answer.

        `origins` are the edge's ids of the messages behind it. Returns the utterance, which may
        say nothing. Raises `MessageTooLongError`, `InterviewOverError` and `AlreadyReportedError`
        before anything is stored.
        """
        require_short(text)
        async with self._lock:
            stored = await self._open_interview()
            event = self._event(kind, text, source, words, origins)
            return await self._handle(stored, event)

    async def leave(self, text: str, words: tuple[Word, ...], origins: tuple[str, ...]) -> None:
        """Commit a spoken answer, which is answered when the interview goes on; raises as above."""
        require_short(text)
        async with self._lock:
            stored = await self._services.store.interview(self.id)
            if stored.state.ending is not None:
                raise InterviewOverError(f"Interview {self.id} is over; see its scorecard.")
            await self._commit(
                stored, self._event(EventKind.SAID, text, Source.SPOKEN, words, origins)
            )

    async def draw(
        self, sketch: str | Sketch, origins: tuple[str, ...] = (), *, canvas: Canvas | None = None
    ) -> Utterance | None:
        """Add a sketch to the board, on `canvas` too, and report it.

        Where its first statement is `new`, it replaces the board. Raises
        `whiteboard.sketch.SketchError`, and the board is then as it was, and what `report` does.
        """
        sketch = sketch if isinstance(sketch, Sketch) else Sketch(sketch)
        async with self._lock:
            stored = await self._open_interview()
            revision = await keep_sketch(self._services, stored, sketch, canvas)
            return await self._tell(stored, revision, origins)

    async def show(
        self, board: Board, scene: int, origins: tuple[str, ...] = (), *, drawn_in: int
    ) -> Utterance | None:
        """Report the board of the round `drawn_in`, read from a live one up to the stroke `scene`.

        Returns None, with nothing stored, where the interviewer knows that board or a later one,
        and where the interview is in another round by now. Raises what `report` does.
        """
        async with self._lock:
            stored = await self._open_interview()
            if stored.state.round_index != drawn_in:
                return None
            revision = await keep_news(self._services, stored, board, scene)
            return None if revision is None else await self._tell(stored, revision, origins)

    async def question(self) -> str:
        """What the interviewer asked last; empty before the first question."""
        return (await self._services.store.interview(self.id)).state.question

    async def board(self) -> str:
        """The board of the current round as a sketch; empty where nothing was drawn."""
        stored = await self._services.store.interview(self.id)
        latest = await latest_board(self._services.store, stored)
        return "" if latest is None else latest.sketch

    async def recover(self) -> None:
        """Bring a stopped interview back to the point where it listens.

        Finishes a half-shown utterance, answers events that were committed and never answered,
        and starts the clock anew: what passed since the last event is not charged.
        """
        async with self._lock:
            self._floor_since = None
            await self._catch_up()
            stored = await self._services.store.interview(self.id)
            if stored.state.seq < 0:
                await self._handle(
                    stored, Event(kind=EventKind.BEGAN, at=self._services.clock.now())
                )
            stored = await self._services.store.interview(self.id)
            self._floor_since = self._floor_after(stored.state)

    async def view(self) -> SessionView:
        """Stage bar, time left and phase, up to this moment."""
        stored = await self._services.store.interview(self.id)
        plan = round_plans(stored.settings, self._services.library)[stored.state.round_index]
        state = stored.state
        left = read_clock(stored.settings, state, plan)
        running = 0.0 if _is_stopped(stored.state) else self._on_floor()
        stages = tuple(
            StageView(
                name=stage.name,
                title=stage.title,
                spent_s=state.spent_s.get(stage_key(state.round_index, stage.name), 0.0),
                budget_s=stage_budget_s(stored.settings, state, plan, index),
                reached=stage_key(state.round_index, stage.name) in state.reached,
            )
            for index, stage in enumerate(plan.stages)
        )
        return SessionView(
            seq=state.seq,
            phase=_phase(stored),
            round_index=state.round_index,
            rounds=len(stored.settings.rounds),
            title=plan.title,
            stages=stages,
            stage_index=state.stage_index,
            stage_left_s=left.stage_left_s - running,
            round_left_s=left.round_left_s - running,
            given=state.given.get(state.round_index, ()),
        )

    def stir(self, *, speaking: bool = False) -> None:
        """The candidate is busy, typing or speaking: silence is counted from now.

        Nobody speaks over a candidate because the time is over: it is told once they pause.
        """
        self._stirred_at = self._services.clock.monotonic()
        if speaking:
            self._spoke_at = self._stirred_at

    async def watch(
        self, patience_s: float | None = None, spoken: Callable[[], None] | None = None
    ) -> None:
        """Report the clock when a stage's time is nearly or wholly over, and long silence.

        Silence is reported after `patience_s` in which the candidate had the floor and did not
        stir; None never reports it. `spoken` is called after each such report. Run it as a task
        beside the edge; cancel it when that stops.
        """
        while (due := await self._next_timer(patience_s)) is not None:
            await self._services.clock.sleep(max(1.0, due.in_s))
            now_due = await self._next_timer(patience_s)
            if now_due is not None and now_due.in_s == 0.0:
                try:
                    await self.report(now_due.kind)
                except InterviewOverError:
                    return
                if spoken is not None:
                    spoken()

    async def _next_timer(self, patience_s: float | None) -> _Timer | None:
        """What comes up next; None once the interview is over."""
        stored = await self._services.store.interview(self.id)
        if stored.state.ending is not None:
            return None
        if _is_stopped(stored.state):
            return _Timer(_WHILE_PAUSED_S, EventKind.CLOCK)
        clock = _Timer(self._until_clock(stored), EventKind.CLOCK)
        expects = not stored.state.thinking and stored.state.silences_in_stage <= MAX_SILENCES
        if patience_s is None or self._floor_since is None or not expects:
            return clock
        quiet = self._services.clock.monotonic() - max(self._floor_since, self._stirred_at)
        return min(clock, _Timer(max(0.0, patience_s - quiet), EventKind.SILENCE))

    def _until_clock(self, stored: StoredInterview) -> float:
        """Seconds until the clock has something to say; never in the middle of an answer."""
        plan = round_plans(stored.settings, self._services.library)[stored.state.round_index]
        left = until_clock_move(stored.settings, stored.state, plan) - self._on_floor()
        now = self._services.clock.monotonic()
        stage_left = read_clock(stored.settings, stored.state, plan).stage_left_s - self._on_floor()
        # It leaves the stage then, where otherwise it would warn of the end.
        leaves = stored.state.warned or stage_left <= -GRACE_S
        typing = self._stirred_at + _TYPING_S - now if leaves else 0.0
        return max(0.0, left, typing, self._spoke_at + _BREATH_S - now)

    async def _tell(
        self, stored: StoredInterview, revision: int, origins: tuple[str, ...]
    ) -> Utterance | None:
        """Report a stored revision of the board."""
        drew = self._event(EventKind.DREW, "", Source.TYPED, (), origins)
        event = drew.model_copy(update={"board_revision": revision})
        return await self._handle(stored, event)

    def _event(
        self,
        kind: EventKind,
        text: str,
        source: Source,
        words: tuple[Word, ...],
        origins: tuple[str, ...],
    ) -> Event:
        return Event(
            kind=kind,
            at=self._services.clock.now(),
            text=clean(text),
            source=source,
            words=words,
            active_s=self._on_floor(),
            origins=origins,
        )

    async def _handle(self, stored: StoredInterview, event: Event) -> Utterance | None:
        """Commit the event and answer it; the candidate's clock stands from the commit on."""
        item = await self._commit(stored, event)
        self._mouth.took(item)
        desk = TurnDesk(self._services, self.id, self._mouth, Committed(stored, item))
        self._answering = desk
        try:
            await self._loop.resume(item.seq, desk)
        finally:
            self._answering = None
        await self._mouth.listen()
        self._floor_since = self._floor_after(desk.state or stored.state)
        self._behind = False
        return desk.utterance

    async def _commit(self, stored: StoredInterview, event: Event) -> InboxItem:
        plan = round_plans(stored.settings, self._services.library)[stored.state.round_index]
        stage = plan.stages[stored.state.stage_index].name
        self._behind = True
        seq = await self._services.store.commit_event(
            self.id, event, round_index=stored.state.round_index, stage=stage
        )
        self._floor_since = None
        return InboxItem(seq, event, stored.state.round_index, stage)

    async def _catch_up(self) -> None:
        """Finish what was begun before a crash, a cancellation or a failed write.

        Shows the rest of an utterance, answers a committed event, stores a missing scorecard.
        """
        store = self._services.store
        await self._prepare()
        for utterance in await store.utterances(self.id):
            await finish_utterance(store, self._services.clock, self._mouth, utterance)
        state = (await store.interview(self.id)).state
        pending = await store.pending_events(self.id, state.seq)
        last_seq = pending[-1].seq if pending else state.seq
        await self._loop.take_up(self._desk(), last_seq=last_seq, over=state.ending is not None)
        await self._answer_pending()
        await finish_interview(self._services, self.id)
        self._behind = False

    async def _prepare(self) -> None:
        """Ready the engine for the current round, as the move that opened it did."""
        stored = await self._services.store.interview(self.id)
        if stored.state.seq >= 0 and stored.state.ending is None:
            plans = round_plans(stored.settings, self._services.library)
            await prepare_engine(self._services, plans[stored.state.round_index])

    async def _answer_pending(self) -> None:
        store = self._services.store
        state = (await store.interview(self.id)).state
        if state.ending is not None:
            return
        for item in await store.pending_events(self.id, state.seq):
            self._floor_since = None
            await self._loop.resume(item.seq, self._desk())

    async def _open_interview(self) -> StoredInterview:
        """The interview, ready for its next event."""
        if self._behind:
            await self._catch_up()
        stored = await self._services.store.interview(self.id)
        if stored.state.ending is not None:
            raise InterviewOverError(f"Interview {self.id} is over; see its scorecard.")
        return stored

    def _desk(self) -> TurnDesk:
        return TurnDesk(self._services, self.id, self._mouth)

    def _floor_after(self, state: InterviewState) -> float | None:
        """When the candidate's clock starts: now, or not at all in a pause and after the end."""
        return None if _is_stopped(state) else self._services.clock.monotonic()

    def _on_floor(self) -> float:
        if self._floor_since is None:
            return 0.0
        return max(0.0, self._services.clock.monotonic() - self._floor_since)


def _is_stopped(state: InterviewState) -> bool:
    return state.paused or state.ending is not None


def _phase(stored: StoredInterview) -> Phase:
    if stored.state.ending is not None:
        return Phase.OVER
    if stored.state.paused:
        return Phase.PAUSED
    return Phase.THINKING if stored.state.thinking else Phase.LISTENING
