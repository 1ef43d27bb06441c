"""The stand-in for the Messages API, spoken with by the real client and by plain requests."""

import asyncio
import json
import signal
import socket
import sys
from typing import Any

import aiohttp
import anthropic
import pytest
from messages_stub_samples import INTERVIEW, MODEL, client_of, closed, request, text

from tests.messages_stub import MessagesStub, Seen, scripted
from tests.messages_stub.dialects import LLAMA_CPP, OLLAMA, VLLM

REPLY = {"assessments": [], "say": "What would you measure “there” – and why?", "move": "m1"}
"""Its fields are not in the schema's order."""

IN_ORDER = ["move", "say", "assessments"]
HEADERS = {"x-api-key": "stub-key", "anthropic-version": "2026-10-21"}
HELLO = [text("hello")]


async def post(stub: MessagesStub, body: Any, **headers: str) -> tuple[int, Any]:
    """The status and JSON of a plain request."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{stub.url}/v1/messages", data=data, headers=HEADERS | headers) as answer,
    ):
        assert answer.headers["request-id"].startswith("req_")
        return answer.status, await answer.json()


async def test_an_answer_streams_in_pieces_in_the_order_of_the_schema() -> None:
    """The client sees every event of a message, and their text is the answer's JSON."""
    async with MessagesStub(scripted(REPLY)) as stub:
        stream = await client_of(stub).messages.create(**request(HELLO), stream=True)
        events = [event async for event in stream]

    kinds = [event.type for event in events]
    deltas = [event.delta.text for event in events if event.type == "content_block_delta"]
    assert kinds[:2] == ["message_start", "content_block_start"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert len(deltas) > 3
    assert list(json.loads("".join(deltas))) == IN_ORDER
    assert json.loads("".join(deltas)) == REPLY


async def test_events_on_the_wire_have_a_name_each() -> None:
    """The body is server-sent events, pings among them."""
    async with MessagesStub(scripted(REPLY)) as stub:
        data = json.dumps(request(HELLO, stream=True)).encode()
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{stub.url}/v1/messages", data=data, headers=HEADERS) as answer,
        ):
            body = await answer.text()

    assert answer.content_type == "text/event-stream"
    frames = body.strip().split("\n\n")
    for frame in frames:
        name, data_line = frame.split("\n")
        assert json.loads(data_line.removeprefix("data: "))["type"] == name.removeprefix("event: ")
    assert frames[1].startswith("event: ping")


async def test_streamed_or_not_the_message_is_the_same() -> None:
    """Text, stop reason and usage agree."""
    async with MessagesStub(scripted(REPLY, REPLY)) as stub:
        client = client_of(stub)
        whole = await client.messages.create(**request(HELLO))
        async with client.messages.stream(**request(HELLO)) as stream:
            streamed = await stream.get_final_message()

    assert whole.content[0].text == streamed.content[0].text
    assert whole.stop_reason == streamed.stop_reason == "end_turn"
    assert whole.usage.output_tokens == streamed.usage.output_tokens > 1
    assert [call.finished for call in stub.calls] == [True, True]
    assert stub.calls[0].answer == REPLY


@pytest.mark.parametrize("choice", [{"type": "tool", "name": "answer"}, {"type": "any"}])
async def test_a_forced_tool_is_used(choice: dict[str, str]) -> None:
    """Its input is the answer, streamed as JSON."""
    tools = [{"name": "answer", "input_schema": INTERVIEW}]
    body = request(HELLO, None, tools=tools, tool_choice=choice)
    async with MessagesStub(scripted(REPLY, REPLY)) as stub:
        client = client_of(stub)
        async with client.messages.stream(**body) as stream:
            streamed = await stream.get_final_message()
        whole = await client.messages.create(**body)

    for message in (streamed, whole):
        assert message.stop_reason == "tool_use"
        assert message.content[0].type == "tool_use"
        assert message.content[0].name == "answer"
        assert message.content[0].input == REPLY


async def test_a_schema_in_the_prompt_is_answered_with_json_in_prose() -> None:
    """Servers that know no schemas wrap what they write, and ignore a format."""
    body = request([text(f"Keep to {json.dumps(INTERVIEW)}")], None)
    async with MessagesStub(scripted(REPLY), dialect=OLLAMA) as stub:
        client = client_of(stub)
        message = await client.messages.create(**body)
        ignored = await client.messages.create(**request(HELLO))

    assert message.content[0].text.startswith("Here it is:\n```json\n{")
    assert stub.calls[0].purpose == "interview"
    assert "{" not in ignored.content[0].text


