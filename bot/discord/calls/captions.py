"""When a caption that grows while somebody speaks is shown: seldom enough for Discord."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum


class CaptionMode(StrEnum):
    """Whether the candidate's words are shown in the thread: growing, once complete, or never."""

    LIVE = "live"
    AFTER = "after"
    OFF = "off"


EDIT_S = 1.2
"""Between two edits of a caption. Discord takes about five in five seconds in a channel, and the
status card needs some of them."""

LEAST_CHARS = 8
"""A caption begins with so much: one short word is often taken back."""


@dataclass(frozen=True)
class Caption:
    """What a caption says, what it should say, and when it was last changed."""

    shown: str = ""
    wanted: str = ""
    shown_at: float = -math.inf


def want(caption: Caption, text: str) -> Caption:
    """The words understood so far have become `text`."""
    return replace(caption, wanted=text)


def due_in(caption: Caption, now: float) -> float | None:
    """Seconds until the caption is to be shown anew; None where it says what it should."""
    if caption.wanted == caption.shown or len(caption.wanted) < LEAST_CHARS:
        return None
    return max(0.0, caption.shown_at + EDIT_S - now)


def showing(caption: Caption, now: float) -> Caption:
    """What is wanted now is being shown."""
    return replace(caption, shown=caption.wanted, shown_at=now)
