"""A scorecard to be shared, without the names of employers and clients that its owner gives.

A name is replaced wherever the candidate or the interviewer said it, in quotes, agreed assumptions
and labels of the board. What comes from the pack (briefs, statements, facts) stays. Every quote of
the copy is still an exact slice of its turn. It finds what it was given and nothing else: a product
that gives the client away has to be given as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from scoring.arithmetic import SumReport
from scoring.names import Edit, NameFinder, applied, moved_end, moved_start
from scoring.record import Given, GivenKind
from scoring.scorecard import CurveballCard, RedFlagSeen, RoundCard, Scorecard, StageCard
from scoring.sheets import Mark, Quote, Sheet
from scoring.transcript import Turn, Word
from scoring.verdicts import ConceptVerdict, Evidence

ANONYMOUS = "anonymous"
"""The interview id of an anonymous card."""

HIDDEN = "[redacted]"
"""What was typed before a correction, where a name may stand in it in another spelling."""


class Found(NamedTuple):
    """In how many places of what was said, agreed and drawn a name was replaced."""

    name: str
    places: int


@dataclass(frozen=True)
class Redaction:
    """The redacted card, and the same for what was written about the card before."""

    card: Scorecard
    found: tuple[Found, ...]
    finder: NameFinder
    edits: Mapping[str, tuple[Edit, ...]]

    def sheet(self, sheet: Sheet) -> Sheet:
        """A sheet about the card as it was, with its comments redacted and its quotes moved."""
        return replace(sheet, marks=tuple(self._mark(one) for one in sheet.marks))

    def _mark(self, given: Mark) -> Mark:
        quote = given.quote
        if quote is not None:
            edits = self.edits[quote.turn_id]
            start, end = moved_start(edits, quote.start), moved_end(edits, quote.end)
            quote = Quote(quote.turn_id, start, end)
        return replace(given, comment=self.finder.replace(given.comment), quote=quote)


def redact(card: Scorecard, names: Iterable[str], *, anonymous: bool = False) -> Redaction:
    """A copy of the card without the names; `scoring.names.BadNameError` for what is no name.

    An anonymous copy also loses the interview's id and the hour at which it was held; the
    candidate's own name is one of the `names` to give.
    """
    finder = NameFinder.of(names)
    edits = {turn.id: finder.find(turn.text) for turn in card.transcript}
    cut = _Cut(finder, edits, {turn.id: turn.text for turn in card.transcript})
    copy = card.model_copy(
        update={
            "rounds": tuple(cut.round(held) for held in card.rounds),
            "transcript": tuple(cut.turn(turn) for turn in card.transcript),
            "notices": tuple(map(finder.replace, card.notices)),
        }
    )
    counts = Counter(edit.place for edit in _all_edits(card, finder, edits))
    found = tuple(Found(name, counts[place]) for place, name in enumerate(finder.names))
    return Redaction(_without_identity(copy) if anonymous else copy, found, finder, edits)


def found_words(found: Sequence[Found]) -> str:
    """`Acme: 4 places; Globex: none found`, for the owner of the card alone."""
    return "; ".join(f"{one.name}: {_places(one.places)}" for one in found)


def _places(count: int) -> str:
    return {0: "none found", 1: "1 place"}.get(count, f"{count} places")


def _without_identity(card: Scorecard) -> Scorecard:
    begun = card.started_at
    midnight = begun.replace(hour=0, minute=0, second=0, microsecond=0)
    earlier: timedelta = begun - midnight
    return card.model_copy(
        update={
            "interview_id": ANONYMOUS,
            "started_at": midnight,
            "finished_at": card.finished_at - earlier,
            "transcript": tuple(replace(turn, at=turn.at - earlier) for turn in card.transcript),
        }
    )


def _all_edits(
    card: Scorecard, finder: NameFinder, edits: Mapping[str, tuple[Edit, ...]]
) -> Iterator[Edit]:
    """Every place once: a quote is part of its turn, and a label that is quoted twice is one."""
    for of_turn in edits.values():
        yield from of_turn
    for held in card.rounds:
        agreed = [one for one in held.given if one.kind is GivenKind.ASSUMPTION]
        labels = {one.element: one.quote for one in _evidence(held) if one.element is not None}
        for text in (*(part for one in agreed for part in (one.topic, one.text)), *labels.values()):
            yield from finder.find(text)


def _evidence(held: RoundCard) -> Iterator[Evidence]:
    verdicts = [verdict for stage in held.stages for verdict in stage.verdicts]
    verdicts += held.curveball.verdicts if held.curveball else ()
    return (one for verdict in verdicts for one in verdict.evidence)


@dataclass(frozen=True)
class _Cut:
    """The names, and what they change in each turn: its edits and its text before them."""

    finder: NameFinder
    edits: Mapping[str, tuple[Edit, ...]]
    texts: Mapping[str, str]

    def turn(self, turn: Turn) -> Turn:
        text, original = applied(turn.text, self.edits[turn.id]), self._original(turn)
        words = () if original == HIDDEN else _without_names(turn.words, self.finder)
        return replace(turn, text=text, words=words, original=original)

    def _original(self, turn: Turn) -> str | None:
        """What stood there before a correction; a name that was wrong in it hides all of it."""
        if turn.original is None:
            return None
        edits = self.finder.find(turn.original)
        if [one.place for one in edits] != [one.place for one in self.edits[turn.id]]:
            return HIDDEN
        return applied(turn.original, edits)

    def round(self, held: RoundCard) -> RoundCard:
        return held.model_copy(
            update={
                "stages": tuple(self._stage(stage) for stage in held.stages),
                "curveball": self._curveball(held.curveball),
                "arithmetic": self._sums(held.arithmetic),
                "given": tuple(self._given(one) for one in held.given),
            }
        )

    def _stage(self, stage: StageCard) -> StageCard:
        flags = tuple(self._flag(one) for one in stage.red_flags)
        verdicts = tuple(self._verdict(one) for one in stage.verdicts)
        return stage.model_copy(update={"verdicts": verdicts, "red_flags": flags})

    def _flag(self, flag: RedFlagSeen) -> RedFlagSeen:
        return flag.model_copy(update={"evidence": self._quote(flag.evidence)})

    def _curveball(self, thrown: CurveballCard | None) -> CurveballCard | None:
        if thrown is None:
            return None
        verdicts = tuple(self._verdict(one) for one in thrown.verdicts)
        return thrown.model_copy(update={"verdicts": verdicts})

    def _verdict(self, verdict: ConceptVerdict) -> ConceptVerdict:
        evidence = tuple(self._quote(one) for one in verdict.evidence)
        return replace(verdict, evidence=evidence, note=self.finder.replace(verdict.note))

    def _sums(self, report: SumReport | None) -> SumReport | None:
        if report is None:
            return None
        return SumReport(
            tuple(
                replace(
                    check,
                    claim=self._quote(check.claim),
                    explanation=self.finder.replace(check.explanation),
                )
                for check in report.checks
            )
        )

    def _given(self, given: Given) -> Given:
        if given.kind is GivenKind.FACT:
            return given
        topic, text = self.finder.replace(given.topic), self.finder.replace(given.text)
        return replace(given, topic=topic, text=text)

    def _quote(self, evidence: Evidence) -> Evidence:
        if evidence.element is not None:
            label = self.finder.replace(evidence.quote)
            element = self.finder.replace(evidence.element)
            return replace(evidence, start=0, end=len(label), quote=label, element=element)
        edits = self.edits[evidence.turn_id]
        text = applied(self.texts[evidence.turn_id], edits)
        start, end = moved_start(edits, evidence.start), moved_end(edits, evidence.end)
        return replace(evidence, start=start, end=end, quote=text[start:end])


def _without_names(words: tuple[Word, ...], finder: NameFinder) -> tuple[Word, ...]:
    """The words with their times; those of one name become one word from its start to its end."""
    text = " ".join(word.text for word in words)
    edits = finder.find(text)
    if not edits:
        return words
    return tuple(
        Word(
            finder.replace(" ".join(word.text for word in group)),
            group[0].start_s,
            group[-1].end_s,
            any(word.uncertain for word in group),
        )
        for group in _groups(words, edits)
    )


def _groups(words: Sequence[Word], edits: Sequence[Edit]) -> Iterator[list[Word]]:
    """Words in a row that one name runs through, and every other word alone."""
    group: list[Word] = []
    start = 0
    for word in words:
        if group and not any(edit.start < start < edit.end for edit in edits):
            yield group
            group = []
        group.append(word)
        start += len(word.text) + 1
    if group:
        yield group
