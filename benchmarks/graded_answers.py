"""Whole answers scored from a question and its reference alone, against people's grades.

There is no pack for these questions. So the reference's sentences and bullets take the place of
concepts, and the parts that the finder is made of, its gates and its coverage, give the score:
what passes the gates is held against each statement, words of the question left out. Bare lists
and possible denials, of which the finder accepts little, count for nothing here.

Three scores were laid down before any of them was measured on these grades; `CHOSEN` is the one
that speaks for the finder, the others are shown beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from benchmarks.graded_concepts import statement_only
from benchmarks.graded_rows import AnswerRow
from scoring.coverage import CoverageIndex, Reference
from scoring.evidence import EvidenceFinder
from scoring.matches import FEWEST_FOR_HIT
from scoring.screen import Screened, screen
from scoring.text import Reading, chunks, content_stems, is_content, read, windows


class Task(NamedTuple):
    """What the scorer may see of a question."""

    qid: str
    question: str
    reference: str


class Cover(NamedTuple):
    """How much of a reference an answer covers, from 0 to 1.

    `whole` is the share of the reference in the whole answer, `by_statement` the mean over its
    statements of the best share in any window.
    """

    whole: float = 0.0
    by_statement: float = 0.0


BARE_LIST = "not counted: bare list"
DOUBTED = "not counted: possible denial"

CHOSEN = "mean over statements"

SCORES: Mapping[str, Callable[[Cover], float]] = MappingProxyType(
    {
        CHOSEN: lambda cover: cover.by_statement,
        "whole reference": lambda cover: cover.whole,
        "square root of the mean": lambda cover: math.sqrt(cover.by_statement),
    }
)
"""The scores, by name."""

Measure = Callable[[Reading], Cover]


def tasks(rows: Iterable[AnswerRow]) -> list[Task]:
    """The questions of the rows, in order of their first."""
    return list(dict.fromkeys(Task(row.qid, row.question, row.reference) for row in rows))


def statements(task: Task) -> list[str]:
    """The sentences and bullets of the reference that add something to the question.

    Those with fewer new words than a hit needs are joined to what follows, at the end to what
    went before.
    """
    reading = read(task.reference)
    spans = [reading.slice(one.first, one.last) for one in reading.sentences]
    edges: list[tuple[int, int]] = []
    start: int | None = None
    for first, end in spans:
        start = first if start is None else start
        if len(_wanted(task.reference[start:end], task)) >= FEWEST_FOR_HIT:
            edges.append((start, end))
            start = None
    if start is not None:
        before = edges.pop()[0] if edges else start
        edges.append((before, spans[-1][1]))
    told = (task.reference[start:end] for start, end in edges)
    return [one for one in told if _wanted(one, task)]


def _wanted(text: str, task: Task) -> list[str]:
    """Stems of the text that the question does not hold, in order, so that sums never differ."""
    asked = frozenset(content_stems(task.question))
    return [stem for stem in content_stems(text) if stem not in asked]


class AnswerScorer:
    """Scores answers to the questions of one file; words weigh by rarity in all its references."""

    def __init__(self, known: Sequence[Task]) -> None:
        self._tasks = {task.qid: task for task in known}
        self._told = {task.qid: statements(task) for task in known}
        everything = [said for told in self._told.values() for said in told]
        index = CoverageIndex(
            [Reference(number, "coverage", said) for number, said in enumerate(everything)]
        )
        self._measures = {
            qid: _by_words(index, [_wanted(said, self._tasks[qid]) for said in told])
            for qid, told in self._told.items()
            if told
        }
        self._finders = {qid: _finder(qid, told) for qid, told in self._told.items()}

    def cover(self, qid: str, text: str) -> Cover:
        """How much of the reference of question `qid` the text covers; KeyError if unknown."""
        screened = self._screened(qid, text)
        reading = screened.reading
        aside = screened.doubted.union(screened.listed)
        if aside:
            reading = reading.keeping([at for at in range(len(reading.tokens)) if at not in aside])
        if not reading.tokens or qid not in self._measures:
            return Cover()
        return self._measures[qid](reading)

    def flags(self, qid: str, text: str) -> tuple[str, ...]:
        """The gates of the finder that the text, or a part of it, does not pass."""
        return self._finders[qid].flags(text, (self._tasks[qid].question,))

    def doubts(self, qid: str, text: str) -> tuple[str, ...]:
        """What passes the gates and still counts for nothing here."""
        screened = self._screened(qid, text)
        named = ((BARE_LIST, screened.listed), (DOUBTED, screened.doubted))
        return tuple(name for name, tokens in named if tokens)

    def _screened(self, qid: str, text: str) -> Screened:
        return screen(text, (self._tasks[qid].question,), frozenset())


def _finder(qid: str, told: Sequence[str]) -> EvidenceFinder:
    return EvidenceFinder(
        (f"{qid}/{number}", statement_only(str(number), said)) for number, said in enumerate(told)
    )


def _by_words(index: CoverageIndex, wanted: Sequence[Collection[str]]) -> Measure:
    everything = list(dict.fromkeys(chain.from_iterable(wanted)))

    def measure(reading: Reading) -> Cover:
        stems = [token.stem if is_content(token) else "" for token in reading.tokens]
        held = [frozenset(stems[first:last]) for first, last in windows(chunks(reading))]
        best = (max(index.share(one, said) for said in held) for one in wanted)
        return Cover(index.share(everything, frozenset(stems)), sum(best) / len(wanted))

    return measure


def by_question(rows: Iterable[AnswerRow]) -> Iterator[tuple[str, list[AnswerRow]]]:
    """The rows of each question, in order of its first."""
    grouped: dict[str, list[AnswerRow]] = {}
    for row in rows:
        grouped.setdefault(row.qid, []).append(row)
    yield from grouped.items()
