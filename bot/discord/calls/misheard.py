"""Puts right what was misheard of a spoken answer, before it is graded."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import discord

from bot.discord.calls.heard import origin_of
from bot.discord.calls.review import Review
from bot.discord.controls import Control
from bot.discord.interviews.front import ChannelFront
from bot.discord.interviews.room import Room
from bot.discord.interviews.steering import own_room
from bot.discord.replies import redraw
from bot.discord.views.heard import LONGEST_FIELD, misheard_form, put_right_view, review_view
from bot.doors import UsageError
from bot.hearings import correct_heard
from bot.wiring import App
from interviewer.state import candidate_turn_id
from scoring.corrections import CorrectionRefusedError
from scoring.transcript import Turn
from storage.errors import GradingBegunError

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

STORED_WITHIN_S = 1.5
"""Words are shown a moment before they are stored; Discord waits 3 s for a form."""

_LOOKS_S = 0.1
NOT_FOUND = "That answer is still being taken. Please try again in a moment."
REFUSED = (
    "That was not taken: {reasons}. What you said stays what you said; only words that sound alike "
    "can be put right."
)
GRADED = "It is being graded already: `/scorecard correct` puts it right on the card."
TOO_LONG = (
    f"That answer is longer than the {LONGEST_FIELD:,} characters that a form takes. "
    "`/scorecard correct` corrects it in parts, once it is graded."
)


async def ask_misheard(interaction: discord.Interaction[HotseatBot], control: Control) -> None:
    """Open the form with the answer as it stands; raises `UsageError`."""
    room = await own_room(interaction, control.target)
    turn = await _shown_turn(interaction.client.app, room.place.interview_id, control.argument)
    if len(turn.text) > LONGEST_FIELD:
        raise UsageError(TOO_LONG)
    await interaction.response.send_modal(misheard_form(control, turn.text))


async def put_right(
    interaction: discord.Interaction[HotseatBot], control: Control, text: str
) -> None:
    """Store the correction; raises `UsageError` with what of it is none."""
    room = await own_room(interaction, control.target)
    app, interview = interaction.client.app, room.place.interview_id
    turn = await _turn(app, interview, control.argument)
    try:
        turn = await correct_heard(app, interview, turn.id, text)
    except GradingBegunError as err:
        raise UsageError(GRADED) from err
    except CorrectionRefusedError as err:
        raise UsageError(REFUSED.format(reasons=err)) from err
    review = review_in(room)
    if control.argument != turn.id or review is None:
        await redraw(interaction, put_right_view(turn.text))
        return
    listed = await review.listed(interview)
    await redraw(interaction, review_view(interview, listed, review.longest_s))


def review_in(room: Room) -> Review | None:
    """The list before grading, while it can be used; it does not end with the call."""
    return room.front.review if isinstance(room.front, ChannelFront) else None


async def _shown_turn(app: App, interview: str, named: str) -> Turn:
    """As `_turn`, also where the words are shown before they are stored."""
    try:
        async with asyncio.timeout(STORED_WITHIN_S):
            while True:
                with suppress(UsageError):
                    return await _turn(app, interview, named)
                await asyncio.sleep(_LOOKS_S)
    except TimeoutError:
        raise UsageError(NOT_FOUND) from None


async def _turn(app: App, interview: str, named: str) -> Turn:
    """That answer as it stands, by the name that a caption or a list has for it."""
    store = app.services.store
    ids = [
        candidate_turn_id(item.seq)
        for item in await store.events(interview)
        if named == candidate_turn_id(item.seq) or origin_of(named) in item.event.origins
    ]
    for turn in await store.transcript(interview):
        if turn.id in ids:
            return turn
    raise UsageError(NOT_FOUND)
