"""The Messages API as plain data: the body of a request, and what its stream of events says.

Nothing here knows the SDK. A request's prompt stands in the order tools, system, user, which is
the order in which servers compare prefixes for their cache.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard, cast

from interviewer.engines.partial_reply import read_object
from interviewer.engines.providers import Provider, SchemaVia
from scoring.language_model import Ask, Block, Failure, Usage

MAX_BREAKPOINTS = 4
"""How many places of a prompt the API lets a request mark for its cache."""

ANSWER_TOOL = "answer"

MOST_TOKENS = 10**9
"""No call takes more tokens: a larger count is none."""

_IN_WORDS = (
    "Answer with one JSON object and nothing else: no code fence, no word before or after it. "
    "Write its fields in the order of this JSON schema and keep to it:\n"
)
_NAME = re.compile("[a-z]+(_[a-z]+)*")
_COUNTS = (
    "input_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "output_tokens",
)


def request_body(ask: Ask, provider: Provider) -> dict[str, Any]:
    """The JSON body of a request, without the mark that it is to be streamed.

    There is no temperature and no budget for thinking: the newest models take neither.
    """
    system = ask.system
    if provider.schema_via is SchemaVia.PROMPT:
        system = (*system, Block(_IN_WORDS + json.dumps(ask.schema, ensure_ascii=False)))
    blocks = [*system, *ask.user]
    hours = provider.hour_blocks.get(ask.purpose, 0)
    lifetimes = _lifetimes(blocks, hours) if provider.caching else {}
    parts = [_text_part(block, lifetimes.get(at)) for at, block in enumerate(blocks)]
    body: dict[str, Any] = {
        "model": ask.model,
        "max_tokens": ask.max_tokens,
        "messages": [{"role": "user", "content": parts[len(system) :]}],
    }
    if system:
        body["system"] = parts[: len(system)]
    if provider.schema_via is SchemaVia.FORCED_TOOL:
        body |= _answer_tool(ask.schema)
    if output := _output_config(ask, provider):
        body["output_config"] = output
    return body


def _output_config(ask: Ask, provider: Provider) -> dict[str, Any]:
    output: dict[str, Any] = {}
    if provider.schema_via is SchemaVia.OUTPUT_CONFIG:
        output["format"] = {"type": "json_schema", "schema": dict(ask.schema)}
    if provider.effort and ask.effort:
        output["effort"] = ask.effort
    return output


def _answer_tool(schema: Mapping[str, Any]) -> dict[str, Any]:
    tool = {"name": ANSWER_TOOL, "description": "Takes the answer.", "input_schema": dict(schema)}
    choice = {"type": "tool", "name": ANSWER_TOOL, "disable_parallel_tool_use": True}
    return {"tools": [tool], "tool_choice": choice}


def _lifetimes(blocks: Sequence[Block], hours: int) -> dict[int, str]:
    """How long the server is to keep the prompt up to the end of a block, by the block's index.

    Where more blocks are marked than may be, the first two and the last ones count: the first
    are shared by most calls, the last reach furthest.
    """
    marked = [at for at, block in enumerate(blocks) if block.cached]
    if len(marked) > MAX_BREAKPOINTS:
        marked = marked[:2] + marked[2 - MAX_BREAKPOINTS :]
    return {at: "1h" if order < hours else "5m" for order, at in enumerate(marked)}


def _text_part(block: Block, lifetime: str | None) -> dict[str, Any]:
    part: dict[str, Any] = {"type": "text", "text": _storable(block.text)}
    if lifetime:
        part["cache_control"] = {"type": "ephemeral", "ttl": lifetime}
    return part


def _storable(text: str) -> str:
    """The text with a mark for each half of a surrogate pair, which has no form in UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


