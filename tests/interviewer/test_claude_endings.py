"""How an answer of Claude ends: what comes behind it, and a model that was closed."""

import asyncio
from typing import Any

import pytest
from claude_bench import (
    ENDING,
    Canned,
    Then,
    ask,
    bench,
    canned,
    failure_of,
    noted,
)

from interviewer.engines.claude import ClaudeModel
from interviewer.engines.providers import provider_named
from scoring.language_model import Failure, Usage, complete
from tests.messages_stub import Fault

START = {"type": "message_start", "message": {"model": "m-1", "usage": {"input_tokens": 5}}}
WHOLE = [START, *ENDING]
BROKEN = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


@pytest.mark.parametrize(
    ("events", "then"),
    [
        (WHOLE, Then.END),
        (WHOLE, Then.HANG),
        (WHOLE, Then.RESET),
        (WHOLE[:-1], Then.END),
        (WHOLE[:-1], Then.RESET),
        ([*WHOLE[:-1], BROKEN], Then.END),
        ([*WHOLE, BROKEN], Then.END),
    ],
)
async def test_nothing_behind_the_end_of_an_answer_makes_it_fail(
    events: list[dict[str, Any]], then: Then
) -> None:
    """A connection that stays open, is torn or breaks: the answer was whole before, and is paid."""
    async with canned(Canned(events=events, then=then)) as (model, paths):
        completion = await complete(model, ask(deadline_s=60.0, first_text_s=60.0))

    assert completion.text == "{}"
    assert completion.usage == Usage(5, output=9)
    assert len(paths) == 1


async def test_a_connection_that_is_torn_before_the_end_is_cut_short() -> None:
    """All of its text came, but nothing says so."""
    async with canned(Canned(events=WHOLE[:2], then=Then.RESET)) as (model, _):
        failed = await failure_of(model)

    assert failed.failure is Failure.CUT_SHORT


async def test_the_next_request_takes_the_same_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening one takes as long as a short answer."""
    opened: list[object] = []
    connect = asyncio.BaseEventLoop.create_connection

    async def noting(*args: Any, **options: Any) -> Any:
        opened.append(args[2:3])
        return await connect(*args, **options)

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", noting)
    async with bench() as given:
        for _ in range(3):
            await complete(given.model, ask())

    assert len(given.stub.calls) == 3
    assert len(opened) == 1


async def test_a_closed_model_asks_nobody() -> None:
    """Not even where it was never open."""
    async with bench() as given:
        await given.model.close()
        failed = await failure_of(given.model)

    assert failed.failure is Failure.UNREACHABLE
    assert given.stub.calls == []


async def test_a_try_that_waits_over_the_end_is_the_last() -> None:
    """Closing while a call waits for its next try opens nothing again."""
    waits: list[float] = []

    async def close_meanwhile(seconds: float) -> None:
        await noted(waits)(seconds)
        await model.close()

    async with canned(Canned(status=503), sleep=close_meanwhile) as (model, paths):
        failed = await failure_of(model)

    assert failed.failure is Failure.UNREACHABLE
    assert len(waits) == 1
    assert len(paths) == 1


async def test_closing_ends_what_is_under_way() -> None:
    """The call fails by name, and is not tried again."""
    async with bench(Fault.HANG_MIDSTREAM) as given:
        calling = asyncio.create_task(complete(given.model, ask()))
        await given.stub.asked(1, within=30.0)
        await given.model.close()
        failed = await asyncio.gather(calling, return_exceptions=True)

    assert [getattr(one, "failure", one) for one in failed] == [Failure.UNREACHABLE]


async def test_closing_while_it_loads_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes first, the connections that were made are closed."""
    model = ClaudeModel(provider_named("vllm"), "")
    made: list[Any] = []
    load = model._load

    def noting() -> Any:
        made.append(load())
        return made[-1]

    monkeypatch.setattr(model, "_load", noting)
    opening = asyncio.create_task(model.open())
    await asyncio.sleep(0)

    await model.close()
    await opening

    (connections,) = made
    assert connections.client.is_closed()
