"""`hotseat bot`: the Discord bot, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.console.runtime import read_settings
from bot.doors import UsageError

NOT_INSTALLED = (
    "the Discord parts are not installed ({name} is missing): `make bot` installs them, or "
    "`uv sync --extra discord` does"
)


NO_CHECKOUT = (
    "discord-preview plays on the local Discord of the tests, which is in the source only: clone "
    "that, run `make setup` there, and run this in its folder"
)


def discord_preview(
    scenes: Annotated[
        list[str] | None, typer.Argument(help="Which scenes; all if left out.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Folder for a web page of each screen.")
    ] = None,
) -> None:
    """Play scenes with the bot on a local Discord and print what people see; needs the source."""
    if not Path("tests/discord_stub/preview.py").is_file():
        raise UsageError(NO_CHECKOUT)
    command = [sys.executable, "-m", "tests.discord_stub.preview", *(scenes or [])]
    if html is not None:
        command += ["--html", str(html)]
    status = subprocess.run(command, check=False).returncode  # noqa: S603 - our own module
    if status:
        raise typer.Exit(status)


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
