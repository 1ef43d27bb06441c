"""What holds for every request: where it may come from, how large it is, what a page may load."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.limits import MOST_BODY_BYTES
from bot.web.problems import problem

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""What our pages load: files of this server alone."""

BOARD_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "script-src 'self'",
        "connect-src 'self' data:",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""The same for the whiteboard, which makes styles and pictures of its own."""

_HEADERS = {
    "content-security-policy": PAGE_POLICY,
    # Forms need an Origin, which browsers leave out under `no-referrer`; to other servers neither
    # tells anything.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_TOO_LARGE = "That is more than can be sent at once."


class Guard:
    """Every answer has its headers, unless it sets its own; changes come from our pages alone."""

    def __init__(self, app: ASGIApp, public_address: str | None = None) -> None:
        self._app = app
        self._public_address = public_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer one that goes no further."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        refusal = None if scope["method"] in _SAFE else self._refusal(request)
        if refusal is None:
            await self._app(scope, _bounded(receive), send_guarded)
        else:
            await problem(request, *refusal)(scope, receive, send_guarded)

    def _refusal(self, request: Request) -> tuple[int, str] | None:
        """Status and reason where a change is refused."""
        if not is_ours(request, self._public_address):
            return (
                403,
                "This came from another page. Load ours again, and repeat it there.",
            )
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MOST_BODY_BYTES:
            return 413, _TOO_LARGE
        return None


def is_ours(connection: HTTPConnection, public_address: str | None) -> bool:
    """Whether a page of this server sent it, as browsers say in headers that no page can set."""
    headers = connection.headers
    fetched_from = headers.get("sec-fetch-site")
    if fetched_from is not None and connection.scope["type"] == "http":
        return fetched_from == "same-origin"
    return has_own_origin(headers, public_address)


def has_own_origin(headers: Headers, public_address: str | None) -> bool:
    """Whether the Origin is the host that was asked, or the public address."""
    origin = headers.get("origin")
    if not origin:
        return False
    if public_address is not None and origin == public_address.rstrip("/"):
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc == headers.get("host", "")


async def read_json(request: Request) -> Any:
    """The body of a request that our client sends; HTTPException where it is none."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415, "This is answered as JSON only.")
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError):
        raise HTTPException(400, "This is no JSON.") from None


def _bounded(receive: Receive) -> Receive:
    """`receive`, up to the size that a body may have: not every one is announced."""
    size = 0

    async def receive_bounded() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MOST_BODY_BYTES:
            raise HTTPException(413, _TOO_LARGE)
        return message

    return receive_bounded
