"""The finder against people's judgements of which concepts a text holds.

A document is a round whose concepts are told by their statements alone. Its texts are answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from benchmarks.estimates import Counts
from benchmarks.graded_rows import ConceptRow
from scenarios.model import Concept, Level
from scoring.evidence import EvidenceFinder, Finding
from scoring.verdicts import Verdict

PRESENT = 0.65
"""Coverage from which what is unsure counts as present where everything has to be decided.

The middle of the band that the finder calls unsure, fixed before these rows were scored.
"""


class Judged(NamedTuple):
    """One row: what the finder says, what it says if it must decide, and what people say."""

    doc: str
    verdict: Verdict
    called: bool
    present: bool


class DocumentCounts(NamedTuple):
    """A document's decisions if everything is decided, and those that are not unsure."""

    forced: Counts = Counts()
    decided: Counts = Counts()

    def counting(self, row: Judged) -> DocumentCounts:
        """The same and one row more."""
        forced = self.forced.counting(called=row.called, present=row.present)
        if row.verdict is Verdict.UNSURE:
            return DocumentCounts(forced, self.decided)
        decided = self.decided.counting(called=row.called, present=row.present)
        return DocumentCounts(forced, decided)


def statement_only(name: str, statement: str) -> Concept:
    """A concept of which nothing is known but its statement.

    A pack's concept needs cues and phrasings; here the checks of `Concept` are passed over.
    """
    return Concept.model_construct(
        id=name,
        statement=statement,
        weight=1,
        level=Level.JUNIOR,
        cues=(),
        phrasings=(),
        near_misses=(),
        probes=(),
        hint="",
        source="",
    )


def judge(rows: Sequence[ConceptRow]) -> list[Judged]:
    """The finder's states for the rows, each text of a document read once."""
    by_doc: dict[str, list[ConceptRow]] = {}
    for row in rows:
        by_doc.setdefault(row.doc, []).append(row)
    return [one for doc in by_doc.values() for one in _judge_document(doc)]


def _judge_document(rows: Sequence[ConceptRow]) -> list[Judged]:
    told = {_key(row): statement_only(row.concept_id, row.concept) for row in rows}
    finder = EvidenceFinder(told.items())
    found: dict[str, Mapping[str, Finding]] = {}
    for text in dict.fromkeys(row.text for row in rows):
        found[text] = {one.key: one for one in finder.find(text)}
    return [_judged(row, found[row.text].get(_key(row))) for row in rows]


def _key(row: ConceptRow) -> str:
    return f"{row.doc}/{row.concept_id}"


def _judged(row: ConceptRow, finding: Finding | None) -> Judged:
    present = row.present == 1
    if finding is None:
        return Judged(row.doc, Verdict.NOT_DETECTED, called=False, present=present)
    called = finding.verdict is Verdict.HIT or finding.score >= PRESENT
    return Judged(row.doc, finding.verdict, called=called, present=present)


def count(judged: Iterable[Judged]) -> list[DocumentCounts]:
    """The decisions by document."""
    counts: dict[str, DocumentCounts] = {}
    for row in judged:
        counts[row.doc] = counts.get(row.doc, DocumentCounts()).counting(row)
    return list(counts.values())
