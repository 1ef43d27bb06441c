"""A turn as a question to a language model: stable parts first, so that servers can cache them.

The order is rules, round, what was said up to the latest turn, and at the end what changes with
every turn. Whatever the
candidate wrote stands between tags with a code that candidates cannot know, and never in the
system part. Facts that were not given are named by topic only: what the model is not told it
cannot give away.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from interviewer.ports import Occasion
from interviewer.state import PROBING, Belief, Move, MoveKind, candidate_turn_id
from scenarios.model import Concept
from scenarios.rounds import CURVEBALL, RoundPlan, key
from scoring.language_model import Account, Ask, Block, Purpose
from scoring.prompt_blocks import candidate_block, interviewer_block
from scoring.prompts import Prompt, load_prompt
from scoring.record import GivenKind
from scoring.transcript import Speaker, Turn
from scoring.verdicts import Verdict
from whiteboard.board import Board
from whiteboard.sketch import to_sketch

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["move", "say", "assessments"],
    "properties": {
        "move": {"type": "string"},
        "say": {"type": "string"},
        "assessments": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["concept", "verdict", "quote"],
                "properties": {
                    "concept": {"type": "string"},
                    "verdict": {
                        "type": "string",
                        "enum": ["hit", "partial", "contradicted", "not_shown"],
                    },
                    "quote": {"type": "string"},
                },
            },
        },
    },
}
"""The same in every call of every round, since a server caches by schema too."""

MOST_BOARD = 8_000
"""Characters of the board that a prompt has; it is in the part that no server keeps."""

BY_PROGRAM = "(said by the program)"

_STYLES = {
    "supportive": "warm and calm, without praise",
    "neutral": "matter-of-fact",
    "sceptical": "sceptical and brisk, never rude",
}


@dataclass(frozen=True)
class TurnSettings:
    """How a turn is asked for: model id, effort, most tokens of the answer, deadlines in seconds.

    `first_text_s` is how long the candidate waits for the beginning of an answer before the
    built-in interviewer asks instead.
    """

    model: str
    effort: str | None = "low"
    max_tokens: int = 1_500
    first_text_s: float = 8.0
    deadline_s: float = 20.0


def make_nonce(secret: bytes, interview_id: str) -> str:
    """The code in the tags of an interview; the same in every call, so that caching works."""
    return hmac.new(secret, interview_id.encode(), hashlib.sha256).hexdigest()[:12]


@lru_cache(maxsize=1)
def turn_prompt() -> Prompt:
    """The rules of a turn."""
    return load_prompt("interviewer.prompts", "interview_turn")


def ask_for_turn(occasion: Occasion, settings: TurnSettings, nonce: str) -> Ask:
    """The question to the model; the ids of the offered moves are those of `move_ids`."""
    prompt = turn_prompt()
    owner, server = occasion.settings.owner, occasion.settings.server
    return Ask(
        purpose=Purpose.INTERVIEW,
        model=settings.model,
        system=(Block(prompt.fill(), cached=True),),
        user=(
            Block(_round(occasion), cached=True),
            *_said(occasion, nonce),
            Block("\n\n".join(_now(occasion, nonce))),
        ),
        schema=SCHEMA,
        max_tokens=settings.max_tokens,
        account=Account(occasion.interview_id, owner, server),
        effort=settings.effort,
        deadline_s=settings.deadline_s,
        first_text_s=settings.first_text_s,
        prompt_hash=prompt.id,
        seq=occasion.seq,
    )


def move_ids(offers: tuple[Move, ...]) -> dict[str, Move]:
    """The offered moves by the ids under which the model knows them."""
    return {f"m{number}": move for number, move in enumerate(offers, start=1)}


def _round(occasion: Occasion) -> str:
    plan = occasion.plan
    lines = [
        f"Round: {plan.title} ({plan.kind.value}). Level asked: {occasion.settings.level.value}.",
        f"Your tone: {_STYLES[occasion.settings.style.value]}.",
        f"Brief, as the candidate heard it: {plan.brief}",
        *_concepts(plan),
    ]
    return "\n".join(lines)


def _concepts(plan: RoundPlan) -> Iterator[str]:
    """All but the curveball's, which would tell of a change that has not come yet."""
    for stage in plan.stages:
        yield f"Stage {stage.name} opens with: {stage.opening}"
    yield "Concepts:"
    for stage in plan.stages:
        for concept in stage.concepts:
            yield _concept(key(stage.name, concept.id), concept)


