"""A bare discord.py client that joins calls, plays tones and keeps what its socket hears."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import aiohttp
import davey
import discord
import numpy as np
import yarl

from tests.discord_stub import DiscordStub, Person, VoiceOptions
from tests.discord_stub.channels import Channel
from tests.discord_stub.state import Guild
from tests.discord_stub.voice_media import SILENCE, Rtp, Seal, read_header
from tests.discord_stub.voice_opus import MonoDecoder, Samples

READY_S = 10.0
HEARD_S = 5.0
DRAIN = b"that is all"


class CallingClient(discord.Client):
    """Logs in and joins calls; nothing of it is Hotseat's."""

    def __init__(self, stub: DiscordStub, intents: discord.Intents | None = None) -> None:
        context = ssl.create_default_context(cafile=str(stub.voice.ca))
        super().__init__(
            intents=intents or discord.Intents(guilds=True, voice_states=True),
            guild_ready_timeout=0.1,
            connector=aiohttp.TCPConnector(ssl=context),
        )
        self.changes: list[tuple[int, int | None]] = []

    async def on_voice_state_update(self, member: Any, before: Any, after: Any) -> None:
        self.changes.append((member.id, after.channel.id if after.channel else None))

    async def until(self, look: Callable[[], bool]) -> None:
        """Wait until something is so in the library, which tells nobody when it is."""
        async with asyncio.timeout(HEARD_S):
            while not look():  # noqa: ASYNC110 - the library has no event for it
                await asyncio.sleep(0.01)

    async def until_changed(self, user_id: int, channel_id: int | None) -> None:
        """Wait until the client was told that somebody is there."""
        await self.until(lambda: (user_id, channel_id) in self.changes)

    async def join(self, channel: Channel, **options: Any) -> discord.VoiceClient:
        """Join."""
        await self.until(lambda: self.get_channel(channel.id) is not None)
        there = self.get_channel(channel.id)
        assert isinstance(there, discord.VoiceChannel | discord.StageChannel)
        return await there.connect(timeout=HEARD_S, reconnect=True, **options)


class Tone(discord.AudioSource):
    """So many frames of a tone."""

    def __init__(self, frames: int, hertz: float = 440.0) -> None:
        self._left = frames
        self._wave = tone(0.02 * frames, 48_000, hertz).repeat(2).tobytes()

    def read(self) -> bytes:
        if self._left == 0:
            return b""
        self._left -= 1
        piece, self._wave = self._wave[:3840], self._wave[3840:]
        return piece


def tone(seconds: float, rate: int = 16_000, hertz: float = 440.0) -> Samples:
    """A loud tone."""
    times = np.arange(round(seconds * rate)) / rate
    return (8000 * np.sin(2 * np.pi * hertz * times)).astype(np.int16)


def hertz_of(samples: Samples, rate: int = 48_000) -> float:
    """The strongest frequency."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


class Microphone:
    """What comes in at a client's socket, opened as a receiver would."""

    def __init__(self, client: discord.VoiceClient) -> None:
        self._client = client
        self._seal = Seal(bytes(client.secret_key))
        self._lock = threading.Lock()
        self.packets: list[bytes] = []
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        client._connection.add_socket_listener(self._take)

    def _take(self, packet: bytes) -> None:
        with self._lock:
            self.packets.append(packet)
        self._loop.call_soon_threadsafe(self._news.set)

    async def until(self, count: int) -> None:
        """Wait for so many RTP packets."""
        async with asyncio.timeout(HEARD_S):
            while len(self.frames()) < count:
                self._news.clear()
                await self._news.wait()

    async def drained(self, stub: DiscordStub) -> None:
        """Wait until everything sent so far has come in; a packet of its own shows it."""
        stub.voice.send_raw(DRAIN)
        async with asyncio.timeout(HEARD_S):
            while DRAIN not in self.packets:
                self._news.clear()
                await self._news.wait()
        self.packets.remove(DRAIN)

    def frames(self) -> list[tuple[Rtp, bytes | None]]:
        """The headers and the frames, None for what the transport's key does not open."""
        with self._lock:
            packets = list(self.packets)
        return [
            (header, self._open(packet))
            for packet in packets
            if (header := read_header(packet)) is not None
        ]

    def _open(self, packet: bytes) -> bytes | None:
        try:
            return self._seal.open(packet)
        except ValueError:
            return None

    def decoded(self, user_id: int) -> Heard:
        """Everything decrypted end to end as that user's, and decoded; and how much failed."""
        decoder = MonoDecoder()
        opened = [self._decrypted(user_id, frame) for _, frame in self.frames()]
        pieces = [decoder.frame(frame) for frame in opened if frame is not None]
        samples = np.concatenate(pieces) if pieces else np.zeros(0, np.int16)
        return Heard(samples, opened.count(None))

    def _decrypted(self, user_id: int, frame: bytes | None) -> bytes | None:
        session = self._client._connection.dave_session
        if frame is None or session is None or frame == SILENCE:
            return frame
        try:
            return session.decrypt(user_id, davey.MediaType.audio, frame)
        except ValueError:
            return None


class Heard(NamedTuple):
    """48 kHz mono, and how many packets could not be used."""

    samples: Samples
    failed: int


class Hall(NamedTuple):
    """A server with people, a voice channel, and the client."""

    stub: DiscordStub
    guild: Guild
    channel: Channel
    alice: Person
    bob: Person
    client: CallingClient

    async def joined(self, **options: Any) -> discord.VoiceClient:
        """The client in the call, complete on both sides."""
        voice = await self.client.join(self.channel, **options)
        await self.complete(voice, self.channel)
        return voice

    async def complete(self, voice: discord.VoiceClient, channel: Channel) -> None:
        """Wait until both sides could speak, with the key that the call has now."""
        call = await self.stub.voice.bot_joined(channel)
        await self.client.until(lambda: voice.is_connected() and voice.channel.id == channel.id)
        if call.dave:
            await self.client.until(lambda: voice._connection.can_encrypt)


@asynccontextmanager
async def opened(
    options: VoiceOptions | None = None, intents: discord.Intents | None = None
) -> AsyncIterator[Hall]:
    """A stand-in with voice, and a client that is logged in."""
    async with DiscordStub(voice=options or VoiceOptions()) as stub:
        alice, bob = stub.add_user("alice"), stub.add_user("bob")
        guild = stub.add_guild("Study group", members=[alice, bob])
        channel = guild.voice_channel("Practice")
        async with running(stub, intents) as client:
            yield Hall(stub, guild, channel, alice, bob, client)


@asynccontextmanager
async def running(
    stub: DiscordStub, intents: discord.Intents | None = None
) -> AsyncIterator[CallingClient]:
    """The client, logged in and ready; stopped at the end."""
    discord.http.Route.BASE = stub.api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(stub.gateway_url)
    client = CallingClient(stub, intents)
    task = asyncio.create_task(client.start(stub.token))
    try:
        ready = asyncio.create_task(client.wait_until_ready())
        await asyncio.wait({task, ready}, return_when="FIRST_COMPLETED", timeout=READY_S)
        if task.done():
            ready.cancel()
            await task
        yield client
    finally:
        await client.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
