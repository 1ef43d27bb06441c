"""Where Discord is: its own servers, or a compatible one that the settings name."""

from __future__ import annotations

import ssl

import aiohttp
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.doors import UsageError
from bot.settings import Settings


def use_endpoint(settings: Settings) -> None:
    """Point the library at the servers that the settings name; the library's own otherwise."""
    if settings.discord_api is not None:
        Route.BASE = settings.discord_api.rstrip("/")
    if settings.discord_gateway is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway)


def new_connector(settings: Settings) -> aiohttp.BaseConnector | None:
    """Connections that trust the settings' certificates as well; None where there are none.

    Raises `UsageError` for a file that holds none. To be called in the running loop.
    """
    if settings.discord_ca is None:
        return None
    try:
        context = ssl.create_default_context()
        context.load_verify_locations(settings.discord_ca)
    except (OSError, ssl.SSLError) as err:
        raise UsageError(
            f"HOTSEAT_DISCORD_CA: {settings.discord_ca} cannot be used ({err}): give a PEM file "
            "with certificates"
        ) from err
    return aiohttp.TCPConnector(limit=0, ssl=context)
