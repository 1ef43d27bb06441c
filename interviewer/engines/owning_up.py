"""How a failing model is owned up to: once to the candidate, and as a mark on each turn.

What a candidate was told is read off the words that they were shown, since an utterance can be cut
short, and a process can end between showing a sentence and marking its turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from interviewer.state import PROBING, Utterance
from scoring.conduct import Fault
from scoring.language_model import Failure
from scoring.transcript import Speaker, Turn
from scoring.utterance import is_question, is_request, sentences_of

FAILURE_WORDS: Mapping[Failure, str] = {
    Failure.RATE_LIMITED: "was asked too often",
    Failure.OVERLOADED: "was overloaded",
    Failure.SERVER_ERROR: "failed",
    Failure.UNREACHABLE: "was not reachable",
    Failure.TIMED_OUT: "did not answer in time",
    Failure.CUT_SHORT: "broke off",
    Failure.REFUSED: "refused",
    Failure.TRUNCATED: "did not finish",
    Failure.MALFORMED: "gave no usable answer",
    Failure.TOO_LONG: "could not take so long a talk",
    Failure.REJECTED: "did not accept the question",
    Failure.DENIED: "denied access",
    Failure.NO_BUDGET: "has no budget left",
    Failure.NO_PRICE: "has no known price",
}

_NOTE = "A note: the language model {why}, so my built-in questions take over for now."
_IN_WORDS = re.compile(r"A note: the language model (?P<why>[^.]+?), so my built-in [^.]+\.\s*")
_ASKED_INSTEAD = "{who} {why}; the built-in interviewer asked instead."
_NOTES_LOST = "{who} {why}; what it made of the answer is lost."
_HELD_BACK = "Words of {who} were held back ({faults}); the built-in interviewer asked instead."
_UNVERIFIED = (
    "{who} noted something about an answer that cannot be verified; it counts for nothing."
)


def note_of(failure: Failure) -> str:
    """What a candidate is told, once in an interview."""
    return _NOTE.format(why=FAILURE_WORDS[failure])


def asked_instead(model: str, failure: Failure) -> str:
    """The mark of a turn whose words are not the model's."""
    return _ASKED_INSTEAD.format(who=model, why=FAILURE_WORDS[failure])


def notes_lost(model: str, failure: Failure) -> str:
    """The mark of a turn after whose question the model failed."""
    return _NOTES_LOST.format(who=model, why=FAILURE_WORDS[failure])


def held_back(model: str, faults: Iterable[Fault]) -> str:
    """The mark of a turn in which something that the model wrote did not pass the check."""
    kinds = ", ".join(dict.fromkeys(fault.value.replace("_", " ") for fault in faults))
    return _HELD_BACK.format(who=model, faults=kinds)


def unverified(model: str) -> str:
    """The mark of a turn about which the model noted what it could not prove."""
    return _UNVERIFIED.format(who=model)


STOPPED = "The program was stopped in a question; the built-in interviewer asked it instead."


def unasked_line(utterance: Utterance) -> str:
    """What is missing of a follow-up that ends before its question; empty where nothing is."""
    move = utterance.move
    if utterance.complete or move.kind not in PROBING or not move.line:
        return ""
    asked = any(is_question(one) or is_request(one) for one in sentences_of(utterance.text))
    return "" if asked or move.line in utterance.text else f" {move.line}"


def was_told(turns: Iterable[Turn]) -> bool:
    """Whether the candidate was shown the note."""
    return any(
        turn.speaker is Speaker.INTERVIEWER and _IN_WORDS.search(turn.text) for turn in turns
    )


def without_note(text: str) -> str:
    """What the interviewer said besides owning up."""
    return _IN_WORDS.sub("", text)


def mark_in(text: str) -> str | None:
    """The mark that belongs to words with the note in them; None where there is no note."""
    found = _IN_WORDS.search(text)
    return found and _ASKED_INSTEAD.format(who="The language model", why=found["why"])
