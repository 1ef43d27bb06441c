"""Tokens, and the prompt cache: byte-equal prefixes up to each breakpoint.

A prefix is everything of a request up to the end of a block, in the order tools, system, messages;
the schema of the answer stands before them, since another one makes another prefix. Rules:
https://platform.claude.com/docs/en/build-with-claude/prompt-caching
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple

from scoring.language_model import Usage
from tests.messages_stub.wire import dump

LIFETIMES_S = {"5m": 300.0, "1h": 3600.0}
LOOK_BACK = 20
"""Blocks, that of the breakpoint included, at whose ends an earlier call's prefix is looked for."""

BYTES_PER_TOKEN = 4


class Part(NamedTuple):
    """One block of a request; `lifetime` is "5m" or "1h" where a breakpoint stands at its end."""

    content: str
    tokens: int
    lifetime: str | None = None


def count(text: str) -> int:
    """Tokens of a text: a quarter of its bytes, rounded up. An estimate, the same everywhere."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // BYTES_PER_TOKEN)


def parts_of(body: Mapping[str, Any]) -> list[Part]:
    """The blocks of a request in the cache's order."""
    parts = [*_schema(body), *_tools(body), *_system(body), *_messages(body)]
    automatic = body.get("cache_control")
    if automatic and parts and parts[-1].lifetime is None:
        parts[-1] = parts[-1]._replace(lifetime=automatic.get("ttl", "5m"))
    return parts


def count_input(body: Mapping[str, Any]) -> int:
    """Tokens of everything that the model would read."""
    return sum(part.tokens for part in parts_of(body))


def breakpoints(body: Mapping[str, Any]) -> list[str]:
    """The lifetimes of the breakpoints, in the cache's order."""
    return [part.lifetime for part in parts_of(body) if part.lifetime]


def _schema(body: Mapping[str, Any]) -> Iterator[Part]:
    wanted = (body.get("output_config") or {}).get("format")
    if wanted:
        text = dump(wanted)
        yield Part(f"format {text}", count(text))


def _tools(body: Mapping[str, Any]) -> Iterator[Part]:
    for tool in body.get("tools") or ():
        yield _part("tool", tool)


def _system(body: Mapping[str, Any]) -> Iterator[Part]:
    for block in _blocks(body.get("system") or []):
        yield _part("system", block)


def _messages(body: Mapping[str, Any]) -> Iterator[Part]:
    for message in body.get("messages") or ():
        for place, block in enumerate(_blocks(message["content"])):
            yield _part(f"{message['role']} {'goes on' if place else 'begins'}", block)


def _blocks(content: str | Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _part(where: str, block: Mapping[str, Any]) -> Part:
    control = block.get("cache_control")
    if block.get("type") == "text":
        read = block["text"]
    else:
        read = dump({name: value for name, value in block.items() if name != "cache_control"})
    return Part(f"{where} {read}", count(read), control.get("ttl", "5m") if control else None)


@dataclass
class _Entry:
    lifetime: str
    until: float


class PromptCache:
    """What prefixes are kept, and what a call pays for its input.

    Args:
        clock: seconds that only grow.
        minimum: tokens below which a prefix is not kept; the real minimum depends on the model.
    """

    def __init__(self, clock: Callable[[], float], minimum: int) -> None:
        self._clock = clock
        self._minimum = minimum
        self._entries: dict[str, _Entry] = {}

    def charge(self, body: Mapping[str, Any]) -> Usage:
        """What the input of a call costs; keeps its prefixes and refreshes those it read."""
        parts = parts_of(body)
        prefixes = list(_prefixes(body["model"], parts))
        totals = list(accumulate((part.tokens for part in parts), initial=0))
        marks = [at for at, part in enumerate(parts) if part.lifetime]
        read = max((self._last_kept(prefixes, mark) for mark in marks), default=-1)
        for at in {*marks, read} - {-1}:
            self._refresh(prefixes[at])
        written = {"5m": 0, "1h": 0}
        done = read
        for mark in marks:
            if mark > read and totals[mark + 1] >= self._minimum:
                lifetime = parts[mark].lifetime or "5m"
                written[lifetime] += totals[mark + 1] - totals[done + 1]
                until = self._clock() + LIFETIMES_S[lifetime]
                self._entries[prefixes[mark]] = _Entry(lifetime, until)
                done = mark
        return Usage(
            input=totals[-1] - totals[done + 1],
            cache_read=totals[read + 1],
            cache_write_5m=written["5m"],
            cache_write_1h=written["1h"],
        )

    def clear(self) -> None:
        """Forget every prefix, as if all had lived long enough."""
        self._entries.clear()

    def _last_kept(self, prefixes: Sequence[str], mark: int) -> int:
        """The last place up to the breakpoint at which a kept prefix ends; -1 for none."""
        nearest = range(mark, max(mark - LOOK_BACK, -1), -1)
        return next((at for at in nearest if self._is_kept(prefixes[at])), -1)

    def _is_kept(self, prefix: str) -> bool:
        entry = self._entries.get(prefix)
        return entry is not None and self._clock() < entry.until

    def _refresh(self, prefix: str) -> None:
        if self._is_kept(prefix):
            entry = self._entries[prefix]
            entry.until = self._clock() + LIFETIMES_S[entry.lifetime]


def _prefixes(model: str, parts: Sequence[Part]) -> Iterator[str]:
    """A name for everything up to the end of each part."""
    whole = hashlib.sha256(model.encode("utf-8", "surrogatepass"))
    for part in parts:
        whole.update(b"\0" + part.content.encode("utf-8", "surrogatepass"))
        yield whole.hexdigest()


def usage_on_the_wire(usage: Usage) -> dict[str, Any]:
    """The API's `usage` object."""
    return {
        "input_tokens": usage.input,
        "cache_creation_input_tokens": usage.cache_write_5m + usage.cache_write_1h,
        "cache_read_input_tokens": usage.cache_read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": usage.cache_write_5m,
            "ephemeral_1h_input_tokens": usage.cache_write_1h,
        },
        "output_tokens": usage.output,
        "service_tier": "standard",
    }
