"""Where an interview stands, in words: for `/interview status`."""

from __future__ import annotations

from discord import ui

from bot.discord.text import safe_cut, safe_line
from bot.discord.views.places import where
from bot.discord.views.status import clock, stage_bar
from interviewer.view import Phase, SessionView
from scoring.record import Given, GivenKind
from storage.places import Place

MOST_GIVEN = 15
GIVEN_LENGTH = 180

_KINDS = {GivenKind.FACT: "told", GivenKind.ASSUMPTION: "assumed"}


def standing_view(view: SessionView, place: Place) -> ui.LayoutView:
    """Stage bar, time, and what was told or agreed so far."""
    lines = [
        f"**{safe_line(view.title)}**{where(place)}",
        stage_bar(view),
        f"{clock(view.stage_left_s)} left in this stage, {clock(view.round_left_s)} in the round"
        + (", paused" if view.phase is Phase.PAUSED else ""),
    ]
    if view.given:
        lines += ["", "**Given so far**", *map(_given, view.given[-MOST_GIVEN:])]
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay("\n".join(lines)))
    return layout


def _given(given: Given) -> str:
    return f"- {safe_cut(given.text, GIVEN_LENGTH)} *({_KINDS[given.kind]})*"
