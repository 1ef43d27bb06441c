"""Runs the bot until it is told to stop; says what to do where Discord will not have it."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord

from bot.discord.client import HotseatBot
from bot.discord.endpoint import new_connector, use_endpoint
from bot.doors import UsageError
from bot.settings import Settings
from bot.wiring import OpenSession, open_app, open_library, open_sessions
from scenarios.load import Library

_LOG = logging.getLogger(__name__)

HOW_TO_SIGN_IN = (
    "no Discord token: set HOTSEAT_DISCORD_TOKEN in the environment or in .env to the token of "
    "your application's bot (discord.com/developers/applications, Bot, Reset Token)"
)
SIGN_IN_REFUSED = (
    "Discord does not know this token: copy it anew (discord.com/developers/applications, Bot, "
    "Reset Token) into HOTSEAT_DISCORD_TOKEN"
)
NO_INTENT = (
    "the message-content intent is not on for this application: switch it on "
    "(discord.com/developers/applications, Bot, Privileged Gateway Intents), or unset "
    "HOTSEAT_DISCORD_MESSAGE_CONTENT; direct messages work without it"
)
NO_NETWORK = (
    "Discord could not be reached ({reason}): check the network and, if they are set, "
    "HOTSEAT_DISCORD_API, HOTSEAT_DISCORD_GATEWAY and HOTSEAT_DISCORD_CA; then start again"
)


@asynccontextmanager
async def open_bot(settings: Settings, library: Library | None = None) -> AsyncIterator[HotseatBot]:
    """A bot with everything that it needs, logged in to nothing yet; closed at the end.

    `library` is for whoever has read the packs already.
    """
    use_endpoint(settings)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    async with (
        open_app(settings, library or open_library(settings)) as app,
        open_sessions(app) as open_session,
        HotseatBot(app, open_session, new_connector(settings)) as bot,
        _paged(bot, open_session),
    ):
        yield bot


@asynccontextmanager
async def _paged(bot: HotseatBot, open_session: OpenSession) -> AsyncIterator[None]:
    """The bot with its page, where one is wanted; raises `UsageError` where it cannot be served."""
    if bot.app.settings.web_address is None:
        yield
        return
    # The web server's parts are loaded only for those who want it.
    from bot.discord.page import open_page

    async with open_page(bot, open_session) as bot.page:
        _LOG.info("the whiteboard is at %s", bot.app.settings.web_address)
        yield


async def serve(settings: Settings) -> None:
    """Hold interviews on Discord until SIGTERM or Ctrl+C; raises `UsageError`."""
    token = settings.discord_token
    if token is None or not token.get_secret_value().strip():
        raise UsageError(HOW_TO_SIGN_IN)
    async with open_bot(settings) as bot:
        # Packs and libraries stay for good: looking through them again holds up turns.
        gc.collect()
        gc.freeze()
        loop = asyncio.get_running_loop()
        running = asyncio.create_task(_run(bot, token.get_secret_value().strip()))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, running.cancel)
        try:
            await running
        except asyncio.CancelledError:
            _LOG.info("stopping")


async def _run(bot: HotseatBot, token: str) -> None:
    """Stay connected; what Discord refuses for good becomes a `UsageError`."""
    try:
        await bot.start(token)
    except discord.LoginFailure as err:
        raise UsageError(SIGN_IN_REFUSED) from err
    except discord.PrivilegedIntentsRequired as err:
        raise UsageError(NO_INTENT) from err
    except (aiohttp.ClientError, OSError, discord.HTTPException, discord.GatewayNotFound) as err:
        raise UsageError(NO_NETWORK.format(reason=type(err).__name__)) from err
