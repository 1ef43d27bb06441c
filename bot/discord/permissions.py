"""What the bot has to be allowed on a server, and the links that add it."""

from __future__ import annotations

from collections.abc import Mapping

NEEDED: Mapping[str, str] = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "create_public_threads": "Create Public Threads",
    "create_private_threads": "Create Private Threads",
    "send_messages_in_threads": "Send Messages in Threads",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
"""The library's name of each permission and Discord's own."""

PERMISSIONS = 377_957_223_424
"""All of `NEEDED` as the one number that Discord's links take."""

_AUTHORIZE = "https://discord.com/oauth2/authorize"


def server_link(application_id: int) -> str:
    """Where whoever runs a server adds the bot to it."""
    return (
        f"{_AUTHORIZE}?client_id={application_id}&permissions={PERMISSIONS}"
        "&scope=bot+applications.commands"
    )


def user_link(application_id: int) -> str:
    """Where a person takes the commands along, to any server and into direct messages."""
    return f"{_AUTHORIZE}?client_id={application_id}&integration_type=1&scope=applications.commands"
