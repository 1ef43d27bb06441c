"""`hotseat bot`: the Discord bot, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from importlib.util import find_spec
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
    _require_discord()
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
    _require_discord()
    from bot.discord.serve import serve

    settings = read_settings(database)
    logging.basicConfig(format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", level="INFO")
    logging.getLogger("alembic").setLevel("WARNING")
    logging.getLogger("discord.client").addFilter(_without_traceback)
    asyncio.run(serve(settings))


def _without_traceback(record: logging.LogRecord) -> bool:
    """A lost connection is one line: the library tries again, and the trace says nothing more."""
    if record.exc_info and record.exc_info[1] is not None:
        record.msg, record.args = f"{record.getMessage()} ({record.exc_info[1]!r})", ()
        record.exc_info = record.exc_text = None
    return True


def _require_discord() -> None:
    """Raise `UsageError` where the extra with the Discord parts is missing."""
    missing = [name for name in ("discord", "aiohttp") if find_spec(name) is None]
    if missing:
        raise UsageError(NOT_INSTALLED.format(name=missing[0]))
