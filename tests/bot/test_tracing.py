"""Tracing: nothing without an address, spans to a collector with one, nothing heavy before."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.util._once import Once

from bot.doors import UsageError
from bot.tracing import start_tracing

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def _own_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenTelemetry keeps one provider for the life of a process; each test has its own."""
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    monkeypatch.setattr(trace, "_TRACER_PROVIDER_SET_ONCE", Once())


class Collector(HTTPServer):
    """Takes what is posted, by path."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.posted: list[tuple[str, bytes]] = []


class _Post(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.posted.append((self.path, self.rfile.read(length)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A collector on a port of this machine."""
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["", "/", "/v1/traces"])
def test_spans_reach_the_collector(collector: Collector, path: str) -> None:
    """What was recorded before the end is sent at the end, under the service's name."""
    stop = start_tracing(f"http://127.0.0.1:{collector.server_port}{path}")
    with trace.get_tracer("hotseat.test").start_as_current_span("decide"):
        pass
    stop()

    ((where, body),) = collector.posted
    (spans,) = ExportTraceServiceRequest.FromString(body).resource_spans
    named = {each.key: each.value.string_value for each in spans.resource.attributes}
    assert where == "/v1/traces"
    assert named["service.name"] == "hotseat"
    assert [span.name for scope in spans.scope_spans for span in scope.spans] == ["decide"]


def test_without_an_address_nothing_is_set_up() -> None:
    """Spans go nowhere, and stopping does nothing."""
    stop = start_tracing(None)
    with trace.get_tracer("hotseat.test").start_as_current_span("decide") as span:
        assert not span.is_recording()

    stop()


@pytest.mark.parametrize("endpoint", ["", "localhost:4318", "grpc://host:4317", "http://"])
def test_an_address_that_is_none_is_refused(endpoint: str) -> None:
    """The message shows one that is."""
    with pytest.raises(UsageError, match="http://host:4318"):
        start_tracing(endpoint)


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)

    with pytest.raises(
        UsageError, match=r"opentelemetry.*`uv sync --inexact --frozen --extra tracing`"
    ):
        start_tracing("http://127.0.0.1:4318")


def test_importing_loads_no_exporter() -> None:
    """The module costs nothing where tracing is off."""
    code = (
        "import sys, bot.tracing; bot.tracing.start_tracing(None)();"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
