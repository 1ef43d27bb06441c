"""Calls of language models as the terminal shows them: a line each, and their sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from interviewer.budget import CallRecord
from interviewer.metering import CLOSED_EARLY, OK, CallEnd
from interviewer.state import Utterance
from scoring.language_model import Usage
from scoring.render.wording import dollars


@dataclass(frozen=True)
class Totals:
    """What an interview's calls came to.

    `failed` brought no answer, though one was wanted. `cost_usd` counts calls whose cost is not
    known with the most that they may have cost, and `unknown` counts these. `fallbacks` are the
    turns that were worded without the model that was asked.
    """

    calls: int
    failed: int
    cost_usd: float
    unknown: int
    usage: Usage
    fallbacks: int

    @classmethod
    def of(cls, calls: Sequence[CallRecord], said: Iterable[Utterance | None]) -> Totals:
        """The sum over the calls and the utterances of an interview."""
        ends = [call.end for call in calls]
        return cls(
            calls=len(calls),
            failed=sum(end is None or end.outcome not in (OK, CLOSED_EARLY) for end in ends),
            cost_usd=sum(call.counted_usd for call in calls),
            unknown=sum(end is None or end.cost_usd is None for end in ends),
            usage=sum((end.usage for end in ends if end is not None), Usage()),
            fallbacks=sum(one is not None and one.degraded is not None for one in said),
        )

    @property
    def cache_read_share(self) -> float | None:
        """Of all tokens of the prompts those that were read from the cache; None without any."""
        return self.usage.cache_read / self.usage.prompt if self.usage.prompt else None

    def line(self) -> str:
        """The sum in one line."""
        return " · ".join(self._parts())

    def values(self) -> dict[str, Any]:
        """The sum as plain values for JSON."""
        return asdict(self) | {"cache_read_share": self.cache_read_share}

    def _parts(self) -> Iterator[str]:
        failed = f" ({self.failed} failed)" if self.failed else ""
        yield f"{_count(self.calls, 'model call')}{failed}"
        unsure = f", {_count(self.unknown, 'call')} at the most that may be" if self.unknown else ""
        yield f"{dollars(self.cost_usd)}{unsure}"
        if self.cache_read_share is not None:
            yield f"{self.cache_read_share:.0%} of the prompt tokens read from the cache"
        yield f"{_count(self.fallbacks, 'fallback')}"


def call_line(call: CallRecord) -> str:
    """Purpose, model, how it ended, seconds, tokens and cost."""
    asked = f"{call.purpose.value} call to {call.model} at {call.server}"
    if call.end is None:
        return f"{asked}: never came back · up to {_cost(call)}"
    at_most = "up to " if call.end.cost_usd is None else ""
    cost = f"{at_most}{_cost(call)}"
    return " · ".join([f"{asked}: {_outcome(call.end)}", _times(call.end), *_tokens(call), cost])


def call_values(call: CallRecord) -> dict[str, Any]:
    """The call as plain values for JSON."""
    return asdict(call) | {
        "purpose": call.purpose.value,
        "started_at": call.started_at.isoformat(),
        "counted_usd": call.counted_usd,
    }


def _outcome(end: CallEnd) -> str:
    return end.outcome if end.attempts <= 1 else f"{end.outcome} at attempt {end.attempts}"


def _times(end: CallEnd) -> str:
    first = "" if end.first_text_s is None else f", first text after {end.first_text_s:.2f} s"
    return f"{end.total_s:.2f} s{first}"


def _tokens(call: CallRecord) -> Iterator[str]:
    if call.end is None:
        return
    usage = call.end.usage
    written = usage.cache_write_5m + usage.cache_write_1h
    yield (
        f"tokens: {usage.input:,} in, {usage.cache_read:,} from cache, {written:,} to cache, "
        f"{usage.output:,} out"
    )


def _cost(call: CallRecord) -> str:
    """In dollars, with more digits than a round needs: a call may cost much less than a cent."""
    return f"${call.counted_usd:.5f}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
