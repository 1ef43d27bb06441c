"""Whose voice comes from which source (ssrc), and packets that were there before one knew."""

from __future__ import annotations

from collections import deque

from bot.discord.voice.rtp import Packet

EARLY_PACKETS = 50
"""Packets (1 s) kept of a source whose person is not known yet. UDP outruns the websocket."""

EARLY_SOURCES = 64
"""Sources of which packets are kept; for one more, the one that was first goes."""


class Speakers:
    """The sources of one voice session. A person has one source at a time."""

    def __init__(self) -> None:
        self._people: dict[int, int] = {}
        self._early: dict[int, deque[Packet]] = {}

    def person(self, ssrc: int) -> int | None:
        """The user id behind a source; None where that is not known yet."""
        return self._people.get(ssrc)

    def assign(self, ssrc: int, user_id: int) -> list[Packet]:
        """The source is that person's from now on; what had come from it before, in order."""
        if self._people.get(ssrc) != user_id:
            self.forget(user_id)
            self._people[ssrc] = user_id
        return list(self._early.pop(ssrc, ()))

    def keep(self, packet: Packet) -> None:
        """Keep a packet of nobody known."""
        if packet.ssrc not in self._early:
            if len(self._early) >= EARLY_SOURCES:
                del self._early[next(iter(self._early))]
            self._early[packet.ssrc] = deque(maxlen=EARLY_PACKETS)
        self._early[packet.ssrc].append(packet)

    def forget(self, user_id: int) -> None:
        """That person has no source any more."""
        for ssrc in [ssrc for ssrc, person in self._people.items() if person == user_id]:
            del self._people[ssrc]

    def forget_early(self) -> None:
        """Let go of all packets of nobody known."""
        self._early.clear()
