"""Links to the page with the whiteboard, for the candidate alone to see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from discord import ui

from bot.discord.controls import Control, control_button
from bot.discord.text import moment

WRITE = "board_text"
LOOK_ON = "board_look"
REVOKE = "board_revoke"


def board_links_view(address: str, ends: datetime, interview_id: str) -> ui.LayoutView:
    """The candidate's own way to the board, and what else can be done with it."""
    own = ui.ActionRow[Any](
        ui.Button(label="Open the whiteboard", url=address),
        control_button("Edit as text", Control(WRITE, interview_id)),
    )
    others = ui.ActionRow[Any](
        control_button("Link to look on", Control(LOOK_ON, interview_id)),
        control_button("Revoke links", Control(REVOKE, interview_id)),
    )
    layout = ui.LayoutView(timeout=None)
    layout.add_item(
        ui.TextDisplay(
            "**Your whiteboard** opens in the browser. I look at it while you draw; go on "
            "answering here.\n"
            "-# The link is yours alone: whoever has it draws in your name and reads what we say, "
            f"until {moment(ends, 'f')}. To let somebody watch, give them a link to look on."
        )
    )
    layout.add_item(own)
    layout.add_item(others)
    return layout


def look_on_view(address: str, ends: datetime, interview_id: str) -> ui.LayoutView:
    """A link for others, to copy."""
    layout = ui.LayoutView(timeout=None)
    layout.add_item(
        ui.TextDisplay(
            f"Whoever has this link sees the board while it is drawn, until {moment(ends, 'f')}; "
            f"nothing of what we say, and they change nothing:\n```\n{address}\n```"
        )
    )
    revoke = control_button("Revoke links", Control(REVOKE, interview_id))
    layout.add_item(ui.ActionRow[Any](revoke))
    return layout


REVOKED = (
    "All links to that board are revoked, and whoever was there is out. While the interview goes "
    "on, **Board** gives you a new one."
)
