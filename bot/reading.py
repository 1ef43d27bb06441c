"""What a candidate is told while a judge reads their answers, which takes a while."""

from __future__ import annotations

from bot.settings import Settings
from interviewer.state import MoveKind

READING = "I am reading your answers; the card follows."


def reads_answers(settings: Settings) -> bool:
    """Whether a language model judges a finished interview."""
    return settings.uses_model and settings.judge is not None


def is_closing(key: str) -> bool:
    """Whether the utterance of that key ends the interview."""
    return key.endswith(f":{MoveKind.CLOSE.value}")
