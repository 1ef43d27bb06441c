"""The board as it goes over the wire: what a page sends of its drawing, and what it is sent.

Everything is JSON in text frames. What comes from a page is data: of its elements only what
`whiteboard.elements` lists is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.web.frames import mend_halves
from whiteboard.elements import Element, clean_element, keeps_words, loses_words, raised
from whiteboard.untrusted import mapping_in, text_in

MOST_ELEMENTS = 5_000
"""On one board, deleted ones included."""

_FAR = 1e7

Count = Annotated[int, Field(strict=True, ge=0, le=2**53)]
Coordinate = Annotated[float, Field(allow_inf_nan=False, ge=-_FAR, le=_FAR)]


class NoBoardFrameError(Exception):
    """A frame that no page of ours sends; it is not quoted."""


class _Frame(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class _Update(_Frame):
    type: Literal["update"]
    epoch: Count
    seq: Count
    elements: Annotated[list[Any], Field(max_length=MOST_ELEMENTS)]


class Pointer(_Frame):
    """Where somebody points."""

    type: Literal["pointer"]
    x: Coordinate
    y: Coordinate


@dataclass(frozen=True)
class Update:
    """New versions of elements, cleaned.

    `unfit` are the ids of those that cannot be kept, empty for one without. `reworded` are those
    of which other words are kept than were sent, for which they have a version of their own;
    `shortened` says that some were left out.
    """

    epoch: int
    seq: int
    elements: tuple[Element, ...]
    unfit: tuple[str, ...] = ()
    reworded: frozenset[str] = frozenset()
    shortened: bool = False


@dataclass(frozen=True)
class Person:
    """Somebody who has the board open: `role` is `edit` or `view`."""

    id: str
    name: str
    role: str


Sent: TypeAlias = Update | Pointer

_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False, check_circular=False)
"""One for all frames: making it takes as long as writing an element."""

_FRAME: TypeAdapter[_Update | Pointer] = TypeAdapter(
    Annotated[_Update | Pointer, Field(discriminator="type")]
)


def read_frame(frame: str) -> Sent:
    """What a page sent; raises `NoBoardFrameError`."""
    try:
        sent = _FRAME.validate_json(mend_halves(frame))
    except ValidationError:
        raise NoBoardFrameError("a frame of the board was not understood") from None
    if isinstance(sent, Pointer):
        return sent
    return _cleaned(sent)


def _cleaned(sent: _Update) -> Update:
    kept: list[Element] = []
    unfit: list[str] = []
    reworded: set[str] = set()
    for raw in sent.elements:
        element = clean_element(raw)
        if element is None:
            unfit.append(_id_of(raw))
        elif keeps_words(element, raw):
            kept.append(element)
        else:
            kept.append(raised(element))
            reworded.add(element["id"])
    shortened = bool(reworded) and any(map(loses_words, sent.elements))
    return Update(
        sent.epoch, sent.seq, tuple(kept), tuple(unfit), frozenset(reworded), shortened=shortened
    )


def _id_of(raw: object) -> str:
    return text_in((mapping_in(raw) or {}).get("id")) or ""


def write_element(element: Element) -> str:
    """An element as JSON, for as many frames as it goes into."""
    return _ENCODER.encode(element)


def init_frame(epoch: int, you: Person, elements: Iterable[str], people: Sequence[Person]) -> str:
    """The whole board, elements given as JSON."""
    head = _write(
        {
            "type": "init",
            "epoch": epoch,
            "role": you.role,
            "you": you.id,
            "name": you.name,
            "people": [_person(one) for one in people],
        }
    )
    return f'{head[:-1]},"elements":[{",".join(elements)}]}}'


def update_frame(elements: Iterable[str]) -> str:
    """Newer versions of elements, given as JSON."""
    return f'{{"type":"update","elements":[{",".join(elements)}]}}'


def ack_frame(seq: int, unkept: Sequence[str] = (), reason: str = "") -> str:
    """The update with that number is stored, or something newer is, but for the ids `unkept`.

    The reason is for the person; it is also given where not all words of a text were kept.
    """
    return _write({"type": "ack", "seq": seq, "unkept": unkept, "reason": reason})


def refused_frame(seq: int, reason: str, *, later: bool = False) -> str:
    """Nothing of the update with that number is stored; the reason is for the person.

    `later` says that it may be taken once the interview goes on here.
    """
    return _write({"type": "refused", "seq": seq, "reason": reason, "later": later})


def people_frame(people: Sequence[Person]) -> str:
    """Who has the board open."""
    return _write({"type": "people", "people": [_person(one) for one in people]})


def pointer_frame(client: str, x: float, y: float) -> str:
    """Where one of them points."""
    return _write({"type": "pointer", "id": client, "x": x, "y": y})


def epoch_frame(epoch: int) -> str:
    """The board began anew: what was drawn before is no longer on it."""
    return _write({"type": "epoch", "epoch": epoch})


def _person(person: Person) -> dict[str, str]:
    return {"id": person.id, "name": person.name, "role": person.role}


def _write(message: dict[str, Any]) -> str:
    return _ENCODER.encode(message)
