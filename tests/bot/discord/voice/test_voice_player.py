"""What ends the player's thread does not end what the bot says."""

import logging
from collections.abc import Callable

import discord
import numpy as np
import pytest
from hearing_call import Call, Singer, calling, until

from bot.discord.voice.source import PlaybackSource
from bot.discord.voice.watchdog import PLAYER_FAILURES
from tests.discord_stub.voice_opus import Samples

OpusError: Callable[[int], Exception] = discord.opus.OpusError


class FailingSinger(Singer):
    """Sings, but raises instead, so many times, once it has sung a little."""

    def __init__(self, error: Exception, times: int) -> None:
        super().__init__()
        self._error = error
        self.left = times

    def __call__(self, count: int) -> Samples:
        if self.left and self.read >= 10 * count:
            self.left -= 1
            raise self._error
        return super().__call__(count)


def plays(call: Call, singer: Singer) -> list[Exception | None]:
    """The bot plays it; returned are the errors that its end is told with."""
    ended: list[Exception | None] = []
    call.voice.play(PlaybackSource(singer), after=ended.append)
    return ended


async def test_what_fails_in_the_player_is_played_on() -> None:
    """The source goes on where it was; the log says what kind of error it was, and no more."""
    async with calling() as call:
        singer = FailingSinger(RuntimeError("the words that were to be said"), 1)
        ended = plays(call, singer)
        await until(lambda: singer.left == 0 and singer.read > 24_000)
        await call.alice.hears_speech()

        assert call.voice.is_playing()
        assert call.voice.stats["player_failed"] == 1
        assert call.voice.stats["player_keeps_failing"] == 0
        assert call.events == []
        assert ended == []


async def test_the_log_of_a_failed_player_names_the_kind_of_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No message and no traceback: they may hold what was to be said."""
    caplog.set_level(logging.INFO)
    async with calling() as call:
        singer = FailingSinger(RuntimeError("my own words"), 1)
        plays(call, singer)
        await until(lambda: call.voice.stats["player_failed"] == 1)

    assert "the voice player failed (RuntimeError)" in caplog.text
    assert "my own words" not in caplog.text


async def test_an_encoder_that_fails_is_replaced() -> None:
    """A frame that cannot be encoded costs itself; a new encoder does the others."""
    async with calling() as call:
        singer = call.sings()
        await call.alice.hears_speech()
        broken = call.voice.encoder

        def refuse(pcm: bytes, frame_size: int) -> bytes:
            raise OpusError(-4)

        broken.encode = refuse
        await until(lambda: call.voice.encoder is not broken)
        read = singer.read
        await until(lambda: singer.read > read + 9_600)

        assert call.voice.stats["player_failed"] == 1


async def test_a_player_that_keeps_failing_brings_a_new_connection() -> None:
    """Not at once; and what plays goes on in it."""
    async with calling() as call:
        singer = FailingSinger(RuntimeError(), PLAYER_FAILURES)
        plays(call, singer)
        await until(lambda: call.voice.stats["player_keeps_failing"] == 1)
        await until(lambda: call.events == ["lost", "restored"])
        read = singer.read
        await until(lambda: singer.read > read + 9_600)

        assert call.voice.stats["player_failed"] == PLAYER_FAILURES


async def test_what_was_stopped_is_not_played_on() -> None:
    """Whoever stops it between an error and the next attempt is obeyed."""
    async with calling() as call:
        singer = FailingSinger(RuntimeError(), 2)
        plays(call, singer)
        await until(lambda: call.voice.stats["player_failed"] == 2)
        call.voice.stop()
        other = Singer()
        call.voice.play(PlaybackSource(other))
        read = singer.read
        await until(lambda: other.read > 48_000)

        assert singer.read == read


async def test_an_end_is_told_once() -> None:
    """A source that ends, ends; who waits for that is told."""
    async with calling() as call:
        ended: list[Exception | None] = []
        call.voice.play(Short(), after=ended.append)
        await until(lambda: ended == [None])

        assert call.voice.stats["player_failed"] == 0


class Short(discord.AudioSource):
    """A fifth of a second."""

    def __init__(self) -> None:
        self.left = 10

    def read(self) -> bytes:
        self.left -= 1
        return np.full(1920, 900, np.int16).tobytes() if self.left >= 0 else b""
