"""Who is in which voice or stage channel, and what the bot is told of it. No audio here.

https://discord.com/developers/docs/resources/voice
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.discord_stub.permissions import Permission
from tests.discord_stub.snowflakes import timestamp

if TYPE_CHECKING:
    from tests.discord_stub.channels import Channel
    from tests.discord_stub.state import Guild, User, World

_TO_CONNECT = Permission.VIEW_CHANNEL | Permission.CONNECT


@dataclass(eq=False, slots=True)
class VoiceState:
    """A user's place in voice.

    Attributes:
        in_audience: on a stage, whether they only listen.
        asked_at: when they asked to speak on a stage; None if they did not.
        told_suppressed: what the bot was told last of whether they are heard.
    """

    guild: Guild
    user: User
    channel: Channel
    session_id: str = field(default_factory=lambda: secrets.token_hex(16))
    self_mute: bool = False
    self_deaf: bool = False
    in_audience: bool = False
    asked_at: float | None = None
    told_suppressed: bool = False

    @property
    def suppressed(self) -> bool:
        """Whether the channel's rules keep them from being heard."""
        if self.channel.is_stage:
            return self.in_audience
        return not self.channel.permissions_of(self.user.id) & Permission.SPEAK

    @property
    def is_silent(self) -> bool:
        """Whether nobody hears them, whoever saw to that."""
        return self.self_mute or self.suppressed or self.guild.members[self.user.id].mute

    @property
    def is_deaf(self) -> bool:
        """Whether they hear nobody, whoever saw to that."""
        return self.self_deaf or self.guild.members[self.user.id].deaf

    def payload(self) -> dict[str, Any]:
        """As JSON, without the guild and the member."""
        self.told_suppressed = self.suppressed
        member = self.guild.members[self.user.id]
        return {
            "channel_id": str(self.channel.id),
            "user_id": str(self.user.id),
            "session_id": self.session_id,
            "deaf": member.deaf,
            "mute": member.mute,
            "self_deaf": self.self_deaf,
            "self_mute": self.self_mute,
            "self_video": False,
            "suppress": self.told_suppressed,
            "request_to_speak_timestamp": (
                timestamp(self.asked_at) if self.asked_at is not None else None
            ),
        }


def visible_states(guild: Guild) -> list[VoiceState]:
    """The voice states that the bot may know of."""
    return [state for state in guild.voice.values() if state.channel.bot_sees()]


def present(channel: Channel) -> list[VoiceState]:
    """Who is in a channel, in the order in which they came."""
    guild = channel.guild
    states = guild.voice.values() if guild is not None else ()
    return [state for state in states if state.channel is channel]


def find_state(world: World, user_id: int) -> VoiceState | None:
    """Where a user is in voice."""
    for guild in world.guilds.values():
        if (state := guild.voice.get(user_id)) is not None:
            return state
    return None


def refusal(channel: Channel, user_id: int) -> str | None:
    """Why a user cannot join a channel; None if they can."""
    held = channel.permissions_of(user_id)
    if not channel.is_voice or channel.deleted:
        return "it is no voice channel"
    if held & _TO_CONNECT != _TO_CONNECT:
        return "View Channel and Connect are needed"
    full = 0 < channel.user_limit <= len(present(channel))
    if full and not held & Permission.MOVE_MEMBERS:
        return "it is full"
    return None


def enter(
    guild: Guild, user: User, channel: Channel, *, self_mute: bool = False, self_deaf: bool = False
) -> VoiceState:
    """A user joins a channel or goes over to it; who may is for the caller to ask first."""
    before = guild.voice.pop(user.id, None)
    state = VoiceState(guild, user, channel, self_mute=self_mute, self_deaf=self_deaf)
    state.in_audience = channel.is_stage
    if before is not None:
        state.session_id = before.session_id
    guild.voice[user.id] = state
    voice = guild.world.voice
    if before is not None and voice is not None:
        voice.left(before)
    tell(state, before.channel if before else None)
    if voice is not None:
        voice.entered(state)
    return state


def move(state: VoiceState, channel: Channel) -> VoiceState:
    """Somebody is put into another channel of the same server; limits do not count for that."""
    return enter(
        state.guild, state.user, channel, self_mute=state.self_mute, self_deaf=state.self_deaf
    )


def leave(guild: Guild, user: User) -> None:
    """A user leaves voice, by their own will or not; nothing happens if they are not in it."""
    state = guild.voice.pop(user.id, None)
    if state is None:
        return
    payload = state.payload() | {"channel_id": None, "suppress": False}
    if _is_known(state, state.channel):
        _dispatch(state, payload | {"request_to_speak_timestamp": None})
    if guild.world.voice is not None:
        guild.world.voice.left(state)


def leave_everywhere(world: World, user: User) -> None:
    """A user is gone from all voice channels."""
    for guild in world.guilds.values():
        leave(guild, user)


def empty(channel: Channel) -> None:
    """A channel is being deleted: everybody is put out."""
    for state in present(channel):
        leave(state.guild, state.user)


def tell(state: VoiceState, before: Channel | None = None) -> None:
    """Tell the bot how a user's voice state is now; `before` is the channel they came from."""
    if _is_known(state, state.channel):
        _dispatch(state, state.payload())
    elif before is not None and _is_known(state, before):
        _dispatch(state, state.payload() | {"channel_id": None})


def tell_if_suppressed(guild: Guild, user: User) -> None:
    """Permissions have changed: tell the bot if that decides whether a user is heard."""
    state = guild.voice.get(user.id)
    if state is not None and state.suppressed != state.told_suppressed:
        tell(state)


def _is_known(state: VoiceState, channel: Channel) -> bool:
    """The bot hears of itself always, of others in channels that it sees."""
    return state.user is channel.world.bot or channel.bot_sees()


def _dispatch(state: VoiceState, payload: dict[str, Any]) -> None:
    guild = state.guild
    more = {"guild_id": str(guild.id), "member": guild.members[state.user.id].payload()}
    guild.world.tell_guild(guild, "VOICE_STATE_UPDATE", payload | more)


def obey_bot(world: World, data: dict[str, Any]) -> None:
    """Op 4 of the main gateway. What the bot may not do gets no answer at all, as on Discord."""
    guild = world.guilds.get(int(data["guild_id"]))
    if guild is None or not guild.has_bot:
        return
    if data.get("channel_id") is None:
        leave(guild, world.bot)
        return
    channel = guild.channels.get(int(data["channel_id"]))
    if channel is None:
        return
    flags = {flag: bool(data.get(flag)) for flag in ("self_mute", "self_deaf")}
    state = guild.voice.get(world.bot.id)
    if state is not None and state.channel is channel:
        _stay(state, flags)
    elif refusal(channel, world.bot.id) is None:
        enter(guild, world.bot, channel, **flags)


def _stay(state: VoiceState, flags: dict[str, bool]) -> None:
    state.self_mute, state.self_deaf = flags["self_mute"], flags["self_deaf"]
    tell(state)
    voice = state.guild.world.voice
    if voice is not None and not voice.is_connected(state):
        voice.invite(state)
