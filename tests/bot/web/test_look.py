"""The pages of the program look like one: they share their colours."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[3] / "bot/web"
CLIENT, PAGES = WEB / "client/src/styles.css", WEB / "templates/pages.css"
NAMES = {
    "paper": "ground",
    "card": "surface",
    "ink": "text",
    "soft": "soft",
    "line": "line",
    "edge": "edge",
    "accent": "accent",
    "accent-ink": "on-accent",
    "accent-tint": "accent-soft",
    "warn": "waiting",
    "warn-tint": "waiting-soft",
    "bad": "bad",
    "bad-tint": "bad-soft",
}


def colours(sheet: Path) -> list[dict[str, str]]:
    """The variables of a style sheet, light and dark."""
    blocks = re.findall(r":root[^{]*\{([^}]*)\}", sheet.read_text("utf-8"))[:2]
    return [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block)) for block in blocks]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_start_page_has_the_colours_of_the_interview(theme: int) -> None:
    """Every colour of the start page is one of the board's page, by its own name there."""
    ours, theirs = colours(PAGES)[theme], colours(CLIENT)[theme]

    assert ours == {name: theirs[theirs_name] for name, theirs_name in NAMES.items()}
