"""Every way in which a call to Claude fails, by name, and how often it is tried."""

import json
import socket
from collections.abc import AsyncIterator
from contextlib import aclosing

import httpx2
import pytest
from claude_bench import (
    ENDING,
    HIDDEN,
    Canned,
    ask,
    bench,
    canned,
    client_left,
    failure_of,
    noted,
)

from interviewer.engines.claude import ClaudeModel
from interviewer.engines.providers import provider_named
from scoring.language_model import (
    Failure,
    ModelFailureError,
    StreamItem,
    Usage,
    complete,
)
from tests.messages_stub import Fault


@pytest.mark.parametrize(
    ("fault", "failure", "began"),
    [
        (Fault.BAD_REQUEST_400, Failure.REJECTED, False),
        (Fault.CONTEXT_OVERFLOW_400, Failure.TOO_LONG, False),
        (Fault.AUTH_401, Failure.DENIED, False),
        (Fault.MIDSTREAM_ERROR, Failure.OVERLOADED, True),
        (Fault.CUT, Failure.CUT_SHORT, True),
        (Fault.TORN, Failure.CUT_SHORT, True),
        (Fault.REFUSAL, Failure.REFUSED, True),
        (Fault.REFUSAL_MIDSTREAM, Failure.REFUSED, True),
        (Fault.TRUNCATED, Failure.TRUNCATED, True),
        (Fault.CONTEXT_OVERFLOW_STOP, Failure.TOO_LONG, True),
        (Fault.MALFORMED_JSON, Failure.MALFORMED, True),
        (Fault.EMPTY, Failure.MALFORMED, True),
    ],
)
async def test_a_fault_has_its_name_and_is_asked_once(
    fault: Fault, failure: Failure, began: bool
) -> None:
    """These do not pass by themselves: one request, with what it cost and what it is called."""
    async with bench(fault) as given:
        failed = await failure_of(given.model)

    (call,) = given.stub.calls
    assert failed.failure is failure
    assert failed.request_id == call.request_id
    assert ((failed.usage or Usage()).prompt == call.usage.prompt > 0) is began
    assert given.model.name in str(failed)
    assert "claude-haiku-5-5" in str(failed)
    assert given.waits == []


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (Fault.RATE_LIMIT_429, Failure.RATE_LIMITED),
        (Fault.OVERLOADED_529, Failure.OVERLOADED),
        (Fault.SERVER_ERROR_500, Failure.SERVER_ERROR),
    ],
)
async def test_what_may_pass_is_tried_a_bounded_number_of_times(
    fault: Fault, failure: Failure
) -> None:
    """Three requests, each after the wait that the server asked for, and then its name."""
    async with bench(*[fault] * 5, retry_after_s=0.25) as given:
        failed = await failure_of(given.model)

    assert failed.failure is failure
    assert len(given.stub.calls) == 3
    assert given.waits == [0.25, 0.25]
    assert failed.request_id == given.stub.calls[-1].request_id


async def test_a_later_try_that_succeeds_is_counted() -> None:
    """Two refusals and an answer are three attempts."""
    async with bench(Fault.OVERLOADED_529, Fault.RATE_LIMIT_429) as given:
        completion = await complete(given.model, ask())

    assert completion.attempts == 3
    assert completion.request_id == given.stub.calls[-1].request_id


async def test_no_wait_goes_beyond_the_deadline() -> None:
    """A server that wants more patience than the first text may take is not asked again."""
    async with bench(Fault.RATE_LIMIT_429, retry_after_s=15.0) as given:
        failed = await failure_of(given.model, ask(deadline_s=60, first_text_s=15))

    assert failed.failure is Failure.RATE_LIMITED
    assert given.waits == []
    assert len(given.stub.calls) == 1


async def test_waits_grow_and_differ_where_the_server_names_none() -> None:
    """Without retry-after, half a second at most, then one; never less than half of that."""
    waits: list[float] = []
    broken = [Canned(status=503, body="loading")] * 3
    async with canned(*broken, sleep=noted(waits)) as (model, paths):
        failed = await failure_of(model)

    first, second = waits
    assert failed.failure is Failure.SERVER_ERROR
    assert 0.25 <= first <= 0.5 <= second <= 1.0
    assert paths == ["/v1/messages"] * 3


async def test_a_server_that_forbids_another_try_gets_none() -> None:
    """`x-should-retry: false` ends it."""
    async with canned(Canned(status=500, headers={"x-should-retry": "false"})) as (model, paths):
        failed = await failure_of(model)

    assert failed.failure is Failure.SERVER_ERROR
    assert len(paths) == 1


