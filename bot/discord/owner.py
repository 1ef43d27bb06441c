"""The person who answers for this bot, as Discord knows them, and how they are told something."""

from __future__ import annotations

import logging

import aiohttp
import discord
from discord.ext import commands

from bot.discord.replies import NOBODY

_LOG = logging.getLogger(__name__)


async def tell_owner(bot: commands.Bot, sentence: str) -> None:
    """Send the owner of the application, or of its team, a direct message.

    Where there is nobody to tell, or Discord does not let us, the sentence goes to the log: it
    must name nobody.
    """
    owner = None if bot.application is None else owner_id_of(bot.application)
    if owner is None:
        _LOG.warning("no owner to tell: %s", sentence)
        return
    try:
        conversation = await bot.create_dm(discord.Object(owner))
        await conversation.send(sentence, allowed_mentions=NOBODY)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as err:
        _LOG.warning("the owner could not be told (%s): %s", type(err).__name__, sentence)


def owner_id_of(application: discord.AppInfo) -> int | None:
    """Who owns the application; of a team's, whoever owns the team.

    A team's application belongs to a user that stands for the team and whom nobody can write to.
    """
    if application.team is not None:
        return application.team.owner_id
    return None if application.owner.bot else application.owner.id
