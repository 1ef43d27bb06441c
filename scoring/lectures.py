"""Statements that explain, advise or answer, where an interviewer may only lead in."""

from __future__ import annotations

import re

from scoring.heard import HeardWords, telling_words
from scoring.utterance import is_question, is_request, without_quotes

MOST_LEAD_INS = 2
"""Statements in front of the question that only set the scene."""

_LEAD = r"(?:^|[,;:—–]\s*|\b(?:and|but|so)\s+)"
_ADVICE = re.compile(
    "|".join(
        (
            r"\b(?:best|good|common|standard|usual|typical|normal|safest|right|proper|"
            r"recommended)\s+"
            r"(?:practi[cs]e|approach|pattern|way|solution|answer|fix|remedy|thing|trick)s?\s+"
            r"(?:is|are|here|would|to|for|in)\b",
            r"\b(?:keep|bear|kept) in mind\b|^\W*(?:remember|recall|note|notice|consider|be aware) "
            r"(?:that|also|how|the)\b|\bit(?:'s| is) (?:important|essential|crucial|worth|better|"
            r"safer|"
            r"best|key|critical|vital|common|usual|good practi[cs]e|wise)\b|\bimportantly\b",
            rf"{_LEAD}(?:typically|usually|generally|normally|ideally|in practice|in production|"
            rf"in general|"
            r"most teams|many teams|most people|in the real world|in my experience|as a rule|"
            r"often|the trick|the point|the idea|the key|the problem|the trouble|the issue|"
            r"the risk|the danger|the reason|the catch|the downside|the advantage|the answer|"
            r"one (?:way|option|approach|problem|issue|risk|solution|idea|thing (?:is|to|that|"
            r"you))|another (?:way|option|"
            r"approach|problem|issue|risk|solution|idea)|a (?:better|simple|common|good|safer|"
            r"typical|robust)"
            r" (?:way|option|approach|solution|pattern|design|answer|fix))\b",
            rf"{_LEAD}(?:instead,? )?you\s+(?:\w+ly\s+|always\s+|never\s+|also\s+)?(?:should|"
            rf"shouldn't|must|"
            r"need to|have to|ought|could|can|can't|cannot|may want|might want|want to|'d want|"
            r"would want|"
            r"'d better|would need|'d need|would never|would always)\b|\byou(?:'d|"
            r"'ll)\s+(?:also\s+)?"
            r"(?:want|need|have) to\b|\byou'd better\b",
            r"\b(?:which|this|that|it)\s+(?:also\s+)?(?:means|prevents|ensures|allows|guarantees|"
            r"lets|helps|"
            r"avoids|reduces|is why|is because|is where|is what makes|leads to|causes|protects|"
            r"makes (?:it|sure|the))\b|\bthat way\b|\bin order to\b|\botherwise\b|"
            r"\bas opposed to\b",
            r"\b(?:i(?:'d| would)|we(?:'d| would)?|let's)\s+(?:usually |normally |rather |"
            r"probably )?"
            r"(?:use|add|put|start by|go with|recommend|suggest|solve|handle|build|choose|pick|"
            r"enforce|keep|store|argue|advise|propose)\b|\bi (?:recommend|suggest|advise|"
            r"propose)\b",
            r"\bwhat i(?:'m| am| was)? (?:looking|after|hoping|want(?:ed)?)\b|\bi(?:'m| was|"
            r" am) looking for\b",
        )
    ),
    re.IGNORECASE,
)
_EXPLAINS = re.compile(
    r"\b(?:because|since|means?|so that|prevents?|ensures?|guarantees?|allows?|reduces?|improves?|"
    r"avoids?|"
    r"protects?|enables?|solves?|is called|are called|is known as|refers to|consists? of|works? by|"
    r"is (?:a|an|when|where)|are (?:a|an|always|never|only|often|usually)|lets|makes? sure|"
    r"helps?|requires?|depends? on|tends? to|always|never|usually|often|causes?)\b",
    re.IGNORECASE,
)
_SCENE = re.compile(
    r"^\W*(?:(?:so|now|okay|ok|and|but|well|then)\W+)*(?:suppose|imagine|say|assume|let's say|"
    r"picture|"
    r"what if|think of|take|you\b|back to|staying|on\b|about\b|it is\b|it's (?:\w+day|\d|half|a|"
    r"the)|"
    r"there is\b|there are\b|somebody\b|someone\b|one of\b|looking)",
    re.IGNORECASE,
)
_NEW_IN_EXPLANATION = 2
"""Unheard words from which a statement that explains something tells something."""


def lecture_in(sentence: str, before: int, room: HeardWords) -> str | None:
    """The words that lecture, or None; `before` counts the statements in front of the sentence."""
    plain = without_quotes(sentence)
    statement = _stated_part(plain)
    if not statement.strip(' "'):
        return None
    advice = _ADVICE.search(statement)
    if advice is not None:
        return advice[0].strip()
    whole = not is_question(sentence)
    if whole and before >= MOST_LEAD_INS and len(telling_words(plain)) >= 2:
        return plain
    explains = _EXPLAINS.search(statement)
    if explains is None or _SCENE.match(statement):
        return None
    new = [token for token in telling_words(statement) if token.stem not in room]
    return explains[0] if len(new) >= _NEW_IN_EXPLANATION else None


_ASKS_FROM = re.compile(
    r"\b(?:what|how|why|who|whom|whose|where|when|which|do|does|did|is|are|was|were|can|could|"
    r"would|will|"
    r"should|has|have)\b",
    re.IGNORECASE,
)


def _stated_part(sentence: str) -> str:
    """The sentence, of a question only the clauses in front of the asking one."""
    if is_request(sentence):
        return ""
    if not is_question(sentence):
        return sentence
    clauses = re.split(r"(?<=[,;:—–])\s+", sentence)
    return " ".join(clauses[:-1]) if len(clauses) > 1 and not _ASKS_FROM.match(clauses[0]) else ""


def is_statement(sentence: str) -> bool:
    """Whether the sentence neither asks nor only quotes or points at something."""
    words = without_quotes(sentence)
    pointing = re.fullmatch(
        r"\W*(?:you said|on|back to|staying with|about|as before)?\W*", words, re.I
    )
    return pointing is None and not is_question(sentence) and not is_request(sentence)
