"""Words of a spoken turn that may have been others: where in its text they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

from scoring.slips import fold, word_spans, words_of
from scoring.transcript import Turn, Word

MARK = "(?)"
"""Stands behind a word that may have been another."""

LEGEND = f"{MARK} = I am not sure I heard this word"


def uncertain_words(text: str, words: Sequence[Word]) -> tuple[bool, ...]:
    """For each of `words_of(text)` whether it may have been another.

    `words` are those that were heard; what of the text is none of them was put there by somebody
    who is sure of it.
    """
    parts = [(fold(part), word.uncertain) for word in words for part in words_of(word.text)]
    heard, meant = [part for part, _ in parts], [fold(word) for word in words_of(text)]
    if heard == meant:
        return tuple(uncertain for _, uncertain in parts)
    marks = [False] * len(meant)
    if any(uncertain for _, uncertain in parts):
        for block in SequenceMatcher(None, heard, meant, autojunk=False).get_matching_blocks():
            for at in range(block.size):
                marks[block.b + at] = parts[block.a + at][1]
    return tuple(marks)


def uncertain_spans(turn: Turn) -> tuple[tuple[int, int], ...]:
    """Where in the turn's text such words stand.

    None in an answer that the candidate has put right: what they left as it was, they confirmed.
    """
    if turn.original is not None:
        return ()
    marks = uncertain_words(turn.text, turn.words)
    return tuple(
        span for span, uncertain in zip(word_spans(turn.text), marks, strict=True) if uncertain
    )


def marked(turn: Turn, start: int = 0, end: int | None = None) -> str:
    """The turn's text, or a slice of it, with `MARK` behind such words."""
    end = len(turn.text) if end is None else end
    stops = [stop for _, stop in uncertain_spans(turn) if start < stop <= end]
    return MARK.join(turn.text[left:right] for left, right in pairwise([start, *stops, end]))


def marked_original(turn: Turn) -> str:
    """What was heard, or typed, before the turn was put right, with the marks of that time."""
    heard = turn.text if turn.original is None else turn.original
    return marked(replace(turn, text=heard, original=None))
