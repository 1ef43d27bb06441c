"""What was said as it stands in a prompt: between tags that no words between them can close.

A candidate's words are kept as they are, so that they can be quoted; the code in their tags is what
they cannot know, and is taken out should it ever have come to them. An interviewer's lines are the
program's, and yet may quote a candidate or a drawing: they lose what tags are made of.
"""

from __future__ import annotations

_UNKNOWN = "…"
"""Stands for a code: were it cut out, the words on both sides could make another one."""


def candidate_block(words: str, nonce: str, **place: str) -> str:
    """A candidate's words; `place` are the attributes, such as the turn's id."""
    shown = words.replace(nonce, _UNKNOWN)
    return f'<candidate n="{nonce}"{_attributes(place)}>\n{shown}\n</candidate n="{nonce}">'


def interviewer_block(words: str, nonce: str, **place: str) -> str:
    """An interviewer's line, without angle brackets."""
    shown = words.replace(nonce, _UNKNOWN).replace("<", "‹").replace(">", "›")
    return f"<interviewer{_attributes(place)}>\n{shown}\n</interviewer>"


def _attributes(place: dict[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in place.items())
