"""Cues against a text. The notation is the one of `scenarios.model`.

Two rules go beyond the notation: the slots of a cue are matched by different words, and a match
reaches from one sentence into the next at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from scenarios.model import Cue
from scoring.quantities import KINDS, MONEY, NUMBER, PERCENT, quantities
from scoring.scope import asks, negated
from scoring.text import Reading, read, tokenise

Alternative = tuple[str, ...]
"""Elements that stand next to each other: a stem, a beginning such as `request*`, or a kind."""

Place = tuple[int, int]
"""Tokens `first` up to, not including, `last`."""


class CueMatch(NamedTuple):
    """Cue number `cue` matches by the tokens `positions`, which lie in `first` to `last`."""

    cue: int
    first: int
    last: int
    positions: tuple[int, ...]


_SIGNS = {"%": PERCENT, "$": MONEY, "#": NUMBER}


@lru_cache(maxsize=20_000)
def compile_slot(slot: str) -> tuple[Alternative, ...]:
    """The alternatives of a slot; one with nothing to match by is left out."""
    alternatives: list[Alternative] = []
    for written in slot.split("|"):
        compiled: list[Alternative] = [()]
        for piece in written.split():
            compiled = [head + tail for head in compiled for tail in _elements(piece)]
        alternatives.extend(one for one in compiled if one)
    return tuple(dict.fromkeys(alternatives))


def _elements(piece: str) -> list[Alternative]:
    kind = _SIGNS.get(piece, piece.casefold())
    if kind in KINDS:
        return [(kind,)]
    tokens = tokenise(piece)
    if not tokens or not piece.endswith("*"):
        return [tuple(token.stem for token in tokens)]
    head = tuple(token.stem for token in tokens[:-1])
    return [(*head, f"{beginning}*") for beginning in _beginnings(tokens[-1].word)]


def _beginnings(word: str) -> list[str]:
    """The beginning in either spelling: `optimis*` finds "optimize" as well."""
    variants = {"is": "iz", "ys": "yz", "ll": "l"}
    tail = word[-2:]
    if len(word) >= 6 and tail in variants:
        return [word, word[:-2] + variants[tail]]
    return [word]


class CueMatcher:
    """Many cues made ready to be matched against many texts."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._cues = tuple(cues)
        self._alternatives: list[Alternative] = []
        self._users: list[list[tuple[int, int]]] = []
        self._by_element: dict[str, list[int]] = {}
        numbers: dict[Alternative, int] = {}
        for at, cue in enumerate(self._cues):
            for slot, written in enumerate(cue.all):
                for alternative in compile_slot(written):
                    if alternative not in numbers:
                        numbers[alternative] = self._add(alternative)
                    self._users[numbers[alternative]].append((at, slot))
        self._elements = frozenset(one for alternative in numbers for one in alternative)
        self._lengths = sorted({len(one) - 1 for one in self._elements if one.endswith("*")})

    def _add(self, alternative: Alternative) -> int:
        self._alternatives.append(alternative)
        self._users.append([])
        anchor = max(alternative, key=len)
        self._by_element.setdefault(anchor, []).append(len(self._alternatives) - 1)
        return len(self._alternatives) - 1

    def matches(self, reading: Reading) -> Iterator[CueMatch]:
        """Every match, one per cue and leftmost word, cues in no promised order."""
        places = self._places(reading)
        found: dict[int, dict[int, list[Place]]] = {}
        for number in self._present(places):
            spots = _occurrences(self._alternatives[number], places)
            for cue, slot in self._users[number] if spots else ():
                found.setdefault(cue, {}).setdefault(slot, []).extend(spots)
        for at, slots in found.items():
            cue = self._cues[at]
            if len(slots) == len(cue.all):
                ordered = [sorted(set(slots[slot])) for slot in range(len(cue.all))]
                for arrangement in _arrangements(ordered, cue, reading):
                    yield _as_match(at, arrangement)

    def _places(self, reading: Reading) -> dict[str, dict[int, int]]:
        """Where each known element stands: first token -> end."""
        places: dict[str, dict[int, int]] = {}
        for index, token in enumerate(reading.tokens):
            if token.stem in self._elements:
                places.setdefault(token.stem, {})[index] = index + 1
            for beginning in self._beginnings_of(token.word):
                places.setdefault(beginning, {})[index] = index + 1
        if self._elements & KINDS:
            for quantity in quantities(reading.tokens):
                for kind in quantity.kinds:
                    places.setdefault(kind, {})[quantity.first] = quantity.last
        return places

    def _beginnings_of(self, word: str) -> list[str]:
        written = [f"{word[:length]}*" for length in self._lengths if length <= len(word)]
        return [one for one in written if one in self._elements]

    def _present(self, places: dict[str, dict[int, int]]) -> list[int]:
        """Alternatives of cues that have a present alternative for each of their slots."""
        present = [
            number
            for element in places
            for number in self._by_element.get(element, ())
            if all(one in places for one in self._alternatives[number])
        ]
        filled: dict[int, set[int]] = {}
        for number in present:
            for cue, slot in self._users[number]:
                filled.setdefault(cue, set()).add(slot)
        possible = {cue for cue, slots in filled.items() if len(slots) == len(self._cues[cue].all)}
        return [
            number for number in present if any(cue in possible for cue, _ in self._users[number])
        ]


