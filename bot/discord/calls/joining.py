"""Whether a voice channel can be joined, with the reason where not; and joining it."""

from __future__ import annotations

import logging
from typing import Any

import aiohttp
import discord

from bot.discord.calls.installed import IN_WRITING
from bot.discord.permissions import Use, missing_for
from bot.discord.voice_client import HearingClient
from bot.doors import UsageError
from voice.speech import VoiceError

_LOG = logging.getLogger(__name__)

VoicePlace = discord.VoiceChannel | discord.StageChannel

CONNECT_S = 15.0
"""How long joining may take; Discord says nothing at all where it does not let the bot in."""

NOT_THERE = (
    "Join a voice channel of this server first: I come to where you are. "
    f"Then run the command again. {IN_WRITING}"
)
ON_A_SERVER = f"I can speak with you on a server only: in one of its voice channels. {IN_WRITING}"
NO_ANSWER = (
    "Discord did not let me into {channel} within {seconds:.0f} seconds. Try again in a minute, or "
    f"from another channel. {IN_WRITING}"
)


def channel_of(interaction: discord.Interaction[Any]) -> VoicePlace:
    """The voice or stage channel that the person is in; raises `UsageError`."""
    member = interaction.user
    if not isinstance(member, discord.Member) or not interaction.is_guild_integration():
        raise UsageError(ON_A_SERVER)
    channel = member.voice.channel if member.voice is not None else None
    if channel is None:
        raise UsageError(NOT_THERE)
    return channel


def channel_with(guild: discord.Guild, person: int) -> VoicePlace | None:
    """The voice or stage channel of the server that the person is in now."""
    channels = (*guild.voice_channels, *guild.stage_channels)
    return next((one for one in channels if person in one.voice_states), None)


def why_not(channel: VoicePlace) -> str | None:
    """Why the bot cannot be in that channel, as a sentence; None if it can."""
    granted = channel.permissions_for(channel.guild.me)
    lacks = missing_for(Use.CALL, granted)
    if lacks and not (isinstance(channel, discord.StageChannel) and lacks == "Speak"):
        return f"I lack permissions in {channel.mention}: {lacks}. Ask whoever runs the server."
    inside = channel.guild.me.id in channel.voice_states
    full = 0 < channel.user_limit <= len(channel.voice_states)
    if full and not inside and not granted.move_members:
        return f"{channel.mention} is full ({channel.user_limit} people): go to one with room."
    return None


def require_joinable(channel: VoicePlace) -> None:
    """Raise `UsageError` where the bot cannot be in that channel."""
    reason = why_not(channel)
    if reason is not None:
        raise UsageError(f"{reason} {IN_WRITING}")


async def join(channel: VoicePlace) -> HearingClient:
    """Be in the channel; raises `UsageError`."""
    try:
        return await channel.connect(cls=HearingClient, timeout=CONNECT_S, self_deaf=False)
    except VoiceError as err:
        raise UsageError(f"I cannot speak here: {err} {IN_WRITING}") from err
    except (
        TimeoutError,
        discord.ClientException,
        discord.ConnectionClosed,
        aiohttp.ClientError,
        OSError,
    ) as err:
        _LOG.warning("voice channel %s not joined: %s", channel.id, type(err).__name__)
        await channel.guild.change_voice_state(channel=None)
        raise UsageError(NO_ANSWER.format(channel=channel.mention, seconds=CONNECT_S)) from err
