"""An answer as far as it may be evidence: the gates applied to a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scoring.gates import (
    REPEATED_RUN,
    Flag,
    Trigram,
    denial,
    downward_lists,
    glossary_dump,
    heard_trigrams,
    injection_spans,
    keyword_list,
    outsourced,
    parrot,
    repeated,
)
from scoring.text import Reading, Token, chunks, read

Terms = frozenset[tuple[str, ...]]


class Screened(NamedTuple):
    """What is left of an answer, the token indices that stand in bare lists, and the flags."""

    reading: Reading
    listed: frozenset[int]
    flags: frozenset[Flag]


def screen(text: str, heard: Sequence[str], terms: Terms) -> Screened:
    """Take injected text, repetitions and gated windows out of `text`.

    Bare lists stay and are named, for the concepts that may be listed. `heard` is what the
    interviewer said, `terms` the glossary as `term_stems` gives it.
    """
    injected = injection_spans(text)
    again: set[int] = set()

    def drop_repeated(tokens: Sequence[Token]) -> set[int]:
        again.update(repeated(tokens))
        return again

    reading = read(text, injected, drop_repeated)
    flags: set[Flag] = set()
    if len(again) >= REPEATED_RUN:
        flags.add(Flag.REPETITION)
    if injected:
        flags.add(Flag.INJECTION)
    listed = _listed(reading, terms, flags)
    barred = _barred(reading, heard, flags)
    if barred:
        kept = [at for at in range(len(reading.tokens)) if at not in barred]
        listed = {new for new, old in enumerate(kept) if old in listed}
        reading = reading.keeping(kept)
    return Screened(reading, frozenset(listed), frozenset(flags))


def _barred(reading: Reading, heard: Sequence[str], flags: set[Flag]) -> set[int]:
    """Tokens of echoes, denials and answers left to others; adds to `flags`."""
    echoes = frozenset[Trigram]().union(*(heard_trigrams(said) for said in heard))
    barred: set[int] = set()
    for first, last in chunks(reading):
        tokens = reading.tokens[first:last]
        flag = parrot(tokens, echoes) or denial(tokens) or outsourced(tokens)
        if flag:
            flags.add(flag)
            barred.update(range(first, last))
    return barred


def _listed(reading: Reading, terms: Terms, flags: set[Flag]) -> set[int]:
    """Tokens in bare lists: in a window, a whole run of words, or line by line."""
    listed: set[int] = set()
    for index in downward_lists(reading):
        flags.add(Flag.KEYWORD_LIST)
        listed.update(range(reading.sentences[index].first, reading.sentences[index].last))
    whole = {(sentence.first, sentence.last) for sentence in reading.sentences}
    for first, last in whole.union(chunks(reading)):
        dump = glossary_dump(reading.tokens[first:last], terms)
        flag = dump or keyword_list(reading, first, last)
        if flag:
            flags.add(flag)
            listed.update(range(first, last))
    return listed