async def test_without_a_schema_there_is_only_prose() -> None:
    """Nobody can guess the form of an answer that was not described."""
    async with MessagesStub(scripted()) as stub:
        message = await client_of(stub).messages.create(**request(HELLO, None))

    assert message.stop_reason == "end_turn"
    assert "{" not in message.content[0].text


async def test_either_header_lets_a_key_in() -> None:
    """The new client sends a bearer token, others send x-api-key."""
    async with MessagesStub(scripted(REPLY, REPLY)) as stub:
        await client_of(stub).messages.create(**request(HELLO))
        status, _ = await post(stub, request(HELLO))

    assert status == 200
    assert stub.calls[0].headers["authorization"] == "Bearer stub-key"
    assert stub.calls[0].headers["anthropic-version"] == "2026-10-21"


async def test_a_wrong_key_is_refused() -> None:
    """With 401, an error body and a request id; it is nobody's violation."""
    async with MessagesStub(key="another") as stub:
        with pytest.raises(anthropic.AuthenticationError) as refused:
            await client_of(stub, api_key="stub-key").messages.create(**request(HELLO))

    assert refused.value.type == "authentication_error"
    assert refused.value.request_id == stub.calls[0].request_id
    assert [call.status for call in stub.calls] == [401]


def with_controls(*lifetimes: str) -> list[dict[str, Any]]:
    """Blocks with a breakpoint each."""
    return [text(f"block {at}", cached=True, ttl=one) for at, one in enumerate(lifetimes)]


BAD_SCHEMA = {"type": "object", "properties": {}}
BOUNDED = closed({"n": {"type": "integer", "maximum": 3}})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (request(HELLO, temperature=0), "temperature: sampling parameters"),
        (request(HELLO, top_p=0.5), "top_p: sampling parameters"),
        (request(HELLO, top_k=5), "top_k: sampling parameters"),
        (request(HELLO, nonsense=1), "nonsense: Extra inputs"),
        ({**request(HELLO), "max_tokens": None}, "max_tokens"),
        ({name: v for name, v in request(HELLO).items() if name != "max_tokens"}, "max_tokens: Fi"),
        ({**request(HELLO), "model": ""}, "model: Field required"),
        ({**request(HELLO), "messages": []}, "at least one message"),
        (request([]), "content: Input should be"),
        (request([text(" ")]), "non-whitespace"),
        (request([{**text("a"), "words": "b"}]), "text.words: Extra"),
        (request(with_controls(*["5m"] * 4)), "A maximum of 4 blocks"),
        (request(with_controls("5m", "1h")), "must not come after"),
        (request([{**text("a"), "cache_control": {"type": "for ever"}}]), "cache_control: Input"),
        (request(HELLO, BAD_SCHEMA), "'additionalProperties' must be"),
        (request(HELLO, BOUNDED), "properties maximum are not supported"),
        (request(HELLO, output_config={"effort": "huge"}), "effort: Input should be"),
        (request(HELLO, None, tool_choice={"type": "any"}), "tools must be given"),
        (request([text("\ud800")]), "not valid JSON"),
        (b"{", "not valid JSON"),
        ([], "not valid JSON"),
    ],
)
async def test_what_the_api_would_refuse_is_refused(body: Any, reason: str) -> None:
    """With 400 and the reason; the violation is recorded, and no fault is used up."""
    async with MessagesStub() as stub:
        status, answer = await post(stub, body)
        violations = stub.take_violations()

    assert status == 400
    assert answer["type"] == "error"
    assert answer["error"]["type"] == "invalid_request_error"
    assert reason in answer["error"]["message"]
    assert reason in violations[0]
    assert stub.calls[0].status == 400


async def test_no_tool_can_be_forced_on_models_that_always_think() -> None:
    """So that a wrong way to ask for the schema shows."""
    tools = [{"name": "answer", "input_schema": INTERVIEW}]
    body = request(HELLO, None, tools=tools, tool_choice={"type": "any"}, model="claude-opus-5-5")
    async with MessagesStub() as stub:
        with pytest.raises(anthropic.BadRequestError, match="Thinking may not be enabled"):
            await client_of(stub).messages.create(**body)
        stub.take_violations()


