"""Texts that are made to take long to cut and to say, longer than any answer may be."""

import pytest

from voice.clauses import clauses
from voice.lexicon import pronounce

MOST = 100_000

UNITS = [*".\n <[-=😀", ".x", "! ", "- ", "\n \n", "a. ", "<@", " -x", "so, "]


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_no_text_takes_for_ever(unit: str) -> None:
    """A text of the greatest length is cut and put into words, whatever it repeats.

    What is read again from each character on would be ended by the time limit of every test.
    """
    text = (unit * MOST)[:MOST] + " x"

    assert "".join(piece.text for piece in clauses(text)) == text
    assert pronounce(text)
