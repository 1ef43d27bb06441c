"""Claude over a real socket: what is asked, what comes, and leaving before it is all there."""

import asyncio
import json
import subprocess
import sys
from contextlib import aclosing
from pathlib import Path
from typing import Any

import anthropic
import pytest
from claude_bench import (
    ENDING,
    HIDDEN,
    SAID,
    SCHEMA,
    Canned,
    ask,
    bench,
    canned,
    client_left,
    lifetimes,
    until,
)

from scoring.language_model import (
    Account,
    Block,
    Completion,
    Purpose,
    Usage,
    complete,
)
from tests.messages_stub import Fault

ROOT = Path(__file__).resolve().parent.parent.parent


async def test_the_count_comes_first_then_pieces_then_the_whole() -> None:
    """Usage, text in several pieces, and a completion that holds all of it."""
    async with bench() as given:
        items = [item async for item in given.model.stream(ask())]

    first, *pieces, last = items
    call = given.stub.calls[0]
    assert isinstance(first, Usage)
    assert first.prompt == call.usage.prompt > 0
    assert len(pieces) > 1
    assert isinstance(last, Completion)
    assert "".join(pieces) == last.text
    assert json.loads(last.text) == SAID
    assert last.usage == call.usage
    assert last.request_id == call.request_id
    assert (last.model, last.attempts, last.replayed) == ("claude-haiku-5-5", 1, False)
    assert 0 < last.first_text_s <= last.total_s
    assert last.extra["server"] == given.model.name == given.stub.url.removeprefix("http://")


async def test_the_request_is_what_the_api_of_today_takes() -> None:
    """Schema and effort in output_config, the key as Bearer, nothing that samples or thinks."""
    async with bench() as given:
        await complete(given.model, ask(effort="low"))

    call = given.stub.calls[0]
    assert set(call.body) == {
        "model",
        "max_tokens",
        "system",
        "messages",
        "output_config",
        "stream",
    }
    format_ = {"type": "json_schema", "schema": SCHEMA}
    assert call.body["output_config"] == {"format": format_, "effort": "low"}
    assert call.headers["authorization"] == f"Bearer {given.stub.key}"
    assert "x-api-key" not in call.headers


async def test_thinking_is_waited_for_but_never_handed_on() -> None:
    """Deltas of thoughts and events that nobody knows yet pass by in silence."""
    thought = {"type": "thinking_delta", "thinking": HIDDEN}
    events = [
        {"type": "message_start", "message": {"model": "m-1", "usage": {"input_tokens": 5}}},
        {"type": "content_block_delta", "index": 0, "delta": thought},
        {"type": "from_the_future", "delta": {"text": HIDDEN}},
        *ENDING,
    ]
    async with canned(Canned(events=events)) as (model, _):
        items = [item async for item in model.stream(ask())]

    *before, last = items
    assert before == [Usage(input=5), "{}"]
    assert isinstance(last, Completion)
    assert last.usage == Usage(input=5, output=9)


async def test_a_server_that_counts_nothing_is_no_trouble() -> None:
    """Without usage there is no count beforehand, and the completion's is empty."""
    events = [{"type": "message_start", "message": {}}, ENDING[0], {**ENDING[1], "usage": None}]
    async with canned(Canned(events=events)) as (model, _):
        items = [item async for item in model.stream(ask())]

    assert items[0] == "{}"
    assert isinstance(items[-1], Completion)
    assert items[-1].usage == Usage()


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        (Purpose.INTERVIEW, ["1h", "1h", None, "5m", None]),
        (Purpose.JUDGE, ["1h", "5m", None, "5m", None]),
    ],
)
async def test_marked_blocks_are_cached(purpose: Purpose, expected: list[str | None]) -> None:
    """Rules for an hour, an interview's round too, everything that grows for five minutes."""
    marks = (True, False, True, False)
    user = tuple(Block(f"block {at}", cached=mark) for at, mark in enumerate(marks))
    async with bench() as given:
        await complete(given.model, ask(purpose=purpose, user=user))

    assert lifetimes(given.stub.calls[0].body) == expected


async def test_no_more_marks_than_the_api_allows() -> None:
    """Of seven marked blocks the first two and the last two are marked."""
    user = tuple(Block(f"block {at}", cached=True) for at in range(6))
    async with bench() as given:
        await complete(given.model, ask(user=user))

    assert lifetimes(given.stub.calls[0].body) == ["1h", "1h", None, None, None, "5m", "5m"]


async def test_the_second_call_reads_what_the_first_wrote() -> None:
    """Cache reads and writes by lifetime arrive in the usage."""
    long = Block("rule " * 2000, cached=True)
    async with bench() as given:
        wrote = await complete(given.model, ask(system=(long,)))
        read = await complete(given.model, ask(system=(long,), user=(Block("other"),)))

    assert wrote.usage.cache_write_1h == read.usage.cache_read > 1024
    assert wrote.usage.cache_write_5m == read.usage.cache_write_1h == 0


async def test_closing_the_iterator_ends_the_request() -> None:
    """Barge-in: whoever closes the stream after a piece leaves the server at once."""
    async with bench(Fault.HANG_MIDSTREAM) as given:
        async with aclosing(given.model.stream(ask())) as items:
            async for item in items:
                if isinstance(item, str):
                    break
        await client_left(given.stub)

        assert not given.stub.calls[0].finished


@pytest.mark.parametrize("fault", [Fault.HANG_BEFORE, Fault.HANG_MIDSTREAM])
async def test_cancelling_the_task_ends_the_request(fault: Fault) -> None:
    """A cancelled task stays cancelled, and the server sees the client leave."""
    async with bench(fault) as given:
        task = asyncio.create_task(complete(given.model, ask()))
        await until(lambda: bool(given.stub.calls))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await client_left(given.stub)


async def test_the_connection_serves_on_after_somebody_left() -> None:
    """A call that was cut off takes nothing from the next one."""
    async with bench(Fault.HANG_MIDSTREAM) as given:
        async with aclosing(given.model.stream(ask())) as items:
            await anext(items)
        completion = await complete(given.model, ask())

    assert json.loads(completion.text) == SAID


async def test_one_client_for_all_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening twice, even at once, makes one set of connections; closing twice does no harm."""
    made: list[object] = []
    make = anthropic.DefaultAsyncHttpxClient

    def count(**options: Any) -> object:
        made.append(make(**options))
        return made[-1]

    monkeypatch.setattr(anthropic, "DefaultAsyncHttpxClient", count)
    async with bench() as given:
        await asyncio.gather(given.model.open(), given.model.open())
        for interview in ("one", "two", "one"):
            await complete(given.model, ask(account=Account(interview, "owner")))
        await given.model.close()

    assert len(made) == 1


def test_importing_costs_nothing() -> None:
    """The SDK is loaded by the first call, not by the import."""
    code = "import sys, interviewer.engines.claude; print({'anthropic', 'httpx2'} & {*sys.modules})"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "set()"
