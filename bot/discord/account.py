"""What Discord says about the application to which the token belongs, without going online."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp
import discord

from bot.discord.endpoint import new_connector, use_endpoint
from bot.discord.permissions import server_link, user_link
from bot.discord.serve import HOW_TO_SIGN_IN, NO_NETWORK, SIGN_IN_REFUSED
from bot.doors import UsageError
from bot.settings import Settings


@dataclass(frozen=True)
class Account:
    """The application and its bot; `user_install` is None where Discord does not say."""

    name: str
    application_id: int
    message_content: bool
    user_install: bool | None

    @property
    def server_link(self) -> str:
        """Adds the bot to a server."""
        return server_link(self.application_id)

    @property
    def user_link(self) -> str:
        """Adds the commands to a person's account."""
        return user_link(self.application_id)


async def look_up(settings: Settings) -> Account:
    """Log in and read what the token belongs to; raises `UsageError` with what to do."""
    token = settings.discord_token
    if token is None or not token.get_secret_value().strip():
        raise UsageError(HOW_TO_SIGN_IN)
    use_endpoint(settings)
    # The library would say on standard error that it cannot speak; nobody asked it to.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    connector = new_connector(settings)
    async with discord.Client(intents=discord.Intents(guilds=True), connector=connector) as client:
        try:
            await client.login(token.get_secret_value().strip())
        except discord.LoginFailure as err:
            raise UsageError(SIGN_IN_REFUSED) from err
        except (aiohttp.ClientError, OSError, discord.HTTPException) as err:
            raise UsageError(NO_NETWORK.format(reason=type(err).__name__)) from err
        return _account(client)


def _account(client: discord.Client) -> Account:
    found = client.application
    assert found is not None  # noqa: S101 - set by logging in
    flags = found.flags
    kinds = (found.guild_integration_config, found.user_integration_config)
    return Account(
        name=found.name,
        application_id=found.id,
        message_content=flags.gateway_message_content or flags.gateway_message_content_limited,
        user_install=None if kinds == (None, None) else kinds[1] is not None,
    )
