"""Events, moves, beliefs and the state of an interview: values, no behaviour beyond look-ups."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from scenarios.model import Level, RoundKind
from scoring.record import Ending, Given
from scoring.transcript import Source, Word
from scoring.verdicts import Verdict


class Frozen(BaseModel):
    """Base of the stored values of this room: immutable, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class EventKind(StrEnum):
    """What an edge or the session's timers may report."""

    BEGAN = "began"
    SAID = "said"
    DREW = "drew"
    HINT = "hint"
    THINK = "think"
    NEXT = "next"
    PAUSED = "paused"
    RESUMED = "resumed"
    SILENCE = "silence"
    CLOCK = "clock"
    END = "end"


class Event(Frozen):
    """One thing that happened.

    `active_s` is how long the candidate had the floor before it, in seconds that count.
    `board_revision` goes with `DREW`. `origins` are the edge's own ids of the messages that it
    was made of; none of them is ever committed a second time.
    """

    kind: EventKind
    at: datetime
    text: str = ""
    source: Source = Source.TYPED
    words: tuple[Word, ...] = ()
    active_s: float = 0.0
    board_revision: int | None = None
    origins: tuple[str, ...] = ()


class Style(StrEnum):
    """The interviewer's tone; changes words, never expectations."""

    SUPPORTIVE = "supportive"
    NEUTRAL = "neutral"
    SCEPTICAL = "sceptical"


class RoundSpec(Frozen):
    """One round to be held: its kind, the ids of its items and its length in minutes."""

    kind: RoundKind
    items: tuple[str, ...]
    minutes: Annotated[float, Field(gt=0)]


class InterviewSettings(Frozen):
    """Chosen at the start and fixed for the whole interview.

    `extra_time` multiplies every budget (1, 1.25, 1.5 or 2). `owner` is the edge's name for the
    person; `edge` says where it takes place, `server` in which Discord server, if in one.
    """

    rounds: Annotated[tuple[RoundSpec, ...], Field(min_length=1)]
    level: Level
    style: Style = Style.NEUTRAL
    extra_time: Annotated[float, Field(ge=1, le=2)] = 1.0
    owner: str = "local"
    edge: str = "console"
    server: str | None = None
    engine: str = "offline"
    pack_hash: str = ""


class MoveKind(StrEnum):
    """What the interviewer can do with a turn."""

    OPEN = "open"
    ANSWER = "answer"
    ASSUME = "assume"
    WAIT = "wait"
    PROBE = "probe"
    CONTRADICTION_PROBE = "contradiction_probe"
    RED_FLAG_PROBE = "red_flag_probe"
    BOARD_PROBE = "board_probe"
    CURVEBALL = "curveball"
    HINT = "hint"
    REDIRECT = "redirect"
    WARN = "warn"
    LAST_WORD = "last_word"
    REPEAT = "repeat"
    ADVANCE = "advance"
    CLOSE = "close"


PROBING = frozenset(
    {
        MoveKind.PROBE,
        MoveKind.CONTRADICTION_PROBE,
        MoveKind.RED_FLAG_PROBE,
        MoveKind.BOARD_PROBE,
    }
)
"""Moves that ask about a concept, and use up one of the stage's follow-ups."""


class Alternative(Frozen):
    """A move that was possible and not taken, with the value that lost."""

    kind: MoveKind
    concept: str | None = None
    value: float


class ClockReading(Frozen):
    """Active seconds left when the move was decided."""

    stage_left_s: float
    round_left_s: float


class Move(Frozen):
    """What the policy decided.

    `concept` is the key that the move aims at, `cause` the id of the candidate turn that led to
    it, `quote` the candidate's own words that it may take up. `line` is the pack's sentence to be
    used, where there is one; `wording` names the group of phrases where it is not the move's own.
    `to_round` and `to_stage` say where the interview stands after it.
    """

    kind: MoveKind
    round_index: int
    stage: str
    to_round: int
    to_stage: str
    concept: str | None = None
    cause: str | None = None
    quote: str | None = None
    line: str | None = None
    wording: str | None = None
    facts: tuple[str, ...] = ()
    element: str | None = None
    reason: str = ""
    alternatives: tuple[Alternative, ...] = ()
    clock: ClockReading
    ending: Ending | None = None


class Belief(Frozen):
    """What is thought of one concept so far, and what was done about it."""

    verdict: Verdict = Verdict.NOT_DETECTED
    turn_id: str | None = None
    quote: str | None = None
    probes: int = 0
    hints: int = 0
    given_up: bool = False


