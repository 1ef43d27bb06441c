"""Routes of voice: states, moves, server mutes. https://discord.com/developers/docs/resources/voice"""

from __future__ import annotations

from typing import Any

from tests.discord_stub import errors, voice_channels
from tests.discord_stub.checks import require
from tests.discord_stub.errors import ApiError
from tests.discord_stub.rest import Ask, Handler
from tests.discord_stub.rest_accounts import find_guild
from tests.discord_stub.voice_channels import VoiceState

UNKNOWN_VOICE_STATE = (404, 10065, "Unknown Voice State")
NOT_IN_VOICE = (400, 40032, "Target user is not connected to voice.")
NOT_ON_STAGE = (400, 50024, "Cannot execute action on this channel type")


def get_state(ask: Ask) -> dict[str, Any]:
    """Get Current User Voice State and Get User Voice State."""
    state = _state(ask)
    guild = state.guild
    member = guild.members[state.user.id].payload()
    return state.payload() | {"guild_id": str(guild.id), "member": member}


def patch_state(ask: Ask) -> None:
    """Modify Current User Voice State and Modify User Voice State: on a stage, to speak or not."""
    state, body = _state(ask), ask.body or {}
    channel = state.channel
    if not channel.is_stage:
        raise ApiError(NOT_ON_STAGE, violation="a stage's voice state outside of a stage")
    own = state.user is ask.world.bot
    if body.get("suppress") is False or (body.get("suppress") and not own):
        require(channel, "let speak on stage")
    if own and body.get("request_to_speak_timestamp") is not None:
        require(channel, "ask to speak on stage")
        state.asked_at = ask.world.now()
    if "suppress" in body:
        state.in_audience = bool(body["suppress"])
        state.asked_at = None if not state.in_audience else state.asked_at
    voice_channels.tell(state)


def patch_member(ask: Ask) -> dict[str, Any]:
    """Modify Guild Member: the channel they are in, and whether they are heard and hear."""
    guild, body = find_guild(ask), ask.body or {}
    member = guild.members.get(ask.id("user"))
    if member is None:
        raise ApiError(errors.UNKNOWN_MEMBER)
    unknown = body.keys() - {"channel_id", "mute", "deaf"}
    if unknown:
        raise ApiError(errors.INVALID_FORM, violation=f"a member's {sorted(unknown)}")
    state = guild.voice.get(member.user.id)
    if state is None:
        raise ApiError(NOT_IN_VOICE)
    for key in ("mute", "deaf"):
        if key in body:
            require(state.channel, f"{key} member")
            setattr(member, key, bool(body[key]))
            voice_channels.tell(state)
    if "channel_id" in body:
        _move(ask, state, body["channel_id"])
    return member.payload()


def _move(ask: Ask, state: VoiceState, channel_id: str | None) -> None:
    require(state.channel, "move member")
    if channel_id is None:
        voice_channels.leave(state.guild, state.user)
        return
    channel = state.guild.channels.get(int(channel_id))
    if channel is None or not channel.is_voice:
        raise ApiError(errors.UNKNOWN_CHANNEL)
    require(channel, "move member")
    voice_channels.move(state, channel)


def _state(ask: Ask) -> VoiceState:
    user_id = ask.world.bot.id if ask.ids["user"] == "@me" else ask.id("user")
    state = find_guild(ask).voice.get(user_id)
    if state is None:
        raise ApiError(UNKNOWN_VOICE_STATE)
    return state


_STATE = "/guilds/{guild}/voice-states/{user}"

ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", _STATE, get_state),
    ("PATCH", _STATE, patch_state),
    ("PATCH", "/guilds/{guild}/members/{user}", patch_member),
]
