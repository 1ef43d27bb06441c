"""Tokens, sentences, windows and quantities."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.quantities import DURATION, MONEY, NUMBER, PERCENT, quantities
from scoring.text import (
    Span,
    chunks,
    content_stems,
    inverse_frequency,
    read,
    stem,
    tokenise,
    windows,
)

pytestmark = pytest.mark.unit


def words(text: str) -> list[str]:
    return [token.word for token in tokenise(text)]


def found(text: str) -> list[tuple[str, set[str]]]:
    tokens = tokenise(text)
    return [
        (text[tokens[one.first].start : tokens[one.last - 1].end], set(one.kinds))
        for one in quantities(tokens)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don't cache", ["i", "do", "not", "cache"]),
        ("it won’t, can't, cannot", ["it", "will", "not", "can", "not", "can", "not"]),
        ("dont wont", ["do", "not", "will", "not"]),
        ("we'll see", ["we", "will", "see"]),
        ("what's the peak", ["what", "is", "the", "peak"]),
        ("the model's cache", ["the", "model", "cache"]),
        ("read-only fine_tuned", ["read", "only", "fine", "tuned"]),
        ("behaviour of labelled PDFs", ["behavior", "of", "labeled", "pdf"]),
        ("summarise and analyse", ["summarize", "and", "analyze"]),
        ("$1,000 and 5 %", ["$1000", "and", "5%"]),
        ("", []),
        ("?!… —", []),
    ],
)
def test_words_are_unified(text: str, expected: list[str]) -> None:
    """Contractions, hyphens, spellings and numbers come out in one form."""

    assert words(text) == expected


def test_inflections_share_a_stem() -> None:
    """What the cue notation promises: "cached" finds "caching"."""

    assert {stem("cached"), stem("caching"), stem("caches")} == {"cach"}


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_tokens_are_ordered_slices(text: str) -> None:
    """No text raises, and tokens lie in the text in order without overlap."""

    end = 0
    for token in tokenise(text):
        assert end <= token.start < token.end <= len(text)
        end = token.end
    list(quantities(tokenise(text)))
    reading = read(text)
    assert len(reading.sentence_of) == len(reading.tokens)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("about 200 requests", [("200", {NUMBER})]),
        ("two hundred requests", [("two hundred", {NUMBER})]),
        ("it costs $5k", [("$5k", {NUMBER, MONEY})]),
        ("5 dollars", [("5 dollars", {NUMBER, MONEY})]),
        ("90 percent", [("90 percent", {NUMBER, PERCENT})]),
        ("5 per cent", [("5 per cent", {NUMBER, PERCENT})]),
        ("99.9%", [("99.9%", {NUMBER, PERCENT})]),
        ("300ms", [("300ms", {NUMBER, DURATION})]),
        ("half a second", [("half a second", {NUMBER, DURATION})]),
        ("a few minutes", [("a few minutes", {NUMBER, DURATION})]),
        ("within a minute", [("a minute", {DURATION})]),
        ("200 a day", [("200", {NUMBER})]),
        ("requests a day", []),
        ("GPT-4 and 4o", []),
        ("one of the models", []),
    ],
)
def test_quantities(text: str, expected: list[tuple[str, set[str]]]) -> None:
    """Quantities in digits and words are told from rates, versions and articles."""

    assert found(text) == expected


def test_list_markers_are_no_numbers() -> None:
    """The 1 of "1." says nothing, and every bullet is a sentence of its own."""

    reading = read("1. cache the prefix\n2) batch it\n- stream it")

    assert [token.word for token in reading.tokens if token.word.isdigit()] == []
    assert [sentence.bullet for sentence in reading.sentences] == [True, True, True]


def test_sentences() -> None:
    """Full stops end sentences, decimals and "e.g." do not; questions are known."""

    reading = read("It takes 2.5 s, e.g. at night. Who uses it? Staff")

    assert [(one.first, one.last, one.question) for one in reading.sentences] == [
        (0, 8, False),
        (8, 11, True),
        (11, 12, False),
    ]


def test_unpunctuated_speech_is_cut_into_windows() -> None:
    """Windows of about thirty words overlap by half."""

    reading = read(" ".join(f"word{number}" for number in range(90)))
    pieces = chunks(reading)

    assert all(last - first <= 15 for first, last in pieces)
    assert (0, 30) in windows(pieces)
    assert (15, 45) in windows(pieces)


def test_cut_spans_and_fillers_leave_no_gap() -> None:
    """What is cut away does not stand between its neighbours."""

    text = "requests per um second XX now"
    start = text.index("XX")

    assert [t.word for t in read(text, [Span(start, start + 2)]).tokens] == [
        "requests",
        "per",
        "second",
        "now",
    ]


def test_common_words_weigh_less() -> None:
    """A stem that every document holds weighs least, and everyday words weigh less still."""

    weights = inverse_frequency([["agent", "cache", "use"], ["agent", "trace"], ["agent"]])

    assert weights["agent"] < weights["cache"] == weights["trace"]
    assert weights["use"] < weights["agent"]


def test_content_stems_leave_function_words_out() -> None:
    """Only words with content count as coverage."""

    assert content_stems("we would cache the prompts for the prompt") == ["cach", "prompt"]
