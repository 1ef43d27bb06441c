"""What the interview needs from outside. Adapters fit by shape; `bot/wiring.py` names them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from interviewer.state import Event, Finding, InterviewSettings, InterviewState, Move, Utterance
from scenarios.rounds import RoundPlan
from scoring.conversation import Manner
from scoring.language_model import Account
from scoring.record import Ending, InterviewRecord
from scoring.scorecard import Scorecard
from scoring.transcript import Turn
from whiteboard.board import Board


class InterviewNotFoundError(Exception):
    """No interview has this id; the message says how to list them."""


class AlreadyReportedError(Exception):
    """One of the event's origins was committed before; nothing was stored."""


@dataclass(frozen=True)
class StoredInterview:
    """An interview as stored: settings, last snapshot and whether it is over."""

    id: str
    settings: InterviewSettings
    state: InterviewState
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class InboxItem:
    """An event as committed: `seq` counts an interview's events from 0."""

    seq: int
    event: Event
    round_index: int
    stage: str


@dataclass(frozen=True)
class BoardRevision:
    """The board as it stood at `at`; revisions count from 1 within an interview.

    `scene` is the stroke up to which it was read from the live board, None for a text sketch.
    """

    revision: int
    board: Board
    sketch: str
    round_index: int
    stage: str
    at: datetime
    scene: int | None = None


class Store(Protocol):
    """The tables. Every method is one transaction, committed when it returns."""

    async def create_interview(
        self, interview_id: str, settings: InterviewSettings, started_at: datetime
    ) -> None:
        """Open an interview with an empty state."""
        ...

    async def interview(self, interview_id: str) -> StoredInterview:
        """The stored interview; raises `InterviewNotFoundError`."""
        ...

    async def commit_event(
        self, interview_id: str, event: Event, *, round_index: int, stage: str
    ) -> int:
        """Append the event to the inbox and return its `seq`; raises `AlreadyReportedError`."""
        ...

    async def inbox_item(self, interview_id: str, seq: int) -> InboxItem:
        """One committed event."""
        ...

    async def pending_events(self, interview_id: str, after: int) -> tuple[InboxItem, ...]:
        """Committed events with `seq > after`, oldest first."""
        ...

    async def utterance(self, interview_id: str, seq: int) -> Utterance | None:
        """The utterance that answers event `seq`, if it was opened."""
        ...

    async def open_utterance(
        self, utterance: Utterance, state: InterviewState, findings: Sequence[Finding]
    ) -> None:
        """Store utterance, snapshot and findings together; the same key twice changes nothing."""
        ...

    async def take_back(self, utterance: Utterance, state: InterviewState) -> None:
        """Store a closed utterance that was not understood as `utterance`, with the state.

        Move and text are replaced: what was asked was not heard.
        """
        ...

    async def extend_utterance(self, key: str, text: str, *, complete: bool) -> None:
        """Replace the text decided so far by the longer `text`, before it is shown."""
        ...

    async def close_utterance(
        self,
        key: str,
        *,
        shown: int,
        at: datetime,
        complete: bool = False,
        degraded: str | None = None,
    ) -> None:
        """Record how much was really shown and that the utterance is over.

        `complete` says that the engine had finished wording, `degraded` what went wrong since it
        was opened; otherwise both stay as stored.
        """
        ...

    async def note_assessments(
        self, interview_id: str, seq: int, findings: Sequence[Finding]
    ) -> None:
        """Store what an engine made of event `seq` after answering it; the first time counts."""
        ...

    async def assessments(
        self, interview_id: str, after: int, before: int
    ) -> tuple[tuple[int, Finding], ...]:
        """What was noted of the events with `after < seq < before`, by `seq`."""
        ...

    async def transcript(self, interview_id: str) -> tuple[Turn, ...]:
        """Candidate and interviewer turns in order, from inbox and outbox."""
        ...

    async def utterances(self, interview_id: str) -> tuple[Utterance, ...]:
        """Every utterance, oldest first, also those that said nothing."""
        ...

    async def events(self, interview_id: str) -> tuple[InboxItem, ...]:
        """Every committed event, oldest first."""
        ...

    async def cost_usd(self, interview_id: str) -> float:
        """What the interview's calls of language models cost so far, in US dollars."""
        ...

    async def save_board(
        self,
        interview_id: str,
        board: Board,
        sketch: str,
        *,
        round_index: int,
        stage: str,
        at: datetime,
        scene: int | None = None,
    ) -> int:
        """Append a board revision and return its number.

        `scene` is the stroke up to which it was read, None where it was not drawn live.
        """
        ...

    async def boards(self, interview_id: str) -> tuple[BoardRevision, ...]:
        """Every board revision, oldest first."""
        ...

    async def finish_interview(
        self, interview_id: str, scorecard: Scorecard, ending: Ending, at: datetime
    ) -> None:
        """Store scorecard revision 1 with its verdict rows and mark the interview as over.

        A second call changes nothing.
        """
        ...

    async def note_manner(
        self,
        interview_id: str,
        key: str,
        *,
        waited_s: float | None,
        cut_in: bool,
        stopped: bool,
    ) -> None:
        """Store how an utterance was played; a second note of the same one adds to the first."""
        ...

    async def manners(self, interview_id: str) -> tuple[Manner, ...]:
        """How the utterances that were played were played, in their order."""
        ...

    async def note_shown(self, key: str, shown: int) -> None:
        """Record how much of an open utterance is shown by now; it never becomes less."""
        ...

    async def correct_hearing(
        self, interview_id: str, seq: int, corrected: str, at: datetime
    ) -> None:
        """Store what the candidate meant in the spoken answer `seq`, before it is graded.

        The text as it was heard takes an earlier correction back. Refused after `begin_grading`.
        """
        ...

    async def begin_grading(self, interview_id: str, at: datetime) -> None:
        """From now on what was heard stays as it stands; the first time counts."""
        ...


