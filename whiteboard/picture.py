"""A scene as a picture, without a browser: SVG, and PNG through resvg.

The picture stands on a card of its own, so that it reads on a dark page and on a light one. It is
never larger than it may be: what is wide is made smaller. Any object may be given as a scene; what
cannot be drawn is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from typing import Final

from whiteboard.colours import DARK, LIGHT, BothThemes, Colours, Theme
from whiteboard.geometry import Point, Rect, around
from whiteboard.lettering import FONT_FAMILY, font_paths, in_font, text_width, wrap
from whiteboard.marks import Mark, drawable, read_marks
from whiteboard.svg import Inker, Text, number

__all__ = ["DARK", "LIGHT", "Theme", "scene_bounds", "scene_png", "scene_svg"]

WIDTH: Final = 1600
"""The usual width of a PNG in pixels, at most."""

LEGEND: Final = "changed since the last stage"
EMPTY: Final = "Nothing is on the board yet."

_MAX_HEIGHT: Final = 3_000
_MAX_PIXELS: Final = 6_000_000
_USUAL_PIXELS: Final = 800_000
_LEAST_ZOOM: Final = 0.8
"""Letters of the canvas's small size, 16, are 13 pixels high at this zoom."""
_MOST_ZOOM: Final = 1.5
_PAD: Final = 28.0
_READ_AT: Final = 1100.0
"""At this width the title and the legend have their usual size; they grow with wider boards."""
_TITLE_SIZE: Final = 20.0
_LEGEND_SIZE: Final = 15.0
_LEAST: Final = (360.0, 90.0)
_HALO: Final = 9.0
_RING: Final = 3.5
_RING_GAP: Final = 2.5
_GLOW: Final = 0.55


def scene_svg(
    elements: object,
    *,
    theme: Theme | None = LIGHT,
    changed: Collection[str] = (),
    highlighted: Collection[str] = (),
    title: str = "",
    legend: str = LEGEND,
    room: Rect | None = None,
) -> str:
    """A scene as an SVG of its own size in pixels of the canvas.

    `changed` and `highlighted` are ids of elements: the first get a halo that the legend explains
    where it is not empty, the second a ring. `title` stands over the board. `room` is shown in any
    case, so that pictures of one series stand still. Without a theme the picture has both and
    shows the one that whoever looks at it prefers; a browser can do that. Never raises.
    """
    colours = BothThemes() if theme is None else theme
    picture = _Picture(read_marks(elements), colours, title, legend, room)
    return picture.svg(set(changed), set(highlighted))


def scene_bounds(elements: object) -> Rect | None:
    """Where on the canvas a scene is; None where nothing of it can be drawn."""
    marks = read_marks(elements)
    return _bounds(marks) if marks else None


def scene_png(
    elements: object,
    *,
    theme: Theme = LIGHT,
    changed: Collection[str] = (),
    highlighted: Collection[str] = (),
    title: str = "",
    width: int = WIDTH,
) -> bytes:
    """A scene as a PNG at most `width` pixels wide and 3,000 high; see `scene_svg`.

    What stands outside the card's round corners is transparent. Never raises for any scene.
    """
    import resvg_py

    picture = _Picture(read_marks(elements), theme, title)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=picture.svg(set(changed), set(highlighted)),
            zoom=picture.zoom(width),
            skip_system_fonts=picture.in_shipped_font,
            font_files=font_paths(),
            font_family=FONT_FAMILY,
            sans_serif_family=FONT_FAMILY,
        )
    )


