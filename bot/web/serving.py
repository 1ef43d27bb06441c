"""The web server in this event loop, beside whatever else runs in it."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import uvicorn
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from bot.doors import UsageError
from bot.web.app import build_app
from bot.web.context import Web
from bot.web.limits import MOST_FRAME_BYTES
from bot.web.static_files import STATIC

STOP_S = 5
"""How long open requests may take when the server stops."""

_ANYWHERE = {"0.0.0.0": "localhost", "::": "localhost"}  # noqa: S104


@asynccontextmanager
async def open_web(
    web: Web, host: str, port: int, routes: Sequence[BaseRoute] = (), built: Path = STATIC
) -> AsyncIterator[str]:
    """Serve the page while this lasts; gives the address at which browsers find it.

    At the end pages are told that the server restarts, and what was drawn is stored. Raises
    `UsageError` where host and port cannot be used.
    """
    listener = await _listener(host, port)
    with listener:
        server = _Server(_config(build_app(web, routes, built)))
        serving = asyncio.create_task(server.serve(sockets=[listener]), name="web server")
        try:
            await _until_ready(server, serving)
            yield web.app.settings.web_address or _address(host, listener)
        finally:
            server.should_exit = True
            await serving
            await web.boards.close()


class _Server(uvicorn.Server):
    """Leaves the signals to the process, and says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


async def _until_ready(server: _Server, serving: asyncio.Task[None]) -> None:
    ready = asyncio.create_task(server.ready.wait())
    await asyncio.wait([ready, serving], return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if serving.done():
        serving.result()


def _config(app: ASGIApp) -> uvicorn.Config:
    # Its log would quote frames, addresses with their tokens, and whatever an error holds; what
    # goes wrong in our code is in our log.
    for name in ("uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips="127.0.0.1",
        # In bytes, while a frame is measured in characters, of which each may take four.
        ws_max_size=4 * MOST_FRAME_BYTES + 1,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=STOP_S,
    )


async def _listener(host: str, port: int) -> socket.socket:
    """A socket bound to the address; raises `UsageError`."""
    advice = (
        "set HOTSEAT_WEB_PORT to a free port, or HOTSEAT_WEB_HOST to an address of this machine"
    )
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except OSError as err:
        raise UsageError(f"{host}:{port} cannot be used ({err.strerror}): {advice}") from err
    return listener


def _address(host: str, listener: socket.socket) -> str:
    shown = _ANYWHERE.get(host, host)
    bracketed = f"[{shown}]" if ":" in shown else shown
    return f"http://{bracketed}:{listener.getsockname()[1]}"
