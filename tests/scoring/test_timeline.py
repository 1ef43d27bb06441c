"""The clock of a card, and which boards a replay shows."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scorecard_samples import DRAWING, START, bot, interview, you

from scoring.render.timeline import (
    Drawing,
    clock_words,
    round_begins,
    stage_ends,
    thin_out,
    turn_before,
    without_repeats,
)
from scoring.scorecard import Scorecard, grade
from whiteboard.board import Board, Component


def drawing(revision: int, stage: str = "scope", seconds: int = 0, board: Board = DRAWING):
    return Drawing(revision, 0, stage, START + timedelta(seconds=seconds), board)


def card(*reached: str) -> Scorecard:
    lines = (bot("Where?"), you("Here."), you("There.", "operations"))
    return grade(interview(*lines, reached=reached))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00"), (65.4, "1:05"), (3599, "59:59"), (3600, "1:00:00"), (-5, "0:00")],
)
def test_the_clock_counts_from_the_beginning(seconds: float, words: str) -> None:
    """Minutes and seconds, hours where there are any, never less than nothing."""
    assert clock_words(START, START + timedelta(seconds=seconds)) == words


def test_a_round_begins_with_its_first_turn() -> None:
    """The clock of the second round does not run from the first."""
    assert round_begins(card("scope")) == {0: START}


def test_a_board_comes_after_the_turn_before_it() -> None:
    """A turn at the same second counts; before the first there is none."""
    turns = card("scope").transcript
    found = [turn_before(turns, drawing(1, seconds=seconds)) for seconds in (-1, 30, 59)]
    assert [turn and turn.index for turn in found] == [None, 1, 1]


def test_a_board_that_is_drawn_again_is_shown_once() -> None:
    """Repeats in a row go; one that comes back later stays."""
    other = Board(components=(Component("x", "X"),))
    boards = [DRAWING, DRAWING, other, DRAWING]
    kept = without_repeats(drawing(at, board=one) for at, one in enumerate(boards))
    assert [one.revision for one in kept] == [0, 2, 3]


def test_a_stage_without_drawing_ends_with_the_board_before_it() -> None:
    """Every stage that was reached and has a board has an end; no other has."""
    held = card("scope", "operations").rounds[0]
    boards = [drawing(1), drawing(2)]
    assert stage_ends(held, boards) == {2: ("Scope", "Operations")}
    assert stage_ends(held, [*boards, drawing(3, "operations")]) == {
        2: ("Scope",),
        3: ("Operations",),
    }
    assert stage_ends(held, [drawing(3, "operations")]) == {3: ("Operations",)}
    assert stage_ends(card("scope").rounds[0], boards) == {2: ("Scope",)}


@given(st.integers(0, 200), st.sets(st.integers(0, 200), max_size=20), st.integers(1, 60))
def test_thinning_keeps_what_counts_and_spreads_the_rest(
    count: int, kept: set[int], most: int
) -> None:
    """Never more than asked for unless those to be kept are; none is left out without need."""
    boards = [drawing(at) for at in range(count)]
    wanted = kept & set(range(count))
    shown = [one.revision for one in thin_out(boards, kept, most)]
    assert shown == sorted(set(shown))
    assert wanted <= set(shown)
    assert len(shown) == min(count, max(most, len(wanted)))


def test_thinning_spreads_evenly() -> None:
    """Of a hundred boards every tenth."""
    shown = thin_out([drawing(at) for at in range(100)], (), 10)
    assert [one.revision for one in shown] == list(range(0, 100, 10))
