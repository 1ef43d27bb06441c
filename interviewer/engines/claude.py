"""Claude, and whatever else speaks the Messages API, through Anthropic's SDK.

Every request is streamed and read event by event, so that what it took is known however it ends;
the SDK's own retries are off, because they know nothing of a turn's deadline. The SDK emits a
span for each request, metadata only, to whichever OpenTelemetry provider is installed. It takes
a second to load, so it is loaded in a thread at the first call.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from interviewer.engines.messages_api import (
    Answer,
    as_name,
    asked_to_wait,
    failure_of,
    request_body,
)
from interviewer.engines.providers import Provider, checked_key, server_name
from scoring.language_model import Ask, Completion, Failure, ModelFailureError, StreamItem, Usage

if TYPE_CHECKING:
    import anthropic

CONNECT_S = 3.0
"""Seconds within which a server must take a connection."""

FIRST_BACKOFF_S = 0.5
"""The longest wait before the second try; it doubles with each further one."""

CLOSING_S = 0.1
"""How long a server that has answered may take to end its stream, for the connection's sake."""

INTERVIEWS_KEPT = 64
"""Interviews whose clients are kept, the latest ones."""

_PASSING = {Failure.RATE_LIMITED, Failure.OVERLOADED, Failure.SERVER_ERROR, Failure.UNREACHABLE}
"""Failures that may be gone at the next try."""

_NEXT_STEP = {
    Failure.TOO_LONG: "the prompt is too long for it",
    Failure.RATE_LIMITED: "it takes no more requests for now",
    Failure.OVERLOADED: "it is overloaded",
    Failure.SERVER_ERROR: "it failed",
    Failure.TIMED_OUT: "it took too long",
}


