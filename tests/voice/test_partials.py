"""Captions only grow: an agreed word is never taken back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from voice.partials import LocalAgreement

WORDS = ("let", "me", "think", "about", "that", "kafka", "a", "b", "c")
GUESSES = st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), max_size=10)


def _after(*guesses: str) -> LocalAgreement:
    agreement = LocalAgreement()
    for guess in guesses:
        agreement = agreement.heard(guess)
    return agreement


def test_one_guess_alone_shows_nothing() -> None:
    """It takes two to agree."""
    assert not _after("let me think").text


def test_a_lone_wrong_guess_is_never_shown() -> None:
    """The odd guess between two good ones disappears."""
    heard = _after(
        "let me think about", "let me think about for", "backups are taken", "let me think about"
    )

    assert heard.text == "let me think about"
    assert heard.heard("let me think about that for a second").text == "let me think about"


def test_agreed_words_grow_with_the_guesses() -> None:
    """The common beginning of each two guesses is added."""
    assert _after("we need", "we need a queue", "we need a queue here").text == "we need a queue"


def test_case_and_punctuation_are_no_disagreement() -> None:
    """What was shown first stays as it was shown."""
    assert _after("We use Kafka.", "we use kafka, because").text == "we use kafka,"


def test_a_beginning_told_otherwise_is_not_said_twice() -> None:
    """A later guess with a word more inside the agreed part adds only what is new."""
    heard = _after("we store it in a cash", "we store it in a cash")
    both = heard.heard("we store it all in a cache too").heard("we store it all in a cache too")

    assert both.text == "we store it in a cash too"


def test_other_words_add_nothing() -> None:
    """Two guesses that agree with each other but not with what was shown are not appended."""
    heard = _after("let me think about", "let me think about")
    other = "backups are taken every single night"

    assert heard.heard(other).heard(other).text == "let me think about"


@settings(max_examples=100)
@given(GUESSES)
def test_the_agreed_prefix_never_shrinks(guesses: list[str]) -> None:
    """Each agreed text begins with the one before, and comes from words that were guessed."""
    agreement = LocalAgreement()
    for guess in guesses:
        grown = agreement.heard(guess)

        assert grown.agreed[: len(agreement.agreed)] == agreement.agreed
        assert set(grown.agreed[len(agreement.agreed) :]) <= set(guess.split())
        agreement = grown
