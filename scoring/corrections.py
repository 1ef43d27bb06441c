"""Mistyped and misheard words of one's own answers, put right and graded again.

Both versions are kept: the corrected turn carries what was typed or heard first (`Turn.original`),
and the first revision of the card stays. `accept_correction` is where a correction comes in after
the interview, `check_hearing` where one of a spoken answer does before it is graded. Either is
refused unless every changed word is a plausible slip of the keyboard (`scoring.slips` has the
rules) or, in what was spoken, may have been misheard (`scoring.mishearing`): it puts words right,
it never rewrites an answer. Nor may what was misheard, put right, by itself make a hit of what was
contradicted or unsure. A later correction of a turn replaces the earlier one and is held against
what was typed or heard first, so that small steps lead nowhere either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from scenarios.rounds import RoundPlan
from scoring.evidence import EvidenceFinder
from scoring.mishearing import find_mishearings
from scoring.record import InterviewRecord
from scoring.scorecard import FinderOf, Scorecard, card_verdicts, grade
from scoring.slips import (
    NO_VOCABULARY,
    Changes,
    Vocabulary,
    WordChange,
    find_changes,
    vocabulary,
)
from scoring.transcript import Source, Speaker, Turn
from scoring.verdicts import ConceptVerdict, Verdict

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


class CorrectionRefusedError(ValueError):
    """The text is no correction of mistyped or misheard words; `reasons` say which and why."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Correction:
    """The corrected text of one turn; `original` is what was typed or heard first."""

    turn_id: str
    original: str
    corrected: str
    at: datetime


def accept_correction(
    record: InterviewRecord,
    turn_id: str,
    corrected: str,
    at: datetime,
    earlier: Sequence[Correction] = (),
) -> Correction:
    """The correction of that turn, checked; raises `CorrectionRefusedError`.

    `record` is the interview as it was graded first, `earlier` what was corrected since. The text
    as it was typed or heard takes all corrections back.
    """
    turn = _own_turn(record.transcript, turn_id)
    standing = {one.turn_id: one.corrected for one in earlier}.get(turn_id, turn.text)
    if corrected == standing:
        raise CorrectionRefusedError("nothing was changed")
    if turn.source is Source.SPOKEN:
        finder = EvidenceFinder.of(record.rounds[turn.round_index].plan)
        check_hearing(turn, corrected, finder)
    else:
        check_correction(turn.text, corrected, vocabulary_of(record))
    return Correction(turn_id, _first(turn), corrected, at)


def check_hearing(turn: Turn, corrected: str, finder: EvidenceFinder) -> tuple[WordChange, ...]:
    """The changed words; raises `CorrectionRefusedError` unless all may have been misheard.

    `finder` is that of the turn's round. What it held for contradicted or was unsure about in the
    turn as it was heard does not become a hit by a word that only the candidate vouches for.
    """
    if turn.source is not Source.SPOKEN:
        raise CorrectionRefusedError("only what was spoken can have been misheard")
    words = _accepted(find_mishearings(_first(turn), corrected, turn.words))
    if corrected != _first(turn) and _lifts(finder, turn, corrected):
        raise CorrectionRefusedError(
            "it would turn an answer that was contradicted or unsure into a hit"
        )
    return words


def _lifts(finder: EvidenceFinder, turn: Turn, corrected: str) -> bool:
    """Whether the correction alone makes a hit of a concept that was in doubt."""
    before, after = (
        {found.key: found.verdict for found in finder.find(text, stage=turn.stage or None)}
        for text in (_first(turn), corrected)
    )
    in_doubt = (Verdict.CONTRADICTED, Verdict.UNSURE)
    return any(
        verdict is Verdict.HIT and before.get(key) in in_doubt for key, verdict in after.items()
    )


def check_correction(
    original: str, corrected: str, known: Vocabulary = NO_VOCABULARY
) -> tuple[WordChange, ...]:
    """The changed words; raises `CorrectionRefusedError` unless all are slips of the keyboard.

    Words of `known` were meant as they were typed.
    """
    return _accepted(find_changes(original, corrected, known))


def vocabulary_of(record: InterviewRecord) -> Vocabulary:
    """The words of the rounds' content and of the interviewer."""
    said = (turn.text for turn in record.transcript if turn.speaker is Speaker.INTERVIEWER)
    return vocabulary(chain(said, *(_texts(held.plan) for held in record.rounds)))


def apply_corrections(
    record: InterviewRecord, corrections: Sequence[Correction]
) -> InterviewRecord:
    """The interview with the corrected texts, each turn keeping what was typed or heard first.

    The last correction of a turn holds. They were checked when they came in and are not checked
    again; raises `CorrectionRefusedError` where one does not belong to this interview.
    """
    latest = {one.turn_id: one for one in corrections}
    for one in latest.values():
        if _first(_own_turn(record.transcript, one.turn_id)) != one.original:
            raise CorrectionRefusedError("this is not the answer that was corrected")
    transcript = tuple(_corrected(turn, latest) for turn in record.transcript)
    return replace(record, transcript=transcript)