async def test_violations_fail_the_test_that_does_not_take_them() -> None:
    """What the program does wrong cannot pass for a fallback."""
    with pytest.raises(AssertionError, match="temperature"):
        async with MessagesStub() as stub:
            await post(stub, request(HELLO, temperature=1))


async def test_a_character_that_cannot_answer_is_a_violation_too() -> None:
    """The client sees a server error, the test the reason."""
    async with MessagesStub(scripted()) as stub:
        with pytest.raises(anthropic.InternalServerError):
            await client_of(stub).messages.create(**request(HELLO))
        (violation,) = stub.take_violations()

    assert "script of 0 answers has run out" in violation


async def test_other_servers_are_less_strict() -> None:
    """vLLM ignores what it does not know and caches nothing that it tells of."""
    body = request(HELLO, temperature=0)
    async with MessagesStub(scripted(REPLY), dialect=VLLM) as stub:
        status, answer = await post(stub, body)

    assert status == 200
    assert answer["usage"]["cache_creation_input_tokens"] == 0
    assert json.loads(answer["content"][0]["text"]) == REPLY


async def test_tokens_are_counted_as_they_are_charged() -> None:
    """One estimate for the question beforehand and for the bill afterwards."""
    body = request([text("grüße " * 100)])
    asked = {name: value for name, value in body.items() if name != "max_tokens"}
    async with MessagesStub(scripted(REPLY)) as stub:
        client = client_of(stub)
        counted = await client.messages.count_tokens(**asked)
        message = await client.messages.create(**body)

    assert counted.input_tokens == message.usage.input_tokens == stub.calls[0].usage.prompt
    assert stub.counted == [asked]


async def test_ollama_counts_no_tokens() -> None:
    """404, as for any route that does not exist."""
    asked = {"model": MODEL, "messages": [{"role": "user", "content": "a"}]}
    async with MessagesStub(dialect=OLLAMA) as stub:
        with pytest.raises(anthropic.NotFoundError):
            await client_of(stub).messages.count_tokens(**asked)


async def test_models_are_listed_and_others_are_unknown() -> None:
    """A name that does not exist is 404 once the names are fixed."""
    async with MessagesStub(models=("claude-sonnet-5-5",)) as stub:
        client = client_of(stub)
        listed = [model.id async for model in client.models.list()]
        with pytest.raises(anthropic.NotFoundError):
            await client.messages.create(**request(HELLO))

    assert listed == ["claude-sonnet-5-5"]


async def test_an_answer_ends_where_its_tokens_end() -> None:
    """`max_tokens` is kept, and the stop reason says so."""
    async with MessagesStub(scripted(REPLY)) as stub:
        message = await client_of(stub).messages.create(**{**request(HELLO), "max_tokens": 5})

    assert message.stop_reason == "max_tokens"
    assert message.usage.output_tokens == 5
    assert len(message.content[0].text.encode()) <= 20


async def test_the_schema_may_stand_in_a_tool_or_in_the_prompt() -> None:
    """The purpose of a call is known however its schema is asked for."""
    tools = [{"name": "answer", "input_schema": INTERVIEW}]
    forced = request(HELLO, None, tools=tools, tool_choice={"type": "any"})
    asked = request(HELLO, None, system=f"Rules. {json.dumps(INTERVIEW)}")

    assert Seen.of(forced).purpose == Seen.of(asked).purpose == "interview"
    assert Seen.of(request(HELLO, None)).purpose == ""
    assert Seen.of(request(HELLO), by_format=LLAMA_CPP.output_config).purpose == ""


async def test_small_packets_leave_at_once() -> None:
    """No answer waits 40 ms for the acknowledgement of another."""
    async with MessagesStub(scripted(REPLY)) as stub, aiohttp.ClientSession() as session:
        data = json.dumps(request(HELLO)).encode()
        async with session.post(f"{stub.url}/v1/messages", data=data, headers=HEADERS):
            (connection,) = stub.connections
            option = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    assert option


async def test_it_is_served_by_hand() -> None:
    """One line says where, for which key, and that there is no model behind it."""
    served = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.messages_stub", "--port", "0", "--key", "another"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert served.stdout is not None
    line = (await served.stdout.readline()).decode()
    client = anthropic.AsyncAnthropic(base_url=line.split()[0], api_key="another", max_retries=0)
    listed = [model.id async for model in client.models.list()]
    served.send_signal(signal.SIGINT)

    assert await served.wait() == 0
    assert line.endswith("It is no language model.\n")
    assert MODEL in listed
