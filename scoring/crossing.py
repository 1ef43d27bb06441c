"""Matches that run across a sentence end, or that were said in another stage than their concept's.

Cues are written for answers about their own stage and for one thought. Words of two unrelated
sentences, or of an answer about something else, satisfy them by accident; so a second sentence has
to continue the first, and evidence from another stage has to be corroborated.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise

from scenarios.model import RoundKind
from scoring.text import Reading, is_content, word_set


class Crossing(Enum):
    """What an answer of one stage may show of another stage's concepts."""

    FREE = auto()
    CORROBORATED = auto()
    NONE = auto()


CROSSINGS = {
    RoundKind.BEHAVIOURAL: Crossing.FREE,
    RoundKind.DESIGN: Crossing.CORROBORATED,
    RoundKind.DRILL: Crossing.NONE,
}
"""A story is one whole, a design is discussed in stages, drill questions have nothing in common."""

_CONTINUING = word_set(
    """it its this that these those they them their he she him her which who so then and but or
    because otherwise if else unless there such same also each both instead after afterwards before
    when whenever past every only not never no with without past above below over under until
    like meaning for to in by at on from one either any anything everything nothing rest"""
)
_PADDING = word_set(
    "i we you it so that this what well know say saying mean right depends point thing things look "
    "looking trying basically kind one many"
)

CLOSE = 0.5
"""Share of the wording at which one cue is enough: the lower end of the measured band."""

RELATED = 0.2
"""Share of the wording that two different cues need beside them."""

HALFWAY = 0.35
"""Share of the wording from which one cue alone is a trace."""

NEAR = 10
"""Words apart up to which two words on either side of a sentence end belong together."""


def in_one_sentence(reading: Reading, positions: Sequence[int]) -> bool:
    """Whether the tokens at `positions` stand in one sentence."""
    return reading.sentence_of[positions[0]] == reading.sentence_of[positions[-1]]


def is_one_thought(reading: Reading, positions: Sequence[int]) -> bool:
    """Whether they stand in one sentence, or in one and a direct continuation of it.

    A continuation is the next bullet of a list, takes up a word of the sentence before it, or
    opens by pointing back or linking on ("that", "then", "if not"). Words that stand close
    together on either side of the sentence end count as one thought as well. Each sentence has to
    give more than padding ("so, you know, it depends").
    """
    owners = {reading.sentence_of[at] for at in positions}
    said = {reading.sentence_of[at] for at in positions if reading.tokens[at].word not in _PADDING}
    if owners != said:
        return False
    for left, right in pairwise(positions):
        before, after = reading.sentence_of[left], reading.sentence_of[right]
        apart = range(before + 1, after + 1) if right - left > NEAR else ()
        if not all(_continues(reading, index) for index in apart):
            return False
    return True


def _continues(reading: Reading, index: int) -> bool:
    before, sentence = reading.sentences[index - 1], reading.sentences[index]
    if sentence.bullet or sentence.fenced or ";" in reading.tokens[before.last - 1].after:
        return True
    tokens = reading.tokens[sentence.first : sentence.last]
    if tokens[0].word in _CONTINUING:
        return True
    said = {token.stem for token in reading.tokens[before.first : before.last] if is_content(token)}
    return any(token.stem in said for token in tokens if is_content(token))


def is_corroborated(closeness: float, cues: int) -> bool:
    """Whether a sentence of another stage shows a concept by more than one stray cue.

    `closeness` is how much of the concept's own wording it holds, `cues` how many of its cues.
    """
    return closeness >= CLOSE or (cues > 1 and closeness >= RELATED)


def is_faint(closeness: float, cues: int) -> bool:
    """Whether such a sentence is not even a trace."""
    return closeness < (RELATED if cues > 1 else HALFWAY)
