"""What a sentence takes for said although the candidate never said it.

Three ways of doing so are looked for: a claim about the candidate ("you mentioned ...", "since you
use ..."), a thing of theirs ("your cache"), and a term of the trade with a definite article ("the
webhook"). A claim may be put in other, plain words; it may not bring in a term.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scoring.heard import HeardWords, telling_words
from scoring.text import Token, word_set
from scoring.trade_words import trade_stems
from scoring.utterance import folded, quoted_in, without_quotes

UNKNOWN_SHARE = 0.5
"""Share of a claim's telling words that must be unheard for the claim to be made up."""

UNKNOWN_SHARE_STATED = 0.6
"""The same for "You rebuild it at night", which sums up in other words more freely."""

_SAID = (
    r"(?:said|say|mentioned|mention|described?|proposed?|told|drew|drawn|suggested?|noted?|"
    r"assumed?|"
    r"explained|claimed?|argued|stated|wrote|written|named|called|brought up|talked about|"
    r"talk about|spoke (?:of|about)|pointed out|covered|introduced|raised|promised|listed|"
    r"referred to|touched on|alluded to)"
)
_DID = (
    r"(?:'re|'ve|'d|\s+are|\s+have|\s+had|\s+would|\s+will|'ll|\s+also|\s+already|\s+then|\s+just)*"
)
_OBJECT = r"(?P<object>[^.?!;:\n]{0,200})"
_CLAIMS = re.compile(
    rf"\byou{_DID}\s+{_SAID}\b(?P<told>[^.?!;:\n]{{0,200}})"
    rf"|\b(?:since|because|given that|now that|after|when|whenever|as|before|while)\s+you{_DID}\s+"
    rf"(?!{_SAID}\b){_OBJECT}"
    rf"|\b(?:why|what made you|how come)\s+(?:did|do|have)?\s*(?:you\s+)?(?:decide|choose|chose|"
    rf"pick|"
    rf"opt|prefer|go|use|put|add|keep|want|rely|settle|select|"
    rf"decided)\b(?P<why>[^.?!;:\n]{{0,200}})",
    re.IGNORECASE,
)
_STATED = re.compile(
    rf"^\W*(?:(?:so|okay|ok|and|now|well|then|right|here|back there|earlier|as i see it|as i"
    rf" understand it)\W+)*you{_DID}\s+(?P<object>[^?!;\n]{{0,200}}[.,:])",
    re.IGNORECASE,
)
_THINGS = re.compile(
    r"\b(?:your|those|these)\s+(?P<thing>[\w'-]+(?:[ -][\w'-]+){0,3})", re.IGNORECASE
)
_DEFINITE = re.compile(r"\bthe\s+(?P<thing>[\w'-]+(?:[ -][\w'-]+){0,2})", re.IGNORECASE)
_NEUTRAL = word_set(
    """said say says mentioned asked ask asking hint told tell answer answered drew drawn box board
    design plan system part example first last moment earlier step way idea word words half second
    start beginning end today ready decide matters reading back question piece thing point place
    whole"""
)
"""Words that make no claim about what somebody's design holds."""

_BREAK = word_set(
    """a an and are as at be before by can could did do does for from had has have how if in into is
    it of on once or over should so than that the then there they to under until was were what when
    where which while who why will with without would you"""
)
_MEANT = re.compile(
    r"\b(?:suppose|imagine|say|assume|let's say|picture|what if|if)\b[^.?!]*$", re.IGNORECASE
)


def presupposed_in(sentence: str, said: HeardWords, room: HeardWords, texts: str) -> str | None:
    """The words that presuppose, or None.

    `said` are the candidate's words with board, brief and facts, `room` those of the interviewer
    as well; `texts` is everything of `said`, folded, in which quotations must stand.
    """
    invented = _invented_quote(sentence, said, texts)
    if invented is not None:
        return invented
    plain = without_quotes(sentence)
    claims = (claim for claim, share in _claims(plain) if _is_made_up(claim, said, share))
    things = _unheard_terms(_THINGS, plain, said)
    return (
        next(claims, None)
        or next(things, None)
        or next(_unheard_terms(_DEFINITE, plain, room), None)
    )


def _invented_quote(sentence: str, said: HeardWords, texts: str) -> str | None:
    claimed = re.search(
        r"\byou\b|\byour\b|^\W*(?:on|back to|staying with|about)\s+[\"“]|^\s*[\"“]",
        sentence,
        re.IGNORECASE,
    )
    for quote in quoted_in(sentence):
        words = telling_words(quote)
        unheard = [token for token in words if token.stem not in said]
        made_up = len(words) > 1 and len(unheard) > UNKNOWN_SHARE * len(words)
        if made_up or (claimed and f" {folded(quote)} " not in texts):
            return quote
    return None


def _claims(text: str) -> Iterator[tuple[str, float]]:
    """What is claimed of the candidate, with the share of new words that makes it a lie."""
    for match in _CLAIMS.finditer(text):
        parts = match.group("told", "object", "why")
        yield next(part for part in parts if part is not None), UNKNOWN_SHARE
    stated = _STATED.match(text)
    if stated is not None and not _MEANT.search(text[: stated.start("object")]):
        yield stated["object"], UNKNOWN_SHARE_STATED


def _is_made_up(claim: str, said: HeardWords, share: float) -> bool:
    words = [token for token in telling_words(claim) if token.word not in _NEUTRAL]
    unheard = [token for token in words if token.stem not in said]
    if any(token.stem in trade_stems() for token in unheard):
        return True
    return bool(unheard) and len(unheard) >= share * len(words)


def _unheard_terms(pattern: re.Pattern[str], text: str, heard: HeardWords) -> Iterator[str]:
    for match in pattern.finditer(text):
        thing = _noun_phrase(match["thing"])
        unheard = [token for token in thing if token.stem not in heard]
        if any(token.stem in trade_stems() for token in unheard):
            yield match[0]


def _noun_phrase(words: str) -> list[Token]:
    phrase: list[str] = []
    for word in words.split():
        if word.casefold() in _BREAK:
            break
        phrase.append(word)
    return telling_words(" ".join(phrase))
