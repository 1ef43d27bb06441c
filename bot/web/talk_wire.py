"""The talk as it goes over the wire: what a page is told, and what it may ask for.

Everything is JSON in text frames. What comes from a page is data: it is checked here, and words
stay words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.web.frames import mend_halves
from interviewer.cleaning import MAX_CHARS, MessageTooLongError, require_short
from interviewer.state import EventKind
from interviewer.view import SessionView, StageView
from scoring.transcript import Speaker, Turn
from whiteboard.board import strip_unseen

Message: TypeAlias = Mapping[str, Any]
"""One frame of the server."""


class NotUnderstoodError(Exception):
    """A frame that no page of ours sends."""


class Where(StrEnum):
    """Where answers are given."""

    PAGE = "page"
    TERMINAL = "terminal"
    DISCORD = "discord"


class Asked(StrEnum):
    """What a button of the page asks for."""

    HINT = "hint"
    NEXT = "next"
    PAUSE = "pause"
    RESUME = "resume"
    THINK = "think"
    END = "end"


EVENTS: Mapping[Asked, EventKind] = {
    Asked.HINT: EventKind.HINT,
    Asked.NEXT: EventKind.NEXT,
    Asked.PAUSE: EventKind.PAUSED,
    Asked.RESUME: EventKind.RESUMED,
    Asked.THINK: EventKind.THINK,
    Asked.END: EventKind.END,
}

LONGEST_TEXT = 100_000
"""Characters of an answer that are looked at; the session says how many of them it takes."""

Origin = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,64}$")]


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class Say(_Request):
    """An answer; the same `origin` twice counts once."""

    type: Literal["say"]
    origin: Origin
    text: str


class Do(_Request):
    """A button that was pressed; the same `origin` twice counts once."""

    type: Literal["do"]
    origin: Origin
    kind: Asked


class Typing(_Request):
    """A key was pressed in the field."""

    type: Literal["typing"]


Request: TypeAlias = Say | Do | Typing

_REQUEST: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="type")])


def read_request(frame: str) -> Request:
    """What a page asks for; raises `NotUnderstoodError`, which quotes nothing."""
    try:
        return _REQUEST.validate_json(mend_halves(frame))
    except ValidationError:
        raise NotUnderstoodError("a frame of the talk was not understood") from None


def too_long(request: Request) -> str | None:
    """The session's own sentence about an answer that is too long for anybody to look at it."""
    try:
        if isinstance(request, Say) and len(request.text) > LONGEST_TEXT:
            require_short(request.text)
    except MessageTooLongError as err:
        return str(err)
    return None


def write(message: Message) -> str:
    """The frame of a message."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Line:
    """One turn as a page shows it; a later one of the same key takes its place."""

    key: str
    speaker: Speaker
    text: str
    at: datetime
    done: bool = True


def line_of(turn: Turn) -> Line:
    """A turn of the transcript."""
    return Line(turn.id, turn.speaker, turn.text, turn.at)


@dataclass(frozen=True)
class Standing:
    """Where an interview stands, beyond what its session shows.

    `note` is said by the program itself, such as why nothing comes; empty for nothing.
    """

    brief: str
    where: Where
    answering: bool
    note: str = ""


def state_message(view: SessionView, standing: Standing, *, guest: bool = False) -> Message:
    """Stage bar, time left, facts and who answers where; guests are told no words of the talk."""
    return {
        "type": "state",
        "phase": view.phase.value,
        "title": strip_unseen(view.title),
        "brief": strip_unseen(standing.brief),
        "round": view.round_index + 1,
        "rounds": view.rounds,
        "stages": [_stage(stage) for stage in view.stages],
        "stage_index": view.stage_index,
        "stage_left_s": round(view.stage_left_s, 1),
        "round_left_s": round(view.round_left_s, 1),
        "facts": [
            {
                "kind": given.kind.value,
                "topic": strip_unseen(given.topic),
                "text": strip_unseen(given.text),
            }
            for given in (() if guest else view.given)
        ],
        "may_answer": standing.where is Where.PAGE and not guest,
        "where": standing.where.value,
        "longest_answer": MAX_CHARS,
        "answering": standing.answering,
        "note": standing.note,
    }


def turns_message(lines: Iterable[Line]) -> Message:
    """Turns, new or in a later form."""
    return {
        "type": "turns",
        "turns": [
            {
                "key": line.key,
                "speaker": line.speaker.value,
                "text": strip_unseen(line.text),
                "done": line.done,
                "at": line.at.isoformat(),
            }
            for line in lines
        ],
    }


def taken_message(origin: str) -> Message:
    """What came under that origin is committed."""
    return {"type": "taken", "origin": origin}


def refused_message(origin: str, reason: str) -> Message:
    """What came under that origin was not taken, with a sentence for the person."""
    return {"type": "refused", "origin": origin, "reason": reason}


def over_message(interview_id: str) -> Message:
    """The interview is graded; where its card is."""
    return {"type": "over", "card": f"/i/{interview_id}/scorecard"}


def _stage(stage: StageView) -> Message:
    return {
        "name": stage.name,
        "title": strip_unseen(stage.title),
        "spent_s": round(stage.spent_s, 1),
        "budget_s": round(stage.budget_s, 1),
        "reached": stage.reached,
    }
