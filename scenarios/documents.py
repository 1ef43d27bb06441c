"""One YAML file as plain values, read as data from a stranger.

The language is the YAML 1.2 core schema without the parts that a pack has no use for: anchors and
aliases, tags, merge keys, several documents in one file and keys given twice are refused, so `no`
and `12:30` are text and no file can unfold into more than it is. Values are built from the event
stream without recursion, so neither depth nor size can exhaust the interpreter; lines are looked
up only once something is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NoReturn, TypeAlias, cast

import yaml

MAX_BYTES = 1024 * 1024
"""The largest file that is read, in bytes; the largest shipped one is a tenth of it."""

MAX_DEPTH = 32
"""How many mappings and lists may stand inside each other; the models need ten."""

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"
Loc: TypeAlias = tuple[str | int, ...]

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True)
class Problem:
    """One fault of a pack, and what to do about it.

    `place` is dotted, list items by index and id (`stages.loop.concepts[2 bounded-agent].probes`),
    empty for the file as a whole; `line` counts from 1, None where there is no line to show.
    """

    path: Path
    place: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        where = str(self.path) if self.line is None else f"{self.path}:{self.line}"
        return ": ".join(part for part in (where, self.place, self.reason) if part)


class ContentError(Exception):
    """Base of everything that `scenarios` raises."""


class PackError(ContentError):
    """A pack cannot be used. `problems` holds every fault found; the message has a line each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Document:
    """A file that is a YAML mapping; it knows where everything in it stands."""

    path: Path
    text: str
    values: dict[str, Value]

    def problem(self, loc: Loc, reason: str) -> Problem:
        """A problem at `loc`, or at the nearest place around it that the file has."""
        return Problem(self.path, name_place(self.values, loc), self._line(loc), reason)

    @cached_property
    def _root(self) -> yaml.Node:
        return cast("yaml.Node", yaml.compose(self.text, _LOADER))

    def _line(self, loc: Loc) -> int:
        node, line = self._root, self._root.start_mark.line
        for step in loc:
            entry = _entry(node, step)
            if entry is None:
                break
            node, line = entry
        return line + 1


def name_place(values: Value, loc: Loc) -> str:
    """`loc` in words, each list item with its id where it has one."""
    place = ""
    for step in loc:
        values = child(values, step)
        if isinstance(step, str):
            place += f".{shorten(step)}" if place else shorten(step)
            continue
        name = values.get("id") if isinstance(values, dict) else None
        place += f"[{step} {shorten(name)}]" if isinstance(name, str) else f"[{step}]"
    return place


def child(value: Value, step: str | int) -> Value:
    """What stands at `step` of a mapping or list, None where there is nothing."""
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def shorten(text: str) -> str:
    """`text` on one line and short enough for a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 64 else f"{flat[:63]}…"


def read_bytes(path: Path) -> bytes:
    """The file's content.

    Raises:
        PackError: it cannot be read, is not a regular file, or is larger than `MAX_BYTES`.
    """
    try:
        if not path.is_file():
            _refuse(path, None, "not a regular file: put the YAML text itself here")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as err:
        _refuse(path, None, f"cannot be read: {err.strerror or type(err).__name__}", err)
    if len(raw) > MAX_BYTES:
        _refuse(path, None, f"larger than {MAX_BYTES // 1024} KiB: split it into several files")
    return raw


def parse_document(path: Path, raw: bytes) -> Document:
    """The content of `path` as a document.

    Raises:
        PackError: it is not UTF-8, not YAML, not a mapping, or uses what packs may not.
    """
    text = _decode(path, raw)
    builder = _Builder()
    try:
        builder.read(text)
    except _RefusedError as err:
        builder.faults.append(err)
    except yaml.MarkedYAMLError as err:
        _refuse_syntax(path, err)
    except (yaml.YAMLError, ValueError, OverflowError) as err:
        _refuse(path, None, "not YAML: it holds a character that YAML does not allow", err)
    if builder.faults:
        raise PackError(
            [
                Problem(path, name_place(builder.root, fault.loc), fault.line, fault.reason)
                for fault in builder.faults
            ]
        )
    if not isinstance(builder.root, dict):
        _refuse(path, 1, "not a mapping: the file must be `key: value` lines")
    return Document(path, text, builder.root)


def _refuse(path: Path, line: int | None, reason: str, cause: Exception | None = None) -> NoReturn:
    raise PackError([Problem(path, "", line, reason)]) from cause


def _refuse_syntax(path: Path, err: yaml.MarkedYAMLError) -> NoReturn:
    mark = err.problem_mark or err.context_mark
    where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
    _refuse(path, mark.line + 1 if mark else None, f"not YAML: {err.problem}{where}", err)


def _decode(path: Path, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        line = raw.count(b"\n", 0, err.start) + 1
        _refuse(path, line, "not UTF-8: save the file with that encoding", err)
    if unwanted := _UNWANTED.search(text):
        line = text.count("\n", 0, unwanted.start()) + 1
        _refuse(path, line, _describe_unwanted(unwanted.group()))
    return text


def _describe_unwanted(character: str) -> str:
    return f"control character U+{ord(character):04X}: remove it"


def _entry(node: yaml.Node, step: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            if name.value == step:
                return value, name.start_mark.line
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = cast("yaml.Node", node.value[step])
        return item, item.start_mark.line
    return None


class _RefusedError(Exception):
    """Something that YAML allows and a pack does not; reading stops there."""

    def __init__(self, loc: Loc, line: int, reason: str) -> None:
        self.loc, self.line, self.reason = loc, line, reason
        super().__init__(reason)


@dataclass
class _Open:
    """A mapping or list whose end has not come yet; `key` is the mapping's key in waiting."""

    value: list[Value] | dict[str, Value]
    key: str | None = None


