"""Two cards of one person side by side, page by page."""

from __future__ import annotations

from collections.abc import Sequence

from discord import ui

from bot.discord.text import safe_line
from bot.discord.views.pages import Door, Frame, Page, Section, lay_out, page_view
from scoring.comparison import Comparison
from scoring.render.comparison import comparison_sections

COMPARE = "compared"
BETWEEN_IDS = "_"
"""Between the two ids in a control's target; no id holds it."""

_FRAME = Frame(
    "-# Two of your scorecards, the older one first",
    "-# Practice feedback, not calibrated against human ratings.",
)


def comparison_view(compared: Comparison, page: int = 1) -> ui.LayoutView:
    """That page; the others open by `hs:compared:<earlier>_<later>:<revision>.<page>`.

    The revision is that of the later card.
    """
    target = BETWEEN_IDS.join((compared.earlier.interview_id, compared.later.interview_id))
    door = Door(COMPARE, target, compared.later.revision)
    return page_view(_pages(compared), page, _FRAME, door)


def _pages(compared: Comparison) -> Sequence[Page]:
    """Everything on one page where it has room, else a page or more for each section."""
    sections = [
        Section(section.title, ("\n".join(f"- {safe_line(line)}" for line in section.lines),))
        for section in comparison_sections(compared)
    ]
    blocks = tuple(f"### {one.title}\n{one.blocks[0]}" for one in sections)
    together = lay_out([Section("Side by side", blocks)])
    return together if len(together) == 1 else lay_out(sections)
