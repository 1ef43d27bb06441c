"""Study groups on Discord: founded, entered by invitation only, run by roles, closed."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import Hall
from sqlalchemy import select
from study_circle import (
    NAME,
    Circle,
    forge,
    found_group,
    give_role,
    hands_in,
    open_circle,
    shared_card,
)

from bot.discord.people import owner_of
from scoring.groups import Invitation, Role, Terms, revoke
from storage.groups import StoredGroup, read_groups
from storage.invitations import add_invitation, put_invitation
from storage.tables import GROUPS
from tests.discord_stub import Person

HOSTILE = "**@everyone** <@1> [x](https://evil.example) `a`"


async def groups_of(circle: Circle) -> tuple[StoredGroup, ...]:
    """The groups of the circle's server."""
    statement = select(GROUPS).where(GROUPS.c.server == str(circle.guild.id))
    return await circle.app.database.run(lambda connection: read_groups(connection, statement))


async def members_of(circle: Circle) -> set[str]:
    """Who is in the circle's group now."""
    (group,) = await groups_of(circle)
    return {one.person for one in group.group.members}


async def invitation_of(circle: Circle, **terms: object) -> Invitation:
    """An invitation that the owner makes, on other terms where given."""
    return await add_invitation(
        circle.app.database,
        circle.group.server,
        circle.group.id,
        by=owner_of(circle.people[0]),
        terms=Terms(**terms),
        now=circle.app.services.clock.now(),
    )


async def stored_as(circle: Circle, invitation: Invitation) -> None:
    """Put the invitation in place of what it was."""
    await circle.app.database.run(lambda connection: put_invitation(connection, invitation))


async def newcomer(circle: Circle, name: str = "mallory") -> Person:
    """Somebody on the server who is in no group."""
    person = circle.hall.stub.add_user(name)
    circle.guild.add_member(person)
    return person


async def test_a_group_is_founded_and_shows_its_members(hall: Hall) -> None:
    """Whoever founds a group owns it; its cards go to the channel it was founded in."""
    circle = await open_circle(hall, "alice", group=False)
    (alice,) = circle.people
    made = await alice.runs(circle.channel, "/group create", name=NAME)
    assert made.ephemeral
    assert f"<#{circle.channel.id}>" in made.text
    shown = await alice.runs(circle.channel, "/group members")
    assert "Owner" in shown.text
    assert alice.mention in shown.text
    assert "1 member" in shown.text


async def test_a_group_is_never_founded_in_direct_messages(hall: Hall) -> None:
    """The command is not even offered where there is no server."""
    alice = hall.stub.add_user("alice")
    alice.installs()
    with pytest.raises(AssertionError):
        await alice.runs(alice.dm(), "/group create", name=NAME)


async def test_cards_go_to_no_channel_that_the_founder_cannot_write_in(hall: Hall) -> None:
    """Nobody has the bot post where they may not write themselves."""
    circle = await open_circle(hall, "alice", group=False)
    (alice,) = circle.people
    notices = circle.guild.text_channel("notices")
    send_messages = 1 << 11
    notices.overwrites[alice.id] = (0, send_messages)
    hall.stub.world.tell_guild(circle.guild, "CHANNEL_UPDATE", notices.payload())
    made = await alice.runs(circle.channel, "/group create", name=NAME, channel=notices)
    assert "cannot write in that channel" in made.text
    assert await groups_of(circle) == ()


async def test_missing_permissions_are_named_when_a_group_is_founded(hall: Hall) -> None:
    """The bot says what it lacks in the channel before it is needed."""
    circle = await open_circle(hall, "alice", group=False)
    circle.channel.deny_bot("create_public_threads")
    made = await circle.people[0].runs(circle.channel, "/group create", name=NAME)
    assert "Create Public Threads" in made.text


async def test_a_member_is_invited_by_direct_message_and_joins_by_its_button(hall: Hall) -> None:
    """The button in the direct message leads into the group, once."""
    circle = await open_circle(hall, "alice")
    bob = await newcomer(circle, "bob")
    alice = circle.people[0]
    call = await alice.runs(circle.channel, "/group invite", member=bob)
    assert "direct message" in (await call.finished()).text
    joined = await bob.presses(bob.dm(), "Join")
    assert "You are in **Evenings** now" in (await joined.finished()).text
    assert await members_of(circle) == {owner_of(alice), owner_of(bob)}
    again = await bob.presses(bob.dm(), "Join")
    assert "in this group already" in (await again.finished()).text


