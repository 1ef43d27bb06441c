"""What the Messages API's stand-in does wrong on order, as the real client notices it."""

import asyncio
import json
from typing import Any

import anthropic
import httpx2
import pytest
from messages_stub_samples import (
    INTERVIEW,
    JUDGE,
    candidate,
    client_of,
    interviewer,
    request,
    text,
)

from tests.messages_stub import Fault, MessagesStub, scripted
from tests.messages_stub.answers import INVENTED, UNKNOWN_CONCEPT, UNKNOWN_MOVE

WORDS = "a queue in front of the workers"
REPLY = {
    "move": "m1",
    "say": "What happens when the queue is full?",
    "assessments": [{"concept": "loop/queue", "verdict": "partial", "quote": WORDS}],
}
PROMPT = [
    text("concept loop/queue (weight 2): Puts a queue in front of the workers."),
    text(interviewer("How?")),
    text(f"{candidate(f'I would put {WORDS}.')}\nmove m1 | probe | loop/queue | And then?"),
]


async def final(stub: MessagesStub, **settings: Any) -> Any:
    """The message as the client has it at the end of its stream."""
    client = client_of(stub, **settings)
    async with client.messages.stream(**request(PROMPT)) as stream:
        return await stream.get_final_message()


@pytest.mark.parametrize(
    ("fault", "error", "kind"),
    [
        (Fault.RATE_LIMIT_429, anthropic.RateLimitError, "rate_limit_error"),
        (Fault.OVERLOADED_529, anthropic.InternalServerError, "overloaded_error"),
        (Fault.SERVER_ERROR_500, anthropic.InternalServerError, "api_error"),
        (Fault.BAD_REQUEST_400, anthropic.BadRequestError, "invalid_request_error"),
        (Fault.CONTEXT_OVERFLOW_400, anthropic.BadRequestError, "invalid_request_error"),
        (Fault.AUTH_401, anthropic.AuthenticationError, "authentication_error"),
    ],
)
async def test_a_refusal_at_once(fault: Fault, error: type[anthropic.APIError], kind: str) -> None:
    """The client raises the error it has for it; nothing was charged."""
    async with MessagesStub(scripted(), [fault]) as stub:
        with pytest.raises(error) as refused:
            await final(stub)

    assert isinstance(refused.value, anthropic.APIStatusError)
    assert refused.value.type == kind
    assert refused.value.request_id == stub.calls[0].request_id
    assert stub.calls[0].usage.prompt == 0
    assert stub.calls[0].status == refused.value.status_code
    if fault is Fault.CONTEXT_OVERFLOW_400:
        assert "prompt is too long" in str(refused.value)


@pytest.mark.parametrize(
    "fault", [Fault.RATE_LIMIT_429, Fault.OVERLOADED_529, Fault.SERVER_ERROR_500]
)
async def test_passing_troubles_say_when_to_come_back(fault: Fault) -> None:
    """The client's own second try comes through: one fault is for one call."""
    async with MessagesStub(scripted(REPLY), [fault], retry_after_s=0.001) as stub:
        message = await final(stub, max_retries=1)

    assert json.loads(message.content[0].text) == REPLY
    assert [call.fault for call in stub.calls] == [fault, None]
    assert stub.waiting == ()


async def test_an_error_in_mid_stream_comes_under_status_200() -> None:
    """As an error event after half of the text."""
    async with MessagesStub(scripted(REPLY), [Fault.MIDSTREAM_ERROR]) as stub:
        with pytest.raises(anthropic.APIStatusError, match="Overloaded") as broken:
            await final(stub)

    assert broken.value.status_code == 200
    assert 0 < len("".join(piece for _, piece in stub.calls[0].sent)) < len(stub.calls[0].text)
    assert not stub.calls[0].finished


async def test_a_cut_stream_ends_without_a_word() -> None:
    """No error: half of the text, and no stop reason."""
    async with MessagesStub(scripted(REPLY), [Fault.CUT]) as stub:
        message = await final(stub)

    assert message.stop_reason is None
    assert json.dumps(REPLY).startswith(message.content[0].text)


async def test_a_torn_connection_is_an_error_of_the_transport() -> None:
    """The body's own end is missing as well."""
    async with MessagesStub(scripted(REPLY), [Fault.TORN]) as stub:
        with pytest.raises(httpx2.RemoteProtocolError):
            await final(stub)


@pytest.mark.parametrize("fault", [Fault.HANG_BEFORE, Fault.HANG_MIDSTREAM])
async def test_a_hang_lasts_until_the_client_goes(fault: Fault) -> None:
    """The client's read times out; the stub knows that it left."""
    async with MessagesStub(scripted(REPLY), [fault]) as stub:
        with pytest.raises((anthropic.APITimeoutError, httpx2.ReadTimeout)):
            await final(stub, timeout=0.05)
        await stub.settled()

    assert stub.calls[0].left_early
    assert not stub.calls[0].finished


@pytest.mark.parametrize("fault", [Fault.HANG_BEFORE, Fault.HANG_MIDSTREAM])
async def test_a_hang_does_not_outlive_the_stub(fault: Fault) -> None:
    """Leaving the block lets the client go, which has not left by itself."""
    async with MessagesStub(scripted(REPLY), [fault]) as stub:
        hanging = asyncio.create_task(final(stub))
        await stub.asked()

    async with asyncio.timeout(5):
        await asyncio.wait([hanging])
    assert hanging.exception() is not None
    assert not stub.calls[0].left_early


async def test_whoever_leaves_in_the_middle_is_noticed() -> None:
    """As when a candidate barges in."""
    async with MessagesStub(scripted(REPLY), per_token_s=0.01) as stub:
        async with client_of(stub).messages.stream(**request(PROMPT)) as stream:
            async for _ in stream.text_stream:
                break
        await stub.settled()

    assert stub.calls[0].left_early
    assert 0 < len(stub.calls[0].sent) < len(stub.calls[0].text) / 12


