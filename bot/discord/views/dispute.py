"""Verdicts that their candidate disputes: which one, the form for the reason, and the receipt."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_modal, text_field
from bot.discord.text import cut, one_line, safe_line
from bot.discord.views.card_actions import DISPUTE, open_button
from bot.discord.views.card_words import verdict_word
from bot.discord.views.menus import Menu, menu_view
from bot.discord.views.pages import MOST_LABEL, Place
from scoring.disputes import LONGEST_REASON, CardNotes, disputable
from scoring.scorecard import Scorecard, card_verdicts
from scoring.verdicts import ConceptVerdict

VERDICTS = "verdicts"

_QUESTION = (
    "**Which verdict do you dispute?** Your reason stands beside it on the card from then on. The "
    "verdict stays; an owner or a reviewer of a group with which you share the card can put their "
    "own beside it."
)


def verdicts_view(card: Scorecard, notes: CardNotes, page: int) -> ui.LayoutView:
    """Which verdict is disputed: `hs:dispute:<interview>`, picked.

    A verdict is named by the revision and its place among all verdicts of the card, from 1.
    """
    left = {(index, one.key) for index, one in disputable(card, notes)}
    options = [
        discord.SelectOption(
            label=cut(one_line(verdict.statement), MOST_LABEL),
            value=str(Place(card.revision, number)),
            description=cut(_described(card, index, verdict), MOST_LABEL),
        )
        for number, (index, verdict) in enumerate(card_verdicts(card), 1)
        if (index, verdict.key) in left
    ]
    menu = Menu(VERDICTS, Control(DISPUTE, card.interview_id), "Choose a verdict …")
    return menu_view(_QUESTION, menu, options, page)


def verdict_at(card: Scorecard, number: int) -> tuple[int, ConceptVerdict] | None:
    """The verdict at that place, with the index of its round; None if there is none."""
    verdicts = list(card_verdicts(card))
    return verdicts[number - 1] if 0 < number <= len(verdicts) else None


def dispute_form(verdict: ConceptVerdict, control: Control) -> ui.Modal:
    """Why the verdict is wrong."""
    said = f"{verdict_word(verdict.verdict)}: {one_line(verdict.statement)}"
    field = text_field(
        "Why is it wrong?", "reason", description=cut(said, MOST_LABEL), max_length=LONGEST_REASON
    )
    return control_modal("Dispute a verdict", control, [field])


def disputed_view(card: Scorecard, verdict: ConceptVerdict) -> ui.LayoutView:
    """That the dispute is kept, with a way to the card."""
    said = f"{verdict_word(verdict.verdict)}: {safe_line(verdict.statement)}"
    view = ui.LayoutView(timeout=None)
    view.add_item(
        ui.TextDisplay(f"**Your dispute stands beside the verdict, which stays.**\n> {said}")
    )
    view.add_item(ui.ActionRow[Any](open_button(card)))
    return view


def _described(card: Scorecard, index: int, verdict: ConceptVerdict) -> str:
    stages = card.rounds[index].stages
    title = next((one.title for one in stages if verdict in one.verdicts), "Curveball")
    return f"{verdict_word(verdict.verdict)} · {one_line(title)}"
