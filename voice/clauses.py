"""Where an utterance may be cut so that it can be spoken piece by piece.

A clause is what the synthesiser is handed in one call: nothing is heard before the whole clause is
made, so the first one of a request is kept short, and the later ones are whole sentences, which
sound better.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

SHORTEST_FIRST = 25
"""Characters that a first clause has before it ends inside a sentence.

A clause of this length takes about 1.5 s to say, longer than the next one takes to make; a shorter
one only adds a seam (research/voice_perf.md, section 2: "cut at comma/dash after >= 25 chars").
"""

SHORTEST_REST = 12
"""Characters of the same sentence that a cut inside it has to leave."""

LONGEST = 180
"""Characters after which a sentence is cut somewhere, so that an interruption costs little work."""

_END = re.compile(r"""(?<![.!?…])[.!?…]++["'”’)\]]*+(?=\s|$)""")
_PARAGRAPH = re.compile(r"\n(?=[ \t]*(?:\n|[-*•] |\d{1,2}[.)] ))")
_PAUSE = re.compile(r"[,;:](?=\s)|—|(?<=\s)[-–](?=\s)")
_HELD = re.compile(r"`[^`]*`|\([^()]*\)|\[[^\[\]]*\]")
_LAST_WORD = re.compile(r"\S*$")
_LIST_NUMBER = re.compile(r"(?:^|\n)[ \t]*\d{1,2}$")
_SPACE = re.compile(r"\s*")

_NEVER_LAST = frozenset(
    ("e.g", "i.e", "vs", "dr", "mr", "mrs", "ms", "prof", "st", "approx", "fig", "cf", "ca", "viz")
)
"""Abbreviations, without their last full stop, that a sentence does not end with."""

_SELDOM_LAST = frozenset(
    ("etc", "inc", "ltd", "co", "corp", "jr", "sr", "al", "a.m", "p.m", "u.s", "u.k", "ph.d")
)
"""Abbreviations that end a sentence only where a capital letter follows."""

_NUMBERED = frozenset(("no", "nr", "pp", "p", "eq", "sec", "ch", "vol"))
"""Abbreviations where a number follows, words or names elsewhere."""


@dataclass(frozen=True)
class Clause:
    """Characters `start` to `end` of an utterance, to be spoken in one go."""

    start: int
    end: int
    text: str


def clauses(text: str, start: int = 0) -> tuple[Clause, ...]:
    """The pieces of `text[start:]` in order; every character belongs to exactly one of them.

    A piece keeps the white space that follows it. The first ends at a comma, semicolon, colon or
    dash after `SHORTEST_FIRST` characters where its sentence goes on; no other is cut inside a
    sentence of up to `LONGEST` characters. No cut falls inside "7.2", "v1.5", "e.g.", "Dr. Hu", a
    pair of backticks or brackets. A piece without letter or digit exists only where the whole text
    has none.
    """
    if start >= len(text):
        return ()
    ends = [end for end in _sentence_ends(text) if end > start]
    pauses = list(_pauses(text))
    cuts: list[int] = []
    for begin, end in pairwise([start, *ends]):
        cuts += _inside(text, begin, end, pauses, first=begin == start)
        cuts.append(end)
    bounds = [start, *_speakable(text, start, cuts), len(text)]
    return tuple(Clause(begin, end, text[begin:end]) for begin, end in pairwise(bounds))


def _sentence_ends(text: str) -> Iterator[int]:
    """Where the next sentence or paragraph begins, and the end of the text, ascending."""
    sentences = (end.end() for end in _END.finditer(text) if _is_end(text, end))
    paragraphs = (end.end() for end in _PARAGRAPH.finditer(text))
    found = {*_begins_after(text, sentences), *_begins_after(text, paragraphs)}
    yield from sorted(found | {len(text)})


def _begins_after(text: str, ends: Iterable[int]) -> Iterator[int]:
    """Where the text goes on after each of the ascending `ends`, each run of space read once."""
    at = 0
    for end in ends:
        if end >= at:
            at = _past_space(text, end)
            yield at


def _is_end(text: str, end: re.Match[str]) -> bool:
    """Whether what ends with a full stop is a sentence, not an abbreviation or a list's number."""
    if not end[0].startswith(".") or end[0].startswith(".."):
        return True
    if _LIST_NUMBER.search(text, max(0, end.start() - 6), end.start()):
        return False
    word = _LAST_WORD.search(text, max(0, end.start() - 24), end.start())
    last = word[0].lstrip("(\"'“‘[").casefold() if word else ""
    begin = _past_space(text, end.end())
    following = text[begin : begin + 1]
    if last in _NEVER_LAST or (len(last) == 1 and last.isalpha() and word and word[0].isupper()):
        return not following
    if last in _NUMBERED:
        return not following.isdigit()
    return last not in _SELDOM_LAST or not following.islower()


def _pauses(text: str) -> Iterator[int]:
    """Where the voice may rest inside a sentence, ascending."""
    held = [span.span() for span in _HELD.finditer(text)]
    begins = [begin for begin, _ in held]
    for pause in _PAUSE.finditer(text):
        around = bisect_right(begins, pause.start()) - 1
        if around >= 0 and pause.start() < held[around][1]:
            continue
        if not text.endswith(("e.g.", "i.e."), 0, pause.start()):
            yield _past_space(text, pause.end())


def _inside(
    text: str, begin: int, end: int, pauses: Sequence[int], *, first: bool
) -> Iterator[int]:
    """The cuts of one sentence: an early one for the first, and those that its length asks for."""
    if first:
        early = bisect_left(pauses, begin + SHORTEST_FIRST)
        if early < len(pauses) and pauses[early] <= end - SHORTEST_REST:
            begin = pauses[early]
            yield begin
    while end - begin > LONGEST:
        begin = _forced(text, begin, pauses)
        yield begin


def _forced(text: str, begin: int, pauses: Sequence[int]) -> int:
    """A cut within `LONGEST` characters: at the last pause, else the last space, else anywhere."""
    last = bisect_right(pauses, begin + LONGEST) - 1
    if last >= 0 and pauses[last] >= begin + SHORTEST_FIRST:
        return pauses[last]
    space = max(text.rfind(" ", begin, begin + LONGEST), text.rfind("\n", begin, begin + LONGEST))
    return space + 1 if space > begin else begin + LONGEST


def _speakable(text: str, start: int, cuts: Sequence[int]) -> Iterator[int]:
    """The cuts that have something to say on both sides."""
    last = next((at for at in reversed(range(start, len(text))) if text[at].isalnum()), start)
    said = _next_said(text, start)
    for cut in cuts:
        if said < cut <= last:
            yield cut
            said = _next_said(text, cut)


def _next_said(text: str, at: int) -> int:
    """Where the next letter or digit stands; the end of the text where there is none."""
    return next((place for place in range(at, len(text)) if text[place].isalnum()), len(text))


def _past_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at