class ClaudeModel:
    """One server and one key; `name` is the server's host and port.

    `base_url` is the server's address, the provider's own if None. A call is tried again, at most
    `max_retries` times, where the failure may pass, the server has not begun to answer and the
    wait fits into the call's deadlines. Raises `ProviderError` for an address or a key that
    cannot be one. Belongs to one event loop; once closed it stays closed, and asks nobody.
    """

    def __init__(
        self,
        provider: Provider,
        api_key: str,
        base_url: str | None = None,
        *,
        max_retries: int = 2,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._base_url = base_url or provider.base_url
        self.name = server_name(self._base_url)
        self._provider = provider
        self._key = checked_key(api_key, provider, self._base_url)
        self._max_retries = max_retries
        self._sleep = sleep
        self._opened: _Connections | None = None
        self._opening = asyncio.Lock()
        self._closed = False

    async def open(self) -> None:
        """Load the SDK, which the first call does otherwise; nothing is sent."""
        await self._connections()

    async def close(self) -> None:
        """Close the connections for good; calls under way fail."""
        self._closed = True
        async with self._opening:
            if self._opened is not None:
                await self._opened.client.close()

    async def _connections(self) -> _Connections:
        async with self._opening:
            if self._closed:
                raise ModelFailureError(Failure.UNREACHABLE, f"{self.name}: it is asked no more")
            if self._opened is None:
                self._opened = await asyncio.to_thread(self._load)
            return self._opened

    async def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        """See `LanguageModel`; closing the iterator ends the request at once."""
        await self.open()  # before the call's time runs: loading is not the server's doing
        watch = _Watch.start(ask)
        for attempt in count(1):
            answer = Answer(self._provider.schema_via, ask.model)
            trouble: _Trouble | None = None
            try:
                async with aclosing(self._events(ask, answer, watch)) as events:
                    async for event in events:
                        item = answer.take(event)
                        if item is not None:
                            watch.saw(item)
                            yield item
            except _failures_of_the_wire() as err:
                # What goes wrong behind the end of an answer takes nothing away from it.
                trouble = None if answer.stop_reason else _read(err, watch, self._provider)
            trouble = trouble or _fault(answer)
            if trouble is None:
                yield self._complete(answer, watch, attempt)
                return
            wait_s = self._wait(trouble, answer, watch, attempt)
            if wait_s is None:
                raise self._failed(trouble, answer, ask.model)
            await self._sleep(wait_s)

    async def _events(
        self, ask: Ask, answer: Answer, watch: _Watch
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        """The events of one request as plain JSON, each waited for no longer than the call may."""
        import httpx2

        async with watch.limit():
            client = (await self._connections()).of(ask.account.interview_id)
            stream = await client.messages.create(
                **request_body(ask, self._provider),
                stream=True,
                timeout=httpx2.Timeout(ask.deadline_s, connect=CONNECT_S),
            )
        async with stream:
            answer.request_id = stream.response.headers.get("request-id")
            while True:
                async with watch.limit():
                    event = await _next(stream)
                if event is None:
                    return
                yield event
                if event.get("type") == "message_stop":
                    await _read_out(stream)
                    return

    def _load(self) -> _Connections:
        import anthropic

        # At DEBUG the SDK logs whole requests, and those hold what candidates said.
        logging.getLogger("anthropic").setLevel(logging.INFO)
        client = anthropic.AsyncAnthropic(
            api_key=self._key,
            base_url=self._base_url,
            max_retries=0,
            default_headers={"x-api-key": self._key} if self._provider.x_api_key else None,
            # A redirect would take the prompt to a host that nobody has named.
            http_client=anthropic.DefaultAsyncHttpxClient(follow_redirects=False),
            open_telemetry={"propagation": False, "traces": {"content_mode": "metadata_only"}},
        )
        # The SDK puts most of its loading off until the first use of a resource.
        _ = client.messages
        return _Connections(client)

    def _complete(self, answer: Answer, watch: _Watch, attempt: int) -> Completion:
        return Completion(
            text=answer.text,
            usage=answer.usage or Usage(),
            model=answer.model,
            request_id=answer.request_id,
            first_text_s=watch.first_text_s or 0.0,
            total_s=watch.passed_s(),
            attempts=attempt,
            extra={"server": self.name},
        )

    def _wait(self, trouble: _Trouble, answer: Answer, watch: _Watch, attempt: int) -> float | None:
        """Seconds until the next try, None if there is to be none."""
        if trouble.final or answer.began or attempt > self._max_retries:
            return None
        wait_s = trouble.after_s
        if wait_s is None:
            longest = FIRST_BACKOFF_S * 2 ** (attempt - 1)
            wait_s = random.uniform(longest / 2, longest)  # noqa: S311 - spreads tries, hides nothing
        return wait_s if wait_s < watch.left_s() else None

    def _failed(self, trouble: _Trouble, answer: Answer, model: str) -> ModelFailureError:
        return ModelFailureError(
            trouble.failure,
            f"{self.name}, model {model}: {trouble.reason}",
            usage=answer.usage,
            request_id=answer.request_id or trouble.request_id,
        )


class _Connections:
    """The one client, and for each interview a copy whose spans say so; all share connections."""

    def __init__(self, client: anthropic.AsyncAnthropic) -> None:
        self.client = client
        self._copies: OrderedDict[str, anthropic.AsyncAnthropic] = OrderedDict()

    def of(self, interview_id: str) -> anthropic.AsyncAnthropic:
        """The interview's client; making one takes longer than keeping it."""
        found = self._copies.pop(interview_id, None)
        if found is None:
            options = self.client.open_telemetry
            named: Any = {**options, "conversation_id": interview_id}
            found = self.client.with_options(open_telemetry=named)
        self._copies[interview_id] = found
        if len(self._copies) > INTERVIEWS_KEPT:
            self._copies.popitem(last=False)
        return found


@dataclass
class _Watch:
    """The time that a call has taken and may take, in seconds of the event loop's clock."""

    started: float
    ask: Ask
    first_text_s: float | None = None

    @classmethod
    def start(cls, ask: Ask) -> _Watch:
        return cls(asyncio.get_running_loop().time(), ask)

    def passed_s(self) -> float:
        return asyncio.get_running_loop().time() - self.started

    def left_s(self) -> float:
        return self._allowed_s() - self.passed_s()

    def limit(self) -> asyncio.Timeout:
        """Raises TimeoutError around whatever takes longer than is left."""
        return asyncio.timeout_at(self.started + self._allowed_s())

    def saw(self, item: StreamItem) -> None:
        if isinstance(item, str) and self.first_text_s is None:
            self.first_text_s = self.passed_s()

    def overdue(self) -> str:
        """What was not there in time."""
        if self.first_text_s is None and self.ask.first_text_s < self.ask.deadline_s:
            return f"no text within {self.ask.first_text_s:g} s"
        return f"no whole answer within {self.ask.deadline_s:g} s"

    def _allowed_s(self) -> float:
        if self.first_text_s is None:
            return min(self.ask.first_text_s, self.ask.deadline_s)
        return self.ask.deadline_s


@dataclass(frozen=True)
class _Trouble:
    """Why a request failed. `after_s` is when the server wants to be asked again, if it said."""

    failure: Failure
    reason: str
    final: bool = True
    after_s: float | None = None
    request_id: str | None = None


class _GarbledError(Exception):
    """What the server sent cannot be read."""


async def _next(stream: anthropic.AsyncStream[Any]) -> Mapping[str, Any] | None:
    """The next event as plain JSON, empty where it is none, None at the end of the stream."""
    import anthropic

    try:
        event = cast("object", await anext(stream, None))
        if isinstance(event, anthropic.BaseModel):
            return event.to_dict(warnings=False)
    except (ValueError, RecursionError):
        raise _GarbledError from None
    return None if event is None else {}


async def _read_out(stream: anthropic.AsyncStream[Any]) -> None:
    """Read the end of a stream whose answer is whole: only then can its connection be kept."""
    with suppress(*_failures_of_the_wire()):
        async with asyncio.timeout(CLOSING_S):
            await _next(stream)


def _failures_of_the_wire() -> tuple[type[Exception], ...]:
    """What a request may raise that is no fault of ours."""
    import anthropic
    import httpx2

    return (anthropic.AnthropicError, httpx2.HTTPError, TimeoutError, _GarbledError)


def _fault(answer: Answer) -> _Trouble | None:
    """What is wrong with an answer whose stream has ended as it should."""
    fault = answer.fault()
    if fault is None:
        return None
    failure, reason = fault
    return _Trouble(failure, reason, final=failure is not Failure.CUT_SHORT)


def _read(err: Exception, watch: _Watch, provider: Provider) -> _Trouble:
    """What went wrong, without a word of what the server said: it may repeat the prompt."""
    import anthropic
    import httpx2

    cause = err.__cause__ if isinstance(err, anthropic.APIConnectionError) else err
    match cause:
        case anthropic.APIStatusError():
            return _read_status(cause, watch, provider)
        case httpx2.ConnectTimeout():
            reason = f"it took no connection within {CONNECT_S:g} s"
            return _Trouble(Failure.UNREACHABLE, reason, final=False)
        case TimeoutError() | httpx2.TimeoutException():
            return _Trouble(Failure.TIMED_OUT, watch.overdue())
        case _GarbledError():
            return _Trouble(Failure.MALFORMED, "it does not speak the Messages API")
        case _ if isinstance(err, anthropic.APIConnectionError):
            reason = f"it cannot be reached ({type(cause).__name__})"
            return _Trouble(Failure.UNREACHABLE, reason, final=False)
        case _:
            return _Trouble(Failure.CUT_SHORT, "the connection broke", final=False)


def _read_status(err: anthropic.APIStatusError, watch: _Watch, provider: Provider) -> _Trouble:
    kind = as_name(err.type)
    failure = failure_of(err.status_code, kind, err.api_message)
    shown = f"{err.status_code} {kind}" if kind else str(err.status_code)
    if failure is Failure.TIMED_OUT:
        reason = watch.overdue()
    elif failure is Failure.DENIED:
        reason = f"it refused the key; correct {provider.key_setting}, or the account behind it"
    elif err.status_code == 404:
        reason = "it knows no such model, or does not speak the Messages API"
    else:
        reason = _NEXT_STEP.get(failure, "it rejected the request")
    headers = err.response.headers
    return _Trouble(
        failure,
        f"{reason} ({shown})",
        final=failure not in _PASSING or headers.get("x-should-retry") == "false",
        after_s=asked_to_wait(headers),
        request_id=err.request_id,
    )
