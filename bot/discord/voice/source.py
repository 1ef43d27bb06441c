"""What the bot says, in the form in which the library's player takes it."""

from __future__ import annotations

from collections.abc import Callable

import discord
import numpy as np

from voice.speech import SPEAKING_FRAME, Samples

STEREO_FRAME_BYTES = SPEAKING_FRAME * 2 * 2

SILENT_FRAME = bytes(STEREO_FRAME_BYTES)
"""20 ms of nothing; the client sends none of it (see `HearingClient.send_audio_packet`)."""


class PlaybackSource(discord.AudioSource):
    """Endless sound from `read`, which gives exactly so many samples of 48 kHz mono when asked.

    The player asks from a thread of its own, once in 20 ms. There is no end: silence between
    utterances is part of it.
    """

    def __init__(self, read: Callable[[int], Samples]) -> None:
        self._read = read

    def read(self) -> bytes:
        """The next 20 ms as 48 kHz stereo."""
        mono = self._read(SPEAKING_FRAME)
        return np.repeat(mono, 2).tobytes() if mono.any() else SILENT_FRAME

    def is_opus(self) -> bool:
        """Whether it is encoded: it is not."""
        return False
