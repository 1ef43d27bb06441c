"""Objections to what the interviewer said: looked up, asked in a form, stored."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.discord.controls import Control
from bot.discord.interviews.steering import running_room
from bot.discord.people import owner_of
from bot.discord.replies import redraw, reply
from bot.discord.scorecards.own import Interaction, own_interview
from bot.discord.views.flags import flag_form, flagged_text, turns_view
from bot.doors import UsageError
from bot.flagging import flag, flaggable
from bot.wiring import App
from interviewer.state import interviewer_turn_id
from scoring.transcript import Turn
from storage.places import post_of
from storage.scorecards import interview_dates
from storage.turn_flags import flags_of

_STALE = "I said nothing of that kind in this interview. Choose anew with `/scorecard flag`."
_NO_TURN = (
    "That is nothing that I asked in an interview of yours. `/interview flag` is about what I said "
    "last, `/scorecard flag` lists all that I said."
)


async def flag_last(interaction: Interaction, note: str) -> None:
    """Object to what was said last in the interview that goes on; raises `UsageError`."""
    room = await running_room(interaction)
    app, found = interaction.client.app, room.place.interview_id
    turn = (await flaggable(app, found))[-1]
    await flag(app, found, turn, note)
    await reply(interaction, flagged_text(turn))


async def choose_turn(
    interaction: Interaction, interview_id: str | None, page: int = 1, *, again: bool = False
) -> None:
    """Ask which turn is meant; `again` in place of the message that asked before."""
    app = interaction.client.app
    found = await own_interview(interaction, interview_id)
    turns = await flaggable(app, found)
    flagged = {one.turn_id for one in await flags_of(app.database, found)}
    view = turns_view(found, turns, flagged, page)
    await (redraw(interaction, view) if again else reply(interaction, view=view))


async def open_flag(interaction: Interaction, control: Control, turn_id: str) -> None:
    """Open the form about the turn that was chosen."""
    turn = await _own_turn(interaction, control.target, turn_id)
    await interaction.response.send_modal(flag_form(control.target, turn))


async def open_flag_of(interaction: Interaction, message: discord.Message) -> None:
    """Open the form about what the message says; raises `UsageError` where it is no such turn.

    Only the person's own interviews are searched, the latest first.
    """
    app = interaction.client.app
    for one in await interview_dates(app.database, owner_of(interaction.user)):
        posted = await post_of(app.database, one.interview_id, str(message.id))
        if posted is not None:
            turn = await _turn_said(app, one.interview_id, posted[0])
            await interaction.response.send_modal(flag_form(one.interview_id, turn))
            return
    raise UsageError(_NO_TURN)


async def take_flag(interaction: Interaction, control: Control, fields: Mapping[str, str]) -> None:
    """Keep the objection; raises `UsageError`."""
    turn = await _own_turn(interaction, control.target, control.argument)
    await flag(interaction.client.app, control.target, turn, fields.get("note", ""))
    await reply(interaction, flagged_text(turn))


async def _own_turn(interaction: Interaction, interview_id: str, turn_id: str) -> Turn:
    found = await own_interview(interaction, interview_id)
    for turn in await flaggable(interaction.client.app, found):
        if turn.id == turn_id:
            return turn
    raise UsageError(_STALE)


async def _turn_said(app: App, interview_id: str, key: str) -> Turn:
    """The turn that was posted under that key; cards and notes are no turns."""
    said = await app.services.store.utterances(interview_id)
    ids = {interviewer_turn_id(one.seq) for one in said if one.key == key}
    for turn in await flaggable(app, interview_id):
        if turn.id in ids:
            return turn
    raise UsageError(_NO_TURN)
