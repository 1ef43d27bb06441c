"""What Discord shows of a message, for tests: a reader of the Markdown that its clients know.

Rules in the order in which the client tries them; see
https://support.discord.com/hc/articles/210298617 and
https://discord.com/developers/docs/reference#message-formatting.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_INSIDE = r"(?:\\[\s\S]|[^\\])+?"
_AT_LINE_START = (
    ("quote", r" *>>> ?[\s\S]|> "),
    ("heading", r"#{1,3} +(?=\S)"),
    ("subtext", r"-# +(?=\S)"),
    ("list", r" *(?:[*+-]|\d+\.) +(?=\S)"),
)
_ANYWHERE = (
    ("code", r"```[\s\S]+?```|``[\s\S]+?``|`[^`]+`"),
    ("mention", r"<@[!&]?\d+>|<#\d+>|@everyone|@here|</[^>:]+:\d+>|<id:\w+>"),
    ("emoji", r"<a?:\w+:\d+>|:[^\s:]+:"),
    ("time", r"<t:-?\d+(?::\w)?>"),
    (
        "link",
        r"\[[^\]]*\]\([^)]*\)|<?\w+://[^\s<]+|discord(?:app)?\.\w+/\w+|<\w+:[^>\s]+>",
    ),
    ("spoiler", rf"\|\|{_INSIDE}\|\|"),
    ("strong", rf"\*\*{_INSIDE}\*\*(?!\*)"),
    ("underlined", rf"__{_INSIDE}__(?!_)"),
    ("struck", rf"~~{_INSIDE}~~"),
    ("emphasis", rf"\*(?=\S){_INSIDE}\*(?!\*)|_{_INSIDE}_(?!_)"),
)
_MARKS = {"spoiler": 2, "strong": 2, "underlined": 2, "struck": 2, "emphasis": 1}
_LINE_START = re.compile(
    "^(?:" + "|".join(f"(?P<{name}>{rule})" for name, rule in _AT_LINE_START) + ")", re.MULTILINE
)
_INLINE = re.compile("|".join(f"(?P<{name}>{rule})" for name, rule in _ANYWHERE))
_PINGED = re.compile(r"<@[!&]?\d+>|@everyone|@here")


class Shown(NamedTuple):
    """The letters on the screen, and the names of the rules that made more of them than letters."""

    text: str
    rules: frozenset[str]


def shown(markdown: str) -> Shown:
    """What a person sees; links, mentions and what starts a line stand there as typed."""
    rules = {str(found.lastgroup) for found in _LINE_START.finditer(markdown)}
    return Shown("".join(_letters(markdown, rules)), frozenset(rules))


def _letters(markdown: str, rules: set[str]) -> Iterator[str]:
    place = 0
    while place < len(markdown):
        escaped, found = _ESCAPE.match(markdown, place), _INLINE.match(markdown, place)
        if escaped:
            yield escaped[1]
        elif found and found.lastgroup:
            rules.add(found.lastgroup)
            width = _MARKS.get(found.lastgroup, 0)
            inner = found[0][width : len(found[0]) - width]
            yield from _letters(inner, rules) if width else inner
        else:
            yield markdown[place]
        place = (escaped or found).end() if escaped or found else place + 1


def pings(markdown: str) -> bool:
    """Whether the server would look for somebody to ping: it does not know of backslashes."""
    return _PINGED.search(markdown) is not None
