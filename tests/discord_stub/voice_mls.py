"""The bytes of MLS that the voice gateway writes as the external sender of a group.

RFC 9420 and https://daveprotocol.com; a client's library does all the rest of MLS.
"""

from __future__ import annotations

import struct

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_PUBLIC_MESSAGE = struct.pack(">HH", 1, 1)
_KEY_PACKAGE = struct.pack(">HH", 1, 5)
_ADD, _REMOVE = 1, 3
_FROM_MEMBER, _FROM_EXTERNAL = 1, 2
_PROPOSAL, _COMMIT = 2, 3
_IN_KEY_PACKAGE, _IN_COMMIT = 1, 3


def vector(data: bytes) -> bytes:
    """Bytes with their length before them (RFC 9420 section 2.1.2)."""
    length = len(data)
    if length < 1 << 6:
        return bytes([length]) + data
    if length < 1 << 14:
        return struct.pack(">H", length | 1 << 14) + data
    return struct.pack(">I", length | 2 << 30) + data


class Reader:
    """Reads from the start of some bytes; ValueError where they end too soon.

    Attributes:
        at: how many bytes were read.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        """The next bytes."""
        taken = self._data[self.at : self.at + count]
        if len(taken) != count:
            raise ValueError("the message is too short")
        self.at += count
        return taken

    def number(self, size: int) -> int:
        """The next bytes as a number."""
        return int.from_bytes(self.take(size), "big")

    def vector(self) -> bytes:
        """Bytes after their length."""
        first = self.number(1)
        prefix = first >> 6
        if prefix == 3:
            raise ValueError("a length with an unknown prefix")
        length = first & 0x3F
        for _ in range((1 << prefix) - 1):
            length = length << 8 | self.number(1)
        return self.take(length)


def split_commit(data: bytes) -> tuple[bytes, bytes]:
    """Part a client's op 28 into the commit and the welcome, which is empty where none is needed.

    ValueError for anything else.
    """
    reader = Reader(data)
    if reader.take(4) != _PUBLIC_MESSAGE:
        raise ValueError("no public message of MLS 1.0")
    reader.vector()
    reader.number(8)
    sender = reader.number(1)
    if sender in (_FROM_MEMBER, _FROM_EXTERNAL):
        reader.number(4)
    reader.vector()
    if reader.number(1) != _COMMIT:
        raise ValueError("no commit")
    reader.vector()
    if reader.number(1):
        _skip_leaf(reader)
        reader.vector()
    reader.vector()
    reader.vector()
    if sender == _FROM_MEMBER:
        reader.vector()
    return data[: reader.at], data[reader.at :]


def _skip_leaf(reader: Reader) -> None:
    reader.vector()
    reader.vector()
    reader.number(2)
    reader.vector()
    for _ in range(5):
        reader.vector()
    source = reader.number(1)
    if source == _IN_KEY_PACKAGE:
        reader.take(16)
    elif source == _IN_COMMIT:
        reader.vector()
    reader.vector()
    reader.vector()


class ExternalSender:
    """The gateway's signature on who joins and who leaves one group.

    Attributes:
        epoch: the group's epoch, which the gateway counts.
    """

    def __init__(self, group_id: int) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._group = vector(struct.pack(">Q", group_id))
        self.epoch = 0

    def package(self) -> bytes:
        """What op 25 tells clients: the public key and a basic credential."""
        point = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return vector(point) + struct.pack(">H", 1) + vector(bytes(8))

    def add(self, key_package: bytes) -> bytes:
        """The proposals (body of op 27) that add whoever made this key package (op 26)."""
        return self._propose(struct.pack(">H", _ADD) + key_package.removeprefix(_KEY_PACKAGE))

    def remove(self, leaf: int) -> bytes:
        """The proposals (body of op 27) that remove the member at a leaf."""
        return self._propose(struct.pack(">HI", _REMOVE, leaf))

    def _propose(self, proposal: bytes) -> bytes:
        content = _PUBLIC_MESSAGE + self._group + struct.pack(">Q", self.epoch)
        content += struct.pack(">BI", _FROM_EXTERNAL, 0)
        content += vector(b"") + bytes([_PROPOSAL]) + proposal
        signed = vector(b"MLS 1.0 FramedContentTBS") + vector(content)
        signature = self._key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return vector(content + vector(signature))
