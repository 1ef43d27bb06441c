"""Words in no order: a text whose small words stand where no sentence has them.

Whoever shuffles the words of an answer keeps all its terms and every window that covers them. What
is lost is grammar: in English an article or a possessive is followed by what it belongs to. In
shuffled text every second one stands before another small word or at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from scoring.text import Reading, is_content, word_set

STRETCH = 60
"""Tokens that are looked at together."""

FEWEST_OPENERS = 4
"""Articles and possessives from which a stretch can be judged at all."""

BROKEN_SHARE = 0.4
"""Share of them that stand wrongly in a stretch of shuffled words; honest speech has few."""

_OPENERS = word_set("an the my our every")
_FITTING = word_set(
    "above after all before below down few further in more most off on one other others only once "
    "out over own same some such under up very when yet"
)
"""Small words that may follow one: "the same", "a few", "the more", "our own"."""


def salads(reading: Reading, repeated: Collection[int] = ()) -> Iterator[tuple[int, int]]:
    """Stretches, as token ranges, whose words stand in no order.

    Tokens at the indices `repeated` only say again what was said, and are not looked at.
    """
    kept = [at for at in range(len(reading.tokens)) if at not in repeated]
    for start in range(0, len(kept), STRETCH):
        stretch = kept[start : start + STRETCH]
        openers = [at for at in stretch if reading.tokens[at].word in _OPENERS]
        broken = sum(1 for at in openers if not _fits(reading, at))
        if len(openers) >= FEWEST_OPENERS and broken >= BROKEN_SHARE * len(openers):
            yield stretch[0], stretch[-1] + 1


def _fits(reading: Reading, at: int) -> bool:
    """Whether an article or possessive stands before what it can belong to, or is said twice."""
    sentence = reading.sentences[reading.sentence_of[at]]
    if sentence.fenced:
        return True
    if at + 1 >= sentence.last:
        return False
    following = reading.tokens[at + 1]
    stuttered = following.word in _OPENERS and following.word == reading.tokens[at].word
    return is_content(following) or following.word in _FITTING or stuttered
