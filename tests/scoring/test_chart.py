"""The picture of ratings over time."""

import struct
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from progress_samples import Rating, history, series

from scoring.progress import Progress, noise_band
from scoring.render import chart
from scoring.render.chart import ChartUnavailableError, render_progress_png

WAVERING: tuple[Rating, ...] = (2, (2, 3), 1, 3, None, (3, 4), 2, 4, 3, 3)
MOST_BYTES = 300_000


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def chunks(png: bytes) -> list[bytes]:
    found, place = [], 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        found.append(png[place + 4 : place + 8])
        place += 12 + length
    return found


@pytest.mark.parametrize("panels", [1, 2, 7])
def test_as_wide_as_a_phone(panels: int) -> None:
    """1,200 pixels, and a row more for every other panel."""
    width, height = size(render_progress_png(history(*WAVERING, panels=panels)))

    assert width == 1_200
    assert height > 250 * ((panels + 1) // 2)


@pytest.mark.parametrize("count", [1, 3, 30, 100])
def test_small_whatever_the_history(count: int) -> None:
    """Twelve full panels stay below 300 KB."""
    picture = render_progress_png(history(*(WAVERING * 10)[:count], panels=12))

    assert len(picture) < MOST_BYTES


def test_the_same_history_gives_the_same_bytes() -> None:
    """Also at once in several threads; no time and no program is written into the file."""
    progress = history(*WAVERING)

    with ThreadPoolExecutor(3) as pool:
        pictures = set(pool.map(render_progress_png, [progress] * 3))

    (picture,) = pictures
    assert not {b"tEXt", b"iTXt", b"zTXt", b"tIME"} & set(chunks(picture))


def test_the_settings_of_a_person_change_nothing() -> None:
    """Neither does a picture change them."""
    import matplotlib as mpl

    progress = history(2, 3)
    usual = render_progress_png(progress)
    with mpl.rc_context({"lines.linewidth": 9, "xtick.labelsize": 40, "axes.grid": True}):
        strange = render_progress_png(progress)
        kept = mpl.rcParams["xtick.labelsize"]

    assert strange == usual
    assert kept == 40


def test_ratings_of_one_moment_stand_apart() -> None:
    """Two questions of one drill are two dots, neither hides the other."""
    one, two = (Progress((series(*[2] * n, every=0),), 1) for n in (1, 2))

    assert render_progress_png(one) != render_progress_png(two)


def test_twelve_panels_at_most() -> None:
    """Further series change the note at the foot only; the note takes a line."""
    full, more = (render_progress_png(history(2, 3, panels=count)) for count in (12, 13))

    assert 0 < size(more)[1] - size(full)[1] < 60


def test_what_was_not_rated_is_not_drawn() -> None:
    """A sitting without a rating leaves the picture as it was."""
    rated = series(2, 3)
    with_more = type(rated)(**{**vars(rated), "unrated": 3})

    drawn = [render_progress_png(Progress((one,), 2)) for one in (rated, with_more)]

    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("title", [r"$\frac{a}", "$x$", r"\n_^{", "T" * 300])
def test_a_title_is_only_words(title: str) -> None:
    """No formula is read in it, it breaks nothing, and it takes no more room than others."""
    plain, odd = (
        size(render_progress_png(Progress((series(2, title=one),), 1))) for one in ("Evals", title)
    )

    assert odd == plain


@pytest.mark.parametrize("values", [(2, 2), (1, 4, 1, 4, 1, 4, 1, 4), ((1, 4), 2), (3, 4, 4, 4)])
def test_the_shade_holds_the_dots_that_the_band_holds(values: tuple[Rating, ...]) -> None:
    """Its edges lie between whole ratings, on the side that the band says."""
    band = noise_band(series(*values))

    low, high = chart.shade(band)

    for rating in range(1, 5):
        assert (low < rating < high) == (band.low <= rating <= band.high)


def test_nothing_to_draw() -> None:
    """An error, not an empty picture."""
    with pytest.raises(ValueError, match="rated"):
        render_progress_png(Progress((), 0))


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    with pytest.raises(ChartUnavailableError, match="extra `discord`"):
        render_progress_png(history(2))
