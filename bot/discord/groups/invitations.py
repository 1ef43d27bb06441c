"""Ways into a study group on Discord: a direct message with a button, or a code to pass on."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import discord

from bot.discord.groups.study_groups import server_of
from bot.discord.people import owner_of
from bot.discord.replies import NOBODY, promise, reply
from bot.discord.views.group import code_view, group_name, invited_view, mention
from bot.doors import UsageError
from scoring.groups import Action, Invitation, InvitationRevokedError, Terms, require
from storage.errors import InvitationNotFoundError
from storage.groups import StoredGroup
from storage.invitations import Invited, accept_invitation, add_invitation, find_invitation

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

Interaction = discord.Interaction["HotseatBot"]

_LOG = logging.getLogger(__name__)

NO_SUCH_CODE = (
    "No invitation on this server has that code. Codes are for one server each, and upper and "
    "lower case count: ask whoever invited you for a new one."
)


async def invite_member(
    interaction: Interaction, stored: StoredGroup, user: discord.User | discord.Member, terms: Terms
) -> None:
    """Invite one member of the server, by direct message; else a code for whoever invites."""
    if not isinstance(user, discord.Member):
        raise UsageError("That person is not on this server: only members of it can be invited.")
    if user.bot:
        raise UsageError("A bot cannot review: invite a person.")
    if terms.uses != 1:
        raise UsageError("An invitation of one person is used once: leave `uses` out.")
    named = replace(terms, person=owner_of(user))
    invitation = await _add(interaction.client, stored, interaction.user, named)
    if await _send(interaction, user, stored, invitation):
        whom = mention(owner_of(user))
        await reply(interaction, f"{whom} has a direct message with the invitation now.")
        return
    why = f"{mention(owner_of(user))} takes no direct messages from me: pass the code on."
    await reply(interaction, view=code_view(stored, invitation, why))


async def make_code(interaction: Interaction, stored: StoredGroup, terms: Terms) -> None:
    """An open code, shown to whoever makes it."""
    invitation = await _add(interaction.client, stored, interaction.user, terms)
    await reply(interaction, view=code_view(stored, invitation))


async def join(interaction: Interaction, server: str, code: str) -> None:
    """Let the person in by the code.

    On a server it counts there only. In direct messages, where the button says which server it is
    of, the invitation has to name the person, who has to be on that server still.
    """
    at_home = interaction.guild_id is not None
    server = server_of(interaction) if at_home else server
    database, me = interaction.client.app.database, owner_of(interaction.user)
    if not at_home:
        await promise(interaction)
    try:
        if not at_home:
            await _require_named(interaction, server, code)
        now = interaction.client.app.services.clock.now()
        stored = await accept_invitation(database, server, code, me, now)
    except InvitationNotFoundError:
        raise UsageError(NO_SUCH_CODE) from None
    await reply(
        interaction,
        f"You are in {group_name(stored)} now. Its cards are posted to <#{stored.channel}>; "
        "`/group members` shows who else is in.",
    )


async def own_invitation(interaction: Interaction, code: str) -> Invited:
    """An open invitation that the person may post; raises an error that says why not."""
    try:
        found = await find_invitation(interaction.client.app.database, server_of(interaction), code)
    except InvitationNotFoundError:
        raise UsageError(NO_SUCH_CODE) from None
    require(found.stored.group.role_of(owner_of(interaction.user)), Action.INVITE)
    if found.invitation.terms.person is not None:
        raise UsageError("That invitation is for one person: it cannot be posted.")
    if not usable(found.invitation, interaction.client.app.services.clock.now()):
        raise InvitationRevokedError("This invitation is over: make a new one.")
    return found


def usable(invitation: Invitation, now: datetime) -> bool:
    """Whether somebody may still come in by it."""
    left = len(invitation.used_by) < invitation.terms.uses
    return left and not invitation.revoked and now < invitation.expires_at


async def _add(
    bot: HotseatBot, stored: StoredGroup, by: discord.abc.User, terms: Terms
) -> Invitation:
    return await add_invitation(
        bot.app.database,
        stored.server,
        stored.id,
        by=owner_of(by),
        terms=terms,
        now=bot.app.services.clock.now(),
    )


async def _send(
    interaction: Interaction, user: discord.Member, stored: StoredGroup, invitation: Invitation
) -> bool:
    """Whether the direct message could be sent."""
    guild = interaction.guild
    view = invited_view(stored, invitation, guild.name if guild else "this server")
    try:
        await user.send(view=view, allowed_mentions=NOBODY)
    except discord.Forbidden:
        _LOG.info("an invitation could not be sent: direct messages are closed")
        return False
    return True


async def _require_named(interaction: Interaction, server: str, code: str) -> None:
    """Raise unless the invitation names the person and they are on its server."""
    found = await find_invitation(interaction.client.app.database, server, code)
    guild = interaction.client.get_guild(int(found.stored.server))
    if found.invitation.terms.person != owner_of(interaction.user) or guild is None:
        raise InvitationNotFoundError("not in direct messages")
    try:
        await guild.fetch_member(interaction.user.id)
    except discord.NotFound:
        raise UsageError("You are not on the server of that group any more.") from None
