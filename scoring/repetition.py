"""Whether a question was asked before, in the same words or nearly so."""

from __future__ import annotations

from collections.abc import Iterable

from scoring.text import tokenise, word_set
from scoring.utterance import folded, is_question, is_request, sentences_of, without_quotes

SAME_SHARE = 0.75
"""Share of the words of two questions that both have from which they are one."""

SHORT_WORDS = 4
"""A question of at most this many words ("What happens then?") is compared with its lead-in."""

_IDLE = word_set("a an and also but in is it of now okay ok please so that the then to well")


class Repetitions:
    """The questions of some utterances, to hold new ones against."""

    def __init__(self, asked: Iterable[str]) -> None:
        texts = [one for text in asked for one in _questions(text)]
        self._texts = {folded(one): one for one in texts}
        self._stems = [(one, _stems(one)) for one in texts]

    def of(self, utterance: str, sentence: str) -> str | None:
        """The former question that `sentence`, the last of `utterance`, asks again, or None."""
        if not self._texts or not _asks(sentence):
            return None
        short = len(sentence.split()) <= SHORT_WORDS
        for text in (utterance,) if short else (sentence, utterance):
            if folded(text) in self._texts:
                return self._texts[folded(text)]
            stems = _stems(text)
            again = next((one for one, former in self._stems if _same(stems, former)), None)
            if again is not None:
                return again
        return None


def _asks(sentence: str) -> bool:
    return is_question(sentence) or is_request(sentence)


def _questions(text: str) -> list[str]:
    """Each question alone, if it is long enough to be told by, and with what led in to it."""
    found: list[str] = []
    sentences = sentences_of(text)
    for at, sentence in enumerate(sentences):
        if _asks(sentence):
            found.append(" ".join(sentences[: at + 1]))
            if at and len(sentence.split()) > SHORT_WORDS:
                found.append(sentence)
    return found


def _stems(text: str) -> frozenset[str]:
    words = tokenise(without_quotes(text))
    return frozenset(token.stem for token in words if token.word not in _IDLE)


def _same(left: frozenset[str], right: frozenset[str]) -> bool:
    if min(len(left), len(right)) < SHORT_WORDS:
        return False
    return len(left & right) >= SAME_SHARE * len(left | right)
