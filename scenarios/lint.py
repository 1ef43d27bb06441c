"""What the shape of a pack cannot say: whether it means what it should.

`scenarios.references` checks what hangs together, `scenarios.wording` how sentences are worded,
and this module what the evidence finder makes of them: phrasings that must be found, near misses
and the interviewer's own questions that must not. The finder stands a floor above, so it is
handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Protocol

from scenarios.documents import PackError, Problem, parse_document, read_bytes
from scenarios.load import CASES, Item, Library, Pack, load_cases
from scenarios.model import Concept, Cue, Plan, Scenario
from scenarios.outline import (
    PlacedText,
    RoundItem,
    openings,
    placed_concepts,
    probes,
    red_flags,
)
from scenarios.references import Finding, check_cases, check_references
from scenarios.wording import check_wording

Keyed = Sequence[tuple[str, Concept]]
"""Concepts with their keys, as `RoundPlan.concepts()` gives them."""


class Finder(Protocol):
    """What the linter asks of the evidence finder."""

    def hits(self, concepts: Keyed, text: str, heard: Sequence[str] = ()) -> frozenset[str]:
        """The keys of the concepts that `text` shows beyond doubt.

        `heard` is what the interviewer said before. All calls for one round pass the same
        `concepts` object, so that an index may be kept.
        """
        ...

    def matches(self, cues: Sequence[Cue], text: str) -> bool:
        """Whether any of the cues matches the text."""
        ...

    def stems(self, text: str) -> Sequence[str]:
        """The stems of the text's content words, in any order."""
        ...


def lint(
    library: Library, find: Finder, packs: Sequence[Pack] | None = None
) -> tuple[Problem, ...]:
    """Every fault of the packs' items and cases, in the order of packs and files.

    Without `packs` the whole library is checked; with them it is only what they may refer to.
    """
    return tuple(
        chain.from_iterable(
            chain(_lint_items(pack, library, find), _lint_cases(pack, library))
            for pack in (library.packs if packs is None else packs)
        )
    )


def _lint_items(pack: Pack, library: Library, find: Finder) -> Iterator[Problem]:
    for item in pack.items.values():
        yield from _place(pack.files[item.id], _findings(item, library, find))


def _lint_cases(pack: Pack, library: Library) -> Iterator[Problem]:
    try:
        cases = load_cases(pack)
    except PackError as err:
        yield from err.problems
        return
    for item_id, found in cases.items():
        yield from _place(pack.folder / CASES / f"{item_id}.yaml", check_cases(found, library))


def _findings(item: Item, library: Library, find: Finder) -> Iterator[Finding]:
    yield from check_references(item, library)
    if isinstance(item, Plan):
        return
    yield from check_wording(item, find.stems)
    yield from _check_cues(item, find)
    yield from _check_hits(item, find)


def _place(path: Path, findings: Iterable[Finding]) -> Iterator[Problem]:
    """The findings as problems; the file is read again only if there are any."""
    found = list(findings)
    if found:
        document = parse_document(path, read_bytes(path))
        yield from (document.problem(loc, reason) for loc, reason in found)


def _check_cues(item: RoundItem, find: Finder) -> Iterator[Finding]:
    """Examples that their own cues do not match, and near misses of red flags that they do."""
    for loc, _, concept in placed_concepts(item):
        for index, one in enumerate(concept.contradictions):
            if not find.matches((one.cue,), one.example):
                yield (*loc, "contradictions", index, "example"), _UNMATCHED
    for loc, flag in red_flags(item):
        yield from _unmatched((*loc, "examples"), flag.cues, flag.examples, find)
        yield from _matched((*loc, "near_misses"), flag.cues, flag.near_misses, find)
    if isinstance(item, Scenario):
        for index, fact in enumerate(item.facts):
            place = ("facts", index, "example_questions")
            yield from _unmatched(place, fact.cues, fact.example_questions, find)


_UNMATCHED = "its cues do not match it: widen a cue or change the example"


def _unmatched(
    loc: tuple[str | int, ...], cues: Sequence[Cue], examples: Sequence[str], find: Finder
) -> Iterator[Finding]:
    for index, text in enumerate(examples):
        if not find.matches(cues, text):
            yield (*loc, index), _UNMATCHED


def _matched(
    loc: tuple[str | int, ...], cues: Sequence[Cue], near_misses: Sequence[str], find: Finder
) -> Iterator[Finding]:
    for index, text in enumerate(near_misses):
        if find.matches(cues, text):
            yield (*loc, index), "a near miss of a red flag matches its cues: narrow them"


def _check_hits(item: RoundItem, find: Finder) -> Iterator[Finding]:
    """Phrasings that are not found, near misses that are, and questions that give answers away."""
    concepts = tuple((placed.key, placed.concept) for placed in placed_concepts(item))
    for loc, key, concept in placed_concepts(item):
        for index, text in enumerate(concept.phrasings):
            if key not in find.hits(concepts, text):
                yield (
                    (*loc, "phrasings", index),
                    "is not found as its own concept: add a cue for it",
                )
        for index, text in enumerate(concept.near_misses):
            if key in find.hits(concepts, text):
                yield (*loc, "near_misses", index), "is found as its concept: narrow the cues"
        leaked = find.hits(concepts, concept.hint) - {key}
        yield from _leaks(PlacedText((*loc, "hint"), concept.hint), leaked)
    for placed in chain(openings(item), probes(item)):
        yield from _leaks(placed, find.hits(concepts, placed.text))


def _leaks(placed: PlacedText, keys: frozenset[str]) -> Iterator[Finding]:
    for key in sorted(keys):
        yield placed.loc, f"gives `{key}` away: ask without its words"
