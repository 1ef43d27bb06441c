"""What happened in an interview, as the grader receives it: one value, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scenarios.model import Level
from scenarios.rounds import RoundPlan
from scoring.conversation import Manner
from scoring.transcript import Turn
from whiteboard.board import Board


class GivenKind(StrEnum):
    """A fact comes from the scenario, an assumption from the candidate."""

    FACT = "fact"
    ASSUMPTION = "assumption"


@dataclass(frozen=True)
class Given:
    """A fact given or an assumption agreed, once and for all, at `turn_id`."""

    kind: GivenKind
    topic: str
    text: str
    turn_id: str
    fact_id: str | None = None


class Ending(StrEnum):
    """Why the interview ended."""

    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    TIME_UP = "time_up"


@dataclass(frozen=True)
class RoundRecord:
    """One round as it went.

    `reached` names the stages that were opened; `spent_s` and `budget_s` are active seconds per
    stage; `boards` holds the board as it stood at the end of each stage in which it changed,
    `revisions` every board by its number in the interview, oldest first;
    `curveball_turn` is the interviewer turn that threw the curveball.
    """

    plan: RoundPlan
    reached: tuple[str, ...]
    spent_s: Mapping[str, float]
    budget_s: Mapping[str, float]
    given: tuple[Given, ...] = ()
    boards: tuple[tuple[str, Board], ...] = ()
    revisions: tuple[tuple[int, Board], ...] = ()
    curveball_turn: str | None = None


@dataclass(frozen=True)
class InterviewRecord:
    """A whole interview: everything that a scorecard is computed from.

    `engine` names who worded the questions; `pack_hash` pins the content; `notices` are plain
    sentences about degraded service that the card must show; `cost_usd` is what it cost, 0 offline.
    `manners` say how the interviewer's utterances were played, none where nothing was.
    """

    interview_id: str
    level: Level
    style: str
    started_at: datetime
    finished_at: datetime
    ending: Ending
    rounds: tuple[RoundRecord, ...]
    transcript: tuple[Turn, ...]
    engine: str
    pack_hash: str
    notices: tuple[str, ...] = ()
    cost_usd: float = 0.0
    manners: tuple[Manner, ...] = ()
