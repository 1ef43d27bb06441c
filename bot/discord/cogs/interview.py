"""`/interview`: start a round or a loop, and steer it; the buttons of the status card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord.controls import Control, control_modal, text_field
from bot.discord.errors import explain
from bot.discord.installs import everywhere
from bot.discord.interviews.choices import (
    CAPTION_CHOICES,
    EXTRA_CHOICES,
    LEVEL_CHOICES,
    MODE_CHOICES,
    ROUND_CHOICES,
    STYLE_CHOICES,
    Wish,
    complete_item,
    complete_role,
    wanted_of,
)
from bot.discord.interviews.front import ChannelFront
from bot.discord.interviews.openings import find_running, reopen, start
from bot.discord.interviews.steering import command, own_room, press, resume, running_room
from bot.discord.people import owner_of
from bot.discord.replies import promise, reply
from bot.discord.scorecards.deletion import ask_deletion
from bot.discord.scorecards.flags import flag_last
from bot.discord.text import quote
from bot.discord.views.lost import DISCARD
from bot.discord.views.panel import end_view
from bot.discord.views.places import where
from bot.discord.views.standing import standing_view
from bot.doors import UsageError
from bot.flagging import LONGEST_NOTE
from interviewer.session import InterviewOverError
from interviewer.state import EventKind

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

Interaction = discord.Interaction["HotseatBot"]

LONGEST_QUESTION = 600
"""Characters of the question that stand in the form for the answer."""

MOST_GIVEN_BACK = 1_900
"""Characters of a message that gives an answer back that was not taken."""

_PRESSES = {
    "hint": EventKind.HINT,
    "think": EventKind.THINK,
    "pause": EventKind.PAUSED,
    "resume": EventKind.RESUMED,
    "next": EventKind.NEXT,
    "end_sure": EventKind.END,
}


@everywhere
class InterviewCog(commands.GroupCog, group_name="interview", group_description="A mock interview"):
    """Start, steer and end an interview."""

    def __init__(self, bot: HotseatBot) -> None:
        self.bot = bot
        for action in _PRESSES:
            bot.controls.on_press(action, self._press)
        bot.controls.on_press("answer", self._ask_answer)
        bot.controls.on_press("end", self._ask_end)
        bot.controls.on_press("go_on", self._go_on)
        bot.controls.on_press(DISCARD, self._ask_deletion)
        bot.controls.on_submit("answer", self._take_answer)

    @app_commands.command(name="start")
    @app_commands.rename(round_="round", rate_first="rate_yourself_first")
    @app_commands.describe(
        round_="What to take; a system design round if left out",
        scenario="Which one; the first if left out",
        level="The level that you prepare for",
        role="The role whose interview loop you want",
        minutes="Length, if not the usual one",
        style="The interviewer's tone; changes words, never expectations",
        extra_time="Multiplies all the times",
        rate_first="Rate the stages yourself before the card opens",
        mode="In writing, or by voice in the channel that you are in",
        captions="By voice: when your words are shown in the thread",
    )
    @app_commands.choices(
        round_=ROUND_CHOICES,
        level=LEVEL_CHOICES,
        style=STYLE_CHOICES,
        extra_time=EXTRA_CHOICES,
        mode=MODE_CHOICES,
        captions=CAPTION_CHOICES,
    )
    @app_commands.autocomplete(scenario=complete_item, role=complete_role)
    async def start(  # noqa: PLR0913, PLR0917 - Discord's options are the arguments
        self,
        interaction: Interaction,
        round_: str | None = None,
        scenario: str | None = None,
        level: str | None = None,
        role: str | None = None,
        minutes: app_commands.Range[int, 1, 180] | None = None,
        style: str | None = None,
        extra_time: str | None = None,
        rate_first: bool | None = None,
        mode: str | None = None,
        captions: str | None = None,
    ) -> None:
        """Take a timed round or a whole loop: in a private thread, or here in direct messages."""
        wish = Wish(
            round_,
            scenario,
            level,
            role,
            minutes,
            style,
            extra_time,
            rate_first,
            mode=mode,
            captions=captions,
        )
        await start(interaction, wanted_of(self.bot.app.services.library, wish))

    @app_commands.command()
    async def pause(self, interaction: Interaction) -> None:
        """Stop the clock."""
        room = await running_room(interaction)
        await command(interaction, room, EventKind.PAUSED, "Paused; the clock stands still.")

    @app_commands.command()
    async def resume(self, interaction: Interaction) -> None:
        """Go on after a pause, or here if the interview's channel is gone."""
        await self.bot.house.ready()
        owner = owner_of(interaction.user)
        room = self.bot.house.room_of(owner)
        if room is not None:
            await resume(interaction, room)
            return
        running = await find_running(self.bot, owner)
        if running is None:
            raise UsageError("You have no interview going on: `/interview start` begins one.")
        await reopen(interaction, running)

    @app_commands.command()
    async def hint(self, interaction: Interaction) -> None:
        """Ask for a hint; it shows on the card."""
        room = await running_room(interaction)
        await command(interaction, room, EventKind.HINT, f"Your hint is{where(room.place)}.")

    @app_commands.command()
    async def next(self, interaction: Interaction) -> None:
        """Move on to the next stage."""
        room = await running_room(interaction)
        await command(
            interaction, room, EventKind.NEXT, f"On to the next stage{where(room.place)}."
        )

    @app_commands.command()
    async def end(self, interaction: Interaction) -> None:
        """End the interview and see the card."""
        room = await running_room(interaction)
        await reply(interaction, view=end_view(room.place.interview_id))

    @app_commands.command()
    async def status(self, interaction: Interaction) -> None:
        """Where the interview stands: time, stages, facts given and assumptions agreed."""
        room = await running_room(interaction)
        await promise(interaction)
        view = await room.session.view()
        if (
            isinstance(room.front, ChannelFront)
            and str(interaction.channel_id) == room.place.channel
        ):
            await room.front.move_status()
            room.refresh_soon()
        await reply(interaction, view=standing_view(view, room.place))

    @app_commands.command()
    @app_commands.describe(note="What was wrong with it")
    async def flag(
        self,
        interaction: Interaction,
        note: app_commands.Range[str, 1, LONGEST_NOTE] | None = None,
    ) -> None:
        """Object to what I said last; nobody else sees it."""
        await flag_last(interaction, note or "")

    async def _press(self, interaction: Interaction, control: Control) -> None:
        room = await own_room(interaction, control.target)
        await press(interaction, room, _PRESSES[control.action], seen=control.argument)

    async def _go_on(self, interaction: Interaction, control: Control) -> None:
        await self.bot.house.ready()
        if self.bot.house.room(control.target) is None:
            running = await find_running(self.bot, owner_of(interaction.user))
            if running is None or running.interview_id != control.target:
                raise UsageError("That interview is over: `/scorecard latest` shows its card.")
            await reopen(interaction, running)
            return
        room = await own_room(interaction, control.target)
        await command(interaction, room, EventKind.RESUMED, f"Go on{where(room.place)}.")

    async def _ask_end(self, interaction: Interaction, control: Control) -> None:
        room = await own_room(interaction, control.target)
        await reply(interaction, view=end_view(room.place.interview_id))

    async def _ask_deletion(self, interaction: Interaction, control: Control) -> None:
        await ask_deletion(interaction, control.target)

    async def _ask_answer(self, interaction: Interaction, control: Control) -> None:
        room = await own_room(interaction, control.target)
        asked = ui.TextDisplay[Any](quote(await room.session.question(), LONGEST_QUESTION) or "…")
        field = text_field("Your answer", "text", description="As long as you like, in your words")
        await interaction.response.send_modal(control_modal("Answer", control, [asked, field]))

    async def _take_answer(
        self, interaction: Interaction, control: Control, fields: Mapping[str, str]
    ) -> None:
        try:
            room = await own_room(interaction, control.target)
            await press(interaction, room, EventKind.SAID, fields["text"])
        except (UsageError, InterviewOverError) as err:
            # A form is gone once it was sent in, and what was typed into it with it.
            sentence = f"{explain(err)} What you wrote:\n"
            written = quote(fields["text"], MOST_GIVEN_BACK - len(sentence))
            raise UsageError(sentence + written) from err
