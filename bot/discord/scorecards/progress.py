"""What a person's cards say about progress: only cards that they may see already."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from bot.discord.scorecards.own import NOTHING_YET
from bot.doors import UsageError
from bot.practice_list import PracticeList, practice_list
from bot.wiring import App
from scoring.progress import Progress, progress_of
from scoring.render.chart import ChartUnavailableError, render_progress_png
from scoring.render.progress import render_progress_text
from scoring.scorecard import Scorecard
from storage.closed_cards import closed_cards
from storage.reviews import load_reviews
from storage.scorecards import latest_scorecards


class Ratings(NamedTuple):
    """Ratings over time in words, and as a PNG file where there is one."""

    words: str
    picture: bytes | None


async def open_cards(app: App, owner: str) -> tuple[Scorecard, ...]:
    """The person's cards, oldest first, without those that they still want to rate blind.

    Raises `UsageError` where there is none.
    """
    cards = await latest_scorecards(app.database, owner)
    closed = await closed_cards(app.database, owner)
    shown = tuple(card for card in cards if card.interview_id not in closed)
    if cards and not shown:
        raise UsageError(
            "Your card is still closed, since you wanted to rate yourself first: `/scorecard show` "
            "lets you rate it, or opens it."
        )
    if not cards:
        raise UsageError(NOTHING_YET.format(what="scorecard"))
    return shown


async def ratings_of(cards: tuple[Scorecard, ...]) -> Ratings:
    """What the cards say of ratings; it takes a second, beside the event loop."""
    return await asyncio.to_thread(_ratings, cards)


async def practice_of(app: App, owner: str) -> PracticeList:
    """What is to be practised again, by the cards that the person may see already.

    Raises `UsageError` where there is none.
    """
    closed = await closed_cards(app.database, owner)
    reviews = await load_reviews(app.database, owner, without=closed)
    if not reviews:
        await open_cards(app, owner)
    now = app.services.clock.now()
    return await asyncio.to_thread(practice_list, reviews, app.services.library, now)


def _ratings(cards: tuple[Scorecard, ...]) -> Ratings:
    progress = progress_of(cards)
    picture = _draw(progress) if progress.rated else None
    return Ratings(render_progress_text(progress), picture)


def _draw(progress: Progress) -> bytes | None:
    try:
        return render_progress_png(progress)
    except ChartUnavailableError:
        return None
