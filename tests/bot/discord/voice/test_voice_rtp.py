"""Datagrams in: what is a frame of audio, and that nothing crafted does any harm."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.secret import Aead
from udp_samples import KEY, SSRC, seal

from bot.discord.voice.rtp import LARGEST, Packet, Refused, open_packet

BOX = Aead(KEY)
FRAME = bytes(range(60))


def test_a_packet_opens() -> None:
    """Source, sequence number, timestamp and frame come out as they went in."""
    opened = open_packet(seal(FRAME, sequence=65_535, timestamp=2**32 - 1), BOX)

    assert opened == Packet(SSRC, 65_535, 2**32 - 1, FRAME)


@pytest.mark.parametrize("sources", [0, 1, 15])
@pytest.mark.parametrize("extension", [None, b"", b"abcd", bytes(40)])
@pytest.mark.parametrize("padding", [0, 1, 4, 200])
def test_sources_extension_and_padding_are_left_out(
    sources: int, extension: bytes | None, padding: int
) -> None:
    """The frame is found behind any header and before any padding."""
    opened = open_packet(seal(FRAME, sources=sources, extension=extension, padding=padding), BOX)

    assert isinstance(opened, Packet)
    assert opened.frame == FRAME


@pytest.mark.parametrize(
    ("datagram", "reason"),
    [
        (b"", Refused.SIZE),
        (bytes(8), Refused.SIZE),
        (struct.pack(">HHI", 2, 70, SSRC) + bytes(66), Refused.VERSION),
        (seal(bytes(LARGEST)), Refused.SIZE),
        (b"\x40" + seal(FRAME)[1:], Refused.VERSION),
        (b"\x80\xc8" + seal(FRAME)[2:], Refused.CONTROL),
        (b"\x81\xcc" + seal(FRAME)[2:], Refused.CONTROL),
        (seal(FRAME, payload_type=0x65), Refused.NOT_AUDIO),
        (seal(b"")[:12].replace(b"\x80", b"\x9f", 1) + bytes(24), Refused.HEADER),
        (seal(FRAME, key=bytes(32)), Refused.FORGED),
        (seal(FRAME)[:-1] + b"\xff", Refused.FORGED),
        (seal(FRAME)[:-9], Refused.FORGED),
        (seal(FRAME, extension=b"abcd", extension_words=60_000), Refused.BODY),
        (seal(b"", extension=b"abcd"), Refused.BODY),
        (seal(b"\xff" * 3, padding=1)[:0] or seal(b""), Refused.BODY),
    ],
    ids=lambda value: value.value if isinstance(value, Refused) else "datagram",
)
def test_what_is_no_frame_is_refused_with_the_reason(datagram: bytes, reason: Refused) -> None:
    """Keep-alive echoes, address discovery, RTCP, video and forgeries are told apart."""
    assert open_packet(datagram, BOX) is reason


def test_padding_beyond_the_frame_is_refused() -> None:
    """A last byte that claims more padding than there is does not reach into the header."""
    padded = bytearray(seal(b"\x05" * 3))
    padded[0] |= 0x20
    head = bytes(padded[:12])
    body = BOX.encrypt(b"\x05" * 3, head, bytes(24)).ciphertext

    assert open_packet(head + body + bytes(4), BOX) is Refused.BODY


def test_nothing_opens_before_the_key_is_known() -> None:
    """Packets that outrun the key are refused as such."""
    assert open_packet(seal(FRAME), None) is Refused.NO_KEY


@given(st.binary(max_size=LARGEST + 10))
def test_any_bytes_are_answered(datagram: bytes) -> None:
    """Noise is refused; it neither raises nor passes."""
    assert isinstance(open_packet(datagram, BOX), Refused)


@given(
    first=st.integers(0x80, 0xBF),
    second=st.sampled_from([0x78, 0xF8, 200, 204, 0x65]),
    rest=st.binary(max_size=120),
    body=st.binary(max_size=80),
)
def test_any_header_over_an_honest_seal_is_answered(
    first: int, second: int, rest: bytes, body: bytes
) -> None:
    """Whoever holds the key may lie about every length: no frame is longer than what was sent."""
    head = bytes([first, second]) + rest
    sealed = BOX.encrypt(body, head, bytes(24)).ciphertext

    opened = open_packet(head + sealed + bytes(4), BOX)

    assert isinstance(opened, Refused) or 0 < len(opened.frame) <= len(body)


@given(
    flip=st.integers(0, 8 * 92 - 1),
    extension=st.sampled_from([None, b"abcd"]),
)
def test_one_bit_changed_is_never_heard(flip: int, extension: bytes | None) -> None:
    """Every bit of a datagram counts: header, frame, tag and nonce."""
    datagram = bytearray(seal(FRAME, extension=extension))
    datagram[flip // 8 % len(datagram)] ^= 1 << flip % 8

    assert isinstance(open_packet(bytes(datagram), BOX), Refused)
