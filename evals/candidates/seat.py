"""What a simulated candidate sees, and what it may answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple, Protocol

import yaml

from interviewer.state import EventKind, Move
from scenarios.rounds import RoundPlan


@dataclass(frozen=True)
class Seen:
    """The interviewer's last words and the move behind them.

    `answers_in_stage` counts what this candidate has said since the stage was opened.
    """

    plan: RoundPlan
    stage: str
    move: Move
    line: str
    answers_in_stage: int


class Reply(NamedTuple):
    """What the candidate does: `text` goes with `EventKind.SAID`, `sketch` with `DREW`.

    `seconds` is how long it took; None is the time in which the text is spoken.
    """

    kind: EventKind
    text: str = ""
    sketch: str | None = None
    seconds: float | None = None


class Candidate(Protocol):
    """Somebody simulated. `told` holds the keys of the concepts that they have really stated."""

    name: str
    told: set[str]

    def reply(self, seen: Seen) -> Reply:
        """The answer to what the interviewer has just said."""
        ...


def say(text: str) -> Reply:
    """Words, as an answer."""
    return Reply(EventKind.SAID, text)


@lru_cache(maxsize=1)
def phrases() -> dict[str, tuple[str, ...]]:
    """The candidates' own sentences by group, from `lines.yaml`."""
    text = files("evals.candidates").joinpath("lines.yaml").read_text("utf-8")
    return {name: tuple(lines) for name, lines in yaml.safe_load(text).items()}
