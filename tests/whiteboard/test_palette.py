"""The palette: complete, shared with the browser, and readable."""

from pathlib import Path

import pytest

from whiteboard.board import ComponentKind
from whiteboard.palette import OTHER, PALETTE, TRUST_BOUNDARY, Shape, look_of, palette_json

CLIENT_FILE = Path(__file__).parents[2] / "bot" / "web" / "client" / "src" / "palette.json"


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two `#rrggbb` colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_there_is_one_look_for_each_kind_and_the_zone():
    """Every kind but OTHER, and the trust boundary, stand in the palette once."""
    kinds = [kind.value for kind in ComponentKind if kind is not ComponentKind.OTHER]

    assert [look.kind for look in PALETTE] == [*kinds, TRUST_BOUNDARY]
    assert len({look.title for look in PALETTE}) == len(PALETTE)


def test_the_browser_has_the_same_palette():
    """The client's file is what the module writes."""
    assert CLIENT_FILE.read_text("utf-8") == palette_json()


@pytest.mark.parametrize("look", [*PALETTE, OTHER], ids=lambda look: look.kind)
def test_dark_text_reads_on_each_fill_and_each_stroke_stands_out(look):
    """Text has 4.5:1 on its fill, an outline 3:1 on the page."""
    page = "#ffffff" if look.shape is Shape.ZONE else look.fill

    assert contrast("#1e1e1e", page) >= 4.5
    assert contrast(look.stroke, "#ffffff") >= 3


def test_a_kind_without_a_look_is_a_plain_box():
    """OTHER is drawn as a box; a kind of the palette as itself."""
    assert look_of(ComponentKind.OTHER) is OTHER
    assert look_of(ComponentKind.LLM).title == "LLM"
