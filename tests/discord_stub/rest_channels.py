"""Routes of channels and threads. https://discord.com/developers/docs/resources/channel"""

from __future__ import annotations

from typing import Any

from tests.discord_stub import errors
from tests.discord_stub.channels import PRIVATE_THREAD, PUBLIC_THREAD, TEXT, Channel
from tests.discord_stub.checks import require
from tests.discord_stub.components import length_of
from tests.discord_stub.errors import ApiError, Problems
from tests.discord_stub.limits import ARCHIVE_MINUTES, LIMITS
from tests.discord_stub.messages import Message
from tests.discord_stub.rest import Ask, Handler
from tests.discord_stub.rest_messages import find_channel, find_message


def get_channel(ask: Ask) -> dict[str, Any]:
    """Get Channel."""
    return find_channel(ask).payload()


def patch_channel(ask: Ask) -> dict[str, Any]:
    """Modify Channel: a thread's name, archive, lock; a text channel's name, topic, slowmode."""
    channel, body = find_channel(ask), ask.body or {}
    if channel.guild is None:
        raise ApiError((403, 50024, "Cannot execute action on this channel type"))
    own = channel.owner_id == ask.world.bot.id
    if not channel.is_thread:
        require(channel, "change channel")
    elif not own or body.keys() & {"locked", "rate_limit_per_user"}:
        require(channel, "change thread")
    if channel.archived and body.get("archived", True):
        raise ApiError(errors.THREAD_ARCHIVED)
    _check_settings(body)
    _apply(channel, body)
    event = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
    ask.world.tell(channel, event, channel.payload())
    return channel.payload()


def _check_settings(body: dict[str, Any]) -> None:
    problems = Problems()
    if "name" in body:
        length_of(problems, ("name",), body["name"], "channel.name")
    length_of(problems, ("topic",), body.get("topic"), "channel.topic")
    _check_archive_minutes(problems, body)
    most = LIMITS["channel.slowmode"].most
    if not 0 <= (body.get("rate_limit_per_user") or 0) <= most:
        text = f"int value should be between 0 and {most}."
        problems.add(("rate_limit_per_user",), "NUMBER_TYPE_MAX", text)
    problems.raise_if_any()


def _check_archive_minutes(problems: Problems, body: dict[str, Any]) -> None:
    minutes = body.get("auto_archive_duration")
    if minutes is not None and minutes not in ARCHIVE_MINUTES:
        text = f"Value must be one of {ARCHIVE_MINUTES}."
        problems.add(("auto_archive_duration",), "BASE_TYPE_CHOICES", text)


_SETTINGS = {
    "name": "name",
    "topic": "topic",
    "archived": "archived",
    "locked": "locked",
    "invitable": "invitable",
    "auto_archive_duration": "archive_minutes",
    "rate_limit_per_user": "slowmode",
}


def _apply(channel: Channel, body: dict[str, Any]) -> None:
    for key, attribute in _SETTINGS.items():
        if key in body:
            setattr(channel, attribute, body[key])


def delete_channel(ask: Ask) -> dict[str, Any]:
    """Delete/Close Channel."""
    channel = find_channel(ask)
    payload = channel.payload()
    if channel.guild is not None:
        require(channel, "change thread" if channel.is_thread else "change channel")
        channel.delete()
    return payload


def post_thread(ask: Ask) -> dict[str, Any]:
    """Start Thread without Message: private unless the request says type 11."""
    parent, body = find_channel(ask), ask.body or {}
    kind = body.get("type", PRIVATE_THREAD)
    if parent.kind != TEXT or kind not in (PUBLIC_THREAD, PRIVATE_THREAD):
        raise ApiError((400, 50024, "Cannot execute action on this channel type"))
    require(parent, f"start {'private' if kind == PRIVATE_THREAD else 'public'} thread")
    thread = _make_thread(parent, kind, body, ask.world.next_id())
    return thread.payload()


def post_message_thread(ask: Ask) -> dict[str, Any]:
    """Start Thread from Message; the thread has the message's id."""
    message = find_message(ask)
    parent = message.channel
    if parent.kind != TEXT:
        raise ApiError((400, 50024, "Cannot execute action on this channel type"))
    require(parent, "start public thread")
    if message.thread is not None:
        raise ApiError((400, 160004, "A thread has already been created for this message"))
    message.thread = _make_thread(parent, PUBLIC_THREAD, ask.body or {}, message.id)
    message.version += 1
    _tell_message_changed(message)
    return message.thread.payload()


