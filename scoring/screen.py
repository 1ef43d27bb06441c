"""An answer as far as it may be evidence: the gates applied to a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from scoring.denial import denied
from scoring.gates import (
    DUMPED_WORDS,
    REPEATED_RUN,
    SHORT_LINE,
    Flag,
    Trigram,
    downward_lists,
    ends_item,
    glossary_dump,
    heard_trigrams,
    injection_spans,
    keyword_list,
    outsourced,
    parrot,
    repeated,
)
from scoring.salad import salads
from scoring.text import Reading, chunks, is_content, read

LONGEST_ITEM = 8
"""Tokens up to which a part of a list may be a phrase that says something by itself."""

FEWEST_IN_ITEM = 3
"""Words by which an item shows a concept; two are its name."""

Terms = frozenset[tuple[str, ...]]


class Screened(NamedTuple):
    """What is left of an answer.

    `listed` numbers the item of each token that stands in a bare list, `long_items` are those that
    are too long to be one and -1 for what stands in none, `doubted` are the tokens in
    sentences that may deny what they say, `flags` tell what was taken out.
    """

    reading: Reading
    listed: Mapping[int, int]
    long_items: frozenset[int]
    doubted: frozenset[int]
    flags: frozenset[Flag]


def screen(text: str, heard: Sequence[str], terms: Terms) -> Screened:
    """Take injected text, repetitions, dumps and gated windows out of `text`.

    Short bare lists stay and are named: a listable concept may be named in one, any other has to
    be shown inside one of its items. `heard` is what the interviewer said, `terms` the glossary as
    `term_stems` gives it.
    """
    injected = injection_spans(text)
    reading = read(text, injected)
    flags: set[Flag] = set()
    if injected:
        flags.add(Flag.INJECTION)
    again = {at for at in repeated(reading.tokens) if not _is_code(reading, at)}
    if any(len(run) >= REPEATED_RUN for run in _runs(sorted(again))):
        flags.add(Flag.REPETITION)
    listed = _listed(reading)
    denial = denied(reading)
    if denial.barred:
        flags.add(Flag.DENIAL)
    barred = again | denial.barred | _barred(reading, heard, flags)
    for first, last in salads(reading, again):
        flags.add(Flag.WORD_SALAD)
        barred = barred.union(range(first, last))
    barred |= _dumped(reading, listed, terms, flags)
    items = _items(reading, listed)
    if not barred:
        return Screened(reading, items, _long(items), denial.doubted, frozenset(flags))
    kept = [at for at in range(len(reading.tokens)) if at not in barred]
    return Screened(
        reading.keeping(kept),
        {new: items[old] for new, old in enumerate(kept) if old in items},
        _long(items),
        frozenset(new for new, old in enumerate(kept) if old in denial.doubted),
        frozenset(flags),
    )


def _is_code(reading: Reading, at: int) -> bool:
    return reading.sentences[reading.sentence_of[at]].fenced


def is_listed(screened: Screened, positions: Sequence[int]) -> bool:
    """Whether one of the tokens at `positions` stands in a bare list."""
    return any(at in screened.listed for at in positions)


def spans_items(screened: Screened, positions: Sequence[int]) -> bool:
    """Whether they are more than one item of it, a bare term, or in one too long to be an item."""
    items = {screened.listed.get(at, -1) for at in positions}
    in_one = len(items) == 1 and items.isdisjoint(screened.long_items)
    return not in_one or len(positions) < FEWEST_IN_ITEM


def _barred(reading: Reading, heard: Sequence[str], flags: set[Flag]) -> set[int]:
    """Tokens of echoes and of answers left to others; adds to `flags`."""
    echoes = frozenset[Trigram]().union(*(heard_trigrams(said) for said in heard))
    barred: set[int] = set()
    for first, last in chunks(reading):
        tokens = reading.tokens[first:last]
        flag = parrot(tokens, echoes) or outsourced(tokens)
        if flag:
            flags.add(flag)
            barred.update(range(first, last))
    return barred


def _stretches(reading: Reading) -> set[tuple[int, int]]:
    """Sentences and the pieces of long ones."""
    whole = {(one.first, one.last) for one in reading.sentences if one.first < one.last}
    return whole.union(chunks(reading))


def _listed(reading: Reading) -> set[int]:
    """Tokens in bare lists: in a window, a whole run of words, or line by line."""
    listed: set[int] = set()
    for index in downward_lists(reading):
        listed.update(range(reading.sentences[index].first, reading.sentences[index].last))
    for first, last in _stretches(reading):
        if keyword_list(reading, first, last):
            listed.update(range(first, last))
    return listed


def _dumped(reading: Reading, listed: set[int], terms: Terms, flags: set[Flag]) -> set[int]:
    """Tokens of lists too long to be honest, and of glossaries; adds to `flags`."""
    dumped: set[int] = set()
    runs = list(_runs(sorted(listed)))
    for run in runs:
        if sum(1 for at in run if is_content(reading.tokens[at])) >= DUMPED_WORDS:
            flags.add(Flag.KEYWORD_LIST)
            dumped.update(run)
    ranges = [*_stretches(reading), *((run[0], run[-1] + 1) for run in runs)]
    for first, last in [*ranges, *_short_lines(reading)]:
        if glossary_dump(reading.tokens[first:last], terms):
            flags.add(Flag.GLOSSARY_DUMP)
            dumped.update(range(first, last))
    return dumped


def _short_lines(reading: Reading) -> Iterator[tuple[int, int]]:
    """Token ranges of lines of a few words each that follow one another."""
    first: int | None = None
    for sentence in reading.sentences:
        short = sentence.last - sentence.first <= SHORT_LINE
        if short and first is None:
            first = sentence.first
        if not short and first is not None:
            yield first, sentence.first
            first = None
    if first is not None:
        yield first, len(reading.tokens)


def _runs(places: Sequence[int]) -> Iterator[list[int]]:
    """Places that follow one another, together."""
    run: list[int] = []
    for at in places:
        if run and at != run[-1] + 1:
            yield run
            run = []
        run.append(at)
    if run:
        yield run


def _long(items: Mapping[int, int]) -> frozenset[int]:
    lengths = Counter(items.values())
    return frozenset({-1, *(item for item, length in lengths.items() if length > LONGEST_ITEM)})


def _items(reading: Reading, listed: set[int]) -> dict[int, int]:
    """The number of the list item that each listed token belongs to."""
    items: dict[int, int] = {}
    number = 0
    for at in sorted(listed):
        items[at] = number
        number += ends_item(reading.tokens[at]) or at + 1 not in listed
    return items
