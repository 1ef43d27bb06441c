"""What a client asked, and what it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring.language_model import Usage
from tests.messages_stub.faults import Fault
from tests.messages_stub.seen import Seen


@dataclass
class Call:
    """One request for a message.

    Attributes:
        body: the request's JSON; empty where it was none.
        headers: by their names in lower case.
        seen: the request as a model reads it; None where it was refused.
        fault: what was made to happen.
        status: of the answer; 0 while there is none.
        usage: what the client was told, or would have been told had it stayed.
        answer: the object that was written; None for prose, raw text and refusals.
        text: what was written, whether all of it was delivered or not.
        sent: when each piece of text was handed over, in seconds of `time.perf_counter`.
        finished: the answer came to its proper end.
        left_early: the client went away before the end.
    """

    request_id: str
    headers: Mapping[str, str]
    body: Mapping[str, Any] = field(default_factory=dict)
    seen: Seen | None = None
    fault: Fault | None = None
    status: int = 0
    usage: Usage = field(default_factory=Usage)
    answer: Mapping[str, Any] | None = None
    text: str = ""
    sent: list[tuple[float, str]] = field(default_factory=list)
    finished: bool = False
    left_early: bool = False

    @property
    def purpose(self) -> str:
        """`interview`, `judge` or empty."""
        return self.seen.purpose if self.seen else ""

    @property
    def cache_read_share(self) -> float:
        """The part of the input that came from the cache."""
        return self.usage.cache_read / self.usage.prompt if self.usage.prompt else 0.0
