"""Marks written as SVG: shapes, lines with arrowheads, texts, frames, and halos around them.

Everything that comes from a scene is either a number, a colour that `colours.py` wrote, or text
that is escaped here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Final

from whiteboard.colours import Colours
from whiteboard.geometry import Point, Rect
from whiteboard.grounds import Grounds, is_closed, is_shape
from whiteboard.lettering import FONT_FAMILY, text_width
from whiteboard.marks import Mark, Words, drawable
from whiteboard.ways import (
    MOST_PIECES,
    Head,
    arrowhead,
    flattened,
    outside,
    piece_count,
    spread,
    thinned,
)

_FONTS: Final = f"{FONT_FAMILY}, Arial, Helvetica, sans-serif"
"""Where a browser shows the picture: fonts of the same widths, and what there is."""
_ADAPTIVE_RADIUS: Final = 32.0
_RADIUS_SHARE: Final = 0.25
_ROUNDED: Final = 0.12
"""Share of its sides that a rounded diamond's corner takes."""
_LABEL_GAP: Final = 5.0
_LEAST_SHRINK: Final = 0.7
_BASELINE: Final = 0.345
"""From the middle of a line of text down to its baseline, in font sizes."""
_ZONE_TINT: Final = 0.05
_PEN_WIDTH: Final = 2.2
_ALIGNED: Final = {"left": 0.0, "center": 0.5, "right": 1.0}


def number(value: float) -> str:
    """A number as short as it can be written with two decimals."""
    if abs(value) < 1000:
        return f"{round(value, 2) + 0.0:g}"
    return f"{value:.1f}".removesuffix(".0")


class Text:
    """One line of text in an SVG."""

    def __init__(self, size: float, colour: str, *, anchor: str = "start", bold: bool = False):
        self._attributes = (
            f'font-family="{_FONTS}" font-size="{number(size)}" fill="{colour}"'
            f' text-anchor="{anchor}"' + (' font-weight="700"' if bold else "")
        )

    def at(self, place: Point, text: str) -> str:
        """The text with its baseline at this place."""
        words = escape(drawable(text).replace("\n", " "))
        where = f'x="{number(place.x)}" y="{number(place.y)}"'
        return f"<text {where} {self._attributes}>{words}</text>"


