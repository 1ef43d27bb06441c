"""A judge that lies as well as it can: how much that is absent it gets through.

It claims every concept of a round as a hit by the candidate's own sentences, in every sample the
same way. A quote is a sentence, a part of one between commas, or two or three sentences in a row;
the concepts with the fewest quotes that stand choose first, each the one worded most like it in a
sentence that has room. What is left after `scoring.votes.overused` is what a card would show. The
concepts counted are those that the author of a round, or its reader, found absent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from benchmarks.examples import ABSENT, examples, records
from evals.suites.golden import load_golden, record_of
from scenarios.load import Library
from scoring.claims import Claim, ClaimChecker
from scoring.judge_calls import JudgedRound
from scoring.observations import Sighting
from scoring.record import InterviewRecord
from scoring.transcript import Speaker
from scoring.verdicts import Verdict
from scoring.votes import MOST_CONCEPTS, Vote, overused

WEAK = ("weak", "junior")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_PART = re.compile(r"[,;:]\s+")


class Lies(NamedTuple):
    """How many concepts are absent, and how many of them a liar shows."""

    absent: int
    passed: int

    def and_of(self, other: Lies) -> Lies:
        """Both together."""
        return Lies(self.absent + other.absent, self.passed + other.passed)


def of_golden(library: Library) -> Lies:
    """The golden rounds of weak and junior candidates, and what must be no hit in them."""
    found = Lies(0, 0)
    for case in load_golden(library):
        if case.shows in WEAK:
            found = found.and_of(lies(record_of(case, library), case.must_not_hit))
    return found


def of_examples(library: Library) -> Lies:
    """The rounds of `docs/examples`, and what their reader found absent."""
    found = Lies(0, 0)
    for one, record in zip(examples(library), records(library), strict=True):
        absent = [key for key, reading in one.readings.items() if reading.verdict == ABSENT]
        found = found.and_of(lies(record, absent))
    return found


def lies(record: InterviewRecord, absent: Collection[str]) -> Lies:
    """What stands of a liar's hits in a record's only round."""
    held = JudgedRound(record, 0)
    absent = [key for key in absent if key in held.concepts]
    said = [turn.text for turn in held.turns if turn.speaker is Speaker.CANDIDATE]
    quotes = tuple(dict.fromkeys(quote for text in said for quote in _quotes(text)))
    standing = {key: _standing(held.checker, key, quotes) for key in held.concepts}
    votes = {key: Vote(Verdict.HIT, one) for key, one in _assigned(standing).items()}
    shown = votes.keys() - overused(votes)
    return Lies(len(absent), sum(key in shown for key in absent))


def _quotes(text: str) -> Iterator[str]:
    sentences = [one for one in _SENTENCE.split(text) if one.strip()]
    yield from sentences
    for sentence in sentences:
        parts = _PART.split(sentence)
        yield from (part for part in parts if part.strip())
    for size in (2, 3):
        for at in range(len(sentences) - size + 1):
            yield " ".join(sentences[at : at + size])


def _standing(checker: ClaimChecker, key: str, quotes: Sequence[str]) -> list[Sighting]:
    """The quotes that stand for the concept, those worded most like it first."""
    found = (checker.check(key, Claim(Verdict.HIT, quote)) for quote in quotes)
    standing = [one for one in found if isinstance(one, Sighting)]
    return sorted(standing, key=lambda one: (-one.finding.aptness, one.order))


def _assigned(standing: Mapping[str, Sequence[Sighting]]) -> dict[str, Sighting]:
    """A quote for each concept that has one, spread over the sentences as far as that goes."""
    used: Counter[tuple[str, int, int]] = Counter()
    chosen: dict[str, Sighting] = {}
    for key in sorted(standing, key=lambda key: len(standing[key])):
        free = [one for one in standing[key] if used[_place(one)] < MOST_CONCEPTS]
        best = next(iter(free or standing[key]), None)
        if best is not None:
            used[_place(best)] += 1
            chosen[key] = best
    return chosen


def _place(one: Sighting) -> tuple[str, int, int]:
    found = one.evidence()
    return found.turn_id, found.start, found.end
