"""What governs a matched word: a negator, a hedge, a question, an assumption.

A scope rule with a reach of four tokens caught 99.6 % of inserted negations, counting negators
18 %; humans agreed with only a third of the decisions it changed on honest text. So a negator
makes evidence unsure and never makes it an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from scoring.quantities import is_number
from scoring.text import Reading, Token, is_content, read, word_set

REACH = 4
"""Tokens between a negator and a word that it governs."""

REFUSAL_REACH = 12
"""The same for "I wouldn't ..." and "we will not ...", which govern their whole clause."""

HEDGE_REACH = 6
"""Tokens between a hedge and the evidence that it governs."""

NEGATORS = word_set("not no never without neither nor none nobody nothing hardly cannot")
_TWO_WORD_NEGATORS = {("instead", "of"), ("rather", "than")}
_NO_NEGATION_BEFORE = word_set("only just merely sure certain later fewer less more")
_DENIED_OMISSIONS = word_set(
    "cut disable drop forget ignore miss neglect omit overlook remove skip weaken"
)
REMOVAL_REACH = 2
"""Tokens between "removing" and what is removed."""

_REMOVING = word_set("remove removes removing disable disables disabling")
_ALTERNATIVES = frozenset({"otherwise", "why", "if", "or", "else", "whether"})
_CONDITIONS = frozenset({"until", "unless", "before", "without"})
_CLAUSE_WORDS = frozenset({"but", "because", "so", "then", "however", "though"})
_CLAUSE_BREAK = re.compile(r"[,;:()—–→⇒=]|[-=]>| - |\n")
_HEDGES: tuple[tuple[str, ...], ...] = (
    ("maybe",),
    ("perhaps",),
    ("possibly",),
    ("unsure",),
    ("not", "sure"),
    ("not", "certain"),
    ("no", "idea"),
    ("not", "know"),
    ("not", "really", "know"),
    ("i", "guess"),
    ("be", "wrong"),
)
_HEDGE_OPENERS = frozenset(hedge[0] for hedge in _HEDGES)
_APPROXIMATIONS = frozenset({"about", "around", "roughly", "like", "say"})


def negated(
    reading: Reading, positions: Sequence[int], expected: frozenset[str] = frozenset()
) -> bool:
    """Whether a negator governs one of the words at `positions`.

    Words whose stem is in `expected` are worded negatively in the concept's own texts and do not
    count, nor do negators that are matched words themselves.
    """
    matched = frozenset(positions)
    telling = [at for at in positions if is_content(reading.tokens[at])] or positions
    return any(
        reading.tokens[at].stem not in expected and _denied(reading, at, matched) for at in telling
    )


def negated_stems(reading: Reading) -> frozenset[str]:
    """Stems that stand in the scope of a negator."""
    return frozenset(
        token.stem for at, token in enumerate(reading.tokens) if _denied(reading, at, frozenset())
    )


_NEEDLESS = word_set(
    """bureaucracy distraction irrelevant needless nonsense obsolete overkill overrated pointless
    redundant relic unnecessary unneeded useless waste"""
)
"""Judgements, which count where they are said of the words: "... is overkill"."""

_PASSED_OVER = word_set("bother ignore need skip")
"""Verbs that pass over their object: "I'd skip ...", and behind a negator "no need to ..."."""

_POINTLESS = word_set("add bother bring help important matter necessary needed required worth")
"""What is denied of the words behind them: "... does not help"."""

_COPULAS = word_set("is are was were be seems sounds becomes a an just only mere pure")
DISMISSAL_REACH = 10
"""Tokens of the same clause within which "... is overkill" follows."""

PASSED_OVER_REACH = 6
"""Tokens of the same clause over which "no need to ..." reaches."""


def dismissed(
    reading: Reading, positions: Sequence[int], expected: frozenset[str] = frozenset()
) -> bool:
    """Whether the words at `positions` are called needless: "no need to ...", "... is overkill".

    Judging words whose stem the concept's own texts deny (`expected`) do not count.
    """
    sentence = reading.sentences[reading.sentence_of[positions[0]]]
    if sentence.fenced:
        return False
    matched = frozenset(positions)
    before = [*_clause_before(reading, positions[0])][:PASSED_OVER_REACH]
    after = [*_clause_after(reading, positions[-1])][:DISMISSAL_REACH]
    return any(
        _passes_over(reading, at) for at in before if _free(reading, at, matched, expected)
    ) or any(_judges(reading, at) for at in after if _free(reading, at, matched, expected))


def _free(reading: Reading, at: int, matched: frozenset[int], expected: frozenset[str]) -> bool:
    """Whether a token is neither matched itself nor a word that the concept's texts deny."""
    return at not in matched and reading.tokens[at].stem not in expected


