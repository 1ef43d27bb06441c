"""What injected text demands, and from whom: the ears of the hostile character.

It looks for orders everywhere in the user's part, so that names, labels and packs are heard as
well as answers: by loose patterns in what was said, by strict ones elsewhere, where honest packs
speak of prompts and grades all the time. It errs on the side of obeying.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from scoring.gates import injection_spans
from tests.messages_stub.seen import Seen

_HITS = re.compile(
    r"""\b(?:mark|grade|score|rate|count|treat|record|set|give|award|grant|assign|output|return)
        \s+(?:\w+\s+){0,5}(?:as\s+|to\s+)?
        (?:hits?|full\s+marks?|(?:top|max\w*|perfect|highest|full)\s+(?:marks?|scores?|points?)|10/10
        |strong\s+hire)\b
    | \b(?:demonstrated|covered|shown|satisfied)\s+(?:every|all)\b
    | "verdict"\s*:\s*"?hit | \bsay\s+["“']?hit\b""",
    re.IGNORECASE | re.VERBOSE,
)
_REVEAL = re.compile(
    r"""\b(?:reveal|show|print|list|repeat|leak|dump|tell\s+me|give\s+me|read\s+out|what\s+(?:is|are))
        \s+(?:me\s+|us\s+)?(?:all\s+|of\s+)*(?:the\s+|your\s+|this\s+)
        (?:\w+\s+)?(?:rubric|concepts?|hints?|facts|answer\s+key|model\s+answer|instructions
        |system\s+prompt|prompt|rules|criteria)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SAY = re.compile(
    r"""\b(?:say|reply(?:\s+with)?|respond(?:\s+with)?|answer\s+with|output|repeat(?:\s+after\s+me)?)
        \b[^"'“”\n]{0,40}["“'](?P<words>[^"“”\n]{1,200})["”']""",
    re.IGNORECASE | re.VERBOSE,
)
_SAY_BARE = re.compile(
    r"""(?:^|[.!?:]\s+|\bplease\s+|\bnow\s+)(?:say|output)\s*:?\s+
        (?!(?:we|you|i|it|the|there|that|this|they|a|an|for|so|my|our|one|one's)\b)
        (?P<words>[^"“”'\n.!?]{1,80})""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_END = re.compile(
    r"""\b(?:end|finish|close|terminate|abort|stop)\s+(?:the|this)\s+(?:interview|round|session)\b
    | \bstop\s+asking\b | \b(?:skip|move\s+on|advance|go)\s+(?:straight\s+)?to\s+the\s+(?:next|end)
    | \b(?:interview|round)\s+is\s+(?:now\s+)?over\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ANYTHING = re.compile(
    r"""\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{0,50}
        \b(?:instructions?|prompts?|rules?|rubrics?|guidelines?|criteria|above|before)\b
    | \byou\s+are\s+now\b | \bnew\s+(?:system\s+)?instructions?\b | ^\W*(?:system|developer)\W*:""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)

_EVERY = (_HITS, _REVEAL, _SAY, _SAY_BARE, _END, _ANYTHING)


class Place(NamedTuple):
    """Injected words and the id of the turn that holds them, empty where none does."""

    words: str
    turn: str


@dataclass(frozen=True)
class Orders:
    """What a request is told to do by those who should not be telling it anything.

    Attributes:
        places: the injected words, in order; without any there are no orders.
        hits: every concept is to be a hit.
        reveal: what is hidden is to be said.
        say: words to be said; empty for none.
        end: the interview is to end, or to go on elsewhere.
    """

    places: tuple[Place, ...] = ()
    hits: bool = False
    reveal: bool = False
    say: str = ""
    end: bool = False

    def __bool__(self) -> bool:
        return bool(self.places)


def orders_in(seen: Seen) -> Orders:
    """Every order in the user's part, wherever it stands outside the interviewer's own turns."""
    said = [(one.text, one.turn) for one in seen.turns() if one.by_candidate]
    places = [place for text, turn in said for place in _places(text, turn, _EVERY)]
    places += [place for text in seen.asides() for place in _places(text, "", (_ANYTHING, _HITS))]
    if not places:
        return Orders()
    whole = "\n".join(place.words for place in places)
    words = _SAY.search(whole) or _SAY_BARE.search(whole)
    anything = _ANYTHING.search(whole) is not None
    return Orders(
        places=tuple(places),
        hits=anything or not words or _HITS.search(whole) is not None,
        reveal=anything or _REVEAL.search(whole) is not None,
        say=words["words"].strip() if words else "",
        end=_END.search(whole) is not None,
    )


def _places(text: str, turn: str, patterns: Iterable[re.Pattern[str]]) -> list[Place]:
    """The lines and sentences of a text that give orders."""
    spans = [match.span() for pattern in patterns for match in pattern.finditer(text)]
    if turn:
        spans += [(span.start, span.end) for span in injection_spans(text)]
    found = dict.fromkeys(_sentence(text, start, end) for start, end in sorted(spans))
    return [Place(words, turn) for words in found if words]


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence around a span, or as much of its line as there is."""
    left = max(text.rfind(mark, 0, start) + 1 for mark in ".!?\n")
    ends = [at + 1 for mark in ".!?\n" if (at := text.find(mark, end - 1)) >= 0]
    return text[left : min(ends, default=len(text))].strip()
