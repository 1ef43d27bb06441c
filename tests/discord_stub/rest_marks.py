"""Routes of reactions, pins and typing. https://discord.com/developers/docs/resources/message"""

from __future__ import annotations

from typing import Any

from tests.discord_stub.channels import Channel
from tests.discord_stub.checks import require
from tests.discord_stub.errors import ApiError
from tests.discord_stub.limits import LIMITS
from tests.discord_stub.messages import Message
from tests.discord_stub.rest import Ask, Handler
from tests.discord_stub.rest_messages import find_channel, find_message, for_bot
from tests.discord_stub.snowflakes import timestamp
from tests.discord_stub.state import World

TYPING_S = 10.0
"""resources/channel#trigger-typing-indicator"""


def put_reaction(ask: Ask) -> None:
    """Create Reaction."""
    message = find_message(ask)
    require(message.channel, "react")
    react(message, ask.ids["emoji"], ask.world.bot.id)


def react(message: Message, emoji: str, user_id: int) -> None:
    """Somebody reacts; nothing happens the second time."""
    who = message.reactions.setdefault(emoji, [])
    if user_id in who:
        return
    if len(message.reactions) > LIMITS["reactions"].most:
        del message.reactions[emoji]
        raise ApiError((403, 30010, "Maximum number of reactions reached (20)"))
    who.append(user_id)
    _tell_reaction("MESSAGE_REACTION_ADD", message, emoji, user_id)


def delete_reaction(ask: Ask) -> None:
    """Delete Own Reaction and Delete User Reaction."""
    message, emoji = find_message(ask), ask.ids["emoji"]
    own = ask.ids["user"] == "@me"
    user_id = ask.world.bot.id if own else ask.id("user")
    if not own:
        require(message.channel, "delete other's message")
    if user_id in message.reactions.get(emoji, []):
        message.reactions[emoji].remove(user_id)
        if not message.reactions[emoji]:
            del message.reactions[emoji]
        _tell_reaction("MESSAGE_REACTION_REMOVE", message, emoji, user_id)


def _tell_reaction(event: str, message: Message, emoji: str, user_id: int) -> None:
    message.version += 1
    payload = {
        "user_id": str(user_id),
        "channel_id": str(message.channel.id),
        "message_id": str(message.id),
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    message.channel.world.tell(message.channel, event, payload)


def put_pin(ask: Ask) -> None:
    """Pin Message."""
    _set_pin(ask, pinned=True)


def delete_pin(ask: Ask) -> None:
    """Unpin Message."""
    _set_pin(ask, pinned=False)


def _set_pin(ask: Ask, *, pinned: bool) -> None:
    message = find_message(ask)
    if message.channel.guild is not None:
        require(message.channel, "pin")
    message.pinned = pinned
    message.version += 1
    ask.world.tell_message("MESSAGE_UPDATE", message)
    payload = {"channel_id": str(message.channel.id), "last_pin_timestamp": None}
    ask.world.tell(message.channel, "CHANNEL_PINS_UPDATE", payload)


def get_pins(ask: Ask) -> dict[str, Any]:
    """Get Channel Pins."""
    channel = find_channel(ask)
    pinned = [message for message in channel.messages.values() if message.pinned]
    items = [{"pinned_at": timestamp(m.created), "message": for_bot(m)} for m in pinned[::-1]]
    return {"items": items, "has_more": False}


def post_typing(ask: Ask) -> None:
    """Trigger Typing Indicator."""
    channel = find_channel(ask)
    require(channel, "send message")
    start_typing(channel, ask.world, ask.world.bot.id)


def start_typing(channel: Channel, world: World, user_id: int) -> None:
    """Somebody types, for ten seconds or until they write."""
    channel.typing_until[user_id] = world.now() + TYPING_S
    payload: dict[str, Any] = {
        "channel_id": str(channel.id),
        "user_id": str(user_id),
        "timestamp": int(world.now()),
    }
    if channel.guild is not None and (member := channel.guild.members.get(user_id)) is not None:
        payload["member"] = member.payload()
    world.tell(channel, "TYPING_START", payload)


_REACTIONS = "/channels/{channel}/messages/{message}/reactions/{emoji}"
_PINS = "/channels/{channel}/messages/pins"

ROUTES: list[tuple[str, str, Handler]] = [
    ("PUT", f"{_REACTIONS}/@me", put_reaction),
    ("DELETE", f"{_REACTIONS}/{{user}}", delete_reaction),
    ("GET", _PINS, get_pins),
    ("PUT", f"{_PINS}/{{message}}", put_pin),
    ("DELETE", f"{_PINS}/{{message}}", delete_pin),
    ("POST", "/channels/{channel}/typing", post_typing),
]
