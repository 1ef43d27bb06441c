"""Interviews as their owner sees them: what is open, what is graded, the cards, and deleting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, func, insert, select

from interviewer.ports import StoredInterview
from interviewer.state import Finding, InterviewSettings
from scoring.record import Ending
from scoring.scorecard import Scorecard, scorecard_from_json, scorecard_to_json
from scoring.verdicts import ConceptVerdict
from storage.checkpoints import delete_thread
from storage.database import Database
from storage.errors import DatabaseCorruptError, ScorecardNotFoundError, readable
from storage.reviews import replace_reviews
from storage.rows import not_found, stored_interview
from storage.tables import (
    FINDINGS,
    INTERVIEWS,
    OF_INTERVIEWS,
    SCORECARDS,
    VERDICTS,
    interview_column,
)


@dataclass(frozen=True)
class ScorecardSummary:
    """A graded interview in a list; `revision` is the latest of its card."""

    interview_id: str
    settings: InterviewSettings
    started_at: datetime
    finished_at: datetime
    ending: Ending
    revision: int


class InterviewDates(NamedTuple):
    """An interview by its id, of which nothing else was read."""

    interview_id: str
    started_at: datetime
    finished_at: datetime | None


async def interview_dates(database: Database, owner: str) -> tuple[InterviewDates, ...]:
    """The owner's interviews, latest first, also those whose rows cannot be read."""
    columns = (INTERVIEWS.c.id, INTERVIEWS.c.started_at, INTERVIEWS.c.finished_at)
    statement = (
        select(*columns)
        .where(INTERVIEWS.c.owner == owner)
        .order_by(INTERVIEWS.c.started_at.desc(), INTERVIEWS.c.id)
    )
    return await database.run(
        lambda connection: tuple(InterviewDates(*row) for row in connection.execute(statement))
    )


async def list_scorecards(database: Database, owner: str) -> tuple[ScorecardSummary, ...]:
    """The owner's graded interviews, latest first."""
    latest = func.max(SCORECARDS.c.revision).label("revision")
    statement = (
        select(INTERVIEWS, latest)
        .join(SCORECARDS, SCORECARDS.c.interview_id == INTERVIEWS.c.id)
        .where(INTERVIEWS.c.owner == owner)
        .group_by(INTERVIEWS.c.id)
        .order_by(INTERVIEWS.c.started_at.desc(), INTERVIEWS.c.id)
    )
    return await database.run(
        lambda connection: tuple(_summary(row) for row in connection.execute(statement))
    )


async def load_scorecard(
    database: Database, interview_id: str, revision: int | None = None
) -> Scorecard:
    """The card in its latest or the given revision; raises `ScorecardNotFoundError`."""
    return await database.run(lambda connection: read_scorecard(connection, interview_id, revision))


def owner_of(connection: Connection, interview_id: str) -> str:
    """Whose interview it is; raises `InterviewNotFoundError`."""
    statement = select(INTERVIEWS.c.owner).where(INTERVIEWS.c.id == interview_id)
    owner = connection.execute(statement).scalar_one_or_none()
    if owner is None:
        raise not_found(interview_id)
    return owner


def read_scorecard(
    connection: Connection, interview_id: str, revision: int | None = None
) -> Scorecard:
    """As `load_scorecard`, within a transaction."""
    statement = (
        select(SCORECARDS.c.card)
        .where(SCORECARDS.c.interview_id == interview_id)
        .order_by(SCORECARDS.c.revision.desc())
        .limit(1)
    )
    if revision is not None:
        statement = statement.where(SCORECARDS.c.revision == revision)
    card = connection.execute(statement).scalar_one_or_none()
    if card is None:
        which = "scorecard" if revision is None else f"scorecard revision {revision}"
        raise ScorecardNotFoundError(
            f"interview {interview_id!r} has no {which}; "
            "`hotseat scorecards list` shows the graded ones"
        )
    with readable("scorecards", interview_id):
        return scorecard_from_json(card)


async def latest_scorecards(database: Database, owner: str) -> tuple[Scorecard, ...]:
    """The last revision of every card of the owner, in the order in which interviews ended.

    Raises `DatabaseCorruptError` where one cannot be read.
    """
    return await database.run(
        lambda connection: tuple(_card(*row) for row in _latest_rows(connection, owner))
    )


async def readable_scorecards(database: Database, owner: str) -> tuple[tuple[Scorecard, ...], int]:
    """As `latest_scorecards`, without those that cannot be read; and how many these are."""

    def read(connection: Connection) -> tuple[tuple[Scorecard, ...], int]:
        found: list[Scorecard] = []
        rows = _latest_rows(connection, owner)
        for row in rows:
            with suppress(DatabaseCorruptError):
                found.append(_card(*row))
        return tuple(found), len(rows) - len(found)

    return await database.run(read)


