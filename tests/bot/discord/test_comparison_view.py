"""Two cards side by side on Discord: what packs and people wrote is text."""

from card_samples import drill_card, extreme, loop_card
from discord import ui
from markdown_of_discord import pings, shown

from bot.discord.views.comparison import comparison_view
from scoring.comparison import compare


def test_titles_and_statements_become_no_markup() -> None:
    """Neither a link nor a mention in them does anything, on any page."""
    hostile = extreme(loop_card())
    compared = compare(hostile, hostile)
    pages = [comparison_view(compared, number) for number in range(1, 12)]
    texts = [
        item.content
        for view in pages
        for item in view.walk_children()
        if isinstance(item, ui.TextDisplay)
    ]

    assert any("evil" in text for text in texts)
    for text in texts:
        assert not pings(text)
        assert shown(text).rules <= {"heading", "subtext", "list"}


def test_little_fits_one_page() -> None:
    """A question taken twice needs no menu."""
    view = comparison_view(compare(drill_card(), drill_card("Nothing.")))

    assert not [item for item in view.walk_children() if isinstance(item, ui.Select | ui.Button)]
