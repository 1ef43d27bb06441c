"""Messages and the files that hang on them."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.discord_stub.permissions import Permission
from tests.discord_stub.snowflakes import created_at, timestamp

if TYPE_CHECKING:
    from tests.discord_stub.channels import Channel
    from tests.discord_stub.interactions import Interaction
    from tests.discord_stub.state import User, World

PLAIN, THREAD_CREATED, REPLY, SLASH_COMMAND, CONTEXT_MENU = 0, 18, 19, 20, 23

EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15

_MENTION = re.compile(r"<@(&?)!?(\d+)>|@(everyone|here)\b")


@dataclass(eq=False, slots=True)
class Attachment:
    """A file on a message; its bytes are in `World.files`."""

    id: int
    name: str
    size: int
    url: str
    description: str | None = None
    width: int | None = None
    height: int | None = None

    def payload(self) -> dict[str, Any]:
        """As JSON."""
        kind, _ = mimetypes.guess_type(self.name)
        payload: dict[str, Any] = {
            "id": str(self.id),
            "filename": self.name,
            "size": self.size,
            "url": self.url,
            "proxy_url": self.url,
            "content_type": kind or "application/octet-stream",
        }
        if self.description:
            payload["description"] = self.description
        if self.width is not None:
            payload |= {"width": self.width, "height": self.height}
        return payload


def attach(
    world: World, channel: Channel, name: str, data: bytes, description: str | None = None
) -> Attachment:
    """Keep a file and say where it can be fetched."""
    file_id = world.next_id()
    world.files[file_id] = data
    width = height = None
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    url = f"{world.file_url}/attachments/{channel.id}/{file_id}/{quote(name)}"
    return Attachment(file_id, name, len(data), url, description, width, height)


@dataclass(eq=False, slots=True)
class Message:
    """What somebody wrote.

    Attributes:
        mentions: who is pinged, after `allowed_mentions`; so are the next two.
        only_for: the one person who sees an ephemeral message; None for everybody.
        version: goes up with every edit.
    """

    id: int
    channel: Channel
    author: User
    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    kind: int = PLAIN
    nonce: str | int | None = None
    reply_to: Message | None = None
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    interaction: Interaction | None = None
    only_for: User | None = None
    edited_at: float | None = None
    pinned: bool = False
    deleted: bool = False
    reactions: dict[str, list[int]] = field(default_factory=dict)
    thread: Channel | None = None
    version: int = 0
    drawn: tuple[int, str] | None = None

    @property
    def created(self) -> float:
        """Seconds since 1970."""
        return created_at(self.id)

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.only_for is not None

    @property
    def answers_command(self) -> bool:
        """Whether it stands under "somebody used /command"."""
        return self.kind in (SLASH_COMMAND, CONTEXT_MENU)

    @property
    def is_v2(self) -> bool:
        """Whether it is made of components alone."""
        return bool(self.flags & COMPONENTS_V2)

    @property
    def loading(self) -> bool:
        """Whether it still says that the bot is thinking."""
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """Everything in it that can be read, as a person sees it."""
        from tests.discord_stub.screen import draw_message

        if self.drawn is None or self.drawn[0] != self.version:
            self.drawn = (self.version, draw_message(self))
        return self.drawn[1]

    def changed(self, *, visibly: bool = True) -> None:
        """Note an edit; one that only ends "thinking" is not marked as such."""
        self.version += 1
        if visibly:
            self.edited_at = self.channel.world.now()

    def payload(self, *, with_content: bool = True, with_reply: bool = True) -> dict[str, Any]:
        """As JSON.

        Args:
            with_content: False empties what the message content intent guards.
            with_reply: whether to bring the message along that this one answers.
        """
        payload: dict[str, Any] = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "channel_type": self.channel.kind,
            "author": self.author.payload(),
            "content": self.content if with_content else "",
            "embeds": self.embeds if with_content else [],
            "components": self.components if with_content else [],
            "attachments": [a.payload() for a in self.attachments] if with_content else [],
            "flags": self.flags,
            "type": self.kind,
            "timestamp": timestamp(self.created),
            "edited_timestamp": timestamp(self.edited_at) if self.edited_at else None,
            "tts": False,
            "pinned": self.pinned,
            "mentions": [user.payload() for user in self.mentions],
            "mention_roles": [str(role) for role in self.mention_roles],
            "mention_everyone": self.mention_everyone,
        }
        self._add_links(payload, with_content=with_content, with_reply=with_reply)
        return payload

    def _add_links(self, payload: dict[str, Any], *, with_content: bool, with_reply: bool) -> None:
        if self.reactions:
            me = self.channel.world.bot.id
            payload["reactions"] = [
                {"emoji": {"id": None, "name": name}, "count": len(who), "me": me in who}
                for name, who in self.reactions.items()
            ]
        if self.reply_to is not None:
            payload["message_reference"] = self._reference(self.reply_to)
            if with_reply:
                gone = self.reply_to.deleted
                payload["referenced_message"] = (
                    None
                    if gone
                    else self.reply_to.payload(with_content=with_content, with_reply=False)
                )
        if self.interaction is not None:
            payload |= self.interaction.message_fields()
        if self.thread is not None:
            payload["thread"] = self.thread.payload()

    def _reference(self, target: Message) -> dict[str, Any]:
        reference: dict[str, Any] = {
            "type": 0,
            "message_id": str(target.id),
            "channel_id": str(target.channel.id),
        }
        if target.channel.guild is not None:
            reference["guild_id"] = str(target.channel.guild.id)
        return reference

    def event_payload(self, *, with_content: bool) -> dict[str, Any]:
        """As the gateway has it: with the guild, the author's membership and the nonce."""
        payload = self.payload(with_content=with_content)
        guild = self.channel.guild
        if guild is not None:
            payload["guild_id"] = str(guild.id)
            if (member := guild.members.get(self.author.id)) is not None:
                payload["member"] = member.payload(with_user=False)
        return payload

    def open_to_bot(self) -> bool:
        """Whether the bot reads this without the message content intent."""
        bot = self.channel.world.bot
        return self.author is bot or self.channel.guild is None or bot in self.mentions


