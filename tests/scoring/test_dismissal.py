"""Words that are called needless."""

import pytest

from scoring.scope import dismissed
from scoring.text import read


def is_dismissed(text: str, word: str) -> bool:
    """Whether the word `word` of the text is called needless."""
    reading = read(text)
    at = next(at for at, token in enumerate(reading.tokens) if token.word == word)
    return dismissed(reading, (at,))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("A canary is overkill for a prompt.", "canary"),
        ("Honestly evals are a waste of a week.", "evals"),
        ("There is no need to write a golden set.", "golden"),
        ("I'd skip the canary.", "canary"),
        ("Retries do not help here.", "retries"),
    ],
)
def test_what_is_called_needless(text: str, word: str) -> None:
    """A judgement behind it or a verb that passes it over."""
    assert is_dismissed(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("So that nobody does not pay twice we send a key.", "key"),
        ("We rerank with a cross-encoder to drop irrelevant chunks.", "rerank"),
        ("We skip unchanged documents by their hash.", "hash"),
        ("Guardrails add an overhead of 50 ms.", "guardrails"),
        ("A canary is not overkill.", "canary"),
    ],
)
def test_honest_words_are_not(text: str, word: str) -> None:
    """The same words about something else, or denied."""
    assert not is_dismissed(text, word)
