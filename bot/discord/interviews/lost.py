"""Interviews that cannot go on, since the packs no longer hold what they are about."""

from __future__ import annotations

import logging

import discord

from bot.discord.errors import OfferError
from bot.discord.interviews.mouth import Poster
from bot.discord.views.lost import lost_text, lost_view
from bot.wiring import App
from interviewer.record import round_plans
from scenarios.documents import ContentError
from storage.places import Place

_LOG = logging.getLogger(__name__)


async def is_playable(app: App, place: Place) -> bool:
    """Whether the packs still hold what the interview is about."""
    stored = await app.services.store.interview(place.interview_id)
    try:
        round_plans(stored.settings, app.services.library)
    except ContentError:
        return False
    return True


async def require_playable(app: App, place: Place) -> None:
    """Raise `OfferError`, which says what can be done, where it cannot go on."""
    if not await is_playable(app, place):
        raise OfferError(lost_text(place), lost_view(place))


async def tell_lost(app: App, place: Place, channel: discord.PartialMessageable, me: int) -> None:
    """Say where it was held that it cannot go on, once."""
    poster = Poster(app.database, place.interview_id, channel, me, int(place.heard))
    try:
        await poster.post(f"{place.interview_id}:lost", 0, view=lost_view(place))
    except discord.HTTPException as err:
        _LOG.info("loss of %s not told: %s", place.interview_id, type(err).__name__)
