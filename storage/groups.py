"""Study groups and who is in them.

The rules are those of `scoring.groups`. They are applied to the group as it stands in the same
transaction that stores the outcome, so that of two changes at once the later sees the earlier. A
group of one server is not found from another, whatever id is given.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from scoring import groups as rules
from scoring.groups import Action, Group, Member, Role
from storage.database import Database
from storage.errors import GroupNotFoundError, readable_in_group
from storage.tables import GROUPS, INVITATIONS, MEMBERS, SHARES, SHEETS


@dataclass(frozen=True)
class StoredGroup:
    """A group, the server that it belongs to, and the channel that its cards are posted to."""

    group: Group
    server: str
    channel: str
    created_at: datetime

    @property
    def id(self) -> str:
        """The group's id."""
        return self.group.id


def unguessable_id() -> str:
    """A random id or code of 96 bits, of letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(12)


async def create_group(
    database: Database, server: str, channel: str, *, name: str, owner: str, now: datetime
) -> StoredGroup:
    """A new group with its owner; `BadGroupNameError` for a name that is none."""
    group = rules.found_group(unguessable_id(), name, owner, now)
    stored = StoredGroup(group, server, channel, now)
    row = {
        "id": group.id,
        "name": group.name,
        "server": server,
        "channel": channel,
        "created_at": now,
    }

    def write(connection: Connection) -> None:
        connection.execute(insert(GROUPS), row)
        put_members(connection, group)

    await database.run(write)
    return stored


async def load_group(database: Database, server: str, group_id: str) -> StoredGroup:
    """The group; `GroupNotFoundError` where this server has none of that id."""
    return await database.run(lambda connection: read_group(connection, server, group_id))


async def groups_of(
    database: Database, person: str, server: str | None = None
) -> tuple[StoredGroup, ...]:
    """The groups that the person is in, on all servers or on one, the oldest first."""
    statement = groups_with(person)
    if server is not None:
        statement = statement.where(GROUPS.c.server == server)
    return await database.run(lambda connection: read_groups(connection, statement))


async def role_of(database: Database, server: str, group_id: str, person: str) -> Role | None:
    """The person's role in the group, None for a stranger; `GroupNotFoundError`."""
    return (await load_group(database, server, group_id)).group.role_of(person)


async def change_group(
    database: Database, server: str, group_id: str, rule: Callable[[Group], Group]
) -> StoredGroup:
    """Store the group as a rule of `scoring.groups` leaves it, and return it.

    As in `lambda group: leave(group, person)`. Nothing is stored where the rule raises. A role that
    ends takes no share and no rating along. `GroupNotFoundError`.
    """

    def change(connection: Connection) -> StoredGroup:
        put_group(connection, rule(read_group(connection, server, group_id).group))
        return read_group(connection, server, group_id)

    return await database.run(change)


async def move_group(database: Database, server: str, group_id: str, channel: str, by: str) -> None:
    """Cards shared from now on are posted to that channel.

    Only an owner may choose it (`GroupError`); `GroupNotFoundError`.
    """

    def move(connection: Connection) -> None:
        group = read_group(connection, server, group_id).group
        rules.require(group.role_of(by), Action.MOVE)
        statement = update(GROUPS).where(GROUPS.c.id == group_id)
        connection.execute(statement.values(channel=channel))

    await database.run(move)


async def delete_group(database: Database, server: str, group_id: str, by: str) -> None:
    """Close the group: it goes with its invitations, its shares and all that was written on them.

    Only an owner may (`GroupError`); `GroupNotFoundError`.
    """

    def close(connection: Connection) -> None:
        group = read_group(connection, server, group_id).group
        rules.require(group.role_of(by), Action.CLOSE)
        drop_group(connection, group_id)

    await database.run(close)
    await database.scrub()


def groups_with(person: str) -> Select[Any]:
    """The rows of the groups that the person is in."""
    statement = select(GROUPS).join(MEMBERS, MEMBERS.c.group_id == GROUPS.c.id)
    return statement.where(MEMBERS.c.person == person)


def read_group(connection: Connection, server: str, group_id: str) -> StoredGroup:
    """As `load_group`, within a transaction."""
    statement = select(GROUPS).where(GROUPS.c.id == group_id, GROUPS.c.server == server)
    found = read_groups(connection, statement)
    if not found:
        raise GroupNotFoundError("there is no such group on this server")
    return found[0]


def read_groups(connection: Connection, statement: Select[Any]) -> tuple[StoredGroup, ...]:
    """The groups of these rows with their members, the oldest first."""
    rows = connection.execute(statement.order_by(GROUPS.c.created_at, GROUPS.c.id)).all()
    return tuple(
        StoredGroup(
            Group(row.id, row.name, _members(connection, row.id)),
            row.server,
            row.channel,
            row.created_at,
        )
        for row in rows
    )


def put_group(connection: Connection, group: Group) -> None:
    """Store the name and the members of a group that is stored already."""
    connection.execute(update(GROUPS).where(GROUPS.c.id == group.id).values(name=group.name))
    connection.execute(delete(MEMBERS).where(MEMBERS.c.group_id == group.id))
    put_members(connection, group)


def put_members(connection: Connection, group: Group) -> None:
    """Add the members of a group that has none yet."""
    rows = [
        {
            "group_id": group.id,
            "person": one.person,
            "role": one.role.value,
            "joined_at": one.since,
        }
        for one in group.members
    ]
    connection.execute(insert(MEMBERS), rows)


def drop_group(connection: Connection, group_id: str) -> None:
    """Remove every row of the group, without asking."""
    shared = select(SHARES.c.id).where(SHARES.c.group_id == group_id)
    connection.execute(delete(SHEETS).where(SHEETS.c.share_id.in_(shared)))
    for table in (SHARES, INVITATIONS, MEMBERS):
        connection.execute(delete(table).where(table.c.group_id == group_id))
    connection.execute(delete(GROUPS).where(GROUPS.c.id == group_id))


def _members(connection: Connection, group_id: str) -> tuple[Member, ...]:
    statement = (
        select(MEMBERS)
        .where(MEMBERS.c.group_id == group_id)
        .order_by(MEMBERS.c.joined_at, MEMBERS.c.person)
    )
    return tuple(map(_member, connection.execute(statement)))


def _member(row: Row[Any]) -> Member:
    with readable_in_group("members", row.group_id):
        return Member(row.person, Role(row.role), row.joined_at)
