"""Where interviews take place on an edge that outlives its process, and what it posted there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError

from interviewer.ports import StoredInterview
from storage.database import Database
from storage.errors import InterviewExistsError
from storage.rows import interview_row
from storage.tables import INTERVIEWS, MARKS, PLACES, POSTS


class PlaceKind(StrEnum):
    """A conversation of two, a thread on a server, or nothing but answers to interactions."""

    DM = "dm"
    THREAD = "thread"
    INTERACTION = "interaction"


@dataclass(frozen=True)
class Place:
    """Where an interview takes place.

    Ids are the edge's own. `status` is the message that holds the status card; everything that
    was written up to the message `heard` is in the interview. `rate_first` asks for the
    candidate's own ratings before the card is shown; `closed` says that all was done there, up to
    the card. `voice` is the voice channel of an interview that was begun by voice, `captions` how
    the candidate's words are shown in it.
    """

    interview_id: str
    owner: str
    kind: PlaceKind
    channel: str
    heard: str
    server: str | None = None
    status: str | None = None
    rate_first: bool = False
    closed: bool = False
    voice: str | None = None
    captions: str | None = None


_ALL = select(PLACES, INTERVIEWS.c.owner).join(INTERVIEWS, INTERVIEWS.c.id == PLACES.c.interview_id)


async def open_interview(database: Database, stored: StoredInterview, place: Place) -> None:
    """Store an interview and its place, or neither; `InterviewExistsError` if the id is taken."""
    placed = {name: value for name, value in vars(place).items() if name != "owner"}

    def write(connection: Connection) -> None:
        connection.execute(insert(INTERVIEWS), interview_row(stored))
        connection.execute(insert(PLACES), placed)

    try:
        await database.run(write)
    except IntegrityError as err:
        raise InterviewExistsError(f"interview {stored.id!r} is already stored") from err


async def find_place(database: Database, interview_id: str) -> Place | None:
    """Where the interview takes place, None where it has no place on such an edge."""
    statement = _ALL.where(PLACES.c.interview_id == interview_id)
    row = await database.run(lambda connection: connection.execute(statement).one_or_none())
    return None if row is None else _place(row)


async def open_places(database: Database, *, graded: bool = True) -> tuple[Place, ...]:
    """Every place where something is still to be done, the oldest interview first.

    Without `graded` those are left out whose interview is over, and only its card to be shown.
    """
    statement = _ALL.where(PLACES.c.closed.is_(False)).order_by(
        INTERVIEWS.c.started_at, INTERVIEWS.c.id
    )
    if not graded:
        statement = statement.where(INTERVIEWS.c.finished_at.is_(None))
    rows = await database.run(lambda connection: connection.execute(statement).all())
    return tuple(map(_place, rows))


async def change_place(database: Database, interview_id: str, **changes: Any) -> None:
    """Set columns of the place, as `status`, `heard`, `rate_first` or `closed`."""
    statement = update(PLACES).where(PLACES.c.interview_id == interview_id).values(**changes)
    await database.run(lambda connection: connection.execute(statement))


async def record_post(
    database: Database, interview_id: str, key: str, part: int, message: str
) -> None:
    """Remember which message shows the part; the first one stays."""
    row = {"interview_id": interview_id, "key": key, "part": part, "message": message}
    await database.run(
        lambda connection: connection.execute(sqlite_insert(POSTS).on_conflict_do_nothing(), row)
    )


async def posts_of(database: Database, interview_id: str, key: str) -> Mapping[int, str]:
    """The messages that show the parts posted so far."""
    statement = select(POSTS.c.part, POSTS.c.message).where(
        POSTS.c.interview_id == interview_id, POSTS.c.key == key
    )
    rows = await database.run(lambda connection: connection.execute(statement).all())
    return {row.part: row.message for row in rows}


async def post_of(database: Database, interview_id: str, message: str) -> tuple[str, int] | None:
    """Key and part that the message shows; None if it was not posted for the interview."""
    statement = select(POSTS.c.key, POSTS.c.part).where(
        POSTS.c.interview_id == interview_id, POSTS.c.message == message
    )
    row = await database.run(lambda connection: connection.execute(statement).first())
    return None if row is None else (row.key, row.part)


async def keys_of_posts(database: Database, interview_id: str) -> Mapping[str, str]:
    """The key of what each message shows, of every message posted for the interview."""
    statement = select(POSTS.c.message, POSTS.c.key).where(POSTS.c.interview_id == interview_id)
    rows = await database.run(lambda connection: connection.execute(statement).all())
    return {row.message: row.key for row in rows}


async def all_posts(database: Database, interview_id: str) -> tuple[str, ...]:
    """Every message that was posted for the interview, in the order of their ids."""
    found = await keys_of_posts(database, interview_id)
    return tuple(sorted(found, key=lambda message: (len(message), message)))


async def posted_among(database: Database, messages: Collection[str]) -> frozenset[str]:
    """Those of the messages that were posted for any interview."""
    statement = select(POSTS.c.message).where(POSTS.c.message.in_(messages))
    found = await database.run(lambda connection: connection.execute(statement).scalars().all())
    return frozenset(found)


async def read_mark(database: Database, name: str) -> str | None:
    """What this installation remembers under the name."""
    statement = select(MARKS.c.value).where(MARKS.c.name == name)
    return await database.run(lambda connection: connection.execute(statement).scalar_one_or_none())


async def write_mark(database: Database, name: str, value: str) -> None:
    """Remember the value under the name, in place of an earlier one."""
    row = {"name": name, "value": value}
    statement = sqlite_insert(MARKS).on_conflict_do_update(
        index_elements=["name"], set_={"value": value}
    )
    await database.run(lambda connection: connection.execute(statement, row))


def _place(row: Row[Any]) -> Place:
    values = dict(row._mapping)
    return Place(**{**values, "kind": PlaceKind(values["kind"])})
