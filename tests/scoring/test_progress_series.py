"""Ratings over time: what belongs to one series, and what may be called a change."""

from itertools import product
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from progress_samples import (
    DESIGN_STAGES,
    Rating,
    card,
    day,
    design,
    round_card,
    series,
    stage_card,
)

from scenarios.model import Level, RoundKind
from scoring.progress import (
    OWN_RATINGS,
    READER_DEVIATION,
    Change,
    Progress,
    RatingPoint,
    Series,
    change_of,
    noise_band,
    progress_of,
)
from scoring.render.progress import MOST_RATINGS, MOST_SERIES, NO_RATINGS, render_progress_text

ratings = st.lists(st.integers(1, 4), min_size=1, max_size=20)


def found(progress: Progress) -> dict[tuple[str, str], list[tuple[int, int]]]:
    return {
        (one.kind.value, one.name): [(point.low, point.high) for point in one.points]
        for one in progress.series
    }


def test_each_stage_has_a_series_in_the_order_of_time() -> None:
    """Both readings of the rating, the date and the interview, whatever the order of the cards."""
    later = design("b", {"scope": 3, "evals": (1, 2)}, on=5)
    earlier = design("a", {"scope": 2, "evals": 1})

    progress = progress_of([later, earlier])

    assert found(progress) == {
        ("design", "scope"): [(2, 2), (3, 3)],
        ("design", "evals"): [(1, 1), (1, 2)],
    }
    assert progress.series[0].points[1] == RatingPoint("b", day(5), 3, 3)
    assert progress.interviews == 2


def test_questions_of_one_topic_are_one_series() -> None:
    """A drill's ratings belong to the topic, also two of one sitting; a stage of that name not."""
    questions = [
        stage_card("golden-set", 2, "Evals"),
        stage_card("what-is-a-token", 4, "Fundamentals"),
        stage_card("judge-bias", 3, "Evals"),
    ]
    drilled = card("a", round_card(questions, RoundKind.DRILL))

    progress = progress_of([drilled, design("b", {"evals": 1}, on=1)])

    assert found(progress) == {
        ("drill", "evals"): [(2, 2), (3, 3)],
        ("drill", "fundamentals"): [(4, 4)],
        ("design", "evals"): [(1, 1)],
    }


def test_story_parts_of_a_loop_have_their_own() -> None:
    """Each round of an interview counts for its kind."""
    loop = card(
        "a",
        round_card([stage_card("scope", 3)]),
        round_card([stage_card("outcome", 2)], RoundKind.BEHAVIOURAL),
    )

    assert found(progress_of([loop])) == {
        ("design", "scope"): [(3, 3)],
        ("behavioural", "outcome"): [(2, 2)],
    }


def test_levels_are_not_mixed() -> None:
    """A 3 for a junior is not a 3 for a senior."""
    held = round_card([stage_card("scope", 3)])

    progress = progress_of(
        [card("a", held, level=Level.JUNIOR), card("b", held, on=1), card("c", held, on=2)]
    )

    assert [(one.level, len(one.points)) for one in progress.series] == [
        (Level.SENIOR, 2),
        (Level.JUNIOR, 1),
    ]


def test_what_was_not_rated_is_no_value() -> None:
    """It is counted, and a stage that was never rated is not among those to be shown."""
    progress = progress_of(
        [design("a", {"scope": 2, "loop": None}), design("b", {"scope": None, "loop": None}, on=1)]
    )

    scope, loop = progress.series
    assert ([point.low for point in scope.points], scope.unrated) == ([2], 1)
    assert (loop.points, loop.unrated) == ((), 2)
    assert progress.rated == (scope,)


def test_the_last_revision_of_an_interview_counts() -> None:
    """An earlier one leaves no trace, wherever it stands."""
    held = round_card([stage_card("scope", 1)])
    again = round_card([stage_card("scope", 3)])

    progress = progress_of([card("a", again, revision=2), card("a", held)])

    assert found(progress) == {("design", "scope"): [(3, 3)]}
    assert progress.interviews == 1


def test_the_most_practised_come_first() -> None:
    """Where they are equal, in the order of the round."""
    cards = [
        design("a", dict.fromkeys(DESIGN_STAGES, 2)),
        design("b", {"evals": 2, "loop": 2}, on=1),
    ]

    names = [one.name for one in progress_of(cards).series]

    assert names == ["loop", "evals", "scope", "models", "trust_boundary", "operations"]


def test_no_cards() -> None:
    """Nothing, and no error."""
    assert progress_of([]) == Progress((), 0)


@pytest.mark.parametrize(
    ("given_ratings", "expected"),
    [
        ((2,), Change.TOO_FEW),
        ((2, 2, 3), Change.WITHIN_NOISE),
        ((1, 3), Change.TOO_FEW),
        ((4, 2, 1), Change.TOO_FEW),
        ((1, 1, 3, 3), Change.UP),
        ((2, 2, 3, 3), Change.WITHIN_NOISE),
        ((4, 4, 2, 2), Change.DOWN),
        ((1, (1, 2), 3, 3), Change.UP),
        ((1, (1, 3), 3, 3), Change.WITHIN_NOISE),
        ((4, 4, (2, 4), (2, 4)), Change.WITHIN_NOISE),
        ((3, 3, 3, 4, 4, 4), Change.WITHIN_NOISE),
        ((1, 1, 1, 1, 4, 4, 4, 4), Change.UP),
        ((1, 3, 1, 3, 1, 3, 1, 3), Change.WITHIN_NOISE),
    ],
)
def test_a_change_leaves_the_band(given_ratings: tuple[Rating, ...], expected: Change) -> None:
    """By more than one point, in more than one sitting; what is unsure speaks for no change."""
    assert change_of(series(*given_ratings)) is expected