class _Builder:
    """Turns YAML events into values; `faults` are those that need not stop the reading."""

    def __init__(self) -> None:
        self.root: Value = None
        self.faults: list[_RefusedError] = []
        self._open: list[_Open] = []
        self._documents = 0
        self._line = 1

    def read(self, text: str) -> None:
        """Read the whole stream into `root`."""
        for event in yaml.parse(text, _LOADER):
            self._line = cast("yaml.Mark", event.start_mark).line + 1
            self._take(event)

    def _take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._refuse_marks(event)
                self._add_scalar(event)
            case yaml.MappingStartEvent():
                self._refuse_marks(event)
                self._enter({})
            case yaml.SequenceStartEvent():
                self._refuse_marks(event)
                self._enter([])
            case yaml.CollectionEndEvent():
                self._open.pop()
            case yaml.AliasEvent():
                self._stop("aliases (`*name`) are not allowed: write the value out")
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self._stop("several documents in one file: make each a file of its own")
            case _:
                pass

    def _refuse_marks(
        self, event: yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent
    ) -> None:
        if event.anchor is not None:
            self._stop("anchors (`&name`) are not allowed: write the value out where it is needed")
        if event.tag is not None:
            self._stop("tags (`!name`) are not allowed: write the plain value")

    def _enter(self, value: list[Value] | dict[str, Value]) -> None:
        if len(self._open) >= MAX_DEPTH:
            self._stop(f"more than {MAX_DEPTH} levels inside each other")
        if self._awaits_key():
            self._stop("a key must be a plain word, not a list or mapping")
        self._put(value)
        self._open.append(_Open(value))

    def _add_scalar(self, event: yaml.ScalarEvent) -> None:
        text = event.value
        if event.style == '"' and (unwanted := _UNWANTED.search(text)):
            self._stop(_describe_unwanted(unwanted.group()))
        if self._awaits_key():
            self._take_key(text)
        else:
            self._put(text if event.style else _resolve(text))

    def _awaits_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].value, dict) and not self._has_key()

    def _has_key(self) -> bool:
        return self._open[-1].key is not None

    def _take_key(self, key: str) -> None:
        top = self._open[-1]
        if key in top.value:
            reason = "the same key twice: keep one of them"
            self.faults.append(_RefusedError((*self._loc(), key), self._line, reason))
        top.key = key

    def _put(self, value: Value) -> None:
        if not self._open:
            self.root = value
            return
        top = self._open[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        else:
            top.value[cast("str", top.key)] = value
            top.key = None

    def _loc(self) -> Loc:
        steps: list[str | int] = []
        for outer, inner in zip(self._open, self._open[1:], strict=False):
            if isinstance(outer.value, list):
                steps.append(len(outer.value) - 1)
            else:
                steps.append(next(name for name, at in outer.value.items() if at is inner.value))
        return tuple(steps)

    def _stop(self, reason: str) -> NoReturn:
        raise _RefusedError(self._loc(), self._line, reason)


def _resolve(text: str) -> Value:
    """The value of an unquoted scalar; numbers beyond any use stay text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and len(text) <= 40:
        return float(text)
    return text
