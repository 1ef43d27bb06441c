"""Shared cards: read, rate blind, open the ratings, answer disputes; and rating oneself first.

Ratings are shown to each viewer alone and never posted, not even as a summary once all have handed
in: whoever joins the group later rates blind as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.discord.controls import Control, control_button
from bot.discord.errors import survived
from bot.discord.groups.overrides import answer, shown_notes
from bot.discord.groups.postings import (
    finish_postings,
    refresh_share,
    take_down_leftovers,
    unshare_one,
)
from bot.discord.groups.rating import SharedTable, Table, keep_mark, stage_at, table_of
from bot.discord.groups.sharing import Looks, add_names, ask_names, confirm, pick_names
from bot.discord.groups.study_groups import server_of
from bot.discord.people import owner_of
from bot.discord.replies import promise, redraw, reply
from bot.discord.scorecards.cards import card_view
from bot.discord.views.group import mention
from bot.discord.views.override import OVERRIDE, PICK_DISPUTE, disputes_view, override_form
from bot.discord.views.pages import page_of
from bot.discord.views.panel import said_view
from bot.discord.views.rating import OWN, SHARED, mark_form, sheet_view
from bot.discord.views.review import (
    DISPUTES,
    OPEN,
    TAKE_DOWN,
    TAKE_DOWN_SURE,
    columns_view,
    material_view,
    take_down_view,
)
from bot.discord.views.scorecard import OPEN_SHARED, shared_view
from bot.discord.views.sharing import GO, MORE_NAMES, NAMES, Offer, digest_in, left_words
from bot.doors import UsageError
from scoring.columns import columns
from scoring.groups import Action, require
from scoring.review import answerable, material, shared_card
from storage.groups import role_of
from storage.places import PlaceKind, find_place

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

Interaction = discord.Interaction["HotseatBot"]


class ReviewCog(commands.Cog):
    """What can be pressed on a shared card, and on one's own before it opens."""

    def __init__(self, bot: HotseatBot) -> None:
        self.bot = bot
        self._looks = Looks()
        controls = bot.controls
        for doors in (SHARED, OWN):
            controls.on_press(doors.rate, self._rate)
            controls.on_pick(doors.stage, self._pick_stage)
            controls.on_submit(doors.form, self._take_mark)
            controls.on_press(doors.read, self._read)
            controls.on_pick(doors.read, self._pick_read)
        controls.on_press(SHARED.submit, self._submit)
        controls.on_press(OWN.submit, self._submit_own)
        controls.on_press(OPEN, self._open)
        controls.on_pick(OPEN, self._pick_open)
        controls.on_press(OPEN_SHARED, self._card)
        controls.on_pick(OPEN_SHARED, self._pick_card)
        controls.on_press(DISPUTES, self._disputes)
        controls.on_pick(PICK_DISPUTE, self._pick_dispute)
        controls.on_submit(OVERRIDE, self._override)
        controls.on_press(TAKE_DOWN, self._ask_take_down)
        controls.on_press(TAKE_DOWN_SURE, self._take_down)
        controls.on_pick(NAMES, self._pick_names)
        controls.on_press(MORE_NAMES, self._ask_names)
        controls.on_submit(MORE_NAMES, self._add_names)
        controls.on_press(GO, self._share)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Post what was stored before a stop and not posted; take down what could not be."""
        await survived(finish_postings(self.bot), "posting shared cards")
        await survived(take_down_leftovers(self.bot), "taking down shared cards")

    # --- reading and rating -------------------------------------------------------------

    async def _read(self, interaction: Interaction, control: Control) -> None:
        await self._show_material(interaction, control, control.argument)

    async def _pick_read(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        await self._show_material(interaction, control, values[0])

    async def _show_material(
        self, interaction: Interaction, control: Control, argument: str
    ) -> None:
        table = self._table(interaction, control)
        seat = await table.sit()
        shown = material(seat.review, seat.viewer)
        page = page_of(argument)
        view = await asyncio.to_thread(material_view, shown, seat.review, table.desk, page)
        await show(interaction, view)

    async def _rate(self, interaction: Interaction, control: Control) -> None:
        table = self._table(interaction, control)
        await show(interaction, await self._sheet(table))

    async def _pick_stage(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        table = self._table(interaction, control)
        seat = await table.sit()
        index = stage_at(seat.review, values[0])
        form = mark_form(seat.review, seat.viewer.person, index, table.desk)
        await interaction.response.send_modal(form)

    async def _take_mark(
        self, interaction: Interaction, control: Control, fields: Mapping[str, str]
    ) -> None:
        table = self._table(interaction, control)
        seat = await table.sit()
        index = stage_at(seat.review, control.argument)
        note = await keep_mark(table, seat, index, fields, self.bot.app.services.clock.now())
        await show(interaction, await self._sheet(table, note))

    async def _submit(self, interaction: Interaction, control: Control) -> None:
        table = self._shared(interaction, control)
        await table.sit()
        await table.submit(self.bot.app.services.clock.now())
        await show(interaction, await self._sheet(table))
        await refresh_share(self.bot, await table.share())

    async def _submit_own(self, interaction: Interaction, control: Control) -> None:
        table = self._table(interaction, control)
        await table.sit()
        await table.submit(self.bot.app.services.clock.now())
        await show(interaction, await self._sheet(table))
        view = await card_view(self.bot.app, control.target)
        place = await find_place(self.bot.app.database, control.target)
        here = str(interaction.channel_id)
        at_home = place is not None and (place.kind, place.channel) in _rooms(here)
        await reply(interaction, view=view, ephemeral=not at_home)

    async def _sheet(self, table: Table, note: str = "") -> discord.ui.LayoutView:
        seat = await table.sit()
        after = ()
        if isinstance(table, SharedTable):
            after = (control_button("Open the ratings", Control(OPEN, table.share_id)),)
        return sheet_view(seat.review, seat.viewer.person, table.desk, after, note)

    # --- after one's own ratings --------------------------------------------------------

    async def _open(self, interaction: Interaction, control: Control) -> None:
        await self._show_columns(interaction, control, control.argument)

    async def _pick_open(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        await self._show_columns(interaction, control, values[0])

    async def _show_columns(
        self, interaction: Interaction, control: Control, argument: str
    ) -> None:
        table = self._shared(interaction, control)
        seat = await table.open(self.bot.app.services.clock.now())
        review = seat.review
        names = {one.rater: mention(one.rater) for one in review.sheets}
        stages = columns(review, seat.viewer, names, numbered=review.anonymous)
        notes = await shown_notes(self.bot.app, await table.share(), review)
        answers = bool(answerable(*seat, notes))
        page = page_of(argument)
        view = await asyncio.to_thread(columns_view, review, stages, page, answers_disputes=answers)
        await show(interaction, view)

    async def _card(self, interaction: Interaction, control: Control) -> None:
        await self._show_card(interaction, control, control.argument)

    async def _pick_card(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        await self._show_card(interaction, control, values[0])

    async def _show_card(self, interaction: Interaction, control: Control, argument: str) -> None:
        table = self._shared(interaction, control)
        seat = await table.open(self.bot.app.services.clock.now())
        card = shared_card(seat.review, seat.viewer)
        notes = await shown_notes(self.bot.app, await table.share(), seat.review)
        view = await asyncio.to_thread(shared_view, card, table.share_id, page_of(argument), notes)
        await show(interaction, view)

    async def _disputes(self, interaction: Interaction, control: Control) -> None:
        table = self._shared(interaction, control)
        seat = await table.open(self.bot.app.services.clock.now())
        notes = await shown_notes(self.bot.app, await table.share(), seat.review)
        found = answerable(*seat, notes)
        if not found:
            raise UsageError("No dispute of this card waits for an answer of yours.")
        await show(interaction, disputes_view(table.share_id, seat.review.card, found))

    async def _pick_dispute(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        table = self._shared(interaction, control)
        seat = await table.open(self.bot.app.services.clock.now())
        notes = await shown_notes(self.bot.app, await table.share(), seat.review)
        found = next((one for one in answerable(*seat, notes) if one.id == values[0]), None)
        if found is None:
            raise UsageError("That dispute is answered already.")
        form = override_form(table.share_id, seat.review.card, found)
        await interaction.response.send_modal(form)

    async def _override(
        self, interaction: Interaction, control: Control, fields: Mapping[str, str]
    ) -> None:
        table = self._shared(interaction, control)
        seat = await table.sit()
        await answer(self.bot.app, await table.share(), seat, control.argument, fields)
        done = "Your verdict stands beside the bot's now, on the card and wherever it is shared."
        await show(interaction, said_view(done))

    # --- sharing and taking down --------------------------------------------------------

    async def _ask_take_down(self, interaction: Interaction, control: Control) -> None:
        table = self._shared(interaction, control)
        await self._require_take_down(table)
        await reply(interaction, view=take_down_view(table.share_id))

    async def _take_down(self, interaction: Interaction, control: Control) -> None:
        table = self._shared(interaction, control)
        await self._require_take_down(table)
        await promise(interaction)
        left = await unshare_one(self.bot, await table.share(), table.person)
        words = left_words([left] if left is not None else [])
        await reply(interaction, f"Unshared, and all ratings on it are deleted.{words}")

    async def _require_take_down(self, table: SharedTable) -> None:
        share = await table.share()
        if share.candidate != table.person:
            database = self.bot.app.database
            role = await role_of(database, table.server, share.group_id, table.person)
            require(role, Action.TAKE_DOWN)

    async def _pick_names(
        self, interaction: Interaction, control: Control, values: Sequence[str]
    ) -> None:
        await pick_names(interaction, self._looks, Offer.of(control), values)

    async def _ask_names(self, interaction: Interaction, control: Control) -> None:
        await ask_names(interaction, Offer.of(control))

    async def _add_names(
        self, interaction: Interaction, control: Control, fields: Mapping[str, str]
    ) -> None:
        await add_names(interaction, self._looks, Offer.of(control), fields["names"])

    async def _share(self, interaction: Interaction, control: Control) -> None:
        await confirm(interaction, self._looks, Offer.of(control), digest_in(control))

    def _table(self, interaction: Interaction, control: Control) -> Table:
        return table_of(interaction, self.bot.app, control.action, control.target)

    def _shared(self, interaction: Interaction, control: Control) -> SharedTable:
        person = owner_of(interaction.user)
        return SharedTable(self.bot.app, server_of(interaction), control.target, person)


async def show(interaction: Interaction, view: discord.ui.LayoutView) -> None:
    """Privately: in place of a private message whose control was used, else as an answer."""
    message = interaction.message
    if message is not None and message.flags.ephemeral:
        await redraw(interaction, view)
    else:
        await reply(interaction, view=view)


def _rooms(channel: str) -> tuple[tuple[PlaceKind, str], ...]:
    """The places of an interview in that channel where nobody but its candidate reads along."""
    return (PlaceKind.DM, channel), (PlaceKind.THREAD, channel)
