"""The buttons of a call: consent, coming back, and what was misheard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.discord.calls.installed import require_calls
from bot.discord.controls import Control
from bot.discord.interviews.steering import own_room
from bot.discord.replies import redraw, reply
from bot.discord.views.call import DONE, HEAR, IGNORE, JOIN, START, STOP, WRITE
from bot.discord.views.heard import GRADE, MISHEARD
from bot.doors import UsageError

if TYPE_CHECKING:
    from bot.discord.calls.call import Call
    from bot.discord.client import HotseatBot

Interaction = discord.Interaction["HotseatBot"]

NO_CALL = (
    "That call is over, or I was restarted since. `/interview start` with the mode Voice begins "
    "one, `/interview resume` goes on with an interview."
)
NOT_THERE = "You are not in <#{channel}>, so you are not heard there."
NOT_YOURS = "That button is for the candidate. Yours stand in the chat of the voice channel."


class CallCog(commands.Cog):
    """Presses only: a call begins with `/interview start`."""

    def __init__(self, bot: HotseatBot) -> None:
        self.bot = bot
        controls = bot.controls
        controls.on_press(START, self._start)
        controls.on_press(WRITE, self._write)
        controls.on_press(STOP, self._stop)
        controls.on_press(HEAR, self._hear)
        controls.on_press(IGNORE, self._ignore)
        controls.on_press(JOIN, self._join)
        controls.on_press(DONE, self._done)
        controls.on_press(MISHEARD, self._ask_misheard)
        controls.on_press(GRADE, self._grade)
        controls.on_submit(MISHEARD, self._put_right)

    async def _start(self, interaction: Interaction, control: Control) -> None:
        call = _own_call(interaction, control)
        from bot.discord.calls.opening import begin_call

        await begin_call(interaction, call)

    async def _write(self, interaction: Interaction, control: Control) -> None:
        call = _own_call(interaction, control)
        from bot.discord.calls.opening import begin_in_writing

        await begin_in_writing(interaction, call)

    async def _stop(self, interaction: Interaction, control: Control) -> None:
        call = _own_call(interaction, control)
        call.withdraw(interaction.user.id)
        await reply(interaction, "I no longer hear you. Your interview goes on in writing.")

    async def _hear(self, interaction: Interaction, control: Control) -> None:
        call = _call(interaction, control)
        if interaction.user.id not in call.attention.consent.others:
            raise UsageError(NOT_THERE.format(channel=call.channel))
        call.attention.agree(interaction.user.id)
        await redraw(interaction, call.asking.bystanders())

    async def _ignore(self, interaction: Interaction, control: Control) -> None:
        call = _call(interaction, control)
        if interaction.user.id == call.seat.candidate:
            raise UsageError("You are the candidate: **Stop hearing me** on your card ends it.")
        call.withdraw(interaction.user.id)
        await redraw(interaction, call.asking.bystanders())

    async def _join(self, interaction: Interaction, control: Control) -> None:
        calls = require_calls(interaction.client)
        room = await own_room(interaction, control.target)
        from bot.discord.calls.opening import return_to_call

        await return_to_call(interaction, calls, room)

    async def _done(self, interaction: Interaction, control: Control) -> None:
        calls = require_calls(interaction.client)
        room = await own_room(interaction, control.target)
        call = calls.of(room.place.interview_id)
        if call is None:
            raise UsageError(NO_CALL)
        call.done()
        await interaction.response.defer()

    async def _ask_misheard(self, interaction: Interaction, control: Control) -> None:
        require_calls(interaction.client)
        from bot.discord.calls.misheard import ask_misheard

        await ask_misheard(interaction, control)

    async def _put_right(
        self, interaction: Interaction, control: Control, fields: Mapping[str, str]
    ) -> None:
        require_calls(interaction.client)
        from bot.discord.calls.misheard import put_right

        await put_right(interaction, control, fields["text"])

    async def _grade(self, interaction: Interaction, control: Control) -> None:
        require_calls(interaction.client)
        from bot.discord.calls.misheard import review_in

        review = review_in(await own_room(interaction, control.target))
        if review is None:
            raise UsageError("That is being graded already.")
        review.grade_now()
        await interaction.response.defer()


def _call(interaction: Interaction, control: Control) -> Call:
    """The call of that thread; raises `UsageError`."""
    call = require_calls(interaction.client).in_thread(control.target)
    if call is None:
        raise UsageError(NO_CALL)
    return call


def _own_call(interaction: Interaction, control: Control) -> Call:
    """The same, if this person is its candidate; raises `UsageError`."""
    call = _call(interaction, control)
    if call.seat.candidate != interaction.user.id:
        raise UsageError(NOT_YOURS)
    return call
