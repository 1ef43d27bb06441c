"""The HTTP side: every request's way through token, rate limits, faults, its route, and back.

https://discord.com/developers/docs/reference and /topics/rate-limits
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from aiohttp import BodyPartReader, web

from tests.discord_stub.errors import UNKNOWN_ROUTE, WRONG_TOKEN, ApiError
from tests.discord_stub.faults import Fault, Kind

if TYPE_CHECKING:
    from tests.discord_stub.server import DiscordStub
    from tests.discord_stub.state import World

Handler = Callable[["Ask"], Any]
"""Answers a request: JSON, or None for 204."""

PREFIX = "/api/v10"

_FILE_FIELD = re.compile(r"files\[(\d+)\]")
_TOKENLESS = ("/interactions/", "/webhooks/")
"""Routes that carry an interaction's token; they count neither to the bot nor to its limit."""


@dataclass(slots=True)
class Ask:
    """A request as its route sees it.

    Attributes:
        ids: the variable parts of the path.
        files: number of `files[n]` -> name and bytes.
    """

    stub: DiscordStub
    ids: dict[str, str]
    query: dict[str, str]
    body: Any = None
    files: dict[int, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """The world that it is about."""
        return self.stub.world

    def id(self, name: str) -> int:
        """A variable part that is a snowflake; 0, which is nobody, for anything else."""
        text = self.ids[name]
        return int(text) if text.isdecimal() else 0


class Done(NamedTuple):
    """A request that was answered, for tests that count them."""

    method: str
    path: str
    status: int


class Window:
    """Counts requests of the last while, and refuses those beyond the most."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most = most
        self.seconds = seconds
        self.peak = 0
        self._times: deque[float] = deque()

    def enter(self) -> float:
        """Seconds to wait for a request that came too early; 0 for one that was let in."""
        now = time.monotonic()
        while self._times and now - self._times[0] >= self.seconds:
            self._times.popleft()
        self.peak = max(self.peak, len(self._times) + 1)
        if len(self._times) >= self.most:
            return self._times[0] + self.seconds - now
        self._times.append(now)
        return 0.0

    @property
    def remaining(self) -> int:
        """How many more are let in now."""
        return self.most - len(self._times)

    @property
    def reset_after(self) -> float:
        """Seconds until the oldest counted request is forgotten."""
        if not self._times:
            return self.seconds
        return max(0.0, self._times[0] + self.seconds - time.monotonic())


class Rest:
    """The door for requests.

    Attributes:
        done: the latest requests, oldest first.
        rate_limited: how many answers were 429.
    """

    def __init__(
        self, stub: DiscordStub, message_bucket: tuple[int, float] | None, per_second: int
    ) -> None:
        self._stub = stub
        self._message_bucket = message_bucket
        self._buckets: dict[tuple[str, str], Window] = {}
        self.everything = Window(per_second, 1.0)
        self.done: deque[Done] = deque(maxlen=50_000)
        self.rate_limited = 0

    def endpoint(self, route: str, handler: Handler) -> Callable[[web.Request], Any]:
        """An aiohttp handler for a route."""

        async def answer(request: web.Request) -> web.StreamResponse:
            path = request.path.removeprefix(PREFIX)
            response = await self._answer(request, path, route, handler)
            self.done.append(Done(request.method, path, response.status))
            return response

        return answer

    async def _answer(
        self, request: web.Request, path: str, route: str, handler: Handler
    ) -> web.Response:
        with_token = not path.startswith(_TOKENLESS)
        if with_token and request.headers.get("Authorization") != f"Bot {self._stub.token}":
            return self._refuse(ApiError(WRONG_TOKEN), request.method, path)
        if with_token and (wait := self.everything.enter()):
            return self.too_many(wait, is_global=True)
        bucket = self._bucket(request.method, route, request.match_info)
        faults = self._stub.faults.take(request.method, path)
        if (response := await self._suffer(faults)) is not None:
            return response
        if bucket is not None and (wait := bucket.enter()):
            return self.too_many(wait, is_global=False, bucket=bucket)
        response = await self._carry_out(request, path, handler)
        if any(fault.kind is Kind.LOST for fault in faults) and request.transport is not None:
            request.transport.close()
        response.headers.update(_limit_headers(route, bucket))
        return response

    async def _suffer(self, faults: list[Fault]) -> web.Response | None:
        for fault in faults:
            if fault.kind is Kind.SLOW:
                await asyncio.sleep(fault.seconds)
            elif fault.kind is Kind.RATE_LIMIT:
                return self.too_many(fault.seconds, is_global=fault.is_global)
            elif fault.kind is Kind.STATUS:
                return _json(fault.status, {"message": f"{fault.status}: on order", "code": 0})
        return None

    async def _carry_out(self, request: web.Request, path: str, handler: Handler) -> web.Response:
        try:
            ask = Ask(self._stub, dict(request.match_info), dict(request.query))
            if request.can_read_body:
                await _read_body(request, ask)
            result = handler(ask)
        except ApiError as refusal:
            return self._refuse(refusal, request.method, path)
        if result is None:
            return web.Response(status=204)
        return _json(200, result)

    def _refuse(self, refusal: ApiError, method: str, path: str) -> web.Response:
        if refusal.violation is not None:
            self._stub.record(f"{method} {path}: {refusal.violation} ({refusal.code})")
        return _json(refusal.status, refusal.body())

    def too_many(
        self, retry_after: float, *, is_global: bool, bucket: Window | None = None
    ) -> web.Response:
        """A 429, with the headers that tell it from a ban by Cloudflare."""
        self.rate_limited += 1
        body = {
            "message": "You are being rate limited.",
            "retry_after": round(retry_after, 3),
            "global": is_global,
        }
        response = _json(429, body)
        response.headers["Retry-After"] = str(max(1, round(retry_after)))
        response.headers["X-RateLimit-Scope"] = "global" if is_global else "user"
        response.headers["Via"] = "1.1 google"
        if is_global:
            response.headers["X-RateLimit-Global"] = "true"
        if bucket is not None:
            response.headers.update(_limit_headers("", bucket))
        return response

    def _bucket(self, method: str, route: str, ids: web.UrlMappingMatchInfo) -> Window | None:
        if self._message_bucket is None or (method, route) not in _MESSAGE_ROUTES:
            return None
        key = (f"{method} {route}", ids["channel"])
        if key not in self._buckets:
            self._buckets[key] = Window(*self._message_bucket)
        return self._buckets[key]

    def unknown(self, ask: Ask) -> Any:
        """The answer of every route that is not there."""
        raise ApiError(UNKNOWN_ROUTE, violation="unknown route")


_MESSAGE_ROUTES = {
    ("POST", "/channels/{channel}/messages"),
    ("PATCH", "/channels/{channel}/messages/{message}"),
}


def _json(status: int, body: Any) -> web.Response:
    # discord.py reads JSON only where the type is exactly this, without a charset.
    return web.Response(
        status=status,
        body=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )


def _limit_headers(route: str, bucket: Window | None) -> dict[str, str]:
    most, remaining, reset = 1000, 999, 1.0
    if bucket is not None:
        most, remaining, reset = bucket.most, bucket.remaining, bucket.reset_after
    headers = {
        "X-RateLimit-Limit": str(most),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{time.time() + reset:.3f}",
        "X-RateLimit-Reset-After": f"{reset:.3f}",
    }
    return headers | ({"X-RateLimit-Bucket": f"{crc32(route.encode()):08x}"} if route else {})


async def _read_body(request: web.Request, ask: Ask) -> None:
    if not request.content_type.startswith("multipart/"):
        raw = await request.read()
        ask.body = json.loads(raw) if raw else None
        return
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader):
            continue
        name = part.name or ""
        data = bytes(await part.read())
        if name == "payload_json":
            ask.body = json.loads(data)
        elif (numbered := _FILE_FIELD.fullmatch(name)) is not None:
            ask.files[int(numbered[1])] = (part.filename or f"file{numbered[1]}", data)
