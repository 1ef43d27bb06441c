"""What an owner can do with a card, as buttons."""

from __future__ import annotations

import discord

from bot.discord.controls import Control, ControlButton, control_button
from bot.discord.views.pages import Place
from bot.discord.views.scorecard import OPEN_CARD
from scoring.scorecard import Scorecard

CORRECT = "correct"
DISPUTE = "dispute"
EXPORT = "export"


def card_buttons(interview_id: str) -> tuple[ControlButton, ...]:
    """The buttons under every page of one's own card."""
    return (
        control_button("Correct words", Control(CORRECT, interview_id)),
        control_button("Dispute a verdict", Control(DISPUTE, interview_id)),
        control_button("Export", Control(EXPORT, interview_id)),
    )


def open_button(card: Scorecard) -> ControlButton:
    """Opens the first page of this revision."""
    return control_button(
        f"Show revision {card.revision}",
        Control(OPEN_CARD, card.interview_id, str(Place(card.revision, 1))),
        style=discord.ButtonStyle.primary,
    )
