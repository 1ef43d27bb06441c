"""Rating oneself before the card opens."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_button


def rate_first_view(interview_id: str) -> ui.LayoutView:
    """The end of an interview whose candidate rates first: two ways to the card."""
    layout = ui.LayoutView(timeout=None)
    layout.add_item(
        ui.TextDisplay(
            "The interview is over, and your card is ready. How do you think it went? Rate the "
            "stages yourself **before** you look: afterwards it is no longer your own view."
        )
    )
    row = ui.ActionRow[Any](
        control_button(
            "Rate myself first",
            Control("self_rate", interview_id),
            style=discord.ButtonStyle.primary,
        ),
        control_button("Show the card", Control("show_card", interview_id)),
    )
    layout.add_item(row)
    return layout


def opened_words(cards: int) -> str:
    """What is said with a file in which so many cards were still closed; nothing for none."""
    if not cards:
        return ""
    which = "a card" if cards == 1 else f"{cards} cards"
    return (
        f" It holds the ratings of {which} that you wanted to rate first: from now on you have "
        "seen them, and what you rate there is marked as given after the card."
    )
