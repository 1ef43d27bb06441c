"""Hard gates: what cannot be evidence, whatever words it holds.

Lowering the score of a bad form stopped no attack when it was measured; taking the window out
did. So a gate either takes a window out of the evidence or leaves it alone, and it is local: a
keyword dump does not spoil the honest sentence next to it. Injected text is cut out as the exact
span, since dropping whole sentences cost honest answers without full stops everything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from scoring.injections import INJECTION
from scoring.quantities import is_number
from scoring.text import Reading, Span, Token, is_content, tokenise


class Flag(StrEnum):
    """Why a window or a whole answer is no evidence."""

    EMPTY = "empty"
    GIBBERISH = "gibberish"
    KEYWORD_LIST = "keyword list"
    GLOSSARY_DUMP = "glossary dump"
    WORD_SALAD = "word salad"
    PARROT = "parrot"
    REPETITION = "repetition"
    DENIAL = "denial"
    OUTSOURCED = "outsourced"
    INJECTION = "injection"


LIST_CONTENT_WORDS = 5
"""Content words from which a window may be a keyword list."""

LIST_FUNCTION_SHARE = 0.15
"""Sentences have more function words than this; measured on honest short answers."""

LIST_ITEM_WORDS = 3.0
"""Honest terse items are longer than this on average, listed keywords are not."""

MOST_RELATIONS = 2
"""Times that one sign may relate things in a list before it is a separator."""

LIST_ITEMS = 4
"""Items from which terms between commas are a list."""

SALAD_WORDS = 10
"""Content words with few function words and commas that no terse writer produces."""

SHORT_LINE = 3
"""Tokens up to which a line may be one item of a list that runs down the page."""

DOWNWARD_LIST_WORDS = 8
"""Content words in such a list from which it is a dump and not honest bullets."""

DUMPED_WORDS = 20
"""Content words of lists in a row that nobody names honestly, whatever was asked."""

GLOSSARY_TERMS = 6
"""Different glossary terms in one window that may be a dump."""

GLOSSARY_SHARE = 0.6
"""Share of the content words that the terms must make up."""

PARROTED_SHARE = 0.6
"""Share of a window's trigrams that the interviewer has said."""

PARROT_TRIGRAMS = 3
"""Trigrams below which a window is too short to be called an echo."""

REPEATED_RUN = 12
"""Tokens in a row that were said before, word for word; parallel clauses share fewer."""

_ITEM_BREAK = re.compile(r"[,;/|•·]|\s-\s|\n")


def keyword_list(reading: Reading, first: int, last: int) -> Flag | None:
    """A list of terms in place of sentences; code in fences passes, figures are not counted."""
    tokens = reading.tokens[first:last]
    if reading.sentences[reading.sentence_of[first]].fenced:
        return None
    words = [token for token in tokens if not is_number(token)]
    content = sum(1 for token in words if is_content(token))
    grammar = len(words) - content + _relations(tokens)
    if content < LIST_CONTENT_WORDS or grammar >= LIST_FUNCTION_SHARE * len(words):
        return None
    items = 1 + sum(1 for token in tokens[:-1] if ends_item(token))
    if items >= LIST_ITEMS and content / items <= LIST_ITEM_WORDS:
        return Flag.KEYWORD_LIST
    return Flag.KEYWORD_LIST if items < LIST_ITEMS and content >= SALAD_WORDS else None


def _relations(tokens: Sequence[Token]) -> int:
    """Signs with which notes say what belongs to what, such as "=" and "→".

    A sign that stands more often than `MOST_RELATIONS` times only separates.
    """
    signs = Counter(sign for token in tokens for sign in _RELATION.findall(token.after))
    return sum(count for count in signs.values() if count <= MOST_RELATIONS)


_RELATION = re.compile(r"[-=]>|[→⇒=<>≤≥:(+&]")


def ends_item(token: Token) -> bool:
    """Whether an item of a list ends behind the token."""
    return _ITEM_BREAK.search(token.after) is not None


def downward_lists(reading: Reading) -> set[int]:
    """Indices of sentences that together are a keyword list, one term a line."""
    listed: set[int] = set()
    run: list[int] = []
    for index, sentence in enumerate(reading.sentences):
        short = sentence.last - sentence.first <= SHORT_LINE and not sentence.fenced
        if short:
            run.append(index)
        if not short or index + 1 == len(reading.sentences):
            if _is_dump(reading, run):
                listed.update(run)
            run = []
    return listed


