"""Cards as they are shown to their owner: read from storage, drawn, and marked as seen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from discord import ui

from bot.discord.views.card_actions import card_buttons
from bot.discord.views.scorecard import drill_view, is_single_drill, scorecard_view
from bot.discord.views.self_rating import rate_first_view
from bot.wiring import App
from scoring.disputes import CardNotes
from scoring.scorecard import Scorecard
from storage.closed_cards import closed_cards
from storage.notes import notes_of
from storage.places import Place, find_place
from storage.scorecards import load_scorecard
from storage.self_ratings import mark_card_opened


async def finished_view(app: App, place: Place) -> Sequence[ui.LayoutView]:
    """What is posted when an interview is over: its card, or first the question for own ratings."""
    if await is_closed(app, place.interview_id):
        return (rate_first_view(place.interview_id),)
    return (await card_view(app, place.interview_id),)


async def is_closed(app: App, interview_id: str) -> bool:
    """Whether the candidate wanted to rate first, and has neither done so nor seen the card."""
    place = await find_place(app.database, interview_id)
    return place is not None and interview_id in await closed_cards(app.database, place.owner)


async def open_by_export(app: App, interview_ids: Iterable[str]) -> int:
    """Right before files with these interviews are handed out: their owner has seen the ratings.

    Returns how many of them their owner wanted to rate first, and had not opened. An unfinished
    interview counts too: what the bot found in its answers so far is in the file.
    """
    now, opened = app.services.clock.now(), 0
    for one in interview_ids:
        place = await find_place(app.database, one)
        first = await mark_card_opened(app.database, one, now)
        opened += first and place is not None and place.rate_first
    return opened


async def card_view(app: App, interview_id: str, revision: int | None = None) -> ui.LayoutView:
    """The card's first page, for its owner, who has seen it from now on.

    A single question has a short card. Raises `ScorecardNotFoundError`.
    """
    return await _view(app, interview_id, revision, None)


async def card_page(app: App, interview_id: str, revision: int, page: int) -> ui.LayoutView:
    """A page of the whole card, counted from 1; otherwise as `card_view`."""
    return await _view(app, interview_id, revision, page)


async def _view(
    app: App, interview_id: str, revision: int | None, page: int | None
) -> ui.LayoutView:
    card = await load_scorecard(app.database, interview_id, revision)
    notes = await notes_of(app.database, interview_id)
    await mark_card_opened(app.database, interview_id, app.services.clock.now())
    # A long card with much in it that has to be made harmless takes longer than a heartbeat may.
    return await asyncio.to_thread(_draw, card, page, notes)


def _draw(card: Scorecard, page: int | None, notes: CardNotes) -> ui.LayoutView:
    if page is None and is_single_drill(card):
        return drill_view(card, notes)
    return scorecard_view(card, page or 1, notes, card_buttons(card.interview_id))
