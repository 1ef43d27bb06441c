"""`hotseat bot`: the Discord bot, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer

from bot.console.runtime import read_settings
from bot.doors import UsageError

NOT_INSTALLED = (
    "the Discord parts are not installed ({name} is missing): `make bot` installs them, or "
    "`uv sync --extra discord` does"
)


def bot(
    database: Annotated[
        Path | None, typer.Option("--database", help="Database file, if not the usual one.")
    ] = None,
) -> None:
    """Hold interviews on Discord, until Ctrl+C; needs HOTSEAT_DISCORD_TOKEN."""
    try:
        from bot.discord.serve import serve
    except ModuleNotFoundError as err:
        if err.name is None or err.name.partition(".")[0] not in ("discord", "aiohttp", "yarl"):
            raise
        raise UsageError(NOT_INSTALLED.format(name=err.name)) from err
    settings = read_settings(database)
    logging.basicConfig(format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", level="INFO")
    asyncio.run(serve(settings))
