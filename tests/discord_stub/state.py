"""The world: one application with its bot, people, servers, and who may do what where."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.discord_stub import permissions, voice_channels
from tests.discord_stub.changes import Changes
from tests.discord_stub.channels import DM, STAGE, TEXT, VOICE, Channel
from tests.discord_stub.limits import LIMITS
from tests.discord_stub.permissions import Permission
from tests.discord_stub.snowflakes import Snowflakes, timestamp

if TYPE_CHECKING:
    from tests.discord_stub.gateway import Gateway
    from tests.discord_stub.interactions import Interaction
    from tests.discord_stub.messages import Message
    from tests.discord_stub.voice import Voice
    from tests.discord_stub.voice_channels import VoiceState

GUILD_INSTALL, USER_INSTALL = 0, 1


@dataclass(eq=False, slots=True)
class User:
    """An account."""

    id: int
    name: str
    display_name: str
    locale: str = "en-US"
    is_bot: bool = False
    accepts_dms: bool = True
    has_installed_app: bool = False
    dm: Channel | None = None

    def payload(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "id": str(self.id),
            "username": self.name,
            "discriminator": "0",
            "global_name": None if self.is_bot else self.display_name,
            "avatar": None,
            "bot": self.is_bot,
            "public_flags": 0,
        }


@dataclass(eq=False, slots=True)
class Role:
    """A named set of permissions in a guild."""

    id: int
    name: str
    permissions: Permission
    position: int
    managed_by: int | None = None

    def payload(self) -> dict[str, Any]:
        """As JSON."""
        payload: dict[str, Any] = {
            "id": str(self.id),
            "name": self.name,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": self.position,
            "permissions": str(int(self.permissions)),
            "managed": self.managed_by is not None,
            "mentionable": False,
            "flags": 0,
        }
        if self.managed_by is not None:
            payload["tags"] = {"bot_id": str(self.managed_by)}
        return payload


@dataclass(eq=False, slots=True)
class Member:
    """A user in a guild; `mute` and `deaf` are what a moderator did to their voice."""

    user: User
    joined_at: float
    roles: list[int] = field(default_factory=list)
    nick: str | None = None
    mute: bool = False
    deaf: bool = False

    def payload(self, *, with_user: bool = True) -> dict[str, Any]:
        """As JSON."""
        payload: dict[str, Any] = {
            "roles": [str(role) for role in self.roles],
            "nick": self.nick,
            "avatar": None,
            "joined_at": timestamp(self.joined_at),
            "premium_since": None,
            "deaf": self.deaf,
            "mute": self.mute,
            "pending": False,
            "flags": 0,
        }
        if with_user:
            payload["user"] = self.user.payload()
        return payload


@dataclass(eq=False)
class Guild:
    """A server. Tests make one with `stub.add_guild`.

    Attributes:
        voice: id of a user -> where they are in voice; who is nowhere is not in it.
    """

    world: World
    id: int
    name: str
    locale: str = "en-US"
    has_bot: bool = True
    owner: User | None = None
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    voice: dict[int, VoiceState] = field(default_factory=dict)

    @property
    def everyone(self) -> Role:
        """The role of all; has the guild's id."""
        return self.roles[self.id]

    @property
    def bot_role(self) -> Role | None:
        """The role that came with the bot; None where the bot is no member."""
        return next((role for role in self.roles.values() if role.managed_by), None)

    def text_channel(self, name: str) -> Channel:
        """Make a text channel and tell the bot."""
        return self._add_channel(TEXT, name)

    def voice_channel(self, name: str, *, limit: int = 0) -> Channel:
        """Make a voice channel for so many people, 0 for any number, and tell the bot."""
        return self._add_channel(VOICE, name, limit)

    def stage_channel(self, name: str) -> Channel:
        """Make a stage channel, where whoever joins listens at first, and tell the bot."""
        return self._add_channel(STAGE, name)

    def _add_channel(self, kind: int, name: str, limit: int = 0) -> Channel:
        world = self.world
        channel = Channel(world, world.next_id(), kind, name, guild=self, user_limit=limit)
        self.channels[channel.id] = world.channels[channel.id] = channel
        world.tell_guild(self, "CHANNEL_CREATE", channel.payload())
        return channel

    def add_member(self, who: Any) -> None:
        """`who` (a person or a user) joins."""
        user = self.world.users[who.id]
        self.members[user.id] = member = Member(user, self.world.now())
        payload = {**member.payload(), "guild_id": str(self.id)}
        self.world.tell_guild(self, "GUILD_MEMBER_ADD", payload)

    def remove_member(self, who: Any) -> None:
        """`who` leaves or is removed; their threads and calls lose them."""
        voice_channels.leave(self, self.world.users[who.id])
        del self.members[who.id]
        for channel in self.channels.values():
            channel.remove_thread_member(who.id)
        payload = {"guild_id": str(self.id), "user": self.world.users[who.id].payload()}
        self.world.tell_guild(self, "GUILD_MEMBER_REMOVE", payload)

    def without_bot(self) -> Guild:
        """The bot was never added here: only people who installed it for themselves use it."""
        voice_channels.leave(self, self.world.bot)
        self.has_bot = False
        self.members.pop(self.world.bot.id, None)
        if (role := self.bot_role) is not None:
            del self.roles[role.id]
        self.world.gateway.guild_gone(self)
        return self

    def remove_bot(self) -> None:
        """An administrator removes the bot; GUILD_DELETE follows."""
        self.without_bot()

    def allow_bot(self, *names: str) -> None:
        """Give the bot's role these permissions, by name (`attach_files`)."""
        self._set_bot(lambda held, bits: held | bits, names)

    def deny_bot(self, *names: str) -> None:
        """Take these permissions from the bot's role and from @everyone."""
        self._set_bot(lambda held, bits: held & ~bits, names)
        bits = _bits(names)
        self.everyone.permissions &= ~bits
        self._role_changed(self.everyone)

    def _set_bot(
        self, change: Callable[[Permission, Permission], Permission], names: tuple[str, ...]
    ) -> None:
        role = self.bot_role
        if role is None:
            raise AssertionError(f"the bot is no member of {self.name}")
        role.permissions = change(role.permissions, _bits(names))
        self._role_changed(role)

    def _role_changed(self, role: Role) -> None:
        payload = {"guild_id": str(self.id), "role": role.payload()}
        self.world.tell_guild(self, "GUILD_ROLE_UPDATE", payload)
        voice_channels.tell_if_suppressed(self, self.world.bot)

    def base_permissions(self, user_id: int) -> int:
        """What a member may do before channels have a say; 0 for strangers."""
        if self.owner is not None and self.owner.id == user_id:
            return permissions.ALL
        member = self.members.get(user_id)
        if member is None:
            return 0
        held = self.everyone.permissions
        for role in member.roles:
            held |= self.roles[role].permissions
        return held

    def payload(self, *, all_members: bool, with_voice: bool = False) -> dict[str, Any]:
        """As GUILD_CREATE has it; without the members intent it names the bot and who talks."""
        bot = self.world.bot.id
        voice = voice_channels.visible_states(self) if with_voice else []
        named = {bot, *(state.user.id for state in voice)}
        members = [m for m in self.members.values() if all_members or m.user.id in named]
        threads = [c for c in self.channels.values() if c.is_thread and c.bot_sees()]
        return {
            **self.settings(),
            "joined_at": timestamp(self.members[bot].joined_at),
            "large": False,
            "unavailable": False,
            "member_count": len(self.members),
            "members": [member.payload() for member in members],
            "channels": [c.payload() for c in self.channels.values() if not c.is_thread],
            "threads": [thread.payload() for thread in threads if not thread.archived],
            "presences": [],
            "voice_states": [state.payload() for state in voice],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def settings(self) -> dict[str, Any]:
        """As GET /guilds/{id} has it."""
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "owner_id": str(self.owner.id if self.owner else self.world.bot.id),
            "afk_channel_id": None,
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "roles": [role.payload() for role in self.roles.values()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "mfa_level": 0,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "premium_tier": 0,
            "preferred_locale": self.locale,
            "nsfw_level": 0,
        }


def _bits(names: tuple[str, ...]) -> Permission:
    bits = Permission(0)
    for name in names:
        bits |= permissions.permission(name)
    return bits


class World:
    """Everything that exists, and the clock it lives by.

    Attributes:
        clock: seconds since 1970; `skipped` is added, so tests can let minutes pass.
        privileged: names of the privileged intents that the application has switched on.
        first_answer_s: real seconds that the bot has for the first answer to an interaction.
        voice: the voice servers; None where nobody asked for them.
    """

    gateway: Gateway
    voice: Voice | None = None

    def __init__(self, bot_name: str, privileged: frozenset[str]) -> None:
        self.clock: Callable[[], float] = time.time
        self.skipped = 0.0
        self.first_answer_s = float(LIMITS["interaction.first_answer_s"].most)
        self._snowflakes = Snowflakes(self.now)
        self.changes = Changes()
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.interactions: dict[int, Interaction] = {}
        self.tokens: dict[str, Interaction] = {}
        self.nonces: dict[str, Message] = {}
        self.commands: dict[int | None, list[dict[str, Any]]] = {}
        self.files: dict[int, bytes] = {}
        self.privileged = privileged
        self.file_url = ""
        self.application_id = self.next_id()
        self.bot = User(self.application_id, bot_name.lower(), bot_name, is_bot=True)
        self.users[self.bot.id] = self.bot

    def now(self) -> float:
        """Seconds since 1970 here."""
        return self.clock() + self.skipped

    def next_id(self) -> int:
        """A new snowflake, greater than every one before."""
        return self._snowflakes.next()

    def add_user(self, name: str, *, locale: str = "en-US") -> User:
        """A new account."""
        user = User(self.next_id(), name.lower().replace(" ", "_"), name, locale)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, locale: str = "en-US") -> Guild:
        """A new server with the bot in it."""
        guild = Guild(self, self.next_id(), name, locale)
        guild.roles[guild.id] = Role(guild.id, "@everyone", permissions.EVERYONE, 0)
        role = Role(self.next_id(), self.bot.display_name, permissions.BOT_ROLE, 1, self.bot.id)
        guild.roles[role.id] = role
        guild.members[self.bot.id] = Member(self.bot, self.now(), [role.id])
        self.guilds[guild.id] = guild
        return guild

    def dm_with(self, user: User) -> Channel:
        """The direct messages of the bot and a user."""
        if user.dm is None:
            user.dm = Channel(self, self.next_id(), DM, user.name, recipients=[user])
            self.channels[user.dm.id] = user.dm
        return user.dm

    def can_reach(self, user: User) -> bool:
        """Whether Discord lets the bot write to this user."""
        shared = any(g.has_bot and user.id in g.members for g in self.guilds.values())
        return user.accepts_dms and (shared or user.has_installed_app)

    def tell_guild(self, guild: Guild, event: str, payload: dict[str, Any]) -> None:
        """An event of a guild, for the bot if it is a member."""
        if guild.has_bot:
            self.gateway.dispatch(event, payload)

    def tell(self, channel: Channel, event: str, payload: dict[str, Any]) -> None:
        """An event of a channel, for the bot if it sees the channel; others look at screens."""
        if channel.bot_sees():
            if channel.guild is not None:
                payload["guild_id"] = str(channel.guild.id)
            self.gateway.dispatch(event, payload, direct=channel.guild is None)
        self.changes.notify(channel.id)

    def tell_message(self, event: str, message: Message) -> None:
        """MESSAGE_CREATE or MESSAGE_UPDATE; nothing reaches the gateway for ephemeral ones."""
        if message.only_for is None and message.channel.bot_sees():
            self.gateway.dispatch_message(event, message)
        self.changes.notify(message.channel.id)
