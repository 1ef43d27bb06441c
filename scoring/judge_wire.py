"""A judge's call as it goes over the wire: the transcript, the checks, and the answer read.

Rules first, then the transcript, both the same in every call of a round, so that the server keeps
them; the checks come last. Whatever the candidate wrote stands between tags with a code that
candidates cannot know, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from scenarios.model import Concept
from scenarios.rounds import CURVEBALL
from scoring.claims import Claim
from scoring.prompt_blocks import candidate_block, interviewer_block
from scoring.prompts import Prompt, load_prompt
from scoring.transcript import Speaker, Turn
from scoring.verdicts import Verdict
from scoring.votes import MOST_REASON_WORDS

QUOTE_WORDS = 40
"""Words of a quote that are asked for; a little more is taken."""

PHRASINGS = 3
"""Phrasings of a concept that a judge is shown."""

_FIELDS = {
    "concept": {"type": "string"},
    "verdict": {"type": "string", "enum": ["hit", "partial", "missed", "contradicted", "unsure"]},
    "quote": {"type": "string"},
    "turn": {"type": "string"},
    "reason": {"type": "string"},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["verdicts"],
    "properties": {
        "verdicts": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": list(_FIELDS),
                "properties": _FIELDS,
            },
        }
    },
}
"""The same in every call, since a server caches by schema too."""


@dataclass(frozen=True)
class JudgePrompts:
    """The rules, and the words around the transcript, the checks, and what to do better."""

    rules: Prompt
    transcript: Prompt
    checks: Prompt
    retry: Prompt

    @classmethod
    def load(cls) -> JudgePrompts:
        """The prompts of this version."""
        names = ("judge_concepts", "judge_round", "judge_checks", "judge_retry")
        return cls(*(load_prompt("scoring.prompts", name) for name in names))

    @property
    def id(self) -> str:
        """The ids of all of them, that of the rules first."""
        return " ".join((self.rules.id, self.transcript.id, self.checks.id, self.retry.id))

    def rules_text(self) -> str:
        """What a judge has to know before anything else; nothing of any candidate is in it."""
        return self.rules.fill(quote_words=str(QUOTE_WORDS), reason_words=str(MOST_REASON_WORDS))

    def transcript_text(self, turns: Iterable[Turn], nonce: str) -> str:
        """Every turn of a round in order, the candidate's between tags with the `nonce`."""
        lines = "\n".join(_tagged(turn, nonce) for turn in turns)
        return self.transcript.fill(nonce=nonce, turns=lines)

    def checks_text(self, concepts: Mapping[str, Concept], curveball_turn: str | None) -> str:
        """The concepts to check, in that order, each with its anchors."""
        blocks = ("\n".join(_check(*one, curveball_turn)) for one in concepts.items())
        return self.checks.fill(checks="\n".join(blocks))

    def retry_text(self, problems: Mapping[str, str]) -> str:
        """What was wrong, by concept; no word of the candidate is in it."""
        return self.retry.fill(
            problems="\n".join(f"- {key}: {why}" for key, why in problems.items())
        )


def _tagged(turn: Turn, nonce: str) -> str:
    block = interviewer_block if turn.speaker is Speaker.INTERVIEWER else candidate_block
    return block(turn.text, nonce, turn=turn.id, stage=turn.stage)


def _check(key: str, concept: Concept, curveball_turn: str | None) -> Iterator[str]:
    yield f"concept {key}: {concept.statement}"
    if concept.shown_by == "asking":
        yield "  shown by asking for it, or by assuming it outright"
    if concept.listable:
        yield "  naming it in a list is enough"
    if key.startswith(f"{CURVEBALL}/"):
        yield f"  counts only where it was said after turn {curveball_turn}"
    yield from (f"  would show it: {said}" for said in concept.phrasings[:PHRASINGS])
    yield f"  would not: {concept.near_misses[0]}"


class _Said(BaseModel):
    concept: str
    verdict: Verdict
    quote: str = ""
    turn: str = ""
    reason: str = ""


class _Answered(BaseModel):
    verdicts: list[object]


_GIVEN = frozenset(Verdict(word) for word in _FIELDS["verdict"]["enum"])


class Answer(NamedTuple):
    """What a judge said of the concepts it was asked about; `unknown` counts the other ones."""

    claims: Mapping[str, Claim]
    unknown: int


def read_answer(text: str, asked: Sequence[str]) -> Answer | None:
    """The answer; None where it is not of the form that was asked for.

    The last verdict on a concept counts: an earlier one may be quoted from somewhere.
    """
    try:
        listed = _Answered.model_validate_json(text).verdicts
    except ValueError:
        return None
    found = [said for one in listed if (said := _said(one)) is not None]
    claims = {
        one.concept: Claim(one.verdict, one.quote, one.turn, one.reason)
        for one in found
        if one.concept in asked
    }
    return Answer(claims, sum(one.concept not in asked for one in found))


def _said(one: object) -> _Said | None:
    try:
        said = _Said.model_validate(one)
    except ValidationError:
        return None
    return said if said.verdict in _GIVEN else None