class ObjectCutter:
    """Cuts the first JSON object out of running text, piece by piece."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._escaped = False
        self._whole = False

    def cut(self, piece: str) -> str:
        """What of the piece belongs to the object."""
        if not self._depth:
            start = -1 if self._whole else piece.find("{")
            piece = "" if start < 0 else piece[start:]
        for at, character in enumerate(piece):
            if self._ends_with(character):
                self._whole = True
                return piece[: at + 1]
        return piece

    def _ends_with(self, character: str) -> bool:
        if self._in_string:
            self._in_string = self._escaped or character != '"'
            self._escaped = character == "\\" and not self._escaped
            return False
        self._in_string = character == '"'
        self._depth += (character == "{") - (character == "}")
        return character == "}" and not self._depth


@dataclass
class Answer:
    """What has come of an answer so far: fed with the events of its stream, as plain JSON."""

    schema_via: SchemaVia
    model: str
    request_id: str | None = None
    stop_reason: str | None = None
    refused_for: str | None = None
    pieces: list[str] = field(default_factory=list[str])
    began: bool = False
    _counts: dict[str, int] = field(default_factory=dict[str, int], init=False)
    _miscounted: bool = field(default=False, init=False)
    _cutter: ObjectCutter = field(default_factory=ObjectCutter, init=False)

    def take(self, event: Mapping[str, Any]) -> Usage | str | None:
        """What the event brings to whoever asked: the count of the input, or a piece of JSON."""
        match event.get("type"):
            case "message_start":
                return self._start(event)
            case "content_block_delta":
                return self._add(event)
            case "message_delta":
                self._count(_inside(event, "usage"))
                self.stop_reason = _word(event, "delta", "stop_reason")
                self.refused_for = as_name(_inside(event, "delta", "stop_details", "category"))
            case _:
                pass
        return None

    def _start(self, event: Mapping[str, Any]) -> Usage | None:
        self.began = True
        self.model = _word(event, "message", "model") or self.model
        self._count(_inside(event, "message", "usage"))
        usage = self.usage
        return usage if usage and usage.prompt else None

    def _add(self, event: Mapping[str, Any]) -> str | None:
        if self.schema_via is SchemaVia.FORCED_TOOL:
            piece = _word(event, "delta", "partial_json")
        else:
            piece = _word(event, "delta", "text")
        if piece and self.schema_via is SchemaVia.PROMPT:
            piece = self._cutter.cut(piece)
        if not piece:
            return None
        piece = _storable(piece)
        self.pieces.append(piece)
        return piece

    def _count(self, usage: object) -> None:
        """Counts are cumulative, and servers leave out or zero what they do not know (yet)."""
        found = {name: _inside(usage, name) for name in _COUNTS}
        for kind in ("ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"):
            found[kind] = _inside(usage, "cache_creation", kind)
        for name, count in found.items():
            if _is_count(count):
                self._counts[name] = max(count, self._counts.get(name, 0))
            elif count is not None:
                self._miscounted = True

    @property
    def usage(self) -> Usage | None:
        """What the server has counted, None if it said nothing, or what no count can be.

        Cache writes of unknown lifetime count as the dearer ones, those for an hour.
        """
        if self._miscounted or not self._counts:
            return None
        plain, read, written, output = (self._counts.get(name, 0) for name in _COUNTS)
        short = self._counts.get("ephemeral_5m_input_tokens", 0)
        long = max(self._counts.get("ephemeral_1h_input_tokens", 0), written - short)
        return Usage(plain, read, short, long, output)

    @property
    def text(self) -> str:
        """The answer as far as it came."""
        return "".join(self.pieces)

    def fault(self) -> tuple[Failure, str] | None:
        """Why the finished answer cannot be used, in words that hold none of its own."""
        match self.stop_reason:
            case None:
                return Failure.CUT_SHORT, "the connection ended before the answer did"
            case "refusal":
                reason = f" ({self.refused_for})" if self.refused_for else ""
                return Failure.REFUSED, f"it refused to answer{reason}"
            case "model_context_window_exceeded":
                return Failure.TOO_LONG, "prompt and answer exceed its context window"
            case _ if is_object(self.text):
                return None
            case "max_tokens":
                return Failure.TRUNCATED, "the answer hit its limit of tokens"
            case _:
                return Failure.MALFORMED, "the answer is not a JSON object"


def is_object(text: str) -> bool:
    """Whether the text is one JSON object."""
    try:
        read_object(text)
    except ValueError:
        return False
    return True


def _is_count(value: object) -> TypeGuard[int]:
    """Whether the value is a number of tokens; true and false are none, though Python counts."""
    return type(value) is int and 0 <= value <= MOST_TOKENS


_TOO_LONG = ("prompt is too long", "context length", "context size", "context window")
_NO_CREDIT = ("credit balance",)
_BY_TYPE = {
    "authentication_error": Failure.DENIED,
    "billing_error": Failure.DENIED,
    "invalid_request_error": Failure.REJECTED,
    "not_found_error": Failure.REJECTED,
    "overloaded_error": Failure.OVERLOADED,
    "permission_error": Failure.DENIED,
    "rate_limit_error": Failure.RATE_LIMITED,
    "request_too_large": Failure.TOO_LONG,
    "timeout_error": Failure.TIMED_OUT,
}
_BY_STATUS = {
    401: Failure.DENIED,
    402: Failure.DENIED,
    403: Failure.DENIED,
    408: Failure.TIMED_OUT,
    413: Failure.TOO_LONG,
    429: Failure.RATE_LIMITED,
    529: Failure.OVERLOADED,
}


def failure_of(status: int, kind: str | None, said: object) -> Failure:
    """What an error answer means.

    `status` is the HTTP status, 200 for an error in mid-stream; `kind` the error's type. `said`
    is the server's message, looked at only where nothing else tells the cases apart: a prompt
    that is too long and an account without credit are both plain invalid requests.
    """
    if status < 300:
        return _BY_TYPE.get(kind or "", Failure.SERVER_ERROR)
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return Failure.SERVER_ERROR
    if _has(said, _TOO_LONG):
        return Failure.TOO_LONG
    return Failure.DENIED if _has(said, _NO_CREDIT) else Failure.REJECTED


def _has(said: object, phrases: Sequence[str]) -> bool:
    return isinstance(said, str) and any(phrase in said.lower() for phrase in phrases)


def as_name(value: object) -> str | None:
    """The value if it looks like the name of a kind of error, and not like words of a prompt."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds after which the server wants to be asked again, None if it did not say."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            return max(0.0, float(headers.get(name, "")) / unit)
        except ValueError:
            continue
    return None


def _inside(value: object, *path: str) -> object:
    """The value at the path; None where a level is missing or of another form."""
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = cast("Mapping[str, object]", value).get(name)
    return value


def _word(event: Mapping[str, Any], *path: str) -> str | None:
    value = _inside(event, *path)
    return value if isinstance(value, str) else None
