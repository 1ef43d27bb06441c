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

WORDS_OF_A_FACT_QUESTION = 12
"""A longer question, or one that goes on with "and" or "why", asks for more than a fact."""

WORDS_OF_AN_ANSWER = {"fact": 4, "statement": 5, "open": 20}
"""Words from which a whole sentence may be a whole answer, by kind of question."""

ECHO_ECHOED = 0.8
"""Share of heard words, in order, that come from our own mouth in an echo."""

RHETORICAL_ABOVE_WORDS = 40
"""In a turn this long a question that is not put to "you" is more often part of the thought."""

LAST_WORDS = 30
"""Words at the end among which a request for time is looked for."""

_WORD = re.compile(r"[a-z0-9][a-z0-9'.]*[a-z0-9]|[a-z0-9]")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n+")
_CLAUSE_END = re.compile(r"[,;:]")
_UNFINISHED_MARK = re.compile(r"(\.\.\.|…|,|-|–|—|:|;)\s*$")


class Cue(StrEnum):
    """How finished a turn sounds, from its words; each has a wait of its own."""

    RELEASE = "release"
    """Handed over in so many words, a question to the interviewer, or a short yes or no."""
    COMPLETE = "complete"
    """A whole sentence, and long enough for what was asked."""
    PERHAPS = "perhaps"
    """The same where more is as likely: after an open question, or one for a single fact, whose
    reasons may follow; a bare yes or no; "I don't know"."""
    NEUTRAL = "neutral"
    """Nothing speaks for an end and nothing against it."""
    HOLD = "hold"
    """Unfinished: a filler, a conjunction, half a list, an announcement at the end."""
    OCCUPIED = "occupied"
    """The candidate looks for a word, or said that they do something that takes a while."""
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
    if (busy := _needs_time(everything, sentences[-1], question)) is not None:
        return busy
    if everything[-1] in lists.FILLERS or _UNFINISHED_MARK.search(text):
        return Cue.HOLD
    if (short := _of_short_answer(everything, last, question)) is not None:
        return short
    if _hands_over(everything, last, question):
        return Cue.RELEASE
    if lists.FINISHED_ASIDE.search(sentences[-1].lower()):
        return Cue.NEUTRAL
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
    text = " ".join(last)
    if lists.REQUEST.match(text) or lists.ASKS_FOR_MORE.search(text):
        return False
    return bool(last) and last[0] in lists.AUXILIARIES


def has_content(text: str) -> bool:
    """Whether anything is left of the words without sounds of thinking and mere openers."""
    return any(word not in lists.OPENERS for word in words(text))


def _needs_time(everything: Sequence[str], sentence: str, question: str) -> Cue | None:
    """Also where nothing but sounds and openers ("um", "so") has followed the request."""
    rest = list(everything)
    while rest and rest[-1] in lists.OPENERS:
        rest.pop()
    said, clause = " ".join(rest[-LAST_WORDS:]), _bare(_last_clause(sentence))
    own = " ".join(clause)
    if lists.THINKING.search(said):
        return Cue.THINKING
    is_figure = clause[:1] in (["a"], ["one"]) and _asks_how_long(question)
    if lists.THINKING_CLAUSE.search(own) and not is_figure:
        return Cue.THINKING
    is_short = len(clause) <= lists.OCCUPIED_WORDS and lists.OCCUPIED_CLAUSE.match(own)
    return Cue.OCCUPIED if is_short or lists.OCCUPIED.search(said) else None


def _asks_how_long(question: str) -> bool:
    last = " ".join(_last_question(question))
    return bool(lists.ASKS_HOW_LONG.match(last)) and _kind(question) != "open"


def _last_clause(sentence: str) -> list[str]:
    """The words after the last comma that has any words but sounds behind it."""
    clauses = [
        [word for word in words(piece) if word not in lists.FILLERS]
        for piece in _CLAUSE_END.split(sentence)
    ]
    return next((clause for clause in reversed(clauses) if clause), [])


def _of_short_answer(everything: Sequence[str], last: Sequence[str], question: str) -> Cue | None:
    """What a few words tell that are an answer of their own or only the opening of one."""
    asked = " ".join(_last_question(question))
    opens = lists.REQUEST.match(asked) or lists.ASKS_FOR_ANY.match(asked)
    if opens and lists.AGREEING.issuperset(everything):
        return Cue.HOLD
    is_bare = asks_yes_or_no(question) and lists.YES_NO.issuperset(everything)
    if is_bare or lists.NOT_KNOWN.search(" ".join(last)):
        return Cue.PERHAPS
    is_elliptic = asks_yes_or_no(question) and lists.ELLIPSIS.match(" ".join(everything))
    return Cue.NEUTRAL if is_elliptic else None


def _hands_over(everything: Sequence[str], last: Sequence[str], question: str) -> bool:
    if lists.EXPLICIT_END.search(" ".join(last)) or lists.WHOLE_END.match(" ".join(everything)):
        return True
    if lists.SENTENCE_END.match(" ".join(_bare(last))):
        return True
    return (
        asks_yes_or_no(question)
        and len(everything) <= SHORT_ANSWER_WORDS
        and everything[0] in lists.YES_NO
        and (everything[-1] in lists.AUXILIARIES | lists.YES_NO or not _ends_open(everything))
    )


