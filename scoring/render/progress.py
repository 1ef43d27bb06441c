"""Ratings over time in words: what stands beside the picture, and in its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from scoring.progress import (
    Change,
    NoiseBand,
    Progress,
    RatingPoint,
    Series,
    change_of,
    noise_band,
)
from scoring.render.markdown import escape
from scoring.render.wording import KIND_WORDS, RATING_WORDS

MOST_SERIES = 12
"""Series that one picture or text shows, the most practised first."""

MOST_RATINGS = 5
"""Ratings of a series that the text gives, the last ones."""

TITLE = "Ratings over time"
NO_RATINGS = "No stage has been rated yet."
NOT_CALIBRATED = "Practice feedback, not calibrated against human ratings."
SCALE = "Scale: " + ", ".join(f"{value} {words}" for value, words in RATING_WORDS.items()) + "."
NOISE = (
    "Noise: with no change in skill a rating may move by about a point. "
    "Last ratings are compared with first ones."
)


def render_progress_text(progress: Progress) -> str:
    """The series in short lines, safe as Markdown; under 2,000 characters, as Discord asks."""
    return "\n".join(_lines(progress)) + "\n"


def _lines(progress: Progress) -> Iterator[str]:
    rated = progress.rated
    if not rated:
        yield NO_RATINGS
        return
    yield f"{TITLE}: {span_words(progress)}."
    yield NOT_CALIBRATED
    yield SCALE
    yield NOISE
    for series in rated[:MOST_SERIES]:
        yield f"- {escape(series.title)} ({context_words(series)}): {_outcome(series)}"
    if len(rated) > MOST_SERIES:
        yield left_out_words(progress)


def span_words(progress: Progress) -> str:
    """`3 interviews, 2 March to 21 November 2026`; of those that were rated, the dates."""
    dates = [point.at for series in progress.rated for point in series.points]
    first, last = min(dates), max(dates)
    count = f"{progress.interviews} interview{'' if progress.interviews == 1 else 's'}"
    if first.date() == last.date():
        return f"{count}, {_day(last)}"
    begin = f"{first.day} {first:%B}" if first.year == last.year else _day(first)
    return f"{count}, {begin} to {_day(last)}"


def context_words(series: Series) -> str:
    """`system design, senior`: stages and topics share names, and levels do not compare."""
    return f"{KIND_WORDS[series.kind].lower()}, {series.level.value}"


def change_words(series: Series) -> str:
    """`within the noise`, `up`, `down`, or why nothing can be said."""
    return "one rating so far" if len(series.points) == 1 else change_of(series).value


def left_out_words(progress: Progress) -> str:
    """How many series are not shown."""
    count = len(progress.rated) - MOST_SERIES
    return f"{count} more, practised less, {'is' if count == 1 else 'are'} not shown."


def _outcome(series: Series) -> str:
    ratings = ", ".join(map(_rating, series.points[-MOST_RATINGS:]))
    if len(series.points) > MOST_RATINGS:
        ratings = f"last {MOST_RATINGS} of {len(series.points)}: {ratings}"
    unrated = f" {series.unrated} not rated." if series.unrated else ""
    return f"{ratings} – {_judged(series)}.{unrated}"


def _judged(series: Series) -> str:
    change = change_of(series)
    if len(series.points) == 1 or change is Change.TOO_FEW:
        return change_words(series)
    band = _band(noise_band(series))
    if change is Change.WITHIN_NOISE:
        return f"within the noise band of {band}"
    return f"{change.value}, beyond the noise band of {band}"


def _band(band: NoiseBand) -> str:
    return f"{band.width:.1f} points" if band.own else "one point"


def _rating(point: RatingPoint) -> str:
    return str(point.low) if point.low == point.high else f"{point.low}–{point.high}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
