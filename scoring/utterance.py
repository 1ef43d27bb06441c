"""What an interviewer says, taken apart: its sentences, its questions, the words it quotes.

Candidates' text needs `scoring.text`, which copes with speech and lists; an interviewer's lines
are short and punctuated. Nothing here raises for any string.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_WORDS = 30
"""Words of one utterance at most, the candidate's quoted words included."""

_END = re.compile(r"(?P<mark>[.?!]+)[\"'”’)\]]*(?=\s)|\n")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(\"“])(?:e\.g|i\.e|vs|cf|approx|mr|mrs|ms|dr|st|no|fig|[a-z])\.$", re.IGNORECASE
)
_QUOTED = re.compile(r"[\"“”]([^\"“”\n]{1,400})[\"“”]")
_NO_WORD = re.compile(r"[\W_]+")
_CLOSERS = "\"'”’)] \t\n"


class Cut(NamedTuple):
    """The complete sentences at the head of a text, each with what follows it, and the rest."""

    sentences: tuple[str, ...]
    rest: str


def cut_sentences(text: str) -> Cut:
    """Cut `text` behind every sentence that is certainly over; joined again it is the same text.

    A sentence ends with a mark that a space or a line break follows, quotes after the mark
    included. Abbreviations, decimals, dots in a row and marks inside an open quotation end none.
    """
    sentences: list[str] = []
    start = 0
    for match in _END.finditer(text):
        head = text[start : match.end()]
        if match["mark"] is not None and not _is_over(head, match["mark"]):
            continue
        end = match.end()
        while end < len(text) and text[end].isspace():
            end += 1
        if head.strip():
            sentences.append(text[start:end])
            start = end
    return Cut(tuple(sentences), text[start:])


def _is_over(head: str, mark: str) -> bool:
    bare = head.rstrip(_CLOSERS)
    if mark.endswith("..") or (mark == "." and _ABBREVIATED.search(bare)):
        return False
    straight = head.count('"') % 2 == 0
    return straight and head.count("“") <= head.count("”")


def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a whole text without the space around them."""
    sentences, rest = cut_sentences(text)
    return tuple(one.strip() for one in (*sentences, rest) if one.strip())


_IN_FIGURE = re.compile(r"(?<=\d)[.,](?=\d)")


def folded(text: str) -> str:
    """Words only, in lower case: the form in which repetitions are noticed."""
    # "0.6" stays one word, so that nobody is quoted with "0".
    return _NO_WORD.sub(" ", _IN_FIGURE.sub("", text.casefold())).strip()


def quoted_in(text: str) -> tuple[str, ...]:
    """What stands between double quotation marks."""
    return tuple(match[1] for match in _QUOTED.finditer(text))


def without_quotes(text: str) -> str:
    """The text with an empty pair of marks in the place of everything quoted."""
    return _QUOTED.sub('""', text)


def is_question(sentence: str) -> bool:
    """Whether the sentence itself, not something quoted in it, ends with a question mark."""
    return without_quotes(sentence).rstrip(_CLOSERS).endswith("?")


_REQUEST = re.compile(
    r"""^\W*(?:(?:and|so|okay|ok|now|then|well|also|please|again|first|next|maybe|perhaps)\W+)*
    (?:(?:can|could|would)\ you\ )?(?:please\ )?(?:also\ |just\ )?
    (?:tell\ (?:me|us)|walk\ (?:me|us)|take\ (?:me|us)|talk\ (?:me|us)|give\ (?:me|us)|explain
    |describe|show\ (?:me|us)|name|list|compare|follow|trace|convince|put\ an?\ |define|sketch
    |draw|estimate|calculate|compute|write|implement|say\ (?:it|why|how|what|which|more)
    |spell\ out|outline|elaborate|choose|pick|decide|commit
    |(?:i'd|i\ would)\ (?:like|love)\ to\ (?:hear|know|understand|see)
    |i(?:'m|\ am)\ (?:curious|wondering)|i\ wonder|help\ me\ (?:understand|see)|go\ on)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_FURTHER_REQUEST = re.compile(
    r"^\W*(?:(?:and|so|also|please|then|now|next)\W+)*(?:also\s+)?(?:tell (?:me|us)|walk (?:me|us)"
    r"|take (?:me|us) through|talk (?:me|us) through|explain|describe|show (?:me|us)|list|name"
    r"|give (?:me|us)|outline|sketch)\b",
    re.IGNORECASE,
)


def is_request(sentence: str) -> bool:
    """Whether the sentence asks without a question mark: "walk me through one request"."""
    return _REQUEST.match(sentence) is not None


def is_further_request(sentence: str) -> bool:
    """Whether the sentence, behind a question, asks for something more."""
    return _FURTHER_REQUEST.match(sentence) is not None


_WH = r"(?:what|how|why|who|whom|whose|where|when|which)"
_SECOND = re.compile(
    rf"(?<!\bwho)(?<!\bwhat)(?<!\bhow)(?<!\bwhy)(?<!\bwhen)(?<!\bwhere)(?<!\bwhich)"
    rf"(?:,|;)?\s+and\s+(?:(?:also|then|if so),?\s+)?"
    rf"(?P<rest>(?:{_WH}|do|does|did|is|are|was|were|can|could|would|will|should|has|have)\b[^,;?]*)",
    re.IGNORECASE,
)
_SPLIT = re.compile(rf"\b{_WH}\b[^;?]*;\s*(?:and\s+)?{_WH}\b", re.IGNORECASE)
_ANAPHOR = re.compile(
    r"\b(?:it|its|they|them|their|that|this|these|those|there|then|he|she|his|her|him|one|ones"
    r"|which (?:of|would|is|are|was|were|do|does|did|should|can|could|not)"
    r"|else|same|both|so|each|either|other|others|here|not|now|by when)\b",
    re.IGNORECASE,
)
_EARLY = 6
"""Words of a clause among which it takes up the one before."""

FREE_CLAUSE_WORDS = 6
"""Words from which a second clause that takes up nothing of the first asks something new."""


def clauses_asked(sentence: str) -> int:
    """How many things one sentence asks: 1, and 1 for each further clause that stands alone.

    "What happens then, and who notices it?" asks one thing.
    """
    text = without_quotes(sentence)
    further = [match["rest"] for match in _SECOND.finditer(text)]
    free = [
        rest
        for rest in further
        if len(rest.split()) >= FREE_CLAUSE_WORDS
        and not _ANAPHOR.search(" ".join(rest.split()[:_EARLY]))
    ]
    split = len(_SPLIT.findall(text))
    return 1 + split + (len(further) if len(further) > 1 else len(free))