def _is_dump(reading: Reading, run: Sequence[int]) -> bool:
    if not run:
        return False
    tokens = reading.tokens[reading.sentences[run[0]].first : reading.sentences[run[-1]].last]
    content = sum(1 for token in tokens if is_content(token))
    few_function_words = len(tokens) - content < LIST_FUNCTION_SHARE * len(tokens)
    return content >= DOWNWARD_LIST_WORDS and few_function_words


def glossary_dump(tokens: Sequence[Token], terms: frozenset[tuple[str, ...]]) -> Flag | None:
    """Many glossary terms and little else. `terms` are stem sequences, see `term_stems`."""
    if not terms:
        return None
    stems = [token.stem for token in tokens]
    longest = max(len(term) for term in terms)
    named: set[tuple[str, ...]] = set()
    covered: set[int] = set()
    for first in range(len(stems)):
        for length in range(1, longest + 1):
            term = tuple(stems[first : first + length])
            if term in terms:
                named.add(term)
                covered.update(range(first, first + len(term)))
    content = sum(1 for token in tokens if is_content(token))
    dumped = len(named) >= GLOSSARY_TERMS and len(covered) >= GLOSSARY_SHARE * content
    return Flag.GLOSSARY_DUMP if dumped else None


def term_stems(glossary: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Glossary terms as stem sequences; terms without a word are left out."""
    stems = (tuple(token.stem for token in tokenise(term)) for term in glossary)
    return frozenset(term for term in stems if term)


Trigram = tuple[str, str, str]


def trigrams(tokens: Sequence[Token]) -> list[Trigram]:
    """Every three stems in a row."""
    stems = [token.stem for token in tokens]
    return list(zip(stems, stems[1:], stems[2:], strict=False))


@lru_cache(maxsize=1_000)
def heard_trigrams(text: str) -> frozenset[Trigram]:
    """The trigrams of something the interviewer said."""
    return frozenset(trigrams(tokenise(text)))


def parrot(tokens: Sequence[Token], heard: frozenset[Trigram]) -> Flag | None:
    """An echo of what the interviewer said."""
    said = trigrams(tokens)
    if len(said) < PARROT_TRIGRAMS or not heard:
        return None
    share = sum(1 for trigram in said if trigram in heard) / len(said)
    return Flag.PARROT if share > PARROTED_SHARE else None


_OUTSOURCED = re.compile(
    r"\b(?:google (?:it|that|this|for|how|what|the)|stack overflow"
    r"|look (?:it|that|this|them) up|search (?:it|that|this) up"
    r"|ask (?:my|a|some) (?:\w+ )?(?:colleague|friend|boss)|ask (?:someone|somebody)"
    r"|ask (?:chatgpt|chat gpt|claude|gpt|copilot|an llm|the llm)"
    r"(?! (?:to|for a|in|with|whether)\b))\b"
)
_MYSELF = re.compile(r"\b(?:i|we) (?:would|will|can|could|might|just|have to|need to|usually)\b")


def outsourced(tokens: Sequence[Token]) -> Flag | None:
    """Words like "I would google it": the answer is to be found by somebody else."""
    said = _spoken(tokens)
    if _OUTSOURCED.search(said) and _MYSELF.search(said):
        return Flag.OUTSOURCED
    return None


def _spoken(tokens: Sequence[Token]) -> str:
    return " ".join(token.word for token in tokens)


def repeated(tokens: Sequence[Token]) -> set[int]:
    """Indices of tokens that only repeat an earlier run, so that saying it thrice adds nothing."""
    stems = [token.stem for token in tokens]
    again: set[int] = set()
    seen: dict[tuple[str, ...], int] = {}
    latest: dict[str, list[int]] = {}
    for first, one in enumerate(stems):
        run = tuple(stems[first : first + REPEATED_RUN])
        if len(run) == REPEATED_RUN and seen.setdefault(run, first) <= first - REPEATED_RUN:
            again.update(range(first, first + REPEATED_RUN))
        earlier = latest.setdefault(one, [])
        for place in earlier[-REPEATED_RUN:]:
            length = first - place
            if length < REPEATED_RUN and run[:length] == tuple(stems[place:first]):
                again.update(range(first, first + length))
        earlier.append(first)
    return again


def injection_spans(text: str) -> tuple[Span, ...]:
    """The exact spans of text that speaks to a grader and not to an interviewer.

    What is quoted, or told of somebody else ("a page says ignore ..."), is an example of one.
    """
    spans: list[Span] = []
    told = -1
    for match in INJECTION.finditer(text):
        span = Span(*match.span())
        if not match[0]:
            continue
        goes_on = told >= 0 and _AND.fullmatch(text[told : span.start]) is not None
        if (
            goes_on
            or _is_quoted(text, span)
            or _TOLD.search(text[max(0, span.start - _TELLING_WORD) : span.start])
        ):
            told = span.end
        else:
            spans.append(span)
    return tuple(spans)


def _is_quoted(text: str, span: Span) -> bool:
    before = text[max(0, span.start - 3) : span.start].rstrip()[-1:]
    after = text[span.end : span.end + 5].lstrip(" .,!")[:1]
    return bool(before and after) and before in _QUOTES and after in _QUOTES


_TELLING_WORD = 40
"""Characters before injected text in which a word of telling may stand."""

_TOLD = re.compile(
    r"\b(?:says?|said|saying|writes?|wrote|written|types?|typed|tells?|told|reads?|hides?|hidden"
    r"|pastes?|contains?|like|such as|e\.?g\.?)\W{0,3}(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_AND = re.compile(r"\W*(?:and|or|then)?\W*", re.IGNORECASE)
_QUOTES = "\"'`“”‘’«»"


def is_empty(text: str) -> bool:
    """Whether there is not one word in the text."""
    return not tokenise(text)


_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_STEPS = {pair: step for row in _ROWS for step in (1, -1) for pair in pairwise(row[::step])}
"""1 for each two neighbouring keys from left to right, -1 from right to left."""

CERTAIN_RUN = 5
"""Neighbouring keys in a row that no word but "qwerty" holds; "property" has four."""

LIKELY_RUN = 4
"""Neighbouring keys that a word may hold but is never made of."""

UNSPEAKABLE_WORDS = 3
"""Different odd words from which a message of nothing else is mash; fewer may be names."""

GIBBERISH_SHARE = 0.5
"""Share of the letters that must stand in mashed words."""

_STUTTER = re.compile(r"(.)\1{3,}|([a-z]{2,4})\2{2,}")
_NEVER_SPOKEN = re.compile(r"[bcdfghjklmnpqrstvwxz]{7,}")
_ODD = re.compile(
    r"[bcdfghjklmnpqrstvwxz]{6,}|q[^ulwstdro]|qw[^e]|[fghkpqvwxz]j|j[bcdfghklmqrtvwxz]"
    r"|z[xcvbfgjqrs]|x[zvjkr]|v[bcfghjkmpqwxz]"
)
_SHORTEST_ODD = 4
_LONGEST_ACRONYM = 5


def is_gibberish(text: str) -> bool:
    """Whether the text is keyboard mash, which has to be certain: honest words are never called so.

    Either most letters stand in words that only a keyboard makes, or the message is made of odd
    words and no other of four letters or more. Other scripts, acronyms and names are neither.
    """
    words = [token.word for token in tokenise(text) if token.word.isascii()]
    letters = sum(len(word) for word in words)
    mashed = [word for word in words if word.isalpha() and _is_mashed(word)]
    long = [word for word in words if len(word) >= _SHORTEST_ODD]
    if len(set(long)) >= UNSPEAKABLE_WORDS and all(_is_odd(word) for word in long):
        mashed = long
    return sum(map(len, mashed)) > GIBBERISH_SHARE * letters


def _is_mashed(word: str) -> bool:
    if len(word) < _SHORTEST_ODD:
        return False
    runs = _keyboard_runs(word)
    only_runs = min(runs) >= LIKELY_RUN or max(runs) >= CERTAIN_RUN
    return only_runs or bool(_STUTTER.search(word) or _NEVER_SPOKEN.search(word))


def _is_odd(word: str) -> bool:
    """Whether no English word, product or acronym is spelled like it."""
    if not word.isalpha():
        return False
    vowelless = len(word) > _LONGEST_ACRONYM and not set("aeiouy").intersection(word)
    likely = max(_keyboard_runs(word)) >= LIKELY_RUN and not word.endswith("erty")
    return likely or vowelless or _is_mashed(word) or bool(_ODD.search(word))


def _keyboard_runs(word: str) -> list[int]:
    """Lengths of the stretches typed by going along a row of keys, over the whole word."""
    runs = [1]
    step = 0
    for pair in pairwise(word):
        toward = _STEPS.get(pair, 0)
        if toward and (runs[-1] == 1 or toward == step):
            runs[-1] += 1
        else:
            runs.append(1)
        step = toward
    return runs
