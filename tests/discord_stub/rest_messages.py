"""Routes of messages. https://discord.com/developers/docs/resources/message"""

from __future__ import annotations

from itertools import islice
from typing import Any

from tests.discord_stub import errors
from tests.discord_stub.channels import DM, Channel
from tests.discord_stub.checks import check_files, check_message, require, require_content
from tests.discord_stub.components import number, show_files
from tests.discord_stub.errors import ApiError, Problems
from tests.discord_stub.limits import LIMITS
from tests.discord_stub.messages import (
    COMPONENTS_V2,
    LOADING,
    REPLY,
    Attachment,
    Message,
    attach,
    resolve_mentions,
)
from tests.discord_stub.rest import Ask, Handler

SETTABLE_FLAGS = 1 << 2 | 1 << 12 | COMPONENTS_V2
"""SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS and IS_COMPONENTS_V2; a bot sets no other."""


def find_channel(ask: Ask) -> Channel:
    """The channel of the path, if the bot can see it."""
    channel = ask.world.channels.get(ask.id("channel"))
    if channel is None:
        raise ApiError(errors.UNKNOWN_CHANNEL)
    require(channel, "read channel")
    return channel


def find_message(ask: Ask) -> Message:
    """The message of the path; ephemeral ones are not there."""
    message = find_channel(ask).messages.get(ask.id("message"))
    if message is None or message.only_for is not None:
        raise ApiError(errors.UNKNOWN_MESSAGE)
    return message


def for_bot(message: Message) -> dict[str, Any]:
    """A message as a request of the bot gets it, words only where the application may read."""
    may_read = "message_content" in message.channel.world.privileged or message.open_to_bot()
    return message.payload(with_content=may_read)


def post_message(ask: Ask) -> dict[str, Any]:
    """Create Message."""
    channel, body = find_channel(ask), ask.body or {}
    if channel.kind == DM and not all(map(ask.world.can_reach, channel.recipients)):
        raise ApiError(errors.CANNOT_DM)
    require_for_message(channel, body, ask.files)
    known = known_nonce(channel, body)
    if known is not None:
        return known.payload() | {"nonce": known.nonce}
    message = build_message(channel, body, ask.files)
    publish(message)
    return message.payload() | ({"nonce": message.nonce} if message.nonce is not None else {})


def require_for_message(
    channel: Channel, body: dict[str, Any], files: dict[int, tuple[str, bytes]]
) -> None:
    """Refuse what the bot may not write here."""
    require(channel, "send message")
    if channel.locked and channel.archived:
        raise ApiError(errors.THREAD_ARCHIVED)
    if body.get("embeds"):
        require(channel, "send embeds")
    if files:
        require(channel, "send files")
    if body.get("message_reference"):
        require(channel, "reply")


def known_nonce(channel: Channel, body: dict[str, Any]) -> Message | None:
    """The bot's message of the past few minutes with this nonce, where it asks for one.

    Discord names the author and no channel, so it may stand in another one.
    """
    nonce = body.get("nonce")
    if nonce is None or not body.get("enforce_nonce"):
        return None
    message = channel.world.nonces.get(str(nonce))
    if message is None or message.deleted:
        return None
    age = channel.world.now() - message.created
    return message if age <= LIMITS["message.nonce_s"].most else None


def build_message(
    channel: Channel, body: dict[str, Any], files: dict[int, tuple[str, bytes]]
) -> Message:
    """A message of the bot from a request, checked, but not yet shown."""
    flags = body.get("flags") or 0
    check_files(files)
    check_message(body, files=len(files), v2=bool(flags & COMPONENTS_V2))
    require_content(body, files=len(files))
    world = channel.world
    message = Message(world.next_id(), channel, world.bot, body.get("content") or "")
    message.flags = flags & SETTABLE_FLAGS
    message.embeds = [{"type": "rich", **embed} for embed in body.get("embeds") or []]
    message.nonce = body.get("nonce")
    message.attachments = keep_files(channel, body, files, [])
    message.reply_to = _referenced(channel, body.get("message_reference"))
    message.kind = REPLY if message.reply_to else 0
    message.components = finish_components(body.get("components"), message.attachments)
    resolve_mentions(message, body.get("allowed_mentions"))
    return message


def finish_components(
    components: list[dict[str, Any]] | None, files: list[Attachment]
) -> list[dict[str, Any]]:
    """Number the components and show the message's files in them."""
    problems, finished = Problems(), components or []
    number(finished)
    show_files(problems, finished, files)
    problems.raise_if_any()
    return finished


