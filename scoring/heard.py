"""Which words stand in a room already: what was said, drawn, given or asked."""

from __future__ import annotations

from collections.abc import Iterable

from scoring.text import FUNCTION_WORDS, Token, light_stems, stem, tokenise

SAME_ROOT = 5
"""Letters that two stems share from the start to count as one word: "retrieval", "retriever"."""


class HeardWords:
    """The words of some texts, asked for by stem; endings and derivations count as the same."""

    def __init__(self, texts: Iterable[str]) -> None:
        written = {word for text in texts for word in text.split()}
        stems = {token.stem for token in tokenise(" ".join(written))}
        self._stems = stems | {stem(one) for one in stems}  # "embedded" is embed, "embed" is emb
        self._roots = {one[:SAME_ROOT] for one in self._stems if len(one) >= SAME_ROOT}

    def __contains__(self, word: str) -> bool:
        return word in self._stems or (len(word) >= SAME_ROOT and word[:SAME_ROOT] in self._roots)

    def joined(self, other: HeardWords) -> HeardWords:
        """The words of both."""
        both = HeardWords(())
        both._stems = self._stems | other._stems
        both._roots = self._roots | other._roots
        return both


def telling_words(text: str) -> list[Token]:
    """The words of `text` that say something by themselves: no grammar, no everyday words."""
    light = light_stems()
    return [
        token
        for token in tokenise(text)
        if token.word not in FUNCTION_WORDS and token.stem not in light and not _is_mark(token)
    ]


def _is_mark(token: Token) -> bool:
    return len(token.word) == 1
