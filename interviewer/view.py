"""What an edge shows beside the talk: phase, stage bar, time left."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scoring.record import Given


class Phase(StrEnum):
    """What the interview is doing right now."""

    LISTENING = "listening"
    THINKING = "thinking"
    PAUSED = "paused"
    OVER = "over"


@dataclass(frozen=True)
class StageView:
    """One stage on the stage bar: seconds spent and budgeted."""

    name: str
    title: str
    spent_s: float
    budget_s: float
    reached: bool


@dataclass(frozen=True)
class SessionView:
    """What an edge shows beside the talk, as it is after the event `seq`."""

    seq: int
    phase: Phase
    round_index: int
    rounds: int
    title: str
    stages: tuple[StageView, ...]
    stage_index: int
    stage_left_s: float
    round_left_s: float
    given: tuple[Given, ...]
