"""Where spans go: the one place that sets OpenTelemetry up.

Rooms below record spans through its API alone, which does nothing until this has been called.
Spans hold ids, counts, models and durations, never words.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from bot.doors import UsageError

SERVICE = "hotseat"

EXPORT_TIMEOUT_S = 5.0
"""How long a collector may take for a batch; the end of the program waits no longer for one."""

_PATH = "/v1/traces"


def start_tracing(endpoint: str | None) -> Callable[[], None]:
    """Send spans to the collector at `endpoint` (OTLP over HTTP), or nowhere if None.

    `endpoint` is the collector's address as in `OTEL_EXPORTER_OTLP_ENDPOINT`, or that of its
    traces. Returns what is to be called at the end: it sends what is left. Tracing can be started
    once in a process. Raises `UsageError` for a bad address and where the extra is missing.
    """
    if endpoint is None:
        return _nothing
    address = _address(endpoint)
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as err:
        raise UsageError(
            f"tracing needs packages that are not installed ({err.name}): "
            "run `uv sync --inexact --frozen --extra tracing`"
        ) from err
    from opentelemetry import trace

    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    exporter = OTLPSpanExporter(endpoint=address, timeout=EXPORT_TIMEOUT_S)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return provider.shutdown


def _nothing() -> None:
    """There is nothing to send."""


def _address(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{endpoint!r} is no address for traces; write http://host:4318")
    base = endpoint.rstrip("/")
    return base if base.endswith(_PATH) else base + _PATH
