"""Rows to domain values and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from interviewer.ports import InboxItem, InterviewNotFoundError, StoredInterview
from interviewer.state import Event, Finding, InterviewSettings, InterviewState, Move, Utterance
from storage.errors import readable


def interview_row(stored: StoredInterview) -> dict[str, Any]:
    """The row of an interview."""
    return {
        "id": stored.id,
        "owner": stored.settings.owner,
        "settings": stored.settings.model_dump_json(),
        "snapshot": stored.state.model_dump_json(),
        "started_at": stored.started_at,
        "finished_at": stored.finished_at,
    }


def stored_interview(row: Row[Any]) -> StoredInterview:
    """The interview of a row."""
    with readable("interviews", row.id):
        return StoredInterview(
            id=row.id,
            settings=InterviewSettings.model_validate_json(row.settings),
            state=InterviewState.model_validate_json(row.snapshot),
            started_at=row.started_at,
            finished_at=row.finished_at,
        )


def inbox_row(interview_id: str, event: Event, round_index: int, stage: str) -> dict[str, Any]:
    """The row of an event, without the number that the table gives it."""
    return {
        "interview_id": interview_id,
        "kind": event.kind.value,
        "event": event.model_dump_json(),
        "round_index": round_index,
        "stage": stage,
    }


def inbox_item(row: Row[Any]) -> InboxItem:
    """The event of a row."""
    with readable("inbox", row.interview_id):
        return InboxItem(
            seq=row.seq,
            event=Event.model_validate_json(row.event),
            round_index=row.round_index,
            stage=row.stage,
        )


def outbox_row(utterance: Utterance) -> dict[str, Any]:
    """The row of an utterance."""
    return utterance.model_dump(exclude={"move"}) | {"move": utterance.move.model_dump_json()}


def utterance_of(row: Row[Any]) -> Utterance:
    """The utterance of a row."""
    with readable("outbox", row.interview_id):
        return Utterance.model_validate(
            {**row._mapping, "move": Move.model_validate_json(row.move)}  # SQLAlchemy's public name
        )


def finding_row(interview_id: str, seq: int, finding: Finding) -> dict[str, Any]:
    """The row of a finding."""
    return {
        "interview_id": interview_id,
        "seq": seq,
        "key": finding.key,
        "verdict": finding.verdict.value,
        "finding": finding.model_dump_json(),
    }


def not_found(interview_id: str) -> InterviewNotFoundError:
    """The error for an id that no interview has."""
    return InterviewNotFoundError(
        f"no interview {interview_id!r} is stored; "
        "`hotseat scorecards list` shows the ones that are"
    )