class InterviewState(Frozen):
    """Where an interview stands after the event `seq` and the move it led to.

    The stored truth, written in the transaction that opens the utterance. `reached` and `spent_s`
    are keyed by `round/stage` (see `stage_key`), seconds are active ones; `beliefs` by concept key
    within the current round; `given` and `curveball_turns` by round index. `lines` holds the
    sentences already used in the current round, folded by `fold`; `question` is what was last
    asked, `assumption_about` the candidate's question that was left open in the last turn;
    `dry_answers` counts the follow-ups of the stage since one last brought something to light;
    `unanswered` are the events that were left without an answer because the candidate went on;
    `unheard` says that what was asked last was talked over before it could be understood;
    `corrected_up_to` is the last event whose later assessment the beliefs hold; `engines` names
    those under which it was held so far, in the order in which they first were.
    """

    seq: int = -1
    round_index: int = 0
    stage_index: int = 0
    reached: tuple[str, ...] = ()
    spent_s: dict[str, float] = Field(default_factory=dict[str, float])
    beliefs: dict[str, Belief] = Field(default_factory=dict[str, Belief])
    given: dict[int, tuple[Given, ...]] = Field(default_factory=dict[int, tuple[Given, ...]])
    lines: tuple[str, ...] = ()
    probes_in_stage: int = 0
    redirects_in_stage: int = 0
    board_probes_in_stage: int = 0
    silences_in_stage: int = 0
    answers_in_stage: int = 0
    dry_answers: int = 0
    warned: bool = False
    thinking: bool = False
    paused: bool = False
    aimed_at: str | None = None
    question: str = ""
    assumption_about: str | None = None
    last_word_given: tuple[int, ...] = ()
    curveball_turns: dict[int, str] = Field(default_factory=dict[int, str])
    board_revision: int | None = None
    corrected_up_to: int = -1
    unanswered: tuple[int, ...] = ()
    unheard: bool = False
    engines: tuple[str, ...] = ()
    ending: Ending | None = None


class Finding(Frozen):
    """One thing that the engine found in a candidate turn.

    `key` is the concept's key in its round; for a contradiction `line` is the question that the
    pack has for it.
    """

    key: str
    verdict: Verdict
    start: int
    end: int
    quote: str
    score: float
    found_by: str
    note: str = ""
    line: str | None = None


class Utterance(Frozen):
    """An outbox row: what the interviewer says in answer to the event `seq`.

    `text` is what was decided to be said so far, `shown` how many of its characters were really
    shown or played, `complete` whether the engine had finished wording, `closed` whether the
    utterance is over; closed with `shown < len(text)` reads as "cut at".
    """

    key: str
    interview_id: str
    seq: int
    move: Move
    text: str
    shown: int = 0
    complete: bool = True
    closed: bool = False
    opened_at: datetime
    closed_at: datetime | None = None
    degraded: str | None = None


def stage_key(round_index: int, stage: str) -> str:
    """The address of a stage within an interview, `round/stage`."""
    return f"{round_index}/{stage}"


def fold(sentence: str) -> str:
    """A sentence in the form in which repetitions are noticed: words only, lower case."""
    return " ".join("".join(c if c.isalnum() else " " for c in sentence.casefold()).split())


def split_lines(text: str) -> tuple[str, ...]:
    """The sentences of an utterance of ours, for noticing repetitions.

    Candidates' text needs `scoring.text`; our own lines are well punctuated.
    """
    marked = text.replace("? ", "?\n").replace(". ", ".\n").replace("! ", "!\n")
    return tuple(line.strip() for line in marked.splitlines() if line.strip())


def is_used(text: str, used: Collection[str]) -> bool:
    """Whether any sentence of `text` is among the folded sentences `used`."""
    return any(fold(line) in used for line in split_lines(text))


def utterance_key(interview_id: str, seq: int, kind: MoveKind) -> str:
    """The idempotency key `interview:turn:kind`."""
    return f"{interview_id}:{seq}:{kind.value}"


def candidate_turn_id(seq: int) -> str:
    """Id of the candidate turn that came as event `seq`."""
    return f"c{seq:04d}"


def interviewer_turn_id(seq: int) -> str:
    """Id of the interviewer turn that answered event `seq`."""
    return f"i{seq:04d}"
