"""Finding given names in a text, however they are written, and putting a mark in their place.

Names match as whole words, without regard to case, accents, invisible characters and the form of
letters, over spaces, hyphens and line ends, and in a simple plural. Text is folded character by
character with the place of each kept, because folding changes lengths ("ß" is "ss"). What is
doubtful matches: a word too many does less harm than a name too few.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

MOST_NAMES = 50
LONGEST_NAME = 100

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
)
"""Letters of scripts that put no space between a name and the word after it."""

_BEFORE = rf"(?:(?<![^\W_])|(?<=[{_UNSPACED}]))"
_AFTER = rf"(?:(?![^\W_])|(?=[{_UNSPACED}]))"
_SOFT = "'’‘`\\-‐‑‒–—_"
_SOFT_GAP = re.compile(rf"[\s{_SOFT}.]*")
_PARTS = re.compile(r"([^\W_]+)")


class BadNameError(ValueError):
    """A name cannot be looked for; the message says which, by its place in the list."""


class Edit(NamedTuple):
    """`text[start:end]` is the name that the finder has at `place`, counted from 0."""

    start: int
    end: int
    place: int


@dataclass(frozen=True)
class NameFinder:
    """Looks for `names`, longest first. Made by `NameFinder.of`."""

    names: tuple[str, ...]
    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, names: Iterable[str]) -> NameFinder:
        """A finder of the names; those that differ in nothing that counts are taken once.

        BadNameError for too many names, and for one that is too long, holds no letter, or is the
        word of the mark that would take its place.
        """
        by_pattern: dict[str, str] = {}
        for number, name in enumerate(names, start=1):
            by_pattern.setdefault(_name_pattern(name, number), " ".join(name.split()))
        if len(by_pattern) > MOST_NAMES:
            raise BadNameError(f"{MOST_NAMES} names at most can be left out")
        if not by_pattern:
            return cls((), None)
        placed = list(enumerate(by_pattern.items()))
        placed.sort(key=lambda one: len(one[1][1]), reverse=True)
        groups = (f"(?P<n{place}>{pattern})" for place, (pattern, _) in placed)
        return cls(tuple(by_pattern.values()), re.compile("|".join(groups)))

    def find(self, text: str) -> tuple[Edit, ...]:
        """Where the names are, in order; never overlapping."""
        if self.pattern is None:
            return ()
        folded = _fold(text)
        return tuple(
            Edit(
                folded.at[match.start()],
                _past(text, folded.at[match.end() - 1]),
                int((match.lastgroup or "n0")[1:]),
            )
            for match in self.pattern.finditer(folded.text)
        )

    def replace(self, text: str) -> str:
        """The text with a mark in the place of every name."""
        return applied(text, self.find(text))


def mark(place: int) -> str:
    """What stands for the name that the finder has at `place`."""
    return f"[redacted {place + 1}]"


def applied(text: str, edits: Sequence[Edit]) -> str:
    """The text with the mark of each edit in its place."""
    parts: list[str] = []
    done = 0
    for edit in edits:
        parts += (text[done : edit.start], mark(edit.place))
        done = edit.end
    return "".join((*parts, text[done:]))


def moved_start(edits: Sequence[Edit], at: int) -> int:
    """Where a slice that started at `at` starts after the edits; inside a name, before its mark."""
    return _moved(edits, at, into_end=False)


def moved_end(edits: Sequence[Edit], at: int) -> int:
    """Where a slice that ended at `at` ends after the edits; inside a name, behind its mark."""
    return _moved(edits, at, into_end=True)


def _moved(edits: Sequence[Edit], at: int, *, into_end: bool) -> int:
    shift = 0
    for edit in edits:
        if at <= edit.start:
            break
        length = len(mark(edit.place))
        if at < edit.end:
            return edit.start + shift + (length if into_end else 0)
        shift += length - (edit.end - edit.start)
    return at + shift


class _Folded(NamedTuple):
    """A folded text, and where each of its characters comes from."""

    text: str
    at: Sequence[int]


def _fold(text: str) -> _Folded:
    if text.isascii():
        return _Folded(text.lower(), range(len(text)))
    pieces = [(piece, index) for index, char in enumerate(text) for piece in _fold_char(char)]
    return _Folded("".join(piece for piece, _ in pieces), [index for _, index in pieces])


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    """Letters without case and accent, marks and invisible characters as nothing.

    Signs stay as they are: "™" is no "TM" that would belong to the word before it.
    """
    kind = unicodedata.category(char)
    if kind in ("Mn", "Me", "Cf"):
        return ""
    if kind in ("No", "Nl"):
        return " "
    if kind[0] != "L" and kind != "Nd":
        return char
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join(one for one in plain if unicodedata.category(one) not in ("Mn", "Me", "Cf"))


def _past(text: str, last: int) -> int:
    """The end of the character at `last` with the marks and invisible characters that follow."""
    end = last + 1
    while end < len(text) and not _fold_char(text[end]):
        end += 1
    return end


def _name_pattern(name: str, number: int) -> str:
    if len(name) > LONGEST_NAME:
        raise BadNameError(f"name {number} is longer than {LONGEST_NAME} characters")
    parts = _PARTS.split(_fold(name).text)[1:-1]
    if not any(char.isalpha() for part in parts for char in part):
        raise BadNameError(f"name {number} holds no letter")
    inside = "".join(_gap(part) if at % 2 else re.escape(part) for at, part in enumerate(parts))
    before = "" if re.match(f"[{_UNSPACED}]", parts[0]) else _BEFORE
    after = "" if re.search(f"[{_UNSPACED}]$", parts[-1]) else rf"(?:e?s)?{_AFTER}"
    pattern = f"{before}{inside}{after}"
    if re.search(pattern, mark(0)):
        raise BadNameError(f"name {number} is the word that stands in the place of names")
    return pattern


def _gap(between: str) -> str:
    """What may stand between two parts of a name where the name itself has `between`."""
    if _SOFT_GAP.fullmatch(between):
        return rf"[\s{_SOFT}{'.' if '.' in between else ''}]*"
    return rf"\s*{re.escape(''.join(between.split()))}\s*"
