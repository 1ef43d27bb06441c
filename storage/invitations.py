"""The ways into a study group. A code is looked up, never read, and counts on its server only."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Select, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from scoring import groups as rules
from scoring.groups import Invitation, Terms
from storage.database import Database
from storage.errors import InvitationNotFoundError, readable_in_group
from storage.groups import StoredGroup, put_group, read_group, unguessable_id
from storage.tables import GROUPS, INVITATIONS

_INVITATION = TypeAdapter(Invitation)


class Invited(NamedTuple):
    """An invitation and the group that it leads into."""

    stored: StoredGroup
    invitation: Invitation


async def add_invitation(
    database: Database, server: str, group_id: str, *, by: str, terms: Terms, now: datetime
) -> Invitation:
    """A new way into the group; `GroupError` where it cannot be made, `GroupNotFoundError`."""

    def add(connection: Connection) -> Invitation:
        group = read_group(connection, server, group_id).group
        made = rules.invite(group, by, terms, code=unguessable_id(), now=now)
        put_invitation(connection, made)
        return made

    return await database.run(add)


async def find_invitation(database: Database, server: str, code: str) -> Invited:
    """The invitation of that code; `InvitationNotFoundError` where this server has none."""
    return await database.run(lambda connection: _invited(connection, server, code))


async def accept_invitation(
    database: Database, server: str, code: str, person: str, now: datetime
) -> StoredGroup:
    """Let the person in and use the invitation up by one.

    An `InvitationError` or `AlreadyAMemberError` says why not; `InvitationNotFoundError`.
    """

    def accept(connection: Connection) -> StoredGroup:
        stored, invitation = _invited(connection, server, code)
        group, used = rules.accept(stored.group, invitation, person, now)
        put_group(connection, group)
        put_invitation(connection, used)
        return read_group(connection, server, group.id)

    return await database.run(accept)


async def revoke_invitation(database: Database, server: str, code: str, by: str) -> None:
    """Take the invitation back; `GroupError` or `InvitationNotFoundError` where not."""

    def revoke(connection: Connection) -> None:
        stored, invitation = _invited(connection, server, code)
        put_invitation(connection, rules.revoke(stored.group, invitation, by))

    await database.run(revoke)


async def invitations_into(
    database: Database, server: str, group_id: str
) -> tuple[Invitation, ...]:
    """Every invitation into the group, also those used up, those that end last first.

    Codes are secrets of those who may invite. `GroupNotFoundError`.
    """

    def read(connection: Connection) -> tuple[Invitation, ...]:
        read_group(connection, server, group_id)
        statement = select(INVITATIONS).where(INVITATIONS.c.group_id == group_id)
        found = read_invitations(connection, statement)
        return tuple(sorted(found, key=lambda one: (one.expires_at, one.code), reverse=True))

    return await database.run(read)


def put_invitation(connection: Connection, invitation: Invitation) -> None:
    """Store the invitation, in place of what it was before."""
    row = {
        "code": invitation.code,
        "group_id": invitation.group,
        "invitation": _INVITATION.dump_json(invitation).decode("utf-8"),
    }
    statement = sqlite_insert(INVITATIONS).on_conflict_do_update(
        index_elements=["code"], set_={"invitation": row["invitation"]}
    )
    connection.execute(statement, row)


def read_invitations(connection: Connection, statement: Select[Any]) -> tuple[Invitation, ...]:
    """The invitations of these rows."""
    return tuple(map(_invitation, connection.execute(statement).all()))


def _invited(connection: Connection, server: str, code: str) -> Invited:
    statement = (
        select(INVITATIONS)
        .join(GROUPS, GROUPS.c.id == INVITATIONS.c.group_id)
        .where(INVITATIONS.c.code == code, GROUPS.c.server == server)
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise InvitationNotFoundError("there is no such invitation on this server")
    return Invited(read_group(connection, server, row.group_id), _invitation(row))


def _invitation(row: Row[Any]) -> Invitation:
    with readable_in_group("invitations", row.group_id):
        return _INVITATION.validate_json(row.invitation)
