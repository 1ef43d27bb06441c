"""Every interviewer turn with its reason: what was decided, why, and what else was possible.

Beside each candidate turn stands what it was found to show, with the words that showed it; beside
each turn of the interviewer the calls of language models that it took, and whether its candidate
objects to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from bot.console.cards import find_interview
from bot.console.model_calls import call_line
from bot.console.traced import Trace, Traced, document_of, read_trace
from bot.wiring import App
from interviewer.budget import CallRecord
from interviewer.state import (
    EventKind,
    Finding,
    Move,
    MoveKind,
    Utterance,
    candidate_turn_id,
    interviewer_turn_id,
)
from scoring.render.wording import VERDICT_SYMBOLS, VERDICT_WORDS, minutes
from scoring.verdicts import Verdict
from whiteboard.board import strip_unseen

FIRST_WORDS = 8
"""How much of the candidate turn that caused a move is quoted beside it."""

_STYLES: Mapping[Verdict, str] = {
    Verdict.HIT: "green",
    Verdict.UNSURE: "yellow",
    Verdict.CONTRADICTED: "red",
}


async def trace(
    app: App, console: Console, interview_id: str | None, *, as_json: bool = False
) -> None:
    """Print an interview, by default the latest, turn by turn.

    As JSON it is one object with everything that was stored about each turn. Raises
    `bot.doors.UsageError` where no interview has the id.
    """
    found = await read_trace(app, await find_interview(app, interview_id))
    if as_json:
        console.file.write(json.dumps(document_of(found), indent=2, ensure_ascii=False) + "\n")
        console.file.flush()
        return
    for part in _parts(found):
        console.print(part)


def _parts(found: Trace) -> Iterator[RenderableType]:
    said = {candidate_turn_id(one.item.seq): one.item.event.text for one in found.turns}
    place = None
    for one in found.turns:
        if place != (place := (one.item.round_index, one.item.stage)):
            yield _rule(f"round {place[0] + 1} · {place[1]}")
        yield from _turn(one, said)
    if found.other_calls:
        yield _rule("after the turns")
        yield from map(_call, found.other_calls)
    if found.totals is not None:
        yield _rule("in all")
        yield Text(found.totals.line())


def _rule(title: str) -> Rule:
    return Rule(Text(title, "bold"), align="left")


def _turn(one: Traced, said: Mapping[str, str]) -> Iterator[RenderableType]:
    yield from _event(one)
    if one.utterance is None:
        yield Text(f"{interviewer_turn_id(one.item.seq)}  not answered yet", "dim")
    elif one.utterance.text:
        yield from _utterance(one.utterance, said)
    else:
        yield _silent(one.utterance)
    yield from _of_model_and_flag(one)


def _of_model_and_flag(one: Traced) -> Iterator[RenderableType]:
    if one.utterance is not None and one.utterance.degraded:
        yield _indented(Text(f"fallback: {_one_line(one.utterance.degraded)}", "yellow"))
    yield from map(_call, one.calls)
    if one.flag is not None:
        note = f": “{_one_line(one.flag.note)}”" if one.flag.note else ""
        yield _indented(Text(f"flagged by the candidate{note}", "magenta"))


def _call(call: CallRecord) -> RenderableType:
    return _indented(Text(strip_unseen(call_line(call)), "bright_black"))


def _event(one: Traced) -> Iterator[RenderableType]:
    """The candidate's side; the interview's own beginning is nobody's turn."""
    event = one.item.event
    if event.kind is EventKind.BEGAN:
        return
    what = "candidate" if event.kind is EventKind.SAID else f"({event.kind.value})"
    head = Text(f"{candidate_turn_id(one.item.seq)}  {what}", "cyan")
    yield head.append(f" · {minutes(event.active_s)} on the floor", "bright_black")
    if event.text:
        yield _indented(Text(strip_unseen(event.text)))
    for finding in one.findings:
        yield _indented(_finding(finding))
    for finding in one.assessed:
        yield _indented(Text("later ", "bright_black").append(_finding(finding)))


def _finding(finding: Finding) -> Text:
    verdict = finding.verdict
    line = Text(
        f"{VERDICT_SYMBOLS[verdict]} {VERDICT_WORDS[verdict]} ", _STYLES.get(verdict, "default")
    )
    line.append(finding.key, "bold")
    note = f", {finding.note}" if finding.note else ""
    line.append(f" (by {finding.found_by}{note})", "bright_black")
    return line.append(f" “{_one_line(finding.quote)}”")


def _utterance(utterance: Utterance, said: Mapping[str, str]) -> Iterator[RenderableType]:
    move = utterance.move
    yield _head(utterance, "bold yellow")
    yield _indented(Text(_shown(utterance), "bold"))
    yield _indented(Text(f"because {_reason(move, said)}"))
    if move.alternatives:
        others = " · ".join(
            f"{other.kind.value} {other.concept or ''} {other.value:.2f}".replace("  ", " ")
            for other in move.alternatives
        )
        yield _indented(Text(f"rather than {others}", "bright_black"))


def _silent(utterance: Utterance) -> RenderableType:
    return _head(utterance, "dim").append(f" · {strip_unseen(utterance.move.reason)}", "dim")


def _head(utterance: Utterance, style: str) -> Text:
    move = utterance.move
    aim = f" → {move.concept}" if move.concept else ""
    moved = (move.to_round, move.to_stage) != (move.round_index, move.stage)
    to = f" → {move.to_stage}" if moved else ""
    silent = "" if utterance.text or move.kind is MoveKind.WAIT else " (silent)"
    head = Text(f"{interviewer_turn_id(utterance.seq)}  {move.kind.value}{silent}{aim}{to}", style)
    clock = f" · {_left(move.clock.stage_left_s)} left in {move.stage}"
    round_left = f", {_left(move.clock.round_left_s)} in the round"
    return head.append(f"{clock}{round_left}", "dim" if not utterance.text else "bright_black")


def _left(seconds: float) -> str:
    """`4:05`, with a minus sign once it is overrun."""
    return f"-{minutes(-seconds)}" if seconds <= -0.5 else minutes(seconds)


def _reason(move: Move, said: Mapping[str, str]) -> str:
    reason = strip_unseen(move.reason) or "no reason was stored"
    if move.cause is None:
        return reason
    words = _one_line(said.get(move.cause, "")).split()
    more = " ..." if len(words) > FIRST_WORDS else ""
    return f"{reason}, after {move.cause} “{' '.join(words[:FIRST_WORDS])}{more}”"


def _shown(utterance: Utterance) -> str:
    """What the candidate got to see, with a mark where it was cut."""
    text = strip_unseen(utterance.text)
    if not utterance.closed or utterance.shown >= len(utterance.text):
        return text
    return f"{strip_unseen(utterance.text[: utterance.shown])} [cut here]"


def _one_line(text: str) -> str:
    return " ".join(strip_unseen(text).split())


def _indented(text: Text) -> RenderableType:
    return Padding(text, (0, 0, 0, 7))
