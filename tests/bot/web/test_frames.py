"""Frames that no strict reader would take, and how they are mended."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.web.frames import mend_halves


@pytest.mark.parametrize(
    ("frame", "mended"),
    [
        (r'"a \ud83d"', r'"a \ufffd"'),
        (r'"\uDE00\uD83D"', r'"\ufffd\ufffd"'),
        (r'"\ud83d\ud83d\ude00"', r'"\ufffd\ud83d\ude00"'),
        (r'"\ud83d\ude00"', r'"\ud83d\ude00"'),
        (r'"\\ud83d"', r'"\\ud83d"'),
        (r'"\\\ud83d"', r'"\\\ufffd"'),
        ("\\ud8", "\\ud8"),
    ],
)
def test_halves_of_characters_are_replaced(frame: str, mended: str) -> None:
    """Only halves: pairs, and words about them with a backslash of their own, stay."""
    assert mend_halves(frame) == mended


@settings(max_examples=100)
@given(st.text(st.characters(), max_size=20), st.booleans())
def test_any_text_can_be_encoded_afterwards(text: str, ascii_only: bool) -> None:
    """What has no half in it comes back as it was."""
    mended = json.loads(mend_halves(json.dumps(text + "\ud83d", ensure_ascii=True)))

    mended.encode()
    assert mended.endswith("\ufffd")
    whole = json.dumps(text.encode(errors="replace").decode(), ensure_ascii=ascii_only)
    assert mend_halves(whole) == whole
