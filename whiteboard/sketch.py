r"""A board as text: what a person types in a chat, and what a board looks like when it is quoted.

One statement stands on a line; `;` separates several. `#` or `%%` at the start of a word begins a
comment, except inside quotes and brackets.

    client -> gateway -> retriever : query     a chain; the label goes to every arrow of the line
    audit <- gateway                           an arrow that points left
    planner <-> tools                          two arrows
    agent -- ledger : nightly                  a line without heads: joined, no direction said
    gateway -> retriever, cache                fan-out; `,` and ` & ` work on both sides
    gateway                                    a component alone
    zone trusted { policy engine -> order API }
    zone trusted {                             zones nest; opened again, a zone goes on
      ledger
    }
    order store [database]                     an explicit kind, in [] or () behind a blank
    LLM (Claude)                               other words behind a blank join the label
    "queue; overnight" -> worker               quotes for odd characters; \" and \\ inside them
    note: refunds above 50 need a person       a note, to the end of the line

A component or zone *is* its name, whatever the case: `Order API` and `order api` are one, labelled
as first written. A bracket that touches the name is Mermaid's label, so in `A[Order API]` the name
is `A`. Of several labels or kinds for one name the last wins. Where no kind is written,
`kinds.infer_kind` reads it from the label.

A component belongs to the zone in which it stands alone on a line, or else to the zone in which an
arrow names it; of several such zones the innermost, then the first. Standing outside all zones
places it nowhere. An arrow cannot end at a zone; the name of one there is a component.

Mermaid flowcharts are read too: a leading `graph TD` or `flowchart LR`, a fence around the text,
the arrows `-->` `-.->` `==>`, the lines `---` `-.-` `===`, the labels `-->|label|`, `-- label -->`
and `-- label ---`, `subgraph name [Title]` to `end`, the shapes `[] () ([]) [[]] [()] {} {{}} (())
>]` (`[(x)]` is a database if its label says nothing else). `classDef`, `class`, `style`,
`linkStyle`, `click`, `direction` and `:::class` mean nothing here. Other heads (`--x`, `--o`) and
lines that nobody sees (`~~~`) are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from whiteboard.board import Arrow, Board, Component, ComponentKind, Zone, clean_label
from whiteboard.kinds import infer_kind
from whiteboard.sketch_draft import Draft, Mention, draft_of, identify
from whiteboard.sketch_scanner import MAX_CHARACTERS, Bracket, Link, Scanner, SketchError

__all__ = [
    "MAX_ARROWS",
    "MAX_CHARACTERS",
    "MAX_COMPONENTS",
    "MAX_NESTING",
    "MAX_NOTES",
    "MAX_ZONES",
    "NOTE_LENGTH",
    "SketchError",
    "identify",
    "parse_sketch",
    "to_sketch",
]

MAX_COMPONENTS = 200
MAX_ARROWS = 600
MAX_NESTING = 8
"""Zones within each other, the outermost counted."""

MAX_ZONES = 100
MAX_NOTES = 100
NOTE_LENGTH = 400
"""Characters that a note keeps; what is longer is cut."""


def parse_sketch(text: str, onto: Board | None = None) -> Board:
    """Read a sketch in the notation of this module; an empty text is an empty board.

    `onto` is a board that the text is added to, as if that had been written above it; how long it
    would be in writing does not count then. What exceeds the limits of a board is refused.

    Raises:
        SketchError: with line, column and what to write instead. Nothing else, for any text.
    """
    return _Parser(text, onto).parse()


_KINDS = {kind.value: kind for kind in ComponentKind}
_KEYWORDS = frozenset(
    {
        *("class", "classdef", "click", "direction", "linkstyle", "style"),
        *("end", "flowchart", "graph", "note", "subgraph", "zone"),
    }
)
_DIRECTION = r"(?:TB|TD|BT|RL|LR)"
_HEADER = re.compile(rf"(?:graph|flowchart)(?:[^\S\n]+{_DIRECTION})?(?=[^\S\n]*(?:[;\n]|\Z))")
_IGNORED = re.compile(
    r"```[^\n]*"
    r"|(?:classDef|linkStyle)[^\S\n]+[^\n;]+"
    r"|class[^\S\n]+(?!--)[\w,-]+[^\S\n]+[\w-]+(?=[^\S\n]*(?:[;\n]|\Z))"
    r"|style[^\S\n]+(?!--)[\w-]+[^\S\n]+[\w-]+[^\S\n]*:[^\n;]*"
    r"|click[^\S\n]+(?!--)[\w-]+[^\S\n]+(?:href|call|\")[^\n]*"
    rf"|direction[^\S\n]+{_DIRECTION}(?=[^\S\n]*(?:[;\n]|\Z))"
)
_NOTE = re.compile(r"note[^\S\n]*:(?!:)([^\n]*)", re.IGNORECASE)
_ZONE = re.compile(r'(?:zone|subgraph)(?=[\s{";]|\Z)', re.IGNORECASE)
_CLOSE = re.compile(r"\}|end(?=[^\S\n]*(?:[;\n}#]|%%|\Z))", re.IGNORECASE)
_OPEN = re.compile(r"\{")
_FAN = re.compile(r",|&(?!\S)")
_CLASS = re.compile(r":::[\w-]+")
_COLON = re.compile(r":")


class _OpenZone(NamedTuple):
    id: str
    at: int


class _Parser:
    """Reads statements one after the other; no recursion, so no text is too deep for it."""

    def __init__(self, text: str, onto: Board | None) -> None:
        self._scan = Scanner(text)
        self._alone = onto is None
        self._draft = Draft() if onto is None else draft_of(onto)
        self._open: list[_OpenZone] = []
        self._begun = False

    def parse(self) -> Board:
        while not self._scan.finished():
            self._statement()
        if self._open:
            raise self._scan.error("this zone is not closed; write } below it", self._open[-1].at)
        board = self._draft.board()
        if self._alone and len(to_sketch(board)) > MAX_CHARACTERS:
            raise self._scan.error("the drawing is too large to be written out; shorten its names")
        return board

    def _statement(self) -> None:
        scan, at = self._scan, self._scan.at
        if scan.take(_IGNORED) or (not self._begun and scan.take(_HEADER)):
            return
        if scan.take(_CLOSE):
            self._close_zone(at)
        elif note := scan.take(_NOTE):
            self._take_note(note.group(1), at)
        elif scan.take(_ZONE):
            self._begun = True
            self._open_zone(at)
        else:
            self._begun = True
            self._chain()

    def _zone(self) -> str | None:
        return self._open[-1].id if self._open else None

    def _close_zone(self, at: int) -> None:
        if not self._open:
            raise self._scan.error("no zone is open here; write zone name { above it", at)
        self._open.pop()

    def _take_note(self, text: str, at: int) -> None:
        note = clean_label(text, NOTE_LENGTH)
        if not note:
            raise self._scan.error("this note is empty; write note: text", at)
        self._draft.notes.add(note)
        if len(self._draft.notes) > MAX_NOTES:
            raise self._scan.error(f"a board has at most {MAX_NOTES} notes; leave some out", at)

    def _open_zone(self, at: int) -> None:
        scan = self._scan
        name = scan.name()
        if not name:
            reason = 'a zone needs a name; write zone name {, or "zone" if it is a component'
            raise scan.error(reason, at)
        label = None
        if bracket := scan.bracket("[("):
            label = bracket.text if bracket.opener[0] == "[" else _remark(name, bracket.text)
        scan.blanks()
        if not scan.take(_OPEN):
            scan.end_statement()
        zone_id = self._draft.enclose(name, label, self._zone())
        if self._draft.depths[zone_id] > MAX_NESTING:
            raise scan.error(f"zones nest at most {MAX_NESTING} deep; close one with }} first", at)
        if len(self._draft.zones) > MAX_ZONES:
            raise scan.error(f"a board has at most {MAX_ZONES} zones; leave some out", at)
        self._open.append(_OpenZone(zone_id, at))

    def _chain(self) -> None:
        scan, at = self._scan, self._scan.at
        groups = [self._group()]
        links: list[Link] = []
        while (link := scan.link()) is not None:
            links.append(link)
            groups.append(self._group())
        label = scan.label() if links and scan.take(_COLON) else ""
        scan.end_statement()
        ends = [self._place(group, alone=not links) for group in groups]
        for index, link in enumerate(links):
            self._connect(ends[index], ends[index + 1], link._replace(label=link.label or label))
            if len(self._draft.arrows) > MAX_ARROWS:
                raise scan.error(f"a board has at most {MAX_ARROWS} arrows; leave some out", at)

    def _group(self) -> list[Mention]:
        mentions = [self._mention()]
        self._scan.blanks()
        while self._scan.take(_FAN):
            mentions.append(self._mention())
            self._scan.blanks()
        return mentions

    def _mention(self) -> Mention:
        scan = self._scan
        at = scan.blanks()
        mention = Mention(name=scan.name(), label=None, kind=None, drum=False, at=at)
        while bracket := scan.bracket():
            mention = _annotate(mention, bracket)
        if not mention.name:
            raise scan.unexpected("the name of a component")
        scan.take(_CLASS)
        return mention

    def _place(self, group: Sequence[Mention], *, alone: bool) -> tuple[str, ...]:
        """Draw a group; its ids, each once, so that a fan never costs more than the board holds."""
        ids: dict[str, None] = {}
        for mention in group:
            ids[self._draft.place(mention, self._zone(), alone=alone)] = None
            if len(self._draft.boxes) > MAX_COMPONENTS:
                reason = f"a board has at most {MAX_COMPONENTS} components; leave some out"
                raise self._scan.error(reason, mention.at)
        return tuple(ids)

    def _connect(self, left: Sequence[str], right: Sequence[str], link: Link) -> None:
        pairs = [(source, target) for source in left for target in right]
        if link.forward:
            self._draft.arrows.update(Arrow(source, target, link.label) for source, target in pairs)
        if link.backward:
            self._draft.arrows.update(Arrow(target, source, link.label) for source, target in pairs)
        if not (link.forward or link.backward):
            lines = (Arrow(*pair, link.label, directed=False) for pair in pairs)
            self._draft.arrows.update(lines)


def _annotate(mention: Mention, bracket: Bracket) -> Mention:
    if not mention.name:
        mention = mention._replace(name=bracket.text)
    elif not bracket.apart or len(bracket.opener) > 1 or bracket.opener in "{>":
        mention = mention._replace(label=bracket.text)
    elif kind := _KINDS.get(re.sub(r"[\s-]", "_", bracket.text.lower())):
        mention = mention._replace(kind=kind)
    else:
        mention = mention._replace(label=_remark(mention.label or mention.name, bracket.text))
    return mention._replace(drum=mention.drum or bracket.opener == "[(")


def _remark(name: str, remark: str) -> str:
    return clean_label(f"{name} ({remark})")


_INDENT = "  "
_PLAIN = re.compile(r"\w+(?:[ /.+'-]\w+)*")


def to_sketch(board: Board) -> str:
    """The board in the notation of this module; the same board always gives the same text.

    For every board that `parse_sketch` gives, reading the text gives that board again. A board
    from elsewhere is written with its own ids as names, its components labelled where the label is
    another.
    """
    joined = {end for arrow in board.arrows for end in (arrow.source, arrow.target)}
    known = {zone.id for zone in board.zones}
    outside = [part for part in board.components if part.zone not in known]
    lines = [
        _declaration(part)
        for part in outside
        if part.id not in joined or _declaration(part) != _name(part.label)
    ]
    roots = [zone for zone in board.zones if zone.parent not in known]
    for zone in roots:
        lines += _zone_lines(board, zone)
    names = {part.id: _reference(part.id, part.label) for part in board.components}
    lines += [_arrow_line(arrow, names) for arrow in board.arrows]
    lines += [f"note: {note}" for note in board.notes]
    return "\n".join(lines)


def _zone_lines(board: Board, zone: Zone) -> Iterator[str]:
    yield f"zone {_titled(zone.id, zone.label)} {{"
    for part in board.components:
        if part.zone == zone.id:
            yield _INDENT + _declaration(part)
    for inner in board.zones:
        if inner.parent == zone.id:
            yield from (_INDENT + line for line in _zone_lines(board, inner))
    yield "}"


def _declaration(part: Component) -> str:
    text = _titled(part.id, part.label)
    return text if part.kind is infer_kind(part.label) else f"{text} [{part.kind.value}]"


def _titled(part_id: str, label: str) -> str:
    if identify(label) == part_id:
        return _name(label)
    return f"{_name(part_id)}[{_quote(label)}]"


def _reference(part_id: str, label: str) -> str:
    return _name(label if identify(label) == part_id else part_id)


def _arrow_line(arrow: Arrow, names: dict[str, str]) -> str:
    source = names.get(arrow.source) or _name(arrow.source)
    target = names.get(arrow.target) or _name(arrow.target)
    label = f" : {_name(arrow.label)}" if arrow.label else ""
    return f"{source} {'->' if arrow.directed else '--'} {target}{label}"


def _name(text: str) -> str:
    """`text` as it is where the notation allows, in quotes otherwise."""
    plain = _PLAIN.fullmatch(text) and text.split(maxsplit=1)[0].casefold() not in _KEYWORDS
    return text if plain else _quote(text)


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
