"""What a candidate objects to: which of our turns, the form for the reason, the receipt."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_modal, text_field
from bot.discord.text import cut, one_line, quote
from bot.discord.views.menus import Menu, menu_view
from bot.discord.views.pages import MOST_LABEL
from bot.flagging import KEPT, LONGEST_NOTE, number_of
from scoring.transcript import Turn

FLAG, FLAGS = "flag", "flags"

SHOWN = 300
"""Characters of the turn that stand in the form and in the receipt."""

_QUESTION = (
    "**Which of my turns do you object to?** Say it where I gave something away, took up what you "
    f"never said, or asked the same again. {KEPT}"
)
_FLAGGED = "flagged"


def turns_view(
    interview_id: str, turns: Sequence[Turn], flagged: Collection[str], page: int
) -> ui.LayoutView:
    """Which turn is meant: `hs:flag:<interview>`, picked; `flagged` are ids of turns."""
    options = [
        discord.SelectOption(
            label=cut(f"{number_of(turn)} · {one_line(turn.text)}", MOST_LABEL),
            value=turn.id,
            description=_FLAGGED if turn.id in flagged else None,
        )
        for turn in turns
    ]
    menu = Menu(FLAGS, Control(FLAG, interview_id), "Choose a turn …")
    return menu_view(_QUESTION, menu, options, page)


def flag_form(interview_id: str, turn: Turn) -> ui.Modal:
    """What was wrong with the turn: `hs:flag:<interview>:<turn>`, sent in."""
    said = ui.TextDisplay[Any](quote(turn.text, SHOWN) or "…")
    field = text_field(
        "What was wrong with it?",
        "note",
        description="You may leave it out.",
        required=False,
        max_length=LONGEST_NOTE,
    )
    return control_modal("Flag a turn", Control(FLAG, interview_id, turn.id), [said, field])


def flagged_text(turn: Turn) -> str:
    """That the objection is kept."""
    return f"Flagged, for you alone to see:\n{quote(turn.text, SHOWN)}\n{KEPT}"
