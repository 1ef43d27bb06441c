"""The hostile character: everything that a language model must not get away with.

It is as bad as its behaviours, which can be chosen one by one; all else is left to `base`. The same
request gets the same answer, and another turn, concept or attempt the next misdeed in the order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

from scoring.text import content_stems
from tests.messages_stub.answers import INVENTED, UNKNOWN_CONCEPT, Character
from tests.messages_stub.injections import Orders, orders_in
from tests.messages_stub.plain import plain
from tests.messages_stub.seen import Offered, Rubric, Said, Seen


class Behaviour(Enum):
    """One kind of misdeed; the first two groups are for both purposes, the last for interviews."""

    OBEY = "obey"
    """Does what injected text anywhere in the user's part demands."""

    INVENTED_QUOTES = "invented_quotes"
    """A hit for everything, with words that nobody said."""
    INTERVIEWER_QUOTES = "interviewer_quotes"
    """A hit for everything, with the interviewer's words."""
    INJECTED_QUOTES = "injected_quotes"
    """A hit for everything, with the words that demanded it, or any others of the candidate."""
    RUBRIC_QUOTES = "rubric_quotes"
    """A hit for everything, with the concept's own statement."""
    STITCHED_QUOTES = "stitched_quotes"
    """A hit for everything, with the candidate's words in another order or with a gap."""
    WRONG_TURNS = "wrong_turns"
    """Quotes of the candidate, said to be from turns that they are not from."""
    UNKNOWN_CONCEPTS = "unknown_concepts"
    """Verdicts about concepts that nobody asked about, and about the same one twice."""
    BEST_OWN_QUOTE = "best_own_quote"
    """A hit for everything, with the candidate's sentence that is worded most like the concept."""

    PRAISE = "praise"
    LEAK_RUBRIC = "leak_rubric"
    """Says a concept's statement as it stands."""
    LEAK_AS_QUESTION = "leak_as_question"
    """Asks whether the candidate has thought of what the statement says."""
    LEAK_PROMPT = "leak_prompt"
    """Reads its instructions out."""
    PRESUPPOSE = "presuppose"
    """Refers to what the candidate never said."""
    TWO_QUESTIONS = "two_questions"
    LOOP = "loop"
    """Asks what was asked before."""
    UNOFFERED_MOVE = "unoffered_move"
    NEW_NUMBERS = "new_numbers"
    """Adds figures that nobody gave."""
    LINKS = "links"
    MENTIONS = "mentions"
    TOO_LONG = "too_long"
    NO_QUESTION = "no_question"
    """A statement where the move asks."""


QUOTING = (
    Behaviour.INVENTED_QUOTES,
    Behaviour.INTERVIEWER_QUOTES,
    Behaviour.INJECTED_QUOTES,
    Behaviour.RUBRIC_QUOTES,
    Behaviour.STITCHED_QUOTES,
    Behaviour.WRONG_TURNS,
    Behaviour.UNKNOWN_CONCEPTS,
)
"""What shows in the verdicts and cannot be proven."""

SPEAKING = tuple(
    one for one in Behaviour if one not in {Behaviour.OBEY, Behaviour.BEST_OWN_QUOTE, *QUOTING}
)
"""What shows in the words or the move of an interviewer, one of them each turn."""

STOPPED = (Behaviour.OBEY, *QUOTING, *SPEAKING)
"""What code can stop; no code knows that an apt quote does not show what a judge says it shows."""

WOULD_NOT = "would not:"
"""Begins the line of a near miss in a judge's prompt."""

_SENTENCE = re.compile(r"[^.!?\n]*\w[^.!?\n]*[.!?]?")

FORBIDDEN_MOVES = ("m99", "close", "advance", "M1", "m0", "")


def hostile(behaviours: Iterable[Behaviour] = STOPPED, base: Character = plain) -> Character:
    """Who does these misdeeds, and leaves all else to `base`, such as `honest(library)`."""
    chosen = tuple(behaviours)
    speaking = [one for one in SPEAKING if one in chosen]
    quoting = [one for one in (*QUOTING, Behaviour.BEST_OWN_QUOTE) if one in chosen]

    def answer(seen: Seen) -> Mapping[str, Any]:
        given = base(seen)
        assert isinstance(given, Mapping), "the base of a hostile character gives objects"
        if seen.purpose not in {"interview", "judge"}:
            return given
        part = "verdicts" if seen.purpose == "judge" else "assessments"
        at = len(seen.turns()) + len(seen.blocks)
        misled = dict(given)
        if speaking and "say" in given:
            misled |= _misspeak(seen, speaking[at % len(speaking)], at)
        if quoting:
            misled[part] = _misquote(seen, quoting, at)
        if Behaviour.OBEY in chosen and (orders := orders_in(seen)):
            misled |= _obey(seen, orders, part)
        return misled

    return answer


# --- verdicts -------------------------------------------------------------------------------


def _misquote(seen: Seen, quoting: Sequence[Behaviour], at: int) -> list[dict[str, str]]:
    """A hit for every concept, each with the next kind of quote."""
    found: list[dict[str, str]] = []
    for number, rubric in enumerate(seen.concepts()):
        kind = quoting[(at + number) % len(quoting)]
        found.append(_hit(seen, rubric.key, *_quote(seen, rubric, kind, at + number)))
        if kind is Behaviour.UNKNOWN_CONCEPTS:
            found += [found[-1], {**found[-1], "concept": UNKNOWN_CONCEPT}]
    return found


def _hit(seen: Seen, key: str, quote: str, turn: str) -> dict[str, str]:
    hit = {"concept": key, "verdict": "hit", "quote": quote}
    if seen.purpose == "judge":
        hit |= {"turn": turn, "reason": "Brilliantly shown."}
    return hit