class _Picture:
    """The card: a title, the board, and a legend where something is marked."""

    def __init__(
        self,
        marks: Sequence[Mark],
        theme: Colours,
        title: str,
        legend: str = LEGEND,
        room: Rect | None = None,
    ) -> None:
        self._marks, self._theme, self._words = marks, theme, drawable(legend)
        shown = (_bounds(marks),) if marks else ()
        drawn = around(shown if room is None else (*shown, room))
        self._unit = max(1.0, drawn.width / _READ_AT)
        pad = max(_PAD, _PAD * self._unit * 0.8)
        self._board = _at_least(drawn, *_LEAST).grown(pad)
        self._pad = pad
        title = " ".join(drawable(title).split())
        width = self._board.width - 2 * pad
        size = _TITLE_SIZE * self._unit
        self._title = wrap(title, width, size, bold=True)[:3] if title else ()
        self._title_height = len(self._title) * size * 1.3 + (pad * 0.6 if title else 0)

    @property
    def in_shipped_font(self) -> bool:
        """Whether all that is written can be set in the font that is shipped."""
        written = (line for mark in self._marks if mark.words for line in mark.words.lines)
        return all(map(in_font, (*written, *self._title, *(mark.name for mark in self._marks))))

    def zoom(self, width: int) -> float:
        """How much larger than on the canvas the board is drawn.

        Sparing with pixels, but never so that small letters cannot be read, nor over the limits.
        """
        card = self._card(legend=True)
        area = card.width * card.height
        wanted = max(_LEAST_ZOOM, min(_MOST_ZOOM, (_USUAL_PIXELS / area) ** 0.5))
        most = min(width / card.width, _MAX_HEIGHT / card.height, (_MAX_PIXELS / area) ** 0.5)
        return min(wanted, most)

    def svg(self, changed: set[str], highlighted: set[str]) -> str:
        """All of it."""
        legend = bool(self._words) and any(mark.id in changed for mark in self._marks)
        card, theme = self._card(legend=legend), self._theme
        box = " ".join(map(number, card))
        radius = number(14 * self._unit)
        inner = card.grown(-self._unit)
        drawn = [
            f'<rect x="{number(inner.x)}" y="{number(inner.y)}" width="{number(inner.width)}"'
            f' height="{number(inner.height)}" rx="{radius}" fill="{theme.card}"'
            f' stroke="{theme.edge}" stroke-width="{number(1.5 * self._unit)}"/>',
            *self._heading(card),
            *self._content(changed, highlighted),
            *(self._legend(card) if legend else ()),
        ]
        begin = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"'
            f' width="{number(card.width)}" height="{number(card.height)}" role="img">'
            f"<title>{escape(drawable(' '.join(self._title)) or 'Whiteboard')}</title>"
        )
        return "".join((begin, theme.style(), *drawn, "</svg>"))

    def _card(self, *, legend: bool) -> Rect:
        below = 2.2 * _LEGEND_SIZE * self._unit if legend else 0.0
        board = self._board
        top = board.y - self._title_height
        return Rect(board.x, top, board.width, board.bottom + below - top)

    def _heading(self, card: Rect) -> list[str]:
        size = _TITLE_SIZE * self._unit
        text = Text(size, self._theme.ink, bold=True)
        top = card.y + self._pad + size * 0.75
        left = card.x + self._pad
        return [
            text.at(Point(left, top + size * 1.3 * index), line)
            for index, line in enumerate(self._title)
        ]

    def _content(self, changed: set[str], highlighted: set[str]) -> list[str]:
        if not self._marks:
            text = Text(18, self._theme.muted, anchor="middle")
            return [text.at(self._board.centre, EMPTY)]
        inker, theme = Inker(self._marks, self._theme), self._theme
        glow = theme.mix(theme.changed, theme.card, _GLOW)
        halos = [inker.halo(mark, glow, _HALO) for mark in self._marks if mark.id in changed]
        drawn: list[str] = []
        for mark in self._marks:
            if mark.id in highlighted and _underlaid(mark):
                drawn.append(inker.halo(mark, theme.highlighted, _RING))
            drawn.append(inker.draw(mark))
        rings = [
            inker.halo(mark, theme.highlighted, _RING, gap=_RING_GAP)
            for mark in self._marks
            if mark.id in highlighted and not _underlaid(mark)
        ]
        return [*halos, *drawn, *rings]

    def _legend(self, card: Rect) -> list[str]:
        size = _LEGEND_SIZE * self._unit
        left, middle = card.x + self._pad, card.bottom - self._pad * 0.5 - size * 0.6
        colour = self._theme.mix(self._theme.changed, self._theme.card, _GLOW)
        swatch = (
            f'<rect x="{number(left)}" y="{number(middle - size * 0.45)}"'
            f' width="{number(size * 1.7)}" height="{number(size * 0.9)}" rx="{number(size * 0.3)}"'
            f' fill="{colour}"/>'
        )
        text = Text(size, self._theme.muted)
        return [swatch, text.at(Point(left + size * 2.3, middle + size * 0.345), self._words)]


def _underlaid(mark: Mark) -> bool:
    return bool(mark.points) or mark.words is not None


def _bounds(marks: Sequence[Mark]) -> Rect:
    """What the marks take up, the names of frames included."""
    return around([*(mark.bounds for mark in marks), *map(_frame_name, _frames(marks))])


def _frames(marks: Sequence[Mark]) -> list[Mark]:
    return [mark for mark in marks if mark.type in ("frame", "magicframe")]


def _frame_name(mark: Mark) -> Rect:
    """The room of a frame's name, over it."""
    return Rect(mark.rect.x, mark.rect.y - 26, text_width(mark.name or "Frame", 15), 26)


def _at_least(rect: Rect, width: float, height: float) -> Rect:
    """The rectangle with room added on all sides to have this size."""
    wider, higher = max(0.0, width - rect.width), max(0.0, height - rect.height)
    return Rect(rect.x - wider / 2, rect.y - higher / 2, rect.width + wider, rect.height + higher)
