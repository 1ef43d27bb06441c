"""Checks what an engine writes, sentence by sentence, before any of it is shown.

The text comes in pieces as a model streams it. Each sentence is given out as soon as it is complete
and has passed `scoring.conduct`; the first that has not ends the utterance. What follows the
question is cut: a remark silently, since one question was asked and the floor is the candidate's,
a second question as a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scoring.conduct import Fault, FoundFault, Known, asks, faults_in, missing_question
from scoring.utterance import MAX_WORDS, cut_sentences


@dataclass(frozen=True)
class Passed:
    """A sentence that may be shown, without the space around it."""

    text: str


@dataclass(frozen=True)
class Rejected:
    """Why the utterance must not go on. The details quote what was written: not for logs."""

    faults: tuple[FoundFault, ...]


class SentenceChecker:
    """The check of one utterance; made anew for each, which takes a few milliseconds."""

    def __init__(self, known: Known) -> None:
        known.prepare()
        self._known = known
        self._pending = ""
        self._passed = ""
        self._asked = False
        self._rejected = False

    @property
    def passed(self) -> str:
        """What may be shown so far, sentences joined by a space."""
        return self._passed

    @property
    def has_asked(self) -> bool:
        """Whether what passed holds the question."""
        return self._asked

    def feed(self, piece: str) -> Iterator[Passed | Rejected]:
        """The sentences that `piece` completes; nothing more once one was rejected."""
        if self._rejected:
            return
        cut = cut_sentences(self._pending + piece)
        self._pending = cut.rest
        for sentence in cut.sentences:
            yield from self._check(sentence)
            if self._rejected:
                return
        words = len(self._pending.split())
        if words > MAX_WORDS and not self._asked:
            yield self._reject((FoundFault(Fault.TOO_LONG, f"{words} words"),))

    def finish(self) -> Iterator[Passed | Rejected]:
        """The rest, and the fault of an utterance that asked nothing although it had to."""
        if self._rejected:
            return
        rest, self._pending = self._pending, ""
        if rest.strip():
            yield from self._check(rest)
        if not (self._rejected or self._asked):
            missing = missing_question(self._passed, self._known)
            if missing:
                yield self._reject(missing)

    def _check(self, sentence: str) -> Iterator[Passed | Rejected]:
        text = sentence.strip()
        faults = faults_in(self._passed, text, self._known)
        if self._asked:
            faults = tuple(one for one in faults if one.fault is Fault.TWO_QUESTIONS)
            if faults:
                yield self._reject(faults)
            return
        if faults:
            yield self._reject(faults)
            return
        text = " ".join(text.split())
        self._passed = f"{self._passed} {text}".strip()
        self._asked = asks(text, self._known)
        yield Passed(text)

    def _reject(self, faults: tuple[FoundFault, ...]) -> Rejected:
        self._rejected = True
        return Rejected(faults)
