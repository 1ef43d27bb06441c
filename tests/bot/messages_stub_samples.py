"""Requests as the interviewer and the judge send them, for the tests of the Messages API's stub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import anthropic

from scenarios.rounds import RoundPlan
from tests.messages_stub import MessagesStub, Seen

NONCE = "a1b2c3d4e5f6"
MODEL = "claude-haiku-5-5"
CACHED = {"type": "ephemeral"}


def closed(properties: Mapping[str, Any]) -> dict[str, Any]:
    """An object of exactly these properties."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": dict(properties),
    }


TEXT = {"type": "string"}
ASSESSMENT = closed({"concept": TEXT, "verdict": TEXT, "quote": TEXT})
INTERVIEW = closed(
    {"move": TEXT, "say": TEXT, "assessments": {"type": "array", "items": ASSESSMENT}}
)
VERDICT = closed({"concept": TEXT, "verdict": TEXT, "quote": TEXT, "turn": TEXT, "reason": TEXT})
JUDGE = closed({"verdicts": {"type": "array", "items": VERDICT}})


def client_of(stub: MessagesStub, **settings: Any) -> anthropic.AsyncAnthropic:
    """The real client, which does not try again by itself."""
    given = {"base_url": stub.url, "api_key": stub.key, "max_retries": 0, **settings}
    return anthropic.AsyncAnthropic(**given)


def text(words: str, *, cached: bool = False, ttl: str | None = None) -> dict[str, Any]:
    """A text block."""
    control = CACHED | ({"ttl": ttl} if ttl else {})
    return {"type": "text", "text": words} | ({"cache_control": control} if cached else {})


def request(
    blocks: Sequence[Mapping[str, Any]], schema: Mapping[str, Any] | None = INTERVIEW, **more: Any
) -> dict[str, Any]:
    """A request with these user blocks and the interviewer's rules."""
    output = {"output_config": {"format": {"type": "json_schema", "schema": schema}}}
    return {
        "model": MODEL,
        "max_tokens": 4000,
        "system": [text("You are the interviewer. Do not give the rubric away.", cached=True)],
        "messages": [{"role": "user", "content": list(blocks)}],
        **(output if schema else {}),
        **more,
    }


def concept_lines(plan: RoundPlan) -> str:
    """The round's concepts as the interviewer is shown them."""
    return "\n".join(
        f"concept {address} (weight {concept.weight}): {concept.statement}"
        for address, concept in plan.concepts()
    )


def candidate(words: str, turn: str = "c0002", stage: str = "") -> str:
    """A candidate's turn in its tags."""
    where = f' stage="{stage}"' if stage else ""
    return f'<candidate n="{NONCE}" turn="{turn}"{where}>\n{words}\n</candidate n="{NONCE}">'


def interviewer(words: str, turn: str = "i0001", stage: str = "") -> str:
    """A turn of the interviewer in its tags."""
    where = f' stage="{stage}"' if stage else ""
    return f'<interviewer turn="{turn}"{where}>\n{words}\n</interviewer>'


def interview(
    plan: RoundPlan, answer: str, *, asked: str = "Where do you begin?", board: str = "a queue"
) -> dict[str, Any]:
    """A request for the next move after one question and one answer."""
    address, concept = next(iter(plan.concepts()))
    now = (
        f'Stage now: scope.\n\nThe board:\n<candidate n="{NONCE}" turn="board">\n{board}\n'
        f'</candidate n="{NONCE}">\n\nThe latest turn:\n{candidate(answer)}\n\n'
        "Moves on offer:\n"
        f"move m1 | probe | {address} | {concept.probes[0]}\n"
        "move m2 | advance | - | (said by the program)\n"
        "move m3 | answer | - | (said by the program) the fact about: traffic"
    )
    blocks = [text(f"Round: {plan.title}\n{concept_lines(plan)}", cached=True)]
    return request([*blocks, text(interviewer(asked), cached=True), text(now)])


def judging(plan: RoundPlan, keys: Iterable[str], turns: Sequence[str]) -> dict[str, Any]:
    """A request for the verdicts on some concepts."""
    concepts = dict(plan.concepts())
    asked = "\n\n".join(
        f"concept {address}: {concepts[address].statement}\nsaid like: "
        + "\nsaid like: ".join(concepts[address].phrasings)
        for address in keys
    )
    return request([text("\n".join(turns), cached=True), text(asked)], JUDGE)


def seen(body: Mapping[str, Any]) -> Seen:
    """What a character is shown of a request."""
    return Seen.of(body)
