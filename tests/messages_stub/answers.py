"""From what a character says to what a message holds, with what a fault makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from tests.messages_stub.accounting import BYTES_PER_TOKEN, count
from tests.messages_stub.dialects import Dialect
from tests.messages_stub.faults import Fault
from tests.messages_stub.seen import Seen, forced_tool

Given: TypeAlias = Mapping[str, Any] | str
"""An answer's object, or text that is sent as it is."""

Character: TypeAlias = Callable[[Seen], Given]
"""Who answers: the same request, the same answer, unless it was made to vary."""

INVENTED = "I would shard the lunar ledger across eleven moons and settle it by pigeon."
"""Words that nobody says."""

UNKNOWN_CONCEPT = "nowhere/no-such-concept"
UNKNOWN_MOVE = "m99"
PROSE = "I am a server for tests. I answer questions that come with a schema."

_REFUSED = {
    "type": "refusal",
    "category": "general_harms",
    "explanation": "This request was declined.",
}


@dataclass(frozen=True)
class Answer:
    """What is written.

    Attributes:
        given: the object behind it, None for prose.
        text: JSON or prose, whole or as far as it comes.
        tool: the name of the forced tool whose input the text is.
    """

    given: Mapping[str, Any] | None
    text: str
    tool: str | None = None
    stop_reason: str = "end_turn"
    stop_details: Mapping[str, Any] | None = None

    @property
    def tokens(self) -> int:
        """Output tokens; one at least, as even an empty message has."""
        return max(1, count(self.text))

    def content(self) -> list[dict[str, Any]]:
        """The content blocks of a message that is not streamed."""
        if self.tool is None:
            return [{"type": "text", "text": self.text}] if self.text else []
        return [tool_block(self.tool, _object(self.text))] if self.text else []


def tool_block(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The use of a tool."""
    return {"type": "tool_use", "id": "toolu_stub", "name": name, "input": dict(values)}


def answer_to(seen: Seen, character: Character, dialect: Dialect, fault: Fault | None) -> Answer:
    """What is written in answer to a request, without how it is delivered."""
    tool = forced_tool(seen.body) if dialect.tool_choice else None
    if not seen.schema:
        answer = Answer(None, PROSE)
    else:
        given = character(seen)
        if isinstance(given, Mapping):
            given = _with_wrong_content(given, seen, fault)
        answer = Answer(
            given if isinstance(given, Mapping) else None,
            given if isinstance(given, str) else dump_in_order(given, seen.schema),
            tool["name"] if tool else None,
        )
        if dialect.fenced and not tool and not isinstance(given, str):
            answer = replace(answer, text=f"Here it is:\n```json\n{answer.text}\n```\n")
    if tool:
        answer = replace(answer, stop_reason="tool_use")
    return _limited(_spoilt(answer, fault), seen.body.get("max_tokens", 0))


def dump_in_order(value: Any, schema: Mapping[str, Any]) -> str:
    """JSON with the properties in the schema's order; what it does not know comes last."""
    return json.dumps(_ordered(value, schema), ensure_ascii=False)


def _ordered(value: Any, schema: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping):
        known = schema.get("properties", {})
        names = [*(name for name in known if name in value), *(n for n in value if n not in known)]
        return {name: _ordered(value[name], known.get(name, {})) for name in names}
    if isinstance(value, list | tuple):
        return [_ordered(one, schema.get("items", {})) for one in value]
    return value


def half(text: str) -> int:
    """How much of a text is written before something breaks."""
    return len(text) // 2


def _spoilt(answer: Answer, fault: Fault | None) -> Answer:
    """The text and stop reason under a fault."""
    first = answer.text[: half(answer.text)]
    if fault is Fault.TRUNCATED:
        return replace(answer, text=first, stop_reason="max_tokens")
    if fault is Fault.CONTEXT_OVERFLOW_STOP:
        return replace(answer, text=first, stop_reason="model_context_window_exceeded")
    if fault in {Fault.REFUSAL, Fault.REFUSAL_MIDSTREAM}:
        text = first if fault is Fault.REFUSAL_MIDSTREAM else ""
        return replace(answer, text=text, stop_reason="refusal", stop_details=_REFUSED)
    if fault is Fault.MALFORMED_JSON:
        return replace(answer, text=f'{first}\\": }} so, as I was saying: {{')
    if fault is Fault.EMPTY:
        return replace(answer, text="", stop_reason="end_turn")
    return answer


def _limited(answer: Answer, max_tokens: int) -> Answer:
    """The answer within the tokens that were allowed for it; 0 is how a cache is warmed."""
    if answer.text and count(answer.text) > max_tokens:
        kept = answer.text.encode("utf-8", "surrogatepass")[: max_tokens * BYTES_PER_TOKEN]
        text = kept.decode("utf-8", "ignore")
        return replace(answer, text=text, stop_reason="max_tokens")
    return answer


def _with_wrong_content(
    given: Mapping[str, Any], seen: Seen, fault: Fault | None
) -> Mapping[str, Any]:
    """The character's answer with unknown ids or invented quotes."""
    if fault not in {Fault.WRONG_IDS, Fault.INVENTED_QUOTE} or not seen.purpose:
        return given
    part = "verdicts" if seen.purpose == "judge" else "assessments"
    found = list(given[part]) or [_any_assessment(seen)]
    if fault is Fault.WRONG_IDS:
        wrong: dict[str, Any] = {part: [{**one, "concept": UNKNOWN_CONCEPT} for one in found]}
        return {**given, **wrong, **({"move": UNKNOWN_MOVE} if "move" in given else {})}
    turn = next((said.turn for said in reversed(seen.turns()) if said.by_candidate), "")
    invented = {"verdict": "hit", "quote": INVENTED}
    where = {"turn": turn} if seen.purpose == "judge" else {}
    return {**given, part: [{**one, **invented, **where} for one in found]}


def _any_assessment(seen: Seen) -> dict[str, Any]:
    return {"concept": seen.concepts()[0].key, "verdict": "hit", "quote": "", "turn": ""}


def _object(text: str) -> Mapping[str, Any]:
    """The input of a tool; what is no JSON object comes as an empty one."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
