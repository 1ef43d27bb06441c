"""What the Messages API refuses, in its words, so that a client's mistakes come to light.

Fields as of API version 2026-10-21, where sampling parameters are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.messages_stub.accounting import breakpoints
from tests.messages_stub.errors import invalid

COUNTED = frozenset(
    {
        *("cache_control", "messages", "model", "output_config", "speed", "system", "thinking"),
        *("tool_choice", "tools", "user_profile_id", "workspace_id"),
    }
)
"""Top-level fields of `count_tokens`."""

ACCEPTED = COUNTED | {
    *("container", "diagnostics", "inference_geo", "max_tokens", "metadata", "service_tier"),
    *("stop_sequences", "stream"),
}
REMOVED = ("temperature", "top_p", "top_k")
MOST_BREAKPOINTS = 4
EFFORTS = ("low", "medium", "high", "xhigh", "max")
THINKS_ALWAYS = ("claude-opus-5-5", "claude-fable-5-1")
"""Models on which no tool can be forced."""

UNSUPPORTED = frozenset(
    {
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
    }
)
"""JSON schema keywords that structured output knows nothing of."""

_TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")

Json = Mapping[str, Any]


def check_request(body: Any, accepted: frozenset[str] = ACCEPTED) -> None:
    """Raise the API's refusal of a body that breaks its rules."""
    if not isinstance(body, dict):
        raise invalid("The request body is not valid JSON.")
    for field in body:
        if field in REMOVED:
            raise invalid(f"{field}: sampling parameters are not supported; remove `{field}`")
        if field not in accepted:
            raise invalid(f"{field}: Extra inputs are not permitted")
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise invalid("model: Field required")
    if "max_tokens" in accepted:
        _check_number(body)
    _check_messages(body)
    _check_tools(body)
    _check_output(body)
    _check_breakpoints(body)


def _check_number(body: Json) -> None:
    number = body.get("max_tokens")
    if "max_tokens" not in body:
        raise invalid("max_tokens: Field required")
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise invalid("max_tokens: Input should be a valid integer, 0 or more")
    if not isinstance(body.get("stream", False), bool):
        raise invalid("stream: Input should be a valid boolean")


def _check_messages(body: Json) -> None:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise invalid("messages: at least one message is required")
    for index, message in enumerate(messages):
        _check_message(message, f"messages.{index}")
    if messages[0]["role"] != "user":
        raise invalid("messages: first message must use the `user` role")
    if messages[-1]["role"] != "user":
        raise invalid(
            "This model does not support assistant message prefill. "
            "The conversation must end with a user message."
        )
    if body.get("system"):
        _check_content(body["system"], "system")


def _check_message(message: Any, place: str) -> None:
    if not isinstance(message, dict) or message.keys() != {"role", "content"}:
        raise invalid(f"{place}: Input should have `role` and `content` and nothing else")
    if message["role"] not in {"user", "assistant", "system"}:
        raise invalid(f"{place}.role: Input should be 'user', 'assistant' or 'system'")
    _check_content(message["content"], f"{place}.content")


def _check_content(content: Any, place: str) -> None:
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    if not isinstance(content, list) or not content:
        raise invalid(f"{place}: Input should be a string or a list of content blocks, not empty")
    for index, block in enumerate(content):
        if not isinstance(block, dict) or not isinstance(block.get("type"), str):
            raise invalid(f"{place}.{index}: Input should be a content block with a `type`")
        if block["type"] == "text":
            _check_text(block, f"{place}.{index}")


def _check_text(block: Json, place: str) -> None:
    if extra := sorted(block.keys() - {"type", "text", "cache_control", "citations"}):
        raise invalid(f"{place}.text.{extra[0]}: Extra inputs are not permitted")
    if not isinstance(block.get("text"), str):
        raise invalid(f"{place}.text.text: Field required")
    if not block["text"].strip():
        raise invalid(f"{place}: text content blocks must contain non-whitespace text")


def _check_tools(body: Json) -> None:
    names: list[str] = []
    for index, tool in enumerate(body.get("tools") or ()):
        if not _TOOL_NAME.fullmatch(str(tool.get("name", ""))):
            raise invalid(f"tools.{index}.name: String should match pattern '{_TOOL_NAME.pattern}'")
        if not isinstance(tool.get("input_schema"), dict):
            raise invalid(f"tools.{index}.input_schema: Field required")
        names.append(tool["name"])
    choice = body.get("tool_choice") or {"type": "auto"}
    if choice.get("type") not in {"auto", "any", "tool", "none"}:
        raise invalid("tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'")
    if choice["type"] in {"any", "tool"} and not names:
        raise invalid("tool_choice: tools must be given where a tool is forced")
    if choice["type"] == "tool" and choice.get("name") not in names:
        raise invalid(f"Tool '{choice.get('name')}' not found in provided tools")
    if choice["type"] in {"any", "tool"} and body["model"].startswith(THINKS_ALWAYS):
        raise invalid("Thinking may not be enabled when tool_choice forces tool use.")


def _check_output(body: Json) -> None:
    config = body.get("output_config") or {}
    if extra := sorted(config.keys() - {"effort", "format"}):
        raise invalid(f"output_config.{extra[0]}: Extra inputs are not permitted")
    if config.get("effort") not in {None, *EFFORTS}:
        raise invalid(f"output_config.effort: Input should be one of {', '.join(EFFORTS)}")
    wanted = config.get("format")
    if wanted is None:
        return
    if wanted.get("type") != "json_schema" or not isinstance(wanted.get("schema"), dict):
        raise invalid("output_config.format: Input should be a `json_schema` with a `schema`")
    for problem in schema_problems(wanted["schema"]):
        raise invalid(f"output_config.format.schema: {problem}")


def schema_problems(schema: Json) -> Iterator[str]:
    """What structured output does not support in a JSON schema."""
    kind = schema.get("type")
    if kind == "object" and schema.get("additionalProperties") is not False:
        yield "For 'object' type, 'additionalProperties' must be explicitly set to false"
    if found := sorted(UNSUPPORTED & schema.keys()):
        yield f"For '{kind}' type, properties {', '.join(found)} are not supported"
    if schema.get("minItems", 0) > 1:
        yield "For 'array' type, 'minItems' values other than 0 or 1 are not supported"
    inner = [schema.get("items"), *schema.get("anyOf", ()), *schema.get("allOf", ())]
    inner += [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    for one in inner:
        if isinstance(one, dict):
            yield from schema_problems(one)


def _check_breakpoints(body: Json) -> None:
    for control in _controls(body):
        if control.get("type") != "ephemeral" or control.get("ttl", "5m") not in {"5m", "1h"}:
            raise invalid("cache_control: Input should be ephemeral, with a ttl of '5m' or '1h'")
    found = breakpoints(body)
    if len(found) > MOST_BREAKPOINTS:
        raise invalid(
            f"A maximum of {MOST_BREAKPOINTS} blocks with cache_control may be provided. "
            f"Found {len(found)}."
        )
    if found != sorted(found):
        raise invalid(
            "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block"
        )


def _controls(value: Any) -> Iterator[Json]:
    """Every `cache_control` of a request, wherever it stands; schemas are not looked into."""
    if isinstance(value, list):
        for one in value:
            yield from _controls(one)
    elif isinstance(value, dict):
        if isinstance(value.get("cache_control"), dict):
            yield value["cache_control"]
        for name in ("system", "messages", "content", "tools"):
            yield from _controls(value.get(name))
