"""A model before a server: questions, stubs with faults, servers that say what they are told."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pytest
from aiohttp import web

from interviewer.engines.claude import ClaudeModel
from interviewer.engines.providers import provider_named
from scoring.language_model import (
    Account,
    Ask,
    Block,
    ModelFailureError,
    Purpose,
    complete,
)
from tests.messages_stub import Fault, MessagesStub

HIDDEN = "marzipan"
SAID = {"say": "How would you bound the loop?", "reason": f"They never spoke of {HIDDEN} {{}}."}
SCHEMA = {
    "type": "object",
    "properties": {"say": {"type": "string"}, "reason": {"type": "string"}},
    "required": ["say", "reason"],
    "additionalProperties": False,
}
ENDING = [
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "{}"}},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}},
    {"type": "message_stop"},
]


def ask(**changes: Any) -> Ask:
    """A question whose prompt holds the secret word."""
    usual: dict[str, Any] = {
        "purpose": Purpose.INTERVIEW,
        "model": "claude-haiku-5-5",
        "system": (Block("You interview.", cached=True),),
        "user": (Block(f"Here is {HIDDEN}."),),
        "schema": SCHEMA,
        "max_tokens": 300,
        "account": Account("interview-7", "owner"),
    }
    return Ask(**usual | changes)


@dataclass
class Bench:
    """A model, the server behind it and how long it wanted to wait between tries."""

    model: ClaudeModel
    stub: MessagesStub
    waits: list[float]


@asynccontextmanager
async def bench(
    *faults: Fault, provider: str = "anthropic", max_retries: int = 2, **stub_options: Any
) -> AsyncIterator[Bench]:
    """The model of that provider before a stub whose first calls meet these faults."""
    waits: list[float] = []
    options = {"character": lambda _: SAID} | stub_options
    async with MessagesStub(faults=faults, **options) as stub:
        model = ClaudeModel(
            provider_named(provider),
            stub.key,
            stub.url,
            max_retries=max_retries,
            sleep=noted(waits),
        )
        await model.open()
        try:
            yield Bench(model, stub, waits)
        finally:
            await model.close()


def noted(waits: list[float]) -> Callable[[float], Awaitable[None]]:
    """A sleep that only takes note."""

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    return sleep


class Then(Enum):
    """What a server does once it has said everything."""

    END = "end"
    HANG = "hang"
    RESET = "reset"


@dataclass
class Canned:
    """One answer of a server that says what it was told to; status 0 hangs up."""

    status: int = 200
    events: list[dict[str, Any]] = field(default_factory=list)
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    then: Then = Then.END

    @property
    def text(self) -> str:
        """The body of the answer."""
        lines = [f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in self.events]
        return "".join(lines) or self.body


@asynccontextmanager
async def canned(*answers: Canned, **options: Any) -> AsyncIterator[tuple[ClaudeModel, list[str]]]:
    """A model before a server with these answers, and the paths it was asked for."""
    waiting, paths = list(answers), []

    async def handle(request: web.Request) -> web.StreamResponse:
        paths.append(request.path)
        answer = waiting.pop(0)
        assert request.transport is not None
        if answer.status == 0:
            request.transport.close()
        if answer.then is Then.END:
            status = answer.status or 200
            return web.Response(status=status, text=answer.text, headers=answer.headers)
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(answer.text.encode())
        if answer.then is Then.HANG:
            await asyncio.Event().wait()
        request.transport.abort()
        return response

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    model = ClaudeModel(provider_named("vllm"), "", url, **{"sleep": noted([])} | options)
    await model.open()
    try:
        yield model, paths
    finally:
        await model.close()
        await runner.cleanup()


async def failure_of(model: ClaudeModel, question: Ask | None = None) -> ModelFailureError:
    """How the call fails."""
    with pytest.raises(ModelFailureError) as raised:
        await complete(model, question or ask())
    return raised.value


async def until(holds: Callable[[], bool]) -> None:
    """Let everything else run until it does."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - the stub has no event for each thing to wait for
            await asyncio.sleep(0)


async def client_left(stub: MessagesStub) -> None:
    """Wait until the stub has seen that nobody listens to its latest answer any more."""
    await until(lambda: stub.calls[-1].left_early)


def lifetimes(body: Any) -> list[str | None]:
    """The marks of all blocks, in the order of the prompt."""
    blocks = [*body.get("system", []), *body["messages"][0]["content"]]
    return [block.get("cache_control", {}).get("ttl") for block in blocks]
