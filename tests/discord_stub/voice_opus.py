"""Opus for people's mouths and ears: PyAV's own library, through discord.py's bindings."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from pathlib import Path

import av
import discord
import numpy as np
import soxr
from numpy.typing import NDArray

Samples = NDArray[np.int16]

HEARD_RATE, SPOKEN_RATE = 48_000, 16_000
FRAME = 960
"""Samples at 48 kHz in 20 ms."""

MOST_KEPT = 64
"""Clips that are kept encoded, since tests say the same again and again."""

_encoded: OrderedDict[bytes, list[bytes]] = OrderedDict()


def load_opus() -> None:
    """Load libopus, which PyAV's wheel brings along, unless the library has one already."""
    if discord.opus.is_loaded():
        return
    folder = Path(av.__file__).parent.parent / "av.libs"
    found = sorted(folder.glob("libopus-*")) or sorted(folder.glob("libopus*"))
    if not found:
        raise AssertionError(f"no libopus in {folder}: install the extra `voice` from a wheel")
    discord.opus.load_opus(str(found[0]))


def encode_clip(samples: Samples) -> list[bytes]:
    """Speech at 16 kHz mono as opus frames of 20 ms at 48 kHz stereo, as a client sends them."""
    key = hashlib.sha256(samples.tobytes()).digest()
    if key not in _encoded:
        _encoded[key] = _encode(samples)
    _encoded.move_to_end(key)
    while len(_encoded) > MOST_KEPT:
        _encoded.popitem(last=False)
    return _encoded[key]


def _encode(samples: Samples) -> list[bytes]:
    wide = soxr.resample(samples.astype(np.int16), SPOKEN_RATE, HEARD_RATE)
    wide = np.pad(wide, (0, -len(wide) % FRAME)).astype("<i2")
    stereo = np.repeat(wide, 2).tobytes()
    encoder = discord.opus.Encoder(application="voip", bitrate=64, signal_type="voice")
    size = encoder.FRAME_SIZE
    return [
        encoder.encode(stereo[start : start + size], FRAME) for start in range(0, len(stereo), size)
    ]


class MonoDecoder(discord.opus.Decoder):
    """Decodes to 48 kHz mono."""

    CHANNELS = 1
    SAMPLE_SIZE = 2
    FRAME_SIZE = FRAME * 2

    def frame(self, data: bytes) -> Samples:
        """One frame; OpusError for what is no opus."""
        return np.frombuffer(self.decode(data), np.int16)
