"""What the bot has to be allowed on a server, what for, and the links that add it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

import discord


class Use(Enum):
    """What cannot be done at all in a channel without the permissions for it."""

    INTERVIEW = "an interview in a private thread"
    CARD = "a shared card with its thread"
    CALL = "an interview by voice"


class Permission(NamedTuple):
    """The library's name of a permission, Discord's own, and what cannot be done without it."""

    flag: str
    name: str
    uses: tuple[Use, ...]


NEEDED = (
    Permission("view_channel", "View Channel", (Use.INTERVIEW, Use.CARD, Use.CALL)),
    Permission("send_messages", "Send Messages", (Use.CARD,)),
    Permission("create_public_threads", "Create Public Threads", (Use.CARD,)),
    Permission("create_private_threads", "Create Private Threads", (Use.INTERVIEW,)),
    Permission("send_messages_in_threads", "Send Messages in Threads", (Use.INTERVIEW,)),
    Permission("attach_files", "Attach Files", ()),
    Permission("read_message_history", "Read Message History", (Use.INTERVIEW, Use.CARD)),
    Permission("connect", "Connect", (Use.CALL,)),
    Permission("speak", "Speak", (Use.CALL,)),
)
"""Everything that a server is asked for; without Attach Files only pictures are missing, without
Connect and Speak only calls."""

PERMISSIONS = 377_960_369_152
"""All of `NEEDED` as the one number that Discord's links take."""

_AUTHORIZE = "https://discord.com/oauth2/authorize"


def missing_for(use: Use, granted: discord.Permissions) -> str:
    """Discord's names of what lacks for that use, in a row; empty where nothing does."""
    return ", ".join(
        one.name for one in NEEDED if use in one.uses and not getattr(granted, one.flag)
    )


def server_link(application_id: int) -> str:
    """Where whoever runs a server adds the bot to it."""
    return (
        f"{_AUTHORIZE}?client_id={application_id}&permissions={PERMISSIONS}"
        "&scope=bot+applications.commands"
    )


def user_link(application_id: int) -> str:
    """Where a person takes the commands along, to any server and into direct messages."""
    return f"{_AUTHORIZE}?client_id={application_id}&integration_type=1&scope=applications.commands"
