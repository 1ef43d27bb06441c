"""`hotseat web`: whole rounds in the browser, until it is told to stop."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated

import typer

from bot.console.options import Database
from bot.console.runtime import new_console, run_with_app

if TYPE_CHECKING:
    from bot.wiring import App

Port = Annotated[
    int | None,
    typer.Option("--port", min=0, max=65535, help="Port, if not HOTSEAT_WEB_PORT; 0 takes any."),
]


def web(
    port: Port = None,
    no_open: Annotated[
        bool, typer.Option("--no-open", help="Print the address, and open no browser.")
    ] = False,
    new_keys: Annotated[
        bool, typer.Option("--new-keys", help="End every link that was ever made, of the bot too.")
    ] = False,
    database: Database = None,
) -> None:
    """Practise in the browser: talk and draw on a page of this machine, until Ctrl+C."""
    logging.basicConfig(format="%(levelname)-7s %(name)s: %(message)s", level="WARNING")

    async def serve(app: App) -> None:
        from bot.console.browser import serve_page

        await serve_page(app, new_console(), port, opens=not no_open, new_keys=new_keys)

    run_with_app(database, serve)
