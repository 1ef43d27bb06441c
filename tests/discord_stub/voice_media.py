"""The media server: UDP, RTP and the encryption between it and the bot.

https://discord.com/developers/docs/topics/voice-connections
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import struct
import time
from typing import NamedTuple, Protocol

import nacl.exceptions
import nacl.secret

MODES = ("aead_aes256_gcm_rtpsize", "aead_xchacha20_poly1305_rtpsize")
"""What is offered; of these only the second is always there on Discord, and spoken here."""

SPOKEN = MODES[1]

OPUS_PAYLOAD = 0x78
SILENCE = b"\xf8\xff\xfe"

_VERSION, _PADDED, _EXTENDED = 0x80, 0x20, 0x10
_RTP = struct.Struct(">BBHII")
_EXTENSION = struct.pack(">HH", 0xBEDE, 1)
_EXTENSION_BODY = bytes.fromhex("51000000")
"""One word of header extension, as a sender's client writes it; its meaning is nobody's here."""

_DISCOVERY = struct.Struct(">HHI64sH")
_ANSWER, _DISCOVERY_LENGTH = 2, 70
_KEEPALIVE_LENGTH = 8

_KERNEL_TIME = getattr(socket, "SO_TIMESTAMPNS", 35)
_TIME = struct.Struct("@qq")
_LARGEST = 4096


class Rtp(NamedTuple):
    """What a packet's header says."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int


class Seal:
    """The transport's encryption under one key.

    Attributes:
        key: the 32 bytes that op 4 of the voice gateway hands out.
    """

    def __init__(self, key: bytes | None = None) -> None:
        self.key = key or secrets.token_bytes(nacl.secret.Aead.KEY_SIZE)
        self._box = nacl.secret.Aead(self.key)
        # The bot counts from 0 under the same key, and no nonce may come twice.
        self._count = 1 << 31

    def close(self, header: bytes, body: bytes) -> bytes:
        """A packet: the header as it is, the body encrypted, and the nonce's counter."""
        self._count += 1
        counter = struct.pack(">I", self._count & 0xFFFFFFFF)
        return header + self._box.encrypt(body, header, counter + bytes(20)).ciphertext + counter

    def open(self, packet: bytes) -> bytes:
        """The frame of a packet, without header, extension and padding; ValueError if it is none.

        Only what is authentic is opened.
        """
        size = 12 + 4 * (packet[0] & 0x0F)
        words = 0
        if packet[0] & _EXTENDED:
            words = int.from_bytes(packet[size + 2 : size + 4], "big")
            size += 4
        try:
            body = self._box.decrypt(packet[size:-4], packet[:size], packet[-4:] + bytes(20))
        except (nacl.exceptions.CryptoError, nacl.exceptions.ValueError) as err:
            raise ValueError("the transport's key does not open it") from err
        if packet[0] & _PADDED:
            body = body[: -body[-1]]
        return body[4 * words :]


def frame_packet(seal: Seal, rtp: Rtp, frame: bytes, *, marked: bool = False) -> bytes:
    """A packet with one opus frame, as the media server sends it to the bot."""
    kind = rtp.payload_type | (0x80 if marked else 0)
    first = _RTP.pack(_VERSION | _EXTENDED, kind, rtp.sequence, rtp.timestamp, rtp.ssrc)
    return seal.close(first + _EXTENSION, _EXTENSION_BODY + frame)


def read_header(packet: bytes) -> Rtp | None:
    """The header of an RTP packet; None for anything else."""
    if len(packet) < 12 + 16 + 4 or packet[0] >> 6 != 2:
        return None
    _, kind, sequence, timestamp, ssrc = _RTP.unpack_from(packet)
    return Rtp(kind & 0x7F, sequence, timestamp, ssrc)


class Receiver(Protocol):
    """Whoever the media server hands its packets to."""

    def discovered(self, ssrc: int, address: tuple[str, int]) -> bool:
        """A client with this ssrc asks from this address; False if nobody has that ssrc."""
        ...

    def kept_alive(self, address: tuple[str, int], at: float) -> None:
        """Eight bytes that only say that somebody is there."""
        ...

    def received(self, packet: bytes, address: tuple[str, int], at: float) -> None:
        """Anything else."""
        ...


class MediaServer:
    """One UDP port.

    Attributes:
        address: where it listens.
        paused: while set, nothing goes through in either direction.
    """

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, _KERNEL_TIME, 1)
        self._socket.bind(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._socket.getsockname()
        self.paused = False
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    def close(self) -> None:
        """Stop listening; packets that come later are lost."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def send(self, packet: bytes, address: tuple[str, int]) -> None:
        """Send a packet; a full buffer loses it, as networks do."""
        if not self.paused:
            with contextlib.suppress(OSError):
                self._socket.sendto(packet, address)

    def _read(self) -> None:
        while True:
            try:
                packet, ancillary, _, address = self._socket.recvmsg(_LARGEST, 64)
            except OSError:
                return
            if not self.paused:
                self._take(packet, address, _arrival(ancillary))

    def _take(self, packet: bytes, address: tuple[str, int], at: float) -> None:
        if len(packet) == _DISCOVERY.size and packet[:2] == b"\0\1":
            ssrc = struct.unpack_from(">I", packet, 4)[0]
            if self._receiver.discovered(ssrc, address):
                host, port = address
                text = host.encode()
                self.send(_DISCOVERY.pack(_ANSWER, _DISCOVERY_LENGTH, ssrc, text, port), address)
        elif len(packet) == _KEEPALIVE_LENGTH:
            self._receiver.kept_alive(address, at)
            self.send(packet, address)
        else:
            self._receiver.received(packet, address, at)


def _arrival(ancillary: list[tuple[int, int, bytes]]) -> float:
    """When the kernel took the packet, in the monotonic clock: the loop may come to it late."""
    for _, kind, data in ancillary:
        if kind == _KERNEL_TIME and len(data) >= _TIME.size:
            seconds, nanoseconds = _TIME.unpack_from(data)
            age = time.time() - (seconds + nanoseconds / 1e9)
            return time.monotonic() - max(0.0, age)
    return time.monotonic()