def _tell_message_changed(message: Message) -> None:
    message.channel.world.tell_message("MESSAGE_UPDATE", message)


def _make_thread(parent: Channel, kind: int, body: dict[str, Any], thread_id: int) -> Channel:
    problems = Problems()
    length_of(problems, ("name",), body.get("name"), "thread.name")
    _check_archive_minutes(problems, body)
    problems.raise_if_any()
    world = parent.world
    thread = Channel(world, thread_id, kind, body["name"], parent.guild, parent)
    thread.owner_id = world.bot.id
    _apply(thread, {key: value for key, value in body.items() if value is not None})
    thread.joined[world.bot.id] = world.now()
    if parent.guild is not None:
        parent.guild.channels[thread.id] = thread
    world.channels[thread.id] = thread
    world.tell(thread, "THREAD_CREATE", thread.payload() | {"newly_created": True})
    return thread


def put_thread_member(ask: Ask) -> None:
    """Join Thread and Add Thread Member."""
    thread = _open_thread(ask)
    user_id = _member(ask, thread)
    require(thread, "add thread member")
    thread.add_thread_member(user_id)


def delete_thread_member(ask: Ask) -> None:
    """Leave Thread and Remove Thread Member."""
    thread = _open_thread(ask)
    user_id = ask.world.bot.id if ask.ids["user"] == "@me" else ask.id("user")
    own = thread.kind == PRIVATE_THREAD and thread.owner_id == ask.world.bot.id
    if user_id != ask.world.bot.id and not own:
        require(thread, "change thread")
    thread.remove_thread_member(user_id)


def get_thread_members(ask: Ask) -> list[dict[str, Any]]:
    """List Thread Members, which the members intent guards."""
    thread = find_channel(ask)
    if "members" not in ask.world.privileged:
        raise ApiError(errors.MISSING_ACCESS, violation="list of members without the intent")
    return [thread.thread_member(user_id) for user_id in thread.joined]


def get_thread_member(ask: Ask) -> dict[str, Any]:
    """Get Thread Member."""
    thread = find_channel(ask)
    user_id = ask.world.bot.id if ask.ids["user"] == "@me" else ask.id("user")
    if user_id not in thread.joined:
        raise ApiError(errors.UNKNOWN_MEMBER)
    return thread.thread_member(user_id)


def _open_thread(ask: Ask) -> Channel:
    thread = find_channel(ask)
    if not thread.is_thread:
        raise ApiError((400, 50024, "Cannot execute action on this channel type"))
    if thread.archived:
        raise ApiError(errors.THREAD_ARCHIVED)
    return thread


def _member(ask: Ask, thread: Channel) -> int:
    if ask.ids["user"] == "@me":
        return ask.world.bot.id
    user_id = ask.id("user")
    if thread.guild is None or user_id not in thread.guild.members:
        raise ApiError(errors.UNKNOWN_MEMBER)
    return user_id


def get_archived_private_threads(ask: Ask) -> dict[str, Any]:
    """List Private Archived Threads and List Joined Private Archived Threads."""
    parent = find_channel(ask)
    require(parent, "read history")
    world = ask.world
    threads = [
        channel
        for channel in world.channels.values()
        if channel.parent is parent and channel.archived and channel.kind == PRIVATE_THREAD
    ]
    mine = [thread for thread in threads if world.bot.id in thread.joined]
    return {
        "threads": [thread.payload() for thread in mine],
        "members": [thread.thread_member(world.bot.id) for thread in mine],
        "has_more": False,
    }


_MEMBERS = "/channels/{channel}/thread-members"
_ARCHIVED = "/channels/{channel}/users/@me/threads/archived/private"

ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "/channels/{channel}", get_channel),
    ("PATCH", "/channels/{channel}", patch_channel),
    ("DELETE", "/channels/{channel}", delete_channel),
    ("POST", "/channels/{channel}/threads", post_thread),
    ("POST", "/channels/{channel}/messages/{message}/threads", post_message_thread),
    ("GET", _MEMBERS, get_thread_members),
    ("GET", f"{_MEMBERS}/{{user}}", get_thread_member),
    ("PUT", f"{_MEMBERS}/{{user}}", put_thread_member),
    ("DELETE", f"{_MEMBERS}/{{user}}", delete_thread_member),
    ("GET", _ARCHIVED, get_archived_private_threads),
]