async def test_closed_direct_messages_give_the_inviter_a_code(hall: Hall) -> None:
    """The code is shown to the inviter alone, and lets the named person in."""
    circle = await open_circle(hall, "alice")
    bob = await newcomer(circle, "bob")
    bob.refuses_dms()
    call = await circle.people[0].runs(circle.channel, "/group invite", member=bob)
    shown = await call.finished()
    assert call.ephemeral
    code = re.search(r"```\n\| (\S+)\n", shown.text)[1]
    joined = await bob.runs(circle.channel, "/group join", code=code)
    assert "You are in" in joined.text


async def test_an_open_code_lets_in_as_many_as_it_says(hall: Hall) -> None:
    """The second of two with a code for one is refused; a posted button counts as well."""
    circle = await open_circle(hall, "alice")
    bob, carol = await newcomer(circle, "bob"), await newcomer(circle, "carol")
    call = await circle.people[0].runs(circle.channel, "/group invite", days=2)
    code = await call.finished()
    await circle.people[0].presses(code, "Post a join button here")
    assert "You are in" in (await bob.presses(circle.channel, "Join")).text
    refused = await carol.presses(circle.channel, "Join")
    assert "used up" in refused.text
    assert refused.ephemeral
    assert owner_of(carol) not in await members_of(circle)


async def test_nobody_joins_by_a_wrong_code(hall: Hall) -> None:
    """A guess is answered by what to do, and nobody gets in."""
    circle = await open_circle(hall, "alice")
    mallory = await newcomer(circle)
    refused = await mallory.runs(circle.channel, "/group join", code=circle.group.id)
    assert "No invitation on this server has that code" in refused.text
    assert await members_of(circle) == {owner_of(circle.people[0])}


async def test_nobody_joins_by_an_expired_used_or_revoked_code(hall: Hall) -> None:
    """Each says why, and nobody gets in."""
    circle = await open_circle(hall, "alice")
    mallory = await newcomer(circle)
    invitation = await invitation_of(circle)
    past = invitation.expires_at - timedelta(days=30)
    cases = {
        "expired": replace(invitation, expires_at=past),
        "used up": replace(invitation, used_by=("discord:1",)),
        "taken back": revoke(circle.group.group, invitation, invitation.by),
    }
    for why, one in cases.items():
        await stored_as(circle, one)
        refused = await mallory.runs(circle.channel, "/group join", code=one.code)
        assert why in refused.text
    assert owner_of(mallory) not in await members_of(circle)


async def test_nobody_joins_by_the_invitation_of_another_person(hall: Hall) -> None:
    """Neither by its code on the server, nor by its button forged in direct messages."""
    circle = await open_circle(hall, "alice")
    bob, mallory = await newcomer(circle, "bob"), await newcomer(circle)
    invitation = await invitation_of(circle, person=owner_of(bob))
    refused = await mallory.runs(circle.channel, "/group join", code=invitation.code)
    assert "not for you" in refused.text
    await mallory.says(mallory.dm(), "hello")
    greeting = await mallory.sees(mallory.dm(), "no interview going on")
    custom_id = f"hs:group_join:{invitation.code}:{circle.guild.id}"
    forged = await forge(mallory, greeting, custom_id)
    assert "No invitation" in (await forged.finished()).text
    assert owner_of(mallory) not in await members_of(circle)


async def test_an_open_code_does_not_work_in_direct_messages(hall: Hall) -> None:
    """Whoever is not on the server cannot forge a button into its groups."""
    circle = await open_circle(hall, "alice")
    mallory = hall.stub.add_user("mallory")
    mallory.installs()
    await mallory.says(mallory.dm(), "hello")
    greeting = await mallory.sees(mallory.dm(), "no interview going on")
    invitation = await invitation_of(circle)
    custom_id = f"hs:group_join:{invitation.code}:{circle.guild.id}"
    forged = await forge(mallory, greeting, custom_id)
    assert "No invitation" in (await forged.finished()).text


async def test_whoever_left_the_server_cannot_join_by_an_old_message(hall: Hall) -> None:
    """The invitation names them still, but they are no longer there."""
    circle = await open_circle(hall, "alice")
    bob = await newcomer(circle, "bob")
    bob.installs()
    await (await circle.people[0].runs(circle.channel, "/group invite", member=bob)).finished()
    circle.guild.remove_member(bob)
    refused = await bob.presses(bob.dm(), "Join")
    assert "not on the server" in (await refused.finished()).text
    assert owner_of(bob) not in await members_of(circle)