def regrade(
    record: InterviewRecord,
    revision: int,
    corrections: Sequence[Correction],
    finder_of: FinderOf = EvidenceFinder.of,
) -> Scorecard:
    """The card of the corrected interview as `revision`, with notices that say so.

    `record` is the interview as it was graded first; `corrections` are all that were accepted,
    oldest first. The notices name every verdict that the corrections changed. Earlier revisions
    are not touched.
    """
    first = grade(record, finder_of)
    card = grade(apply_corrections(record, corrections), finder_of)
    notices = (*card.notices, *_said(first, card), *_moved(first, card))
    return card.model_copy(update={"revision": revision, "notices": notices})


def corrected_words(turn: Turn) -> tuple[WordChange, ...]:
    """What was changed in a corrected turn; nothing in any other."""
    return () if turn.original is None else _changes(turn, turn.original).words


def hearing_notices(transcript: Sequence[Turn]) -> tuple[str, ...]:
    """What a card says of misheard words that were put right before it was graded."""
    count = sum(len(corrected_words(turn)) for turn in transcript)
    if count == 0:
        return ()
    return (
        f"{_counted(count)} put right before grading, because the bot had misheard; "
        "what it heard stands beside it.",
    )


def _said(first: Scorecard, card: Scorecard) -> Iterator[str]:
    """How much was corrected since the first card."""
    before = {turn.id: turn for turn in first.transcript}
    turns = [turn for turn in card.transcript if turn.text != before[turn.id].text]
    if turns:
        count = sum(len(_changes(turn, before[turn.id].text).words) for turn in turns)
        yield (
            f"{_counted(count)} corrected after the interview and graded again; "
            "revision 1 keeps the first version."
        )


def _changes(turn: Turn, before: str) -> Changes:
    if turn.source is Source.SPOKEN:
        return find_mishearings(before, turn.text, turn.words)
    return find_changes(before, turn.text)


def _counted(count: int) -> str:
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number} {'word of your answers was' if count == 1 else 'words of your answers were'}"


def _moved(first: Scorecard, card: Scorecard) -> Iterator[str]:
    """What the corrections changed, so that nobody has to compare the revisions."""
    before: Mapping[tuple[int, str], ConceptVerdict] = {
        (index, verdict.key): verdict for index, verdict in card_verdicts(first)
    }
    for index, verdict in card_verdicts(card):
        old = before[index, verdict.key].verdict
        if old is not verdict.verdict:
            yield (
                f"Changed by the correction: {verdict.statement} "
                f"It was “{_words(old)}”, it is “{_words(verdict.verdict)}”."
            )


def _words(verdict: Verdict) -> str:
    return verdict.value.replace("_", " ")


def _accepted(found: Changes) -> tuple[WordChange, ...]:
    if found.reasons:
        raise CorrectionRefusedError(*found.reasons)
    return found.words


def _first(turn: Turn) -> str:
    """What was typed or heard, whatever was put right since."""
    return turn.text if turn.original is None else turn.original


def _own_turn(transcript: Sequence[Turn], turn_id: str) -> Turn:
    turn = next((one for one in transcript if one.id == turn_id), None)
    if turn is None or turn.speaker is not Speaker.CANDIDATE:
        raise CorrectionRefusedError("only an answer of the candidate can be corrected")
    if turn.source is Source.RECORDED:
        raise CorrectionRefusedError("only typed and spoken answers can be corrected")
    return turn


def _corrected(turn: Turn, latest: Mapping[str, Correction]) -> Turn:
    one = latest.get(turn.id)
    if one is None or one.corrected == turn.text:
        return turn
    return replace(
        turn,
        text=one.corrected,
        original=None if one.corrected == one.original else one.original,
    )


def _texts(plan: RoundPlan) -> Iterator[str]:
    """Everything that the round's content says."""
    yield from (plan.title, plan.brief)
    for stage in plan.stages:
        yield from (stage.title, stage.opening)
        yield from (text for flag in stage.red_flags for text in (flag.statement, *flag.examples))
    yield from (fact.answer for fact in plan.facts)
    yield from (term.term for term in plan.glossary)
    yield from (plan.curveball.text,) if plan.curveball else ()
    for _, concept in plan.concepts():
        yield from (concept.statement, concept.hint)
        yield from (*concept.phrasings, *concept.near_misses, *concept.probes)
        yield from (slot for cue in concept.cues for slot in cue.all)
        yield from (one.example for one in concept.contradictions)
