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
    EMPTY = "empty"
    GIBBERISH = "gibberish"
    ECHO = "echo"
    INJECTION = "injection"
    OFF_TOPIC = "off_topic"


SHORT = 14
"""Commands and "I don't know" are taken as such in messages of at most this many words."""

_HINT = re.compile(
    r"\b(give|get|have|need|want|use|take|some|any|a|another|small)\s+(me\s+)?(a\s+|another\s+)?"
    r"(small\s+|little\s+)?hints?\b|^\W*hints?\W*(please)?\W*$",
    re.IGNORECASE,
)
_THINK = re.compile(
    r"\b(let me|need to|want to|give me (a|one|some)|just|i'll)\b[^.?!]{0,25}"
    r"\b(think|moment|minute|second|sec|time)\b|^\W*(hang on|one moment|hold on)\W*$",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"^\W*(ok(ay)?|so|right|and)?\W*"
    r"(let'?s|can we|could we|shall we|i'?d like to|i want to|please)?\W*"
    r"(move on|next( (stage|question|part|one))?|skip( (this|it))?|go on|continue)"
    r"( (to|with) the next (stage|question|part|one))?\W*(please)?\W*$",
    re.IGNORECASE,
)
_DONT_KNOW = re.compile(
    r"\b(i (really )?(don'?t|do not) (really )?know|no (idea|clue)|not (really )?sure|"
    r"i'?m lost|"
    r"i (can'?t|cannot) (say|answer)|haven'?t (a clue|used|done|thought)|pass)\b|^\W*idk\W*$",
    re.IGNORECASE,
)
_QUESTION_START = re.compile(
    r"^\W*((and|so|also|then|ok(ay)?|well|um+|uh+|first|second|next|plus|or)\W+)*"
    r"(what|which|who|whose|when|where|why|how|do|does|did|is|are|was|were|can|could|may|should|"
    r"shall|will|would|has|have|any)\b",
    re.IGNORECASE,
)
_ASKS_INDIRECTLY = re.compile(
    r"^\W*((and|so|also|then|ok(ay)?|well|um+|uh+|first|second|next|plus|or|but|thanks)\W+)*"
    r"(i'?d|i would|i want to|i'?d want to|i need to|i'?d need to|i'?d like to|let me|may i|"
    r"can i|could i|we need to|i'?m wondering|i'?m curious|(the )?first thing i'?d)\b[^.?!]{0,30}"
    r"\b(know|ask (about|for|what|which|how|whether|if|you)|clarify|find out|confirm|pin down)\b",
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


def command_intents(text: str) -> frozenset[Intent]:
    """Hint, think, next and don't-know, in short messages only."""
    if len(text.split()) > SHORT:
        return frozenset()
    patterns = {
        Intent.HINT: _HINT,
        Intent.THINK: _THINK,
        Intent.NEXT: _NEXT,
        Intent.DONT_KNOW: _DONT_KNOW,
    }
    return frozenset(intent for intent, pattern in patterns.items() if pattern.search(text))


def is_question(sentence: str) -> bool:
    """Whether the sentence asks the interviewer something, directly or indirectly."""
    if _ASKS_INDIRECTLY.search(sentence):
        return True
    return sentence.rstrip().endswith("?") and (
        _QUESTION_START.search(sentence) is not None or len(sentence.split()) <= SHORT
    )


def is_procedural(sentence: str) -> bool:
    """Whether the sentence asks how to go on, and not about the business."""
    return _PROCEDURAL.search(sentence) is not None


def is_assumption(sentence: str) -> bool:
    """Whether the sentence settles something by assumption."""
    return _ASSUMES.search(sentence) is not None
