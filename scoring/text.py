"""Text as the evidence finder reads it: tokens with offsets and stems, sentences, windows.

Every offset counts characters of the text that was given, so a token, a sentence and a quote are
always exact slices of it. No function here raises for any string.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from threading import Lock
from typing import NamedTuple, Protocol

LONG_SENTENCE = 35
"""Tokens above which a sentence counts as unpunctuated speech and is cut into chunks."""

CHUNK = 15
"""Tokens per chunk of unpunctuated speech; two neighbours make a window of 30."""

WIDEST_WINDOW = 50
"""Neighbouring sentences are read together up to this many tokens."""

MOST_TOGETHER = 3
"""Neighbouring sentences that are read together at most."""


def word_set(words: str) -> frozenset[str]:
    """The words of a string, which reads better than a long list of quoted ones."""
    return frozenset(words.split())


FUNCTION_WORDS = word_set(
    """a about above after again against all also am an and any are as at be because been before
    being below between both but by can could did do does doing down during each else ever every
    few for from further had has have having he her here hers him his how i if in into is it its
    itself just let may me might more most must my myself neither never no nor not of off on once
    one only onto or other our ours out over own per quite rather same shall she should since so
    some such than that the their theirs them then there these they this those though through to
    too under until up upon us very w was we were what when where whether which while who whom
    whose why will with within without would yet you your yours"""
)
"""Words that carry no content of their own; they never count as coverage."""

LIGHT_WORDS = word_set(
    """able actually always anything bad basically big bit case certain come different do easy
    example fact find get give go going good happen help important keep kind know like little look
    lot make many maybe mean much need new nice okay ok part people perhaps please point possible
    probably put question really right say see sense set show side simple something sort start stuff
    sure take talk tell thing think time try two use using usually want way well work yes"""
)
"""Everyday words: content, but so common that matching one shows little."""

LIGHT_SHARE = 0.25
"""What is left of a light word's weight."""

FILLERS = frozenset({"ah", "eh", "er", "erm", "hm", "hmm", "mhm", "mm", "uh", "uhm", "um", "umm"})


class Token(NamedTuple):
    """A word at `text[start:end]`.

    `word` is case-folded with spelling variants unified, `after` is the text up to the next word.
    """

    word: str
    stem: str
    start: int
    end: int
    after: str


class Sentence(NamedTuple):
    """Tokens `first` up to, not including, `last`."""

    first: int
    last: int
    question: bool
    bullet: bool
    fenced: bool


@dataclass(frozen=True)
class Reading:
    """A text taken apart; `sentence_of[i]` is the index of the sentence of token `i`."""

    text: str
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    sentence_of: tuple[int, ...]

    def slice(self, first: int, last: int) -> tuple[int, int]:
        """Offsets from the start of token `first` to the end of the token before `last`."""
        return self.tokens[first].start, self.tokens[last - 1].end

    def quotable(self, first: int, last: int) -> tuple[int, int]:
        """The same, widened so that no identifier such as `max_steps` is cut in two."""
        start, end = self.slice(first, last)
        while start and _IDENTIFIER.fullmatch(self.text[start - 1]):
            start -= 1
        while end < len(self.text) and _IDENTIFIER.fullmatch(self.text[end]):
            end += 1
        return start, end

    def keeping(self, kept: Sequence[int]) -> Reading:
        """The same text with only the tokens at the indices `kept`, which are in order.

        A sentence that loses all its tokens stays as an empty one, so that what stood on either
        side of it does not become neighbours.
        """
        counts = Counter(self.sentence_of[at] for at in kept)
        ends = list(accumulate(counts[index] for index in range(len(self.sentences))))
        sentences = tuple(
            whole._replace(first=end - counts[index], last=end)
            for index, (whole, end) in enumerate(zip(self.sentences, ends, strict=True))
        )
        owners = tuple(self.sentence_of[at] for at in kept)
        return Reading(self.text, tuple(self.tokens[at] for at in kept), sentences, owners)


_IDENTIFIER = re.compile(r"\w")


class Span(NamedTuple):
    """Characters `start` up to, not including, `end`."""

    start: int
    end: int


