"""Hotseat's voice client in a call of the stand-in, and what it hears."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

import numpy as np
from stub_voice_client import Hall, hertz_of, opened

from bot.discord.voice.source import PlaybackSource
from bot.discord.voice_client import HearingClient
from tests.discord_stub import Person, VoiceOptions
from tests.discord_stub.voice_opus import Samples
from voice.speech import HEARING_FRAME, HEARING_RATE

LOUD = 1_000
WITHIN_S = 10.0
HERTZ = 440.0


class Listener:
    """A sink that keeps every frame."""

    def __init__(self) -> None:
        self.frames: list[Samples] = []

    def __call__(self, frame: Samples) -> None:
        assert len(frame) == HEARING_FRAME
        self.frames.append(frame)

    @property
    def loud(self) -> list[Samples]:
        """The frames in which something was said."""
        return [frame for frame in self.frames if np.abs(frame).max() > LOUD]

    async def hears(self, frames: int) -> None:
        """Wait until so many frames with sound in them are there."""
        await until(lambda: len(self.loud) >= frames)

    def hertz(self) -> float:
        """The pitch of all that was said."""
        return hertz_of(np.concatenate(self.loud), HEARING_RATE)


class Singer:
    """Endless sound that can be silent; counts what was read of it."""

    def __init__(self) -> None:
        self.read = 0
        self.sings = True

    def __call__(self, count: int) -> Samples:
        at = np.arange(self.read, self.read + count) / 48_000
        if not self.sings:
            return np.zeros(count, np.int16)
        self.read += count
        return (8_000 * np.sin(2 * np.pi * HERTZ * at)).astype(np.int16)


class Call(NamedTuple):
    """Alice and the bot in a call, and what the bot hears of her."""

    hall: Hall
    voice: HearingClient
    heard: Listener
    events: list[str]

    @property
    def alice(self) -> Person:
        """Who is listened to."""
        return self.hall.alice

    def sings(self) -> Singer:
        """The bot sings from now on."""
        singer = Singer()
        self.voice.play(PlaybackSource(singer))
        return singer


async def until(look: Callable[[], bool]) -> None:
    """Wait for something that nobody tells of."""
    async with asyncio.timeout(WITHIN_S):
        while not look():  # noqa: ASYNC110 (nobody sets an event)
            await asyncio.sleep(0.01)


@asynccontextmanager
async def calling(options: VoiceOptions | None = None) -> AsyncIterator[Call]:
    """Alice in a call, and the bot, which listens to her."""
    async with opened(options) as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined(cls=HearingClient)
        assert isinstance(voice, HearingClient)
        events: list[str] = []
        voice.on_lost = lambda: events.append("lost")
        voice.on_restored = lambda: events.append("restored")
        voice.on_gone = lambda: events.append("gone")
        heard = Listener()
        voice.listen_to(hall.alice.id, heard)
        yield Call(hall, voice, heard, events)
