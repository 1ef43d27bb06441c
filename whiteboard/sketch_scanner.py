"""The words of a sketch: a position in the text, and the names, brackets and arrows found there."""

from __future__ import annotations

import re
from typing import NamedTuple

from whiteboard.board import clean_label, strip_unseen

MAX_CHARACTERS = 20_000
"""Longest text that is read."""

EXCERPT = 12
"""Characters of the text that an error may repeat."""


class SketchError(Exception):
    """A text that is no sketch. `line` and `column` count from 1; `reason` says what to write."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        super().__init__(f"line {line}, column {column}: {reason}")
        self.line = line
        self.column = column
        self.reason = reason


class Bracket(NamedTuple):
    """A bracketed text; `apart` says that a blank stands before it."""

    opener: str
    text: str
    apart: bool


class Link(NamedTuple):
    """An arrow or line between two groups: which ends have a head, and its own label if any."""

    forward: bool
    backward: bool
    label: str


_BLANKS = r"[^\S\n]*"
_SHAFT = r"(?:-\.+-+|[-–—]+|=+)"
_REMARK = r"(?<!\S)(?:#|%%)"
_QUOTED = r'"(?P<quoted>(?:[^"\\\n]|\\[^\n])*)"'

_ARROW = re.compile(
    rf"(?P<both>[↔⟷⇔])|(?P<back>[←⟵⇐])|(?P<forth>[→⟶⇒])|(?P<left><)?{_SHAFT}(?P<right>>)"
    rf"|(?P<only><){_SHAFT}"
)
_LINE = re.compile(r"-{3,}|={3,}|-\.+-")
_SHORT_LINE = re.compile(r"--")
_ODD_HEAD = re.compile(r"-{2,}[ox](?=\s)")
_OPEN_TEXT = re.compile(r"--|==|-\.|~~~")


def _text_link(opener: str, closer: str, forth: str, line: str) -> re.Pattern[str]:
    """Mermaid's label in the middle of an arrow or line.

    A plain label holds neither quotes, which begin a name, nor the sign that closes it: so it is
    clear where it ends, and a long row of links is read in one go.
    """
    char = r'(?:[^;\n{}"]|\{[^;\n{}"]*\})'
    plain = rf"(?P<plain>(?:(?!{closer}|{_REMARK}){char})*)"
    inside = rf"(?:{_BLANKS}{_QUOTED}{_BLANKS}|{plain})"
    return re.compile(rf"{opener}{inside}(?:{forth}(?P<head>>)|{line})")


_TEXT_LINKS = (
    _text_link("--", "--", "-{2,}", "-{3,}"),
    _text_link("==", "==", "={2,}", "={3,}"),
    _text_link(r"-\.", r"\.-", r"\.+-+", r"\.+-+"),
)
_PIPE = re.compile(rf"{_BLANKS}\|(?:{_BLANKS}{_QUOTED}{_BLANKS}|(?P<plain>[^|\n]*))\|")
_QUOTED_TEXT = re.compile(_QUOTED)
_ESCAPED = re.compile(r'\\(["\\])')
_NAME_END = re.compile(
    r'[\[\](){}",:;|<>\n←⟵⇐→⟶⇒↔⟷⇔]|(?<![-–—=])[-–—=]+>|--|==|-\.|~~~|(?<!\S)(?:#|%%)|(?<!\S)&(?!\S)'
)
_LABEL = re.compile(r"(?:[^;\n{}]|\{[^;\n{}]*\})*")
_COMMENT = re.compile(_REMARK)
_STATEMENT_END = re.compile(r"[;\n}#]|%%|\Z")
_BETWEEN = re.compile(r"(?:[\s;]|(?:#|%%)[^\n]*)*")
_BLANK = re.compile(_BLANKS)

# Longer openers first, since `[(` also starts with `[`.
_SHAPES = (
    *(("([", "])"), ("[[", "]]"), ("[(", ")]"), ("(((", ")))"), ("((", "))"), ("{{", "}}")),
    *(("[/", "/]"), ("[\\", "\\]"), ("[", "]"), ("(", ")"), ("{", "}"), (">", "]")),
)


def _shape(opener: str, closer: str) -> re.Pattern[str]:
    plain = rf'(?P<plain>[^"\n{re.escape(closer[-1])}]*?)'
    inside = rf"(?:{_BLANKS}{_QUOTED}{_BLANKS}|{plain})"
    return re.compile(re.escape(opener) + inside + re.escape(closer))


_BRACKETS = tuple((opener, _shape(opener, closer)) for opener, closer in _SHAPES)

_ADVICE = {
    **dict.fromkeys("-=←→↔", "an arrow has a component on both sides; write a -> b"),
    **dict.fromkeys(",&", "a list has a component on both sides of each comma; write a -> b, c"),
    ":": "a label after ':' belongs to an arrow; write a -> b : label",
    '"': 'put the quotes round the whole name, as in "order; API"',
    "|": "a |label| stands right behind an arrow; write a -->|label| b",
    "<": "write <- or <-> for an arrow, or put a name that holds < in quotes",
    "}": "write } where the statements of the zone are complete",
    ">": "write -> for an arrow, or put a name that holds > in quotes",
    "{": "write zone name { to open a zone, or put the text in quotes",
    "[": 'close the bracket on the same line, or write the text in quotes: name["label"]',
    "(": 'close the bracket on the same line, or write the text in quotes: name["label"]',
    "]": "no bracket is open here; put a name that holds brackets in quotes",
    ")": "no bracket is open here; put a name that holds brackets in quotes",
}


class Scanner:
    """A position in the text. Unseen characters are gone, so columns count what is seen."""

    def __init__(self, text: str) -> None:
        self.text = strip_unseen(text.replace("\r\n", "\n").replace("\r", "\n"))
        self.at = 0
        if len(text) > MAX_CHARACTERS:
            self.at = min(MAX_CHARACTERS, len(self.text))
            raise self.error(f"the sketch is longer than {MAX_CHARACTERS} characters; shorten it")

    def error(self, reason: str, at: int | None = None) -> SketchError:
        """An error at offset `at`, or here."""
        offset = self.at if at is None else at
        line_start = self.text.rfind("\n", 0, offset) + 1
        line = self.text.count("\n", 0, offset) + 1
        return SketchError(line, offset - line_start + 1, reason)

    def unexpected(self, wanted: str) -> SketchError:
        """An error that names what stands here and, where it is known, what to write instead."""
        if self.at == len(self.text) or self.text[self.at] == "\n":
            return self.error(f"the line ends where {wanted} should stand; write a -> b")
        char = self.text[self.at]
        excerpt = self.text[self.at : self.at + EXCERPT].split("\n")[0]
        advice = _ADVICE.get(char, "start a new line, or put the whole name in quotes")
        return self.error(f"{wanted} should stand here, not {excerpt!r}; {advice}")

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match `pattern` here and step over it."""
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
        return match

    def finished(self) -> bool:
        """Step over blank lines, separators and comments; whether nothing is left."""
        self.take(_BETWEEN)
        return self.at == len(self.text)

    def blanks(self) -> int:
        """Step over blanks within the line; the offset behind them."""
        self.take(_BLANK)
        return self.at

    def end_statement(self) -> None:
        """Make sure that the statement ends here."""
        self.blanks()
        if not _STATEMENT_END.match(self.text, self.at):
            raise self.unexpected("an arrow or the end of the line")

    def name(self) -> str:
        """The name here, quoted or plain; empty if something else stands here."""
        start = self.blanks()
        if self.text.startswith('"', start):
            return self._quoted_name(start)
        end = _NAME_END.search(self.text, start)
        plain = self.text[start : end.start() if end else len(self.text)].rstrip()
        self.at = start + len(plain)
        return clean_label(plain)

    def _quoted_name(self, start: int) -> str:
        match = self.take(_QUOTED_TEXT)
        if match is None:
            raise self.error('this quote is not closed; write "name" on one line')
        name = clean_label(_text(match))
        if not name:
            raise self.error('a name is empty; write "name" with text in the quotes', start)
        return name

    def bracket(self, openers: str = "[({>") -> Bracket | None:
        """The bracketed text here, of a sort that starts with one of `openers`, or None."""
        before = self.at
        start = self.blanks()
        char = self.text[start : start + 1]
        if not char or char not in openers:
            return None
        for opener, pattern in _BRACKETS:
            match = self.take(pattern)
            if match is not None:
                return self._filled(opener, match, apart=start > before)
        raise self.unexpected("a closed bracket")

    def _filled(self, opener: str, match: re.Match[str], *, apart: bool) -> Bracket:
        text = clean_label(_text(match))
        if not text:
            raise self.error("this bracket is empty; write name[label]", match.start())
        return Bracket(opener, text, apart)

    def link(self) -> Link | None:
        """The arrow or line here with its own label, or None if there is none."""
        self.blanks()
        arrow = self.take(_ARROW)
        if arrow is not None:
            sort = arrow.groupdict()
            backward = bool(sort["both"] or sort["back"] or sort["left"] or sort["only"])
            forward = bool(sort["both"] or sort["forth"] or sort["right"])
            return Link(forward, backward, self._pipe_label())
        if _ODD_HEAD.match(self.text, self.at):
            raise self.error("an arrow has its head like this: ->; a line has blanks around its --")
        if self.take(_LINE) is not None:
            return Link(forward=False, backward=False, label=self._pipe_label())
        if not _OPEN_TEXT.match(self.text, self.at):
            return None
        return self._text_link() or self._short_line()

    def _text_link(self) -> Link | None:
        for pattern in _TEXT_LINKS:
            if (labelled := self.take(pattern)) is not None:
                text = _text(labelled) if labelled["plain"] is None else labelled["plain"]
                return Link(labelled["head"] is not None, False, clean_label(text.rstrip("-=.")))
        return None

    def _short_line(self) -> Link:
        if self.take(_SHORT_LINE) is None:
            raise self.error(
                "this joins nothing; write a -> b, or a -- b for a line without a head"
            )
        return Link(forward=False, backward=False, label=self._pipe_label())

    def _pipe_label(self) -> str:
        match = self.take(_PIPE)
        if match is not None:
            return clean_label(_text(match))
        self.blanks()
        if self.text.startswith("|", self.at):
            raise self.error("this label is not closed; write a -->|label| b")
        return ""

    def label(self) -> str:
        """The rest of the statement as a label, quoted or up to its end."""
        start = self.blanks()
        match = self.take(_QUOTED_TEXT)
        if match is not None:
            return clean_label(_text(match))
        rest = _LABEL.match(self.text, start)
        stop = rest.end() if rest else start
        comment = _COMMENT.search(self.text, start, stop)
        self.at = comment.start() if comment else stop
        return clean_label(self.text[start : self.at])


def _text(match: re.Match[str]) -> str:
    """What a match holds in its `quoted` group, escapes undone, or else in its `plain` group."""
    groups = match.groupdict()
    if groups["quoted"] is not None:
        return _ESCAPED.sub(r"\1", groups["quoted"])
    return groups["plain"]
