"""Channels, threads and direct messages: who is in them and what was written there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.discord_stub import permissions, voice_channels
from tests.discord_stub.permissions import Permission, overwritten
from tests.discord_stub.snowflakes import created_at, timestamp

if TYPE_CHECKING:
    from tests.discord_stub.messages import Message
    from tests.discord_stub.state import Guild, User, World

GUILD_MEMBERS = 1 << 1
"""The intent without which a bot hears of no other members."""

TEXT, DM, VOICE, GROUP_DM, PUBLIC_THREAD, PRIVATE_THREAD, STAGE = 0, 1, 2, 3, 11, 12, 13
THREADS = (PUBLIC_THREAD, PRIVATE_THREAD)


@dataclass(eq=False)
class Channel:
    """A place to write, and in voice and stage channels to talk. `str(channel)` is its mention.

    Attributes:
        kind: Discord's channel type.
        overwrites: id of a role or user -> (allowed, denied) bits.
        joined: ids of a thread's members, with the time of joining.
        messages: by id, oldest first; deleted ones are gone.
        user_limit: how many may talk in a voice channel; 0 for any number.
    """

    world: World
    id: int
    kind: int
    name: str
    guild: Guild | None = None
    parent: Channel | None = None
    owner_id: int = 0
    recipients: list[User] = field(default_factory=list)
    topic: str | None = None
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict)
    joined: dict[int, float] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    typing_until: dict[int, float] = field(default_factory=dict)
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    archive_minutes: int = 1440
    slowmode: int = 0
    user_limit: int = 0
    sent: int = 0
    deleted: bool = False

    def __str__(self) -> str:
        return f"<#{self.id}>"

    @property
    def is_thread(self) -> bool:
        """Whether this is a thread."""
        return self.kind in THREADS

    @property
    def is_voice(self) -> bool:
        """Whether people talk here."""
        return self.kind in (VOICE, STAGE)

    @property
    def is_stage(self) -> bool:
        """Whether people here listen until somebody lets them speak."""
        return self.kind == STAGE

    def permissions_of(self, user_id: int) -> Permission:
        """What a user may do here, with nothing for those who may not look.

        In a thread, writing needs SEND_MESSAGES_IN_THREADS of the parent.
        """
        if self.guild is None:
            here = [user.id for user in self.recipients] + [self.world.bot.id] * (self.kind == DM)
            return permissions.IN_DIRECT_MESSAGES if user_id in here else Permission(0)
        source = self.parent or self
        member = self.guild.members.get(user_id)
        held = Permission(
            overwritten(
                self.guild.base_permissions(user_id),
                source.overwrites,
                self.guild.id,
                member.roles if member else [],
                user_id,
            )
        )
        return self._in_thread(held, user_id) if self.is_thread else _unless_blind(held)

    def _in_thread(self, held: Permission, user_id: int) -> Permission:
        if self.kind == PRIVATE_THREAD and user_id not in self.joined:
            held = held if held & Permission.MANAGE_THREADS else Permission(0)
        if held & Permission.SEND_MESSAGES_IN_THREADS:
            held |= Permission.SEND_MESSAGES
        else:
            held &= ~Permission.SEND_MESSAGES
        return _unless_blind(held)

    def sees(self, user_id: int) -> bool:
        """Whether a user can open this channel."""
        return not self.deleted and bool(self.permissions_of(user_id) & Permission.VIEW_CHANNEL)

    def bot_sees(self) -> bool:
        """Whether the bot hears what happens here."""
        return self.sees(self.world.bot.id)

    def allow_bot(self, *names: str) -> None:
        """Let the bot do this here, whatever its roles say."""
        self._overwrite_bot(names, allow=True)

    def deny_bot(self, *names: str) -> None:
        """Forbid this here to the bot, whatever its roles say."""
        self._overwrite_bot(names, allow=False)

    def _overwrite_bot(self, names: tuple[str, ...], *, allow: bool) -> None:
        allowed, denied = self.overwrites.get(self.world.bot.id, (0, 0))
        for name in names:
            bit = permissions.permission(name)
            allowed, denied = (
                (allowed | bit, denied & ~bit) if allow else (allowed & ~bit, denied | bit)
            )
        self.overwrites[self.world.bot.id] = (allowed, denied)
        if self.guild is not None:
            self.world.tell_guild(self.guild, "CHANNEL_UPDATE", self.payload())
            voice_channels.tell_if_suppressed(self.guild, self.world.bot)

    def add_thread_member(self, user_id: int) -> None:
        """A user joins this thread; nothing happens if they are in it."""
        if user_id in self.joined:
            return
        self.joined[user_id] = self.world.now()
        self.world.changes.notify(user_id)
        if user_id == self.world.bot.id:
            self.world.tell(self, "THREAD_CREATE", self.payload())
        self._members_changed(user_id, {"added_members": [self.thread_member(user_id)]})

    def remove_thread_member(self, user_id: int) -> None:
        """A user leaves this thread or is removed from it."""
        if self.joined.pop(user_id, None) is None:
            return
        self._members_changed(user_id, {"removed_member_ids": [str(user_id)]})

    def _members_changed(self, user_id: int, change: dict[str, Any]) -> None:
        """Tell the bot; about others only with the members intent, as documented."""
        bot, guild = self.world.bot.id, self.guild
        if guild is not None and guild.has_bot and (user_id == bot or self.bot_sees()):
            self.world.gateway.dispatch(
                "THREAD_MEMBERS_UPDATE",
                {"id": str(self.id), "guild_id": str(guild.id), "member_count": len(self.joined)}
                | change,
                intent=~0 if user_id == bot else GUILD_MEMBERS,
            )
        self.world.changes.notify(self.id)

    def delete(self) -> None:
        """The channel goes, with its threads and messages."""
        guild = self.guild
        if guild is None:
            raise AssertionError("direct messages cannot be deleted")
        for thread in [c for c in guild.channels.values() if c.parent is self]:
            thread.delete()
        voice_channels.empty(self)
        heard = self.bot_sees()
        self.deleted = True
        del guild.channels[self.id], self.world.channels[self.id]
        if heard and guild.has_bot:
            self.world.gateway.dispatch(
                "THREAD_DELETE" if self.is_thread else "CHANNEL_DELETE", self.payload()
            )
        self.world.changes.notify(self.id)

    def archive(self, *, locked: bool = False) -> None:
        """Somebody archives this thread."""
        self.archived, self.locked = True, locked
        self.world.tell(self, "THREAD_UPDATE", self.payload())

    def thread_member(self, user_id: int) -> dict[str, Any]:
        """A thread's member, as JSON."""
        return {
            "id": str(self.id),
            "user_id": str(user_id),
            "join_timestamp": timestamp(self.joined[user_id]),
            "flags": 0,
        }

    def payload(self) -> dict[str, Any]:
        """As JSON, by kind."""
        last = next(reversed(self.messages), None)
        payload: dict[str, Any] = {
            "id": str(self.id),
            "type": self.kind,
            "flags": 0,
            "last_message_id": str(last) if last else None,
        }
        if self.guild is None:
            payload["recipients"] = [user.payload() for user in self.recipients]
            return payload
        payload |= {
            "guild_id": str(self.guild.id),
            "name": self.name,
            "parent_id": str(self.parent.id) if self.parent else None,
            "rate_limit_per_user": self.slowmode,
        }
        if self.is_voice:
            payload |= {"bitrate": 64_000, "user_limit": self.user_limit, "rtc_region": None}
        return payload | (self._thread_fields() if self.is_thread else self._text_fields())

    def _text_fields(self) -> dict[str, Any]:
        roles = self.guild.roles if self.guild else {}
        return {
            "position": 0,
            "topic": self.topic,
            "nsfw": False,
            "permission_overwrites": [
                {
                    "id": str(target),
                    "type": 0 if target in roles else 1,
                    "allow": str(int(allow)),
                    "deny": str(int(deny)),
                }
                for target, (allow, deny) in self.overwrites.items()
            ],
        }

    def _thread_fields(self) -> dict[str, Any]:
        created = timestamp(created_at(self.id))
        fields: dict[str, Any] = {
            "owner_id": str(self.owner_id),
            "member_count": len(self.joined),
            "message_count": self.sent,
            "total_message_sent": self.sent,
            "thread_metadata": {
                "archived": self.archived,
                "auto_archive_duration": self.archive_minutes,
                "archive_timestamp": created,
                "create_timestamp": created,
                "locked": self.locked,
                "invitable": self.invitable,
            },
        }
        if self.world.bot.id in self.joined:
            fields["member"] = self.thread_member(self.world.bot.id)
        return fields


def _unless_blind(held: Permission) -> Permission:
    return held if held & Permission.VIEW_CHANNEL else Permission(0)
