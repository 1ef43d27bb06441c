"""A person as a whole: how long their interviews are kept, the export and the end of everything."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from scoring.groups import Group, Invitation, Role
from storage.checkpoints import delete_thread
from storage.database import Database
from storage.groups import drop_group, groups_with, put_group, read_groups
from storage.invitations import put_invitation, read_invitations
from storage.retention import export_interview, plain_rows
from storage.rows import not_found
from storage.scorecards import delete_rows, interview_dates, owner_of
from storage.shares import ALL_SHARES, Share, share_of
from storage.spending import spending_by
from storage.tables import (
    INTERVIEWS,
    INVITATIONS,
    MEMBERS,
    OVERRIDES,
    PEOPLE,
    SHARES,
    SHEETS,
    SIGHTS,
    SPENDING,
    STROKES,
    WEB_LINKS,
)

GONE = "deleted"
"""Stands for a person who is no longer stored where it counts that there was one."""


async def retention_of(database: Database, person: str) -> int | None:
    """After how many days the person wants their interviews deleted, None where they set none."""
    statement = select(PEOPLE.c.retention_days).where(PEOPLE.c.person == person)
    return await database.run(lambda connection: connection.execute(statement).scalar_one_or_none())


async def set_retention(database: Database, person: str, days: int | None) -> None:
    """Keep the person's interviews for so many days, or as long as everybody's.

    It shortens the installation's time and never lengthens it. ValueError for less than one day.
    """
    if days is None:
        statement = delete(PEOPLE).where(PEOPLE.c.person == person)
        await database.run(lambda connection: connection.execute(statement))
        return
    if days < 1:
        raise ValueError("interviews are kept for one day at least")
    put = sqlite_insert(PEOPLE).on_conflict_do_update(
        index_elements=["person"], set_={"retention_days": days}
    )
    row = {"person": person, "retention_days": days}
    await database.run(lambda connection: connection.execute(put, row))


async def export_person(database: Database, person: str) -> dict[str, Any]:
    """Everything stored about the person, ready for `json.dumps`.

    Their interviews by id, as `export_own_interview` has them; their settings, memberships, the
    invitations that they made or that name them, the sheets and overrides that they wrote about
    the cards of others, of which interviews they have seen the ratings, and what they spent by day.
    """

    def written(connection: Connection) -> dict[str, Any]:
        rows = {
            table.name: plain_rows(connection, table, chosen) for table, chosen in _rows_of(person)
        }
        invitations = _invitations_of(connection, person)
        codes = INVITATIONS.c.code.in_([one.code for one in invitations])
        return rows | {INVITATIONS.name: plain_rows(connection, INVITATIONS, codes)}

    interviews = {
        one.interview_id: await export_own_interview(database, person, one.interview_id)
        for one in await interview_dates(database, person)
    }
    rows = await database.run(written)
    return {"person": person, **rows, "interviews": interviews}


async def export_own_interview(
    database: Database, person: str, interview_id: str
) -> dict[str, Any]:
    """As `storage.retention.export_interview`, without what the person may not see.

    That is what others wrote on a shared card that is not open to the person yet, drafts, who wrote
    what, and who has seen the card. Raises `InterviewNotFoundError`, also for an interview of
    somebody else.
    """
    await database.run(lambda connection: _require_owner(connection, interview_id, person))
    export = await export_interview(database, interview_id)
    handed_in = {
        row["share_id"]
        for row in export[SHEETS.name]
        if row["rater"] == person and row["submitted_at"]
    }
    export[SHEETS.name] = list(_open_sheets(export[SHEETS.name], person, handed_in))
    del export[SIGHTS.name]
    export[OVERRIDES.name] = [_unnamed(row, "person") for row in export[OVERRIDES.name]]
    return export


async def delete_person(database: Database, person: str) -> None:
    """Remove everything stored about the person, also from the files' free space.

    Their interviews with all that was written about them, what they wrote about others, their
    invitations, memberships, settings and links. What they drew on a board of somebody else stays
    there, without saying who did. A group that would be left without an owner passes to
    whoever has been in it longest; one that would be left empty goes. What they spent today goes
    too, so that their budget of the day begins anew; those of servers and of the installation keep
    it, without saying whose it was. Done again after a kill, it removes what is left. Messages are
    for the edge to take down, before: `shares_going_with`.
    """
    for one in await interview_dates(database, person):
        await delete_thread(database.checkpoint_path, one.interview_id)
    await database.run(lambda connection: _delete_person(connection, person))
    await database.scrub()


async def shares_going_with(database: Database, person: str) -> tuple[Share, ...]:
    """The shares that `delete_person` removes, newest first.

    Those of their interviews, and those in groups that would be left empty.
    """

    def read(connection: Connection) -> tuple[Share, ...]:
        groups = [one.group for one in read_groups(connection, groups_with(person))]
        emptied = [one.id for one in groups if handed_on(one, person) is None]
        statement = ALL_SHARES.where(
            or_(INTERVIEWS.c.owner == person, SHARES.c.group_id.in_(emptied))
        )
        return tuple(map(share_of, connection.execute(statement)))

    return await database.run(read)


def handed_on(group: Group, person: str) -> Group | None:
    """The group without the person, owned by its longest-standing member where nobody else owns it.

    None where nobody is left.
    """
    rest = sorted((one for one in group.members if one.person != person), key=lambda one: one.since)
    if not rest:
        return None
    if not any(one.role is Role.OWNER for one in rest):
        rest[0] = replace(rest[0], role=Role.OWNER)
    return replace(group, members=tuple(rest))


def _rows_of(person: str) -> tuple[tuple[Table, ColumnElement[bool]], ...]:
    """Which rows are the person's own, beside those of interviews and invitations."""
    return (
        (PEOPLE, PEOPLE.c.person == person),
        (MEMBERS, MEMBERS.c.person == person),
        (SHEETS, SHEETS.c.rater == person),
        (OVERRIDES, OVERRIDES.c.person == person),
        (SIGHTS, SIGHTS.c.person == person),
        (SPENDING, spending_by(person)),
        (WEB_LINKS, WEB_LINKS.c.person == person),
    )


