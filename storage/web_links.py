"""Links into the browser page, and the keys that sign them."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.errors import DatabaseCorruptError
from storage.rows import not_found
from storage.tables import MARKS, WEB_LINKS

REMEMBERED = timedelta(days=30)
"""How long after its end a link is known for one that has expired."""

_KEYS = "web link keys"
_KEY_BYTES = 32
_PUT_KEYS = sqlite_insert(MARKS)
_PUT_KEYS = _PUT_KEYS.on_conflict_do_update(
    index_elements=["name"], set_={"value": _PUT_KEYS.excluded.value}
)


@dataclass(frozen=True)
class StoredLink:
    """A link as it was made; without an interview it opens all of its person's."""

    id: str
    interview_id: str | None
    role: str
    person: str
    name: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


async def add_link(database: Database, link: StoredLink) -> None:
    """Store the link, and forget those that ended long ago.

    Raises `InterviewNotFoundError`.
    """

    def add(connection: Connection) -> None:
        old = WEB_LINKS.c.expires_at < link.made_at - REMEMBERED
        connection.execute(delete(WEB_LINKS).where(old))
        connection.execute(insert(WEB_LINKS), asdict(link))

    try:
        await database.run(add)
    except IntegrityError as err:
        raise not_found(link.interview_id or "") from err


async def find_link(database: Database, link_id: str) -> StoredLink | None:
    """The link, also where it is over; None where there is none of this id."""
    statement = select(WEB_LINKS).where(WEB_LINKS.c.id == link_id)
    row = await database.run(lambda connection: connection.execute(statement).one_or_none())
    return None if row is None else StoredLink(*row)


async def links_of(database: Database, interview_id: str) -> tuple[StoredLink, ...]:
    """Every link into this interview, the latest first, those that are over included."""
    statement = (
        select(WEB_LINKS)
        .where(WEB_LINKS.c.interview_id == interview_id)
        .order_by(WEB_LINKS.c.made_at.desc(), WEB_LINKS.c.id)
    )
    rows = await database.run(lambda connection: connection.execute(statement).all())
    return tuple(StoredLink(*row) for row in rows)


async def revoke_link(database: Database, link_id: str, at: datetime) -> bool:
    """End the link; False for one that is revoked already, which stays as it is."""
    statement = update(WEB_LINKS).where(WEB_LINKS.c.id == link_id, WEB_LINKS.c.revoked_at.is_(None))
    statement = statement.values(revoked_at=at)
    return await database.run(lambda connection: connection.execute(statement).rowcount > 0)


async def extend_link(database: Database, link_id: str, until: datetime) -> None:
    """Put off the end of a link; one that is revoked stays so."""
    statement = update(WEB_LINKS).where(WEB_LINKS.c.id == link_id).values(expires_at=until)
    await database.run(lambda connection: connection.execute(statement))


async def signing_keys(database: Database) -> list[str]:
    """The keys that links are signed with; one is made when first asked for."""

    def read(connection: Connection) -> list[str]:
        return _read_keys(connection) or _put_keys(connection, [_new_key()])

    return await database.run(read)


async def end_all_links(database: Database, at: datetime) -> None:
    """Revoke every link, and sign with a new key alone from now on."""
    statement = update(WEB_LINKS).where(WEB_LINKS.c.revoked_at.is_(None)).values(revoked_at=at)

    def end(connection: Connection) -> None:
        connection.execute(statement)
        _put_keys(connection, [_new_key()])

    await database.run(end)


def _new_key() -> str:
    return secrets.token_hex(_KEY_BYTES)


def _read_keys(connection: Connection) -> list[str]:
    statement = select(MARKS.c.value).where(MARKS.c.name == _KEYS)
    value = connection.execute(statement).scalar_one_or_none()
    try:
        keys = [] if value is None else json.loads(value)
    except ValueError:
        keys = None
    if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
        raise DatabaseCorruptError(
            f"the row {_KEYS!r} of the table 'marks' cannot be read; remove it, and every link to "
            "the browser page has to be made again"
        )
    return keys


def _put_keys(connection: Connection, keys: list[str]) -> list[str]:
    connection.execute(_PUT_KEYS, {"name": _KEYS, "value": json.dumps(keys)})
    return keys
