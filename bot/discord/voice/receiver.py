"""From datagrams to sound, for those people only who are listened to."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bot.discord.voice.rtp import SILENCE, Packet, Refused, open_packet
from bot.discord.voice.speakers import Speakers
from bot.discord.voice.streams import SpeakerStream
from bot.discord.voice.ticker import Ticker
from voice.speech import FRAME_S, Samples

Sink = Callable[[Samples], None]
"""Takes 20 ms of somebody's voice, 16 kHz mono."""

Unwrap = Callable[[int, bytes], bytes | Refused]
"""Takes the end-to-end encryption off a frame of that user."""


@dataclass(frozen=True)
class _Listening:
    stream: SpeakerStream
    ticker: Ticker


class Receiver:
    """Hears the people it was told to listen to, and nobody else.

    Frames of others are counted and dropped before they are decrypted or decoded. Runs on the event
    loop. `stats` counts what came in and what became of it, by the values of `Refused` and
    `Outcome`, and `not_listened_to`, `early`, `heard`, `concealed`, `left_out`, `corrupt`.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, unwrap: Unwrap, stats: Counter[str]
    ) -> None:
        self.unreadable = 0
        """Frames in a row, of people listened to, that end-to-end decryption refused."""
        self._loop = loop
        self._unwrap = unwrap
        self._stats = stats
        self._listening: dict[int, _Listening] = {}
        self.begin_session()

    def begin_session(self) -> None:
        """A new session with a voice server: other sources, another key, which is yet to come."""
        self.unreadable = 0
        self._key = None
        self._speakers = Speakers()
        for one in self._listening.values():
            one.stream.restart()

    def use_key(self, key: bytes) -> None:
        """Take the transport encryption's key."""
        from nacl.secret import Aead

        self._key = Aead(key)

    def assign(self, ssrc: int, user_id: int) -> None:
        """That source is that person's; what it has sent so far is heard if they are."""
        known = self._speakers.person(ssrc) == user_id
        early = self._speakers.assign(ssrc, user_id, self._loop.time())
        if not known and (listening := self._listening.get(user_id)):
            listening.stream.restart()
        for packet in early:
            self._hear(user_id, packet)

    def expire(self) -> None:
        """Let go of what came from people whom nobody announced; about once a second."""
        self._speakers.expire(self._loop.time())

    def left(self, user_id: int) -> None:
        """That person is not in the call any more."""
        self._speakers.forget(user_id)

    def listen_to(self, user_id: int, sink: Sink) -> None:
        """From now on give `sink` 50 frames a second of that person, silence included.

        Nothing from before is heard: packets of people not known yet are let go.
        """
        self.stop_listening(user_id)
        self._speakers.forget_early()
        stream = SpeakerStream(self._stats)
        ticker = Ticker(self._loop, FRAME_S, lambda: sink(stream.pull()))
        self._listening[user_id] = _Listening(stream, ticker)

    def stop_listening(self, user_id: int) -> None:
        """Not a frame more of that person; what was waiting to be heard is gone."""
        listening = self._listening.pop(user_id, None)
        if listening is not None:
            listening.ticker.stop()

    def close(self) -> None:
        """Stop listening to everybody."""
        for user_id in list(self._listening):
            self.stop_listening(user_id)
        self.begin_session()

    def take(self, datagram: bytes) -> None:
        """Take what came in by UDP, whatever it is."""
        packet = open_packet(datagram, self._key)
        if isinstance(packet, Refused):
            self._stats[packet] += 1
            return
        user_id = self._speakers.person(packet.ssrc)
        if user_id is None:
            self._stats["early"] += 1
            self._speakers.keep(packet, self._loop.time())
            return
        self._hear(user_id, packet)

    def _hear(self, user_id: int, packet: Packet) -> None:
        listening = self._listening.get(user_id)
        if listening is None:
            self._stats["not_listened_to"] += 1
            return
        frame = self._unwrap(user_id, packet.frame)
        if isinstance(frame, Refused):
            self._stats[frame] += 1
            self.unreadable += 1
            return
        if packet.frame != SILENCE:
            self.unreadable = 0
        listening.stream.push(packet, frame)
