"""An interview as one message, and what is said when another one is still going on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_button
from bot.discord.text import quote, safe_cut
from bot.discord.views.places import where
from bot.discord.views.status import Means, status_card
from interviewer.view import SessionView
from scoring.transcript import Speaker, Turn
from storage.places import Place

SHOWN_OF_ANSWER = 500
SHOWN_OF_SPEECH = 2_000


def panel_view(
    view: SessionView,
    interview_id: str,
    transcript: Sequence[Turn],
    now: datetime,
    note: str = "",
) -> ui.LayoutView:
    """The candidate's last answer, what the interviewer said since, and the status card."""
    layout = ui.LayoutView(timeout=None)
    if note:
        layout.add_item(ui.TextDisplay(f"-# {note}"))
    layout.add_item(ui.TextDisplay(_talk(transcript)))
    layout.add_item(status_card(view, interview_id, now, Means(answer=True)))
    return layout


def _talk(transcript: Sequence[Turn]) -> str:
    spoken = [turn for turn in transcript if turn.speaker is Speaker.CANDIDATE]
    since = spoken[-1].index if spoken else -1
    lines = [f"**You**\n{quote(spoken[-1].text, SHOWN_OF_ANSWER)}"] if spoken else []
    said = "\n".join(turn.text for turn in transcript if turn.index > since)
    if said:
        lines.append(f"**Interviewer**\n{safe_cut(said, SHOWN_OF_SPEECH)}")
    return "\n".join(lines) or "…"


def busy_view(place: Place) -> ui.LayoutView:
    """Asked for a second interview: go on with the first, or end it?"""
    layout = ui.LayoutView(timeout=None)
    layout.add_item(
        ui.TextDisplay(
            f"You have an interview going on{where(place)}. Resume that one, or end it first? "
            "Ending it shows its card."
        )
    )
    target = place.interview_id
    row = ui.ActionRow[Any](
        control_button("Resume", Control("go_on", target), style=discord.ButtonStyle.success),
        control_button("End it", Control("end_sure", target), style=discord.ButtonStyle.danger),
    )
    layout.add_item(row)
    return layout


def end_view(interview_id: str) -> ui.LayoutView:
    """Whether it should really end."""
    layout = ui.LayoutView(timeout=None)
    layout.add_item(
        ui.TextDisplay("End the interview now and see the card? It cannot go on after.")
    )
    row = ui.ActionRow[Any](
        control_button(
            "End it", Control("end_sure", interview_id), style=discord.ButtonStyle.danger
        )
    )
    layout.add_item(row)
    return layout


def said_view(sentence: str) -> ui.LayoutView:
    """A sentence in place of what was there, buttons gone."""
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay(sentence))
    return layout
