"""Other servers with the Messages API, and what each of them is sent."""

import json

import pytest
from claude_bench import HIDDEN, SAID, SCHEMA, ask, bench, failure_of, lifetimes

from interviewer.engines.claude import ClaudeModel
from interviewer.engines.providers import ProviderError, provider_named
from scoring.language_model import (
    Block,
    Completion,
    Failure,
    complete,
)
from tests.messages_stub import MessagesStub, scripted
from tests.messages_stub.dialects import LLAMA_CPP, OLLAMA, VLLM, Dialect


@pytest.mark.parametrize(
    ("provider", "dialect"), [("vllm", VLLM), ("llama.cpp", LLAMA_CPP), ("ollama", OLLAMA)]
)
async def test_every_server_answers_in_pieces_of_json(provider: str, dialect: Dialect) -> None:
    """By schema, by tool or by prompt with fences around it: what comes is one JSON object."""
    async with bench(provider=provider, dialect=dialect) as given:
        items = [item async for item in given.model.stream(ask())]

    pieces = [item for item in items if isinstance(item, str)]
    assert len(pieces) > 1
    assert pieces[0].startswith("{")
    assert json.loads("".join(pieces)) == SAID
    assert isinstance(items[-1], Completion)
    assert "".join(pieces) == items[-1].text
    headers = given.stub.calls[0].headers
    assert headers["x-api-key"] == given.stub.key
    assert lifetimes(given.stub.calls[0].body).count(None) >= 2


async def test_vllm_takes_schema_and_effort() -> None:
    """The same output_config as Claude, and no marks for a cache."""
    async with bench(provider="vllm", dialect=VLLM) as given:
        await complete(given.model, ask(effort="high"))

    body = given.stub.calls[0].body
    assert body["output_config"]["effort"] == "high"
    assert body["output_config"]["format"]["schema"] == SCHEMA
    assert lifetimes(body) == [None, None]


async def test_llama_cpp_is_given_a_tool_that_it_must_use() -> None:
    """The schema is the tool's; output_config is left out."""
    async with bench(provider="llama.cpp", dialect=LLAMA_CPP) as given:
        await complete(given.model, ask(effort="high"))

    body = given.stub.calls[0].body
    assert "output_config" not in body
    assert [tool["input_schema"] for tool in body["tools"]] == [SCHEMA]
    assert body["tool_choice"]["name"] == body["tools"][0]["name"]


async def test_ollama_is_told_the_schema_in_words() -> None:
    """It stands at the end of our own rules, never among the candidate's words."""
    async with bench(provider="ollama", dialect=OLLAMA) as given:
        await complete(given.model, ask(effort="high"))

    body = given.stub.calls[0].body
    assert set(body) == {"model", "max_tokens", "system", "messages", "stream"}
    assert json.dumps(SCHEMA) in body["system"][-1]["text"]
    assert body["messages"][0]["content"] == [{"type": "text", "text": f"Here is {HIDDEN}."}]


@pytest.mark.parametrize("written", ["No.", "I cannot {answer}.", '{"say": "unfinished'])
async def test_prose_where_json_was_asked_for_is_malformed(written: str) -> None:
    """What no repair makes an object of has a name."""
    stub_options = {"dialect": OLLAMA, "character": scripted(written)}
    async with bench(provider="ollama", **stub_options) as given:
        failed = await failure_of(given.model)

    assert failed.failure is Failure.MALFORMED


async def test_a_local_server_needs_no_key() -> None:
    """Something stands in its place, because the SDK wants one."""
    async with MessagesStub(lambda _: SAID, key="none", dialect=VLLM) as stub:
        model = ClaudeModel(provider_named("vllm"), "", stub.url)
        assert json.loads((await complete(model, ask())).text) == SAID
        await model.close()


@pytest.mark.parametrize(
    ("key", "url", "says"),
    [
        ("", None, "anthropic wants a key; set ANTHROPIC_API_KEY"),
        ("  ", None, "wants a key"),
        ("kéy", None, "correct ANTHROPIC_API_KEY"),
        ("two\nlines", None, "correct ANTHROPIC_API_KEY"),
        ("key", "http://proxy.example", "the key would be sent to proxy.example unencrypted"),
        ("key", "localhost:8000", "write http(s)://host:port"),
        ("key", "http://", "write http(s)://host:port"),
        ("key", "http://host:port", "no address of a server"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_sent(
    key: str, url: str | None, says: str
) -> None:
    """Keys and addresses are looked at when the model is made."""
    with pytest.raises(ProviderError) as raised:
        ClaudeModel(provider_named("anthropic"), key, url)

    assert says in str(raised.value)


async def test_text_that_has_no_form_in_utf_8_is_sent_with_marks() -> None:
    """Half a surrogate pair in a chat message does not end the call."""
    async with bench() as given:
        await complete(given.model, ask(user=(Block("so \ud83d it is"),)))

    assert given.stub.calls[0].body["messages"][0]["content"][0]["text"] == "so ? it is"
