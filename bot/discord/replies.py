"""Answers to interactions: the first one or a later one, whichever is right, and safe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

NOBODY = discord.AllowedMentions.none()


async def reply(
    interaction: discord.Interaction[Any],
    content: str | None = None,
    *,
    view: ui.LayoutView | None = None,
    files: Sequence[discord.File] = (),
    ephemeral: bool = True,
) -> None:
    """Answer the interaction, or add to an answer that was given or promised.

    A view of components v2 takes the place of `content`. A promised answer is private or not as
    it was promised.
    """
    sent: dict[str, Any] = {"allowed_mentions": NOBODY, "ephemeral": ephemeral}
    if view is not None:
        sent["view"] = view
    if files:
        sent["files"] = list(files)
    if interaction.response.is_done():
        await interaction.followup.send(content or discord.utils.MISSING, **sent)
    else:
        await interaction.response.send_message(content, **sent)


async def promise(interaction: discord.Interaction[Any], *, ephemeral: bool = True) -> None:
    """Say at once that an answer will come, so that Discord waits for it."""
    if not interaction.response.is_done():
        await interaction.response.defer(ephemeral=ephemeral, thinking=True)


async def redraw(interaction: discord.Interaction[Any], view: ui.LayoutView) -> None:
    """Show `view` in place of the message whose control was used."""
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view, allowed_mentions=NOBODY)
    else:
        await interaction.response.edit_message(view=view, allowed_mentions=NOBODY)
