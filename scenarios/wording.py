"""How sentences of a pack are worded: probes that an interviewer may say, and no doubles.

English only; a pack in another language is checked for doubles and lengths alone in effect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import TypeAlias

from scenarios.documents import shorten
from scenarios.outline import RoundItem, hints, placed_concepts, probes, sentences
from scenarios.references import Finding

Stems: TypeAlias = Callable[[str], Iterable[str]]
"""The stems of a text's content words; handed in, since stemming lives a floor above."""

MOST_WORDS = 30
"""The longest question that an interviewer asks, in words."""

TOO_SIMILAR = 0.8
"""Jaccard similarity of content stems above which two phrasings count as one."""

_WORD = re.compile(r"[\w<>%$'’.-]*\w[\w<>%$'’-]*")
_GOOD = "(great|good|nice|excellent|awesome|brilliant|perfect|impressive|fantastic|wonderful)"
_START = r"(?:^|[.!?]\s+)"
_PRAISE = re.compile(
    rf"{_START}(?:{_GOOD}|exactly|well done)\s*[,.!:;–—-]"
    rf"|{_START}(?:that|this|it)(?:['’]s| is| was| sounds| looks)\s+(?:\w+\s+){{0,2}}{_GOOD}\b"
    rf"|\b{_GOOD}\s+(?:answer|point|question|thinking|catch|start|job|work|stuff)\b"
    r"|\bwell done\b|\bI (?:like|love)\b",
    re.IGNORECASE,
)
"""Praise as it is spoken. "How do you know that it is good enough?" is a question, not praise."""

_SYNONYMS: dict[str, str] = {
    word: words[0]
    for words in (
        ("llm", "model"),
        ("user", "customer", "client"),
        ("document", "file", "doc"),
        ("show", "display"),
        ("measure", "track", "monitor"),
        ("check", "verify", "validate"),
        ("limit", "cap", "bound"),
        ("fast", "quick"),
        ("expensive", "costly"),
        ("big", "large"),
        ("begin", "start"),
        ("use", "utilise", "employ"),
        ("need", "require"),
        ("wrong", "incorrect"),
    )
    for word in words
}
"""Words that make no new phrasing. Kept tiny: a pair belongs here only if it is interchangeable
in any answer, so that no real paraphrase is refused."""


def check_wording(item: RoundItem, stems: Stems) -> Iterator[Finding]:
    """Every finding of this module on one item."""
    for loc, text in probes(item):
        if reason := _fault_of_probe(text):
            yield loc, reason
    for loc, text in hints(item):
        if praise := _PRAISE.search(text):
            yield loc, _say_praise(praise)
    yield from _doubles(item)
    yield from _similar_phrasings(item, stems)


def _fault_of_probe(text: str) -> str | None:
    words = len(text.split())
    if words > MOST_WORDS:
        return f"{words} words: say it in {MOST_WORDS} or fewer"
    if text.count("?") > 1:
        return "more than one question: ask one at a time"
    praise = _PRAISE.search(text)
    return _say_praise(praise) if praise else None


def _say_praise(praise: re.Match[str]) -> str:
    return f"praise (`{praise.group().strip('.!?, ')}`): an interviewer stays neutral"


def _doubles(item: RoundItem) -> Iterator[Finding]:
    seen: set[str] = set()
    for loc, text in sentences(item):
        plain = " ".join(_WORD.findall(text.lower()))
        if plain in seen:
            yield loc, f"said elsewhere in this round (“{shorten(text)}”): reword one"
        seen.add(plain)


def _similar_phrasings(item: RoundItem, stems: Stems) -> Iterator[Finding]:
    same = {_one(stems, word): _one(stems, first) for word, first in _SYNONYMS.items()}
    for loc, _, concept in placed_concepts(item):
        said = [{same.get(stem, stem) for stem in stems(text)} for text in concept.phrasings]
        for (one, left), (other, right) in combinations(enumerate(said), 2):
            union = left | right
            if union and len(left & right) / len(union) > TOO_SIMILAR:
                reason = f"differs from phrasing {one} in order or synonyms only: say it otherwise"
                yield (*loc, "phrasings", other), reason


def _one(stems: Stems, word: str) -> str:
    return next(iter(stems(word)), word)
