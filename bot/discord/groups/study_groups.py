"""Study groups as commands name them: looked up on this server, for this person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord.app_commands import Choice

from bot.discord.interviews.choices import CHOICE_LENGTH, MOST_CHOICES
from bot.discord.people import owner_of
from bot.discord.permissions import Use, missing_for
from bot.discord.text import cut, one_line
from bot.doors import UsageError
from storage.groups import StoredGroup, groups_of

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot


def server_of(interaction: discord.Interaction[Any]) -> str:
    """The server that the interaction came from; raises `UsageError` for direct messages."""
    if interaction.guild_id is None:
        raise UsageError("This works on a server only: a study group belongs to one.")
    return str(interaction.guild_id)


async def find_group(
    interaction: discord.Interaction[HotseatBot], wanted: str | None
) -> StoredGroup:
    """The person's group of that id or name; the only one they are in where none is named.

    What others are in is not found: `UsageError`.
    """
    mine = await groups_of(
        interaction.client.app.database, owner_of(interaction.user), server_of(interaction)
    )
    if wanted is None:
        found = list(mine)
    else:
        found = [one for one in mine if one.id == wanted]
        found = found or [one for one in mine if _same_name(one.group.name, wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError("You are in several groups here: say which one with `group`.")
    if mine:
        raise UsageError("You are in no such group on this server: choose one that is offered.")
    raise UsageError(
        "You are in no study group on this server. `/group create` founds one, `/group join` "
        "takes the code of an invitation."
    )


async def complete_group(
    interaction: discord.Interaction[HotseatBot], typed: str
) -> list[Choice[str]]:
    """The groups of this server that the person is in, by what was typed of the name."""
    if interaction.guild_id is None:
        return []
    mine = await groups_of(
        interaction.client.app.database, owner_of(interaction.user), server_of(interaction)
    )
    return [
        Choice(name=cut(one_line(one.group.name), CHOICE_LENGTH), value=one.id)
        for one in mine
        if typed.casefold() in one.group.name.casefold()
    ][:MOST_CHOICES]


def card_channel(
    interaction: discord.Interaction[Any], wanted: discord.TextChannel | None
) -> discord.TextChannel:
    """The channel for a group's cards: the wanted one, or here; raises `UsageError`.

    Nobody has the bot write where they may not write themselves.
    """
    channel: Any = wanted or interaction.channel
    if isinstance(channel, discord.Thread):
        channel = channel.parent
    if not isinstance(channel, discord.TextChannel):
        raise UsageError("Cards need a text channel: name one with `channel`.")
    mine = channel.permissions_for(interaction.user)  # pyright: ignore[reportArgumentType]
    if not (mine.view_channel and mine.send_messages):
        raise UsageError("You cannot write in that channel yourself: choose another one.")
    require_postable(channel)
    return channel


def require_postable(channel: discord.TextChannel) -> None:
    """Raise `UsageError` naming the permissions that a card with its thread lacks there."""
    granted = channel.permissions_for(channel.guild.me)
    missing = missing_for(Use.CARD, granted)
    if missing:
        raise UsageError(
            f"I lack permissions in <#{channel.id}>: {missing}. Ask whoever runs the "
            "server to grant them, or choose another channel."
        )


def channel_of(bot: discord.Client, channel: str) -> discord.TextChannel:
    """The group's channel, where a card can be posted; raises `UsageError`."""
    found = bot.get_channel(int(channel))
    if not isinstance(found, discord.TextChannel):
        raise UsageError(
            "The group's channel is gone or closed to me: an owner can choose another one with "
            "`/group move`."
        )
    require_postable(found)
    return found


def _same_name(name: str, wanted: str) -> bool:
    return name.casefold() == " ".join(wanted.split()).casefold()