def _passes_over(reading: Reading, at: int) -> bool:
    """Whether it is a verb that passes over its object: I'd skip ..., no need to ...."""
    tokens = reading.tokens
    word = tokens[at].word
    if word not in _PASSED_OVER:
        return False
    before = [token.word for token in tokens[max(0, at - 3) : at]]
    denies = not NEGATORS.isdisjoint(before)
    return denies if word in {"need", "bother"} else not denies and "would" in before


def _judges(reading: Reading, at: int) -> bool:
    """Whether it judges what stands before it: ... is overkill, ... does not help."""
    tokens = reading.tokens
    before = [token.word for token in tokens[max(0, at - 3) : at]]
    denies = not NEGATORS.isdisjoint(before)
    if tokens[at].word in _NEEDLESS:
        return not denies and not _COPULAS.isdisjoint(before)
    return tokens[at].word in _POINTLESS and denies


def _clause_after(reading: Reading, at: int) -> Iterator[int]:
    """Token indices after `at` as far as its clause goes."""
    tokens = reading.tokens
    last = reading.sentences[reading.sentence_of[at]].last
    for place in range(at + 1, last):
        if tokens[place].word in _CLAUSE_WORDS or _CLAUSE_BREAK.search(tokens[place - 1].after):
            return
        yield place


def stems_denied_in(texts: Iterable[str]) -> frozenset[str]:
    """Stems that the texts deny, as "never through the prompt" denies "prompt"."""
    return frozenset[str]().union(*(negated_stems(read(text)) for text in texts))


def _denied(reading: Reading, at: int, matched: frozenset[int]) -> bool:
    if reading.sentences[reading.sentence_of[at]].fenced:
        return False  # "if not done" in code denies nothing
    count = sum(1 for place in _clause_before(reading, at) if _negates(reading, place, at, matched))
    return count % 2 == 1


def _clause_before(reading: Reading, at: int) -> Iterator[int]:
    """Token indices before `at`, nearest first, as far as its clause and the reach go."""
    tokens = reading.tokens
    first = reading.sentences[reading.sentence_of[at]].first
    for place in range(at - 1, max(first, at - REFUSAL_REACH) - 1, -1):
        if tokens[place].word in _CLAUSE_WORDS or _CLAUSE_BREAK.search(tokens[place].after):
            return
        yield place


def _negates(reading: Reading, place: int, at: int, matched: frozenset[int]) -> bool:
    tokens = reading.tokens
    if place in matched or (at - place > REACH and not _refuses(tokens, place)):
        return False
    word = tokens[place].word
    if place and (tokens[place - 1].word, word) in _TWO_WORD_NEGATORS:
        return True
    if word in _REMOVING and at - place <= REMOVAL_REACH:
        return True
    return word in NEGATORS and not _harmless(reading, place, at)


def _refuses(tokens: Sequence[Token], place: int) -> bool:
    """Whether it opens "I wouldn't ..." or "I don't think that ..."."""
    if place < 2 or tokens[place].word not in {"not", "never"}:
        return False
    if tokens[place - 2].word not in {"i", "we"}:
        return False
    following = tokens[place + 1].word if place + 1 < len(tokens) else ""
    return tokens[place - 1].word in {"would", "will"} or following in {"think", "believe", "see"}


def _harmless(reading: Reading, place: int, at: int) -> bool:
    """Negators that do not deny token `at`: "not only", "don't skip", "not until", "or not"."""
    tokens = reading.tokens
    last = reading.sentences[reading.sentence_of[place]].last
    following = [token.word for token in tokens[place + 1 : min(last, place + 11)]]
    before = {token.word for token in tokens[max(0, place - 4) : place]}
    if following[:1] and following[0] in _NO_NEGATION_BEFORE:
        return True
    omissions = [spot for spot in (place + 1, place + 2) if spot < last and spot != at]
    if any(tokens[spot].word in _DENIED_OMISSIONS for spot in omissions):
        return True
    if following[:2] == ["longer", "than"] or (before & _ALTERNATIVES):
        return True
    if tokens[place].word == "without":
        return bool(before & (NEGATORS - {"without"}))
    return bool(_CONDITIONS & set(following))


def hedged(reading: Reading, first: int, last: int) -> bool:
    """Whether a hedge such as "maybe" or "not sure" governs the tokens `first` to `last`."""
    sentence = reading.sentences[reading.sentence_of[first]]
    words = [token.word for token in reading.tokens[sentence.first : sentence.last]]
    earliest = max(0, first - sentence.first - HEDGE_REACH)
    for place in range(earliest, first - sentence.first):
        end = _hedge_at(words, place)
        if end and end <= first - sentence.first and _governs(reading, sentence.first + end, first):
            return True
    tail = words[last - sentence.first :]
    return len(tail) <= 4 and any(_hedge_at(tail, at) == len(tail) for at in range(len(tail)))