def _invitations_of(connection: Connection, person: str) -> list[Invitation]:
    found = read_invitations(connection, _naming(person))
    return [one for one in found if person in (one.by, one.terms.person)]


def _naming(person: str) -> Select[Any]:
    """Few rows of many, so that a damaged one of others is in nobody's way."""
    quoted = json.dumps(person, ensure_ascii=False)
    return select(INVITATIONS).where(INVITATIONS.c.invitation.contains(quoted, autoescape=True))


def _delete_person(connection: Connection, person: str) -> None:
    interviews = select(INTERVIEWS.c.id).where(INTERVIEWS.c.owner == person)
    for interview_id in connection.execute(interviews).scalars().all():
        delete_rows(connection, interview_id)
    _delete_invitations(connection, person)
    for stored in read_groups(connection, groups_with(person)):
        left = handed_on(stored.group, person)
        if left is None:
            drop_group(connection, stored.id)
        else:
            put_group(connection, left)
    for table, chosen in _rows_of(person):
        connection.execute(delete(table).where(chosen))
    connection.execute(update(STROKES).where(STROKES.c.person == person).values(person=GONE))


def _delete_invitations(connection: Connection, person: str) -> None:
    """Those of the person go; in others a use stays counted, without whose it was."""
    for one in read_invitations(connection, _naming(person)):
        if person in (one.by, one.terms.person):
            connection.execute(delete(INVITATIONS).where(INVITATIONS.c.code == one.code))
        elif person in one.used_by:
            users = tuple(GONE if user == person else user for user in one.used_by)
            put_invitation(connection, replace(one, used_by=users))


def _require_owner(connection: Connection, interview_id: str, person: str) -> None:
    if owner_of(connection, interview_id) != person:
        raise not_found(interview_id)


def _open_sheets(
    rows: Iterable[dict[str, Any]], person: str, handed_in: set[str]
) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row["rater"] == person:
            yield row
        elif row["submitted_at"] and row["share_id"] in handed_in:
            sheet = row["sheet"]
            unnamed = _unnamed(sheet, "rater") if isinstance(sheet, dict) else sheet
            yield _unnamed(row, "rater") | {"sheet": unnamed}


def _unnamed(row: dict[str, Any], column: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != column}