def _is_unfinished(sentences: Sequence[str], everything: Sequence[str], last: list[str]) -> bool:
    bare = _bare(last)
    if _ends_open(everything) and not _ends_whole(sentences[-1], bare):
        return True
    return (
        _is_fragment(sentences)
        or _list_is_half_told(sentences, everything)
        or _waits_for_main_clause(sentences[-1], bare)
        or bool(lists.ANNOUNCEMENT.search(" ".join(last)))
    )


def _ends_open(heard: Sequence[str]) -> bool:
    return heard[-1] in lists.DANGLING or tuple(heard[-2:]) in lists.DANGLING_PAIRS


def _ends_whole(sentence: str, bare: Sequence[str]) -> bool:
    """Whether a last word that announces more elsewhere is a good end here."""
    if tuple(bare[-2:]) in lists.FINISHED_PAIRS:
        return True
    if _is_question(bare) and bare[-1] in lists.PREPOSITIONS:
        return True
    clause = _last_clause(sentence)
    return bool(lists.AS_AS.search(" ".join(clause))) or _closes_relative(clause)


def _closes_relative(clause: Sequence[str]) -> bool:
    """Whether a clause within the sentence ends here: "what we had", "that it depends on"."""
    opened = [at for at, word in enumerate(clause) if word in lists.RELATIVE | lists.CLAUSE_BREAKS]
    if not opened or clause[opened[-1]] not in lists.RELATIVE:
        return False
    before, opener, inner = clause[: opened[-1]], clause[opened[-1]], clause[opened[-1] + 1 :]
    if len(inner) < 2 or inner[0] in lists.AUXILIARIES | lists.LINKING:
        return False
    if opener == "that" and (not before or before[-1] in lists.CONJOINING):
        return False
    has_subject = inner[0] in lists.PRONOUNS | lists.DETERMINERS
    if inner[-1] in lists.PREPOSITIONS:
        return opener != "how" and (has_subject or inner[-2] in lists.LINKING)
    return inner[-1] in lists.LINKING and _ends_in_verb(before, opener, inner, has_subject)


def _ends_in_verb(
    before: Sequence[str], opener: str, inner: Sequence[str], has_subject: bool
) -> bool:
    """Whether a verb such as "is" ends the clause and does not link it to what follows."""
    if opener == "how":
        return not has_subject
    if opener == "what":
        return bool(_bare(before)) and not lists.CLEFT.match(" ".join((opener, *inner)))
    return has_subject and (opener != "where" or inner[-1] in lists.COPULAS)


def _is_fragment(sentences: Sequence[str]) -> bool:
    """Whether the last sentence only names what it will be about: "And second", "The token"."""
    last = words(sentences[-1])
    if any(last[-1] in names for names in lists.ORDINALS):
        return len(last) == 1 or last[-2] in lists.OPENERS
    bare = _bare(last)
    names = 0 < len(bare) <= 3 and bare[0] in lists.DETERMINERS
    if len(sentences) < 2 or not names or lists.FINITE.intersection(bare[2:]):
        return False
    before = words(sentences[-2])
    goes_on = _ends_open(before) or before[-1] in lists.FILLERS
    return len(before) > 3 and not goes_on and not _UNFINISHED_MARK.search(sentences[-2])


def _list_is_half_told(sentences: Sequence[str], everything: Sequence[str]) -> bool:
    """Whether an item of a list has begun that is not the last."""
    text, last = " ".join(everything), words(sentences[-1])
    if lists.ONE_HAND.search(" ".join(last)):
        return True
    if lists.LAST_ITEM.intersection(everything):
        return False
    told = _items_told(everything)
    announced = list(lists.COUNTED.finditer(text))
    if not announced:
        return told == 1 and _bare(last)[:1] in (["first"], ["firstly"])
    since = words(text[announced[-1].end() :])
    begun = " ".join(min(since, last, key=len))
    half = 0 < told < lists.NUMBERS.get(announced[-1][1], 0)
    return len(since) <= 2 or (half and bool(lists.ITEM.match(begun)))


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
    lacks_unit = kind == "fact" and _is_bare_number(everything[-1])
    if len(everything) < WORDS_OF_AN_ANSWER[kind] or lacks_unit:
        return Cue.NEUTRAL
    if kind != "fact" and not _has_clause(last):
        return Cue.NEUTRAL
    return Cue.COMPLETE if kind == "statement" and not _ends_open(everything) else Cue.PERHAPS


def _is_bare_number(word: str) -> bool:
    return word in lists.BARE_NUMBER or word.replace(".", "").isdigit()


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
    """What is asked for: a "fact", an "open" talk, or a "statement" of a sentence or two."""
    last = _last_question(question)
    text = " ".join(last)
    if not last:
        return "statement"
    if lists.OPEN_QUESTION.search(text) or lists.REQUEST.match(text):
        return "open"
    if last[0] in lists.AUXILIARIES or lists.FACT_QUESTION.match(text):
        plain = not {"and", "why", "what"}.intersection(last[1:])
        return "fact" if plain and len(last) <= WORDS_OF_A_FACT_QUESTION else "open"
    is_asked = question.rstrip().endswith("?") or lists.QUESTION_WORD.match(text)
    return "statement" if is_asked else "open"


def _last_question(question: str) -> list[str]:
    sentences = [part for part in _SENTENCE_END.split(question.strip()) if words(part)]
    return _bare(words(sentences[-1])) if sentences else []


def _bare(sentence: Sequence[str]) -> list[str]:
    """A sentence without the openers before it."""
    start = next((at for at, word in enumerate(sentence) if word not in lists.OPENERS), None)
    return list(sentence[start:]) if start is not None else []
