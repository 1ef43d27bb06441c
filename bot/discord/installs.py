"""Where commands are offered."""

from __future__ import annotations

from typing import TypeVar

from discord import app_commands

Made = TypeVar("Made")


def everywhere(made: Made) -> Made:
    """On servers, in direct messages and in groups; installed to a server or by one person.

    For a command or a group cog; a plain cog hands nothing on to its commands.
    """
    placed = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(made)
    return app_commands.allowed_installs(guilds=True, users=True)(placed)


def on_servers(made: Made) -> Made:
    """On servers where the bot is a member only."""
    placed = app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)(made)
    return app_commands.allowed_installs(guilds=True, users=False)(placed)
