"""`/packs`: what there is to practise, and the start of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.discord.controls import Control
from bot.discord.installs import everywhere
from bot.discord.interviews.choices import Wish, wanted_of
from bot.discord.interviews.openings import start
from bot.discord.replies import redraw, reply
from bot.discord.shelves import shelves_of
from bot.discord.views.packs import Shelf, packs_view
from bot.discord.views.pages import page_of

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

Interaction = discord.Interaction["HotseatBot"]


class PacksCog(commands.Cog):
    """Browse the content, shelf by shelf."""

    def __init__(self, bot: HotseatBot) -> None:
        self.bot = bot
        bot.controls.on_pick("packs", self._pick)
        bot.controls.on_press("packs", self._turn)
        bot.controls.on_press("packs_start", self._start)

    @app_commands.command()
    @everywhere
    @app_commands.describe(shelf="Which kind; the scenarios if left out")
    async def packs(self, interaction: Interaction, shelf: str = "") -> None:
        """See the scenarios, stories, loops and drill questions, and start one."""
        await reply(interaction, view=packs_view(self._shelves, shelf, 1))

    @packs.autocomplete("shelf")
    async def _offer(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        return [
            Choice(name=shelf.title, value=shelf.key)
            for shelf in self._shelves
            if typed.casefold() in shelf.title.casefold()
        ]

    @cached_property
    def _shelves(self) -> Sequence[Shelf]:
        return shelves_of(self.bot.app.services.library)

    async def _pick(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        await redraw(interaction, packs_view(self._shelves, values[0], 1))

    async def _turn(self, interaction: Interaction, control: Control) -> None:
        view = packs_view(self._shelves, control.target, page_of(control.argument))
        await redraw(interaction, view)

    async def _start(self, interaction: Interaction, control: Control) -> None:
        wish = Wish(item=control.target)
        await start(interaction, wanted_of(self.bot.app.services.library, wish))
