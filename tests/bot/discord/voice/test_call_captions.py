"""Captions that grow: shown soon, and edited no more often than Discord takes."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord.calls.captions import EDIT_S, Caption, due_in, showing, want


def test_the_first_words_are_shown_at_once() -> None:
    """Nothing waits that was not shown before."""
    assert due_in(want(Caption(), "I would put a queue"), 5.0) == 0.0


def test_a_single_short_word_waits_for_more() -> None:
    """It is often taken back."""
    assert due_in(want(Caption(), "I"), 5.0) is None


def test_what_is_shown_already_is_not_shown_again() -> None:
    """An edit that changes nothing is none."""
    caption = showing(want(Caption(), "I would put a queue"), 5.0)

    assert due_in(want(caption, "I would put a queue"), 50.0) is None


def test_the_next_edit_waits_its_time() -> None:
    """Counted from the last one."""
    caption = want(showing(want(Caption(), "I would put"), 5.0), "I would put a queue")

    assert due_in(caption, 5.5) == pytest.approx(EDIT_S - 0.5)
    assert due_in(caption, 9.0) == 0.0


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0.01, 0.7), st.text(min_size=8, max_size=20)), max_size=60))
def test_edits_keep_their_distance(spoken: list[tuple[float, str]]) -> None:
    """However fast the words come, and the last of them is shown in the end."""
    now, caption, edits = 0.0, Caption(), list[float]()
    for pause, text in spoken:
        now += pause
        caption = want(caption, text)
        if due_in(caption, now) == 0.0:
            caption = showing(caption, now)
            edits.append(now)

    assert all(b - a >= EDIT_S - 1e-9 for a, b in itertools.pairwise(edits))
    assert not spoken or (due_in(caption, now) or 0.0) <= EDIT_S
