"""`/board` and the status card's Board button: the way to the page, and the board as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord.controls import Control, control_modal, text_field
from bot.discord.installs import everywhere
from bot.discord.interviews.board_pictures import picture_of
from bot.discord.interviews.room import Room
from bot.discord.interviews.steering import own_room, press, running_room
from bot.discord.replies import in_time, reply
from bot.discord.scorecards.own import own_interview
from bot.discord.views.board import board_file, board_view
from bot.discord.views.board_links import (
    LOOK_ON,
    REVOKE,
    REVOKED,
    WRITE,
    board_links_view,
    look_on_view,
)
from bot.doors import UsageError
from bot.web.links import Role
from bot.wiring import App
from interviewer.drawing import latest_board
from interviewer.state import EventKind

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot
    from bot.discord.page import Page

Interaction = discord.Interaction["HotseatBot"]

LONGEST_FORM = 4_000
"""Discord's limit on a field; a longer board is added to instead of edited."""

SKETCH_HELP = "client -> gateway -> orders : token"

GUEST = "guest"
"""Who is behind a link that was made to be handed on."""

_ADD = "add"


class BoardCog(commands.Cog):
    """The board of the round that is going on."""

    def __init__(self, bot: HotseatBot) -> None:
        self.bot = bot
        bot.controls.on_press("board", self._ask)
        bot.controls.on_press(WRITE, self._write)
        bot.controls.on_press(LOOK_ON, self._look_on)
        bot.controls.on_press(REVOKE, self._revoke)
        bot.controls.on_submit("board", self._take)

    @app_commands.command()
    @everywhere
    @app_commands.describe(
        sketch="Added to the board, as client -> gateway ; gateway -> cache. If left out: open it"
    )
    async def board(self, interaction: Interaction, sketch: str | None = None) -> None:
        """Draw your design, and see the board as the interviewer reads it."""
        room = await running_room(interaction)
        if sketch is None:
            await self._open(interaction, room)
            return
        await press(interaction, room, EventKind.DREW, sketch)
        await _show(interaction, room)

    async def _ask(self, interaction: Interaction, control: Control) -> None:
        await self._open(interaction, await own_room(interaction, control.target))

    async def _write(self, interaction: Interaction, control: Control) -> None:
        await _open_form(interaction, await own_room(interaction, control.target))

    async def _take(
        self, interaction: Interaction, control: Control, fields: Mapping[str, str]
    ) -> None:
        room = await own_room(interaction, control.target)
        written_on = None if control.argument == _ADD else _revision(control.argument)
        await press(interaction, room, EventKind.DREW, fields["text"], written_on=written_on)
        await _show(interaction, room)

    async def _look_on(self, interaction: Interaction, control: Control) -> None:
        room = await own_room(interaction, control.target)
        inviting = self._page().invite(Role.VIEWER, room.place.interview_id, GUEST)
        found = await in_time(interaction, inviting)
        view = look_on_view(found.address, found.ends, room.place.interview_id)
        await reply(interaction, view=view)

    async def _revoke(self, interaction: Interaction, control: Control) -> None:
        """Also after the interview: its links may outlast it."""
        found = await own_interview(interaction, control.target)
        await in_time(interaction, self._page().revoke(found))
        await reply(interaction, REVOKED)

    async def _open(self, interaction: Interaction, room: Room) -> None:
        """The way to the page; the form where there is none."""
        if self.bot.page is None:
            await _open_form(interaction, room)
            return
        place = room.place
        inviting = self.bot.page.invite(Role.CANDIDATE, place.interview_id, place.owner)
        found = await in_time(interaction, inviting)
        view = board_links_view(found.address, found.ends, place.interview_id)
        await reply(interaction, view=view)

    def _page(self) -> Page:
        """The page; raises `UsageError` where a button is older than its absence."""
        if self.bot.page is None:
            raise UsageError("The whiteboard's page is not served any more; `/board` still works.")
        return self.bot.page


def _revision(argument: str) -> int:
    """Which revision a form was filled with; 0 for an empty one."""
    return int(argument) if argument.isdecimal() else 0


async def _open_form(interaction: Interaction, room: Room) -> None:
    """The board to edit; sending the form in does the same to what is drawn by then."""
    store, interview_id = interaction.client.app.services.store, room.place.interview_id
    latest = await latest_board(store, await store.interview(interview_id))
    board = "" if latest is None else latest.sketch
    control = Control("board", interview_id, "0" if latest is None else str(latest.revision))
    if len(board) > LONGEST_FORM:
        control, board = control._replace(argument=_ADD), ""
    field = text_field(
        "Your design, as text", "text", value=board, description=SKETCH_HELP, required=False
    )
    await interaction.response.send_modal(control_modal("Board", control, [field]))


async def _show(interaction: Interaction, room: Room) -> None:
    """The board as it was understood, to its candidate alone."""
    view, files = await in_time(interaction, _shown(interaction.client.app, room))
    await reply(interaction, view=view, files=files)


async def _shown(app: App, room: Room) -> tuple[ui.LayoutView, list[discord.File]]:
    interview_id = room.place.interview_id
    sketch = await room.session.board()
    files = list(board_file(sketch))
    revisions = await app.services.store.boards(interview_id) if sketch else ()
    picture = await picture_of(app, interview_id, revisions)
    if picture is not None:
        files.append(picture.file())
    return board_view(sketch, picture.words if picture else ""), files