def _occurrences(alternative: Alternative, places: dict[str, dict[int, int]]) -> list[Place]:
    spots = list(places[alternative[0]].items())
    for element in alternative[1:]:
        following = places[element]
        spots = [(first, following[last]) for first, last in spots if last in following]
    return spots


def _as_match(cue: int, arrangement: Sequence[Place]) -> CueMatch:
    positions = tuple(sorted({at for first, last in arrangement for at in range(first, last)}))
    return CueMatch(cue, positions[0], positions[-1] + 1, positions)


def _arrangements(
    slots: Sequence[Sequence[Place]], cue: Cue, reading: Reading
) -> Iterator[list[Place]]:
    """One place per slot, all different words in one window, for each word that can come first."""
    heads = slots[:1] if cue.ordered else slots
    for start in sorted({first for slot in heads for first, _ in slot}):
        end = min(start + cue.within, _reach(reading, start))
        inside = [[spot for spot in slot if start <= spot[0] and spot[1] <= end] for slot in slots]
        if all(inside) and any(spot[0] == start for slot in inside for spot in slot):
            chosen = _choose(inside, cue.ordered)
            if chosen:
                yield chosen


def _reach(reading: Reading, start: int) -> int:
    """The end of the sentence after the one that holds token `start`."""
    following = min(reading.sentence_of[start] + 1, len(reading.sentences) - 1)
    return reading.sentences[following].last


_MOST_PLACES = 12
"""Places looked at per slot and window; more only repeat the same words."""


def _choose(slots: Sequence[Sequence[Place]], ordered: bool) -> list[Place]:
    """The leftmost place for each slot so that none overlap, or an empty list."""

    def extend(taken: list[Place]) -> list[Place]:
        if len(taken) == len(slots):
            return taken
        for first, last in slots[len(taken)][:_MOST_PLACES]:
            if ordered and taken and first < taken[-1][1]:
                continue
            if all(last <= left or right <= first for left, right in taken):
                done = extend([*taken, (first, last)])
                if done:
                    return done
        return []

    return extend([])


@lru_cache(maxsize=2_000)
def _matcher(cues: tuple[Cue, ...]) -> CueMatcher:
    return CueMatcher(cues)


def match_cues(cues: Sequence[Cue], text: str, *, affirmed: bool = False) -> tuple[int, int] | None:
    """Offsets of the first match of any of the cues in `text`, or None.

    With `affirmed`, a match that is denied ("we never log names") or only asked does not count,
    unless the cue itself is worded that way.
    """
    if not cues:
        return None
    reading = read(text)
    matches = sorted(_matcher(tuple(cues)).matches(reading), key=lambda one: (one.first, one.last))
    for match in matches:
        if affirmed and (negated(reading, match.positions) or asks(reading, match.positions)):
            continue
        return reading.slice(match.first, match.last)
    return None
