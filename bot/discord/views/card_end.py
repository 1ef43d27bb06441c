"""Deleting an interview and taking it along: what is asked, and what was done."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_button
from bot.discord.text import safe_line
from bot.discord.views.card_actions import EXPORT

DELETE = "delete_sure"
KEEP = "delete_not"
WITH_MESSAGES = "messages"

FORMS = {
    "markdown": "Text (Markdown)",
    "html": "Web page (HTML)",
    "json": "Card as data (JSON)",
    "data": "Everything stored (JSON)",
}
"""What can be exported, by the argument of the control that asks for it."""


def export_view(interview_id: str) -> ui.LayoutView:
    """Which form is wanted: `hs:export:<interview>:<form>`."""
    buttons = (
        control_button(words, Control(EXPORT, interview_id, form)) for form, words in FORMS.items()
    )
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay("**As what do you want it?** The file is for you alone."))
    view.add_item(ui.ActionRow[Any](*buttons))
    return view


def delete_view(interview_id: str, label: str, place: str, messages: int) -> ui.LayoutView:
    """Whether it should really be deleted; `place` says where it was held, in Markdown.

    With `messages` of ours in that place they can be deleted along with it.
    """
    lines = [
        f"**Delete “{safe_line(label)}” for good?**",
        "- Deleted at once: its transcript, board, card in all revisions, corrections, disputes, "
        "ratings, and what it taught about when to practise again. Where you shared the card it "
        "is taken down.",
        f"- Stays with Discord: what you wrote {place}. Only you can delete that.",
    ]
    style = discord.ButtonStyle.danger
    buttons = [control_button("Delete", Control(DELETE, interview_id), style=style)]
    if messages:
        lines.append(f"- I can also delete my own messages there ({messages}), one by one.")
        along = Control(DELETE, interview_id, WITH_MESSAGES)
        buttons.append(control_button("Delete, and my messages", along, style=style))
    buttons.append(control_button("Keep it", Control(KEEP, interview_id)))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay("\n".join(lines)))
    view.add_item(ui.ActionRow[Any](*buttons))
    return view


def deleted_text(label: str, place: str, deleting: int) -> str:
    """What was deleted and what stays; `deleting` messages of ours are being deleted."""
    lines = [
        f"**Deleted: “{safe_line(label)}”**, with its transcript, board, card, corrections, "
        "disputes and ratings, also where it was shared.",
        f"What you wrote {place} stays with Discord: only you can delete that.",
    ]
    if deleting:
        lines.append(
            f"I am deleting my own messages there ({deleting}) one by one, as Discord allows. Any "
            "that stay are with Discord alone."
        )
    return "\n".join(lines)
