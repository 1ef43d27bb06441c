"""What is wrong with something an interviewer says, by code.

The interviewer asks one question of at most 30 words, praises and grades nothing, explains nothing,
takes nothing for said that was not, adds no facts and gives no concept away. `faults_in` looks at
one sentence before it is shown, `whole_utterance_faults` at an utterance when it is over; both are
pure and take well under two milliseconds once a round is prepared (`Conduct.of`).

What the program says by itself in a round, its brief, openings, facts, curveball and hints, is held
against the same rules except where it is what the move consists of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from scenarios.rounds import RoundPlan
from scoring.evidence import EvidenceFinder
from scoring.heard import HeardWords
from scoring.inventions import figures_in, invented_in
from scoring.leaks import LeakIndex
from scoring.lectures import is_statement, lecture_in
from scoring.manners import danger_in, grade_in, markup_in, praise_in, role_break_in
from scoring.prepared import once_for_a_round
from scoring.presuppositions import presupposed_in
from scoring.repetition import Repetitions
from scoring.utterance import (
    MAX_WORDS,
    clauses_asked,
    folded,
    is_further_request,
    is_question,
    is_request,
    sentences_of,
    without_quotes,
)


class Fault(StrEnum):
    """What an interviewer's sentence can do wrong."""

    TOO_LONG = "too_long"
    TWO_QUESTIONS = "two_questions"
    NO_QUESTION = "no_question"
    PRAISE = "praise"
    GRADES = "grades"
    LECTURES = "lectures"
    PRESUPPOSES = "presupposes"
    INVENTS = "invents"
    LEAKS = "leaks"
    REPEATS = "repeats"
    MARKUP = "markup"
    OFF_ROLE = "off_role"


class FoundFault(NamedTuple):
    """A fault and the words or the concept key that it rests on; for the log, the fault alone."""

    fault: Fault
    detail: str


MUST_ASK = frozenset({"probe", "contradiction_probe", "red_flag_probe", "board_probe"})
"""Moves that are nothing without a question."""

ON_REQUEST = frozenset({"repeat", "answer"})
"""Moves with which the candidate gets something once more."""

TELLS = frozenset({"open", "advance", "answer", "assume", "curveball", "hint", "repeat", "close"})
"""Moves that say what the round or the ledger has to say: its words are neither too many nor told
too early."""

PROCEDURE = frozenset({"redirect", "warn", "wait", "last_word"})
"""Moves about the course of the round, worded by the program: they aim at no concept."""


@dataclass(frozen=True)
class Known:
    """Everything that an interviewer may build on when the move `move` is worded.

    `move` is the kind of move as turns have it, `line` the pack's own sentence for it and
    `concept` the key that it aims at. `candidate` holds what the candidate has said in this round,
    `board` the labels of the drawing, `given` the texts of the facts given and the assumptions
    agreed, `asked` what the interviewer has said before. `shown` are the keys of concepts that
    cannot leak any more; `secrets` are strings that must never be said, such as a nonce.

    `prepare` does beforehand what otherwise the first sentence waits for.
    """

    plan: RoundPlan
    move: str
    line: str = ""
    concept: str | None = None
    candidate: tuple[str, ...] = ()
    board: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    shown: frozenset[str] = frozenset()
    secrets: tuple[str, ...] = ()

    @cached_property
    def said(self) -> HeardWords:
        """Words of the candidate, the board, the brief, the facts and the move's own line."""
        return HeardWords(self._said)

    @cached_property
    def room(self) -> HeardWords:
        """The same and what the interviewer has said."""
        return self.said.joined(HeardWords((*self.asked, *self._told)))

    @cached_property
    def figures(self) -> frozenset[float]:
        """The values of all figures in the room."""
        texts = (*self._said, *self.asked, *self._told)
        return frozenset(figures_in(" | ".join(texts)))

    @cached_property
    def quotable(self) -> str:
        """What may be quoted, folded, a space at either end of each text."""
        return " ".join(f" {folded(text)} " for text in (*self._said, *self.asked))

    @cached_property
    def repetitions(self) -> Repetitions:
        """The former questions."""
        return Repetitions(self.asked)

    @cached_property
    def own_sentences(self) -> frozenset[str]:
        """The sentences, in lower case, that the move consists of: the line, what it tells."""
        texts = (self.line, *self._program_texts) if self.move in TELLS else (self.line,)
        return frozenset(one.lower() for text in texts for one in sentences_of(text))

    @property
    def _program_texts(self) -> tuple[str, ...]:
        plan = self.plan
        thrown = plan.curveball
        changed = () if thrown is None else (thrown.text, *thrown.replaces.values())
        facts = (fact.answer for fact in plan.facts)
        return (plan.brief, *(one.opening for one in plan.stages), *facts, *changed, *self.asked)

    def prepare(self) -> None:
        """Take everything apart, a few milliseconds for a long round."""
        Conduct.of(self.plan)
        _ = (self.room, self.figures, self.quotable, self.repetitions, self.own_sentences)

    @property
    def _said(self) -> tuple[str, ...]:
        return (*self.candidate, *self.board, *self.given, self.plan.brief, self.line)

    @property
    def _told(self) -> tuple[str, ...]:
        plan = self.plan
        return (plan.title, *(text for one in plan.stages for text in (one.title, one.opening)))