def resolve_mentions(message: Message, allowed: dict[str, Any] | None) -> None:
    """Set who `message` pings.

    `allowed` is the `allowed_mentions` of the request; None pings everybody who is named.
    https://discord.com/developers/docs/resources/message#allowed-mentions-object
    """
    rules = allowed if allowed is not None else {"parse": ["users", "roles", "everyone"]}
    parse = rules.get("parse", [])
    users = {int(user) for user in rules.get("users", [])}
    roles = {int(role) for role in rules.get("roles", [])}
    message.mentions, message.mention_roles, message.mention_everyone = [], [], False
    for role, number, crowd in _MENTION.findall(_all_text(message)):
        if crowd:
            message.mention_everyone |= "everyone" in parse and _may_ping_all(message)
        elif role:
            _add(message.mention_roles, int(number), "roles" in parse or int(number) in roles)
        elif (user := message.channel.world.users.get(int(number))) is not None:
            _add(message.mentions, user, "users" in parse or user.id in users)
    if message.reply_to is not None:
        wanted = bool(rules.get("replied_user", allowed is None))
        _add(message.mentions, message.reply_to.author, wanted)


def _add(names: list[Any], name: Any, wanted: bool) -> None:
    if wanted and name not in names:
        names.append(name)


def _may_ping_all(message: Message) -> bool:
    held = message.channel.permissions_of(message.author.id)
    return bool(held & Permission.MENTION_EVERYONE)


def _all_text(message: Message) -> str:
    parts = [message.content]
    stack = list(message.components)
    while stack:
        part = stack.pop()
        parts.append(str(part.get("content", "")) if part.get("type") == 10 else "")
        stack.extend(part.get("components", []))
    return "\n".join(parts)
