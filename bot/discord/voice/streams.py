"""One person's voice as a steady stream: 50 frames a second, whatever the network does."""

from __future__ import annotations

from collections import Counter

import numpy as np

from bot.discord.voice.opus import SpeechDecoder
from bot.discord.voice.reorder import ReorderWindow
from bot.discord.voice.rtp import SILENCE, Packet
from voice.speech import HEARING_FRAME, Samples

REORDER_FRAMES = 3
"""Frames (60 ms) that the first of somebody's words waits for those that it has overtaken."""

CONCEALED_FRAMES = 3
"""Missing frames (60 ms) in a row that are filled with a guess; a longer gap is silence."""

BEHIND_FRAMES = 6
"""Frames (120 ms) waiting beyond which quiet ones are left out, until the delay is small again."""

QUIET = 330
"""Peak of a frame that may be left out: -40 dBFS, below any voice."""

NOTHING: Samples = np.zeros(HEARING_FRAME, np.int16)
NOTHING.flags.writeable = False


class SpeakerStream:
    """Takes packets as they come and gives frames of `HEARING_FRAME` samples when asked.

    Whoever asks does so once in 20 ms. A frame that is lost, or is no Opus, costs that one frame.
    `stats` counts what happened.
    """

    def __init__(self, stats: Counter[str]) -> None:
        self._stats = stats
        self.restart()

    def restart(self) -> None:
        """Forget everything: the same person comes in by another stream now."""
        self._window = ReorderWindow()
        self._decoder = SpeechDecoder()
        self._rest = NOTHING[:0]
        self._pausing = True
        self._waited = 0
        self._concealed = 0
        self._bridged = 0
        self._was_silence = False

    def push(self, packet: Packet, frame: bytes) -> None:
        """Take `packet`, whose end-to-end decrypted content is `frame`."""
        outcome = self._window.put(packet.sequence, packet.timestamp, frame)
        self._stats[outcome] += 1

    def pull(self) -> Samples:
        """The next 20 ms; not to be written to."""
        while len(self._rest) < HEARING_FRAME:
            following = self._following()
            self._rest = np.concatenate([self._rest, following]) if len(self._rest) else following
        frame, self._rest = self._rest[:HEARING_FRAME], self._rest[HEARING_FRAME:]
        return frame

    def _following(self) -> Samples:
        if self._pausing and not self._may_begin():
            return NOTHING
        self._window.skip(self._bridged)
        gap = self._window.gap
        if gap is None:
            return self._bridge()
        self._bridged = 0
        if not gap or self._concealed >= CONCEALED_FRAMES:
            return self._play()
        self._window.skip(1)
        return self._conceal(self._window.peek() if gap == 1 else None)

    def _may_begin(self) -> bool:
        """Whether somebody who was silent is to be heard now; until then their frames gather."""
        if not self._window:
            self._waited = 0
            return False
        self._waited += 1
        if self._waited < REORDER_FRAMES and len(self._window) < REORDER_FRAMES:
            return False
        self._pausing = False
        self._concealed = CONCEALED_FRAMES
        return True

    def _bridge(self) -> Samples:
        """Sound for when nothing is held: packets are late or lost, or nobody speaks any more.

        A packet that is only late is still heard, 20 ms later for each frame bridged.
        """
        if self._was_silence or self._concealed >= CONCEALED_FRAMES:
            self._pausing = True
            self._waited = 0
            self._bridged = 0
            return NOTHING
        self._bridged += 1
        return self._conceal(None)

    def _conceal(self, following: bytes | None) -> Samples:
        self._concealed += 1
        self._stats["concealed"] += 1
        return self._decoder.conceal(following)

    def _play(self) -> Samples:
        samples = self._decode(self._window.take())
        while self._window.gap == 0 and len(self._window) >= BEHIND_FRAMES and _is_quiet(samples):
            self._stats["left_out"] += 1
            samples = self._decode(self._window.take())
        self._concealed = 0
        return samples

    def _decode(self, frame: bytes) -> Samples:
        self._was_silence = frame == SILENCE
        samples = self._decoder.hear(frame)
        if samples is not None:
            self._stats["heard"] += 1
            return samples
        self._stats["corrupt"] += 1
        return self._decoder.conceal(None)


def _is_quiet(samples: Samples) -> bool:
    return int(np.abs(samples.astype(np.int32)).max()) < QUIET
