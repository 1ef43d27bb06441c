"""Written text without what is only for the eye: Markdown, code marks, links, emoji."""

from __future__ import annotations

import re
import unicodedata

_REMOVED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<(?:/?[a-z]\w*/?|(?:[@#&!]|a?:|t:)[^<>\s]*)>"), " "),  # tags, Discord's mentions
    (re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)"), r"\1"),
    (re.compile(r"https?://(?:www\.)?([^\s/?#)\]>]+)[^\s)\]>]*"), r"\1"),
    (re.compile(r"^[ \t]*(?:#{1,6}|>|[-*+•])[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*([-*_=])(?:[ \t]*\1){2,}[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"```\w*|`|~~|\*+|__+"), ""),
    (re.compile(r"(?<!\w)_(?=\S)|(?<=\S)_(?!\w)"), ""),
    (re.compile(r"(?<=\w)\(\)"), ""),
)

_BLANKS = re.compile(r"[^\S\n]+")
_INDENT = re.compile(r"\s*+\n\s*+|^\s++")

_UNHEARD = frozenset(("So", "Sk", "Cc", "Cf", "Cs", "Co", "Cn"))
"""Unicode categories of emoji, controls and what has no sound."""

_NAMED = frozenset("^°")
"""Signs of those categories that are said."""


def without_markup(text: str) -> str:
    """The words of Markdown or chat text; of a link its label, of a bare address the host."""
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    plain = _INDENT.sub("\n", _BLANKS.sub(" ", plain))
    for mark, instead in _REMOVED:
        plain = mark.sub(instead, plain)
    return "".join(map(_heard, plain))


_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": "", "”": "", '"': "", "…": "..."})


def _heard(char: str) -> str:
    if char.isspace() or char in _NAMED:
        return char
    return " " if unicodedata.category(char) in _UNHEARD else char
