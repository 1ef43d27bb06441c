"""`/progress`: ratings over time, what is due for practice, and straight into a round on it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.controls import Control
from bot.discord.installs import everywhere
from bot.discord.interviews.choices import Wish, wanted_of
from bot.discord.interviews.openings import Wanted, place_kind, start
from bot.discord.limits import EXPORTS
from bot.discord.people import owner_of
from bot.discord.replies import in_time, promise, redraw, reply
from bot.discord.scorecards.progress import open_cards, practice_of, ratings_of
from bot.discord.views.pages import page_of
from bot.discord.views.practice import (
    PICTURE,
    PLANNED,
    PRACTISE,
    PRACTISE_DUE,
    due_questions,
    planned_view,
    progress_view,
)
from bot.doors import UsageError
from bot.practice_list import PracticeList
from bot.rounds import drill_round
from scenarios.model import level_rank
from storage.places import PlaceKind

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

Interaction = discord.Interaction["HotseatBot"]


class ProgressCog(commands.Cog):
    """How practice goes, and what to practise now."""

    def __init__(self, bot: HotseatBot) -> None:
        self.bot = bot
        bot.controls.on_pick(PRACTISE, self._practise)
        bot.controls.on_press(PRACTISE_DUE, self._drill_due)
        bot.controls.on_press(PLANNED, self._turn)
        bot.controls.on_pick(PLANNED, self._pick_page)

    @app_commands.command()
    @everywhere
    @app_commands.rename(every="all")
    @app_commands.describe(every="List everything that is planned, not only what is due")
    async def progress(self, interaction: Interaction, every: bool = False) -> None:
        """Your ratings over time, and what to practise now."""
        await promise(interaction)
        owner = owner_of(interaction.user)
        self.bot.limits.take(owner, EXPORTS)
        cards = await open_cards(self.bot.app, owner)
        ratings, listed = await ratings_of(cards), await practice_of(self.bot.app, owner)
        picture = ratings.picture
        files = [] if picture is None else [discord.File(io.BytesIO(picture), PICTURE)]
        view = progress_view(ratings.words, listed, picture=picture is not None)
        await reply(interaction, view=view, files=files)
        if every:
            await reply(interaction, view=planned_view(listed))

    async def _practise(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        await start(interaction, wanted_of(self.bot.app.services.library, Wish(item=values[0])))

    async def _drill_due(self, interaction: Interaction, control: Control) -> None:
        await promise(interaction, ephemeral=place_kind(interaction, None) is not PlaceKind.DM)
        library = self.bot.app.services.library
        names = due_questions(await self._listed(interaction))
        if not names:
            raise UsageError("No question is due any more: `/progress` shows what is.")
        level = max((library.question(name).level for name in names), key=level_rank)
        await start(interaction, Wanted((drill_round(library, names),), level))

    async def _turn(self, interaction: Interaction, control: Control) -> None:
        await self._show_page(interaction, control.argument)

    async def _pick_page(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        await self._show_page(interaction, values[0])

    async def _show_page(self, interaction: Interaction, argument: str) -> None:
        listed = await in_time(interaction, self._listed(interaction))
        await redraw(interaction, planned_view(listed, page_of(argument)))

    async def _listed(self, interaction: Interaction) -> PracticeList:
        return await practice_of(self.bot.app, owner_of(interaction.user))
