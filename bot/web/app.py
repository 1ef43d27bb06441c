"""All routes of the browser edge together, behind what holds for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.board_socket import board_routes
from bot.web.context import Web
from bot.web.entry import link_routes
from bot.web.errors import failure, log_fault
from bot.web.links import LinkError
from bot.web.problems import (
    NoGrantError,
    on_bad_link,
    on_fault,
    on_gone,
    on_http_error,
    on_known_error,
    on_missing,
    on_no_grant,
)
from bot.web.security import Guard
from bot.web.sharing import sharing_routes
from bot.web.static_files import STATIC, static_routes
from interviewer.ports import InterviewNotFoundError
from storage.errors import StorageError


def build_app(web: Web, routes: Sequence[BaseRoute] = (), built: Path = STATIC) -> ASGIApp:
    """The application; `routes` beside those of links, boards and the page that was built."""
    app = Starlette(
        routes=[
            *link_routes(web),
            *board_routes(web),
            *sharing_routes(web),
            *static_routes(web, built),
            *routes,
        ],
        exception_handlers={
            HTTPException: on_http_error,
            NoGrantError: on_no_grant,
            LinkError: on_bad_link,
            InterviewNotFoundError: on_missing,
            StorageError: on_known_error,
            ClientDisconnect: on_gone,
            Exception: on_fault,
        },
    )
    app.state.web = web
    return Guard(OuterDoor(app), web.app.settings.web_address)


class OuterDoor:
    """Nothing that goes wrong in here reaches the server's log, which would quote it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; a fault is in our log by its number."""

        async def answer() -> None:
            await self._app(scope, receive, send)

        err = await failure(answer(), "connection")
        # A page's own fault was answered and logged as it was raised.
        if err is not None and scope["type"] != "http":
            log_fault(err, "a connection")
