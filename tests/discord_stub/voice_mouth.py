"""How a person's voice gets to the bot: frame after frame in real time, over a line with faults."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

import davey

from tests.discord_stub.voice_media import OPUS_PAYLOAD, Rtp, Seal, frame_packet
from tests.discord_stub.voice_mls import ExternalSender
from tests.discord_stub.voice_opus import FRAME

FRAME_S = 0.02
LATE_BY = 2
"""A packet out of order comes after so many that were sent later."""

REPLAYED_AFTER = 10
"""A replayed packet is one of the last so many."""


class Spoken(NamedTuple):
    """Monotonic times of what somebody said.

    Attributes:
        began: when the first packet left.
        ended: when the last packet with sound in it left; five of silence followed.
    """

    began: float
    ended: float


@dataclass(frozen=True)
class Faults:
    """Shares, from 0 to 1, of the packets to which something happens on the way to the bot.

    Attributes:
        loss: never arrive.
        reorder: arrive after two later ones.
        replay: are followed by an older packet, byte by byte as it was.
        corrupt: hold a damaged frame in a sound packet.
        wrong_epoch: are encrypted end to end by a key that nobody in the call has.
        tampered: were changed after the transport's encryption.
    """

    loss: float = 0.0
    reorder: float = 0.0
    replay: float = 0.0
    corrupt: float = 0.0
    wrong_epoch: float = 0.0
    tampered: float = 0.0


class Line:
    """One person's RTP stream to the bot."""

    def __init__(self, ssrc: int, random: Random) -> None:
        self.ssrc = ssrc
        self._random = random
        self._sequence = secrets.randbelow(1 << 16)
        self._timestamp = secrets.randbelow(1 << 32)
        self._last_at = 0.0
        self._recent: deque[bytes] = deque(maxlen=REPLAYED_AFTER)
        self._late: list[tuple[int, bytes]] = []

    def rtp(self, at: float, *, starts: bool) -> Rtp:
        """The next header; where speech starts anew, the clock went on through the silence."""
        self._sequence = (self._sequence + 1) % (1 << 16)
        frames = max(1, round((at - self._last_at) / FRAME_S)) if starts else 1
        self._timestamp = (self._timestamp + frames * FRAME) % (1 << 32)
        self._last_at = at
        return Rtp(OPUS_PAYLOAD, self._sequence, self._timestamp, self.ssrc)

    def packets(
        self, seal: Seal, rtp: Rtp, frame: bytes, faults: Faults, *, starts: bool
    ) -> list[bytes]:
        """What arrives when this frame is sent: mostly one packet."""
        if self._hits(faults.corrupt):
            frame = _damaged(frame)
        packet = frame_packet(seal, rtp, frame, marked=starts)
        if self._hits(faults.tampered):
            packet = _damaged(packet)
        due = [late for count, late in self._late if count <= 0]
        self._late = [(count - 1, late) for count, late in self._late if count > 0]
        if self._hits(faults.loss):
            return due
        if self._hits(faults.reorder):
            self._late.append((LATE_BY - 1, packet))
            return due
        arriving = [packet, *due]
        if self._recent and self._hits(faults.replay):
            arriving.append(self._random.choice(list(self._recent)))
        self._recent.append(packet)
        return arriving

    def rest(self) -> list[bytes]:
        """What is still on its way when somebody falls silent."""
        late, self._late = self._late, []
        return [packet for _, packet in late]

    def _hits(self, share: float) -> bool:
        return share > 0 and self._random.random() < share

    def hits_epoch(self, faults: Faults) -> bool:
        """Whether the next frame is encrypted by a stranger's key."""
        return self._hits(faults.wrong_epoch)


def _damaged(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x55]) + data[middle + 1 :]


def stranger(user_id: int, channel_id: int) -> davey.DaveSession:
    """The same person in a group that the call knows nothing of."""
    sender = ExternalSender(channel_id)
    own = davey.DaveSession(davey.DAVE_PROTOCOL_VERSION, user_id, channel_id)
    other = davey.DaveSession(davey.DAVE_PROTOCOL_VERSION, user_id + 1, channel_id)
    key_package = other.get_serialized_key_package()
    for session in (own, other):
        session.set_external_sender(sender.package())
    append = davey.ProposalsOperationType.append
    offer = own.process_proposals(append, sender.add(key_package))
    if offer is None:
        raise AssertionError("no commit for a group of two")
    own.process_commit(offer.commit)
    return own


class Pace:
    """Real time in steps of 20 ms; whoever is late sends at once until the time is caught up."""

    def __init__(self) -> None:
        self._next = time.monotonic()

    async def step(self) -> float:
        """Wait for the next step; the time at which it is."""
        now = time.monotonic()
        if self._next > now:
            await asyncio.sleep(self._next - now)
        else:
            await asyncio.sleep(0)
        self._next += FRAME_S
        return time.monotonic()
