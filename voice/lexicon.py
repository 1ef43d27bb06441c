"""How written text is said: technical words, letters, figures; nothing that is only for the eye."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voice.figures import Units, spoken_figures
from voice.markup import without_markup
from voice.speech import VoiceError

_BUILTIN = Path(__file__).with_name("lexicon.yaml")

_CONSONANTS = re.compile(r"(?<![\w.'])([B-DF-HJ-NP-TV-XZ]{2,6})('?s)(?!\w)")
"""Capitals that nobody can say as a word; the voice spells them, but drops their plural."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")
_LETTERS_OR_DIGITS = re.compile(r"\d+|\D+")

_TIDY: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=[\w])\.(?=[a-z]{2,5}\b)"), " dot "),
    (re.compile(r"(?:(?<=\s)|^)\.(?=[a-z])"), "dot "),
    (re.compile(r"(?:(?<=\s)|^)/(?=\w)"), "slash "),
    (re.compile(r"\s*[—–]\s*|\s+-+\s+|\s*--+\s*"), ", "),
    (re.compile(r"\s*[(\[{]\s*|\s*[)\]}](?=\s*\w)"), ", "),
    (re.compile(r"[^\w\s.,;:!?'-]|_"), " "),
    (re.compile(r"(?<!\w)'|'(?!\w)|(?<!\w)-+|-+(?!\w)"), " "),
    (re.compile(r"\s+(?=[.,;:!?]+(?:\s|$))"), ""),
    (re.compile(r"[,;:](?=[.,;:!?])"), ""),
    (re.compile(r"^[\s.,;:!?]+"), ""),
)

_BLANKS = re.compile(r"\s+")
"""Collapsed before every rule: those that begin with space would read a long run once a blank."""


class _LexiconFile(BaseModel):
    """The form of a lexicon.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: dict[str, str] = Field(default_factory=dict)
    spelled: tuple[str, ...] = ()
    units: dict[str, tuple[str, str]] = Field(default_factory=dict)


@dataclass(frozen=True)
class Lexicon:
    """Technical words and how they are read.

    A key in small letters stands for any case, one with a capital for itself only.
    """

    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    spelled: frozenset[str] = frozenset()
    units: Units = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def said_words(self) -> Callable[[str], str]:
        """Replaces whole words by their respelling."""
        return _replacing(self.words)

    @cached_property
    def said_letters(self) -> Callable[[str], str]:
        """Replaces what is spelled by its letters, as "A.P.I": full stops keep the A an A."""
        return _replacing({word: _letters(word) for word in self.spelled})


def pronounce(text: str, lexicon: Lexicon | None = None) -> str:
    """The text as a voice should read it; by the built-in lexicon if none is given.

    Markup, code marks and emoji are gone, figures and signs are words. Empty where there is nothing
    to say, never where there is a letter or digit.
    """
    known = lexicon or builtin_lexicon()
    said = known.said_words(_BLANKS.sub(" ", without_markup(text)))
    said = spoken_figures(said, known.units)
    said = _CONSONANTS.sub(_spelled_plural, known.said_letters(said))
    said = _CAMEL.sub(" ", said)
    for rule, instead in _TIDY:
        said = _BLANKS.sub(" ", rule.sub(instead, said))
    if not any(map(str.isalnum, said)):
        said = "".join(char if char.isalnum() else " " for char in text)
    return " ".join(said.split())


@cache
def builtin_lexicon() -> Lexicon:
    """The lexicon that Hotseat brings along."""
    return _lexicon([_read(_BUILTIN)])


def read_lexicon(own: Path) -> Lexicon:
    """The built-in lexicon with the user's own entries before it, where that file is there.

    Raises `VoiceError` where it cannot be read, with place and reason.
    """
    if not own.is_file():
        return builtin_lexicon()
    return _lexicon([_read(_BUILTIN), _read(own)])


def _read(path: Path) -> _LexiconFile:
    try:
        return _LexiconFile.model_validate(yaml.safe_load(path.read_text("utf-8")) or {})
    except ValidationError as err:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in err.errors())
        raise VoiceError(f"{path} is no lexicon: {wrong}") from err
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as err:
        raise VoiceError(f"{path} cannot be read: {err}") from err


def _lexicon(files: Iterable[_LexiconFile]) -> Lexicon:
    """Later files win, also where they say a word that an earlier one spells."""
    words: dict[str, str] = {}
    spelled: set[str] = set()
    units: dict[str, tuple[str, str]] = {}
    for file in files:
        words = {word: said for word, said in words.items() if word not in file.spelled}
        words |= file.words
        spelled = (spelled - file.words.keys()) | set(file.spelled)
        units |= file.units
    return Lexicon(MappingProxyType(words), frozenset(spelled), MappingProxyType(units))


def _replacing(said: Mapping[str, str]) -> Callable[[str], str]:
    """A function that replaces whole words, the longest first, and keeps their plurals."""
    if not said:
        return lambda text: text
    entries = "|".join(
        re.escape(word) if _has_capital(word) else f"(?i:{re.escape(word)})"
        for word in sorted(said, key=len, reverse=True)
    )
    whole = re.compile(rf"(?<![\w.'])({entries})('?s)?(?!\w)")

    def spoken(found: re.Match[str]) -> str:
        word, plural = found[1], found[2] or ""
        respelled = said.get(word) or said[word.lower()]
        return respelled + ("'s" if plural and respelled[-1:].isupper() else plural)

    return lambda text: whole.sub(spoken, text)


def _has_capital(word: str) -> bool:
    return word != word.lower()


def _letters(word: str) -> str:
    return " ".join(
        part if part.isdigit() else ".".join(part.upper())
        for part in _LETTERS_OR_DIGITS.findall(word)
    )


def _spelled_plural(found: re.Match[str]) -> str:
    return ".".join(found[1]) + "'s"
