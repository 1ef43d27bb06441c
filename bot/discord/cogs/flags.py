"""The menu on a message of the interviewer, and the form in which a candidate objects to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.controls import Control
from bot.discord.installs import everywhere
from bot.discord.scorecards.flags import choose_turn, open_flag, open_flag_of, take_flag
from bot.discord.views.flags import FLAG, FLAGS
from bot.discord.views.pages import page_of

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

Interaction = discord.Interaction["HotseatBot"]

MENU = "Flag this question"
"""The entry in the menu of a message, under Apps."""


class FlagCog(commands.Cog):
    """Takes objections; `/interview flag` and `/scorecard flag` belong to their groups."""

    def __init__(self, bot: HotseatBot) -> None:
        self.bot = bot
        self._menu = everywhere(app_commands.ContextMenu(name=MENU, callback=self._flag_message))
        bot.tree.add_command(self._menu)
        bot.controls.on_press(FLAGS, self._turn_page)
        bot.controls.on_pick(FLAG, self._pick_turn)
        bot.controls.on_submit(FLAG, take_flag)

    async def _flag_message(self, interaction: Interaction, message: discord.Message) -> None:
        await open_flag_of(interaction, message)

    async def _turn_page(self, interaction: Interaction, control: Control) -> None:
        await choose_turn(interaction, control.target, page_of(control.argument), again=True)

    async def _pick_turn(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        await open_flag(interaction, control, values[0])
