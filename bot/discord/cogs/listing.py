"""Every cog, in the order in which their commands are announced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.discord.cogs.board import BoardCog
from bot.discord.cogs.call import CallCog
from bot.discord.cogs.drill import DrillCog
from bot.discord.cogs.flags import FlagCog
from bot.discord.cogs.group import GroupCog
from bot.discord.cogs.help import HelpCog
from bot.discord.cogs.interview import InterviewCog
from bot.discord.cogs.packs import PacksCog
from bot.discord.cogs.privacy import PrivacyCog
from bot.discord.cogs.progress import ProgressCog
from bot.discord.cogs.review import ReviewCog
from bot.discord.cogs.scorecard import ScorecardCog

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot


def cogs(bot: HotseatBot) -> Iterator[commands.Cog]:
    """The cogs of the bot."""
    yield InterviewCog(bot)
    yield CallCog(bot)
    yield DrillCog(bot)
    yield BoardCog(bot)
    yield PrivacyCog(bot)
    yield ScorecardCog(bot)
    yield FlagCog(bot)
    yield ProgressCog(bot)
    yield GroupCog(bot)
    yield ReviewCog(bot)
    yield PacksCog(bot)
    yield HelpCog(bot)
