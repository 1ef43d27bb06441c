"""Answering a dispute: which one, and the form for the reviewer's own verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_modal, control_select, text_field
from bot.discord.text import cut, one_line, safe, safe_cut, safe_line
from bot.discord.views.card_words import verdict_word
from bot.discord.views.pages import ACCENT, MOST_LABEL, MOST_OPTIONS
from scoring.disputes import LONGEST_REASON, OVERRIDES, Dispute, disputed_verdict
from scoring.render.wording import VERDICT_WORDS
from scoring.scorecard import Scorecard

PICK_DISPUTE = "dispute_answer"
OVERRIDE = "dispute_override"

MOST_STATEMENT = 200


def disputes_view(share_id: str, card: Scorecard, disputes: Sequence[Dispute]) -> ui.LayoutView:
    """The disputes that wait for an answer, the oldest first, and a menu of them."""
    shown = disputes[: min(MOST_OPTIONS, 8)]
    blocks = [_block(number, one, card) for number, one in enumerate(shown, 1)]
    view = ui.LayoutView(timeout=None)
    text = "## Disputed verdicts\n" + "\n".join(blocks)
    view.add_item(ui.Container[Any](ui.TextDisplay(text), accent_colour=ACCENT))
    options = [
        discord.SelectOption(
            label=cut(f"{number}. {one_line(_statement(one, card))}", MOST_LABEL), value=one.id
        )
        for number, one in enumerate(shown, 1)
    ]
    menu = control_select(Control(PICK_DISPUTE, share_id), options, placeholder="Answer …")
    view.add_item(ui.ActionRow[Any](menu))
    return view


def override_form(share_id: str, card: Scorecard, dispute: Dispute) -> ui.Modal:
    """The form for a verdict beside the disputed one."""
    options = [
        discord.SelectOption(label=VERDICT_WORDS[one].capitalize(), value=one.value)
        for one in OVERRIDES
    ]
    menu: ui.Select[Any] = ui.Select(custom_id="verdict", options=options)
    statement = safe_cut(_statement(dispute, card), MOST_STATEMENT)
    return control_modal(
        "Answer a dispute",
        Control(OVERRIDE, share_id, dispute.id),
        [
            ui.TextDisplay[Any](f"{statement}\n> {safe_line(dispute.reason)}"),
            ui.Label(text="Your verdict", component=menu),
            text_field(
                "Reason",
                "reason",
                description="It stands beside the bot's verdict, which stays",
                max_length=LONGEST_REASON,
            ),
        ],
    )


def _block(number: int, dispute: Dispute, card: Scorecard) -> str:
    verdict = disputed_verdict(card, dispute.round_index, dispute.key)
    statement = safe_cut(verdict.statement, MOST_STATEMENT)
    quoted = safe(cut(one_line(dispute.reason), MOST_STATEMENT))
    return f"{number}. {verdict_word(verdict.verdict)}: {statement}\n> {quoted}"


def _statement(dispute: Dispute, card: Scorecard) -> str:
    return disputed_verdict(card, dispute.round_index, dispute.key).statement
