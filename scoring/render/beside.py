"""What stands beside the card's own words: its judge, disputes, overrides, corrected answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scoring.corrections import corrected_words
from scoring.disputes import NO_NOTES, CardNotes, Dispute, Override, ReviewerRole
from scoring.render.judged import judged_lines
from scoring.render.wording import VERDICT_WORDS, turn_numbers
from scoring.scorecard import Scorecard, card_verdicts
from scoring.slips import WordChange
from scoring.transcript import Source, Turn
from scoring.uncertain import LEGEND, marked, uncertain_spans
from scoring.verdicts import ConceptVerdict, Evidence
from whiteboard.board import strip_unseen

CORRECTED_TITLE = "Corrected answers"
_ROLES: Mapping[ReviewerRole, str] = {
    ReviewerRole.OWNER: "the group's owner",
    ReviewerRole.REVIEWER: "a reviewer",
}


@dataclass(frozen=True)
class Labels:
    """For one round: what each turn is called, and the lines beside a verdict, by its key.

    `said` are the turns by their ids.
    """

    turns: Mapping[str, str]
    beside: Mapping[str, tuple[str, ...]]
    said: Mapping[str, Turn]

    def quote(self, evidence: Evidence) -> str:
        """The quoted words, those marked that may have been others."""
        return marked_quote(evidence, self.said)


def labels_of(card: Scorecard, notes: CardNotes | None) -> tuple[Labels, ...]:
    """The labels of every round, in their order."""
    turns, said = turn_labels(card), {turn.id: turn for turn in card.transcript}
    return tuple(Labels(turns, _beside(card, notes, at), said) for at in range(len(card.rounds)))


def marked_quote(evidence: Evidence, said: Mapping[str, Turn]) -> str:
    """The words of the quote, those marked that may have been others."""
    turn = None if evidence.element is not None else said.get(evidence.turn_id)
    return evidence.quote if turn is None else marked(turn, evidence.start, evidence.end)


def legend(card: Scorecard) -> tuple[str, ...]:
    """What the mark means, where there is one on the card."""
    return (LEGEND,) if any(map(uncertain_spans, card.transcript)) else ()


def how_it_came(turn: Turn) -> str:
    """`typed` or `heard`."""
    return "heard" if turn.source is Source.SPOKEN else "typed"


def turn_labels(card: Scorecard) -> dict[str, str]:
    """`4`, or `4, corrected`."""
    corrected = {turn.id for turn in card.transcript if turn.original is not None}
    return {
        id_: f"{number}, corrected" if id_ in corrected else str(number)
        for id_, number in turn_numbers(card).items()
    }


def all_notices(card: Scorecard, notes: CardNotes | None) -> tuple[str, ...]:
    """The card's own notices, and what the notes beside it do and do not change."""
    if notes is None:
        return card.notices
    count = sum(1 for index, one in card_verdicts(card) if _dispute(card, notes, index, one.key))
    if count == 0:
        return card.notices
    disputed = "1 verdict is" if count == 1 else f"{count} verdicts are"
    return (
        *card.notices,
        f"{disputed} disputed. Disputes and overrides stand beside the verdicts: "
        "verdicts, ratings and levels are those of the card.",
    )


def corrected_lines(card: Scorecard) -> Iterator[str]:
    """Each corrected turn with the words as they came first and as they are graded."""
    numbers = turn_numbers(card)
    for turn in card.transcript:
        if turn.original is not None:
            changes = ", ".join(map(change_words, corrected_words(turn)))
            came = f"first {how_it_came(turn)} and now graded"
            yield f"turn {numbers[turn.id]}, {came}: {changes or 'other signs'}"


def change_words(change: WordChange) -> str:
    """What became of the words, in words."""
    before, after = " ".join(change.before), " ".join(change.after)
    if not before:
        return f"“{after}” put in"
    return f"“{before}” became “{after}”" if after else f"“{before}” taken out"


def _beside(card: Scorecard, notes: CardNotes | None, index: int) -> dict[str, tuple[str, ...]]:
    beside = dict(judged_lines(card, index))
    noted = NO_NOTES if notes is None else notes
    for at, verdict in card_verdicts(card):
        if at == index and (dispute := _dispute(card, noted, at, verdict.key)):
            lines = _lines(verdict, dispute, noted)
            beside[verdict.key] = (*beside.get(verdict.key, ()), *lines)
    return beside


def _dispute(card: Scorecard, notes: CardNotes, index: int, key: str) -> Dispute | None:
    return notes.dispute_of(card.revision, index, key)


def _lines(verdict: ConceptVerdict, dispute: Dispute, notes: CardNotes) -> Iterator[str]:
    yield f"disputed: {_plain(dispute.reason)}"
    for override in notes.overrides_of(dispute):
        yield _override(verdict, override)


def _override(verdict: ConceptVerdict, override: Override) -> str:
    how = "upheld" if override.verdict is verdict.verdict else "overridden"
    word = VERDICT_WORDS[override.verdict]
    return f"{how} by {_ROLES[override.by_role]}: {word} – {_plain(override.reason)}"


def _plain(reason: str) -> str:
    """On one line, without characters that could turn the rest of it round."""
    return " ".join(strip_unseen(reason).split())
