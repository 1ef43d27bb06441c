"""The width of text in the shipped font, and text broken into lines.

Liberation Sans has the advance widths of Helvetica and Arial, so what is measured here also fits on
the canvas. The widths are read from the font files themselves.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

FONT_FAMILY: Final = "Liberation Sans"
LINE_HEIGHT: Final = 1.25
"""Lines are this many font sizes apart."""

_FONTS: Final = files("whiteboard") / "fonts"
_REGULAR: Final = "LiberationSans-Regular.ttf"
_BOLD: Final = "LiberationSans-Bold.ttf"
FONT_FILES: Final = (_REGULAR, _BOLD)


def font_paths() -> list[str]:
    """Where the shipped fonts lie."""
    return [str(_FONTS / name) for name in FONT_FILES]


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width in pixels of one line of text at this font size."""
    widths = _font(_BOLD if bold else _REGULAR).widths
    return size * sum(widths.get(ord(char)) or _foreign_width(char) for char in text)


def in_font(text: str) -> bool:
    """Whether the shipped font has every letter and digit of the text."""
    widths = _font(_REGULAR).widths
    return all(ord(char) in widths or not char.isalnum() for char in text)


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """The text in lines of at most `width` pixels; a word that is longer is broken.

    At least one line. A character that is wider than `width` has a line of its own.
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, bold=bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _break(word, width, size, bold=bold)
        lines += full
    return (*lines, line)


def text_size(lines: tuple[str, ...], size: float) -> tuple[float, float]:
    """Width and height in pixels of lines set at this font size."""
    return max(text_width(line, size) for line in lines), len(lines) * size * LINE_HEIGHT


def _break(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    pieces = [""]
    for char in word:
        if pieces[-1] and text_width(pieces[-1] + char, size, bold=bold) > width:
            pieces.append("")
        pieces[-1] += char
    return pieces


def _foreign_width(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(char) in "WF" else 0.6


class _Font(NamedTuple):
    widths: Mapping[int, float]
    """Advance width in font sizes by code point."""


@cache
def _font(name: str) -> _Font:
    data = (_FONTS / name).read_bytes()
    count = _unpack(data, 4, "H")[0]
    tables = {
        data[at : at + 4]: _unpack(data, at + 8, "I")[0] for at in range(12, 12 + 16 * count, 16)
    }
    em = _unpack(data, tables[b"head"] + 18, "H")[0]
    measured = _unpack(data, tables[b"hhea"] + 34, "H")[0]
    advances = _unpack(data, tables[b"hmtx"], "Hh" * measured)[::2]
    glyphs = _glyphs(data, tables[b"cmap"])
    return _Font({code: advances[min(glyph, measured - 1)] / em for code, glyph in glyphs.items()})


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """Glyph numbers by code point, from the Windows Unicode subtable (format 4)."""
    count = _unpack(data, cmap + 2, "H")[0]
    entries = (_unpack(data, cmap + 4 + 8 * index, "HHI") for index in range(count))
    start = next(
        cmap + offset for platform, coding, offset in entries if (platform, coding) == (3, 1)
    )
    segments = _unpack(data, start + 6, "H")[0] // 2
    ends = _unpack(data, start + 14, "H" * segments)
    starts = _unpack(data, start + 16 + 2 * segments, "H" * segments)
    deltas = _unpack(data, start + 16 + 4 * segments, "H" * segments)
    offsets_at = start + 16 + 6 * segments
    offsets = _unpack(data, offsets_at, "H" * segments)
    glyphs: dict[int, int] = {}
    for index, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, last + 1):
            glyph = code
            if offsets[index]:
                at = offsets_at + 2 * index + offsets[index] + 2 * (code - first)
                glyph = _unpack(data, at, "H")[0]
            if glyph:
                glyphs[code] = (glyph + deltas[index]) & 0xFFFF
    return glyphs


def _unpack(data: bytes, at: int, layout: str) -> tuple[int, ...]:
    return struct.unpack_from(f">{layout}", data, at)
