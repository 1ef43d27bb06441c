"""An interview whose content the packs no longer hold: what is left to do with it."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_button
from bot.discord.views.card_actions import EXPORT
from bot.discord.views.places import where
from storage.places import Place

DISCARD = "discard"
"""The action that asks whether the interview should be deleted."""


def lost_text(place: Place) -> str:
    """Why it cannot go on, cannot be graded, and what can be done."""
    return (
        f"Your interview{where(place)} cannot go on: its content is no longer there, as whoever "
        "runs me changed the packs. Without it nothing can be graded either. What you said is "
        "kept: save it, then delete the interview to begin another, or wait until the pack is back."
    )


def lost_view(place: Place) -> ui.LayoutView:
    """The same with the buttons for it."""
    target = place.interview_id
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay(lost_text(place)))
    row = ui.ActionRow[Any](
        control_button("Save what I said", Control(EXPORT, target, "data")),
        control_button("Delete it …", Control(DISCARD, target), style=discord.ButtonStyle.danger),
    )
    layout.add_item(row)
    return layout
