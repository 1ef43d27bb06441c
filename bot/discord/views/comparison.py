"""Two cards of one person side by side, page by page."""

from __future__ import annotations

from discord import ui

from bot.discord.text import safe_line
from bot.discord.views.pages import Door, Frame, Section, lay_out, page_view
from scoring.comparison import Comparison
from scoring.render.comparison import comparison_sections

COMPARE = "compared"
BETWEEN_IDS = "_"
"""Between the two ids in a control's target; no id holds it."""


def comparison_view(compared: Comparison, page: int = 1) -> ui.LayoutView:
    """That page; the others open by `hs:compared:<earlier>_<later>:<revision>.<page>`.

    The revision is that of the later card.
    """
    sections = (
        Section(section.title, ("\n".join(f"- {safe_line(line)}" for line in section.lines),))
        for section in comparison_sections(compared)
    )
    target = BETWEEN_IDS.join((compared.earlier.interview_id, compared.later.interview_id))
    door = Door(COMPARE, target, compared.later.revision)
    frame = Frame("**Two scorecards side by side**", "-# Practice feedback, not calibrated.")
    return page_view(lay_out(sections), page, frame, door)
