"""Spans and logs of calls: ids, counts and durations, never words."""

import logging
from contextlib import aclosing

import pytest
from claude_bench import HIDDEN, ask, bench, failure_of
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from scoring.language_model import Account, complete
from tests.messages_stub import Fault


async def test_a_debug_log_holds_no_words(caplog: pytest.LogCaptureFixture) -> None:
    """Not even the SDK's own, which would write out whole requests."""
    logging.getLogger("anthropic").setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        async with bench(Fault.OVERLOADED_529, Fault.MIDSTREAM_ERROR) as given:
            await failure_of(given.model)
            await complete(given.model, ask())

    assert caplog.records
    assert HIDDEN not in caplog.text
    assert given.stub.key not in caplog.text


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """What the installed tracer provider is handed."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    return exporter


async def test_a_call_leaves_a_span_without_words(spans: InMemorySpanExporter) -> None:
    """Model, tokens, interview and stop reason are there; prompt and answer are not.

    The server is not told of the trace.
    """
    async with bench() as given:
        completion = await complete(given.model, ask())

    (span,) = spans.get_finished_spans()
    found = dict(span.attributes or {})
    assert found["gen_ai.request.model"] == "claude-haiku-5-5"
    assert found["gen_ai.conversation.id"] == "interview-7"
    assert found["gen_ai.usage.input_tokens"] == completion.usage.prompt
    assert found["gen_ai.usage.output_tokens"] == completion.usage.output
    assert found["anthropic.message.stop_reason"] == "end_turn"
    assert "server.address" in found
    assert "traceparent" not in given.stub.calls[0].headers
    words = span.to_json()
    assert HIDDEN not in words
    assert "bound the loop" not in words
    assert "You interview" not in words


async def test_each_interview_has_its_own_spans(
    spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after more of them than are kept."""
    monkeypatch.setattr("interviewer.engines.claude.INTERVIEWS_KEPT", 2)
    interviews = ["one", "two", "one", "three", "two"]
    async with bench() as given:
        for interview in interviews:
            await complete(given.model, ask(account=Account(interview, "owner")))

    found = [dict(span.attributes or {}) for span in spans.get_finished_spans()]
    assert [each["gen_ai.conversation.id"] for each in found] == interviews


async def test_a_failed_call_leaves_a_span_for_each_try(spans: InMemorySpanExporter) -> None:
    """Errors are marked by type, without a word of the prompt."""
    async with bench(Fault.OVERLOADED_529, Fault.CUT) as given:
        await failure_of(given.model)

    kinds = [dict(span.attributes or {}).get("error.type") for span in spans.get_finished_spans()]
    assert kinds == ["overloaded_error", "api_error"]
    assert all(HIDDEN not in span.to_json() for span in spans.get_finished_spans())


async def test_a_call_that_was_left_ends_its_span(spans: InMemorySpanExporter) -> None:
    """Barge-in is no error, and its span does not stay open."""
    async with bench(Fault.HANG_MIDSTREAM) as given, aclosing(given.model.stream(ask())) as items:
        await anext(items)

    (span,) = spans.get_finished_spans()
    assert "error.type" not in (span.attributes or {})