async def test_a_code_of_another_server_finds_nothing(hall: Hall) -> None:
    """A code counts on its own server only, also where a button names the other one."""
    circle = await open_circle(hall, "alice")
    invitation = await invitation_of(circle)
    elsewhere = await open_circle(hall, "mallory")
    (mallory,) = elsewhere.people
    refused = await mallory.runs(elsewhere.channel, "/group join", code=invitation.code)
    assert "No invitation" in refused.text
    shown = await mallory.runs(elsewhere.channel, "/group invite")
    source = await shown.finished()
    custom_id = f"hs:group_join:{invitation.code}:{circle.guild.id}"
    assert "No invitation" in (await forge(mallory, source, custom_id)).text


async def test_groups_of_others_and_of_other_servers_are_neither_offered_nor_found(
    hall: Hall,
) -> None:
    """Completion offers what the person is in, here; an id of elsewhere finds nothing."""
    circle = await open_circle(hall, "alice", "bob")
    alice, bob = circle.people
    elsewhere = hall.stub.add_guild("Elsewhere", members=[alice, bob])
    other = Circle(hall, elsewhere, elsewhere.text_channel("reviews"), (bob,))
    other.group = await found_group(other, "Secret")
    offered = await alice.completes(circle.channel, "/group members", option="group")
    assert [one["value"] for one in offered] == [circle.group.id]
    assert await alice.completes(other.channel, "/group members", option="group") == []
    for place in (circle.channel, other.channel):
        refused = await alice.runs(place, "/group members", group=other.group.id)
        assert "Secret" not in refused.text
        assert bob.mention not in refused.text
    found = await bob.runs(circle.channel, "/group members", group=other.group.id)
    assert "no such group" in found.text


async def test_only_owners_change_roles_remove_and_close(hall: Hall) -> None:
    """A member is told so, and nothing changes."""
    circle = await open_circle(hall, "alice", "bob", "carol")
    alice, bob, carol = circle.people
    for line, options in {
        "/group role": {"member": bob, "role": "Owner"},
        "/group remove": {"member": alice},
        "/group delete": {},
        "/group move": {},
    }.items():
        refused = await bob.runs(circle.channel, line, **options)
        assert re.search("Only (the|an) owner", refused.text), line
    assert "invite people" in (await bob.runs(circle.channel, "/group invitations")).text
    call = await bob.runs(circle.channel, "/group invite")
    assert "may invite people" in (await call.finished()).text
    assert len(await members_of(circle)) == 3
    await alice.runs(circle.channel, "/group role", member=bob, role="Reviewer")
    assert "Reviewer" in (await carol.runs(circle.channel, "/group members")).text
    gone = await alice.runs(circle.channel, "/group remove", member=carol)
    assert "no longer in" in gone.text
    assert owner_of(carol) not in await members_of(circle)


async def test_a_stranger_cannot_close_a_group_by_a_forged_button(hall: Hall) -> None:
    """The button of an owner does nothing for others."""
    circle = await open_circle(hall, "alice", "bob")
    mallory = await newcomer(circle)
    source = (await mallory.runs(circle.channel, "/group join", code="x")).message
    for person in (mallory, circle.people[1]):
        own = source if person is mallory else await _any_message(person, circle)
        refused = await forge(person, own, f"hs:group_delete:{circle.group.id}")
        assert "closed" not in (await refused.finished()).text
    assert len(await members_of(circle)) == 2


async def test_a_stranger_cannot_take_back_post_or_list_by_forged_controls(hall: Hall) -> None:
    """Invitations are those of whoever may invite."""
    circle = await open_circle(hall, "alice", "bob")
    mallory = await newcomer(circle)
    invitation = await invitation_of(circle)
    source = await _any_message(mallory, circle)
    posted = await forge(mallory, source, f"hs:group_post:{invitation.code}")
    assert "not a member" in posted.text
    revoked = await forge(
        mallory,
        source,
        f"pickhs:group_revoke:{circle.group.id}",
        values=(invitation.code,),
    )
    assert "not a member" in revoked.text
    listed = await forge(mallory, source, f"hs:group_members:{circle.group.id}:1.1")
    assert circle.people[0].mention not in listed.text
    joined = await mallory.runs(circle.channel, "/group join", code=invitation.code)
    assert "You are in" in joined.text


