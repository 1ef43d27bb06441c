"""Words a move: the pack's own question, in a frame from `lines.yaml` that was not used yet."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from string import Formatter

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

from interviewer.beliefs import fact_answers
from interviewer.ports import Scene
from interviewer.state import Move, MoveKind, Style, is_used

MAX_WORDS = 30
"""A question is at most this long, the candidate's quoted words included."""

MAX_QUOTE_WORDS = 9

SLOTS = frozenset({"brief", "opening", "line", "quote", "element", "facts", "stage"})
"""What a frame in `lines.yaml` may name in braces."""


class _Frames(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    supportive: tuple[str, ...]
    neutral: tuple[str, ...]
    sceptical: tuple[str, ...]

    @field_validator("supportive", "neutral", "sceptical")
    @classmethod
    def _names_known_slots(cls, frames: tuple[str, ...]) -> tuple[str, ...]:
        for frame in frames:
            unknown = {name for _, name, _, _ in Formatter().parse(frame) if name} - SLOTS
            if unknown:
                raise ValueError(f"{frame!r} has no slot for {', '.join(sorted(unknown))}")
        return frames

    def of(self, style: Style) -> tuple[str, ...]:
        return getattr(self, style.value)


@lru_cache(maxsize=1)
def _phrase_book() -> dict[str, _Frames]:
    text = files("interviewer.engines").joinpath("lines.yaml").read_text("utf-8")
    book = yaml.safe_load(text)
    book.pop("version")
    return {name: _Frames.model_validate(frames) for name, frames in book.items()}


def word_move(move: Move, scene: Scene, given_facts: frozenset[str]) -> str:
    """The utterance for `move`; empty where saying nothing is the move.

    `given_facts` are the ids of facts that were given before this move. What the candidate asks
    for is said again where it must be; nothing else is said twice in a round.
    """
    group = _group(move, given_facts)
    if group is None:
        return ""
    slots = _slots(move, scene)
    text = _first_fresh(group, slots, scene)
    if move.kind in {MoveKind.ADVANCE, MoveKind.CURVEBALL} and slots["facts"]:
        return f"{slots['facts']} {text}"
    return text


def _first_fresh(group: str, slots: dict[str, str], scene: Scene) -> str:
    for name in (group, *_PLAINER.get(group, ())):
        if name in _NEEDS and not slots[_NEEDS[name]]:
            continue
        for frame in _phrase_book()[name].of(scene.settings.style):
            text = " ".join(frame.format(**slots).split())
            if _fits(text, name, scene.used_lines):
                return text
    if group in _ON_REQUEST:
        return _phrase_book()[group].of(scene.settings.style)[0]
    return slots["line"] or slots["opening"]


_NEEDS = {
    "probe_with_quote": "quote",
    "contradiction_probe": "quote",
    "board_probe_at": "element",
}
_PLAINER = {
    "probe_with_quote": ("probe",),
    "contradiction_probe": ("probe",),
    "board_probe_at": ("board_probe",),
}
_REPEATABLE = frozenset({"answer", "answer_again", "answer_and_open", "repeat"})
_ON_REQUEST = frozenset({"assume", "your_call", "your_reading", "no_hint"})
"""Groups that answer the candidate: where all is said, the first line serves again."""


def _group(move: Move, given_facts: frozenset[str]) -> str | None:
    if move.wording is not None:
        return move.wording
    match move.kind:
        case MoveKind.WAIT:
            return None
        case MoveKind.OPEN:
            return "open_next" if move.to_round > 0 else "open"
        case MoveKind.ANSWER if given_facts.issuperset(move.facts):
            return "answer_again"
        case MoveKind.ANSWER:
            return "answer_and_open" if move.quote else "answer"
        case MoveKind.PROBE | MoveKind.RED_FLAG_PROBE:
            return "probe_with_quote"
        case MoveKind.BOARD_PROBE:
            return "board_probe_at"
        case _:
            return move.kind.value


def _fits(text: str, group: str, used: frozenset[str]) -> bool:
    if not text or group in _REPEATABLE:
        return True
    if is_used(text, used):
        return False
    return group not in _NEEDS or len(text.split()) <= MAX_WORDS


def _slots(move: Move, scene: Scene) -> dict[str, str]:
    plan = scene.plan
    facts = fact_answers(plan, thrown=scene.thrown)
    opens = move.kind in {MoveKind.OPEN, MoveKind.ADVANCE}
    opening = plan.stage(move.to_stage).opening if opens else ""
    return {
        "brief": "" if plan.brief == opening else plan.brief,
        "opening": opening,
        "line": move.line or "",
        "quote": clip_quote(move.quote or ""),
        "element": clip_quote(move.element or ""),
        "stage": plan.stage(move.to_stage).title,
        "facts": " ".join(facts[fact] for fact in move.facts if fact in facts),
    }


def clip_quote(quote: str) -> str:
    """The first words of a quote, cut at a word and free of quotation marks and line breaks."""
    words = quote.replace('"', "'").split()
    clipped = " ".join(words[:MAX_QUOTE_WORDS]).rstrip(".,;:!?-")
    return f"{clipped} ..." if len(words) > MAX_QUOTE_WORDS else clipped
