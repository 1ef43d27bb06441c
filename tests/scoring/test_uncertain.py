"""Words that may have been others are marked where they stand, and nowhere else."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.slips import words_of
from scoring.transcript import Source, Speaker, Turn, Word
from scoring.uncertain import MARK, marked, marked_original, uncertain_spans, uncertain_words

WHEN = datetime(2026, 11, 20, 12, tzinfo=UTC)


def heard(text: str, *unsure: int) -> tuple[Word, ...]:
    """The words of the text; those at the places `unsure` are uncertain."""
    return tuple(
        Word(word, float(at), at + 0.5, at in unsure) for at, word in enumerate(text.split())
    )


def turn(text: str, words: tuple[Word, ...], original: str | None = None) -> Turn:
    """A spoken turn."""
    return Turn(
        "c0001",
        1,
        Speaker.CANDIDATE,
        text,
        0,
        "scope",
        WHEN,
        source=Source.SPOKEN,
        words=words,
        original=original,
    )


@pytest.mark.parametrize(
    ("text", "unsure", "shown"),
    [
        ("We cash it.", (1,), "We cash(?) it."),
        ("We cash it.", (0, 2), "We(?) cash it(?)."),
        ("It's a well-known prefix.", (0, 2), "It's(?) a well(?)-known(?) prefix."),
        ("We cash it.", (), "We cash it."),
    ],
)
def test_the_sign_stands_behind_the_word(text: str, unsure: tuple[int, ...], shown: str) -> None:
    """Before the comma or stop that belongs to it."""
    assert marked(turn(text, heard(text, *unsure))) == shown


def test_a_slice_has_its_own_signs() -> None:
    """Of a quote only the words that it holds, also where it ends with such a word."""
    text = "First we cash it, then we cash again."
    spoken = turn(text, heard(text, 2, 6))
    assert marked(spoken, 0, 13) == "First we cash(?)"
    assert marked(spoken, 18) == "then we cash(?) again."
    assert marked(spoken, 13, 18) == " it, "


def test_marks_find_their_words_in_a_text_of_other_words() -> None:
    """Where a name was taken out of the text, or the recogniser wrote it in another way."""
    words = heard("At Acme Pay we cash the answers", 4)
    text = "At [redacted 1] we cash the answers"
    assert marked(turn(text, words)) == "At [redacted 1] we cash(?) the answers"
    assert uncertain_words("something else", words) == (False, False)


def test_what_the_candidate_put_right_is_in_no_doubt() -> None:
    """They have read it; what was heard first keeps its doubts."""
    words = heard("We cash it somewhere", 1, 3)
    spoken = turn("We cache it somewhere", words, original="We cash it somewhere")
    assert uncertain_spans(spoken) == ()
    assert marked(spoken) == "We cache it somewhere"
    assert marked_original(spoken) == "We cash(?) it somewhere(?)"


def test_typed_words_are_in_no_doubt() -> None:
    """There are none that were heard."""
    assert marked(turn("We cash it.", ())) == "We cash it."
    assert marked_original(turn("We cash it.", ())) == "We cash it."


@given(
    st.text(alphabet="ab '-.,?\n", max_size=40),
    st.lists(st.tuples(st.text(alphabet="ab'-.", max_size=4), st.booleans()), max_size=10),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_marks_change_nothing_else(
    text: str, said: list[tuple[str, bool]], one: int, other: int
) -> None:
    """Whatever was heard: taken out again, the text or the slice is what it was."""
    words = tuple(Word(word, 0.0, 0.0, unsure) for word, unsure in said)
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    assert len(uncertain_words(text, words)) == len(words_of(text))
    assert marked(turn(text, words)).replace(MARK, "") == text
    assert marked(turn(text, words), start, end).replace(MARK, "") == text[start:end]