def _latest_rows(connection: Connection, owner: str) -> Sequence[tuple[str, str]]:
    latest = (
        select(SCORECARDS.c.interview_id, func.max(SCORECARDS.c.revision).label("revision"))
        .group_by(SCORECARDS.c.interview_id)
        .subquery()
    )
    statement = (
        select(SCORECARDS.c.interview_id, SCORECARDS.c.card)
        .join(
            latest,
            (latest.c.interview_id == SCORECARDS.c.interview_id)
            & (latest.c.revision == SCORECARDS.c.revision),
        )
        .join(INTERVIEWS, INTERVIEWS.c.id == SCORECARDS.c.interview_id)
        .where(INTERVIEWS.c.owner == owner)
        .order_by(INTERVIEWS.c.finished_at, INTERVIEWS.c.id)
    )
    return [(row[0], row[1]) for row in connection.execute(statement)]


async def load_findings(database: Database, interview_id: str) -> Mapping[int, tuple[Finding, ...]]:
    """What each candidate turn was found to show, by the number of its event."""
    statement = (
        select(FINDINGS.c.seq, FINDINGS.c.finding)
        .where(FINDINGS.c.interview_id == interview_id)
        .order_by(FINDINGS.c.seq, FINDINGS.c.key, FINDINGS.c.verdict)
    )
    found: defaultdict[int, list[Finding]] = defaultdict(list)
    for row in await database.run(lambda connection: connection.execute(statement).all()):
        with readable("findings", interview_id):
            found[row.seq].append(Finding.model_validate_json(row.finding))
    return {seq: tuple(findings) for seq, findings in found.items()}


async def unfinished_interviews(database: Database) -> tuple[StoredInterview, ...]:
    """Every interview that is not over, oldest first: those to be picked up at the start."""
    statement = (
        select(INTERVIEWS)
        .where(INTERVIEWS.c.finished_at.is_(None))
        .order_by(INTERVIEWS.c.started_at, INTERVIEWS.c.id)
    )
    return await database.run(
        lambda connection: tuple(stored_interview(row) for row in connection.execute(statement))
    )


async def delete_interview(database: Database, interview_id: str) -> None:
    """Remove every row of the interview and its checkpoints, also from the files' free space.

    Raises `InterviewNotFoundError`. The checkpoints go first: without them an interview can still
    be resumed, so a kill in between leaves nothing that a second call would not remove.
    """
    await delete_thread(database.checkpoint_path, interview_id)
    if await database.run(lambda connection: delete_rows(connection, interview_id)) == 0:
        raise not_found(interview_id)
    await database.scrub()


def delete_rows(connection: Connection, interview_id: str) -> int:
    """Remove every row of the interview, and return how many there were."""
    removed = 0
    for table in reversed(OF_INTERVIEWS):
        statement = delete(table).where(interview_column(table) == interview_id)
        removed += connection.execute(statement).rowcount
    return removed


def insert_card(connection: Connection, interview_id: str, card: Scorecard, at: datetime) -> None:
    """Store the card under its own revision, with its verdict rows; older reviews give way."""
    row = {
        "interview_id": interview_id,
        "revision": card.revision,
        "card": scorecard_to_json(card),
        "created_at": at,
    }
    connection.execute(insert(SCORECARDS), row)
    verdicts = [
        {
            "interview_id": interview_id,
            "revision": card.revision,
            "round_index": round_index,
            "key": verdict.key,
            "verdict": verdict.verdict.value,
            "how": verdict.how.value if verdict.how else None,
        }
        for round_index, verdict in _verdicts(card)
    ]
    if verdicts:
        connection.execute(insert(VERDICTS), verdicts)
    replace_reviews(connection, interview_id, card)


def _verdicts(card: Scorecard) -> Iterator[tuple[int, ConceptVerdict]]:
    for index, held in enumerate(card.rounds):
        for stage in held.stages:
            yield from ((index, verdict) for verdict in stage.verdicts)
        if held.curveball is not None:
            yield from ((index, verdict) for verdict in held.curveball.verdicts)


def _card(interview_id: str, card: str) -> Scorecard:
    with readable("scorecards", interview_id):
        return scorecard_from_json(card)


def _summary(row: Row[Any]) -> ScorecardSummary:
    with readable("interviews", row.id):
        return ScorecardSummary(
            interview_id=row.id,
            settings=InterviewSettings.model_validate_json(row.settings),
            started_at=row.started_at,
            finished_at=row.finished_at,
            ending=Ending(row.ending),
            revision=row.revision,
        )