@dataclass(frozen=True)
class Heard:
    """A candidate's words with what the engine needs to understand them.

    `interviewer_lines` is what the interviewer said in this round so far.
    """

    text: str
    stage: str
    plan: RoundPlan
    interviewer_lines: tuple[str, ...]


@dataclass(frozen=True)
class Assessment:
    """What the engine understood.

    `intents` are names of `interviewer.engines.intents.Intent`; `facts` the ids of the facts asked
    for, `assumed_facts` of those that an assumption touches; `open_questions` the candidate's
    questions that no fact answers, `assumptions` the sentences in which the candidate settles
    something; `red_flags` ids of the stage's red flags.
    """

    intents: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    facts: tuple[str, ...] = ()
    assumed_facts: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """What an engine may know when it words a move.

    `plan` is the round that the move leads to, `used_lines` the folded sentences said in it,
    `given_facts` the ids of the facts given in it; `thrown` says that its curveball was thrown.
    """

    plan: RoundPlan
    settings: InterviewSettings
    used_lines: frozenset[str]
    given_facts: frozenset[str]
    thrown: bool = False


@dataclass(frozen=True)
class Occasion:
    """Everything that an engine may know when it answers the event `seq`.

    `state` has absorbed the event. `offers` are the moves that the policy allows, the first being
    what it would do by itself; a single one leaves no choice. `turns` are those of the interview so
    far, the candidate's latest included; they are given with what the candidate said only. `board`
    is the latest of the round.
    """

    interview_id: str
    seq: int
    settings: InterviewSettings
    state: InterviewState
    plan: RoundPlan
    event: Event
    assessment: Assessment
    offers: tuple[Move, ...]
    turns: tuple[Turn, ...]
    scene_of: Callable[[Move], Scene]
    board: Board | None = None


class Reply(Protocol):
    """An engine's answer to an event, of which the move is known and the words may still come.

    `move` is one of the offers, `degraded` says what went wrong so far.
    """

    @property
    def move(self) -> Move:
        """The move that was chosen."""
        ...

    @property
    def degraded(self) -> str | None:
        """A sentence about what went wrong so far, None where nothing did."""
        ...

    def parts(self) -> AsyncGenerator[str, None]:
        """The utterance, in parts as they become ready; fails never."""
        ...

    async def conclude(self) -> tuple[Finding, ...]:
        """What the engine made of the candidate's turn, once it is known; fails never."""
        ...

    async def cancel(self) -> None:
        """Nobody waits for the rest: stop all work on it."""
        ...


class Engine(Protocol):
    """Understands, chooses among the moves that it is offered, and words."""

    name: str

    def prepare(self, plan: RoundPlan) -> None:
        """Do what is done once for a round, while the candidate reads the first question."""
        ...

    def assess(self, heard: Heard) -> Assessment:
        """What the words show. Runs in milliseconds and never raises for any text."""
        ...

    async def reply(self, occasion: Occasion) -> Reply:
        """The answer to an event, as soon as its move is known; never fails."""
        ...


class Grader(Protocol):
    """Makes the scorecard of an interview that is over."""

    async def grade(self, record: InterviewRecord, account: Account) -> Scorecard:
        """The card, revision 1, without what it cost; what goes wrong is told on the card."""
        ...


class Mouth(Protocol):
    """An edge's way to show or play an utterance.

    `piecewise` says that sentences are shown as they come; else an utterance comes as a whole.
    `spoken` says that words are played, while which the candidate may speak: then any answer may be
    left unsaid where they go on. The methods below `say` do what is right where words are shown at
    once.
    """

    piecewise: bool
    spoken: bool = False

    def took(self, item: InboxItem) -> None:
        """The event is committed, and will be answered whatever happens."""

    async def ready(self, text: str) -> bool:
        """Return when an utterance that begins with `text` can begin: nobody else is speaking.

        False where the candidate has said more meanwhile, which makes it out of place.
        """
        return True

    async def say(self, key: str, text: str, offset: int) -> int:
        """Show `text[offset:]` and return how many characters of `text` are shown by now.

        Idempotent by `key` and `offset`: what was shown under the key is not shown again. Less
        than all of them are shown where the candidate has taken the floor. Where words are played
        they may still be playing: see `finish`.
        """
        ...

    async def finish(self, key: str, shown: int) -> int:
        """Return, once an utterance is over, how many of its characters were really shown.

        `shown` is what `say` returned last.
        """
        return shown

    async def listen(self) -> None:
        """The turn is over, whether anything was said or not: the candidate has the floor."""

    async def review(self, interview_id: str) -> None:
        """Let the candidate put right what was misheard, before it is graded."""
