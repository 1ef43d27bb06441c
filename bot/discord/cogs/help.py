"""`/help`: what this is and how it goes, for somebody who sees it for the first time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.disclosure import disclosure
from bot.discord.controls import Control
from bot.discord.installs import everywhere
from bot.discord.interviews.hearing import Ears, how_to_answer
from bot.discord.interviews.openings import place_kind
from bot.discord.replies import QUICK_S, redraw, reply
from bot.discord.views.help import Guide, help_view
from bot.discord.views.pages import page_of
from storage.places import PlaceKind

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

Interaction = discord.Interaction["HotseatBot"]

_LOG = logging.getLogger(__name__)

NO_MEMBER = (
    "I am no member of this place, so an interview started here runs in one message that only you "
    "see: press **Answer**. In our direct messages it is a conversation."
)


class HelpCog(commands.Cog):
    """Explains the bot."""

    def __init__(self, bot: HotseatBot) -> None:
        self.bot = bot
        self._ids: dict[str, int] | None = None
        bot.controls.on_press("help", self._turn)
        bot.controls.on_pick("help", self._pick)

    @app_commands.command()
    @everywhere
    async def help(self, interaction: Interaction) -> None:
        """What this bot does, what an interview is like, and every command."""
        await reply(interaction, view=help_view(await self._guide(interaction), 1))

    async def _turn(self, interaction: Interaction, control: Control) -> None:
        await self._show(interaction, control.argument)

    async def _pick(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        await self._show(interaction, values[0])

    async def _show(self, interaction: Interaction, argument: str) -> None:
        await redraw(interaction, help_view(await self._guide(interaction), page_of(argument)))

    async def _guide(self, interaction: Interaction) -> Guide:
        return Guide(
            commands=tuple(self.bot.tree.walk_commands()),
            ids=await self._command_ids(),
            answering=self._answering(interaction),
            retention_days=self.bot.app.settings.retention_days,
            sent=disclosure(self.bot.app.settings),
        )

    def _answering(self, interaction: Interaction) -> str:
        """How one answers in an interview that is started where help was asked for."""
        kind = place_kind(interaction, None)
        if kind is PlaceKind.INTERACTION:
            return NO_MEMBER
        me = self.bot.user.id if self.bot.user else 0
        return how_to_answer(Ears(me, kind, self.bot.app.settings.discord_message_content))

    async def _command_ids(self) -> dict[str, int]:
        """Discord's ids of the commands, which make their names clickable; asked for once.

        None where Discord does not tell them soon enough: the help does not wait for them.
        """
        if self._ids is None:
            try:
                async with asyncio.timeout(QUICK_S):
                    known = await self.bot.tree.fetch_commands()
            except (discord.HTTPException, aiohttp.ClientError, OSError) as err:
                _LOG.info("the commands' ids are not known: %s", type(err).__name__)
                return {}
            self._ids = {command.name: command.id for command in known}
        return self._ids
