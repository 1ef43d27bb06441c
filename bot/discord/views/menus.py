"""Long menus: 25 choices a page, which is what Discord takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import discord
from discord import ui

from bot.discord.controls import Control, ControlButton, control_button, control_select
from bot.discord.views.pages import MOST_OPTIONS


class Menu(NamedTuple):
    """A menu that may have many choices: what one of them asks for, and what stands in it.

    Another page opens by `hs:<turn>:<target of pick>:<page>`.
    """

    turn: str
    pick: Control
    placeholder: str


def menu_view(
    text: str, menu: Menu, options: Sequence[discord.SelectOption], page: int
) -> ui.LayoutView:
    """The text with that page of the menu, counted from 1, or the nearest that there is."""
    pages = max(1, -(-len(options) // MOST_OPTIONS))
    page = min(max(1, page), pages)
    shown = options[(page - 1) * MOST_OPTIONS : page * MOST_OPTIONS]
    where = f"\n-# Page {page} of {pages}" if pages > 1 else ""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text + where))
    view.add_item(ui.ActionRow[Any](control_select(menu.pick, shown, placeholder=menu.placeholder)))
    if pages > 1:
        view.add_item(ui.ActionRow[Any](*turners(menu.turn, menu.pick.target, page, pages)))
    return view


def turners(action: str, target: str, page: int, pages: int) -> tuple[ControlButton, ...]:
    """Buttons to the page before and the page after."""
    before, after = (Control(action, target, str(number)) for number in (page - 1, page + 1))
    return (
        control_button("Previous", before, disabled=page <= 1),
        control_button("Next", after, disabled=page >= pages),
    )
