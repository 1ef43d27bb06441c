"""One's own interviews, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_select
from bot.discord.views.menus import turners

LIST = "cards"
OPEN_LISTED = "card_listed"

PER_PAGE = 6
"""Interviews of which a page says what they were; it holds 4,000 characters."""


@dataclass(frozen=True)
class Listed:
    """An interview in the list: `lines` are Markdown, `label` plain text for the menu.

    `graded` says that there is a card to open.
    """

    interview_id: str
    label: str
    lines: tuple[str, ...]
    graded: bool


def page_count(interviews: int) -> int:
    """How many pages so many interviews take."""
    return max(1, -(-interviews // PER_PAGE))


def card_list_view(shown: Sequence[Listed], page: int, interviews: int) -> ui.LayoutView:
    """That page, counted from 1, of a list of so many interviews; `shown` are those on it.

    A card opens by `hs:card_listed`, picked; another page by `hs:cards::<page>`.
    """
    pages = page_count(interviews)
    where = f" · page {page} of {pages}" if pages > 1 else ""
    entries = ("\n".join(("", *one.lines)) for one in shown)
    view = ui.LayoutView(timeout=None)
    view.add_item(
        ui.TextDisplay("\n".join((f"## Your interviews ({interviews}){where}", *entries)))
    )
    options = [
        discord.SelectOption(label=one.label, value=one.interview_id) for one in shown if one.graded
    ]
    if options:
        menu = control_select(Control(OPEN_LISTED), options, placeholder="Open a card …")
        view.add_item(ui.ActionRow[Any](menu))
    if pages > 1:
        view.add_item(ui.ActionRow[Any](*turners(LIST, "", page, pages)))
    return view
