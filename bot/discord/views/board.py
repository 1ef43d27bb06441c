"""The board as the interviewer reads it: as a picture, and as text in its normal form."""

from __future__ import annotations

import io
from collections.abc import Sequence

import discord
from discord import ui

from bot.discord.text import safe_line
from bot.discord.views.pages import Picture, gallery
from whiteboard.board import strip_unseen

FILE = "board.txt"
PICTURE = "board.png"

MOST_SHOWN = 3_500
"""Characters of a sketch in a message, of Discord's 4,000; a longer one comes as a file."""

_HOW_ON = (
    "-# `/board sketch:…` adds to it, `/board` alone opens it to edit, and a sketch that "
    "begins with `new;` starts over."
)
_TOUCHING = "`\u200b"
"""A zero-width space parts backticks, so that none of a label's ends the block."""


def board_view(sketch: str, picture: str = "") -> ui.LayoutView:
    """The board in a code block, in which nothing of it is markup, mention or link.

    Where the picture is attached as `PICTURE`, `picture` says in words what it shows.
    """
    layout = ui.LayoutView(timeout=None)
    if not sketch:
        layout.add_item(ui.TextDisplay(f"**Your board is empty.**\n{_HOW_ON}"))
        return layout
    title = "**Your board**, as I read it:"
    long = _is_long(sketch)
    layout.add_item(ui.TextDisplay(title if long else f"{title}\n{code_block(sketch)}"))
    if long:
        layout.add_item(ui.File(f"attachment://{FILE}"))
    if picture:
        layout.add_item(gallery(Picture(PICTURE, picture)))
    layout.add_item(ui.TextDisplay(_HOW_ON))
    return layout


def stage_board_view(title: str, words: str, *, marked: bool) -> ui.LayoutView:
    """The board as it stood at the end of a stage, attached as `PICTURE`.

    `marked` says that what is new since the stage before is marked in it.
    """
    new = " What is new since the stage before is marked." if marked else ""
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay(f"-# Your board at the end of **{safe_line(title)}**.{new}"))
    layout.add_item(gallery(Picture(PICTURE, words)))
    return layout


def board_file(sketch: str) -> Sequence[discord.File]:
    """The file that `board_view` shows in place of a long sketch; none for a short one."""
    if not _is_long(sketch):
        return ()
    return (discord.File(io.BytesIO(sketch.encode()), FILE),)


def code_block(text: str) -> str:
    """`text` of a person as code: shown sign by sign, and never left before its end."""
    return f"```\n{strip_unseen(text).replace('`', _TOUCHING)}\n```"


def _is_long(sketch: str) -> bool:
    return len(code_block(sketch)) > MOST_SHOWN
