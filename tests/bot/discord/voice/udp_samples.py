"""Datagrams as a voice server sends them, and the sound in them, made here from scratch."""

import struct
from collections.abc import Iterator

import discord
import numpy as np
from nacl.secret import Aead
from numpy.typing import NDArray

from bot.discord.voice.opus import load_libopus

KEY = bytes(range(32))
SSRC = 4711


def seal(
    frame: bytes,
    *,
    sequence: int = 1,
    timestamp: int = 960,
    ssrc: int = SSRC,
    sources: int = 0,
    extension: bytes | None = None,
    padding: int = 0,
    payload_type: int = 0x78,
    key: bytes = KEY,
    extension_words: int | None = None,
) -> bytes:
    """One packet, encrypted for transport; lengths may be given that lie."""
    first = 0x80 | sources | (0x10 if extension is not None else 0) | (0x20 if padding else 0)
    head = struct.pack(">BBHII", first, payload_type, sequence % 2**16, timestamp % 2**32, ssrc)
    head += bytes(4 * sources)
    body = frame
    if extension is not None:
        words = len(extension) // 4 if extension_words is None else extension_words
        head += struct.pack(">HH", 0xBEDE, words)
        body = extension + frame
    if padding:
        body += bytes(padding - 1) + bytes([padding])
    nonce = struct.pack(">I", sequence % 2**32)
    return head + Aead(key).encrypt(body, head, nonce + bytes(20)).ciphertext + nonce


def tone(seconds: float, hertz: float = 440.0, level: float = 0.3) -> NDArray[np.int16]:
    """A steady tone, 48 kHz mono."""
    at = np.arange(int(seconds * 48_000)) / 48_000
    return (np.sin(2 * np.pi * hertz * at) * level * 32_767).astype(np.int16)


def humming(seconds: float) -> NDArray[np.int16]:
    """Something like a voice, 48 kHz mono: overtones of a pitch that wanders and swells."""
    chance = np.random.default_rng(3)
    count = int(seconds * 48_000)
    places = np.arange(0, count, 4_800)
    hertz = np.interp(np.arange(count), places, chance.uniform(100, 200, len(places)))
    swell = np.interp(np.arange(count), places, chance.uniform(0.2, 1, len(places)))
    turns = np.cumsum(hertz) / 48_000
    voice = sum(np.sin(2 * np.pi * overtone * turns) / overtone for overtone in range(1, 20))
    return (voice * swell * 6_000).astype(np.int16)


def encoded(mono: NDArray[np.int16], **options: object) -> Iterator[bytes]:
    """Opus frames of 20 ms of that sound."""
    load_libopus()
    encoder = discord.opus.Encoder(**options)
    stereo = np.repeat(mono, 2)
    for start in range(0, len(stereo) - 1919, 1920):
        yield encoder.encode(stereo[start : start + 1920].tobytes(), 960)


def pitch(heard: NDArray[np.int16]) -> float:
    """The loudest frequency of sound at 16 kHz, in hertz."""
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    return float(spectrum.argmax() * 16_000 / len(heard))


def level(heard: NDArray[np.int16]) -> float:
    """Root mean square from 0 to 1."""
    return float(np.sqrt(np.mean((heard / 32_768.0) ** 2)))
