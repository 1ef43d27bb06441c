"""`/group`: study groups of a server, who is in them, and how people get in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.discord.controls import Control
from bot.discord.groups.invitations import invite_member, join, make_code, own_invitation, usable
from bot.discord.groups.postings import take_down
from bot.discord.groups.study_groups import card_channel, complete_group, find_group, server_of
from bot.discord.installs import on_servers
from bot.discord.limits import Allowance
from bot.discord.people import owner_of
from bot.discord.replies import promise, redraw, reply
from bot.discord.views.group import (
    DELETE,
    JOIN,
    MEMBERS,
    POST_INVITATION,
    REVOKE,
    delete_view,
    figures_view,
    group_name,
    invitations_view,
    members_view,
    mention,
    posted_invitation_view,
)
from bot.discord.views.pages import page_of
from bot.discord.views.sharing import left_words
from scoring import groups as rules
from scoring.group_figures import bot_bias, group_agreement
from scoring.groups import Action, Role, Terms, require
from scoring.review import Viewer, open_to
from storage.groups import change_group, create_group, delete_group, load_group, move_group
from storage.invitations import invitations_into, revoke_invitation
from storage.shares import shares_in
from storage.sheets import reviews_in

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

Interaction = discord.Interaction["HotseatBot"]
Name = app_commands.Range[str, 1, rules.LONGEST_NAME]
Days = app_commands.Range[int, 1, rules.LONGEST_INVITATION.days]
Uses = app_commands.Range[int, 1, rules.MOST_USES]

FOUNDED = Allowance("found groups", 10, 24 * 60 * 60)
INVITED = Allowance("invite people", 20, 60 * 60)

ROLE_CHOICES = [Choice(name=role.value.capitalize(), value=role.value) for role in Role]
OFFERED_ROLES = [one for one in ROLE_CHOICES if one.value != Role.OWNER.value]


@on_servers
class GroupCog(
    commands.GroupCog,
    group_name="group",
    group_description="Study groups that review shared scorecards",
):
    """Found, enter, run and close study groups."""

    def __init__(self, bot: HotseatBot) -> None:
        self.bot = bot
        bot.controls.on_press(JOIN, self._join)
        bot.controls.on_press(POST_INVITATION, self._post_invitation)
        bot.controls.on_pick(REVOKE, self._revoke)
        bot.controls.on_press(DELETE, self._delete)
        bot.controls.on_press(MEMBERS, self._turn_members)

    @app_commands.command()
    @app_commands.describe(
        name="What the group is called",
        channel="Where its cards are posted; here if left out",
    )
    async def create(
        self, interaction: Interaction, name: Name, channel: discord.TextChannel | None = None
    ) -> None:
        """Found a study group on this server; you own it."""
        server, owner = server_of(interaction), owner_of(interaction.user)
        place = card_channel(interaction, channel)
        self.bot.limits.take(owner, FOUNDED)
        now = self.bot.app.services.clock.now()
        stored = await create_group(
            self.bot.app.database, server, str(place.id), name=name, owner=owner, now=now
        )
        await reply(
            interaction,
            f"{group_name(stored)} is founded, and its cards are posted to <#{stored.channel}>. "
            "`/group invite` brings others in, `/scorecard share` posts a card.",
        )

    @app_commands.command()
    @app_commands.describe(
        member="Whom to invite; leave it out for an open code",
        group="Which group, if you are in several",
        uses="How many people an open code lets in; one if left out",
        days="How long the invitation lasts; seven if left out",
        role="What the invited person will be; a member if left out",
    )
    @app_commands.choices(role=OFFERED_ROLES)
    @app_commands.autocomplete(group=complete_group)
    async def invite(
        self,
        interaction: Interaction,
        member: discord.User | None = None,
        group: str | None = None,
        uses: Uses | None = None,
        days: Days = 7,
        role: str = Role.MEMBER.value,
    ) -> None:
        """Invite a member of this server, or make an open code."""
        await promise(interaction)
        stored = await find_group(interaction, group)
        self.bot.limits.take(owner_of(interaction.user), INVITED)
        terms = Terms(timedelta(days=days), uses=uses or 1, role=Role(role))
        if member is None:
            await make_code(interaction, stored, terms)
        else:
            await invite_member(interaction, stored, member, terms)

    @app_commands.command()
    @app_commands.describe(code="The code that you were given")
    async def join(self, interaction: Interaction, code: str) -> None:
        """Join a study group by the code of an invitation."""
        await join(interaction, server_of(interaction), code.strip())

    @app_commands.command()
    @app_commands.describe(group="Which group, if you are in several")
    @app_commands.autocomplete(group=complete_group)
    async def leave(self, interaction: Interaction, group: str | None = None) -> None:
        """Leave a group; what it shares is closed to you from then on."""
        stored, me = await find_group(interaction, group), owner_of(interaction.user)
        await change_group(
            self.bot.app.database, stored.server, stored.id, lambda one: rules.leave(one, me)
        )
        await reply(
            interaction,
            f"You have left {group_name(stored)}. Ratings that you handed in stay; cards that you "
            "shared stay until `/scorecard unshare`.",
        )

    @app_commands.command()
    @app_commands.describe(group="Which group, if you are in several")
    @app_commands.autocomplete(group=complete_group)
    async def members(self, interaction: Interaction, group: str | None = None) -> None:
        """Who is in the group, and in which role."""
        await reply(interaction, view=members_view(await find_group(interaction, group)))

    @app_commands.command()
    @app_commands.describe(
        member="Whose role", role="The new role", group="Which group, if you are in several"
    )
    @app_commands.choices(role=ROLE_CHOICES)
    @app_commands.autocomplete(group=complete_group)
    async def role(
        self, interaction: Interaction, member: discord.User, role: str, group: str | None = None
    ) -> None:
        """Change a member's role; owners may."""
        stored = await find_group(interaction, group)
        by, person = owner_of(interaction.user), owner_of(member)
        await change_group(
            self.bot.app.database,
            stored.server,
            stored.id,
            lambda one: rules.change_role(one, by, person, Role(role)),
        )
        await reply(interaction, f"{mention(person)} is {role} of {group_name(stored)} now.")

    @app_commands.command()
    @app_commands.describe(member="Who has to go", group="Which group, if you are in several")
    @app_commands.autocomplete(group=complete_group)
    async def remove(
        self, interaction: Interaction, member: discord.User, group: str | None = None
    ) -> None:
        """Remove a member; owners may."""
        stored = await find_group(interaction, group)
        by, person = owner_of(interaction.user), owner_of(member)
        await change_group(
            self.bot.app.database,
            stored.server,
            stored.id,
            lambda one: rules.remove(one, by, person),
        )
        await reply(interaction, f"{mention(person)} is no longer in {group_name(stored)}.")

    @app_commands.command()
    @app_commands.describe(group="Which group, if you are in several")
    @app_commands.autocomplete(group=complete_group)
    async def invitations(self, interaction: Interaction, group: str | None = None) -> None:
        """The invitations that are open; take one back."""
        stored = await find_group(interaction, group)
        require(stored.group.role_of(owner_of(interaction.user)), Action.INVITE)
        found = await invitations_into(self.bot.app.database, stored.server, stored.id)
        now = self.bot.app.services.clock.now()
        open_ = [one for one in found if usable(one, now)]
        await reply(interaction, view=invitations_view(stored, open_))

    @app_commands.command()
    @app_commands.describe(group="Which group, if you are in several")
    @app_commands.autocomplete(group=complete_group)
    async def figures(self, interaction: Interaction, group: str | None = None) -> None:
        """How far the group agrees per stage, and how the bot rates beside it."""
        await promise(interaction)
        stored, me = await find_group(interaction, group), owner_of(interaction.user)
        shared = await reviews_in(self.bot.app.database, stored.server, stored.id)
        reviews = open_to(shared, Viewer(me, stored.group.role_of(me)))
        agreements = await asyncio.to_thread(group_agreement, reviews)
        bias = await asyncio.to_thread(bot_bias, reviews)
        closed = len(shared) - len(reviews)
        await reply(interaction, view=figures_view(stored, agreements, bias, closed))

    @app_commands.command()
    @app_commands.describe(
        channel="Where cards are posted from now on; here if left out",
        group="Which group, if you are in several",
    )
    @app_commands.autocomplete(group=complete_group)
    async def move(
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        group: str | None = None,
    ) -> None:
        """Post the group's cards to another channel; owners may."""
        stored, me = await find_group(interaction, group), owner_of(interaction.user)
        place = card_channel(interaction, channel)
        await move_group(self.bot.app.database, stored.server, stored.id, str(place.id), me)
        await reply(interaction, f"Cards of {group_name(stored)} are posted to <#{place.id}> now.")

    @app_commands.command()
    @app_commands.describe(group="Which group, if you are in several")
    @app_commands.autocomplete(group=complete_group)
    async def delete(self, interaction: Interaction, group: str | None = None) -> None:
        """Close a group for good; owners may."""
        stored = await find_group(interaction, group)
        require(stored.group.role_of(owner_of(interaction.user)), Action.CLOSE)
        shares = await shares_in(self.bot.app.database, stored.server, stored.id)
        await reply(interaction, view=delete_view(stored, len(shares)))

    async def _join(self, interaction: Interaction, control: Control) -> None:
        await join(interaction, control.argument, control.target)

    async def _post_invitation(self, interaction: Interaction, control: Control) -> None:
        stored, invitation = await own_invitation(interaction, control.target)
        view = posted_invitation_view(stored, invitation)
        await reply(interaction, view=view, ephemeral=False)

    async def _revoke(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        server, by = server_of(interaction), owner_of(interaction.user)
        database = self.bot.app.database
        await revoke_invitation(database, server, values[0], by)
        stored = await find_group(interaction, control.target)
        now = self.bot.app.services.clock.now()
        found = await invitations_into(database, server, stored.id)
        open_ = [one for one in found if usable(one, now)]
        await redraw(interaction, invitations_view(stored, open_))

    async def _turn_members(self, interaction: Interaction, control: Control) -> None:
        stored = await find_group(interaction, control.target)
        await redraw(interaction, members_view(stored, page_of(control.argument)))

    async def _delete(self, interaction: Interaction, control: Control) -> None:
        server, by = server_of(interaction), owner_of(interaction.user)
        await promise(interaction)
        stored = await load_group(self.bot.app.database, server, control.target)
        require(stored.group.role_of(by), Action.CLOSE)
        shares = await shares_in(self.bot.app.database, server, stored.id)
        taken = [await take_down(self.bot, share) for share in shares]
        await delete_group(self.bot.app.database, server, stored.id, by)
        left = left_words([one for one in taken if one is not None])
        await reply(interaction, f"{group_name(stored)} is closed.{left}")
