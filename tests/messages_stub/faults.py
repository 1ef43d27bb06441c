"""What can go wrong with a call, each as the real service shows it."""

from __future__ import annotations

from enum import Enum

from tests.messages_stub.errors import ApiError


class Fault(Enum):
    """One thing that happens to one call.

    What has no comment here says everything by its name. "Half" is half of the answer's text.
    """

    RATE_LIMIT_429 = "rate_limit_429"
    OVERLOADED_529 = "overloaded_529"
    SERVER_ERROR_500 = "server_error_500"
    BAD_REQUEST_400 = "bad_request_400"
    CONTEXT_OVERFLOW_400 = "context_overflow_400"
    AUTH_401 = "auth_401"
    MIDSTREAM_ERROR = "midstream_error"
    """`event: error` after half, under status 200."""
    CUT = "cut"
    """The body ends tidily after half, without `message_stop`: no client notices by itself."""
    TORN = "torn"
    """The connection is lost after half, in the middle of the body."""
    HANG_BEFORE = "hang_before"
    """Not even headers come, until the client goes away."""
    HANG_MIDSTREAM = "hang_midstream"
    """Nothing comes after half, until the client goes away."""
    REFUSAL = "refusal"
    """Nothing is written; `stop_reason` is refusal, with `stop_details`."""
    REFUSAL_MIDSTREAM = "refusal_midstream"
    """The same after half, which has to be thrown away."""
    TRUNCATED = "truncated"
    """Half, then `stop_reason` max_tokens."""
    CONTEXT_OVERFLOW_STOP = "context_overflow_stop"
    """Half, then `stop_reason` model_context_window_exceeded."""
    MALFORMED_JSON = "malformed_json"
    """All of it, with end_turn, and no JSON."""
    WRONG_IDS = "wrong_ids"
    """A move that was not offered, concepts that nobody asked about."""
    INVENTED_QUOTE = "invented_quote"
    """Hits throughout, with words that nobody said."""
    EMPTY = "empty"
    """No content at all, with end_turn."""
    SLOW = "slow"
    """A good answer, spread over the stub's `slow_s`."""


REFUSED_AT_ONCE = frozenset(
    {
        Fault.RATE_LIMIT_429,
        Fault.OVERLOADED_529,
        Fault.SERVER_ERROR_500,
        Fault.BAD_REQUEST_400,
        Fault.CONTEXT_OVERFLOW_400,
        Fault.AUTH_401,
    }
)
BROKEN_OFF = frozenset({Fault.MIDSTREAM_ERROR, Fault.CUT, Fault.TORN, Fault.HANG_MIDSTREAM})
"""Streams that end after half, without the events that should end them."""


def refusal_of(fault: Fault, retry_after_s: float) -> ApiError:
    """The answer instead of an answer; `retry_after_s` is what passing troubles ask for."""
    wait = {"retry-after": f"{retry_after_s:g}"}
    if fault is Fault.RATE_LIMIT_429:
        limits = {"anthropic-ratelimit-requests-remaining": "0"}
        text = "This request would exceed your organization's rate limit of 50 requests per minute."
        return ApiError(429, "rate_limit_error", text, headers=wait | limits)
    if fault is Fault.OVERLOADED_529:
        return ApiError(529, "overloaded_error", "Overloaded", headers=wait)
    if fault is Fault.SERVER_ERROR_500:
        return ApiError(500, "api_error", "Internal server error", headers=wait)
    if fault is Fault.CONTEXT_OVERFLOW_400:
        text = "prompt is too long: 1048999 tokens > 1000000 maximum"
        return ApiError(400, "invalid_request_error", text)
    if fault is Fault.AUTH_401:
        return ApiError(401, "authentication_error", "invalid x-api-key")
    return ApiError(400, "invalid_request_error", "messages: this request was refused on order")
