"""Datagrams of Discord's voice servers: parsing and transport encryption.

The format is RTP (RFC 3550) under `aead_xchacha20_poly1305_rtpsize`, the mode that Discord always
offers: the fixed header, its contributing sources and the first four bytes of an extension stay
readable and are authenticated; the rest of the extension and the frame are encrypted; the last
four bytes are the nonce (https://discord.com/developers/docs/topics/voice-connections).
Nothing here raises: whatever is not a frame of audio is answered with the reason.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nacl.secret import Aead

HEADER = 12
TAG = 16
NONCE = 4
NONCE_PADDING = bytes(20)
EXTENSION_HEAD = 4

SMALLEST = HEADER + TAG + NONCE
"""Bytes of a datagram with an empty frame; keep-alive echoes are smaller."""

LARGEST = 1_500
"""Bytes that Ethernet carries at once; 20 ms of speech take a tenth of them."""

OPUS = 0x78
"""The payload type of audio. Video and its retransmissions have others."""

CONTROL = range(200, 205)
"""Second byte of RTCP: sender and receiver reports, descriptions, goodbyes."""

SILENCE = b"\xf8\xff\xfe"
"""Opus' frame of silence. Discord's servers make these themselves and never encrypt them."""


class Refused(StrEnum):
    """Why something that came in is not heard; the values are the names in the statistics."""

    SIZE = "not_a_packet_by_size"
    VERSION = "not_rtp"
    CONTROL = "rtp_control"
    NOT_AUDIO = "not_audio"
    NO_KEY = "no_key_yet"
    HEADER = "header_beyond_packet"
    FORGED = "forged"
    BODY = "extension_or_padding_beyond_frame"
    DAVE_NOT_READY = "dave_not_ready"
    DAVE = "dave_refused"


@dataclass(frozen=True, slots=True)
class Packet:
    """A frame of audio without its transport encryption; it may still be end-to-end encrypted.

    `sequence` counts packets modulo 2**16, `timestamp` samples at 48 kHz modulo 2**32.
    """

    ssrc: int
    sequence: int
    timestamp: int
    frame: bytes


def open_packet(datagram: bytes, key: Aead | None) -> Packet | Refused:
    """The frame in `datagram`, or why there is none."""
    refused = _refuse_by_head(datagram)
    if refused is not None:
        return refused
    if key is None:
        return Refused.NO_KEY
    start = _end_of_readable(datagram)
    if start + TAG + NONCE > len(datagram):
        return Refused.HEADER
    body = _decrypt(datagram, start, key)
    if body is None:
        return Refused.FORGED
    frame = _without_extension_and_padding(datagram, start, body)
    if not frame:
        return Refused.BODY
    sequence, timestamp, ssrc = struct.unpack_from(">HII", datagram, 2)
    return Packet(ssrc, sequence, timestamp, frame)


def _refuse_by_head(datagram: bytes) -> Refused | None:
    if not SMALLEST <= len(datagram) <= LARGEST:
        return Refused.SIZE
    if datagram[0] >> 6 != 2:
        return Refused.VERSION
    if datagram[1] in CONTROL:
        return Refused.CONTROL
    return None if datagram[1] & 0x7F == OPUS else Refused.NOT_AUDIO


def _end_of_readable(datagram: bytes) -> int:
    """Where the encrypted part begins, as the header has it."""
    sources = 4 * (datagram[0] & 0x0F)
    return HEADER + sources + (EXTENSION_HEAD if _is_extended(datagram) else 0)


def _is_extended(datagram: bytes) -> bool:
    return bool(datagram[0] & 0x10)


def _is_padded(datagram: bytes) -> bool:
    return bool(datagram[0] & 0x20)


def _decrypt(datagram: bytes, start: int, key: Aead) -> bytes | None:
    from nacl.exceptions import CryptoError

    nonce = datagram[-NONCE:] + NONCE_PADDING
    try:
        return key.decrypt(datagram[start:-NONCE], datagram[:start], nonce)
    except CryptoError:
        return None


def _without_extension_and_padding(datagram: bytes, start: int, body: bytes) -> bytes:
    """The frame alone; empty where the lengths given go beyond the body."""
    first = 0
    if _is_extended(datagram):
        first = 4 * int.from_bytes(datagram[start - 2 : start], "big")
    last = len(body)
    if _is_padded(datagram) and body:
        last -= body[-1]
    return body[first:last] if first < last else b""