async def test_a_refusal_writes_nothing_and_says_why() -> None:
    """No content, a stop reason, and its details."""
    async with MessagesStub(scripted(REPLY), [Fault.REFUSAL]) as stub:
        message = await final(stub)

    assert message.content == []
    assert message.stop_reason == "refusal"
    assert message.stop_details.category == "general_harms"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.REFUSAL_MIDSTREAM, "refusal"),
        (Fault.TRUNCATED, "max_tokens"),
        (Fault.CONTEXT_OVERFLOW_STOP, "model_context_window_exceeded"),
    ],
)
async def test_half_an_answer_has_a_reason(fault: Fault, reason: str) -> None:
    """The text stops in the middle of the JSON."""
    async with MessagesStub(scripted(REPLY), [fault]) as stub:
        message = await final(stub)

    assert message.stop_reason == reason
    assert json.dumps(REPLY).startswith(message.content[0].text)
    assert len(message.content[0].text) < len(json.dumps(REPLY))


async def test_malformed_json_ends_as_if_it_were_whole() -> None:
    """The stop reason is a proper one, the text no JSON."""
    async with MessagesStub(scripted(REPLY), [Fault.MALFORMED_JSON]) as stub:
        message = await final(stub)

    assert message.stop_reason == "end_turn"
    with pytest.raises(json.JSONDecodeError):
        json.loads(message.content[0].text)


async def test_an_empty_answer_has_no_content() -> None:
    """And a proper stop reason."""
    async with MessagesStub(scripted(REPLY), [Fault.EMPTY]) as stub:
        message = await final(stub)

    assert message.content == []
    assert message.stop_reason == "end_turn"


async def test_wrong_ids_replace_those_of_the_character() -> None:
    """A move that was not offered, concepts that are not in the round."""
    async with MessagesStub(scripted(REPLY), [Fault.WRONG_IDS]) as stub:
        reply = json.loads((await final(stub)).content[0].text)

    assert reply["move"] == UNKNOWN_MOVE
    assert [one["concept"] for one in reply["assessments"]] == [UNKNOWN_CONCEPT]


@pytest.mark.parametrize("found", [REPLY["assessments"], []])
async def test_invented_quotes_are_hits(found: list[Any]) -> None:
    """Even where the character had found nothing."""
    given = {**REPLY, "assessments": found}
    async with MessagesStub(scripted(given), [Fault.INVENTED_QUOTE]) as stub:
        reply = json.loads((await final(stub)).content[0].text)

    (assessment,) = reply["assessments"]
    assert assessment["concept"] == "loop/queue"
    assert (assessment["verdict"], assessment["quote"]) == ("hit", INVENTED)
    assert reply["move"] == "m1"


async def test_a_judges_verdicts_are_spoilt_alike() -> None:
    """With the id of a turn that exists."""
    verdict = {"concept": "loop/queue", "verdict": "missed", "quote": "", "turn": "", "reason": ""}
    body = request(PROMPT, JUDGE)
    given = {"verdicts": [verdict]}
    faults = [Fault.INVENTED_QUOTE, Fault.WRONG_IDS]
    async with MessagesStub(scripted(given, given), faults) as stub:
        client = client_of(stub)
        first, second = [await client.messages.create(**body) for _ in faults]

    invented = json.loads(first.content[0].text)["verdicts"][0]
    assert (invented["verdict"], invented["quote"], invented["turn"]) == ("hit", INVENTED, "c0002")
    assert json.loads(second.content[0].text)["verdicts"][0]["concept"] == UNKNOWN_CONCEPT


async def test_a_slow_answer_is_a_good_one() -> None:
    """It comes whole, and in pieces over the time that was ordered."""
    async with MessagesStub(scripted(REPLY), [Fault.SLOW], slow_s=0.02) as stub:
        message = await final(stub)

    times = [at for at, _ in stub.calls[0].sent]
    assert json.loads(message.content[0].text) == REPLY
    assert times == sorted(set(times))


@pytest.mark.parametrize("fault", list(Fault))
async def test_every_fault_breaks_whole_messages_as_well(fault: Fault) -> None:
    """Where nothing is streamed, what happens in mid-stream happens to all of it."""
    tools = [{"name": "answer", "input_schema": INTERVIEW}]
    body = request(PROMPT, None, tools=tools, tool_choice={"type": "any"})
    stub = MessagesStub(scripted(REPLY, REPLY), [fault], slow_s=0.001)
    async with stub:
        client = client_of(stub, timeout=0.05 if "HANG" in fault.name else 5)
        try:
            message = await client.messages.create(**body)
        except anthropic.APIError:
            assert not stub.calls[0].finished
        else:
            assert stub.calls[0].finished
            assert (message.stop_reason, message.content[:1]) != ("tool_use", [])
        await stub.settled()
        after = await client.messages.create(**body)

    assert after.content[0].input == REPLY


async def test_counting_tokens_fails_on_order() -> None:
    """Apart from the faults of messages."""
    asked = {name: one for name, one in request(PROMPT).items() if name != "max_tokens"}
    async with MessagesStub(scripted(REPLY)) as stub:
        stub.fail_count(Fault.OVERLOADED_529)
        client = client_of(stub)
        with pytest.raises(anthropic.InternalServerError):
            await client.messages.count_tokens(**asked)
        counted = await client.messages.count_tokens(**asked)

    assert counted.input_tokens > 0
    with pytest.raises(ValueError, match="EMPTY"):
        stub.fail_count(Fault.EMPTY)
