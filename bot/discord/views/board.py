"""The board as text: the sketch in its normal form, as the interviewer reads it."""

from __future__ import annotations

import io
from collections.abc import Sequence

import discord
from discord import ui

from whiteboard.board import strip_unseen

FILE = "board.txt"

MOST_SHOWN = 3_500
"""Characters of a sketch in a message, of Discord's 4,000; a longer one comes as a file."""

_HOW_ON = (
    "-# `/board sketch:…` adds to it, `/board` alone opens the whole to edit, and a sketch that "
    "begins with `new;` starts over."
)
_TOUCHING = "`\u200b"
"""A zero-width space parts backticks, so that none of a label's ends the block."""


def board_view(sketch: str) -> ui.LayoutView:
    """The board in a code block, in which nothing of it is markup, mention or link."""
    layout = ui.LayoutView(timeout=None)
    if not sketch:
        layout.add_item(ui.TextDisplay(f"**Your board is empty.**\n{_HOW_ON}"))
    elif _is_long(sketch):
        layout.add_item(ui.TextDisplay("**Your board**, as I read it:"))
        layout.add_item(ui.File(f"attachment://{FILE}"))
        layout.add_item(ui.TextDisplay(_HOW_ON))
    else:
        text = f"**Your board**, as I read it:\n{code_block(sketch)}\n{_HOW_ON}"
        layout.add_item(ui.TextDisplay(text))
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