class Inker:
    """Writes the marks of one scene in the colours of a theme."""

    def __init__(self, marks: Sequence[Mark], theme: Colours) -> None:
        self._theme = theme
        pieces = sum(piece_count(len(mark.points), curved=_curved(mark)) for mark in marks)
        self._share = min(1.0, MOST_PIECES / max(1, pieces))
        self._by_id: Mapping[str, Mark] = {mark.id: mark for mark in marks}
        self._grounds = Grounds(marks, theme)
        self._holes = {
            mark.words.container: mark.rect.grown(_LABEL_GAP)
            for mark in marks
            if mark.words is not None and mark.words.container in self._by_id
        }

    def draw(self, mark: Mark) -> str:
        """The mark itself."""
        if mark.words is not None:
            body = self._text(mark, mark.words)
        elif mark.type in ("frame", "magicframe"):
            body = self._frame(mark)
        elif is_shape(mark):
            body = _outline(mark, 0, self._paint(mark))
        else:
            body = self._line(mark)
        faint = f' opacity="{number(mark.opacity)}"' if mark.opacity < 1 else ""
        return f"<g{faint}{_turn(mark)}>{body}</g>" if faint or mark.angle else body

    def halo(self, mark: Mark, colour: str, width: float, *, gap: float = 0.0) -> str:
        """A band of this colour and width around the mark, `gap` pixels outside of it.

        Lines get it on both sides, with no gap; texts stand on it.
        """
        turn = _turn(mark)
        if mark.words is not None:
            room = _written(mark, mark.words).grown(gap + width / 2)
            paint = f'fill="{colour}"'
            return f"<g{turn}>{_rect(room, 6, paint)}</g>"
        paint = f'fill="none" stroke="{colour}" stroke-linejoin="round" stroke-linecap="round"'
        if mark.points:
            way = self._led(mark)
            band = f'{paint} stroke-width="{number(mark.thickness + 2 * width)}"'
            return f"<g{turn}>{_way(way, band)}</g>"
        band = f'{paint} stroke-width="{number(width)}"'
        return f"<g{turn}>{_outline(mark, gap + (mark.thickness + width) / 2, band)}</g>"

    def _paint(self, mark: Mark) -> str:
        return f"fill={self._fill(mark)} {self._stroke(mark, mark.thickness)}"

    def _fill(self, mark: Mark) -> str:
        if mark.fill is not None:
            faint = f' fill-opacity="{number(mark.fill_opacity)}"' if mark.fill_opacity < 1 else ""
            return f'"{self._grounds.colour(mark)}"{faint}'
        if mark.zone:
            tint = self._theme.line(mark.stroke)
            return f'"{tint}" fill-opacity="{number(_ZONE_TINT)}"'
        return '"none"'

    def _stroke(self, mark: Mark, width: float) -> str:
        dash = ""
        if mark.dash == "dashed":
            dash = f' stroke-dasharray="{number(4 + 2 * width)} {number(4 + 1.5 * width)}"'
        elif mark.dash == "dotted":
            dash = f' stroke-dasharray="0.1 {number(3 + 1.8 * width)}"'
        colour = self._theme.line(mark.stroke)
        ends = 'stroke-linejoin="round" stroke-linecap="round"'
        return f'stroke="{colour}" stroke-width="{number(width)}" {ends}{dash}'

    def _frame(self, mark: Mark) -> str:
        paint = f'fill="none" stroke="{self._theme.muted}" stroke-width="2"'
        name = Text(15, self._theme.muted).at(
            Point(mark.rect.x + 2, mark.rect.y - 8), mark.name or "Frame"
        )
        return _rect(mark.rect, 8, paint) + name

    def _line(self, mark: Mark) -> str:
        if mark.type == "freedraw":
            return self._pen(mark)
        way = self._led(mark)
        fill = self._fill(mark) if is_closed(mark) else '"none"'
        paint = f"fill={fill} {self._stroke(mark, mark.thickness)}"
        drawn = [_way(part, paint) for part in outside(way, self._holes.get(mark.id))]
        for kind, towards in ((mark.heads.start, way[::-1]), (mark.heads.end, way)):
            if len(way) > 1 and (head := arrowhead(kind, towards, mark.thickness)):
                drawn.append(self._head(head, mark))
        return "".join(drawn)

    def _pen(self, mark: Mark) -> str:
        width = mark.thickness * _PEN_WIDTH
        way = self._led(mark)
        if len(way) == 1:
            dot = (way[0], width / 2)
            return _circle(dot, f'fill="{self._theme.line(mark.stroke)}"')
        return _steps(way, f'fill="none" {self._stroke(mark, width)}')

    def _led(self, mark: Mark) -> Sequence[Point]:
        """The way of a line in straight pieces; of a stroke of the pen those that one can see.

        Where that is more than a picture has, each has its share.
        """
        if mark.type == "freedraw":
            way = thinned(mark.points)
        else:
            way = flattened(mark.points, curved=_curved(mark) and self._share == 1)
        return way if self._share == 1 else spread(way, self._share)

    def _head(self, head: Head, mark: Mark) -> str:
        colour = self._theme.line(mark.stroke)
        inside = colour if head.filled else self._theme.card
        fill = inside if head.closed or head.circle else "none"
        paint = (
            f'fill="{fill}" stroke="{colour}" stroke-width="{number(mark.thickness)}"'
            ' stroke-linejoin="round" stroke-linecap="round"'
        )
        if head.circle:
            return _circle(head.circle, paint)
        return "".join(_way(way, paint, closed=head.closed) for way in head.ways)

    def _text(self, mark: Mark, words: Words) -> str:
        anchor = {"center": "middle", "right": "end"}.get(words.align, "start")
        size = words.size * _shrunk(mark, words)
        setting = Text(
            size, self._theme.text(mark.stroke, self._grounds.behind(mark)), anchor=anchor
        )
        step = words.size * words.line_height
        top = mark.rect.y + step / 2 + size * _BASELINE
        x = mark.rect.x + mark.rect.width * _ALIGNED[words.align]
        return "".join(
            setting.at(Point(x, top + step * index), line)
            for index, line in enumerate(words.lines)
            if line.strip()
        )


def _curved(mark: Mark) -> bool:
    return mark.rounded and mark.type != "freedraw"


def _widest(words: Words) -> float:
    return max(1.0, *(text_width(line, words.size) for line in words.lines))


def _shrunk(mark: Mark, words: Words) -> float:
    """How much smaller our letters must be than the canvas's to fit where they stood."""
    return max(_LEAST_SHRINK, min(1.0, (max(mark.rect.width, 1.0) + 4) / _widest(words)))


