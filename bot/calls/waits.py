"""How long a pause may be before it counts as the end of an answer, by stage and by person."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from interviewer.state import InterviewSettings
from scenarios.model import RoundKind

BY_STAGE: Mapping[str, float] = MappingProxyType(
    {
        "scope": 0.8,
        "loop": 1.2,
        "models": 1.2,
        "evals": 1.2,
        "trust_boundary": 1.2,
        "operations": 1.2,
    }
)
"""Factors on the waits of a turn. Clarifying questions are short and want quick answers; whoever
designs or reckons aloud pauses longer. Our judgement, no measurement."""

STORY = 1.4
"""Factor for stories, which are remembered while they are told."""

DRILL = 1.0


def wait_factor(kind: RoundKind, stage: str, settings: InterviewSettings, own: float) -> float:
    """What the waits are multiplied by; `own` is what this candidate asked for.

    Whoever has extra time gets it here too.
    """
    match kind:
        case RoundKind.BEHAVIOURAL:
            usual = STORY
        case RoundKind.DRILL:
            usual = DRILL
        case _:
            usual = BY_STAGE.get(stage, 1.0)
    return usual * own * settings.extra_time
