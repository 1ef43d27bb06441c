"""The product on a language model that is none: a server on this machine speaks the Messages API.

Its honest character asks what the packs would ask and finds what the offline finder finds. So what
is measured here is everything between the engine and the card, over a real socket; how good a
language model is at the work is not.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

from evals.worlds import MODEL, World, builtin_library, open_world
from tests.messages_stub import MessagesStub, honest

EVENT_CHARS = 200
"""Characters in one event of a stream; what smaller ones bring to light is tried in the tests."""


class StandIn(NamedTuple):
    """A world and the server that it talks to."""

    world: World
    server: MessagesStub


@asynccontextmanager
async def open_stand_in(
    name: str = MODEL, settings: Mapping[str, object] | None = None
) -> AsyncIterator[StandIn]:
    """A world on the stand-in; raises AssertionError where the API's rules were broken."""
    async with MessagesStub(honest(builtin_library()), chunk=EVENT_CHARS) as server:
        chosen: dict[str, object] = {
            "engine": "model",
            "anthropic_api_key": server.key,
            "anthropic_base_url": server.url,
            **_NO_LIMITS,
            **(settings or {}),
        }
        async with open_world(name, settings=chosen) as world:
            yield StandIn(world, server)


_NO_LIMITS = {
    "budget_interview_usd": 1_000,
    "budget_user_day_usd": 100_000,
    "budget_server_day_usd": 100_000,
    "budget_day_usd": 100_000,
}
"""Nothing is paid here, and all rounds are of one person and one day."""
