"""A round whose follow-ups come from the stand-in for the Messages API, over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from interviewer.engines.claude import ClaudeModel
from interviewer.engines.model_engine import ModelEngine
from interviewer.engines.offline import OfflineEngine
from interviewer.engines.providers import provider_named
from interviewer.engines.turn_prompt import TurnSettings
from interviewer.session import Session
from interviewer.state import EventKind, Utterance
from scenarios.rounds import RoundPlan
from tests.interviewer.live_world import World, open_world
from tests.interviewer.worlds import design_plan
from tests.messages_stub import Character, Fault, MessagesStub, plain

SECRET = b"a secret of the tests"
PLAN = design_plan()
OFFLINE = OfflineEngine()

USUAL = TurnSettings(model="claude-haiku-5-5", first_text_s=20.0, deadline_s=30.0)
HASTY = TurnSettings(model="claude-haiku-5-5", first_text_s=0.5, deadline_s=1.0)
"""For what never comes."""

ANSWER = "I would keep the whole thing small, with one service that does it all."
"""An answer that shows no concept of the plan, so that something is left to ask."""


async def no_wait(seconds: float) -> None:
    """Passes the time between tries at once."""


@asynccontextmanager
async def model_world(
    house: Path,
    character: Character = plain,
    faults: Iterable[Fault] = (),
    plan: RoundPlan = PLAN,
    settings: TurnSettings = USUAL,
) -> AsyncIterator[tuple[World, MessagesStub]]:
    """A house with an engine that asks the stub."""
    async with MessagesStub(character, faults) as stub:
        model = ClaudeModel(
            provider_named("anthropic"), stub.key, stub.url, max_retries=1, sleep=no_wait
        )
        await model.open()
        engine = ModelEngine(model, settings, OFFLINE, SECRET)
        try:
            async with open_world(house, plan, engine) as world:
                yield world, stub
        finally:
            await model.close()


async def answer(world: World, session: Session, text: str = ANSWER) -> Utterance:
    """Let the candidate say it after a while, and return what is said to it."""
    world.clock.advance(30)
    utterance = await session.report(EventKind.SAID, text)
    assert utterance is not None
    return utterance


async def until(true: Callable[[], bool]) -> None:
    """Return once it is true."""
    while not true():  # noqa: ASYNC110 - what is waited for happens on another side of a socket
        await asyncio.sleep(0.005)
