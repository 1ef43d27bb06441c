"""What a candidate is told while a judge reads their answers, which takes a while."""

from __future__ import annotations

from bot.settings import Settings
from bot.wiring import judge_settings
from interviewer.state import MoveKind

READING = "I am reading your answers; the card follows."


def reads_answers(settings: Settings) -> bool:
    """Whether a language model judges a finished interview."""
    return settings.uses_model and judge_settings(settings) is not None


def is_closing(key: str) -> bool:
    """Whether the utterance of that key ends the interview."""
    return key.endswith(f":{MoveKind.CLOSE.value}")
