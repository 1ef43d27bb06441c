"""Turns that a candidate has flagged, as eval cases: the same situation, put to the engine again.

`bot.console.eval_cases.add_case` writes the files, since it belongs to the installed program; here
they are read and played. `*.private.yaml` holds a real person's words and is not under version
control; every other file was read by somebody who has decided to keep it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bot.console.eval_cases import SUFFIX, Flagged, add_case
from evals.candidates.seat import Reply
from evals.documents import Document, plan_of, read_document
from evals.play import Played, play_events, round_settings
from evals.worlds import World
from interviewer.state import EventKind, Style
from scenarios.load import Library
from scenarios.model import Level, RoundKind

__all__ = ["SUFFIX", "Flagged", "FlaggedCase", "add_case", "load_cases", "replay"]

FOLDER = Path(__file__).resolve().parent / "flagged"


class Happened(Document):
    """One event of the interview, as long after the one before as it was."""

    kind: EventKind
    stage: str
    text: str = ""
    sketch: str | None = None
    active_s: Annotated[float, Field(ge=0)] = 0.0


class FlaggedCase(Document):
    """A round up to the interviewer's turn that was complained about.

    `utterance` is what was said then and `note` the complaint; `fault` is a name of
    `scoring.conduct.Fault` where somebody has settled which rule was broken. The last of `events`
    is the one that was answered.
    """

    version: Literal[1]
    id: str
    kind: RoundKind
    items: tuple[str, ...]
    minutes: Annotated[float, Field(gt=0)]
    level: Level
    style: Style
    engine: str
    fault: str = ""
    note: str
    utterance: str
    events: tuple[Happened, ...]


def load_cases(library: Library, folder: Path = FOLDER, *, private: bool) -> list[FlaggedCase]:
    """The private cases or all others; raises `evals.documents.CaseError`."""
    paths = [
        path for path in sorted(folder.glob("*.yaml")) if path.name.endswith(SUFFIX) is private
    ]
    cases = [read_document(path, FlaggedCase) for path in paths]
    for case in cases:
        plan_of(library, case.items, case.id)
    return cases


async def replay(world: World, case: FlaggedCase) -> Played:
    """The round up to the flagged turn, on the world's engine.

    Its last utterance answers what the flagged one has answered. The round before it may take
    another way than it took then, since the interviewer may ask other things now.
    """
    settings = round_settings(world, case.items, case.level, case.minutes)
    settings = settings.model_copy(update={"style": case.style})
    replies = [Reply(one.kind, one.text, one.sketch, one.active_s) for one in case.events]
    return await play_events(world, settings, replies, case.id)
