"""What the harness and the systems under test say to each other, on two pipes.

A message is its length, a kind, the number of a call and a body. Only the standard library: the
systems run in environments of their own.
"""

from __future__ import annotations

import asyncio
import json
import os
import struct
import sys
import threading
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, BinaryIO

_HEAD = struct.Struct("<IBB")


class Kind(IntEnum):
    """What a message is; the first five go to a system, the others come from it."""

    CONFIGURE = 1
    """How to be set up, as JSON."""
    HEAR = 2
    """20 ms of the candidate, 16 kHz mono."""
    ANSWER = 3
    """What the engine says to the next turns, as a JSON list; the last to all that follow."""
    LISTEN = 4
    """What was asked before the first turn, as text."""
    QUIT = 5
    READY = 6
    """Models are loaded and calls are open; versions as JSON."""
    PLAY = 7
    """What goes out to the candidate, 48 kHz mono."""
    TURN = 8
    """The engine is asked for an answer; what was understood, as text."""
    REPORT = 9
    """What the run has cost, as JSON."""


@dataclass(frozen=True)
class Message:
    """One message; `call` is 0 where it concerns all calls."""

    kind: Kind
    call: int
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def pack(kind: Kind, call: int = 0, body: bytes | str | dict[str, Any] = b"") -> bytes:
    """A message as it goes over the pipe."""
    if isinstance(body, dict):
        body = json.dumps(body)
    raw = body.encode() if isinstance(body, str) else body
    return _HEAD.pack(len(raw), kind, call) + raw


def read(stream: BinaryIO) -> Message | None:
    """The next message; None at the end. Blocks."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    length, kind, call = _HEAD.unpack(head)
    return Message(Kind(kind), call, stream.read(length))


class Harness:
    """A system's side of the pipes: messages in by `next`, out by `send` from any thread.

    Whatever else prints to the standard output of this process goes to its standard error.
    """

    def __init__(self) -> None:
        self._out = os.dup(1)
        os.dup2(2, 1)
        self._lock = threading.Lock()
        self._reader = asyncio.StreamReader(limit=2**22)

    async def open(self) -> Harness:
        """Start to read; on the running loop."""
        protocol = asyncio.StreamReaderProtocol(self._reader)
        await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
        return self

    async def next(self) -> Message:
        """The next message; the end of the pipe is a wish to quit."""
        try:
            length, kind, call = _HEAD.unpack(await self._reader.readexactly(_HEAD.size))
            return Message(Kind(kind), call, await self._reader.readexactly(length))
        except asyncio.IncompleteReadError:
            return Message(Kind.QUIT, 0, b"")

    def send(self, kind: Kind, call: int = 0, body: bytes | str | dict[str, Any] = b"") -> None:
        """Write a message; small ones never wait for the harness."""
        packed = pack(kind, call, body)
        with self._lock:
            while packed:
                packed = packed[os.write(self._out, packed) :]
