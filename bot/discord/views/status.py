"""The status card: where the interview stands, and the buttons that steer it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_button
from bot.discord.text import moment, safe
from bot.discord.views.call import CallStanding, call_buttons, standing_words
from interviewer.view import Phase, SessionView, StageView

_COLOURS = {
    Phase.LISTENING: discord.Colour(0x3BA55D),
    Phase.THINKING: discord.Colour(0x5865F2),
    Phase.PAUSED: discord.Colour(0xFAA61A),
    Phase.OVER: discord.Colour(0x747F8D),
}
_WORDS = {
    Phase.LISTENING: "● **Listening.** Answer when you are ready.",
    Phase.THINKING: "◔ **Thinking.** Take your time; nobody interrupts. Just answer when ready.",
    Phase.PAUSED: "❚❚ **Paused**, the clock stands still. Resume, or simply answer.",
    Phase.OVER: "■ **Over.**",
}
MAX_STAGES = 12
"""Stages that the bar names; a long drill shows those around the current one."""


@dataclass(frozen=True)
class Means:
    """How the candidate answers there, beside writing.

    `answer` adds the button that opens a form for the answer; `call` is the call that is going on,
    `thread` the id under which it is known.
    """

    answer: bool = False
    call: CallStanding | None = None
    thread: str = ""


def status_view(view: SessionView, interview_id: str, now: datetime, means: Means) -> ui.LayoutView:
    """The card alone."""
    layout = ui.LayoutView(timeout=None)
    layout.add_item(status_card(view, interview_id, now, means))
    return layout


def status_under(
    text: str, view: SessionView, interview_id: str, now: datetime, means: Means
) -> ui.LayoutView:
    """What the interviewer says, with the card under it."""
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay(text))
    layout.add_item(status_card(view, interview_id, now, means))
    return layout


def status_card(
    view: SessionView, interview_id: str, now: datetime, means: Means
) -> ui.Container[Any]:
    """Title, stage bar, time, phase and buttons in a coloured frame."""
    card: ui.Container[Any] = ui.Container(accent_colour=_COLOURS[view.phase])
    card.add_item(ui.TextDisplay(f"**{safe(view.title)}**{_round(view)}\n{stage_bar(view)}"))
    card.add_item(ui.TextDisplay(f"{_phase(view, means)}\n-# {_time(view, now)}"))
    for row in _rows(view, interview_id, means):
        card.add_item(ui.ActionRow(*row))
    return card


def _phase(view: SessionView, means: Means) -> str:
    if means.call is None or view.phase is Phase.OVER:
        return _WORDS[view.phase]
    paused, thinking = view.phase is Phase.PAUSED, view.phase is Phase.THINKING
    return standing_words(means.call, paused=paused, thinking=thinking)


def retired_view(text: str, view: SessionView) -> ui.LayoutView:
    """What stays of a card that moved further down: the words, and how far the round had got."""
    layout = ui.LayoutView(timeout=None)
    if text:
        layout.add_item(ui.TextDisplay(text))
    layout.add_item(ui.TextDisplay(f"-# {safe(view.title)} · the buttons are further down"))
    return layout


def stage_bar(view: SessionView) -> str:
    """The stages in order: done with the minutes they took, the current one, those ahead."""
    first = max(0, min(view.stage_index - MAX_STAGES // 2, len(view.stages) - MAX_STAGES))
    shown = list(enumerate(view.stages))[first : first + MAX_STAGES]
    names = [_stage(stage, index, view) for index, stage in shown]
    before = ["…"] if first else []
    after = ["…"] if first + len(shown) < len(view.stages) else []
    return " · ".join([*before, *names, *after])


def _stage(stage: StageView, index: int, view: SessionView) -> str:
    name = safe(stage.title)
    if view.phase is not Phase.OVER and index == view.stage_index:
        return f"▶ **{name}**"
    if stage.reached:
        return f"✓ {name} {clock(stage.spent_s)}"
    return f"▫ {name}"


def _round(view: SessionView) -> str:
    return f" · round {view.round_index + 1} of {view.rounds}" if view.rounds > 1 else ""


def _time(view: SessionView, now: datetime) -> str:
    """Moments that Discord counts down by itself, so that the card need not be edited for it."""
    if view.phase is Phase.OVER:
        return "The card follows."
    if view.phase is Phase.PAUSED:
        return f"{clock(view.stage_left_s)} left in this stage, {clock(view.round_left_s)} in all"
    stage = now + timedelta(seconds=view.stage_left_s)
    whole = now + timedelta(seconds=view.round_left_s)
    over = "should end" if view.stage_left_s >= 0 else "was due to end"
    return f"This stage {over} {moment(stage, 'R')}, the round {moment(whole, 'R')}"


def clock(seconds: float) -> str:
    """Minutes and seconds; below zero as time over."""
    whole = round(abs(seconds))
    sign = "−" if seconds < 0 and whole else ""
    return f"{sign}{whole // 60}:{whole % 60:02}"


def _rows(view: SessionView, interview_id: str, means: Means) -> Iterator[Sequence[ui.Item[Any]]]:
    if view.phase is Phase.OVER:
        return
    paused = view.phase is Phase.PAUSED
    thinking = view.phase is Phase.THINKING
    style = discord.ButtonStyle
    # What a press is about, so that two presses on one card count once.
    here, stage = str(view.seq), f"{view.round_index}.{view.stage_index}"
    first = [
        _button("Hint", "hint", interview_id, here, disabled=paused),
        _button("Let me think", "think", interview_id, here, disabled=paused or thinking),
        _button("Resume", "resume", interview_id, style=style.success)
        if paused
        else _button("Pause", "pause", interview_id),
        _button("Next stage", "next", interview_id, stage, disabled=paused),
    ]
    second = [
        _button("Board", "board", interview_id),
        _button("End", "end", interview_id, style=style.danger),
    ]
    if means.answer:
        # A row takes five; in a call the answer is rarely written.
        row = first if means.call is None else second
        row.insert(0, _button("Answer", "answer", interview_id, style=style.primary))
    if means.call is not None:
        done, stop = call_buttons(means.call, interview_id, means.thread)
        first.insert(0, done)
        second.insert(-1, stop)
    yield first
    yield second


def _button(
    label: str,
    action: str,
    interview_id: str,
    argument: str = "",
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    disabled: bool = False,
) -> ui.Item[Any]:
    control = Control(action, interview_id, argument)
    return control_button(label, control, style=style, disabled=disabled)
