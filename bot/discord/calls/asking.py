"""The messages in which people are asked whether they may be heard."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import discord
from discord import ui

from bot.discord.calls.attention import Attention
from bot.discord.replies import NOBODY
from bot.discord.views.call import agreed_view, bystanders_view, consent_view
from bot.discord.views.panel import said_view

if TYPE_CHECKING:
    from bot.discord.calls.joining import VoicePlace

_LOG = logging.getLogger(__name__)

OVER = "-# This call is over; consent has ended with it."


class Opening(NamedTuple):
    """How the candidate's answer is followed: what begins then, aloud or in writing.

    `give_up` is for those who do not answer; `otherwise` tells them what they can do instead.
    """

    speak: Callable[[], Awaitable[None]]
    write: Callable[[], Awaitable[None]]
    give_up: Callable[[], Awaitable[None]]
    otherwise: str


class Asking:
    """Asks the candidate in their thread, everybody else in the text chat of the voice channel."""

    def __init__(
        self, attention: Attention, thread: discord.PartialMessageable, channel: VoicePlace
    ) -> None:
        self._attention = attention
        self._thread = thread
        self._channel = channel
        self._question: discord.Message | None = None
        self._posted: discord.Message | None = None
        self._asked: frozenset[int] = frozenset()

    async def ask_candidate(self, sent: str | None, *, again: bool) -> None:
        """Ask whether they may be heard; `sent` says who else gets their words."""
        others = self._attention.consent.others
        view = consent_view(self._thread.id, self._channel.id, others, again=again, sent=sent)
        self._question = await self._thread.send(view=view, allowed_mentions=NOBODY)

    def agreed(self) -> ui.LayoutView:
        """What stands there once the candidate has agreed."""
        return agreed_view(self._thread.id, self._channel.id)

    def bystanders(self) -> ui.LayoutView:
        """What everybody else is asked, as it should look now."""
        consent = self._attention.consent
        agreed = consent.agreed & consent.others
        return bystanders_view(self._thread.id, consent.candidate, agreed, consent.undecided)

    async def ask_others(self) -> None:
        """Ask those who are there and were not asked; the question moves to the bottom."""
        undecided = self._attention.consent.undecided
        if not undecided - self._asked:
            return
        self._asked = self._attention.consent.others
        before, self._posted = self._posted, await self._post(self.bystanders())
        if before is not None:
            await _remove([before])

    async def moved(self, channel: VoicePlace) -> None:
        """The call is in another channel, where nobody was asked yet."""
        before, self._posted = self._posted, None
        self._channel, self._asked = channel, frozenset()
        await _remove([before] if before else [])
        await self.ask_others()

    def forget(self, person: int) -> None:
        """Somebody has left, and is asked again when they return."""
        self._asked -= {person}

    async def close(self, told: str = OVER) -> None:
        """Nobody can answer any more."""
        if self._question is not None:
            try:
                await self._question.edit(view=said_view(told), allowed_mentions=NOBODY)
            except discord.HTTPException as err:
                _LOG.info("a question of consent stays: %s", type(err).__name__)
        await _remove([self._posted] if self._posted else [])

    async def _post(self, view: ui.LayoutView) -> discord.Message:
        """In the chat of the voice channel; in the thread where that is closed to us."""
        try:
            return await self._channel.send(view=view, allowed_mentions=NOBODY)
        except discord.Forbidden:
            return await self._thread.send(view=view, allowed_mentions=NOBODY)


async def _remove(messages: Sequence[discord.Message]) -> None:
    for message in messages:
        try:
            await message.delete()
        except discord.HTTPException as err:
            _LOG.info("a question of consent stays: %s", type(err).__name__)