_SURFACE = re.compile(
    r"[$€£¥]?\d+(?:[.,]\d+)*(?:\s?%|[^\W_]*)|[^\W_]+(?:['’][^\W\d_]+)*", re.UNICODE
)
_TAILS = {"ll": "will", "re": "are", "ve": "have", "d": "would", "m": "am"}
_BEFORE_IS = word_set("he here how it she that there this what when where who why")
_CLIPPED = {"ca": "can", "wo": "will", "sha": "shall"}
_BARE_NEGATIONS = {
    f"{verb}nt": (verb, len(verb))
    for verb in word_set("are could did does do had has have is should was were would")
} | {"cannot": ("can", 3), "cant": ("can", 2), "wont": ("will", 2)}
_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\w{4})(?<!w)is(e|ed|es|er|ers|ing|ation|ations)$"), r"iz\1"),
    (re.compile(r"(?<=\w{4})ys(e|ed|es|er|ers|ing)$"), r"yz\1"),
    (re.compile(r"(?<=\w{3})our(s|ed|ing|al|able|ite|ites)?$"), r"or\1"),
    (
        re.compile(r"(label|model|cancel|signal|travel|channel|level|total|tunnel|funnel)l(\w+)$"),
        r"\1\2",
    ),
)
_PLURAL_ACRONYM = re.compile(r"(?:[^aeiouy\W\d_]{2,}|gpu|cpu|tpu|kpi|sla|slo|sku|roi|sli)s$")
_LONGEST_WORD = 64


def unify_spelling(word: str) -> str:
    """British and American spellings of a case-folded word become one."""
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    if _PLURAL_ACRONYM.fullmatch(word) and not word.endswith("ss"):
        return word[:-1]
    return word


class _Stemmer(Protocol):
    """What is used of snowballstemmer, which has no types."""

    def stemWord(self, word: str) -> str:  # noqa: N802
        """The stem of `word`."""
        ...


_stemming = Lock()


@lru_cache(maxsize=1)
def _stemmer() -> _Stemmer:
    from snowballstemmer import english_stemmer  # pyright: ignore[reportMissingTypeStubs]

    return english_stemmer.EnglishStemmer()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The snowball stem of a case-folded word; what is not a plain word stays as it is."""
    if len(word) > _LONGEST_WORD or not word.isalpha():
        return word
    with _stemming:  # the stemmer keeps its word in itself
        return _stemmer().stemWord(word) or word


class _Part(NamedTuple):
    word: str
    stem: str
    start: int
    end: int


@lru_cache(maxsize=50_000)
def _parts(surface: str) -> tuple[_Part, ...]:
    folded = surface.casefold().replace("’", "'")
    if surface[0].isdigit() or surface[0] in "$€£¥":
        number = re.sub(r"\s|,(?=\d{3})", "", folded)
        return (_Part(number, number, 0, len(surface)),)
    if len(folded) == len(surface):
        split = _contraction(folded)
        if split is not None:
            (head, tail), cut = split
            return (_part(head, 0, cut), _part(tail, cut, len(surface)))
    word = folded.removesuffix("'s").replace("'", "") or folded
    return (_part(word, 0, len(surface)),)


def _part(word: str, start: int, end: int) -> _Part:
    unified = unify_spelling(word)
    return _Part(unified, stem(unified), start, end)


def _contraction(folded: str) -> tuple[tuple[str, str], int] | None:
    """The two words of a contraction and where it is cut; "won't" is "will" and "not"."""
    if folded in _BARE_NEGATIONS:
        verb, cut = _BARE_NEGATIONS[folded]
        return (verb, "not"), cut
    if folded.endswith("n't") and len(folded) > 3:
        head = folded[:-3]
        return (_CLIPPED.get(head, head), "not"), len(head)
    head, _, tail = folded.rpartition("'")
    if tail == "s" and head in _BEFORE_IS:
        return (head, "is"), len(head)
    if head and tail in _TAILS:
        return (head.replace("'", "") or head, _TAILS[tail]), len(head)
    return None


def tokenise(text: str) -> list[Token]:
    """The words and numbers of `text` in order, hyphenated words taken apart."""
    found = [
        (part, match.start()) for match in _SURFACE.finditer(text) for part in _parts(match[0])
    ]
    tokens: list[Token] = []
    for index, (part, offset) in enumerate(found):
        end = offset + part.end
        following = found[index + 1] if index + 1 < len(found) else None
        stop = len(text) if following is None else following[1] + following[0].start
        tokens.append(Token(part.word, part.stem, offset + part.start, end, text[end:stop]))
    return tokens


_BULLET = re.compile(r"^[ \t]*(?:[-*•–—]|\d{1,2}[.)])[ \t]+", re.MULTILINE)
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_BREAK = re.compile(r"[.!?;](?=[\s\"'”’)\]*])|[\n\r]|[。！？]")
_ATTACHED = re.compile(r"[.!?]$")
_ABBREVIATED = frozenset({"e", "g", "vs", "approx"})


def read(text: str, cut: Sequence[Span] = ()) -> Reading:
    """Take `text` apart without list markers, fillers and what lies in the `cut` spans."""
    markers = [Span(*match.span()) for match in _BULLET.finditer(text)]
    tokens = _without(tokenise(text), [*cut, *markers])
    fences = [Span(*match.span()) for match in _FENCE.finditer(text)] if "```" in text else []
    sentences = tuple(_sentences(tokens, {marker.end for marker in markers}, fences, text))
    places = tuple(at for at, one in enumerate(sentences) for _ in range(one.first, one.last))
    return Reading(text, tuple(tokens), sentences, places)


def _without(tokens: Sequence[Token], spans: Sequence[Span]) -> list[Token]:
    """Tokens outside the spans that are no fillers; what followed a filler stays known."""
    kept: list[Token] = []
    places = _Places(spans)
    for token in tokens:
        if places.holds(token):
            continue
        if token.word not in FILLERS:
            kept.append(token)
        elif kept:
            kept[-1] = kept[-1]._replace(after=kept[-1].after + token.after)
    return kept


class _Places:
    """Spans, asked whether they hold one of the tokens of a text, which come in order."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = sorted(spans)
        self._next = 0

    def holds(self, token: Token) -> bool:
        """Whether the token overlaps a span; no token may come before the one asked last."""
        spans = self._spans
        while self._next < len(spans) and spans[self._next].end <= token.start:
            self._next += 1
        return self._next < len(spans) and spans[self._next].start < token.end


