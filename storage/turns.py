"""The transcript, put together from what was heard and what was shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from interviewer.ports import InboxItem
from interviewer.state import (
    Move,
    MoveKind,
    Utterance,
    candidate_turn_id,
    interviewer_turn_id,
)
from scoring.transcript import Speaker, Turn

_ENTERING = frozenset({MoveKind.OPEN, MoveKind.ADVANCE})


def transcript_of(
    heard: Iterable[InboxItem], said: Iterable[Utterance], corrected: Mapping[int, str]
) -> tuple[Turn, ...]:
    """Both speakers' turns in order; an answer follows the event that it answers.

    `heard` are the events in which the candidate said something, `corrected` what they put right
    of them, by their numbers. An utterance of which nothing was shown is no turn.
    """
    turns = [(item.seq, 0, item) for item in heard]
    answers = [(utterance.seq, 1, utterance) for utterance in said if spoken_text(utterance)]
    in_order = sorted([*turns, *answers], key=lambda entry: entry[:2])
    return tuple(
        _candidate_turn(index, entry, corrected.get(entry.seq))
        if isinstance(entry, InboxItem)
        else _interviewer_turn(index, entry)
        for index, (_, _, entry) in enumerate(in_order)
    )


def spoken_text(utterance: Utterance) -> str:
    """What the candidate got to see or hear of it; all that was decided while it is still open."""
    return utterance.text[: utterance.shown] if utterance.closed else utterance.text


def _candidate_turn(index: int, item: InboxItem, corrected: str | None) -> Turn:
    return Turn(
        id=candidate_turn_id(item.seq),
        index=index,
        speaker=Speaker.CANDIDATE,
        text=item.event.text if corrected is None else corrected,
        round_index=item.round_index,
        stage=item.stage,
        at=item.event.at,
        source=item.event.source,
        words=item.event.words,
        active_s=item.event.active_s,
        original=None if corrected is None else item.event.text,
    )


def _interviewer_turn(index: int, utterance: Utterance) -> Turn:
    round_index, stage = _place(utterance.move)
    return Turn(
        id=interviewer_turn_id(utterance.seq),
        index=index,
        speaker=Speaker.INTERVIEWER,
        text=spoken_text(utterance),
        round_index=round_index,
        stage=stage,
        at=utterance.opened_at,
        move=utterance.move.kind.value,
        aims_at=utterance.move.concept,
        degraded=utterance.degraded,
    )


def _place(move: Move) -> tuple[int, str]:
    """Where the words belong: those that open a stage belong to the stage they open."""
    if move.kind in _ENTERING:
        return move.to_round, move.to_stage
    return move.round_index, move.stage
