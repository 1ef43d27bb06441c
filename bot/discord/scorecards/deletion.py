"""The end of an interview: its rows, its room, what was shared, and our messages about it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import discord

from bot.discord.errors import survived
from bot.discord.people import owner_of
from bot.discord.personal.removal import remove_interview
from bot.discord.replies import redraw, reply
from bot.discord.scorecards.own import Interaction, own_interview, own_interviews
from bot.discord.views.card_end import WITH_MESSAGES, delete_view, deleted_text
from bot.discord.views.panel import said_view
from bot.discord.views.places import where
from bot.discord.views.sharing import left_words
from storage.places import Place, PlaceKind, all_posts, find_place

_LOG = logging.getLogger(__name__)


class Sweeper:
    """Deletes messages of ours one after the other, as slowly as Discord asks."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._tasks: set[asyncio.Task[bool]] = set()

    def sweep(self, channel: int, messages: Sequence[int]) -> None:
        """Begin to delete the messages; whatever is gone or refused is left."""
        work = survived(self._sweep(channel, messages), "deleting messages")
        task = asyncio.create_task(work, name=f"sweep {channel}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop; what is left stays."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _sweep(self, channel: int, messages: Sequence[int]) -> None:
        place = self._client.get_partial_messageable(channel)
        left = 0
        for message in messages:
            try:
                await place.get_partial_message(message).delete()
            except discord.NotFound:
                continue
            except discord.HTTPException:
                left += 1
        _LOG.info("deleted messages in %s: %d of %d", channel, len(messages) - left, len(messages))


async def ask_deletion(interaction: Interaction, interview_id: str | None) -> None:
    """Ask whether the interview should really be deleted, and say what would stay."""
    app = interaction.client.app
    found = await own_interview(interaction, interview_id)
    place = await find_place(app.database, found)
    messages = await _messages(interaction, place)
    label = await _label(interaction, found)
    await reply(interaction, view=delete_view(found, label, _where(place), len(messages)))


async def delete_own(
    interaction: Interaction, interview_id: str, argument: str, sweeper: Sweeper
) -> None:
    """Delete it now; its owner has been asked."""
    bot = interaction.client
    found = await own_interview(interaction, interview_id)
    await interaction.response.defer()
    label = await _label(interaction, found)
    place = await find_place(bot.app.database, found)
    messages = await _messages(interaction, place) if argument == WITH_MESSAGES else ()
    left = left_words(await remove_interview(bot, found))
    if place is not None and messages:
        sweeper.sweep(int(place.channel), messages)
    text = deleted_text(label, _where(place), len(messages)) + left
    await redraw(interaction, said_view(text))


async def keep_own(interaction: Interaction) -> None:
    """Nothing is deleted after all."""
    await redraw(interaction, said_view("Nothing was deleted."))


async def _messages(interaction: Interaction, place: Place | None) -> tuple[int, ...]:
    """Ours about the interview, apart from the answers that Discord keeps to the person."""
    if place is None or place.kind is PlaceKind.INTERACTION:
        return ()
    posts = set(await all_posts(interaction.client.app.database, place.interview_id))
    if place.status is not None:
        posts.add(place.status)
    return tuple(sorted(map(int, posts)))


async def _label(interaction: Interaction, interview_id: str) -> str:
    mine = await own_interviews(interaction.client.app, owner_of(interaction.user))
    return next(one.label for one in mine if one.id == interview_id)


def _where(place: Place | None) -> str:
    if place is None:
        return "elsewhere"
    return where(place).strip() or "in forms, which nobody else saw"