def _ends_sentence(token: Token, following: Token, text: str) -> bool:
    """Whether a sentence ends between two words of prose; a dot inside a word ends none."""
    if token.after == " ":
        return False
    match = _BREAK.search(token.after)
    if match is None:
        forgotten_space = text[following.start].isupper() and len(token.word) > 1
        return forgotten_space and _ATTACHED.search(token.after) is not None
    return not (match[0] == "." and token.word in _ABBREVIATED)


def _sentences(
    tokens: Sequence[Token], bullet_starts: set[int], fences: Sequence[Span], text: str
) -> Iterator[Sentence]:
    places = _Places(fences)
    code = [places.holds(token) for token in tokens]
    first = 0
    for index, token in enumerate(tokens):
        if index + 1 < len(tokens) and code[index] == code[index + 1]:
            ends = "\n\n" in token.after if code[index] else None
            if not (_ends_sentence(token, tokens[index + 1], text) if ends is None else ends):
                continue
        head = tokens[first]
        yield Sentence(
            first,
            index + 1,
            question="?" in token.after,
            bullet=any(head.start - back in bullet_starts for back in range(4)),
            fenced=code[first],
        )
        first = index + 1


def chunks(reading: Reading) -> list[tuple[int, int]]:
    """Sentences as token ranges, unpunctuated speech cut into pieces of about `CHUNK` tokens."""
    pieces: list[tuple[int, int]] = []
    for sentence in reading.sentences:
        length = sentence.last - sentence.first
        count = 1 if length <= LONG_SENTENCE else math.ceil(length / CHUNK)
        edges = [sentence.first + length * step // count for step in range(count + 1)]
        pieces.extend(pairwise(edges))
    return pieces


def windows(pieces: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Every piece, and every two or three neighbours that are together short enough."""
    found = list(pieces)
    for count in range(2, MOST_TOGETHER + 1):
        for first in range(len(pieces) - count + 1):
            group = pieces[first : first + count]
            joined = all(left[1] == right[0] for left, right in pairwise(group))
            if joined and group[-1][1] - group[0][0] <= WIDEST_WINDOW:
                found.append((group[0][0], group[-1][1]))
    return found


def is_content(token: Token) -> bool:
    """Whether the word says something by itself."""
    return token.word not in FUNCTION_WORDS


@lru_cache(maxsize=1)
def light_stems() -> frozenset[str]:
    """Stems of the everyday words."""
    return frozenset(stem(word) for word in LIGHT_WORDS)


def content_stems(text: str) -> list[str]:
    """Stems of the content words of `text`, each once, in order."""
    return list(dict.fromkeys(token.stem for token in tokenise(text) if is_content(token)))


def inverse_frequency(documents: Iterable[Iterable[str]]) -> dict[str, float]:
    """Weight of each stem by how few of the `documents` (iterables of stems) hold it.

    A stem in every document weighs 1, one in a single document of n about 1 + ln(n / 2); light
    words keep `LIGHT_SHARE` of that.
    """
    counts: dict[str, int] = {}
    total = 0
    for document in documents:
        total += 1
        for one in set(document):
            counts[one] = counts.get(one, 0) + 1
    light = light_stems()
    return {
        one: (LIGHT_SHARE if one in light else 1.0) * (1 + math.log((total + 1) / (count + 1)))
        for one, count in counts.items()
    }
