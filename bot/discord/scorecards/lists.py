"""One's interviews in a list: what can be said of each, in any state of it."""

from __future__ import annotations

from discord import ui

from bot.discord.scorecards.own import NOTHING_YET, Own, own_interviews
from bot.discord.text import cut, moment, safe_line
from bot.discord.views.card_list import PER_PAGE, Listed, card_list_view, page_count
from bot.discord.views.pages import MOST_LABEL
from bot.discord.views.scorecard import summary_lines
from bot.doors import UsageError
from bot.wiring import App
from storage.closed_cards import closed_cards
from storage.errors import DatabaseCorruptError
from storage.scorecards import load_scorecard

_CLOSED = "-# Its card is closed: rate yourself first, or open it."
_RUNNING = "-# Not over: `/interview resume` goes on with it."
_DAMAGED = "-# It cannot be read. `/scorecard delete` removes it."


async def list_page(app: App, owner: str, page: int) -> ui.LayoutView:
    """That page of the person's interviews, or the nearest; raises `UsageError` for none at all."""
    mine = await own_interviews(app, owner)
    if not mine:
        raise UsageError(NOTHING_YET.format(what="interview"))
    page = min(max(1, page), page_count(len(mine)))
    shown = mine[(page - 1) * PER_PAGE : page * PER_PAGE]
    closed = await closed_cards(app.database, owner)
    return card_list_view([await _listed(app, one, closed) for one in shown], page, len(mine))


async def _listed(app: App, one: Own, closed: frozenset[str]) -> Listed:
    lines = await _lines(app, one, closed)
    return Listed(one.id, cut(one.label, MOST_LABEL), lines, graded=one.is_over)


async def _lines(app: App, one: Own, closed: frozenset[str]) -> tuple[str, ...]:
    head = f"**{safe_line(one.label.rpartition(' · ')[0])}** · {moment(one.dates.started_at)}"
    if one.title is None:
        return head, _DAMAGED
    if not one.is_over:
        return head, _RUNNING
    if one.id in closed:
        return head, _CLOSED
    try:
        return summary_lines(await load_scorecard(app.database, one.id))
    except DatabaseCorruptError:
        return head, _DAMAGED
