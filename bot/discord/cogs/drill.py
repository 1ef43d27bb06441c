"""`/drill`, `/behavioural` and `/loop`: short ways to a round; going on after a drill."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.discord.controls import Control
from bot.discord.installs import everywhere
from bot.discord.interviews.choices import (
    LEVEL_CHOICES,
    TOPIC_CHOICES,
    Wish,
    items_of,
    offer,
    wanted_of,
)
from bot.discord.interviews.openings import start
from bot.discord.people import owner_of
from bot.doors import UsageError
from scenarios.model import Question
from storage.scorecards import interview_dates

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

Interaction = discord.Interaction["HotseatBot"]

LEVEL = "The level that you prepare for"


class DrillCog(commands.Cog):
    """One question at a time, and rounds by their own names."""

    def __init__(self, bot: HotseatBot) -> None:
        self.bot = bot
        bot.controls.on_press("drill_again", self._again)
        bot.controls.on_press("drill_next", self._next)

    @app_commands.command()
    @everywhere
    @app_commands.describe(
        topic="What about; anything if left out", question="This very question", level=LEVEL
    )
    @app_commands.choices(topic=TOPIC_CHOICES, level=LEVEL_CHOICES)
    async def drill(
        self,
        interaction: Interaction,
        topic: str | None = None,
        question: str | None = None,
        level: str | None = None,
    ) -> None:
        """Answer one quick question, graded at once."""
        wish = Wish("drill", question, level, topic=topic)
        await start(interaction, wanted_of(self.bot.app.services.library, wish))

    @drill.autocomplete("question")
    async def _questions(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        topic = interaction.namespace.topic
        questions = self.bot.app.services.library.questions
        return offer((one for one in questions if not topic or one.topic == topic), typed)

    @app_commands.command()
    @everywhere
    @app_commands.describe(story="What to tell about; the first if left out", level=LEVEL)
    @app_commands.choices(level=LEVEL_CHOICES)
    async def behavioural(
        self, interaction: Interaction, story: str | None = None, level: str | None = None
    ) -> None:
        """Tell one story from your work, in five parts."""
        wish = Wish("behavioural", story, level)
        await start(interaction, wanted_of(self.bot.app.services.library, wish))

    @behavioural.autocomplete("story")
    async def _stories(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        return offer(items_of(self.bot.app.services.library, "behavioural"), typed)

    @app_commands.command()
    @everywhere
    @app_commands.describe(plan="Which loop; the first if left out", level=LEVEL)
    @app_commands.choices(level=LEVEL_CHOICES)
    async def loop(
        self, interaction: Interaction, plan: str | None = None, level: str | None = None
    ) -> None:
        """Take a whole interview loop: several rounds in a row."""
        wish = Wish("loop", plan, level)
        await start(interaction, wanted_of(self.bot.app.services.library, wish))

    @loop.autocomplete("plan")
    async def _plans(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        return offer(items_of(self.bot.app.services.library, "loop"), typed)

    async def _again(self, interaction: Interaction, control: Control) -> None:
        question, level = await self._question_of(interaction, control)
        library = self.bot.app.services.library
        await start(interaction, wanted_of(library, Wish("drill", question, level)))

    async def _next(self, interaction: Interaction, control: Control) -> None:
        question, level = await self._question_of(interaction, control)
        library = self.bot.app.services.library
        topic = library.question(question).topic
        other = _other_than([one for one in library.questions if one.topic == topic], question)
        await start(interaction, wanted_of(library, Wish("drill", other, level)))

    async def _question_of(self, interaction: Interaction, control: Control) -> tuple[str, str]:
        """Question and level of one's own drill; raises `UsageError`."""
        mine = await interview_dates(self.bot.app.database, owner_of(interaction.user))
        if control.target not in [one.interview_id for one in mine]:
            raise UsageError("That is not your drill: `/drill` asks you a question of your own.")
        settings = (await self.bot.app.services.store.interview(control.target)).settings
        return settings.rounds[0].items[0], settings.level.value


def _other_than(questions: Sequence[Question], last: str) -> str | None:
    """One of them by chance, but not the last one where there is another."""
    others = [one.id for one in questions if one.id != last] or [one.id for one in questions]
    return random.choice(others) if others else None  # noqa: S311 - any will do
