"""Only stretches with speech are recognised, none longer than the model can see."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.pieces import FEWEST_WINDOWS, LONGEST_S, MARGIN_WINDOWS, spoken_pieces
from voice.vad import WINDOW


def _windows(*runs: tuple[float, int]) -> np.ndarray:
    return np.concatenate([np.full(count, value) for value, count in runs])


def test_silence_round_the_speech_is_left_out() -> None:
    """But for a margin, and the times tell where the speech is."""
    (piece,) = spoken_pieces(_windows((0.0, 100), (0.9, 50), (0.0, 200)), 350 * WINDOW)

    assert piece.start == (100 - MARGIN_WINDOWS) * WINDOW
    assert piece.end == (150 + MARGIN_WINDOWS) * WINDOW
    assert (piece.first_s, piece.last_s) == (100 * 0.032, 150 * 0.032)
    assert piece.speech_s == pytest.approx(50 * 0.032)


def test_a_blip_is_no_speech() -> None:
    """Fewer windows than the shortest word leave nothing; as many leave a piece."""
    blip = _windows((0.0, 50), (0.9, FEWEST_WINDOWS - 1), (0.0, 50))
    word = _windows((0.0, 50), (0.9, FEWEST_WINDOWS), (0.0, 50))

    assert not spoken_pieces(blip, len(blip) * WINDOW)
    assert len(spoken_pieces(word, len(word) * WINDOW)) == 1


def test_no_audio_has_no_pieces() -> None:
    """Nothing in, nothing out."""
    assert not spoken_pieces(np.zeros(0), 0)


def test_a_long_answer_is_cut_in_its_pause() -> None:
    """Not in the middle of a word where a pause is near the limit."""
    pause = 790
    probabilities = _windows((0.9, pause), (0.1, 10), (0.9, 400))
    first, second = spoken_pieces(probabilities, len(probabilities) * WINDOW)

    assert pause * WINDOW <= first.end <= (pause + 10) * WINDOW
    assert first.end <= second.start or second.start >= pause * WINDOW


def test_a_long_pause_is_left_out() -> None:
    """Two sentences with three seconds between them are two pieces, with one second one."""
    long = _windows((0.9, 40), (0.0, 94), (0.9, 40))
    short = _windows((0.9, 40), (0.0, 31), (0.9, 40))

    assert [piece.first_s for piece in spoken_pieces(long, len(long) * WINDOW)] == [0, 134 * 0.032]
    assert len(spoken_pieces(short, len(short) * WINDOW)) == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.4, 0.7, 1.0]), st.integers(1, 900)), max_size=8)
)
def test_pieces_are_short_in_order_and_hold_all_speech(runs: list[tuple[float, int]]) -> None:
    """Whatever is judged as speech lies in some piece, unless it is a blip of its own."""
    probabilities = _windows(*runs) if runs else np.zeros(0)
    length = len(probabilities) * WINDOW
    pieces = spoken_pieces(probabilities, length)
    inside = np.zeros(length, bool)
    for piece in pieces:
        assert 0 <= piece.start < piece.end <= length
        assert (piece.end - piece.start) / 16_000 <= LONGEST_S + 0.1
        assert piece.start / 16_000 <= piece.first_s < piece.last_s <= piece.end / 16_000
        inside[piece.start : piece.end] = True

    assert [p.start for p in pieces] == sorted(p.start for p in pieces)
    missed = (probabilities >= 0.5) & ~inside.reshape(-1, WINDOW).all(axis=1)
    assert np.count_nonzero(missed) <= (FEWEST_WINDOWS - 1) * (len(probabilities) // 60 + 1)
