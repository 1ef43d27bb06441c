"""Scorecards shared with study groups; `storage.sheets` has how they are rated.

The card is kept as it was shared, names taken out. The rules are those of `scoring.groups`,
applied in the transaction that stores the outcome. A share of one server is not found from another,
whatever id is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, delete, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from scoring.groups import Action, NotAllowedError, require
from scoring.review import Viewer
from scoring.scorecard import scorecard_to_json
from scoring.sheets import BlindReview, Reviewed, Sheet
from storage.database import Database
from storage.errors import ShareExistsError, ShareNotFoundError
from storage.groups import read_group, unguessable_id
from storage.scorecards import owner_of
from storage.self_ratings import SHEET
from storage.tables import GROUPS, INTERVIEWS, SHARES, SHEETS

STAGES = TypeAdapter(tuple[Reviewed, ...])


@dataclass(frozen=True)
class Share:
    """Whose interview was shared with whom, and where its messages are on the edge."""

    id: str
    interview_id: str
    candidate: str
    group_id: str
    server: str
    anonymous: bool
    channel: str
    at: datetime
    message: str | None = None
    thread: str | None = None


ALL_SHARES = (
    select(SHARES, INTERVIEWS.c.owner.label("candidate"), GROUPS.c.server)
    .join(INTERVIEWS, INTERVIEWS.c.id == SHARES.c.interview_id)
    .join(GROUPS, GROUPS.c.id == SHARES.c.group_id)
    .order_by(SHARES.c.at.desc(), SHARES.c.id)
)
"""Every share with its candidate and its server, newest first."""


async def add_share(
    database: Database,
    server: str,
    group_id: str,
    review: BlindReview,
    *,
    interview_id: str,
    at: datetime,
) -> Share:
    """Share the interview with the group: `review` holds the card and the own sheet as redacted.

    It is given an id of its own. Raises `ShareExistsError` where the group has the interview
    already, `GroupError` where the candidate may not share, `GroupNotFoundError` and
    `InterviewNotFoundError`.
    """

    def add(connection: Connection) -> Share:
        stored = read_group(connection, server, group_id)
        if owner_of(connection, interview_id) != review.candidate:
            raise NotAllowedError("Only the candidate can share a scorecard.")
        require(stored.group.role_of(review.candidate), Action.SHARE)
        _refuse_second(connection, interview_id, group_id)
        row = _share_row(review, interview_id, group_id) | {"channel": stored.channel, "at": at}
        connection.execute(insert(SHARES), row)
        share = read_share(connection, server, row["id"])
        for sheet in review.sheets:
            put_sheet(connection, share, sheet)
        return share

    return await database.run(add)


async def place_share(
    database: Database, share_id: str, *, message: str | None = None, thread: str | None = None
) -> None:
    """Remember where the share was posted; what is not given stays."""
    given = {"message": message, "thread": thread}
    changes = {name: value for name, value in given.items() if value is not None}
    if changes:
        statement = update(SHARES).where(SHARES.c.id == share_id).values(changes)
        await database.run(lambda connection: connection.execute(statement))


async def load_share(database: Database, server: str, share_id: str) -> Share:
    """The share; `ShareNotFoundError` where this server has none of that id."""
    return await database.run(lambda connection: read_share(connection, server, share_id))


async def shares_of_interview(database: Database, interview_id: str) -> tuple[Share, ...]:
    """Where the interview is shared, newest first."""
    statement = ALL_SHARES.where(SHARES.c.interview_id == interview_id)
    rows = await database.run(lambda connection: connection.execute(statement).all())
    return tuple(map(share_of, rows))


async def shares_in(database: Database, server: str, group_id: str) -> tuple[Share, ...]:
    """What is shared with the group, newest first; `GroupNotFoundError`."""

    def read(connection: Connection) -> tuple[Share, ...]:
        read_group(connection, server, group_id)
        statement = ALL_SHARES.where(SHARES.c.group_id == group_id)
        return tuple(map(share_of, connection.execute(statement)))

    return await database.run(read)


async def unplaced_shares(database: Database) -> tuple[Share, ...]:
    """Those whose message or thread is not known, as they were stored right before a stop."""
    statement = ALL_SHARES.where(or_(SHARES.c.message.is_(None), SHARES.c.thread.is_(None)))
    rows = await database.run(lambda connection: connection.execute(statement).all())
    return tuple(map(share_of, rows))


async def remove_share(database: Database, server: str, share_id: str, by: str) -> None:
    """Unshare the card, with everything that was written on it.

    Whose card it is may always do so, others as their role allows (`GroupError`). Raises
    `ShareNotFoundError`. Its messages are for the edge to take down, before.
    """

    def remove(connection: Connection) -> None:
        share = read_share(connection, server, share_id)
        if by != share.candidate:
            require(viewer_of(connection, share, by).role, Action.TAKE_DOWN)
        connection.execute(delete(SHEETS).where(SHEETS.c.share_id == share.id))
        connection.execute(delete(SHARES).where(SHARES.c.id == share.id))

    await database.run(remove)
    await database.scrub()


def read_share(connection: Connection, server: str, share_id: str) -> Share:
    """As `load_share`, within a transaction."""
    statement = ALL_SHARES.where(SHARES.c.id == share_id, GROUPS.c.server == server)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise ShareNotFoundError("there is no such shared scorecard on this server")
    return share_of(row)


def share_of(row: Row[Any]) -> Share:
    """The share of a row of `ALL_SHARES`."""
    values = dict(row._mapping)  # SQLAlchemy's public name
    return Share(**{name: values[name] for name in Share.__dataclass_fields__})


def viewer_of(connection: Connection, share: Share, person: str) -> Viewer:
    """The person with their role in the group of the share, now."""
    group = read_group(connection, share.server, share.group_id).group
    return Viewer(person, group.role_of(person))


def put_sheet(connection: Connection, share: Share, sheet: Sheet) -> None:
    """Store the sheet, in place of what it was before."""
    row = {
        "share_id": share.id,
        "rater": sheet.rater,
        "interview_id": share.interview_id,
        "sheet": SHEET.dump_json(sheet).decode("utf-8"),
        "submitted_at": sheet.submitted_at,
    }
    statement = sqlite_insert(SHEETS).on_conflict_do_update(
        index_elements=["share_id", "rater"],
        set_={name: row[name] for name in ("sheet", "submitted_at")},
    )
    connection.execute(statement, row)


def _refuse_second(connection: Connection, interview_id: str, group_id: str) -> None:
    statement = select(SHARES.c.id).where(
        SHARES.c.interview_id == interview_id, SHARES.c.group_id == group_id
    )
    if connection.execute(statement).first() is not None:
        raise ShareExistsError(
            "this interview is shared with the group already; unshare it to share it anew"
        )


def _share_row(review: BlindReview, interview_id: str, group_id: str) -> dict[str, Any]:
    return {
        "id": unguessable_id(),
        "interview_id": interview_id,
        "group_id": group_id,
        "card": scorecard_to_json(review.card),
        "stages": STAGES.dump_json(review.stages).decode("utf-8"),
        "anonymous": review.anonymous,
    }
