"""What an engine is given to understand, and several messages understood as one answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple, TypeVar

from interviewer.ports import Assessment, Heard
from interviewer.state import Event, InterviewState
from scenarios.rounds import RoundPlan
from scoring.transcript import Speaker, Turn

NO_ANSWER = ("empty", "gibberish", "echo", "injection", "off_topic")
"""Intents of messages that hold nothing which could be an answer."""


class Joined(NamedTuple):
    """An event and what it shows, or several as one."""

    event: Event
    assessment: Assessment


def heard(text: str, state: InterviewState, plan: RoundPlan, turns: Sequence[Turn]) -> Heard:
    """Words of the candidate in the current stage, with what the interviewer said before."""
    here = [turn for turn in turns if turn.round_index == state.round_index]
    return Heard(
        text=text,
        stage=plan.stages[state.stage_index].name,
        plan=plan,
        interviewer_lines=tuple(t.text for t in here if t.speaker is Speaker.INTERVIEWER),
    )


def join(events: Sequence[Event], understood: Sequence[Assessment]) -> Joined:
    """Messages that are answered together, the latest being the one that is answered."""
    text = "\n".join(event.text for event in events)
    return Joined(events[-1].model_copy(update={"text": text}), _join(understood))


def _join(parts: Sequence[Assessment]) -> Assessment:
    """What several messages show that are answered as one.

    That one of them was no answer matters only where none of them was.
    """
    intents = {intent for part in parts for intent in part.intents}
    if any(not set(NO_ANSWER).intersection(part.intents) for part in parts):
        intents -= set(NO_ANSWER)
    return Assessment(
        intents=tuple(sorted(intents)),
        findings=_joined(part.findings for part in parts),
        facts=_joined(part.facts for part in parts),
        assumed_facts=_joined(part.assumed_facts for part in parts),
        open_questions=_joined(part.open_questions for part in parts),
        assumptions=_joined(part.assumptions for part in parts),
        red_flags=_joined(part.red_flags for part in parts),
        flags=_joined(part.flags for part in parts),
    )


Item = TypeVar("Item")


def _joined(parts: Iterable[tuple[Item, ...]]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(parts)))
