"""The stand-in itself: start it, point a client at it, order faults, look at what was asked."""

from __future__ import annotations

import asyncio
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Self

from aiohttp import web

from scoring.language_model import Usage
from tests.messages_stub.accounting import PromptCache, count_input, usage_on_the_wire
from tests.messages_stub.answers import Answer, Character, answer_to
from tests.messages_stub.calls import Call
from tests.messages_stub.checks import ACCEPTED, COUNTED, check_request
from tests.messages_stub.dialects import ANTHROPIC, Dialect
from tests.messages_stub.errors import ApiError, invalid
from tests.messages_stub.faults import BROKEN_OFF, REFUSED_AT_ONCE, Fault, refusal_of
from tests.messages_stub.plain import plain
from tests.messages_stub.seen import Seen
from tests.messages_stub.stream import EventStream, Pace, tear
from tests.messages_stub.wire import load

MODELS = ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5")
LARGEST_BODY = 32 << 20

Handler = Callable[[web.Request, str], Awaitable[web.StreamResponse]]


class MessagesStub:
    """The Messages API on a port of this machine; no language model.

    Args:
        character: who answers; `plain` where nobody else is chosen.
        faults: what happens to the first calls, one each.
        key: the only API key that is let in.
        dialect: whose server this is; the real service unless said otherwise.
        first_token_s, per_token_s: seconds of latency; without them answers come at once.
        chunk: characters in one event of a stream.
        slow_s: how long `Fault.SLOW` takes.
        retry_after_s: what 429, 500 and 529 ask the client to wait.
        clock: seconds by which cached prefixes age.
        cache_minimum: tokens below which a prefix is not cached.
        models: names that exist, others are 404; None takes any name.
        port: the port to listen on; 0 takes a free one.

    Attributes:
        calls: every request for a message so far, refused ones included.
        counted: bodies of the requests to count tokens.
        violations: requests that broke the API's rules, and questions that the character could
            not read. Leaving the block with any that no test took is an AssertionError.
    """

    def __init__(
        self,
        character: Character = plain,
        faults: Iterable[Fault] = (),
        *,
        key: str = "stub-key",
        dialect: Dialect = ANTHROPIC,
        first_token_s: float = 0.0,
        per_token_s: float = 0.0,
        chunk: int = 12,
        slow_s: float = 0.2,
        retry_after_s: float = 0.01,
        clock: Callable[[], float] = time.monotonic,
        cache_minimum: int = 1024,
        models: tuple[str, ...] | None = None,
        port: int = 0,
    ) -> None:
        self.character = character
        self.key = key
        self.dialect = dialect
        self.pace = Pace(first_token_s, per_token_s, chunk)
        self.slow_s = slow_s
        self.retry_after_s = retry_after_s
        self.models = models
        self.cache = PromptCache(clock, cache_minimum)
        self.calls: list[Call] = []
        self.counted: list[dict[str, Any]] = []
        self.violations: list[str] = []
        self.url = ""
        self._faults: deque[Fault] = deque(faults)
        self._count_faults: deque[Fault] = deque()
        self._closing = asyncio.Event()
        self._requests = 0
        self._working = 0
        self._begun = asyncio.Condition()
        self._idle = asyncio.Event()
        self._idle.set()
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_post("/v1/messages", self._guarded(self._write_message))
        app.router.add_post("/v1/messages/count_tokens", self._guarded(self._count_tokens))
        app.router.add_get("/v1/models", self._guarded(self._list_models))
        app.router.add_route("*", "/{anything:.*}", self._guarded(self._unknown))
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()
        if kind is None and self.violations:
            raise AssertionError("the client broke the API's rules:\n" + "\n".join(self.violations))

    # --- orders and records -------------------------------------------------------------

    def fail(self, *faults: Fault) -> None:
        """Let these happen to the next requests for a message, one each."""
        self._faults.extend(faults)

    def fail_count(self, *faults: Fault) -> None:
        """Let these happen to the next requests to count tokens: refusals and HANG_BEFORE only."""
        if unfit := set(faults) - REFUSED_AT_ONCE - {Fault.HANG_BEFORE}:
            raise ValueError(f"counting tokens cannot meet {', '.join(one.name for one in unfit)}")
        self._count_faults.extend(faults)

    @property
    def waiting(self) -> tuple[Fault, ...]:
        """Ordered faults that have met no request yet."""
        return tuple(self._faults)

    @property
    def connections(self) -> list[socket.socket]:
        """The open connections."""
        server = self._runner.server if self._runner else None
        found = [one.transport for one in (server.connections if server else ())]
        return [one.get_extra_info("socket") for one in found if one is not None]

    async def asked(self, times: int = 1, within: float = 5.0) -> Call:
        """Wait until so many requests for a message were read; the last of these."""
        async with asyncio.timeout(within), self._begun:
            await self._begun.wait_for(lambda: sum(bool(call.body) for call in self.calls) >= times)
        return self.calls[times - 1]

    async def settled(self, within: float = 5.0) -> None:
        """Wait until no request is being answered, such as one whose client has gone away."""
        await asyncio.wait_for(self._idle.wait(), within)

    def take_violations(self) -> list[str]:
        """What the client did wrong since the last call; these no longer fail the test."""
        taken, self.violations = self.violations, []
        return taken

    # --- routes -------------------------------------------------------------------------

    def _guarded(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def endpoint(request: web.Request) -> web.StreamResponse:
            self._requests += 1
            request_id = f"req_stub{self._requests:06d}"
            with self._at_work():
                try:
                    return await handler(request, request_id)
                except ApiError as refusal:
                    return self._refuse(request, refusal, request_id)

        return endpoint

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        self._working += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._working -= 1
            if not self._working:
                self._idle.set()

    def _admit(self, request: web.Request) -> None:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        keys = {bearer, request.headers.get("x-api-key", "")} - {""}
        if keys != {self.key}:
            raise ApiError(401, "authentication_error", "invalid x-api-key")
        if self.dialect.strict and "anthropic-version" not in request.headers:
            raise invalid("anthropic-version: header is required")

    def _refuse(self, request: web.Request, refusal: ApiError, request_id: str) -> web.Response:
        if refusal.violation:
            self.violations.append(f"{request.method} {request.path}: {refusal}")
        if self.calls and self.calls[-1].request_id == request_id:
            self.calls[-1].status = refusal.status
        headers = {**refusal.headers, "request-id": request_id}
        return web.json_response(refusal.body(request_id), status=refusal.status, headers=headers)

    async def _write_message(self, request: web.Request, request_id: str) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = Call(request_id, headers)
        self.calls.append(call)
        try:
            call.body = await self._body(request, ACCEPTED)
            call.fault = self._faults.popleft() if self._faults else None
            async with self._begun:
                self._begun.notify_all()
            return await self._answer(request, call)
        except (asyncio.CancelledError, ConnectionResetError):
            call.left_early = not self._closing.is_set()
            raise

    async def _answer(self, request: web.Request, call: Call) -> web.StreamResponse:
        if call.fault in REFUSED_AT_ONCE:
            raise refusal_of(call.fault, self.retry_after_s)
        if call.fault is Fault.HANG_BEFORE:
            await self._closing.wait()
            raise ApiError(503, "api_error", "the server shuts down")
        answer = self._think(call)
        charged = self._charge(call.body)
        call.usage = replace(charged, output=answer.tokens)
        call.status, call.answer, call.text = 200, answer.given, answer.text
        slow = call.fault is Fault.SLOW
        pace = self.pace.slowed_to(self.slow_s, answer.text) if slow else self.pace
        if not call.body.get("stream"):
            return await self._whole(request, call, answer, pace)
        stream = EventStream(request, call, pace, self._closing)
        await stream.write(_message(call, replace(charged, output=1)), answer)
        return stream.response

    def _charge(self, body: Mapping[str, Any]) -> Usage:
        return self.cache.charge(body) if self.dialect.caches else Usage(count_input(body))

    def _think(self, call: Call) -> Answer:
        dialect = self.dialect
        seen = Seen.of(call.body, by_format=dialect.output_config, by_tool=dialect.tool_choice)
        call.seen = seen
        try:
            return answer_to(seen, self.character, dialect, call.fault)
        except Exception as err:
            self.violations.append(f"the character cannot answer: {err!r}")
            headers = {"x-should-retry": "false"}
            raise ApiError(500, "api_error", repr(err), headers=headers) from err

    async def _whole(
        self, request: web.Request, call: Call, answer: Answer, pace: Pace
    ) -> web.Response:
        """The message in one piece; a fault in mid-stream takes all of it."""
        await asyncio.sleep(pace.first_token_s + pace.per_token_s * answer.tokens)
        if call.fault is Fault.MIDSTREAM_ERROR:
            raise refusal_of(Fault.OVERLOADED_529, self.retry_after_s)
        if call.fault in BROKEN_OFF:
            if call.fault is Fault.HANG_MIDSTREAM:
                await self._closing.wait()
            tear(request)
            return web.Response()
        message = _message(call, call.usage)
        message |= {"content": answer.content(), "stop_reason": answer.stop_reason}
        message["stop_details"] = answer.stop_details
        call.finished = True
        return web.json_response(message, headers={"request-id": call.request_id})

    async def _count_tokens(self, request: web.Request, request_id: str) -> web.Response:
        if not self.dialect.counts:
            raise ApiError(404, "not_found_error", "Not found")
        body = await self._body(request, COUNTED)
        self.counted.append(body)
        fault = self._count_faults.popleft() if self._count_faults else None
        if fault is Fault.HANG_BEFORE:
            await self._closing.wait()
        if fault is not None:
            raise refusal_of(fault, self.retry_after_s)
        counted = {"input_tokens": count_input(body)}
        return web.json_response(counted, headers={"request-id": request_id})

    async def _list_models(self, request: web.Request, request_id: str) -> web.Response:
        self._admit(request)
        listed = [_model(name) for name in self.models or MODELS]
        page = {"data": listed, "has_more": False}
        page |= {"first_id": listed[0]["id"], "last_id": listed[-1]["id"]}
        return web.json_response(page, headers={"request-id": request_id})

    async def _unknown(self, request: web.Request, request_id: str) -> web.Response:
        raise ApiError(404, "not_found_error", "Not found", violation=True)

    async def _body(self, request: web.Request, accepted: frozenset[str]) -> dict[str, Any]:
        """The JSON of an admitted request, checked."""
        self._admit(request)
        body = load(await request.read())
        if self.dialect.strict:
            check_request(body, accepted)
        if self.models is not None and body["model"] not in self.models:
            raise ApiError(404, "not_found_error", f"model: {body['model']}")
        return body


def _message(call: Call, usage: Usage) -> dict[str, Any]:
    """A message that holds nothing yet."""
    return {
        "id": call.request_id.replace("req_", "msg_"),
        "type": "message",
        "role": "assistant",
        "model": call.body["model"],
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
        "usage": usage_on_the_wire(usage),
    }


def _model(name: str) -> dict[str, Any]:
    return {
        "type": "model",
        "id": name,
        "display_name": name,
        "created_at": "2026-01-01T00:00:00Z",
        "lifecycle": "active",
        "max_input_tokens": 1_000_000,
        "max_tokens": 128_000,
    }
