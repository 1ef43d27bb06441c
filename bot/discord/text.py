"""Text for Discord: made harmless, cut, split and dated.

Lengths are in Unicode code points, which is what Discord counts (a developer of theirs in
https://github.com/discord/discord-api-docs/issues/1315).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Literal

from whiteboard.board import strip_unseen

MESSAGE_LIMIT = 2000
"""Longest content of a message."""

ELLIPSIS = "…"

Style = Literal["t", "T", "d", "D", "f", "F", "R"]
"""How a moment is shown: time, with seconds, date, long date, both, with weekday, "2 days ago"."""

_BEFORE_SPECIAL = re.compile(
    r"""
      (?=[\\`*_~|<>\[\]@\#])          # spans, code, spoilers, links, mentions, headings, quotes
    | (?=:\S)                       # emoji names, and the scheme of a link
    | (?=[-+](?:\s|\Z))             # a list, were it at the start of a line
    | (?<=\d)(?=\.(?:\s|\Z))        # a numbered one, which Discord would number anew
    | (?<=discord)(?=\.[a-z])       # invitations, which need no scheme
    | (?<=discordapp)(?=\.[a-z])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EVERYBODY = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_BROKEN_AT = "@\u200b"
"""A zero-width space parts the sign from the word: the server also reads behind a backslash."""

_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。！？])|\n\s*")
_BLANK = re.compile(r"\s+")
_ZERO_WIDTH_JOINER = "\u200d"


def safe(text: str) -> str:
    """`text` of a person or a pack, to be shown as it is: no markup, mention, link or emoji name.

    Invisible characters go, line breaks stay. Whatever could mean something at the start of a line
    is escaped everywhere, so that the result may be cut, split and put behind any prefix.
    """
    return _escape(_visible(text))


def one_line(text: str) -> str:
    """`text` without line breaks and invisible characters, for labels, which know no markup."""
    return " ".join(_visible(text).split())


def safe_line(text: str) -> str:
    """`safe` on one line."""
    return safe(one_line(text))


def quote(text: str, limit: int = MESSAGE_LIMIT) -> str:
    """`text` made safe as a quoted block of at most `limit` characters, cut at a word with `…`."""
    start = _beginning(text, limit, lambda part: _visible(part).strip())
    return _longest(lambda length: _quoted(cut(start, length)), min(len(start), limit), limit)


def safe_cut(text: str, limit: int) -> str:
    """`safe_line` of at most `limit` characters, cut at a word with `…`."""
    start = _beginning(text, limit, one_line)
    return _longest(lambda length: _escape(cut(start, length)), min(len(start), limit), limit)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters of `text`; a cut ends with `…`, at a word where one is near."""
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    room = limit - len(ELLIPSIS)
    blanks = [blank.start() for blank in _BLANK.finditer(text, 0, room + 1)]
    end = blanks[-1] if blanks and blanks[-1] > room // 2 else _hard_end(text, 0, room)
    return text[: min(end, room)].rstrip() + ELLIPSIS


def split_message(text: str, limit: int = MESSAGE_LIMIT) -> tuple[str, ...]:
    """`text` in pieces that fit a message each; nothing where there is nothing but blanks."""
    return tuple(text[start:end] for start, end in split_offsets(text, limit))


def split_offsets(text: str, limit: int = MESSAGE_LIMIT) -> tuple[tuple[int, int], ...]:
    """Start and end of each piece of `text`, none longer than `limit` and none blank.

    A piece ends with a paragraph, else a sentence, else a word, else anywhere but inside a
    character that is drawn as one and between a backslash and what it escapes. What lies between
    pieces is blank. `limit` is 2 or more.
    """
    return tuple(_pieces(text, limit))


def moment(when: datetime, style: Style = "f") -> str:
    """The time as every reader's own Discord shows it; ValueError without a time zone."""
    if when.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return f"<t:{int(when.timestamp())}:{style}>"


def bar(share: float, width: int = 10) -> str:
    """A bar of `width` signs, as much of it filled as `share` of 1."""
    filled = round(width * min(1.0, max(0.0, share)))
    return "▰" * filled + "▱" * (width - filled)


def _visible(text: str) -> str:
    return text if text.isprintable() else strip_unseen(text)


def _escape(text: str) -> str:
    return _EVERYBODY.sub(_BROKEN_AT, _BEFORE_SPECIAL.sub(r"\\", text))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in _escape(text).split("\n"))


def _beginning(text: str, limit: int, clean: Callable[[str], str]) -> str:
    """All of `clean(text)`, or more than `limit` of it, without reading a very long answer."""
    taken = 2 * limit
    while len(cleaned := clean(text[:taken])) <= limit and taken < len(text):
        taken *= 2
    return cleaned


def _longest(form: Callable[[int], str], most: int, limit: int) -> str:
    """The longest of `form(0)` to `form(most)` that fits; empty where none does."""
    if len(whole := form(most)) <= limit:
        return whole
    fits, too_long = 0, most
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if len(form(middle)) <= limit:
            fits = middle
        else:
            too_long = middle
    return form(fits) if fits else ""


def _pieces(text: str, limit: int) -> Iterator[tuple[int, int]]:
    start, last = _after_blanks(text, 0), len(text.rstrip())
    while last - start > limit:
        end = _piece_end(text, start, limit)
        yield start, start + len(text[start:end].rstrip())
        start = _after_blanks(text, end)
    if start < last:
        yield start, last


def _piece_end(text: str, start: int, limit: int) -> int:
    """Where the piece from `start` ends, past a third of its room if it ends well there."""
    room = start + limit
    for pattern in (_PARAGRAPH, _SENTENCE, _BLANK):
        ends = [
            found.start() if found[0].isspace() else found.end() - _blanks_at_end(found[0])
            for found in pattern.finditer(text, start, room + 1)
        ]
        good = [end for end in ends if start + limit // 3 < end <= room]
        if good:
            return good[-1]
    blanks = [found.start() for found in _BLANK.finditer(text, start, room + 1)]
    return blanks[-1] if blanks else _hard_end(text, start, room)


def _blanks_at_end(text: str) -> int:
    return len(text) - len(text.rstrip())


def _after_blanks(text: str, start: int) -> int:
    found = _BLANK.match(text, start)
    return found.end() if found else start


def _hard_end(text: str, start: int, end: int) -> int:
    """The last place up to `end` where `text` may be cut; `end` or so if it has none."""
    for place in range(end, start, -1):
        if not _is_escape(text, place) and not _is_joined(text, place):
            return place
    return end - 1 if _is_escape(text, end) and end - 1 > start else end


def _is_escape(text: str, place: int) -> bool:
    """Whether the sign before `place` is a backslash that is not itself escaped."""
    before = text[:place]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _is_joined(text: str, place: int) -> bool:
    """Whether the signs around `place` are drawn as one character."""
    before, after = text[place - 1], text[place : place + 1]
    if not after:
        return False
    if _ZERO_WIDTH_JOINER in (before, after) or unicodedata.category(after).startswith("M"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or _is_surrogate_pair(before, after):
        return True
    return _is_flag(before) and _is_flag(after) and _flags_before(text, place) % 2 == 1


def _is_surrogate_pair(before: str, after: str) -> bool:
    return "\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff"


def _is_flag(sign: str) -> bool:
    """Whether it is one of the letters of which two make a flag."""
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _flags_before(text: str, place: int) -> int:
    count = 0
    while count < place and _is_flag(text[place - count - 1]):
        count += 1
    return count