async def test_an_invitation_is_listed_and_taken_back(hall: Hall) -> None:
    """What was taken back lets nobody in and is no longer listed."""
    circle = await open_circle(hall, "alice")
    mallory = await newcomer(circle)
    (alice,) = circle.people
    invitation = await invitation_of(circle, uses=3)
    listed = await alice.runs(circle.channel, "/group invitations")
    assert "0 of 3 used" in listed.text
    await alice.picks(listed, "Take back …", [invitation.code])
    assert "No invitation leads" in listed.text
    refused = await mallory.runs(circle.channel, "/group join", code=invitation.code)
    assert "taken back" in refused.text


async def test_the_last_owner_cannot_leave_and_a_member_can(hall: Hall) -> None:
    """A group keeps an owner."""
    circle = await open_circle(hall, "alice", "bob")
    alice, bob = circle.people
    assert "needs an owner" in (await alice.runs(circle.channel, "/group leave")).text
    assert "have left" in (await bob.runs(circle.channel, "/group leave")).text
    assert await members_of(circle) == {owner_of(alice)}


async def test_figures_say_that_there_are_too_few(hall: Hall) -> None:
    """Under twenty common ratings there is no figure, and the bot is not calibrated."""
    circle = await open_circle(hall, "alice", "bob", "carol")
    alice, bob, _ = circle.people
    await shared_card(circle, alice)
    await hands_in(bob, circle, "4: leads", "3: meets the level")
    call = await bob.runs(circle.channel, "/group figures")
    shown = await call.finished()
    assert "not calibrated" in shown.text
    assert "too few" in shown.text


async def test_closing_a_group_takes_its_cards_down(hall: Hall) -> None:
    """The owner is asked; then messages, threads, ratings and members are gone."""
    circle = await open_circle(hall, "alice", "bob")
    circle.guild.allow_bot("manage_threads")
    alice, bob = circle.people
    await shared_card(circle, bob)
    asked = await alice.runs(circle.channel, "/group delete")
    assert "1 shared card is" in asked.text
    closed = await alice.presses(asked, "Close the group")
    assert "is closed" in (await closed.finished()).text
    assert "Review:" not in alice.screen(circle.channel)
    assert not [one for one in circle.guild.channels.values() if one.is_thread]
    assert await groups_of(circle) == ()


async def test_names_with_markdown_and_mentions_are_harmless(hall: Hall) -> None:
    """A group's name is shown as it was typed, links nowhere and calls nobody."""
    circle = await open_circle(hall, "alice", group=False)
    circle.guild.name = HOSTILE
    (alice,) = circle.people
    bob = await newcomer(circle, "bob")
    made = await alice.runs(circle.channel, "/group create", name=HOSTILE)
    call = await alice.runs(circle.channel, "/group invite", member=bob)
    await call.finished()
    invited = await bob.sees(bob.dm(), "invites you")
    for message in (made.message, invited):
        assert "@everyone" not in message.text
        assert "<@1>" not in message.text
        assert "[x](" not in message.text
        assert not message.mentions
    offered = await alice.completes(circle.channel, "/group leave", option="group")
    assert offered[0]["name"] == HOSTILE


async def test_a_group_moves_to_another_channel(hall: Hall) -> None:
    """Cards are posted there from then on."""
    circle = await open_circle(hall, "alice", "bob")
    alice, bob = circle.people
    there = circle.guild.text_channel("elsewhere")
    await alice.runs(circle.channel, "/group move", channel=there)
    await shared_card(circle, bob)
    assert "Review:" in alice.screen(there)
    assert "Review:" not in alice.screen(circle.channel)


async def test_a_reviewer_offers_no_role(hall: Hall) -> None:
    """Only an owner lets somebody in as more than a member."""
    circle = await open_circle(hall, "alice", "bob")
    bob = circle.people[1]
    await give_role(circle, bob, Role.REVIEWER)
    call = await bob.runs(circle.channel, "/group invite", role="Reviewer")
    assert "may change roles" in (await call.finished()).text


async def _any_message(person: Person, circle: Circle):
    """A message that the person sees, to press on."""
    return (await person.runs(circle.channel, "/group join", code="nothing")).message
