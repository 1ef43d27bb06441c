"""Correcting one's answers and disputing verdicts: looked up, asked in a form, stored."""

from __future__ import annotations

from collections.abc import Mapping

from bot.discord.controls import Control
from bot.discord.limits import REGRADES
from bot.discord.people import owner_of
from bot.discord.replies import promise, redraw, reply
from bot.discord.scorecards.own import Interaction, own_open_card
from bot.discord.views.corrections import (
    Piece,
    PiecePlace,
    corrected_view,
    correction_form,
    own_pieces,
    turns_view,
)
from bot.discord.views.dispute import dispute_form, disputed_view, verdict_at, verdicts_view
from bot.discord.views.pages import Place
from bot.doors import UsageError
from bot.regrading import regrade
from scoring.disputes import Dispute, disputable
from scoring.scorecard import Scorecard
from scoring.verdicts import ConceptVerdict
from storage.groups import unguessable_id
from storage.notes import add_dispute, notes_of
from storage.scorecards import load_scorecard
from storage.self_ratings import mark_card_opened

_CHANGED = (
    "This card was graded again meanwhile. Choose anew with `/scorecard correct` or "
    "`/scorecard dispute`."
)
_STALE = "That is not on this card. Choose anew with `/scorecard correct` or `/scorecard dispute`."


async def choose_turn(
    interaction: Interaction, interview_id: str | None, page: int = 1, *, again: bool = False
) -> None:
    """Ask which answer is to be corrected; `again` in place of the message that asked before."""
    card = await _own_card(interaction, interview_id)
    if not any(own_pieces(card)):
        raise UsageError("There is no typed answer of yours on that card to correct.")
    view = turns_view(card, page)
    await (redraw(interaction, view) if again else reply(interaction, view=view))


async def open_correction(interaction: Interaction, control: Control, value: str) -> None:
    """Open the form with the answer that was chosen."""
    piece, _ = await _own_piece(interaction, control.target, value)
    form = correction_form(piece, control._replace(argument=value))
    await interaction.response.send_modal(form)


async def take_correction(
    interaction: Interaction, control: Control, fields: Mapping[str, str]
) -> None:
    """Grade the interview again with the answer as it was sent in, and say what that changed.

    Raises `CorrectionRefusedError` naming the words, `UsageError`.
    """
    interaction.client.limits.take(owner_of(interaction.user), REGRADES)
    await promise(interaction)
    piece, before = await _own_piece(interaction, control.target, control.argument)
    corrected = {piece.turn.id: piece.replaced(fields.get("text", ""))}
    card = await regrade(interaction.client.app, before.interview_id, corrected)
    await reply(interaction, view=corrected_view(before, card, piece.turn.id))


async def choose_verdict(
    interaction: Interaction, interview_id: str | None, page: int = 1, *, again: bool = False
) -> None:
    """Ask which verdict is disputed; `again` in place of the message that asked before."""
    card = await _own_card(interaction, interview_id)
    notes = await notes_of(interaction.client.app.database, card.interview_id)
    if not disputable(card, notes):
        raise UsageError("There is no verdict on that card that can still be disputed.")
    view = verdicts_view(card, notes, page)
    await (redraw(interaction, view) if again else reply(interaction, view=view))


async def open_dispute(interaction: Interaction, control: Control, value: str) -> None:
    """Open the form for the reason."""
    _, _, verdict = await _own_verdict(interaction, control.target, value)
    form = dispute_form(verdict, control._replace(argument=value))
    await interaction.response.send_modal(form)


async def take_dispute(
    interaction: Interaction, control: Control, fields: Mapping[str, str]
) -> None:
    """Put the dispute beside the verdict; raises `DisputeRefusedError`, `UsageError`."""
    app = interaction.client.app
    card, index, verdict = await _own_verdict(interaction, control.target, control.argument)
    reason, now = fields.get("reason", "").strip(), app.services.clock.now()
    dispute = Dispute(unguessable_id(), card.revision, index, verdict.key, reason, now)
    by = owner_of(interaction.user)
    await add_dispute(app.database, card.interview_id, dispute, by=by)
    await reply(interaction, view=disputed_view(card, verdict))


async def _own_card(interaction: Interaction, interview_id: str | None) -> Scorecard:
    """The latest revision, whose owner has seen it from now on."""
    app = interaction.client.app
    found = await own_open_card(interaction, interview_id)
    await mark_card_opened(app.database, found, app.services.clock.now())
    return await load_scorecard(app.database, found)


async def _own_piece(
    interaction: Interaction, interview_id: str, argument: str
) -> tuple[Piece, Scorecard]:
    """What a control names, of the latest revision only: another one may have other words."""
    card = await _own_card(interaction, interview_id)
    place = PiecePlace.parse(argument)
    if place is not None and place.revision != card.revision:
        raise UsageError(_CHANGED)
    for piece in own_pieces(card):
        if place == (card.revision, piece.turn.index, piece.part):
            return piece, card
    raise UsageError(_STALE)


async def _own_verdict(
    interaction: Interaction, interview_id: str, argument: str
) -> tuple[Scorecard, int, ConceptVerdict]:
    """The card, the index of the round and the verdict that a control names."""
    card = await _own_card(interaction, interview_id)
    place = Place.parse(argument)
    if place is not None and place.revision != card.revision:
        raise UsageError(_CHANGED)
    found = None if place is None else verdict_at(card, place.page)
    if found is None:
        raise UsageError(_STALE)
    return card, *found
