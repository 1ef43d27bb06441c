"""What every command needs: settings, library, console, and a run that ends cleanly.

Everything heavy is imported inside the functions, so that importing this module costs nothing.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from bot.doors import StoppedError

if TYPE_CHECKING:
    from rich.console import Console

    from bot.settings import Settings
    from bot.wiring import App
    from scenarios.load import Library

LevelName = Literal["junior", "mid", "senior", "staff"]
EffortName = Literal["low", "medium", "high", "xhigh", "max"]
CardForm = Literal["terminal", "markdown", "json", "html"]

STOPPED = "stopped"
OUTPUT_GONE = "the reader of the output went away"


def read_settings(database: Path | None) -> Settings:
    """The settings of this process; `database` from the command line wins."""
    from bot.settings import load_settings

    return load_settings(database)


def read_library(settings: Settings) -> Library:
    """The built-in packs and the user's own."""
    from bot.wiring import open_library

    return open_library(settings)


def new_console() -> Console:
    """The terminal, or what stands in its place."""
    from bot.console.screen import open_console

    return open_console()


def run_with_app(
    database: Path | None,
    work: Callable[[App], Awaitable[None]],
    library: Library | None = None,
) -> None:
    """Run `work` on the open database."""
    from bot.wiring import open_app

    async def work_with_app() -> None:
        settings = read_settings(database)
        async with open_app(settings, library or read_library(settings)) as app:
            await work(app)

    run(work_with_app())


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end, or until the person, the system or a closed output stops it.

    Raises `StoppedError` in the latter cases.
    """
    try:
        asyncio.run(_until_stopped(work))
    except KeyboardInterrupt as err:
        raise StoppedError.by(err, STOPPED, 130) from err
    except BrokenPipeError as err:
        raise StoppedError.by(err, OUTPUT_GONE, 1) from err


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Ctrl+C and SIGTERM cancel the work, so that it can say how to go on."""
    ended: list[int] = []

    def end() -> None:
        ended.append(signal.SIGTERM)
        me.cancel()

    me = cast("asyncio.Task[None]", asyncio.current_task())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)
    try:
        await work
    except asyncio.CancelledError as err:
        raise StoppedError.by(err, STOPPED, 143 if ended else 130) from err
