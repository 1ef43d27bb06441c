"""What a candidate's message is meant to do, beyond its content.

Patterns are English, as the packs are. They err towards "it is an answer": a missed command costs
one turn, an invented one throws an answer away.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Intent(StrEnum):
    """Meanings of a message; one message may have several."""

    ASKS = "asks"
    HINT = "hint"
    THINK = "think"
    NEXT = "next"
    DONT_KNOW = "dont_know"
    HOW_TO_GO_ON = "how_to_go_on"
    REPEAT = "repeat"
    EMPTY = "empty"
    GIBBERISH = "gibberish"
    ECHO = "echo"
    INJECTION = "injection"
    OFF_TOPIC = "off_topic"


SHORT = 14
"""Requests are taken as such in messages of at most this many words."""

_LEAD = (
    r"\W*((ok(ay)?|so|and|but|well|um+|uh+|hm+|sorry|right|yeah|yes|please|hey|honestly|actually|"
    r"then|also|first|second|next|plus|or|thanks)\W+)*"
)


def _request(pattern: str) -> re.Pattern[str]:
    """A pattern for a whole sentence, after words that only lead in."""
    return re.compile(f"{_LEAD}(?:{pattern})\\W*(please\\W*)?", re.IGNORECASE)


_HINT = _request(
    r"(((can|could|may) (i|we|you)|i('d| would)?) (please )?"
    r"(get|have|need|want|like|take|use|give me|like to have)|give me|maybe)?"
    r"\W*(a|another|one|some|any)?\W*((more|small|little) )?hints?( (on|for|about) [\w ]{1,30})?"
)
_THINK = _request(
    r"(just )?(let me|i need to|i want to|i have to|i'd like to|give me|i need|(can|could) i have)"
    r"( (just|a|one|some|another|to))* (think|moment|minute|second|sec|time)"
    r"( (to think|think|about|for|a|one|it|that|this|through|over|moment|minute|second|sec))*"
    r"|hang on|one moment|hold on|thinking"
)
_NEXT = _request(
    r"(let'?s|can we|could we|shall we|i'?d like to|i want to)?\W*"
    r"(move on|next( (stage|question|part|one))?|skip( (this|it))?|go on|continue)"
    r"( (to|with) the next (stage|question|part|one))?"
)
_DONT_KNOW = _request(
    r"i (really |honestly )?(don'?t|do not) (really )?know( (that|this|it|the answer))?"
    r"( (about|on) (that|this|it))?|no (idea|clue)|(i'?m |i am )?not (really )?sure( about \w+)?|"
    r"i'?m lost|i (can'?t|cannot) (say|answer)( (that|this))?|idk|pass|"
    r"i haven'?t (a clue|(done|used|thought about)( (that|this|it))?( before| yet)?)"
)
_DONT_KNOW_AND = re.compile(r"\W*(no (idea|clue)|i don'?t know)\b", re.IGNORECASE)
_REPEAT = _request(
    r"(can|could|would) you (please )?(repeat|say|ask|rephrase|clarify|explain)"
    r"( (that|this|it|the question|what you mean|once|more|again|differently))*"
    r"|what did you (just )?(say|ask)"
    r"|what do you mean( (by|with) [\w '\"-]{1,40})?|come again|again|pardon( me)?|"
    r"what was (that|the question)( again)?|"
    r"i (didn'?t|don'?t) (get|understand|follow)( (the question|that|it|what you mean))?"
)
_QUESTION_START = re.compile(
    f"{_LEAD}"
    r"(what|which|who|whose|when|where|why|how|do|does|did|is|are|was|were|can|could|may|should|"
    r"shall|will|would|has|have|any)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r",?\s*(right|ok(ay)?|no|yes|correct|you know|isn'?t it|don'?t we)\?\W*$", re.I)
_ASKS_INDIRECTLY = re.compile(
    f"{_LEAD}"
    r"(i'?d|i would|i want to|i'?d want to|i need to|i'?d need to|i'?d like to|let me|may i|"
    r"can i|could i|we need to|i'?m wondering|i'?m curious|(the )?first thing i'?d)\b[^.?!]{0,30}"
    r"\b(know|ask (about|for|what|which|how|whether|if|you)|clarify|find out|confirm|pin down)\b",
    re.IGNORECASE,
)
_INTERROGATIVE = re.compile(
    r"\b(what|how|which|who|whose|when|where|why|(do|does|is|are|can|should) (we|they|it|there))\b",
    re.IGNORECASE,
)
_ASSUMES = re.compile(
    r"\b(i(('ll| will| would|'d| am going to|'m going to))? ?(just )?(assume|suppose|take it)|"
    r"assuming|my assumption|let'?s (assume|take|say (about|around|we|it|there|\d))|"
    r"we can assume|assumption is)\b",
    re.IGNORECASE,
)


_PROCEDURAL = re.compile(
    r"\b(should i|shall i|do you want me|(would you|you'?d) like me|want me to|what else do you|"
    r"(is|was) (that|this|it) (ok|okay|enough|what you|clear)|is there (something|anything) "
    r"(else|about|you|in particular)|does (that|this) (make sense|answer|help))\b",
    re.IGNORECASE,
)


def requests_in(text: str) -> frozenset[Intent]:
    """What a short message asks of the interviewer: a hint, time, the next stage, a repetition.

    A sentence counts only as a whole, so that "we put hints into the prompt" stays an answer.
    """
    if len(text.split()) > SHORT:
        return frozenset()
    patterns = {
        Intent.HINT: _HINT,
        Intent.THINK: _THINK,
        Intent.NEXT: _NEXT,
        Intent.DONT_KNOW: _DONT_KNOW,
        Intent.REPEAT: _REPEAT,
    }
    sentences = [part for part in re.split(r"(?<=[.?!,;])\s+|\n+", text) if part.strip()]
    found = {
        intent
        for intent, pattern in patterns.items()
        if pattern.fullmatch(text) or any(pattern.fullmatch(part) for part in sentences)
    }
    if len(text.split()) <= SHORT // 2 and _DONT_KNOW_AND.match(text):
        found.add(Intent.DONT_KNOW)
    return frozenset(found)


def is_question(sentence: str, *, indirect: bool) -> bool:
    """Whether the sentence asks the interviewer something.

    `indirect` admits "I would want to know ...", which asks in the opening stage and tells what
    the candidate's system does in later ones. "..., right?" asks for nothing.
    """
    if indirect and _ASKS_INDIRECTLY.match(sentence):
        return True
    if not sentence.rstrip().endswith("?") or _TAG.search(sentence):
        return False
    if _QUESTION_START.match(sentence):
        return True
    return indirect and (len(sentence.split()) <= SHORT or bool(_INTERROGATIVE.search(sentence)))


def is_procedural(sentence: str) -> bool:
    """Whether the sentence asks how to go on, and not about the business."""
    return _PROCEDURAL.search(sentence) is not None


def is_assumption(sentence: str) -> bool:
    """Whether the sentence settles something by assumption."""
    return _ASSUMES.search(sentence) is not None
