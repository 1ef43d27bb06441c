"""Ratings over time as a picture: a small panel for each series, in the order of practice.

Meant for a phone that shows 1,200 pixels from edge to edge, and for dark surroundings: it brings
its own background, and says in words and shapes what it says in colour.
"""

# Matplotlib's stubs leave its keyword arguments open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from math import ceil, floor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from scoring.progress import NoiseBand, Progress, RatingPoint, Series, noise_band
from scoring.render.progress import (
    MOST_SERIES,
    NO_RATINGS,
    NOT_CALIBRATED,
    TITLE,
    change_words,
    context_words,
    left_out_words,
    span_words,
)
from scoring.render.wording import RATING_WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

DPI = 200
WIDTH = 6.0
"""Inches: 1,200 pixels."""

_COLUMNS = 2
_HEADER = 1.62
_PANEL = 1.42
_FOOT, _FOOTER_LINE = 0.14, 0.19
_LEFT, _RIGHT, _GAP = 0.28, 0.14, 0.36
_TITLE_ROOM, _TICK_ROOM = 0.44, 0.3

_BACKGROUND = "#1a1c20"
_TEXT = "#f4f5f7"
_QUIET = "#b4bac4"
_GRID = "#4d535f"
_SHADE = "#343a45"
_EDGE = "#8d96a5"
_RATING = "#6cc3ff"
_UNSURE = "#4b7ea3"

_LONGEST_TITLE = 16
_DAY_S = 86_400
_TOGETHER = 0.008
"""Share of the time axis within which dots would hide each other."""
_APART = 0.036
"""Share at which they do not touch."""
_GIVES_WAY = 0.1
"""Share that they take together, at most: less than both margins."""

# Matplotlib's settings belong to the process, and its drawing is not safe in threads.
_ONE_AT_A_TIME = Lock()


class ChartUnavailableError(Exception):
    """The library that draws is not installed; the message says how to get it."""


class _Ink(NamedTuple):
    """The fonts of the picture, by file, so that every machine draws the same."""

    plain: FontProperties
    bold: FontProperties

    def text(self, size: float, colour: str = _TEXT, *, bold: bool = False) -> dict[str, Any]:
        """How a label is drawn: as it stands, never as a formula."""
        return {
            "fontproperties": self.bold if bold else self.plain,
            "fontsize": size,
            "color": colour,
            "parse_math": False,
            "usetex": False,
        }


class _Span(NamedTuple):
    """The time axis that all panels share, in days since `start`."""

    start: datetime
    days: float

    @property
    def margin(self) -> float:
        """Room at either end, so that no mark is cut."""
        return max(self.days, 1.0) * 0.09

    def place(self, moment: datetime) -> float:
        return (moment - self.start).total_seconds() / _DAY_S


def render_progress_png(progress: Progress) -> bytes:
    """The picture, 1,200 pixels wide; the same progress gives the same bytes.

    Raises:
        ChartUnavailableError: matplotlib is not installed.
        ValueError: nothing has been rated.
    """
    shown = progress.rated[:MOST_SERIES]
    if not shown:
        raise ValueError(NO_RATINGS)
    try:
        import matplotlib as mpl
    except ImportError as err:
        raise ChartUnavailableError(
            "the picture needs matplotlib, which is not installed: install the extra `discord` "
            "(`uv sync --extra discord`, or `pip install '.[discord]'` in the checkout)"
        ) from err
    with _ONE_AT_A_TIME, mpl.rc_context():
        mpl.rcdefaults()
        return _png(_figure(progress, shown, _ink(Path(mpl.get_data_path()))))


def _ink(data: Path) -> _Ink:
    from matplotlib.font_manager import FontProperties

    fonts = data / "fonts" / "ttf"
    return _Ink(
        plain=FontProperties(fname=fonts / "DejaVuSans.ttf"),
        bold=FontProperties(fname=fonts / "DejaVuSans-Bold.ttf"),
    )


def _png(figure: Figure) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    out = BytesIO()
    FigureCanvasAgg(figure).print_png(
        out, metadata={"Software": None}, pil_kwargs={"optimize": True}
    )
    return out.getvalue()


def _figure(progress: Progress, shown: tuple[Series, ...], ink: _Ink) -> Figure:
    from matplotlib.figure import Figure

    notes = _notes(progress)
    rows = ceil(len(shown) / _COLUMNS)
    height = _HEADER + _PANEL * rows + _FOOTER_LINE * (len(notes) + 1)
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor=_BACKGROUND)
    span = _span(shown)
    for index, series in enumerate(shown):
        _draw_panel(_panel(figure, index), series, span, ink)
    _draw_header(figure, progress, ink)
    for index, words in enumerate(reversed(notes)):
        _write(figure, height - _FOOT - _FOOTER_LINE * index, words, ink.text(9, _QUIET))
    return figure


def _span(shown: tuple[Series, ...]) -> _Span:
    moments = [point.at for series in shown for point in series.points]
    start = min(moments)
    return _Span(start, (max(moments) - start).total_seconds() / _DAY_S)


def _panel(figure: Figure, index: int) -> Axes:
    """The place of a panel, counted along the rows."""
    row, column = divmod(index, _COLUMNS)
    width = (WIDTH - _LEFT - _RIGHT - _GAP * (_COLUMNS - 1)) / _COLUMNS
    left = _LEFT + column * (width + _GAP)
    height = figure.get_figheight()
    bottom = height - _HEADER - (row + 1) * _PANEL + _TICK_ROOM
    inside = _PANEL - _TITLE_ROOM - _TICK_ROOM
    return figure.add_axes((left / WIDTH, bottom / height, width / WIDTH, inside / height))


