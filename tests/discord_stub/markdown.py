"""Discord's Markdown as HTML.

https://support.discord.com/hc/articles/210298617 and /developers/reference#message-formatting
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

_FENCE = re.compile(r"```(?:[a-zA-Z0-9+#-]*\n)?(.*?)\n?```", re.DOTALL)
_CODE = re.compile(r"(`+)(.+?)\1(?!`)", re.DOTALL)
_ITEM = re.compile(r"(\s*)(?:[-*]|(\d+)\.) (.*)")
_HEADER = re.compile(r"(#{1,3}|-#) (.+)")
_STYLES = (
    (re.compile(r"\*\*\*(.+?)\*\*\*", re.DOTALL), r"<strong><em>\1</em></strong>"),
    (re.compile(r"\*\*(.+?)\*\*", re.DOTALL), r"<strong>\1</strong>"),
    (re.compile(r"__(.+?)__", re.DOTALL), r"<u>\1</u>"),
    (re.compile(r"\*(?=\S)(.+?)(?<=\S)\*", re.DOTALL), r"<em>\1</em>"),
    (re.compile(r"(?<!\w)_(?=\S)(.+?)(?<=\S)_(?!\w)", re.DOTALL), r"<em>\1</em>"),
    (re.compile(r"~~(.+?)~~", re.DOTALL), r"<s>\1</s>"),
    (re.compile(r"\|\|(.+?)\|\|", re.DOTALL), r'<span class="spoiler">\1</span>'),
)
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^\s)\"]+)\)")
_BARE = re.compile(r"(?<![\"'>=])(https?://[^\s<\"]+[^\s<\".,:;)])")
_MENTION = re.compile(r"&lt;(@!?|@&amp;|#)(\d+)&gt;")
_TIME = re.compile(r"&lt;t:(-?\d+)(?::([tTdDfFR]))?&gt;")
_EMOJI = re.compile(r"&lt;a?:(\w+):\d+&gt;")
_KEPT = re.compile("\0(\\d+)\0")
_HEADINGS = {"#": "h1", "##": "h2", "###": "h3", "-#": "small"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and when.

    Attributes:
        name: the display name behind a mention: its sign ("@", "@&", "#") and its id.
        now: seconds since 1970, for "in 5 minutes".
    """

    name: Callable[[str, int], str]
    now: float


def to_html(text: str, reader: Reader) -> str:
    """A message's text as the client shows it."""
    kept: list[str] = []

    def keep(made: str) -> str:
        kept.append(made)
        return f"\0{len(kept) - 1}\0"

    text = text.replace("\0", "")
    text = _FENCE.sub(lambda m: keep(f"<pre>{html.escape(m[1])}</pre>"), text)
    text = _CODE.sub(lambda m: keep(f"<code>{html.escape(m[2].strip())}</code>"), text)
    text = _ESCAPED.sub(lambda m: keep(html.escape(m[1])), text)
    made = _blocks(html.escape(text, quote=False).split("\n"), reader)
    shown = _KEPT.sub(lambda m: kept[int(m[1])], made)
    return shown.replace("<br><pre>", "<pre>").replace("</pre><br>", "</pre>")


def _blocks(lines: list[str], reader: Reader) -> str:
    made: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.startswith("&gt;&gt;&gt; "):
            inside = [line.removeprefix("&gt;&gt;&gt; "), *lines[index + 1 :]]
            made.append(f"<blockquote>{_blocks(inside, reader)}</blockquote>")
            break
        if line.startswith("&gt; "):
            end = _while(lines, index, lambda each: each.startswith("&gt; "))
            inside = [each.removeprefix("&gt; ") for each in lines[index:end]]
            made.append(f"<blockquote>{_blocks(inside, reader)}</blockquote>")
        elif _ITEM.fullmatch(line):
            end = _while(lines, index, _like(line))
            made.append(_list(lines[index:end], reader))
        elif (header := _HEADER.fullmatch(line)) is not None:
            end, tag = index + 1, _HEADINGS[header[1]]
            made.append(f"<{tag}>{_inline(header[2], reader)}</{tag}>")
        else:
            end = _while(lines, index, _is_plain)
            made.append(f"<div>{_inline('<br>'.join(lines[index:end]), reader)}</div>")
        index = end
    return "".join(made)


def _is_plain(line: str) -> bool:
    return not (line.startswith("&gt; ") or _ITEM.fullmatch(line) or _HEADER.fullmatch(line))


def _like(item: str) -> Callable[[str], bool]:
    """Whether a line is of the same list: numbered as this one is, or not."""
    numbered = item.lstrip()[:1].isdigit()
    return lambda line: bool(_ITEM.fullmatch(line)) and line.lstrip()[:1].isdigit() == numbered


def _while(lines: list[str], start: int, holds: Callable[[str], bool]) -> int:
    """The end of the run of lines that begins at `start`; at least one line long."""
    end = start + 1
    while end < len(lines) and holds(lines[end]):
        end += 1
    return end


def _list(lines: list[str], reader: Reader) -> str:
    found = [match for line in lines if (match := _ITEM.fullmatch(line)) is not None]
    tag = "ol" if found[0][2] else "ul"
    start = f' start="{found[0][2]}"' if found[0][2] else ""
    items = "".join(
        f'<li style="margin-left:{len(match[1]) * 8}px">{_inline(match[3], reader)}</li>'
        for match in found
    )
    return f"<{tag}{start}>{items}</{tag}>"


def _inline(text: str, reader: Reader) -> str:
    text = _LINK.sub(r'<a href="\2">\1</a>', text)
    text = _BARE.sub(r'<a href="\1">\1</a>', text)
    for pattern, made in _STYLES:
        text = pattern.sub(made, text)
    text = _MENTION.sub(lambda match: _mention(match, reader), text)
    text = _TIME.sub(lambda match: _time(int(match[1]), match[2] or "f", reader.now), text)
    return _EMOJI.sub(r":\1:", text)


def _mention(match: re.Match[str], reader: Reader) -> str:
    sign = html.unescape(match[1]).rstrip("!")
    shown = f"{sign[0]}{html.escape(reader.name(sign, int(match[2])))}"
    return f'<span class="mention">{shown}</span>'


_FORMATS = {
    "t": "{0:%H:%M}",
    "T": "{0:%H:%M:%S}",
    "d": "{0:%d/%m/%Y}",
    "D": "{0.day} {0:%B %Y}",
    "f": "{0.day} {0:%B %Y %H:%M}",
    "F": "{0:%A}, {0.day} {0:%B %Y %H:%M}",
}


def _time(moment: int, style: str, now: float) -> str:
    if style == "R":
        return f'<span class="time">{relative(moment - now)}</span>'
    shown = _FORMATS[style].format(datetime.fromtimestamp(moment, UTC))
    return f'<span class="time">{shown}</span>'


_UNITS = (
    ("year", 31_536_000),
    ("month", 2_592_000),
    ("day", 86_400),
    ("hour", 3600),
    ("minute", 60),
    ("second", 1),
)


def relative(seconds: float) -> str:
    """`in 5 minutes`, `2 hours ago`."""
    unit, size = next((u for u in _UNITS if abs(seconds) >= u[1]), _UNITS[-1])
    count = round(abs(seconds) / size)
    words = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {words}" if seconds >= 0 else f"{words} ago"
