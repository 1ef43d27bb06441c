"""Answers to interactions: the first one or a later one, whichever is right, and safe."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

import discord
from discord import ui

NOBODY = discord.AllowedMentions.none()

QUICK_S = 1.5
"""How long a result is waited for before Discord is told to wait; it gives up after 3 s."""

_CAME_AT = "came at"
"""Among the extras of an interaction: when it came, by the clock of the loop."""

T = TypeVar("T")


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


def note_arrival(interaction: discord.Interaction[Any]) -> None:
    """From now on Discord waits for the first answer."""
    interaction.extras[_CAME_AT] = asyncio.get_running_loop().time()


async def in_time(interaction: discord.Interaction[Any], work: Awaitable[T]) -> T:
    """What comes of the work; where that takes long, Discord is told first that it will come.

    An answer that comes soon is thus the only one, and takes one request. However much is done one
    after the other, it is told once `QUICK_S` have passed since the interaction came.
    """
    task = asyncio.ensure_future(work)
    now = asyncio.get_running_loop().time()
    waited = now - interaction.extras.get(_CAME_AT, now)
    await asyncio.wait([task], timeout=max(0.0, QUICK_S - waited))
    if not task.done():
        await acknowledge(interaction)
    return await task


async def acknowledge(interaction: discord.Interaction[Any]) -> None:
    """Tell Discord to wait: for a change of the message that was used, else for an answer."""
    if interaction.message is None:
        await promise(interaction)
    elif not interaction.response.is_done():
        await interaction.response.defer()


async def redraw(
    interaction: discord.Interaction[Any],
    view: ui.LayoutView,
    files: Sequence[discord.File] | None = None,
) -> None:
    """Show `view` in place of the message whose control was used.

    `files` take the place of those that are attached to it; they stay where None is given.
    """
    sent: dict[str, Any] = {"view": view, "allowed_mentions": NOBODY}
    if files is not None:
        sent["attachments"] = list(files)
    if interaction.response.is_done():
        await interaction.edit_original_response(**sent)
    else:
        await interaction.response.edit_message(**sent)
