"""Opus to 16 kHz mono, which is what speech recognition takes, without a resampler between."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import discord
import numpy as np

from voice.speech import HEARING_FRAME, HEARING_RATE, Samples, VoiceError

NO_LIBOPUS = (
    "libopus, which Discord's voice is coded with, was not found: install it with the system's "
    "package manager (Debian: apt install libopus0; macOS: brew install opus), or install "
    "Hotseat's voice extra, which brings it along"
)

BUNDLED = ("../av.libs/libopus-*.so*", ".dylibs/libopus.*dylib")
"""Where the wheels of PyAV, which faster-whisper needs, keep libopus; from PyAV's folder."""


def load_libopus() -> None:
    """Make libopus known to the library: the system's, or else PyAV's; raises `VoiceError`.

    May take a tenth of a second the first time.
    """
    try:
        discord.opus.Decoder.get_opus_version()
    except discord.opus.OpusNotLoaded:
        _load_bundled()


def _load_bundled() -> None:
    for path in _bundled():
        try:
            discord.opus.load_opus(str(path))
        except OSError:
            continue
        return
    raise VoiceError(NO_LIBOPUS)


def _bundled() -> list[Path]:
    found = importlib.util.find_spec("av")
    if found is None or found.origin is None:
        return []
    folder = Path(found.origin).parent
    return [path for pattern in BUNDLED for path in sorted(folder.glob(pattern))]


class SpeechDecoder(discord.opus.Decoder):
    """One speaker's decoder; it carries sound over from frame to frame, so nobody shares it."""

    SAMPLING_RATE = HEARING_RATE
    CHANNELS = 1
    SAMPLES_PER_FRAME = HEARING_FRAME
    SAMPLE_SIZE = 2
    FRAME_SIZE = HEARING_FRAME * SAMPLE_SIZE

    def hear(self, frame: bytes) -> Samples | None:
        """The sound of `frame`; None where it is no Opus."""
        try:
            samples = np.frombuffer(self.decode(frame, fec=False), np.int16)
        except discord.opus.OpusError:
            return None
        return samples if len(samples) else None

    def conceal(self, following: bytes | None) -> Samples:
        """What was probably heard in a frame that is missing.

        `following` is the frame right after it, where that is there: it may hold a small copy of
        the one before (in-band forward error correction).
        """
        try:
            if following is None:
                return np.frombuffer(self.decode(None, fec=False), np.int16)
            return np.frombuffer(self.decode(following, fec=True), np.int16)
        except discord.opus.OpusError:
            return np.zeros(HEARING_FRAME, np.int16)
