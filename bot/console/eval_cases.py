"""Turns a turn that a candidate has flagged into an eval case: a YAML file of a known shape.

The file holds a person's words, so it is for its owner only and called `*.private.yaml`, which
this project's version control ignores; whoever renames it has read it and answers for that. Here
it is only written: running it is the business of `evals/`, which is no part of the installed
program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.console.files import write_private
from bot.doors import UsageError
from interviewer.ports import BoardRevision, InboxItem, StoredInterview
from interviewer.state import EventKind, Utterance, interviewer_turn_id
from scoring.names import BadNameError, NameFinder

SUFFIX = ".private.yaml"
VERSION = 1

HEADER = """\
# An eval case made of a real interview: it holds a person's words.
# Names that were given are replaced; read it to the end before it goes anywhere, since nothing
# else was. The project's version control ignores *.private.yaml; rename the file to keep it there.
"""


@dataclass(frozen=True)
class Flagged:
    """An interview with all that was reported, drawn and said in it, and the complaint.

    `turn_id` is the interviewer's turn and `note` what the candidate said about it; `fault` is
    a name of `scoring.conduct.Fault` where somebody has settled which rule was broken.
    """

    stored: StoredInterview
    events: Sequence[InboxItem]
    boards: Sequence[BoardRevision]
    utterances: Sequence[Utterance]
    turn_id: str
    note: str
    fault: str = ""


def add_case(flagged: Flagged, folder: Path, names: Iterable[str] = ()) -> Path:
    """Write the case into `folder` and return its file; an older file of the turn is replaced.

    `names` are replaced wherever they were said. Raises `UsageError` where the interview has no
    such turn, one of `names` is none, or the file cannot be written.
    """
    document = _document(flagged, _finder(names))
    path = folder / f"{document['id']}{SUFFIX}"
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
    write_private(path, HEADER + text)
    return path


def _finder(names: Iterable[str]) -> NameFinder:
    try:
        return NameFinder.of(names)
    except BadNameError as err:
        raise UsageError(str(err)) from err


def _document(flagged: Flagged, finder: NameFinder) -> dict[str, Any]:
    said = _flagged_utterance(flagged)
    settings = flagged.stored.settings
    events = [one for one in flagged.events if one.seq <= said.seq]
    # A round is opened by the event that ended the one before it, and that is no part of it.
    place = events[-1].round_index
    spec = settings.rounds[place]
    sketches = {one.revision: one.sketch for one in flagged.boards}
    return {
        "version": VERSION,
        "id": f"{flagged.stored.id}-{flagged.turn_id}",
        "kind": spec.kind.value,
        "items": list(spec.items),
        "minutes": spec.minutes,
        "level": settings.level.value,
        "style": settings.style.value,
        "engine": settings.engine,
        "fault": flagged.fault,
        "note": finder.replace(flagged.note),
        "utterance": finder.replace(said.text),
        "events": [
            _event(one, sketches, finder.replace)
            for one in events
            if one.round_index == place and one.event.kind is not EventKind.BEGAN
        ],
    }


def _flagged_utterance(flagged: Flagged) -> Utterance:
    for one in flagged.utterances:
        if interviewer_turn_id(one.seq) == flagged.turn_id and one.text:
            return one
    raise UsageError(
        f"interview {flagged.stored.id} has no interviewer turn {flagged.turn_id}: "
        "`hotseat trace` lists them"
    )


def _event(
    item: InboxItem, sketches: dict[int, str], clean: Callable[[str], str]
) -> dict[str, Any]:
    event = item.event
    found: dict[str, Any] = {"kind": event.kind.value, "stage": item.stage}
    if event.text:
        found["text"] = clean(event.text)
    if event.board_revision is not None:
        found["sketch"] = clean(sketches[event.board_revision])
    found["active_s"] = round(event.active_s, 1)
    return found