def _referenced(channel: Channel, reference: dict[str, Any] | None) -> Message | None:
    if not reference:
        return None
    target = channel.messages.get(int(reference["message_id"]))
    if target is None and reference.get("fail_if_not_exists", True):
        raise ApiError(
            errors.INVALID_FORM,
            errors={
                "message_reference": {
                    "_errors": [
                        {"code": "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "message": "Unknown message"}
                    ]
                }
            },
        )
    return target


def keep_files(
    channel: Channel,
    body: dict[str, Any],
    files: dict[int, tuple[str, bytes]],
    present: list[Attachment],
) -> list[Attachment]:
    """The message's files after a request: those it keeps, then those it brings.

    A request without `attachments` keeps all; one with it names what stays by id, and what
    comes by the number of its `files[n]`.
    """
    named: list[dict[str, Any]] | None = body.get("attachments")
    staying = {int(entry["id"]) for entry in named or []}
    kept = present if named is None else [file for file in present if file.id in staying]
    about = {int(entry["id"]): entry for entry in named or []}
    return kept + [
        attach(
            channel.world,
            channel,
            about.get(index, {}).get("filename") or name,
            data,
            about.get(index, {}).get("description"),
        )
        for index, (name, data) in sorted(files.items())
    ]


def publish(message: Message) -> None:
    """Put a message into its channel and tell everybody who hears of it."""
    channel = message.channel
    if channel.archived:
        channel.archived = False
        channel.world.tell(channel, "THREAD_UPDATE", channel.payload())
    channel.messages[message.id] = message
    channel.sent += 1
    channel.typing_until.pop(message.author.id, None)
    if message.nonce is not None and message.author is channel.world.bot:
        channel.world.nonces[str(message.nonce)] = message
    if channel.is_thread and message.only_for is None:
        for user in message.mentions:
            if channel.guild is not None and user.id in channel.guild.members:
                channel.add_thread_member(user.id)
    channel.world.tell_message("MESSAGE_CREATE", message)


def get_messages(ask: Ask) -> list[dict[str, Any]]:
    """Get Channel Messages: newest first, around, before or after an id."""
    channel = find_channel(ask)
    require(channel, "read history")
    limit = int(ask.query.get("limit", 50))
    most = LIMITS["message.history"].most
    if not 1 <= limit <= most:
        problems = Problems()
        problems.add(("limit",), "NUMBER_TYPE_MAX", f"int value should be between 1 and {most}.")
        problems.raise_if_any()
    found = _slice([m for m in channel.messages.values() if m.only_for is None], ask.query, limit)
    return [for_bot(message) for message in found]


def _slice(messages: list[Message], query: dict[str, str], limit: int) -> list[Message]:
    if "after" in query:
        after = int(query["after"])
        oldest = list(islice((m for m in messages if m.id > after), limit))
        return oldest[::-1]
    if "around" in query:
        middle = int(query["around"])
        older = [m for m in messages if m.id <= middle][-(limit // 2 + 1) :]
        newer = [m for m in messages if m.id > middle][: limit - len(older)]
        return (older + newer)[::-1]
    before = int(query.get("before", 1 << 63))
    return [m for m in messages if m.id < before][-limit:][::-1]


def get_message(ask: Ask) -> dict[str, Any]:
    """Get Channel Message."""
    message = find_message(ask)
    require(message.channel, "read history")
    return for_bot(message)


def patch_message(ask: Ask) -> dict[str, Any]:
    """Edit Message."""
    message, body = find_message(ask), ask.body or {}
    if message.author is not ask.world.bot:
        raise ApiError(errors.CANNOT_EDIT_OTHERS, violation="edit of another user's message")
    if message.channel.archived:
        raise ApiError(errors.THREAD_ARCHIVED)
    if ask.files:
        require(message.channel, "send files")
    edit_message(message, body, ask.files)
    return message.payload()


def edit_message(
    message: Message, body: dict[str, Any], files: dict[int, tuple[str, bytes]]
) -> None:
    """Change what the request names; a message made of components stays one."""
    was_loading = message.loading
    flags = (body.get("flags") or 0) & SETTABLE_FLAGS
    becomes_v2 = bool(flags & COMPONENTS_V2)
    check_files(files)
    kept = keep_files(message.channel, body, files, message.attachments)
    check_message(body, files=len(kept), v2=message.is_v2 or becomes_v2)
    if becomes_v2 and not message.is_v2:
        _refuse_leftovers(message, body)
    components = finish_components(body.get("components"), kept)
    message.attachments = kept
    if "content" in body:
        message.content = body["content"] or ""
    if "embeds" in body:
        message.embeds = [{"type": "rich", **embed} for embed in body["embeds"] or []]
    if "components" in body:
        message.components = components
    if "flags" in body or was_loading:
        keep = message.flags & ~(SETTABLE_FLAGS | LOADING) | message.flags & COMPONENTS_V2
        message.flags = keep | flags
    if {"content", "components"} & body.keys():
        resolve_mentions(message, body.get("allowed_mentions"))
    message.changed(visibly=not was_loading)
    message.channel.world.tell_message("MESSAGE_UPDATE", message)


def _refuse_leftovers(message: Message, body: dict[str, Any]) -> None:
    """A message becomes one of components only when its text and embeds are taken away."""
    left = [
        key
        for key, value in (("content", message.content), ("embeds", message.embeds))
        if value and key not in body
    ]
    if left:
        problems = Problems()
        problems.add(
            ("flags",),
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
            f"{left} must be emptied in the same edit",
        )
        problems.raise_if_any()


def delete_message(ask: Ask) -> None:
    """Delete Message."""
    message = find_message(ask)
    if message.author is not ask.world.bot:
        if message.channel.guild is None:
            raise ApiError(errors.MISSING_PERMISSIONS, violation="delete of a person's message")
        require(message.channel, "delete other's message")
    remove(message)


def remove(message: Message) -> None:
    """A message goes."""
    channel = message.channel
    message.deleted = True
    message.version += 1
    channel.messages.pop(message.id, None)
    if message.only_for is None:
        payload = {"id": str(message.id), "channel_id": str(channel.id)}
        channel.world.tell(channel, "MESSAGE_DELETE", payload)
    else:
        channel.world.changes.notify(channel.id)


def bulk_delete(ask: Ask) -> None:
    """Bulk Delete Messages."""
    channel = find_channel(ask)
    require(channel, "delete other's message")
    for number_ in ask.body["messages"]:
        if (message := channel.messages.get(int(number_))) is not None:
            remove(message)


_MESSAGE = "/channels/{channel}/messages/{message}"

ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "/channels/{channel}/messages", post_message),
    ("GET", "/channels/{channel}/messages", get_messages),
    ("POST", "/channels/{channel}/messages/bulk-delete", bulk_delete),
    ("GET", _MESSAGE, get_message),
    ("PATCH", _MESSAGE, patch_message),
    ("DELETE", _MESSAGE, delete_message),
]
