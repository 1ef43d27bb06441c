"""The contents of the packs, shelf by shelf: what one may take, and nothing of what is asked for.

Facts, concepts, probes and hints of an item are never shown here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_button, control_select
from bot.discord.text import safe_cut, safe_line
from bot.discord.views.menus import turners

PER_PAGE = 6
"""Items on a page: each takes 3 of a message's 40 components and some 550 of its 4,000 signs."""

_TITLE, _BRIEF = 150, 300


@dataclass(frozen=True)
class Shelf:
    """Items of one kind: `key` names it in custom ids."""

    key: str
    title: str
    items: Sequence[Entry]


@dataclass(frozen=True)
class Entry:
    """One item as it may be shown before it is taken."""

    id: str
    title: str
    terms: str
    brief: str = ""


def packs_view(shelves: Sequence[Shelf], key: str, page: int) -> ui.LayoutView:
    """A page of a shelf, counted from 1; the nearest where there is no such page or shelf."""
    shelf = next((one for one in shelves if one.key == key), shelves[0])
    pages = -(-len(shelf.items) // PER_PAGE) or 1
    number = min(max(1, page), pages)
    layout = ui.LayoutView(timeout=None)
    layout.add_item(_sheet(shelf, number, pages))
    options = [_option(one, shelf) for one in shelves]
    menu = control_select(Control("packs", shelf.key), options, placeholder="Show …")
    layout.add_item(ui.ActionRow[Any](menu))
    if pages > 1:
        layout.add_item(ui.ActionRow[Any](*turners("packs", shelf.key, number, pages)))
    return layout


def _sheet(shelf: Shelf, number: int, pages: int) -> ui.Container[Any]:
    where = f" · page {number} of {pages}" if pages > 1 else ""
    sheet = ui.Container[Any](ui.TextDisplay(f"## {safe_line(shelf.title)}{where}"))
    shown = shelf.items[(number - 1) * PER_PAGE : number * PER_PAGE]
    for entry in shown:
        sheet.add_item(_row(entry))
    if not shown:
        sheet.add_item(ui.TextDisplay("The packs here hold none."))
    return sheet


def _row(entry: Entry) -> ui.Section[Any]:
    brief = f"\n{safe_cut(entry.brief, _BRIEF)}" if entry.brief else ""
    text = f"**{safe_cut(entry.title, _TITLE)}**\n-# {safe_line(entry.terms)}{brief}"
    button = control_button(
        "Start this", Control("packs_start", entry.id), style=discord.ButtonStyle.primary
    )
    return ui.Section[Any](ui.TextDisplay(text), accessory=button)


def _option(shelf: Shelf, current: Shelf) -> discord.SelectOption:
    return discord.SelectOption(
        label=shelf.title,
        value=shelf.key,
        description=f"{len(shelf.items)} to choose from",
        default=shelf.key == current.key,
    )
