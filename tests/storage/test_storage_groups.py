"""A group is found on its own server only, and keeps its rules whoever comes at the same time."""

import asyncio
import json
import traceback
from datetime import timedelta

import pytest
from group_samples import (
    CHANNEL,
    ELSEWHERE,
    SERVER,
    give_role,
    groups_on,
    let_in,
    share_one,
    study_group,
)
from sqlalchemy import func, select, update
from storage_samples import START, minutes

from scoring.groups import (
    AlreadyAMemberError,
    BadGroupNameError,
    BadTermsError,
    Group,
    InvitationRevokedError,
    InvitationUsedUpError,
    LastOwnerError,
    NotAllowedError,
    NotAMemberError,
    NotInvitedError,
    Role,
    Terms,
    leave,
    remove,
)
from storage.database import Database
from storage.errors import (
    DatabaseCorruptError,
    GroupNotFoundError,
    InvitationNotFoundError,
)
from storage.groups import (
    change_group,
    create_group,
    delete_group,
    groups_of,
    load_group,
    move_group,
    role_of,
    unguessable_id,
)
from storage.interviews import SqlStore
from storage.invitations import (
    accept_invitation,
    add_invitation,
    find_invitation,
    invitations_into,
    revoke_invitation,
)
from storage.tables import INVITATIONS, MEMBERS, SHARES, SHEETS


async def test_a_group_is_read_back_as_it_was_founded(database: Database) -> None:
    """Name, server, channel, and the founder as its only member."""
    made = await create_group(
        database, SERVER, CHANNEL, name="  Late   evenings ", owner="ada", now=START
    )

    assert await load_group(database, SERVER, made.id) == made
    assert (made.group.name, made.channel, made.created_at) == ("Late evenings", CHANNEL, START)
    assert [(one.person, one.role) for one in made.group.members] == [("ada", Role.OWNER)]


async def test_a_bad_name_founds_nothing(database: Database) -> None:
    """The rule speaks before anything is stored."""
    with pytest.raises(BadGroupNameError):
        await create_group(database, SERVER, CHANNEL, name=" ", owner="ada", now=START)

    assert await groups_on(database, SERVER) == ()