def _written(mark: Mark, words: Words) -> Rect:
    """What the letters of a text cover."""
    width = _widest(words) * _shrunk(mark, words)
    left = mark.rect.x + (mark.rect.width - width) * _ALIGNED[words.align]
    height = len(words.lines) * words.size * words.line_height
    return Rect(left, mark.rect.y, width, height)


def _turn(mark: Mark) -> str:
    if not mark.angle:
        return ""
    centre = mark.rect.centre
    degrees = number(math.degrees(mark.angle))
    return f' transform="rotate({degrees} {number(centre.x)} {number(centre.y)})"'


def _outline(mark: Mark, gap: float, paint: str) -> str:
    """The outline of a shape, or of the room of anything else, `gap` pixels outside of it."""
    rect = mark.rect.grown(gap)
    if mark.type == "ellipse":
        centre = f'cx="{number(rect.centre.x)}" cy="{number(rect.centre.y)}"'
        radii = f'rx="{number(rect.width / 2)}" ry="{number(rect.height / 2)}"'
        return f"<ellipse {centre} {radii} {paint}/>"
    if mark.type == "diamond":
        return _diamond(mark, gap, paint)
    radius = min(_ADAPTIVE_RADIUS, _RADIUS_SHARE * min(mark.rect.width, mark.rect.height))
    radius = radius if mark.rounded else 0.0
    return _rect(rect, radius + gap if radius or gap else 0, paint)


def _diamond(mark: Mark, gap: float, paint: str) -> str:
    rect = mark.rect
    slant = math.hypot(rect.width, rect.height)
    wide = gap * slant / max(rect.height, 1.0)
    high = gap * slant / max(rect.width, 1.0)
    middle = rect.centre
    left, right = Point(rect.x - wide, middle.y), Point(rect.right + wide, middle.y)
    top, bottom = Point(middle.x, rect.y - high), Point(middle.x, rect.bottom + high)
    if not mark.rounded and not gap:
        return _way([top, right, bottom, left], paint, closed=True)
    inner = _ROUNDED if mark.rounded else 0.0
    flat = _rounding(rect.width / 2, inner, gap, wide)
    steep = _rounding(rect.height / 2, inner, gap, high)
    corners = [(top, steep), (right, flat), (bottom, steep), (left, flat)]
    path = f"M {_pair(_towards(left, top, 1 - steep))}"
    for (corner, cut), (following, next_cut) in pairwise([*corners, corners[0]]):
        start, end = _towards(corner, following, cut), _towards(corner, following, 1 - next_cut)
        path += f" Q {_pair(corner)} {_pair(start)} L {_pair(end)}"
    return f'<path d="{path} Z" {paint}/>'


def _rounding(half: float, inner: float, gap: float, reach: float) -> float:
    """Which share of its sides a corner is rounded by, to be `gap` from that of the shape inside.

    `half` is from the middle to the inner corner, which is rounded by `inner`; the outer one is
    `reach` farther out.
    """
    tip = half * (1 - inner / 2) + gap
    return min(0.5, max(0.0, 2 * (1 - tip / max(half + reach, 1.0))))


def _towards(one: Point, other: Point, share: float) -> Point:
    return Point(one.x + (other.x - one.x) * share, one.y + (other.y - one.y) * share)


def _rect(rect: Rect, radius: float, paint: str) -> str:
    corner = f'x="{number(rect.x)}" y="{number(rect.y)}"'
    size = f'width="{number(rect.width)}" height="{number(rect.height)}"'
    return f'<rect {corner} {size} rx="{number(radius)}" {paint}/>'


def _circle(circle: tuple[Point, float], paint: str) -> str:
    centre, radius = circle
    where = f'cx="{number(centre.x)}" cy="{number(centre.y)}"'
    return f'<circle {where} r="{number(radius)}" {paint}/>'


def _way(points: Iterable[Point], paint: str, *, closed: bool = False) -> str:
    name = "polygon" if closed else "polyline"
    return f'<{name} points="{" ".join(map(_pair, points))}" {paint}/>'


def _steps(points: Sequence[Point], paint: str) -> str:
    """A way through places in whole pixels, each written as the step from the one before."""
    x, y = points[0]
    steps = (f"{b.x - a.x:.0f} {b.y - a.y:.0f}" for a, b in pairwise(points))
    return f'<path d="M{number(x)} {number(y)}l{" ".join(steps)}" {paint}/>'


def _pair(point: Point) -> str:
    return f"{number(point.x)},{number(point.y)}"
