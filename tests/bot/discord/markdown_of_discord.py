"""What Discord shows of a message, for tests: a reader of the Markdown that its clients know.

Rules in the order in which the client tries them; see
https://support.discord.com/hc/articles/210298617 and
https://discord.com/developers/docs/reference#message-formatting.
"""

import re
from typing import NamedTuple

_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_AT_LINE_START = (
    ("quote", re.compile(r" *>>> ?[\s\S]|> ")),
    ("heading", re.compile(r"#{1,3} +(?=\S)")),
    ("subtext", re.compile(r"-# +(?=\S)")),
    ("list", re.compile(r" *(?:[*+-]|\d+\.) +(?=\S)")),
)
_ANYWHERE = (
    ("code", re.compile(r"```[\s\S]+?```|``[\s\S]+?``|`[^`]+`")),
    ("mention", re.compile(r"<@[!&]?\d+>|<#\d+>|@everyone|@here|</[^>:]+:\d+>|<id:\w+>")),
    ("emoji", re.compile(r"<a?:\w+:\d+>|:[^\s:]+:")),
    ("time", re.compile(r"<t:-?\d+(?::\w)?>")),
    (
        "link",
        re.compile(r"\[[^\]]*\]\([^)]*\)|<?\w+://[^\s<]+|discord(?:app)?\.\w+/\w+|<\w+:[^>\s]+>"),
    ),
    ("spoiler", re.compile(r"\|\|[\s\S]+?\|\|")),
    ("strong", re.compile(r"\*\*[\s\S]+?\*\*")),
    ("underlined", re.compile(r"__[\s\S]+?__")),
    ("struck", re.compile(r"~~[\s\S]+?~~")),
    ("emphasis", re.compile(r"\*(?=\S)[\s\S]+?\*|_[\s\S]+?_")),
)
_PINGED = re.compile(r"<@[!&]?\d+>|@everyone|@here")


class Shown(NamedTuple):
    """The letters on the screen, and the names of the rules that made more of them than letters."""

    text: str
    rules: frozenset[str]


def shown(markdown: str) -> Shown:
    """What a person sees; what a rule matched stands there as it was typed."""
    letters: list[str] = []
    rules: set[str] = set()
    place = 0
    while place < len(markdown):
        starts_line = place == 0 or markdown[place - 1] == "\n"
        for name, rule in (*(_AT_LINE_START if starts_line else ()), *_ANYWHERE):
            if rule.match(markdown, place):
                rules.add(name)
        escaped = _ESCAPE.match(markdown, place)
        letters.append(escaped[1] if escaped else markdown[place])
        place += 2 if escaped else 1
    return Shown("".join(letters), frozenset(rules))


def pings(markdown: str) -> bool:
    """Whether the server would look for somebody to ping: it does not know of backslashes."""
    return _PINGED.search(markdown) is not None
