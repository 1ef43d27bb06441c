"""What a call took, as far as it can be known when it ends early."""

from __future__ import annotations

import json
from dataclasses import dataclass

from interviewer.clock import Clock
from interviewer.prices import Price
from scoring.language_model import (
    Ask,
    Completion,
    Failure,
    ModelFailureError,
    StreamItem,
    Usage,
)

OK = "ok"
CLOSED_EARLY = "closed early"
"""The outcomes of a call that are no `Failure`."""

_BYTES_PER_TOKEN = 3
"""Of an answer, which is JSON with prose in it; an estimate, not a bound."""

_FRAME_TOKENS = 1_000
"""Allowed for what a provider puts around a prompt: marks of roles, words on the answer's form."""


@dataclass(frozen=True)
class CallEnd:
    """How a call ended and what it took.

    `outcome` is `OK`, `CLOSED_EARLY` or the value of a `Failure`. `cost_usd` is None where it is
    not known. Times are in seconds from the call.
    """

    outcome: str
    cost_usd: float | None
    usage: Usage
    total_s: float
    first_text_s: float | None = None
    attempts: int = 1
    request_id: str | None = None


_ANSWERED = frozenset({Failure.REFUSED, Failure.TRUNCATED, Failure.MALFORMED})
"""The stream came to its end, so that its usage is the server's last word."""

_NEVER_BEGUN = frozenset(
    {
        Failure.RATE_LIMITED,
        Failure.OVERLOADED,
        Failure.SERVER_ERROR,
        Failure.UNREACHABLE,
        Failure.TOO_LONG,
        Failure.REJECTED,
        Failure.DENIED,
    }
)
"""Where nothing was counted before, no model has run and nothing is charged."""


class Meter:
    """Watches a stream, and says what it took.

    A stream that stops on its way is counted with what the server had counted by then, and with
    the text that came at `_BYTES_PER_TOKEN`; thinking that nobody saw cannot be counted.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._started = clock.monotonic()
        self._first_text_s: float | None = None
        self._bytes = 0
        self._usage: Usage | None = None
        self._failure: Failure | None = None
        self._request_id: str | None = None
        self._completion: Completion | None = None

    def note(self, item: StreamItem) -> None:
        """Take the next item of the stream."""
        if isinstance(item, Completion):
            self._completion = item
        elif isinstance(item, Usage):
            self._usage = item
        else:
            if self._first_text_s is None:
                self._first_text_s = self._elapsed()
            self._bytes += _size(item)

    def end(self) -> None:
        """The stream is over; without a completion it was cut."""
        self._failure = Failure.CUT_SHORT

    def fail(self, err: ModelFailureError) -> None:
        """The stream is over with a failure."""
        self._failure = err.failure
        self._request_id = err.request_id
        if err.usage is not None:
            self._usage = err.usage if self._usage is None else _larger(self._usage, err.usage)

    def closed(self, price: Price | None) -> CallEnd:
        """How the call ended; where the stream has no end yet, nobody wanted more of it."""
        done = self._completion
        if done is not None:
            return CallEnd(
                outcome=OK,
                cost_usd=_cost_of(done, price),
                usage=done.usage,
                total_s=done.total_s,
                first_text_s=done.first_text_s,
                attempts=done.attempts,
                request_id=done.request_id,
            )
        usage = self._counted()
        return CallEnd(
            outcome=self._failure.value if self._failure else CLOSED_EARLY,
            cost_usd=self._cost_usd(usage, price),
            usage=usage or Usage(),
            total_s=self._elapsed(),
            first_text_s=self._first_text_s,
            request_id=self._request_id,
        )

    def _counted(self) -> Usage | None:
        if self._usage is None or self._failure in _ANSWERED:
            return self._usage
        return _larger(self._usage, Usage(output=_tokens_about(self._bytes)))

    def _cost_usd(self, usage: Usage | None, price: Price | None) -> float | None:
        if price is None:
            return 0.0
        if usage is not None:
            return price.cost_usd(usage)
        return 0.0 if self._failure in _NEVER_BEGUN and not self._bytes else None

    def _elapsed(self) -> float:
        return self._clock.monotonic() - self._started


def _cost_of(done: Completion, price: Price | None) -> float | None:
    """What a whole answer cost; None where its server has counted nothing at all."""
    if price is None or done.replayed:
        return 0.0
    return None if done.usage == Usage() else price.cost_usd(done.usage)


def prompt_tokens_at_most(ask: Ask) -> int:
    """How many tokens the prompt has at most: one for each byte of UTF-8, and `_FRAME_TOKENS`.

    A tokenizer that reads bytes makes no token of less than one; the provider's is not published,
    and is taken for such a one. English has four bytes to a token or more, but a candidate may
    answer in emoji or base64, and what is held has to last for that as well. It has room in the
    usual budget of 2 USD an interview: a long round (40 kB of transcript, 10 kB of rules, concepts
    and schema) holds 0.24 USD a call at the prices of claude-sonnet-5-5, written to the cache for
    an hour, so 0.98 for the four calls that a judge has under way. What is really used replaces it
    once the call is over.
    """
    text = sum(_size(block.text) for block in (*ask.system, *ask.user))
    return text + _size(json.dumps(dict(ask.schema))) + _FRAME_TOKENS


def _tokens_about(size: int) -> int:
    return -(-size // _BYTES_PER_TOKEN)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _larger(one: Usage, other: Usage) -> Usage:
    """The larger number of each kind of token."""
    return Usage(
        max(one.input, other.input),
        max(one.cache_read, other.cache_read),
        max(one.cache_write_5m, other.cache_write_5m),
        max(one.cache_write_1h, other.cache_write_1h),
        max(one.output, other.output),
    )
