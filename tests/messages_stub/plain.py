"""Characters that know nothing: they answer at once, or what they were told to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import Any

from tests.messages_stub.answers import Character, Given
from tests.messages_stub.seen import Seen


def plain(seen: Seen) -> Mapping[str, Any]:
    """The first offered move in the pack's own words, and nothing seen in any answer.

    For any other purpose the smallest object of the schema. It takes next to no time, so that
    benchmarks measure everything but the stub.
    """
    if seen.purpose == "interview":
        move = seen.moves()[0]
        return {"move": move.id, "say": move.question or "", "assessments": []}
    if seen.purpose == "judge":
        return {"verdicts": [missed(rubric.key) for rubric in seen.concepts()]}
    return smallest(seen.schema)


def missed(key: str) -> dict[str, str]:
    """The verdict that a concept is nowhere."""
    reason = "Nothing in the transcript shows it."
    return {"concept": key, "verdict": "missed", "quote": "", "turn": "", "reason": reason}


def smallest(schema: Mapping[str, Any], root: Mapping[str, Any] | None = None) -> Any:
    """An instance of a JSON schema."""
    root = root if root is not None else schema
    if "$ref" in schema:
        return smallest(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    for either in ("anyOf", "allOf"):
        if either in schema:
            return smallest(schema[either][0], root)
    if schema["type"] == "object":
        parts = schema.get("properties", {})
        return {name: smallest(part, root) for name, part in parts.items()}
    if schema["type"] == "array":
        return [smallest(schema["items"], root)] if schema.get("minItems") else []
    return {"string": "text", "integer": 1, "number": 0.5, "boolean": True}.get(schema["type"])


def scripted(*answers: Given) -> Character:
    """These answers, one after the other; objects become JSON, text is sent as it is.

    Raises:
        AssertionError: when asked once more than there are answers.
    """
    script: Iterator[Given] = iter(answers)

    def recite(seen: Seen) -> Given:
        for answer in script:
            return answer
        raise AssertionError(f"the script of {len(answers)} answers has run out")

    return recite


def alternating(*characters: Character) -> Character:
    """These characters in turn, one call each, from the start again after the last."""
    turns = cycle(characters)

    def answer(seen: Seen) -> Given:
        character = next(turns)
        return character(seen)

    return answer