def test_ids_cannot_be_guessed() -> None:
    """96 random bits, and no character that means something in an address of a control."""
    ids = {unguessable_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert {len(one) for one in ids} == {16}
    assert not any(":" in one for one in ids)


async def test_another_server_finds_nothing(database: Database) -> None:
    """The right id with another server is as unknown as a wrong one."""
    group = await study_group(database)
    invitation = await add_invitation(
        database, SERVER, group.id, by="ada", terms=Terms(), now=START
    )

    for server, group_id in ((ELSEWHERE, group.id), (SERVER, "wrong")):
        for refused in (
            load_group(database, server, group_id),
            role_of(database, server, group_id, "ada"),
            change_group(database, server, group_id, lambda one: leave(one, "eve")),
            move_group(database, server, group_id, "9", "ada"),
            delete_group(database, server, group_id, "ada"),
            add_invitation(database, server, group_id, by="ada", terms=Terms(), now=START),
            invitations_into(database, server, group_id),
        ):
            with pytest.raises(GroupNotFoundError):
                await refused
    for refused in (
        find_invitation(database, ELSEWHERE, invitation.code),
        accept_invitation(database, ELSEWHERE, invitation.code, "dan", START),
        revoke_invitation(database, ELSEWHERE, invitation.code, "ada"),
    ):
        with pytest.raises(InvitationNotFoundError):
            await refused
    assert await groups_on(database, ELSEWHERE) == ()
    assert await groups_of(database, "ada", ELSEWHERE) == ()
    assert await load_group(database, SERVER, group.id) == group


async def test_groups_are_listed_by_server_and_by_person(database: Database) -> None:
    """The oldest first; a person sees those that they are in."""
    first = await study_group(database)
    second = await create_group(
        database, SERVER, CHANNEL, name="Mornings", owner="dan", now=minutes(5)
    )
    third = await create_group(
        database, ELSEWHERE, CHANNEL, name="Away", owner="bob", now=minutes(9)
    )

    assert await groups_on(database, SERVER) == (first, second)
    assert await groups_of(database, "bob") == (first, third)
    assert await groups_of(database, "bob", SERVER) == (first,)
    assert await role_of(database, SERVER, first.id, "bob") is Role.MEMBER
    assert await role_of(database, SERVER, first.id, "dan") is None


async def test_a_change_follows_the_rule_or_is_none(database: Database) -> None:
    """What a rule gives is stored, and where it refuses the group is as it was."""
    group = await study_group(database)
    changed = await give_role(database, group, "bob", Role.REVIEWER)

    assert changed.group.role_of("bob") is Role.REVIEWER
    assert await load_group(database, SERVER, group.id) == changed
    with pytest.raises(LastOwnerError):
        await change_group(database, SERVER, group.id, lambda one: leave(one, "ada"))
    with pytest.raises(NotAllowedError):
        await change_group(database, SERVER, group.id, lambda one: remove(one, "bob", "eve"))
    assert await load_group(database, SERVER, group.id) == changed


async def test_one_of_two_owners_stays_when_both_leave_at_once(database: Database) -> None:
    """Each change sees what the one before it left."""
    group = await give_role(database, await study_group(database), "bob", Role.OWNER)

    def leaving(person: str):
        return change_group(database, SERVER, group.id, lambda one: leave(one, person))

    done = await asyncio.gather(leaving("ada"), leaving("bob"), return_exceptions=True)

    assert [type(one) for one in done if isinstance(one, Exception)] == [LastOwnerError]
    left = (await load_group(database, SERVER, group.id)).group
    assert [one.role for one in left.members].count(Role.OWNER) == 1


async def test_name_and_channel_can_change(database: Database) -> None:
    """A rule may give the group another name; its channel is a setting."""
    group = await study_group(database)
    renamed = await change_group(
        database, SERVER, group.id, lambda one: Group(one.id, "Mornings", one.members)
    )
    await move_group(database, SERVER, group.id, "9", "ada")

    assert renamed.group.name == "Mornings"
    found = await load_group(database, SERVER, group.id)
    assert (found.group, found.channel) == (renamed.group, "9")


async def test_only_an_owner_chooses_the_channel(database: Database) -> None:
    """Whoever else asks, whatever the edge has let through, the cards go where they went."""
    group = await give_role(database, await study_group(database), "bob", Role.REVIEWER)

    for person, error in (
        ("bob", NotAllowedError),
        ("eve", NotAllowedError),
        ("x", NotAMemberError),
    ):
        with pytest.raises(error):
            await move_group(database, SERVER, group.id, "9", person)

    assert (await load_group(database, SERVER, group.id)).channel == CHANNEL


async def test_an_invitation_lets_in_and_is_used_up(database: Database) -> None:
    """One use for one person; the code stays to be seen by those who may invite."""
    group = await study_group(database, others=())
    invitation = await add_invitation(
        database, SERVER, group.id, by="ada", terms=Terms(role=Role.REVIEWER), now=START
    )
    assert (await find_invitation(database, SERVER, invitation.code)).invitation == invitation

    joined = await accept_invitation(database, SERVER, invitation.code, "bob", minutes(1))

    assert joined.group.role_of("bob") is Role.REVIEWER
    with pytest.raises(InvitationUsedUpError):
        await accept_invitation(database, SERVER, invitation.code, "eve", minutes(2))
    with pytest.raises(AlreadyAMemberError):
        await accept_invitation(database, SERVER, invitation.code, "bob", minutes(2))
    (listed,) = await invitations_into(database, SERVER, group.id)
    assert listed.used_by == ("bob",)


async def test_no_more_people_come_than_an_invitation_is_for(database: Database) -> None:
    """Twelve at once for three uses: three come in, and every use counts once."""
    group = await study_group(database, others=())
    invitation = await add_invitation(
        database, SERVER, group.id, by="ada", terms=Terms(uses=3), now=START
    )

    done = await asyncio.gather(
        *(
            accept_invitation(database, SERVER, invitation.code, f"p{number}", minutes(1))
            for number in range(12)
        ),
        return_exceptions=True,
    )

    refused = [one for one in done if isinstance(one, Exception)]
    assert {type(one) for one in refused} == {InvitationUsedUpError}
    assert len(refused) == 9
    found = await find_invitation(database, SERVER, invitation.code)
    assert len(found.invitation.used_by) == 3
    assert {one.person for one in found.stored.group.members} == {
        "ada",
        *found.invitation.used_by,
    }


async def test_a_revoked_invitation_lets_nobody_in(database: Database) -> None:
    """It is taken back by whoever made it or an owner, and by nobody else."""
    group = await study_group(database)
    named = await add_invitation(
        database, SERVER, group.id, by="ada", terms=Terms(person="dan"), now=START
    )
    with pytest.raises(NotAllowedError):
        await revoke_invitation(database, SERVER, named.code, "bob")
    with pytest.raises(NotInvitedError):
        await accept_invitation(database, SERVER, named.code, "fay", minutes(1))

    await revoke_invitation(database, SERVER, named.code, "ada")

    with pytest.raises(InvitationRevokedError):
        await accept_invitation(database, SERVER, named.code, "dan", minutes(1))


@pytest.mark.parametrize(
    ("by", "terms", "error"),
    [
        ("bob", Terms(), NotAllowedError),
        ("dan", Terms(), NotAMemberError),
        ("ada", Terms(role=Role.OWNER), BadTermsError),
        ("ada", Terms(lasts=timedelta(days=90)), BadTermsError),
        ("ada", Terms(person="bob"), AlreadyAMemberError),
    ],
)
async def test_an_invitation_that_cannot_be_is_not_stored(
    database: Database, by: str, terms: Terms, error: type[Exception]
) -> None:
    """The rule speaks first."""
    group = await study_group(database)
    before = await invitations_into(database, SERVER, group.id)

    with pytest.raises(error):
        await add_invitation(database, SERVER, group.id, by=by, terms=terms, now=START)

    assert await invitations_into(database, SERVER, group.id) == before


async def test_closing_leaves_no_row(database: Database, store: SqlStore) -> None:
    """Only an owner closes; members, invitations, shares and sheets go, other groups stay."""
    group = await study_group(database)
    other = await study_group(database, owner="dan", others=())
    share = await share_one(database, store, group)
    await database.run(
        lambda c: c.execute(
            SHEETS.insert().values(
                share_id=share.id, rater="bob", interview_id="one", sheet="{}", submitted_at=None
            )
        )
    )
    with pytest.raises(NotAllowedError):
        await delete_group(database, SERVER, group.id, "bob")

    await delete_group(database, SERVER, group.id, "ada")

    assert await groups_on(database, SERVER) == (other,)
    for table in (MEMBERS, INVITATIONS, SHARES):
        count = select(func.count()).where(table.c.group_id == group.id)
        assert await database.run(lambda c, count=count: c.execute(count).scalar_one()) == 0
    assert await database.run(lambda c: c.execute(select(SHEETS)).all()) == []


async def test_a_damaged_row_is_named_without_its_words(database: Database) -> None:
    """The table, the group and what to do; nothing of what the row holds."""
    group = await study_group(database, others=())
    group = await let_in(database, group, "bob")
    (invitation,) = await invitations_into(database, SERVER, group.id)
    damaged = json.dumps({"code": "unmistakable"})
    await database.run(lambda c: c.execute(update(INVITATIONS).values(invitation=damaged)))

    with pytest.raises(DatabaseCorruptError, match="'invitations' of group") as refused:
        await find_invitation(database, SERVER, invitation.code)
    assert "unmistakable" not in "".join(traceback.format_exception(refused.value))

    await database.run(lambda c: c.execute(update(MEMBERS).values(role="emperor")))
    with pytest.raises(DatabaseCorruptError, match="'members' of group"):
        await load_group(database, SERVER, group.id)
