"""Cutting an utterance into what is spoken in one go."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.clauses import LONGEST, SHORTEST_FIRST, clauses

PIECES = (
    *("retry", "e.g.", "7.2", "v1.5", "Dr.", "p99", "latency", "U.S.", "etc.", "naïve", "日本"),
    *("—", ",", ".", "?", "\n\n", "`a, b`", "(", ")", "...", "- ", "1.", " ", "🙂", "x" * 70),
)
WORDS = st.lists(st.sampled_from(PIECES), max_size=24).map(" ".join)


def _texts(text: str, start: int = 0) -> list[str]:
    return [clause.text for clause in clauses(text, start)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Okay. How would you test it?", ["Okay. ", "How would you test it?"]),
        (
            "You said that the index is rebuilt nightly, so what happens to a document of today?",
            [
                "You said that the index is rebuilt nightly, ",
                "so what happens to a document of today?",
            ],
        ),
        (
            "The budget is tight — what would you leave out first, and what would that cost?",
            ["The budget is tight — what would you leave out first, ", "and what would that cost?"],
        ),
        ("Take a cache, e.g. Redis, now.", ["Take a cache, e.g. Redis, now."]),
        ("It takes 7.2 s in v1.5. Why?", ["It takes 7.2 s in v1.5. ", "Why?"]),
        ("Dr. Hu asked J. Doe. Who else?", ["Dr. Hu asked J. Doe. ", "Who else?"]),
        ("Logs, traces, etc. are kept.", ["Logs, traces, etc. are kept."]),
        ("Logs, traces, etc. Who reads them?", ["Logs, traces, etc. ", "Who reads them?"]),
        ("See no. 7 first. No. Go on.", ["See no. 7 first. ", "No. ", "Go on."]),
        ("Right... and then?", ["Right... ", "and then?"]),
        ("He said “no.” Why?", ["He said “no.” ", "Why?"]),
        ("Two parts:\n1. Reads.\n2. Writes.", ["Two parts:\n", "1. Reads.\n", "2. Writes."]),
        ("So the call was `merge(left, right, how)` at p99?", None),
        ("Would a service (like S3, GCS, or so) do for that?", None),
        ("Well, what would you do about that?", None),
        ("Between 10,000 and 20,000 users a day, right?", None),
    ],
)
def test_an_utterance_is_cut_where_a_speaker_would_rest(
    text: str, pieces: list[str] | None
) -> None:
    """Sentences, and a first clause at a comma or dash; never inside a number, name or call."""
    assert _texts(text) == (pieces or [text])


def test_a_first_clause_is_not_cut_before_it_is_worth_it() -> None:
    """A pause of the voice before 25 characters is passed over, the next one is taken."""
    first, *_ = _texts("Fine, now the queue is full, and the workers are slow, so what gives?")

    assert first == "Fine, now the queue is full, "
    assert len(first) >= SHORTEST_FIRST


def test_only_the_first_sentence_is_cut_inside() -> None:
    """Later sentences are spoken whole: there is time to make them, and they sound better so."""
    later = "When the region fails at night, who is called, and what do they see first?"

    assert _texts(f"Good. {later}") == ["Good. ", later]


def test_a_start_inside_the_text_gives_the_rest_with_its_own_offsets() -> None:
    """Offsets count from the beginning of the utterance, wherever speaking begins."""
    text = "First one. Second one. Third one."

    rest = clauses(text, 11)

    assert [(clause.start, clause.end) for clause in rest] == [(11, 23), (23, 33)]
    assert _texts(text, len(text)) == []


@settings(max_examples=60, deadline=None)
@given(text=WORDS, start=st.integers(0, 80))
def test_every_character_belongs_to_one_clause(text: str, start: int) -> None:
    """The clauses are the text from `start` on, in order, without gap or overlap."""
    pieces = clauses(text, start)

    assert "".join(piece.text for piece in pieces) == text[start:]
    assert all(piece.text == text[piece.start : piece.end] for piece in pieces)
    assert all(piece.text for piece in pieces)


@settings(max_examples=60, deadline=None)
@given(text=WORDS)
def test_no_clause_is_without_words_or_too_long(text: str) -> None:
    """What is handed to the synthesiser can be said, and a stop never waits for a whole page."""
    pieces = clauses(text)

    assert len(pieces) <= 1 or all(any(map(str.isalnum, piece.text)) for piece in pieces)
    assert all(len(piece.text.strip()) <= LONGEST + 60 for piece in pieces)


@settings(max_examples=60, deadline=None)
@given(text=WORDS)
def test_sentences_end_where_they_ended_before(text: str) -> None:
    """Going on after any clause cuts at the places of the first time, or earlier ones besides."""
    pieces = clauses(text)
    for piece in pieces:
        later = {other.end for other in pieces if other.start >= piece.end}
        again = {other.end for other in clauses(text, piece.end)}

        assert later <= again or len(text) > LONGEST
