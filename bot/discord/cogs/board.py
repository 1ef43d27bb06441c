"""`/board`: the design as a text sketch; the status card's Board button opens the same form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.controls import Control, control_modal, text_field
from bot.discord.installs import everywhere
from bot.discord.interviews.room import Room
from bot.discord.interviews.steering import own_room, press, running_room
from bot.discord.replies import reply
from bot.discord.views.board import board_file, board_view
from interviewer.state import EventKind

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

Interaction = discord.Interaction["HotseatBot"]

LONGEST_FORM = 4_000
"""Discord's limit on a field; a longer board is added to instead of edited."""

SKETCH_HELP = "client -> gateway -> orders : token"

_ADD = "add"


class BoardCog(commands.Cog):
    """The board of the round that is going on."""

    def __init__(self, bot: HotseatBot) -> None:
        self.bot = bot
        bot.controls.on_press("board", self._ask)
        bot.controls.on_submit("board", self._take)

    @app_commands.command()
    @everywhere
    @app_commands.describe(
        sketch="Added to the board, as client -> gateway ; gateway -> cache. If left out: edit it"
    )
    async def board(self, interaction: Interaction, sketch: str | None = None) -> None:
        """Draw your design as text, and see the board as the interviewer reads it."""
        room = await running_room(interaction)
        if sketch is None:
            await _open_form(interaction, room)
            return
        await press(interaction, room, EventKind.DREW, sketch)
        await _show(interaction, room)

    async def _ask(self, interaction: Interaction, control: Control) -> None:
        await _open_form(interaction, await own_room(interaction, control.target))

    async def _take(
        self, interaction: Interaction, control: Control, fields: Mapping[str, str]
    ) -> None:
        room = await own_room(interaction, control.target)
        replaces = control.argument != _ADD
        await press(interaction, room, EventKind.DREW, fields["text"], replaces=replaces)
        await _show(interaction, room)


async def _open_form(interaction: Interaction, room: Room) -> None:
    """The board to edit; sending the form in replaces it."""
    board = await room.session.board()
    control = Control("board", room.place.interview_id)
    if len(board) > LONGEST_FORM:
        control, board = control._replace(argument=_ADD), ""
    field = text_field(
        "Your design, as text", "text", value=board, description=SKETCH_HELP, required=False
    )
    await interaction.response.send_modal(control_modal("Board", control, [field]))


async def _show(interaction: Interaction, room: Room) -> None:
    """The board as it was understood, to its candidate alone."""
    sketch = await room.session.board()
    await reply(interaction, view=board_view(sketch), files=board_file(sketch))
