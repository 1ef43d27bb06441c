"""First words of the interviewer that are known ahead, to be spoken without waiting for them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import yaml

from interviewer.state import Style
from voice.clauses import clauses

GROUPS = ("advance", "think", "assume", "curveball", "warn")
"""Groups of `lines.yaml` that nearly every round needs, those said most often first."""

STYLE = Style.NEUTRAL
"""The usual style of an interviewer; in another one, as with a model that finds its own words,
the first words take as long as the others."""

LONGEST = 40
"""Characters; a longer one takes more time at the start than it saves later."""

MOST = 12
"""Openers that are made: about half a second of work with a voice of medium quality."""

_SLOT = "{"


@cache
def openers() -> tuple[str, ...]:
    """Sentences that the offline interviewer begins with, as the voice will ask for them."""
    book = yaml.safe_load(files("interviewer.engines").joinpath("lines.yaml").read_text("utf-8"))
    frames = [frame for group in GROUPS for frame in book[group][STYLE.value]]
    return tuple(dict.fromkeys(_first_clauses(frames)))[:MOST]


def _first_clauses(frames: list[str]) -> Iterator[str]:
    """What is spoken first of each frame, where that is short and the same every time."""
    for frame in frames:
        first = next((clause.text.strip() for clause in clauses(frame)), "")
        if first and len(first) <= LONGEST and _SLOT not in first:
            yield first
