"""`/privacy`: what is stored about oneself; its copy, its end, and how long it is kept."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.disclosure import disclosure
from bot.discord.controls import Control
from bot.discord.installs import everywhere
from bot.discord.limits import EXPORTS
from bot.discord.people import owner_of
from bot.discord.personal.archive import pack_export
from bot.discord.personal.removal import remove_person
from bot.discord.replies import promise, redraw, reply
from bot.discord.scorecards.cards import open_by_export
from bot.discord.views.panel import said_view
from bot.discord.views.privacy import DELETED, Kept, delete_view, privacy_view, retention_text
from bot.discord.views.self_rating import opened_words
from bot.discord.views.sharing import left_words
from bot.doors import UsageError
from bot.settings import LONGEST_RETENTION_DAYS
from storage.groups import groups_of
from storage.people import export_person, retention_of, set_retention, shares_going_with
from storage.scorecards import interview_dates

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

Interaction = discord.Interaction["HotseatBot"]


@everywhere
class PrivacyCog(commands.GroupCog, group_name="privacy", group_description="Your data"):
    """See, take along, delete, and limit what is kept."""

    def __init__(self, bot: HotseatBot) -> None:
        self.bot = bot
        bot.controls.on_press("privacy_export", self._export)
        bot.controls.on_press("privacy_ask", self._ask_delete)
        bot.controls.on_press("privacy_delete", self._delete)

    @app_commands.command()
    async def show(self, interaction: Interaction) -> None:
        """What is stored about you, for how long, and who sees it."""
        await promise(interaction)
        kept = await _kept(interaction)
        sent = disclosure(self.bot.app.settings)
        await reply(interaction, view=privacy_view(kept, interaction.user.id, sent))
        call = None if self.bot.calls is None else self.bot.calls.hearing(interaction.user.id)
        if call is not None:
            await reply(interaction, view=call.heard_view(interaction.user.id))

    @app_commands.command()
    async def export(self, interaction: Interaction) -> None:
        """Everything that is stored about you, as a file."""
        await _send_export(interaction)

    @app_commands.command()
    async def delete(self, interaction: Interaction) -> None:
        """Delete everything that is stored about you; asks first."""
        await promise(interaction)
        await reply(interaction, view=delete_view(await _kept(interaction), interaction.user.id))

    @app_commands.command()
    @app_commands.describe(days="For how many days; if left out, the time is shown")
    async def retention(
        self,
        interaction: Interaction,
        days: app_commands.Range[int, 1, LONGEST_RETENTION_DAYS] | None = None,
    ) -> None:
        """For how long your interviews are kept; yours to shorten."""
        await promise(interaction)
        if days is not None:
            await self._keep_for(owner_of(interaction.user), days)
        await reply(interaction, retention_text(await _kept(interaction)))

    async def _keep_for(self, owner: str, days: int) -> None:
        most = self.bot.app.settings.retention_days
        if days > most:
            raise UsageError(
                f"Here nothing is kept for more than {most} days: choose {most} or fewer."
            )
        await set_retention(self.bot.app.database, owner, None if days == most else days)

    async def _export(self, interaction: Interaction, control: Control) -> None:
        _require_own(interaction, control)
        await _send_export(interaction)

    async def _ask_delete(self, interaction: Interaction, control: Control) -> None:
        _require_own(interaction, control)
        await reply(interaction, view=delete_view(await _kept(interaction), interaction.user.id))

    async def _delete(self, interaction: Interaction, control: Control) -> None:
        _require_own(interaction, control)
        await interaction.response.defer()
        left = await remove_person(self.bot, owner_of(interaction.user))
        await redraw(interaction, said_view(DELETED + left_words(left)))


def _require_own(interaction: Interaction, control: Control) -> None:
    """Nobody deletes or exports by a button that was made for somebody else."""
    if control.target != str(interaction.user.id):
        raise UsageError("That is not yours: `/privacy show` is about you.")


async def _send_export(interaction: Interaction) -> None:
    bot, owner = interaction.client, owner_of(interaction.user)
    bot.limits.take(owner, EXPORTS)
    await promise(interaction)
    export = await export_person(bot.app.database, owner)
    parts = await asyncio.to_thread(pack_export, export, interaction.filesize_limit)
    opened = await open_by_export(bot.app, export["interviews"])
    said = f"Everything that is stored about you.{opened_words(opened)}"
    for number, part in enumerate(parts, 1):
        several = f"-{number}-of-{len(parts)}" if len(parts) > 1 else ""
        file = discord.File(io.BytesIO(part), f"hotseat-export{several}.zip")
        await reply(interaction, said, files=[file])


async def _kept(interaction: Interaction) -> Kept:
    """What is stored about the person, counted."""
    bot, owner = interaction.client, owner_of(interaction.user)
    database = bot.app.database
    interviews = await interview_dates(database, owner)
    shares = await shares_going_with(database, owner)
    return Kept(
        finished=sum(one.finished_at is not None for one in interviews),
        unfinished=sum(one.finished_at is None for one in interviews),
        shared=sum(one.candidate == owner for one in shares),
        groups=len(await groups_of(database, owner)),
        own_days=await retention_of(database, owner),
        most_days=bot.app.settings.retention_days,
        oldest=min((one.finished_at or one.started_at for one in interviews), default=None),
        now=bot.app.services.clock.now(),
    )