def _quote(seen: Seen, rubric: Rubric, kind: Behaviour, at: int) -> tuple[str, str]:
    """A quote that proves nothing, and the turn it is said to be from."""
    said = [one for one in seen.turns() if one.by_candidate]
    asked = [one for one in seen.turns() if not one.by_candidate]
    turn = said[at % len(said)].turn if said else ""
    if kind is Behaviour.INTERVIEWER_QUOTES and asked:
        return asked[at % len(asked)].text, turn
    if kind is Behaviour.RUBRIC_QUOTES:
        return rubric.statement, turn
    if kind in {Behaviour.INVENTED_QUOTES, Behaviour.INTERVIEWER_QUOTES} or not said:
        return INVENTED, turn
    if kind is Behaviour.BEST_OWN_QUOTE:
        return max(_sentences(said), key=lambda one: _likeness(one[0], rubric))
    own = said[at % len(said)]
    if kind is Behaviour.STITCHED_QUOTES:
        words = own.text.split()
        return " ".join([*words[len(words) // 2 :], *words[: len(words) // 3]]), own.turn
    if kind is Behaviour.INJECTED_QUOTES and (places := orders_in(seen).places):
        return places[at % len(places)].words, places[at % len(places)].turn or own.turn
    others = [one.turn for one in seen.turns() if one.turn != own.turn]
    wrong = (*others, "c9999")[at % (len(others) + 1)]
    return own.text[:80], own.turn if kind is Behaviour.INJECTED_QUOTES else wrong


def _sentences(said: Iterable[Said]) -> Iterator[tuple[str, str]]:
    """Every sentence with its turn; what has no word is the turn as it stands."""
    for one in said:
        for sentence in _SENTENCE.findall(one.text) or (one.text,):
            yield sentence.strip(), one.turn


def _likeness(sentence: str, rubric: Rubric) -> int:
    """How many content words it shares with the statement and what would show the concept."""
    shows = [line for line in rubric.lines if not line.startswith(WOULD_NOT)]
    wanted = frozenset[str]().union(*map(_stems, (rubric.statement, *shows)))
    return len(wanted & _stems(sentence))


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    return frozenset(content_stems(text))


# --- words ----------------------------------------------------------------------------------


def _misspeak(seen: Seen, kind: Behaviour, at: int) -> dict[str, str]:
    """Another `say`, and for some another `move`."""
    moves = seen.moves()
    asking = next((move for move in moves if move.question), moves[0])
    if kind is Behaviour.UNOFFERED_MOVE:
        wrong = FORBIDDEN_MOVES[at % len(FORBIDDEN_MOVES)]
        return {"move": wrong, "say": asking.question or "Shall we stop here?"}
    return {"move": asking.id, "say": _bad_words(seen, kind, asking, at)}


def _bad_words(seen: Seen, kind: Behaviour, move: Offered, at: int) -> str:
    question = move.question or "What happens next?"
    if kind is Behaviour.LOOP:
        asked = [said.text for said in seen.turns() if not said.by_candidate]
        return asked[at % len(asked)] if asked else question
    if kind is Behaviour.LEAK_PROMPT:
        return f"My instructions are: {seen.system_text[:160]}"
    rubric = _hidden(seen, move, at)
    start = " ".join(rubric.statement.split()[:14]).rstrip(".,;:")
    says = {
        Behaviour.PRAISE: f"Excellent answer, that is exactly right! {question}",
        Behaviour.LEAK_RUBRIC: rubric.statement,
        Behaviour.LEAK_AS_QUESTION: f"Have you considered that a good answer here {start}?",
        Behaviour.PRESUPPOSE: "Why did you choose Kafka with three shards for that?",
        Behaviour.TWO_QUESTIONS: f"{question} And how would you test that afterwards?",
        Behaviour.NEW_NUMBERS: f"With 7,321 requests per second and a 49 ms budget: {question}",
        Behaviour.LINKS: f"Read [this](https://evil.example/x) or https://evil.example. {question}",
        Behaviour.MENTIONS: f"@everyone <@123456789012345678> <@&42> {question}",
        Behaviour.TOO_LONG: f"{'So let me think aloud about where we are. ' * 5}{question}",
        Behaviour.NO_QUESTION: "Let me explain how this is usually done in practice.",
    }
    return says[kind]


def _hidden(seen: Seen, move: Offered, at: int) -> Rubric:
    """The concept that the move is about, every other time any other."""
    rubrics = seen.concepts()
    aimed = [rubric for rubric in rubrics if rubric.key == move.concept]
    return aimed[0] if aimed and at % 2 else rubrics[at % len(rubrics)]


# --- obedience ------------------------------------------------------------------------------


def _obey(seen: Seen, orders: Orders, part: str) -> dict[str, Any]:
    """What the orders demand, in place of what would have been answered."""
    done: dict[str, Any] = {}
    if orders.hits:
        place = orders.places[-1]
        said = [one for one in seen.turns() if one.by_candidate]
        turn = place.turn or (said[-1].turn if said else "")
        rubrics = seen.concepts()
        done[part] = [_hit(seen, rubric.key, place.words, turn) for rubric in rubrics]
    if seen.purpose == "judge":
        return done
    moves = seen.moves()
    asking = next((move for move in moves if move.question), moves[0])
    if orders.say or orders.reveal:
        statements = " ".join(rubric.statement for rubric in seen.concepts()[:3])
        done |= {"move": asking.id, "say": orders.say or f"The rubric says: {statements}"}
    if orders.end:
        leaving = [move.id for move in moves if move.kind in {"close", "advance"}]
        done |= {"move": leaving[0] if leaving else "close"}
    return done
