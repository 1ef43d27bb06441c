"""Everything about a person as ZIP files, each small enough for Discord."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

READ_ME = """\
Everything that this bot has stored about you.

you.json          your settings, groups and invitations, what you wrote about cards of others
interviews/       a file for each interview: what was said and drawn, every question with its
                  reason, the cards in all their versions, corrections, disputes, ratings, shares

Rows are named by their tables. Times are UTC. What others wrote on a card of yours that is not
open to you yet is left out until you have rated it.
"""

_ROOM_PER_FILE = 300
"""Bytes that a file takes in a ZIP beside its contents, its name counted twice."""


class _File(NamedTuple):
    name: str
    data: bytes

    @property
    def packed_size(self) -> int:
        """About how many bytes it takes in a ZIP."""
        return len(zlib.compress(self.data)) + _ROOM_PER_FILE


def pack_export(export: Mapping[str, Any], limit: int) -> Sequence[bytes]:
    """The export as ZIP files of at most `limit` bytes, unless one interview alone is larger."""
    return tuple(_zip(files) for files in _shares_of(_files(export), limit))


def _files(export: Mapping[str, Any]) -> Iterator[_File]:
    yield _File("READ ME.txt", READ_ME.encode())
    own = {name: rows for name, rows in export.items() if name != "interviews"}
    yield _json_file("you.json", own)
    for interview_id, rows in export["interviews"].items():
        yield _json_file(f"interviews/{interview_id}.json", rows)


def _json_file(name: str, content: object) -> _File:
    return _File(name, json.dumps(content, ensure_ascii=False, indent=1).encode())


def _shares_of(files: Iterator[_File], limit: int) -> Iterator[list[_File]]:
    together: list[_File] = []
    size = 0
    for file in files:
        if together and size + file.packed_size > limit:
            yield together
            together, size = [], 0
        together.append(file)
        size += file.packed_size
    yield together


def _zip(files: Sequence[_File]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.name, file.data)
    return buffer.getvalue()