def _hedge_at(words: Sequence[str], place: int) -> int:
    if words[place] in _HEDGE_OPENERS:
        for hedge in _HEDGES:
            if tuple(words[place : place + len(hedge)]) == hedge:
                return place + len(hedge)
    return 0


def _governs(reading: Reading, end: int, first: int) -> bool:
    """Whether a hedge that ends before token `end` reaches token `first`.

    A hedge before a number says that it is an estimate, and a comma on the way ends its clause.
    """
    tokens = reading.tokens
    if is_number(tokens[end]) or tokens[end].word in _APPROXIMATIONS:
        return False
    return not any(_CLAUSE_BREAK.search(tokens[at].after) for at in range(end, first))


_OPENERS = word_set(
    """what how who whom which when where why do does did is are was were can could should would
    will shall have has any"""
)
_ASKING = re.compile(
    r"\b(?:how (?:many|much|often|long|big|fast|large|quickly|soon|bad)"
    r"|(?:what|who|which|where|when) (?:is|are|was|kind|sort|do|does|would|should|can|will|happens)"
    r"|(?:do|can|could|should|are|is|does|will) (?:we|you|they|there|it|the)"
    r"|whether|ask|asking|clarify|clarifying|wonder|wondering|find out|know|check|confirm"
    r"|curious|questions?)\b"
)
_ASSUMING = re.compile(
    r"\b(?:assum\w*|suppose|supposing|let say|say|presum\w*|guess|estimate|expect|take it"
    r"|i will take|given|imagine|figure|reckon)\b"
)


def asks(reading: Reading, positions: Sequence[int]) -> bool:
    """Whether every one of the tokens stands in a sentence that is a question."""
    return all(_is_question(reading, index) for index in _sentences_of(reading, positions))


def asks_or_assumes(reading: Reading, positions: Sequence[int]) -> bool:
    """Whether one of the tokens stands in a question, a wish to know, or a stated assumption."""
    return any(_wants_to_know(reading, index) for index in _sentences_of(reading, positions))


_OUTRIGHT = re.compile(r"\b(?:assum\w*|suppos\w*|presum\w*|take it that|ballpark)\b")


def asks_or_assumes_outright(reading: Reading, positions: Sequence[int]) -> bool:
    """Whether they stand in one sentence that ends as a question or says that it assumes."""
    owners = _sentences_of(reading, positions)
    if len(owners) > 1:
        return False
    sentence = reading.sentences[owners.pop()]
    words = (token.word for token in reading.tokens[sentence.first : sentence.last])
    return sentence.question or _OUTRIGHT.search(" ".join(words)) is not None


def _sentences_of(reading: Reading, positions: Sequence[int]) -> set[int]:
    return {reading.sentence_of[at] for at in positions}


def _is_question(reading: Reading, index: int) -> bool:
    sentence = reading.sentences[index]
    opening = [token.word for token in reading.tokens[sentence.first : sentence.last][:3]]
    return sentence.question and not _OPENERS.isdisjoint(opening)


def _wants_to_know(reading: Reading, index: int) -> bool:
    """Bullets take the frame of the line above them: "I'd ask about: ..."."""
    if _asks_itself(reading, index) or _is_framed(reading, index):
        return True
    above = index
    while above >= 0 and reading.sentences[above].bullet:
        above -= 1
    return reading.sentences[index].bullet and above >= 0 and _asks_itself(reading, above)


def _asks_itself(reading: Reading, index: int) -> bool:
    """Whether the sentence is a question, a wish to know or an assumption without its frame."""
    sentence = reading.sentences[index]
    words = [token.word for token in reading.tokens[sentence.first : sentence.last]]
    said = " ".join(words)
    if sentence.question or not _OPENERS.isdisjoint(words[:1]):
        return True
    return bool(_ASKING.search(said) or _ASSUMING.search(said))


def _is_framed(reading: Reading, index: int) -> bool:
    """Whether the sentence goes on with a list headed "Assumptions:", or after semicolons."""
    joined = True
    for at in range(index - 1, -1, -1):
        before = reading.sentences[at]
        if before.first == before.last:
            return False
        last = reading.tokens[before.last - 1]
        if "\n" in last.after:
            return False
        head = reading.tokens[before.first]
        if head.stem == "assumpt" and ":" in head.after:
            return True
        joined = joined and ";" in last.after
        if joined and _asks_itself(reading, at):
            return True
    return False
