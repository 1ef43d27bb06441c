"""Cards as they are shown to their owner: read from storage, drawn, and marked as seen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import discord
from discord import ui

from bot.discord.interviews.board_pictures import picture_of
from bot.discord.views.card_actions import card_buttons
from bot.discord.views.pages import Picture
from bot.discord.views.scorecard import (
    drill_view,
    is_single_drill,
    scorecard_view,
    shown_pictures,
)
from bot.discord.views.self_rating import rate_first_view
from bot.pictures import board_words
from bot.wiring import App
from interviewer.ports import BoardRevision
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


class Shown(NamedTuple):
    """A view, and the files that it shows."""

    view: ui.LayoutView
    files: Sequence[discord.File] = ()


async def card_view(app: App, interview_id: str, revision: int | None = None) -> ui.LayoutView:
    """The card's first page, for its owner, who has seen it from now on; it has no picture.

    A single question has a short card. Raises `ScorecardNotFoundError`.
    """
    return (await _shown(app, interview_id, revision, None)).view


async def card_page(app: App, interview_id: str, revision: int, page: int) -> Shown:
    """A page of the whole card, counted from 1; otherwise as `card_view`."""
    return await _shown(app, interview_id, revision, page)


async def _shown(app: App, interview_id: str, revision: int | None, page: int | None) -> Shown:
    card = await load_scorecard(app.database, interview_id, revision)
    notes = await notes_of(app.database, interview_id)
    await mark_card_opened(app.database, interview_id, app.services.clock.now())
    rounds = _by_round(await app.services.store.boards(interview_id))
    boards = {index: _picture(index, drawn) for index, drawn in rounds.items()}
    # A long card with much in it that has to be made harmless takes longer than a heartbeat may.
    view = await asyncio.to_thread(_draw, card, page, notes, boards)
    files = list[discord.File]()
    for index, (name, words) in boards.items():
        if name not in shown_pictures(view):
            continue
        picture = await picture_of(app, interview_id, rounds[index], marked=False)
        if picture is None:
            boards[index] = Picture("", words)
            view = await asyncio.to_thread(_draw, card, page, notes, boards)
        else:
            files.append(picture.file(name))
    return Shown(view, files)


def _by_round(revisions: Sequence[BoardRevision]) -> dict[int, list[BoardRevision]]:
    """The revisions of each round at whose end something stood on the board."""
    rounds: dict[int, list[BoardRevision]] = {}
    for one in revisions:
        rounds.setdefault(one.round_index, []).append(one)
    return {index: drawn for index, drawn in rounds.items() if drawn[-1].sketch}


def _picture(index: int, drawn: Sequence[BoardRevision]) -> Picture:
    return Picture(f"board-{index + 1}.png", board_words(drawn[-1].board))


def _draw(
    card: Scorecard, page: int | None, notes: CardNotes, boards: Mapping[int, Picture]
) -> ui.LayoutView:
    if page is None and is_single_drill(card):
        return drill_view(card, notes)
    buttons = card_buttons(card.interview_id)
    return scorecard_view(card, page or 1, notes, buttons, boards)
