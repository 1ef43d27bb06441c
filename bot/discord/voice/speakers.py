"""Whose voice comes from which source (ssrc), and packets that were there before one knew."""

from __future__ import annotations

from collections import deque

from bot.discord.voice.rtp import Packet

EARLY_PACKETS = 50
"""Packets (1 s) kept of a source whose person is not known yet. UDP outruns the websocket."""

EARLY_S = 2.0
"""Seconds for which they are kept: whose they are is told in less, or not at all."""

EARLY_SOURCES = 64
"""Sources of which packets are kept; for one more, the one that was first goes."""


class Speakers:
    """The sources of one voice session. A person has one source at a time.

    `now_s` is the same steady clock throughout.
    """

    def __init__(self) -> None:
        self._people: dict[int, int] = {}
        self._early: dict[int, deque[tuple[float, Packet]]] = {}

    def person(self, ssrc: int) -> int | None:
        """The user id behind a source; None where that is not known yet."""
        return self._people.get(ssrc)

    def assign(self, ssrc: int, user_id: int, now_s: float) -> list[Packet]:
        """The source is that person's from now on; what had just come from it, in order."""
        if self._people.get(ssrc) != user_id:
            self.forget(user_id)
            self._people[ssrc] = user_id
        self.expire(now_s)
        return [packet for _, packet in self._early.pop(ssrc, ())]

    def keep(self, packet: Packet, now_s: float) -> None:
        """Keep a packet of nobody known, for `EARLY_S`."""
        if packet.ssrc not in self._early:
            if len(self._early) >= EARLY_SOURCES:
                del self._early[next(iter(self._early))]
            self._early[packet.ssrc] = deque(maxlen=EARLY_PACKETS)
        self._early[packet.ssrc].append((now_s, packet))

    def expire(self, now_s: float) -> None:
        """Let go of packets whose time is over; to be called about once a second."""
        for ssrc, kept in list(self._early.items()):
            while kept and now_s - kept[0][0] > EARLY_S:
                kept.popleft()
            if not kept:
                del self._early[ssrc]

    def forget(self, user_id: int) -> None:
        """That person has no source any more."""
        for ssrc in [ssrc for ssrc, person in self._people.items() if person == user_id]:
            del self._people[ssrc]

    def forget_early(self) -> None:
        """Let go of all packets of nobody known."""
        self._early.clear()
