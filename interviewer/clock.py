"""Time: the injected clock, and budgets in the candidate's active seconds.

Only seconds in which the candidate had the floor count. Pauses, reconnects and the interviewer's
own thinking and speaking do not.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from interviewer.state import ClockReading, InterviewSettings, InterviewState, stage_key
from scenarios.rounds import RoundPlan

TURN_S = 40
"""Seconds that an answer takes: with less left a question is not worth asking."""


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """The time of day in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start; never runs backwards."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed on this clock."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The time of day in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds from an arbitrary start."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(seconds)


class ManualClock:
    """A clock that moves only when told to: for recorded candidates and for tests."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._elapsed = 0.0

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self._elapsed += seconds

    def now(self) -> datetime:
        """The start plus what has passed."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """What has passed."""
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.advance(seconds)
        await asyncio.sleep(0)


def round_budget_s(settings: InterviewSettings, round_index: int) -> float:
    """Active seconds for the whole round, extra time included."""
    return settings.rounds[round_index].minutes * 60 * settings.extra_time


def stage_budget_s(
    settings: InterviewSettings, state: InterviewState, plan: RoundPlan, stage_index: int
) -> float:
    """Active seconds for a stage: its share of what the stages before it have left.

    So time that a stage saved is carried on to all that follow, and time that it overran is taken
    from them.
    """
    before = sum(
        state.spent_s.get(stage_key(state.round_index, stage.name), 0.0)
        for stage in plan.stages[:stage_index]
    )
    left = max(0.0, round_budget_s(settings, state.round_index) - before)
    shares = [stage.share for stage in plan.stages]
    return left * shares[stage_index] / sum(shares[stage_index:])


def read_clock(settings: InterviewSettings, state: InterviewState, plan: RoundPlan) -> ClockReading:
    """Active seconds left in the current stage and round; negative once overrun."""
    spent = {
        stage.name: state.spent_s.get(stage_key(state.round_index, stage.name), 0.0)
        for stage in plan.stages
    }
    current = plan.stages[state.stage_index].name
    budget = stage_budget_s(settings, state, plan, state.stage_index)
    return ClockReading(
        stage_left_s=budget - spent[current],
        round_left_s=round_budget_s(settings, state.round_index) - sum(spent.values()),
    )
