"""Cues against a text. The notation is the one of `scenarios.model`.

Two rules go beyond the notation: the slots of a cue are matched by different words, and a match
reaches from one sentence into the next at most.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from scenarios.model import Cue
from scoring.quantities import KINDS, MONEY, NUMBER, PERCENT, quantities
from scoring.scope import asks, negated
from scoring.text import Reading, Token, read, tokenise

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


_MOST_WORDS = 20_000
"""Words whose elements are remembered."""


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
        self._full = [(1 << len(cue.all)) - 1 for cue in self._cues]
        self._known: dict[str, tuple[str, ...]] = {}
        self._lengths = sorted({len(one) - 1 for one in self._elements if one.endswith("*")})

    def _add(self, alternative: Alternative) -> int:
        self._alternatives.append(alternative)
        self._users.append([])
        anchor = max(alternative, key=len)
        self._by_element.setdefault(anchor, []).append(len(self._alternatives) - 1)
        return len(self._alternatives) - 1

    def matches(self, reading: Reading) -> Iterator[CueMatch]:
        """Every match, one per cue and leftmost word, cues in no promised order."""
        for _, found in self.candidates(reading):
            yield from found

    def candidates(self, reading: Reading) -> Iterator[tuple[int, Iterator[CueMatch]]]:
        """The cues that have all their words somewhere in the text, each with its matches.

        The matches are worked out as they are asked for; a cue may turn out to have none.
        """
        places = self._places(reading)
        present, possible = self._present(places)
        found: dict[int, dict[int, list[Place]]] = {cue: {} for cue in possible}
        for number in present:
            users = [user for user in self._users[number] if user[0] in found]
            spots = _occurrences(self._alternatives[number], places) if users else []
            for cue, slot in users if spots else ():
                found[cue].setdefault(slot, []).extend(spots)
        for at, slots in found.items():
            if len(slots) == len(self._cues[at].all):
                yield at, self._matches_of(at, slots, reading)

    def _matches_of(
        self, at: int, slots: dict[int, list[Place]], reading: Reading
    ) -> Iterator[CueMatch]:
        ordered = [sorted(set(slots[slot])) for slot in range(len(slots))]
        for arrangement in _arrangements(ordered, self._cues[at], reading):
            yield _as_match(at, arrangement)

    def _places(self, reading: Reading) -> dict[str, dict[int, int]]:
        """Where each known element stands: first token -> end."""
        places: dict[str, dict[int, int]] = {}
        for index, token in enumerate(reading.tokens):
            for element in self._elements_of(token):
                places.setdefault(element, {})[index] = index + 1
        if self._elements & KINDS:
            for quantity in quantities(reading.tokens):
                for kind in quantity.kinds:
                    places.setdefault(kind, {})[quantity.first] = quantity.last
        return places

    def _elements_of(self, token: Token) -> tuple[str, ...]:
        """The elements that the word alone satisfies."""
        known = self._known.get(token.word)
        if known is None:
            word = token.word
            written = [f"{word[:length]}*" for length in self._lengths if length <= len(word)]
            known = tuple(one for one in (token.stem, *written) if one in self._elements)
            if len(self._known) < _MOST_WORDS:
                self._known[word] = known
        return known

    def _present(self, places: dict[str, dict[int, int]]) -> tuple[list[int], list[int]]:
        """Alternatives whose words are there, and the cues that have one for each slot."""
        present: list[int] = []
        filled: dict[int, int] = {}
        for element in places:
            for number in self._by_element.get(element, ()):
                alternative = self._alternatives[number]
                if len(alternative) == 1 or all(one in places for one in alternative):
                    present.append(number)
                    for cue, slot in self._users[number]:
                        filled[cue] = filled.get(cue, 0) | 1 << slot
        possible = [cue for cue in sorted(filled) if filled[cue] == self._full[cue]]
        return present, possible


def _occurrences(alternative: Alternative, places: dict[str, dict[int, int]]) -> list[Place]:
    first = places[alternative[0]]
    if len(alternative) == 1:
        return list(first.items())
    second = places[alternative[1]]
    if len(second) < len(first) and alternative[0] not in KINDS:  # "the two": look at each "two"
        spots = [(at - 1, second[at]) for at in second if at - 1 in first]
    else:
        spots = [(at, second[end]) for at, end in first.items() if end in second]
    for element in alternative[2:]:
        following = places[element]
        spots = [(first, following[last]) for first, last in spots if last in following]
    return spots


def _as_match(cue: int, arrangement: Sequence[Place]) -> CueMatch:
    positions = tuple(sorted({at for first, last in arrangement for at in range(first, last)}))
    return CueMatch(cue, positions[0], positions[-1] + 1, positions)


_MOST_PLACES = 12
"""Places looked at per slot and window; more only repeat the same words."""


def _arrangements(
    slots: Sequence[Sequence[Place]], cue: Cue, reading: Reading
) -> Iterator[list[Place]]:
    """One place per slot, all different words in one window, for each word that can come first."""
    heads = slots[:1] if cue.ordered else slots
    rarest = min(slots, key=len)
    for start in sorted({first for slot in heads for first, _ in slot}):
        following = bisect_left(rarest, (start, 0))
        if following == len(rarest):
            return
        if rarest[following][0] >= start + cue.within:
            continue
        end = min(start + cue.within, _reach(reading, start))
        nearest = [bisect_left(slot, (start, 0)) for slot in slots]
        if all(
            at < len(slot) and slot[at][0] < end for at, slot in zip(nearest, slots, strict=True)
        ):
            inside = [
                [spot for spot in slot[at : at + _MOST_PLACES] if spot[1] <= end]
                for at, slot in zip(nearest, slots, strict=True)
            ]
            chosen = _choose(inside, cue.ordered)
            if chosen and min(chosen)[0] == start:
                yield chosen


def _reach(reading: Reading, start: int) -> int:
    """The end of the sentence after the one that holds token `start`."""
    following = min(reading.sentence_of[start] + 1, len(reading.sentences) - 1)
    return reading.sentences[following].last


def _choose(slots: Sequence[Sequence[Place]], ordered: bool) -> list[Place]:
    """The leftmost place for each slot so that none overlap, or an empty list."""

    def extend(taken: list[Place]) -> list[Place]:
        if len(taken) == len(slots):
            return taken
        for first, last in slots[len(taken)]:
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
