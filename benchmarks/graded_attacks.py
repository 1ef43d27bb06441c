"""Attacks on questions whose answers people have graded.

An attack succeeds where it reaches the median score of the answers that people graded at least
`NEAR_PERFECT`. What is added to a real answer should not move its score.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.attacks import FILLER, INJECTIONS
from benchmarks.estimates import SEED
from benchmarks.graded_answers import AnswerScorer, Task
from benchmarks.graded_rows import AnswerRow
from scoring.text import is_content, tokenise

NEAR_PERFECT = 0.9
"""Grade from which an answer is one that an attack is measured on."""

SHUFFLES = 10
"""Orders that the words of a reference are put in."""

UNMOVED = 0.02
"""Change of a score up to which it has not moved."""

REFERENCE = "the reference itself (no attack)"

Score = Callable[[str, str], float]
"""The score of a text as an answer to the question of that id."""


@dataclass
class Reached:
    """How often an attack was tried, and how often it reached the median."""

    tried: int = 0
    times: int = 0


@dataclass
class Moved:
    """How an addition changed scores, and how often it lifted one to the median."""

    changes: list[float] = field(default_factory=list[float])
    lifted: int = 0


def bars(rows: Sequence[AnswerRow], scores: Sequence[float]) -> dict[str, float]:
    """The median score of the near perfect answers, by question; none where there are none."""
    good: dict[str, list[float]] = {}
    for row, score in zip(rows, scores, strict=True):
        if row.score >= NEAR_PERFECT:
            good.setdefault(row.qid, []).append(score)
    return {qid: median(found) for qid, found in good.items()}


def attacks(task: Task, others: Sequence[Task]) -> Iterator[tuple[str, str]]:
    """What is said to a question in place of an answer; `others` are the other questions."""
    yield REFERENCE, task.reference
    yield "parrot", task.question
    yield "keyword list", _keywords(task.reference)
    everything = sorted([task, *others])
    yield "glossary of all references", _keywords("\n".join(one.reference for one in everything))
    yield from (("another question's reference", one.reference) for one in others)
    yield "denial", _denied(task.reference)
    chance = random.Random(f"{SEED} {task.qid}")
    words = task.reference.split()
    for _ in range(SHUFFLES):
        chance.shuffle(words)
        yield "shuffled words", " ".join(words)
    yield from (("injection alone", one) for one in INJECTIONS)


def _keywords(text: str) -> str:
    words = [token.word for token in tokenise(text) if is_content(token)]
    return ", ".join(dict.fromkeys(words))


def _denied(text: str) -> str:
    """The text with every sentence and line behind its own denial."""
    return re.sub(r"(\A\s*|(?<=[.!?])\s+|[\r\n]\s*)(?=\S)", r"\1It is not true that ", text)


def additions(text: str, number: int) -> Iterator[tuple[str, str]]:
    """A real answer with something added that says nothing more.

    The instructions take turns by the answer's `number`.
    """
    times = max(1, round(3 * len(text) / len(FILLER)))
    yield "filler of three times its length", " ".join([text, *[FILLER] * times])
    yield "said three times", " ".join([text] * 3)
    yield "injection appended", f"{text} {INJECTIONS[number % len(INJECTIONS)]}"


def attack(known: Sequence[Task], bar_of: Mapping[str, float], score: Score) -> dict[str, Reached]:
    """What the attacks reach in the questions that have a bar, by name."""
    found: dict[str, Reached] = {}
    for task in known:
        if task.qid not in bar_of:
            continue
        for name, text in attacks(task, [one for one in known if one != task]):
            got = found.setdefault(name, Reached())
            got.tried += 1
            got.times += score(task.qid, text) >= bar_of[task.qid]
    return found


def move(
    rows: Sequence[AnswerRow],
    scores: Sequence[float],
    bar_of: Mapping[str, float],
    score: Score,
) -> dict[str, Moved]:
    """What additions change in the scores of the answers, by name."""
    found: dict[str, Moved] = {}
    for number, (row, before) in enumerate(zip(rows, scores, strict=True)):
        bar = bar_of.get(row.qid)
        for name, text in additions(row.answer, number):
            after = score(row.qid, text)
            moved = found.setdefault(name, Moved())
            moved.changes.append(after - before)
            moved.lifted += bar is not None and before < bar <= after
    return found


def touched(rows: Sequence[AnswerRow], scorer: AnswerScorer) -> Counter[str]:
    """How many of the answers each gate touches, any gate, and what counts for nothing besides."""
    found = Counter({"any gate": 0})
    for row in rows:
        flags = scorer.flags(row.qid, row.answer)
        found.update((*flags, *scorer.doubts(row.qid, row.answer)))
        found["any gate"] += bool(flags)
    return found
