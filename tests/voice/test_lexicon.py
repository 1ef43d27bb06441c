"""How written text is said."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from voice.lexicon import Lexicon, builtin_lexicon, pronounce, read_lexicon
from voice.speech import VoiceError


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Run kubectl on k8s.", "Run kube control on kubernetes."),
        ("RAG over SQL", "rag over sequel"),
        ("p99 of 250ms, p50 of 40 ms", "P 99 of 250 milliseconds, P 50 of 40 milliseconds"),
        ("The p99.9 is 1.2s.", "The P 99.9 is 1.2 seconds."),
        ("LLMs, GPUs and an API's key", "L.L.M's, G.P.U's and an A.P.I's key"),
        ("JSON, OAuth, nginx", "JSON, oh-auth, engine X"),
        ("CI/CD, A/B tests, 24/7", "C.I C.D, A.B tests, twenty-four seven"),
        ("DLQs and KRTs", "D.L.Q's and K.R.T's"),
        ("S3, EC2, BM25", "S 3, E.C 2, B.M 25"),
        ("C++, C#, .NET and node.js", "C plus plus, C sharp, dot net and node J.S"),
        ("It helps us; US law, IT", "It helps us; U.S law, I.T"),
        ("e.g. a cache, i.e. Redis, etc.", "for example a cache, that is Redis, et cetera"),
    ],
)
def test_technical_words_are_said_as_engineers_say_them(written: str, said: str) -> None:
    """Names are respelled, short forms spelled or spoken out, plurals kept."""
    assert pronounce(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("10k users, 1.5M rows, 70B", "10 thousand users, 1.5 million rows, 70 billion"),
        ("$0.12, $1.50, $2, $10k", "12 cents, 1 dollar 50, 2 dollars, 10 thousand dollars"),
        ("$3 million or $0.003", "3 million dollars or 0.003 dollars"),
        ("3 GB/s, 1 ms, 1s", "3 gigabytes per second, 1 millisecond, 1 second"),
        ("100 req/s and 10k/day", "100 requests per second and 10 thousand per day"),
        ("in the 2020s", "in the 2020s"),
        ("5-10 ms, 5–10%", "5 to 10 milliseconds, 5 to 10 percent"),
        ("GPT-4 on 2026-01-05 at 10:30", "GPT-4 on 2026-01-05 at 10:30"),
        ("v1.5, 3.11.2, 10.0.0.1", "version 1.5, 3 point 11 point 2, 10 dot 0 dot 0 dot 1"),
        (">= 5 and <3, ~50", "at least 5 and less than 3, about 50"),
        (
            "10^6, 1e-6, -5, 20°C",
            "10 to the 6, 1 times 10 to the minus 6, minus 5, 20 degrees Celsius",
        ),
        ("3 × 4 = 12, 1/2, 1:1", "3 times 4 equals 12, 1 over 2, 1 to 1"),
        ("2x faster, #1", "2 times faster, number 1"),
        ("7.2 of 1,000", "7.2 of 1,000"),
    ],
)
def test_figures_are_said_in_words(written: str, said: str) -> None:
    """Amounts, units, ranges, versions and signs; plain numbers are left to the voice."""
    assert pronounce(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("`retry()` **now**, _please_", "retry now, please"),
        ("snake_case and __init__", "snake case and init"),
        ("see [the docs](https://x.com/a)", "see the docs"),
        ("at https://www.example.com/a?b=1#c", "at example dot com"),
        ("- one\n- two", "one two"),
        ("# Heading\n```python\nx\n```", "Heading x"),
        ("the `/v1/messages` of main.py", "the slash version 1 messages of main dot py"),
        ("low (about five) — right?", "low, about five, right?"),
        ("good 👍 <@123>, “yes”, don’t", "good, yes, don't"),
        ("read/write -> done", "read write to done"),
        ("[[ˈbæd]]", "ˈbæd"),
        ("...", ""),
        ("```", ""),
        ("  ", ""),
    ],
)
def test_marks_for_the_eye_are_never_spoken(written: str, said: str) -> None:
    """Markdown, code, links and emoji leave their words only; no phoneme block reaches Piper."""
    assert pronounce(written) == said


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=80))
@example("ª")
@example("<a>")
@example("[x](y)")
@example("https://")
@example("_a_")
def test_whatever_has_letters_is_said(text: str) -> None:
    """No text makes it fail, and none with a letter comes out empty."""
    said = pronounce(text)

    assert bool(said) or not any(map(str.isalnum, text))


@settings(max_examples=100, deadline=None)
@given(
    parts=st.lists(
        st.sampled_from(["`x`", "**a**", "p99", "$5", "[[b]]", "~~", "#", "{k: 1}", "GB/s", "—"]),
        max_size=12,
    )
)
def test_no_sign_of_code_is_left(parts: list[str]) -> None:
    """What the voice is handed holds letters, digits, and marks that it knows how to breathe at."""
    said = pronounce(" ".join(parts))

    assert set("`*_#[]{}()<>|\\/~^=+$%&@").isdisjoint(said)
    assert said == " ".join(said.split())


def test_ones_own_words_win(tmp_path: Path) -> None:
    """A lexicon of one's own changes, adds and spells words; the rest stays."""
    own = tmp_path / "lexicon.yaml"
    own.write_text("words: {SQL: S.Q.L, slo: slow}\nspelled: [nginx]\nunits: {kn: [knot, knots]}\n")

    said = pronounce("SQL, SLO, nginx, 9 kn, kubectl", read_lexicon(own))

    assert said == "S.Q.L, slow, N.G.I.N.X, 9 knots, kube control"


def test_without_a_file_the_built_in_words_hold(tmp_path: Path) -> None:
    """Nobody needs a lexicon of their own."""
    assert read_lexicon(tmp_path / "lexicon.yaml") == builtin_lexicon()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("words: [a]", "words: Input should be a valid dictionary"),
        ("wrods: {}", "wrods: Extra inputs are not permitted"),
        ("units: {kn: [knot]}", "units.kn"),
        ("a: [", "cannot be read"),
        (b"\xff\xfe\xff", "cannot be read"),
    ],
)
def test_a_wrong_lexicon_is_named(tmp_path: Path, content: str | bytes, reason: str) -> None:
    """The message names the file, the place and the reason."""
    own = tmp_path / "lexicon.yaml"
    own.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(VoiceError, match=reason) as err:
        read_lexicon(own)

    assert str(own) in str(err.value)


def test_an_empty_lexicon_says_words_as_they_are() -> None:
    """The rules do not lean on any entry."""
    assert pronounce("p99 of `SQL`: 5 ms", Lexicon()) == "P 99 of SQL: 5 ms"
