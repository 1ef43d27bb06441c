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
from storage.scorecards import readable_scorecards


class OpenCards(NamedTuple):
    """The cards that the person may see; `unreadable` others are damaged and left out."""

    cards: tuple[Scorecard, ...]
    unreadable: int


class Ratings(NamedTuple):
    """Ratings over time in words, and as a PNG file where there is one."""

    words: str
    picture: bytes | None


async def open_cards(app: App, owner: str) -> OpenCards:
    """The person's cards, oldest first, without those that they still want to rate blind.

    Raises `UsageError` where there is none.
    """
    cards, unreadable = await readable_scorecards(app.database, owner)
    closed = await closed_cards(app.database, owner)
    shown = tuple(card for card in cards if card.interview_id not in closed)
    if cards and not shown:
        raise UsageError(
            "Your card is still closed, since you wanted to rate yourself first: `/scorecard show` "
            "lets you rate it, or opens it."
        )
    if unreadable and not cards:
        raise UsageError(_damaged(unreadable))
    if not cards:
        raise UsageError(NOTHING_YET.format(what="scorecard"))
    return OpenCards(shown, unreadable)


async def ratings_of(found: OpenCards) -> Ratings:
    """What the cards say of ratings; it takes a second, beside the event loop."""
    words, picture = await asyncio.to_thread(_ratings, found.cards)
    return Ratings(f"{words}\n{_damaged(found.unreadable)}" if found.unreadable else words, picture)


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


def _damaged(count: int) -> str:
    cards = "1 card cannot" if count == 1 else f"{count} cards cannot"
    return (
        f"{cards} be read and counted here: `/scorecard list` shows which. Ask whoever runs the "
        "bot to look into it."
    )


def _ratings(cards: tuple[Scorecard, ...]) -> Ratings:
    progress = progress_of(cards)
    picture = _draw(progress) if progress.rated else None
    return Ratings(render_progress_text(progress), picture)


def _draw(progress: Progress) -> bytes | None:
    try:
        return render_progress_png(progress)
    except ChartUnavailableError:
        return None
