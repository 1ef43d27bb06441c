"""What a sentence denies as a whole."""

import pytest

from scoring.denial import denied
from scoring.text import read


def words(text: str, which: str) -> str:
    """The words of `text` that are barred or doubted."""
    reading = read(text)
    return " ".join(reading.tokens[at].word for at in sorted(getattr(denied(reading), which)))


@pytest.mark.parametrize(
    "text",
    [
        "It is not true that retries need a budget.",
        "It's false that we cache.",
        "I disagree that we need evals.",
        "It would be wrong to say that a cap stops the loop.",
        "It's a myth that tokens are words.",
    ],
)
def test_an_outright_denial_is_no_evidence(text: str) -> None:
    """Everything behind the denial is barred up to the end of its sentence."""
    said = " ".join(token.word for token in read(text).tokens)

    assert words(text, "barred")
    assert said.endswith(words(text, "barred"))


@pytest.mark.parametrize(
    "text",
    [
        "Retries need a budget, that is true.",
        "Whatever the model gets wrong, and any answer that is not correct, goes to staff.",
        "I wouldn't put the secret in the prompt.",
        "Contrary to popular belief, temperature zero still varies.",
        "I deny by default: every tool that is not on the allow list is refused in code.",
        "I would not accept a release without running the golden set.",
    ],
)
def test_advising_against_something_is_no_denial(text: str) -> None:
    """What is said to be bad, or against what others think, is the speaker's own claim."""
    assert denied(read(text)) == (frozenset(), frozenset())


def test_a_reason_behind_a_denial_is_doubted_only() -> None:
    """Whoever denies a misconception says why, and that is no denial."""
    text = "It is not true that zero is exact, because batching changes the sums."

    assert words(text, "doubted") == "because batching changes the sums"


def test_the_next_sentence_is_free_again() -> None:
    """A denial ends with its sentence; a semicolon goes on with it."""
    assert "cap" not in words("It is a myth that it loops. I cap the steps.", "barred")
    assert "cap" in words("It is a myth that it loops; I cap the steps.", "barred")


def test_speech_without_full_stops_denies_each_time() -> None:
    """Two denials in one unpunctuated run both count, and code behind one belongs to it."""
    text = "it is not true that we cap it and it is not true that we log it"

    assert words(text, "barred") == "not true that we cap it and it is not true that we log it"
    assert "retries" in words("It is not true that ```retries = 3```", "barred")


def test_disbelief_ends_at_a_semicolon() -> None:
    """What follows is the speaker's own claim."""
    text = "I don't think that the prompt is enough; permissions are checked in code."

    assert "permissions" not in words(text, "doubted")


def test_disbelief_is_doubted() -> None:
    """ "I don't believe that" may be an opinion about the matter, so it bars nothing."""
    text = "I don't believe that retries help."

    assert words(text, "barred") == ""
    assert words(text, "doubted").endswith("retries help")