def test_the_band_is_a_point_around_the_first_ratings() -> None:
    """From the least of them to the most, each way."""
    band = noise_band(series(2, (2, 3), 4, 4))

    assert (band.low, band.high, band.width, band.own) == (1, 3.5, 1, False)


def test_a_series_that_wavers_widens_its_band() -> None:
    """From eight ratings on, by half the mean square of successive differences."""
    wavering = (1, 3) * (OWN_RATINGS // 2)

    short, long = noise_band(series(*wavering[:-1])), noise_band(series(*wavering))

    assert (short.width, short.own) == (1, False)
    assert long.width == pytest.approx(2**0.5 / READER_DEVIATION, abs=0.05)
    assert long.own


def test_a_steady_series_keeps_a_point() -> None:
    """What was measured against a reader is never undercut."""
    band = noise_band(series(*[2] * 20))

    assert (band.width, band.own) == (1, False)


def test_no_rating_has_no_band() -> None:
    """An error that names the series."""
    with pytest.raises(ValueError, match="evals"):
        noise_band(series(None))


@given(ratings)
def test_backwards_is_the_opposite(values: list[int]) -> None:
    """Neither direction is favoured: the scale upside down turns up into down."""
    opposite = {Change.UP: Change.DOWN, Change.DOWN: Change.UP}

    upright = change_of(series(*values))
    turned = change_of(series(*[5 - value for value in values]))

    assert turned is opposite.get(upright, upright)


@pytest.mark.parametrize(("count", "percent"), [(4, 4), (6, 2)])
def test_false_alarms_are_as_rare_as_the_docstring_says(count: int, percent: int) -> None:
    """Every way in which ratings may be off, weighed as in the 18 that a reader rated."""
    chances = {-1: 7 / 36, 0: 11 / 18, 1: 7 / 36}
    alarms = 0.0
    for errors in product(chances, repeat=count):
        changed = change_of(_exactly(errors)) in (Change.UP, Change.DOWN)
        weight = 1.0
        for error in errors:
            weight *= chances[error]
        alarms += weight * changed

    assert round(100 * alarms) == percent


def _exactly(errors: tuple[int, ...]) -> Series:
    """A person without change, far from both ends of the scale."""
    return series(*[10 + error for error in errors])


def test_the_text_says_what_the_picture_shows() -> None:
    """Dates, scale, the want of calibration, each series with its ratings and the judgement."""
    progress = Progress(
        (series(2, 2, (2, 3)), series(1, 1, None, 4, 4, name="scope", title="Scope")), 5
    )

    lines = render_progress_text(progress).splitlines()

    assert lines[0] == "Ratings over time: 5 interviews, 2 March to 30 March 2026."
    assert "not calibrated" in lines[1]
    assert "1 nothing usable, or unsafe" in lines[2]
    assert lines[-2:] == [
        "- Evals (system design, senior): 2, 2, 2–3 – within the noise band of one point.",
        "- Scope (system design, senior): 1, 1, 4, 4 – up, beyond the noise band of one point. "
        "1 not rated.",
    ]


def test_the_text_of_a_single_interview() -> None:
    """One day, and nothing to compare."""
    lines = render_progress_text(Progress((series(3),), 1)).splitlines()

    assert lines[0] == "Ratings over time: 1 interview, 2 March 2026."
    assert lines[-1] == "- Evals (system design, senior): 3 – one rating so far."


def test_the_text_of_a_long_history_stays_short() -> None:
    """At most twelve series and five ratings each, under 2,000 characters; what is left out."""
    wavering: list[Rating] = [(1, 2), (3, 4)] * 20

    rated = series(*wavering, *[None] * 12, title="Trust boundary")

    text = render_progress_text(Progress((rated,) * 14, 52))

    assert len(text) < 2_000
    assert text.count("\n- ") == MOST_SERIES
    assert f"last {MOST_RATINGS} of 40: " in text
    assert text.endswith("2 more, practised less, are not shown.\n")


def test_the_text_is_safe_as_markdown() -> None:
    """A title cannot mention, link or format."""
    text = render_progress_text(Progress((series(2, title="**@everyone** [x](http://y)"),), 1))

    assert "**" not in text
    assert "[x]" not in text
    assert r"\@everyone" in text


def test_the_text_of_nothing() -> None:
    """Says that there is nothing."""
    assert render_progress_text(Progress((series(None),), 1)) == f"{NO_RATINGS}\n"


def test_no_total_is_computed() -> None:
    """Ratings of one stage change nothing in the series of another."""
    low, high = (
        progress_of([design(f"{n}", {"scope": 2, "evals": other}, on=n) for n in range(4)])
        for other in (1, 4)
    )

    assert low.series[0] == high.series[0]
    assert median(point.low for point in low.series[0].points) == 2
