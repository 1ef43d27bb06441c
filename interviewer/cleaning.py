"""What people typed or said, without what only disturbs a screen."""

from __future__ import annotations

import unicodedata

MAX_CHARS = 20_000
"""Longer messages are refused before anything is stored; nobody speaks so long in one turn."""


class MessageTooLongError(ValueError):
    """The message was not taken; the text says the limit and what to do."""


def clean(text: str) -> str:
    """Without control characters and direction overrides, which only disturb a screen.

    Line breaks and tabs stay; everything else that a person can type stays as typed.
    """
    return "".join(c for c in text if c in "\n\t" or not _is_control(c))


_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _is_control(c: str) -> bool:
    return unicodedata.category(c) in {"Cc", "Cs"} or c in _OVERRIDES


def require_short(text: str) -> None:
    """Raise `MessageTooLongError` where that is more than one turn takes."""
    if len(text) > MAX_CHARS:
        raise MessageTooLongError(
            f"The message has {len(text):,} characters; {MAX_CHARS:,} is the most that one "
            "turn takes. It was not taken: send it in parts."
        )