@pytest.mark.parametrize("first", [Canned(status=0), Canned(body="<html>"), Canned(events=[])])
async def test_a_connection_lost_before_the_answer_is_tried_again(first: Canned) -> None:
    """Hung up on, or cut before the first event: nothing was shown, so another try is free."""
    events = [{"type": "message_start", "message": {}}, *ENDING]
    async with canned(first, Canned(events=events)) as (model, _):
        completion = await complete(model, ask())

    assert completion.attempts == 2


async def test_an_error_event_before_the_answer_is_tried_again() -> None:
    """Overloaded under status 200, but nothing has begun."""
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    events = [{"type": "message_start", "message": {}}, *ENDING]
    async with canned(Canned(events=[error]), Canned(events=events)) as (model, _):
        completion = await complete(model, ask())

    assert completion.attempts == 2


async def test_nobody_listens() -> None:
    """A refused connection is tried again and then named."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    waits: list[float] = []
    model = ClaudeModel(provider_named("anthropic"), "key", url, sleep=noted(waits))

    failed = await failure_of(model)

    assert failed.failure is Failure.UNREACHABLE
    assert failed.usage is None
    assert len(waits) == 2
    await model.close()


async def test_a_name_that_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a network there is no server."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    model = ClaudeModel(provider_named("anthropic"), "key", "https://api.invalid", max_retries=0)

    failed = await failure_of(model)

    assert failed.failure is Failure.UNREACHABLE
    assert failed.__cause__ is failed.__context__ is None
    await model.close()


@pytest.mark.parametrize(
    ("error", "failure", "tries"),
    [
        (httpx2.ConnectTimeout, Failure.UNREACHABLE, 3),
        (httpx2.ConnectError, Failure.UNREACHABLE, 3),
        (httpx2.ReadTimeout, Failure.TIMED_OUT, 1),
        (httpx2.PoolTimeout, Failure.TIMED_OUT, 1),
    ],
)
async def test_a_failure_of_the_transport_has_its_name(
    monkeypatch: pytest.MonkeyPatch, error: type[httpx2.HTTPError], failure: Failure, tries: int
) -> None:
    """A connection that never came may come yet; a server that went silent is not asked again."""
    sent: list[httpx2.Request] = []

    async def fail(_: object, request: httpx2.Request, **__: object) -> None:
        sent.append(request)
        raise error("on order")

    monkeypatch.setattr(httpx2.AsyncClient, "send", fail)
    model = ClaudeModel(provider_named("anthropic"), "key", sleep=noted([]))

    failed = await failure_of(model)

    assert failed.failure is failure
    assert len(sent) == tries
    await model.close()


async def test_silence_before_the_first_text_is_timed() -> None:
    """A hang is given up after first_text_s, long before the deadline, and the server sees it."""
    async with bench(Fault.HANG_BEFORE) as given:
        failed = await failure_of(given.model, ask(deadline_s=600, first_text_s=1.0))
        await client_left(given.stub)

    assert failed.failure is Failure.TIMED_OUT
    assert "no text within 1 s" in str(failed)
    assert given.waits == []


async def test_an_answer_that_drips_is_timed() -> None:
    """Each piece comes soon enough, the whole does not."""
    async with bench(per_token_s=0.05, chunk=3, character=lambda _: {"say": "x" * 600}) as given:
        failed = await failure_of(given.model, ask(deadline_s=1.0))
        await client_left(given.stub)

    assert failed.failure is Failure.TIMED_OUT
    assert "no whole answer within 1 s" in str(failed)


async def gather(items: AsyncIterator[StreamItem], pieces: list[str]) -> None:
    """Collect the pieces of text as they come."""
    async for item in items:
        pieces += [item] if isinstance(item, str) else []


async def test_silence_in_mid_answer_is_timed() -> None:
    """Text came, its end did not: given up at the deadline, with the input's cost."""
    pieces: list[str] = []
    async with bench(Fault.HANG_MIDSTREAM) as given:
        async with aclosing(given.model.stream(ask(deadline_s=1.0, first_text_s=1.0))) as items:
            with pytest.raises(ModelFailureError) as raised:
                await gather(items, pieces)
        await client_left(given.stub)

    assert raised.value.failure is Failure.TIMED_OUT
    assert "no whole answer within 1 s" in str(raised.value)
    assert raised.value.usage is not None
    assert "".join(pieces)
    assert given.stub.calls[0].text.startswith("".join(pieces))