class Conduct:
    """What is prepared once for a round; never changes afterwards."""

    def __init__(self, plan: RoundPlan, finder: EvidenceFinder) -> None:
        concepts = tuple(plan.concepts())
        self.finder = finder
        self.leaks = LeakIndex(concepts, finder)
        self.ids = frozenset(
            name
            for address, concept in concepts
            for name in (address, concept.id)
            if "-" in name or "/" in name
        )

    @classmethod
    def of(cls, plan: RoundPlan) -> Conduct:
        """The prepared round, built when it is first asked for (a few tenths of a second)."""
        return _prepared(plan)


@once_for_a_round
def _prepared(plan: RoundPlan) -> Conduct:
    return Conduct(plan, EvidenceFinder.of(plan))


def faults_in(before: str, sentence: str, known: Known) -> tuple[FoundFault, ...]:
    """The faults of `sentence`, which follows what was `before` it in the same utterance."""
    return tuple(_faults(sentences_of(before), sentence, known))


def whole_utterance_faults(text: str, known: Known) -> tuple[FoundFault, ...]:
    """Every fault of a whole utterance, with the one that only its end shows."""
    sentences = sentences_of(text)
    found = [
        fault
        for at, sentence in enumerate(sentences)
        for fault in _faults(sentences[:at], sentence, known)
    ]
    return tuple(dict.fromkeys((*found, *missing_question(text, known))))


def missing_question(text: str, known: Known) -> tuple[FoundFault, ...]:
    """The fault of an utterance that had to ask, and did not."""
    if known.move not in MUST_ASK or any(asks(one, known) for one in sentences_of(text)):
        return ()
    return (FoundFault(Fault.NO_QUESTION, text[-_EXCERPT:]),)


def asks(sentence: str, known: Known) -> bool:
    """Whether the sentence asks; the last sentence of the pack's own line always does."""
    own = sentences_of(known.line)[-1:]
    is_line = any(folded(one) in folded(sentence) for one in own)
    return is_line or is_question(sentence) or is_request(sentence)


_EXCERPT = 40


def _faults(before: tuple[str, ...], sentence: str, known: Known) -> Iterator[FoundFault]:
    yield from _shape_faults(before, sentence, known)
    yield from _repetition(before, sentence, known)
    added = _without_own(sentence, known)
    if added.strip():
        yield from _manner_faults(added, known)
        yield from _content_faults(before, added, known)


def _without_own(sentence: str, known: Known) -> str:
    """What the sentence adds to a sentence that the move consists of and that it ends with."""
    whole = sentence.lower()
    for own in known.own_sentences:
        if whole.endswith(own):
            return sentence[: -len(own)]
    return sentence


def _shape_faults(before: tuple[str, ...], sentence: str, known: Known) -> Iterator[FoundFault]:
    free = known.own_sentences if known.move in TELLS else frozenset[str]()
    words = sum(len(one.split()) for one in (*before, sentence) if one.lower() not in free)
    if words > MAX_WORDS:
        yield FoundFault(Fault.TOO_LONG, f"{words} words")
    asked = any(is_question(one) for one in before)
    clauses = max((clauses_asked(one) for one in sentences_of(known.line)), default=1)
    again = asked and (is_question(sentence) or is_further_request(sentence))
    many = is_question(sentence) and clauses_asked(sentence) > clauses
    if again or (many and sentence.lower() not in free):
        yield FoundFault(Fault.TWO_QUESTIONS, sentence)


def _manner_faults(sentence: str, known: Known) -> Iterator[FoundFault]:
    secret = next((one for one in known.secrets if one in sentence), None)
    markup = secret or danger_in(sentence) or markup_in(without_quotes(sentence))
    if markup is not None:
        yield FoundFault(Fault.MARKUP, markup)
    plain = without_quotes(sentence)
    for fault, found in (
        (Fault.PRAISE, praise_in(plain)),
        (Fault.GRADES, grade_in(plain)),
        (Fault.OFF_ROLE, role_break_in(plain) or _id_in(plain, known)),
    ):
        if found is not None:
            yield FoundFault(fault, found)


def _id_in(text: str, known: Known) -> str | None:
    """A name by which packs and prompts address a concept, unless somebody has used it."""
    words = {word.strip(".,;:?!()\"'") for word in text.split()}
    ids = words & Conduct.of(known.plan).ids
    return next((one for one in sorted(ids) if f" {folded(one)} " not in known.quotable), None)


def _repetition(before: tuple[str, ...], sentence: str, known: Known) -> Iterator[FoundFault]:
    again = known.repetitions.of(" ".join((*before, sentence)), sentence)
    if again is not None and known.move not in ON_REQUEST:
        yield FoundFault(Fault.REPEATS, again)


def _content_faults(before: tuple[str, ...], sentence: str, known: Known) -> Iterator[FoundFault]:
    own = known.own_sentences
    lead_ins = sum(1 for one in before if is_statement(one) and one.lower() not in own)
    for fault, found in (
        (Fault.LECTURES, lecture_in(sentence, lead_ins, known.room)),
        (Fault.PRESUPPOSES, presupposed_in(sentence, known.said, known.room, known.quotable)),
        (Fault.INVENTS, _invented(sentence, known)),
        (Fault.LEAKS, _leaked(sentence, known)),
    ):
        if found is not None:
            yield FoundFault(fault, found)


def _invented(sentence: str, known: Known) -> str | None:
    if known.move in TELLS:
        return None
    return invented_in(sentence, known.figures, known.room)


def _leaked(sentence: str, known: Known) -> str | None:
    if known.move in TELLS or known.move in PROCEDURE:
        return None
    return Conduct.of(known.plan).leaks.leaked_by(sentence, known.room, known.shown)
