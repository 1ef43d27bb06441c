"""What any bot costs: a client of the same library that answers every message with its own words.

`discord_latency.py` runs it beside Hotseat. Token and addresses come from the same variables.
"""

from __future__ import annotations

import os

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


class EchoBot(discord.Client):
    """Repeats what it is told."""

    async def on_message(self, message: discord.Message) -> None:
        """Answer a person."""
        if not message.author.bot:
            await message.channel.send(message.content)


def main() -> None:
    """Run until killed."""
    Route.BASE = os.environ["HOTSEAT_DISCORD_API"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["HOTSEAT_DISCORD_GATEWAY"])
    intents = discord.Intents(guilds=True, dm_messages=True)
    EchoBot(intents=intents, max_messages=None).run(
        os.environ["HOTSEAT_DISCORD_TOKEN"], log_handler=None
    )


if __name__ == "__main__":
    main()