@pytest.mark.parametrize(
    ("status", "failure", "says"),
    [
        (401, Failure.DENIED, "correct HOTSEAT_ANTHROPIC_API_KEY"),
        (402, Failure.DENIED, "correct HOTSEAT_ANTHROPIC_API_KEY"),
        (403, Failure.DENIED, "correct HOTSEAT_ANTHROPIC_API_KEY"),
        (404, Failure.REJECTED, "model claude-haiku-5-5: it knows no such model"),
        (413, Failure.TOO_LONG, "too long"),
        (422, Failure.REJECTED, "rejected the request (422 odd_error)"),
    ],
)
async def test_a_status_says_what_to_do(status: int, failure: Failure, says: str) -> None:
    """The message names what to correct, and none of these is tried again."""
    body = json.dumps({"type": "error", "error": {"type": "odd_error", "message": "no"}})
    async with canned(Canned(status=status, body=body)) as (model, paths):
        failed = await failure_of(model)

    assert failed.failure is failure
    assert says in str(failed)
    assert len(paths) == 1


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        ("the request exceeds the available context size", Failure.TOO_LONG),
        ("This model's maximum context length is 4096 tokens", Failure.TOO_LONG),
        ("Your credit balance is too low to access the API", Failure.DENIED),
    ],
)
async def test_plain_bad_requests_are_told_apart(said: str, failure: Failure) -> None:
    """Servers say these under status 400 only."""
    body = json.dumps({"type": "error", "error": {"type": "api_error", "message": said}})
    async with canned(Canned(status=400, body=body)) as (model, _):
        failed = await failure_of(model)

    assert failed.failure is failure


async def test_an_error_keeps_the_words_of_the_prompt_to_itself() -> None:
    """A server that repeats the prompt in every field of its error is not quoted anywhere."""
    error = {"type": f"{HIDDEN} error", "message": HIDDEN, "details": {"error_code": HIDDEN}}
    body = json.dumps({"type": "error", "error": error, HIDDEN: HIDDEN})
    async with canned(Canned(status=400, body=body)) as (model, _):
        failed = await failure_of(model)

    assert HIDDEN not in str(failed)
    assert failed.__cause__ is failed.__context__ is None


@pytest.mark.parametrize("garbage", ['{"type": ', "[]", "null", '"text"', "\ud800"])
async def test_events_that_are_none(garbage: str) -> None:
    """Whatever stands where an event should, the call ends with a name."""
    text = garbage.encode("utf-8", "surrogatepass").decode("latin-1")
    answer = Canned(body=f"event: message_start\ndata: {text}\n\n")
    async with canned(answer, max_retries=0) as (model, _):
        failed = await failure_of(model)

    assert failed.failure in {Failure.MALFORMED, Failure.CUT_SHORT}


@pytest.mark.parametrize("value", ["[" * 200_000 + "]" * 200_000, "9" * 5_000])
async def test_events_that_no_parser_takes(value: str) -> None:
    """Lists in lists without an end, or a number without one, are no defect of ours."""
    started = json.dumps({"type": "message_start", "message": {"usage": {"input_tokens": 5}}})
    event = f'{{"type": "content_block_delta", "delta": {value}}}'
    body = f"event: message_start\ndata: {started}\n\nevent: content_block_delta\ndata: {event}\n\n"
    async with canned(Canned(body=body)) as (model, paths):
        failed = await failure_of(model)

    assert failed.failure is Failure.MALFORMED
    assert failed.usage == Usage(5)
    assert len(paths) == 1


@pytest.mark.parametrize(
    "error", [{"type": {"a": 1}, "message": ["x"]}, {"type": None}, "text", ["list"], None]
)
@pytest.mark.parametrize("status", [200, 400])
async def test_errors_of_any_form_have_a_name(error: object, status: int) -> None:
    """An error event or body may hold anything."""
    whole = {"type": "error", "error": error}
    answer = Canned(events=[whole]) if status == 200 else Canned(status=400, body=json.dumps(whole))
    async with canned(answer, max_retries=0) as (model, _):
        failed = await failure_of(model)

    expected = Failure.SERVER_ERROR if status == 200 else Failure.REJECTED
    assert failed.failure is expected


async def test_a_redirect_takes_the_prompt_nowhere() -> None:
    """Another host that was not named gets nothing."""
    answer = Canned(status=307, headers={"Location": "/elsewhere"})
    async with canned(answer) as (model, paths):
        failed = await failure_of(model)

    assert failed.failure is Failure.REJECTED
    assert paths == ["/v1/messages"]
