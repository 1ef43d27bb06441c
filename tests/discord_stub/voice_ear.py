"""What a person hears of the bot: every frame with the time at which it came."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left
from typing import NamedTuple

import davey
import discord
import numpy as np
from numpy.typing import NDArray

from tests.discord_stub.changes import Changes
from tests.discord_stub.voice_opus import FRAME, MonoDecoder, Samples

LOUD = 100.0
"""Root mean square of a frame from which on it is speech: 50 dB below the loudest tone."""

SPEECH_FRAMES = 3
"""So many loud frames in a row are speech; fewer are a click."""

FRAME_S = 0.02


class HeardFrame(NamedTuple):
    """20 ms of the bot, and the monotonic time at which they arrived."""

    at: float
    samples: Samples
    is_loud: bool


class Heard(NamedTuple):
    """What was heard: 48 kHz mono, and the arrival of each of its frames of 960 samples."""

    samples: Samples
    times: NDArray[np.float64]


class Ear:
    """Decrypts and decodes the bot as one person does.

    Attributes:
        frames: everything heard so far, oldest first.
        undecryptable: frames that this person had no key for.
        undecodable: frames that were no opus.
    """

    def __init__(self, keeps_s: float | None = None) -> None:
        self._most = int(keeps_s / FRAME_S) if keeps_s is not None else None
        self._decoder = MonoDecoder()
        self._too_early: list[tuple[float, int, bytes]] = []
        self.frames: list[HeardFrame] = []
        self.undecryptable = 0
        self.undecodable = 0
        self._changes = Changes()

    def take(
        self,
        frame: bytes,
        at: float,
        bot_id: int,
        session: davey.DaveSession | None,
        *,
        encrypted: bool,
        wait: bool,
    ) -> None:
        """Hear a frame; `session` is this person's key, None where they have none yet.

        With `wait`, a frame without a key is tried again after the group has changed.
        """
        if not encrypted:
            self._decode(frame, at)
        elif (opened := _decrypt(session, bot_id, frame)) is not None:
            self._decode(opened, at)
        elif wait:
            self._too_early.append((at, bot_id, frame))
        else:
            self.undecryptable += 1

    def retry(self, session: davey.DaveSession | None) -> None:
        """The group has changed: try the frames that came too early."""
        waiting, self._too_early = self._too_early, []
        for at, bot_id, frame in waiting:
            self.take(frame, at, bot_id, session, encrypted=True, wait=False)

    def _decode(self, frame: bytes, at: float) -> None:
        try:
            samples = self._decoder.frame(frame)
        except discord.opus.OpusError:
            self.undecodable += 1
            return
        loud = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) > LOUD
        self.frames.append(HeardFrame(at, samples, loud))
        if self._most is not None and len(self.frames) > 2 * self._most:
            del self.frames[: -self._most]
        self._changes.notify(0)

    # --- what tests ask -----------------------------------------------------------------

    def audio(self, since: float = 0.0) -> Heard:
        """Everything that arrived since that monotonic time, frame after frame without gaps."""
        frames = self._since(since)
        samples = [frame.samples for frame in frames]
        return Heard(
            np.concatenate(samples) if samples else np.zeros(0, np.int16),
            np.array([frame.at for frame in frames], np.float64),
        )

    def timeline(self, since: float, until: float) -> Samples:
        """The same as it sounded between two monotonic times, with silence where nothing came."""
        audio = np.zeros(round((until - since) * 50) * FRAME, np.int16)
        place = 0
        for frame in self._since(since):
            if frame.at >= until:
                break
            # Frames that came in a bunch are played one after another.
            place = max(place, int((frame.at - since) / FRAME_S) * FRAME)
            piece = frame.samples[: max(0, len(audio) - place)]
            audio[place : place + len(piece)] = piece
            place += FRAME
        return audio

    def speech_since(self, since: float) -> float | None:
        """When the first speech began that arrived since then; None if there was none."""
        run = 0
        frames = self._since(since)
        for index, frame in enumerate(frames):
            run = run + 1 if frame.is_loud else 0
            if run == SPEECH_FRAMES:
                return frames[index - SPEECH_FRAMES + 1].at
        return None

    def _since(self, since: float) -> list[HeardFrame]:
        return self.frames[bisect_left(self.frames, since, key=lambda frame: frame.at) :]

    @property
    def last_loud(self) -> float:
        """When the last frame with sound in it arrived; 0 if none did."""
        return next((frame.at for frame in reversed(self.frames) if frame.is_loud), 0.0)

    async def speech(self, *, within: float, since: float | None = None) -> float:
        """Wait for speech; the monotonic time at which it began to arrive."""
        start = time.monotonic() if since is None else since
        try:
            return await self._changes.until(0, lambda: self.speech_since(start), within)
        except TimeoutError:
            raise AssertionError(self._nothing_heard(start, within)) from None

    def _nothing_heard(self, since: float, within: float) -> str:
        frames = self._since(since)
        loud = sum(frame.is_loud for frame in frames)
        return (
            f"no speech of the bot within {within:g} s: {len(frames)} frames, {loud} of them loud;"
            f" {self.undecryptable} undecryptable ever, {len(self._too_early)} waiting for a key"
        )

    async def silence(self, *, for_s: float, within: float) -> float:
        """Wait until nothing was heard for so long; when the last sound arrived, 0 if none did."""
        start = time.monotonic()
        deadline = start + within
        while (quiet_from := max(start, self.last_loud)) + for_s > (now := time.monotonic()):
            if now > deadline:
                raise AssertionError(f"the bot went on for {within:g} s")
            await asyncio.sleep(min(quiet_from + for_s, deadline + 0.001) - now)
        return self.last_loud


def _decrypt(session: davey.DaveSession | None, bot_id: int, frame: bytes) -> bytes | None:
    if session is None:
        return None
    try:
        return session.decrypt(bot_id, davey.MediaType.audio, frame)
    except ValueError:
        return None
