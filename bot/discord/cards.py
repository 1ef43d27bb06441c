"""Cards as they are shown to their owner: read from storage, drawn, and marked as seen."""

from __future__ import annotations

from collections.abc import Sequence

from discord import ui

from bot.discord.views.scorecard import drill_view, is_single_drill, scorecard_view
from bot.discord.views.self_rating import rate_first_view
from bot.wiring import App
from storage.notes import notes_of
from storage.places import Place
from storage.scorecards import load_scorecard
from storage.self_ratings import load_own_review, mark_card_opened


async def finished_view(app: App, place: Place) -> Sequence[ui.LayoutView]:
    """What is posted when an interview is over: its card, or first the question for own ratings."""
    review = await load_own_review(app.database, place.interview_id)
    if place.rate_first and review.own is None and review.card_opened_at is None:
        return (rate_first_view(place.interview_id),)
    return (await card_view(app, place.interview_id),)


async def card_view(app: App, interview_id: str, revision: int | None = None) -> ui.LayoutView:
    """The card's first page, for its owner, who has seen it from now on."""
    card = await load_scorecard(app.database, interview_id, revision)
    notes = await notes_of(app.database, interview_id)
    await mark_card_opened(app.database, interview_id, app.services.clock.now())
    if is_single_drill(card):
        return drill_view(card, notes)
    return scorecard_view(card, notes=notes)