def _draw_panel(axes: Axes, series: Series, span: _Span, ink: _Ink) -> None:
    axes.set_facecolor(_BACKGROUND)
    axes.set_xlim(-span.margin, span.days + span.margin)
    axes.set_ylim(min(RATING_WORDS) - 0.45, max(RATING_WORDS) + 0.45)
    for spine in axes.spines.values():
        spine.set_visible(False)
    _draw_band(axes, noise_band(series))
    _draw_ratings(axes, series, span)
    _draw_axes(axes, span, ink)
    _draw_title(axes, series, ink)


def shade(band: NoiseBand) -> tuple[float, float]:
    """Where the band is drawn: halfway to the ratings outside, so that no dot lies on an edge."""
    return (band.low + ceil(band.low) - 1) / 2, (band.high + floor(band.high) + 1) / 2


def _draw_band(axes: Axes, band: NoiseBand) -> None:
    low, high = shade(band)
    axes.axhspan(low, high, facecolor=_SHADE, edgecolor="none", zorder=0)
    for edge in (low, high):
        axes.axhline(edge, color=_EDGE, linewidth=0.8, linestyle=(0, (3, 3)), zorder=1)


def _draw_ratings(axes: Axes, series: Series, span: _Span) -> None:
    places = _places(series.points, span)
    lows = [point.low for point in series.points]
    axes.vlines(
        places,
        lows,
        [point.high for point in series.points],
        color=_UNSURE,
        linewidth=3,
        capstyle="round",
        zorder=3,
    )
    axes.plot(
        places,
        lows,
        linestyle="none",
        marker="o",
        markersize=6,
        markerfacecolor=_RATING,
        markeredgecolor=_BACKGROUND,
        markeredgewidth=0.8,
        clip_on=False,
        zorder=4,
    )


def _places(points: tuple[RatingPoint, ...], span: _Span) -> list[float]:
    """Where the ratings stand on the time axis; those of about one moment stand side by side."""
    width = span.days + 2 * span.margin
    together: list[list[float]] = []
    for point in points:
        place = span.place(point.at)
        if together and place - together[-1][0] <= _TOGETHER * width:
            together[-1].append(place)
        else:
            together.append([place])
    return [place for group in together for place in _side_by_side(group, width)]


def _side_by_side(group: list[float], width: float) -> Iterator[float]:
    step = min(_APART, _GIVES_WAY / len(group)) * width
    middle = (group[0] + group[-1]) / 2
    for index in range(len(group)):
        yield middle + step * (index - (len(group) - 1) / 2)


def _draw_axes(axes: Axes, span: _Span, ink: _Ink) -> None:
    for value in RATING_WORDS:
        axes.axhline(value, color=_GRID, linewidth=0.8, zorder=2)
    ticks = _ticks(span)
    axes.set_xticks([place for place, _ in ticks], [label for _, label in ticks])
    axes.set_yticks(list(RATING_WORDS), list(map(str, RATING_WORDS)))
    axes.tick_params(length=0, pad=3)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.update(ink.text(9, _QUIET))
    dates = axes.get_xticklabels()
    if len(dates) > 1:
        dates[0].set_horizontalalignment("left")
        dates[-1].set_horizontalalignment("right")


def _ticks(span: _Span) -> list[tuple[float, str]]:
    """The first and the last day, or the only one."""
    end = span.start + timedelta(days=span.days)
    if span.start.date() == end.date():
        return [(span.days / 2, _day(end))]
    return [(0.0, _day(span.start)), (span.days, _day(end))]


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


def _draw_title(axes: Axes, series: Series, ink: _Ink) -> None:
    place: dict[str, Any] = {"transform": axes.transAxes, "verticalalignment": "bottom"}
    axes.text(0, 1.26, _short(series.title), **ink.text(11, bold=True), **place)
    axes.text(0, 1.05, context_words(series), **ink.text(9, _QUIET), **place)
    axes.text(1, 1.26, change_words(series), horizontalalignment="right", **ink.text(9), **place)


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"


def _draw_header(figure: Figure, progress: Progress, ink: _Ink) -> None:
    scale = [f"{value} {words}" for value, words in RATING_WORDS.items()]
    lines = (
        (0.34, TITLE, ink.text(15, bold=True)),
        (0.62, span_words(progress), ink.text(10)),
        (0.84, NOT_CALIBRATED, ink.text(10)),
        (1.12, f"Scale: {'  ·  '.join(scale[:2])}", ink.text(9, _QUIET)),
        (1.32, "  ·  ".join(scale[2:]), ink.text(9, _QUIET)),
    )
    for down, words, look in lines:
        _write(figure, down, words, look)


def _notes(progress: Progress) -> list[str]:
    """What the marks mean, and what is not shown."""
    notes = [
        "Dot: rating. Line up from it: unsure findings counted too.",
        "Shaded: noise around the first ratings, one point or more.",
    ]
    if len(progress.rated) > MOST_SERIES:
        notes.append(left_out_words(progress))
    return notes


def _write(figure: Figure, down: float, words: str, look: dict[str, Any]) -> None:
    """A line whose foot is so many inches below the upper edge."""
    figure.text(0.12 / WIDTH, 1 - down / figure.get_figheight(), words, **look)