def _concept(address: str, concept: Concept) -> str:
    return f"concept {address} (weight {concept.weight}): {concept.statement}"


def _said(occasion: Occasion, nonce: str) -> Iterator[Block]:
    """The turns of the round, the latest included, a block each; all of it may be cached.

    What the curveball changes stands behind the turn that threw it, where it stays.
    """
    index = occasion.state.round_index
    thrown = occasion.state.curveball_turns.get(index)
    texts: list[str] = []
    for turn in occasion.turns:
        if turn.round_index == index and turn.text:
            texts.append(_tagged(turn, nonce))
            texts += _change(occasion) if turn.id == thrown else ()
    for number, text in enumerate(texts, start=1):
        yield Block(text, cached=number == len(texts))


def _tagged(turn: Turn, nonce: str) -> str:
    block = candidate_block if turn.speaker is Speaker.CANDIDATE else interviewer_block
    return block(turn.text, nonce, turn=turn.id)


def _now(occasion: Occasion, nonce: str) -> Iterator[str]:
    stage = occasion.plan.stages[occasion.state.stage_index]
    yield f"Stage now: {stage.name}."
    yield "\n".join(["What holds by now:", *_ledger(occasion, nonce)])
    yield "\n".join(["The program believes:", *_beliefs(occasion)])
    if occasion.board is not None:
        yield _drawn(occasion.board, nonce)
    yield f"The latest turn is {candidate_turn_id(occasion.seq)}, the last one above."
    offered = [_offered(name, move, occasion) for name, move in move_ids(occasion.offers).items()]
    yield "\n".join(["Moves on offer:", *offered])


def _drawn(board: Board, nonce: str) -> str:
    """The board as text, in tags; of one that is very long, as many lines as go into a prompt."""
    lines = to_sketch(board).split("\n")
    ends = accumulate(len(line) + 1 for line in lines)
    kept = lines[: sum(end <= MOST_BOARD for end in ends)]
    means = ""
    if any(not one.directed for one in board.arrows):
        means = " (-- is a line without heads: nobody said which way it leads)"
    if len(kept) < len(lines):
        means += (
            f" (the first {len(kept)} of {len(lines)} lines; what is not among them may be drawn"
            f" all the same: it has {len(board.components)} boxes and {len(board.arrows)} arrows)"
        )
    drawn = candidate_block("\n".join(kept), nonce, turn="board")
    return f"The board{means}:\n{drawn}"


def _change(occasion: Occasion) -> Iterator[str]:
    """The curveball with its concepts."""
    ball = occasion.plan.curveball
    if ball is not None:
        concepts = (_concept(key(CURVEBALL, concept.id), concept) for concept in ball.concepts)
        yield "\n".join([f"What has changed since: {ball.text}", "Concepts of it:", *concepts])


def _ledger(occasion: Occasion, nonce: str) -> Iterator[str]:
    """Facts as given; what the candidate assumed stands in tags, being their words."""
    given = occasion.state.given.get(occasion.state.round_index, ())
    if not given:
        yield "- nothing was given or assumed yet"
    for one in given:
        if one.kind is GivenKind.FACT:
            yield f"- fact, {one.topic}: {one.text}"
        else:
            yield f"- assumed: {candidate_block(one.text, nonce)}"


def _beliefs(occasion: Occasion) -> Iterator[str]:
    latest = candidate_turn_id(occasion.seq)
    stage = occasion.plan.stages[occasion.state.stage_index].name
    for address, belief in sorted(occasion.state.beliefs.items()):
        if address.startswith(f"{stage}/") or belief.verdict is not Verdict.NOT_DETECTED:
            by_latest = ", from the latest turn" if belief.turn_id == latest else ""
            yield f"- {address}: {belief.verdict.value}{_asked(belief)}{by_latest}"


def _asked(belief: Belief) -> str:
    return f", asked {belief.probes} times" if belief.probes else ""


def _offered(name: str, move: Move, occasion: Occasion) -> str:
    return f"move {name} | {move.kind.value} | {move.concept or '-'} | {_on_file(move, occasion)}"


def _on_file(move: Move, occasion: Occasion) -> str:
    if move.kind in PROBING:
        return move.line or ""
    if move.kind is MoveKind.ANSWER:
        topics = [fact.topic for fact in occasion.plan.facts if fact.id in move.facts]
        return f"{BY_PROGRAM} the fact about: {', '.join(topics)}"
    return BY_PROGRAM
