"""What a page sends as text, made fit to be read as JSON."""

from __future__ import annotations

import re

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r"|.)",
    re.DOTALL,
)


def mend_halves(frame: str) -> str:
    r"""The JSON text `frame` with U+FFFD for each half of a character.

    An editor that cuts a text in the middle of an emoji leaves such a half, which a browser
    writes as `\ud83d`; no character is meant by it, and a strict reader takes nothing of the frame.
    """
    if _HALF.search(frame) is None:
        return frame
    return _ESCAPE.sub(lambda found: "\\ufffd" if found["half"] else found[0], frame)
