"""What the words so far tell about whether the candidate has finished; pure.

Transcribers set a full stop after nearly everything that ends in silence, and small models set none
at all, so the rules lean on words and take punctuation only where it tells more than a full stop.
Parts between pauses are told apart by a line break.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import StrEnum

from voice import cue_words as lists

SHORT_ANSWER_WORDS = 4
"""A yes or no with up to three words more is a whole answer to a question that asks for it."""

WORDS_OF_AN_ANSWER = {"fact": 2, "statement": 5, "open": 20}
"""Words from which a whole sentence may be a whole answer, by kind of question."""

ECHO_ECHOED = 0.8
"""Share of heard words, in order, that come from our own mouth in an echo."""

RHETORICAL_ABOVE_WORDS = 40
"""In a turn this long a question that is not put to "you" is more often part of the thought."""

_WORD = re.compile(r"[a-z0-9][a-z0-9'.]*[a-z0-9]|[a-z0-9]")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n+")
_UNFINISHED_MARK = re.compile(r"(\.\.\.|…|,|-|–|—|:|;)\s*$")


class Cue(StrEnum):
    """How finished a turn sounds, from its words; each has a wait of its own."""

    RELEASE = "release"
    """Handed over in so many words, a question to the interviewer, or a short yes or no."""
    COMPLETE = "complete"
    """A whole sentence, and long enough for what was asked."""
    PERHAPS = "perhaps"
    """The same after an open question, whose answers have many sentences."""
    NEUTRAL = "neutral"
    """Nothing speaks for an end and nothing against it."""
    HOLD = "hold"
    """Unfinished: a filler, a conjunction, half a list, an announcement at the end."""
    THINKING = "thinking"
    """The candidate asked for time."""


def words(text: str) -> list[str]:
    """The words in lower case, without punctuation."""
    return _WORD.findall(text.lower().replace("’", "'").replace("-", " "))


def read_cue(text: str, question: str = "") -> Cue:
    """How finished `text` sounds as an answer to `question`."""
    sentences = [part for part in _SENTENCE_END.split(text.strip()) if words(part)]
    if not sentences:
        return Cue.NEUTRAL
    everything, last = words(text), words(sentences[-1])
    if _asks_for_time(everything, last):
        return Cue.THINKING
    if everything[-1] in lists.FILLERS or _UNFINISHED_MARK.search(text):
        return Cue.HOLD
    if _hands_over(everything, last, question):
        return Cue.RELEASE
    if _is_unfinished(sentences, everything, last):
        return Cue.HOLD
    return _of_whole_sentence(everything, last, question)


def is_backchannel(text: str) -> bool:
    """Whether this is what a listener says ("mm-hm", "okay", "go on") who wants no turn."""
    heard = words(text)
    if lists.GO_ON.match(" ".join(heard)):
        return True
    return 0 < len(heard) <= SHORT_ANSWER_WORDS and all(word in lists.BACKCHANNEL for word in heard)


def is_echo(text: str, spoken: str, least: int = 3) -> bool:
    """Whether at least `least` words were heard and nearly all are our own, in their order."""
    heard, ours = words(text), words(spoken)
    if len(heard) < max(least, 1):
        return False
    blocks = SequenceMatcher(None, ours, heard, autojunk=False).get_matching_blocks()
    runs = [block.size for block in blocks if block.size >= min(2, len(heard))]
    return sum(runs) >= ECHO_ECHOED * len(heard)


def asks_yes_or_no(question: str) -> bool:
    """Whether the question, its last sentence, wants a yes or a no or one of two things."""
    last = _last_question(question)
    return bool(last) and last[0] in lists.AUXILIARIES


def has_content(text: str) -> bool:
    """Whether anything is left of the words without sounds of thinking and mere openers."""
    return any(word not in lists.OPENERS for word in words(text))


def _asks_for_time(everything: Sequence[str], last: Sequence[str]) -> bool:
    """Also where nothing but sounds and openers ("um", "so") has followed the request."""
    rest = list(everything)
    while rest and rest[-1] in lists.OPENERS:
        rest.pop()
    own = " ".join(word for word in last if word not in lists.FILLERS)
    return bool(lists.THINKING.search(" ".join(rest)) or lists.A_MOMENT.match(own))


def _hands_over(everything: Sequence[str], last: Sequence[str], question: str) -> bool:
    if lists.EXPLICIT_END.search(" ".join(last)) or lists.WHOLE_END.match(" ".join(everything)):
        return True
    return (
        asks_yes_or_no(question)
        and len(everything) <= SHORT_ANSWER_WORDS
        and everything[0] in lists.YES_NO
        and (everything[-1] in lists.AUXILIARIES | lists.YES_NO or not _dangles(everything))
    )


def _is_unfinished(sentences: Sequence[str], everything: Sequence[str], last: list[str]) -> bool:
    bare = _bare(last)
    if _dangles(everything) and not (_is_question(bare) and everything[-1] in lists.PREPOSITIONS):
        return True
    return (
        _list_is_half_told(sentences, everything)
        or _waits_for_main_clause(sentences[-1], bare)
        or bool(lists.ANNOUNCEMENT.search(" ".join(last)))
    )


def _dangles(heard: Sequence[str]) -> bool:
    return heard[-1] in lists.DANGLING or tuple(heard[-2:]) in lists.DANGLING_PAIRS


def _list_is_half_told(sentences: Sequence[str], everything: Sequence[str]) -> bool:
    text = " ".join(everything)
    if "one hand" in text and "other hand" not in text:
        return True
    if lists.LAST_ITEM.intersection(everything):
        return False
    told = _items_told(everything)
    announced = list(lists.COUNTED.finditer(text))
    if announced:
        since = words(text[announced[-1].end() :])
        return len(since) <= 2 or 0 < told < lists.NUMBERS.get(announced[-1][1], 0)
    return told == 1 and _bare(words(sentences[-1]))[:1] in (["first"], ["firstly"])


def _items_told(everything: Sequence[str]) -> int:
    heard = set(everything)
    return max((n for n, names in enumerate(lists.ORDINALS, 1) if names & heard), default=0)


def _waits_for_main_clause(sentence: str, bare: Sequence[str]) -> bool:
    if not bare or bare[0] not in lists.SUBORDINATE or len(bare) > 9 or "," in sentence:
        return False
    return not any(word == "then" or word in lists.SUBJECTS for word in bare[3:])


def _of_whole_sentence(everything: Sequence[str], last: Sequence[str], question: str) -> Cue:
    bare = _bare(last)
    if _is_question(bare):
        to_you = {"you", "i", "we"}.intersection(bare[:3])
        long = len(everything) > RHETORICAL_ABOVE_WORDS and not to_you
        return Cue.NEUTRAL if long or lists.RHETORICAL.match(" ".join(bare)) else Cue.RELEASE
    if is_backchannel(" ".join(everything)):
        return Cue.NEUTRAL if asks_yes_or_no(question) else Cue.HOLD
    kind = _kind(question)
    if len(everything) < WORDS_OF_AN_ANSWER[kind]:
        return Cue.NEUTRAL
    if kind != "fact" and not _has_clause(last):
        return Cue.NEUTRAL
    return Cue.PERHAPS if kind == "open" else Cue.COMPLETE


def _is_question(bare: Sequence[str]) -> bool:
    text = " ".join(bare)
    if lists.ADDRESSED.match(text) or lists.RHETORICAL.match(text):
        return len(bare) > 2
    return len(bare) > 2 and bare[0] in lists.AUXILIARIES


def _has_clause(sentence: Sequence[str]) -> bool:
    return len(sentence) > 2 and any(
        word in lists.FINITE | lists.PRONOUNS for word in sentence[:-1]
    )


def _kind(question: str) -> str:
    last = _last_question(question)
    text = " ".join(last)
    if lists.OPEN_QUESTION.search(text):
        return "open"
    if last and (last[0] in lists.AUXILIARIES or lists.FACT_QUESTION.match(text)):
        return "fact"
    return "statement"


def _last_question(question: str) -> list[str]:
    sentences = [part for part in _SENTENCE_END.split(question.strip()) if words(part)]
    return _bare(words(sentences[-1])) if sentences else []


def _bare(sentence: Sequence[str]) -> list[str]:
    """A sentence without the openers before it."""
    start = next((at for at, word in enumerate(sentence) if word not in lists.OPENERS), None)
    return list(sentence[start:]) if start is not None else []
