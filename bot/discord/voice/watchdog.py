"""What is wrong with a voice connection, and how it is mended: rules only, no connection.

Close codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes (Voice).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

HEARTBEAT_LOST_S = 15.0
"""Silence of the gateway that is no accident: three heartbeats, which are 5 s apart."""

FAILED_SENDS = 2
"""Keep-alives in a row that the machine refused to send: the socket is of no use any more."""

UNREADABLE_FRAMES = 150
"""Frames in a row (3 s of speech) that do not decrypt: the session's keys are not the call's."""

PLAYER_FAILURES = 4
"""Errors of the player, none of them a healthy while after the one before, that are no accident:
a new connection brings a new session and new keys."""

DAVE_PATIENCE_S = 6.0
"""Time that the people in a call have to agree on keys; doubled for each attempt in vain."""

LONGEST_DAVE_PATIENCE_S = 60.0

DELAYS_S = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Waits before one attempt and the next, to join again or to play on; the last one for all that
follow."""

HEALTHY_S = 60.0
"""Time without trouble after which the waits begin anew."""


class Cure(Enum):
    """What is done about a closed connection."""

    RESUME = "take up the same session again"
    FOLLOW = "wait for news: the bot was moved, or removed"
    REJOIN = "leave the channel and join it anew"
    END = "nothing: Discord does not want the bot to come back"


class Ailment(StrEnum):
    """Why a connection that looks open is of no use; the values are the names in statistics."""

    SOCKET = "socket_closed"
    HEARTBEAT = "heartbeat_lost"
    NO_KEYS = "no_dave_session"
    UNREADABLE = "unreadable"
    PLAYER = "player_keeps_failing"


_RESUMABLE = (1001, 1006, 4015)
_MOVED_OR_REMOVED = (1000, 4014, 4022)
_FINAL = (4012, 4016, 4017, 4021)


def cure_for(code: int | None) -> Cure:
    """What a close code calls for; None and unknown codes for a new start.

    4015 is a crash of the server, 1006 a connection that broke; 4014 and 4022 come with a move, a
    kick and a deleted channel alike; 4017 and the like would come again, 4021 is a rate limit.
    """
    if code in _RESUMABLE:
        return Cure.RESUME
    if code in _MOVED_OR_REMOVED:
        return Cure.FOLLOW
    return Cure.END if code in _FINAL else Cure.REJOIN


class Delays:
    """How long to wait before the next attempt."""

    def __init__(self) -> None:
        self._attempts = 0
        self._last_s = -HEALTHY_S

    def following(self, now_s: float) -> float:
        """The wait in seconds before an attempt now: none for the first."""
        if now_s - self._last_s >= HEALTHY_S:
            self._attempts = 0
        delay_s = DELAYS_S[min(self._attempts, len(DELAYS_S) - 1)]
        self._attempts += 1
        self._last_s = now_s + delay_s
        return delay_s


@dataclass(frozen=True)
class Vitals:
    """How a connection is now.

    `gateway_silent_s` since the gateway's last word; `failed_sends` and `unreadable` in a row;
    `waits_for_keys` where the call is encrypted, others are in it, and there is no group with them.
    `player_failures` since the player was last healthy for a while.
    """

    now_s: float
    gateway_silent_s: float = 0.0
    socket_open: bool = True
    failed_sends: int = 0
    unreadable: int = 0
    waits_for_keys: bool = False
    player_failures: int = 0


class Watchdog:
    """Looks at a connection once in a while; remembers only how long keys have been missing."""

    def __init__(self) -> None:
        self._without_keys_since: float | None = None
        self._patience_s = DAVE_PATIENCE_S

    def examine(self, vitals: Vitals) -> Ailment | None:
        """What calls for a new start, if anything does."""
        if not vitals.socket_open or vitals.failed_sends >= FAILED_SENDS:
            return Ailment.SOCKET
        if vitals.gateway_silent_s > HEARTBEAT_LOST_S:
            return Ailment.HEARTBEAT
        if vitals.unreadable >= UNREADABLE_FRAMES:
            return Ailment.UNREADABLE
        if vitals.player_failures >= PLAYER_FAILURES:
            return Ailment.PLAYER
        return Ailment.NO_KEYS if self._is_out_of_patience(vitals) else None

    def _is_out_of_patience(self, vitals: Vitals) -> bool:
        if not vitals.waits_for_keys:
            self._without_keys_since = None
            self._patience_s = DAVE_PATIENCE_S
            return False
        if self._without_keys_since is None:
            self._without_keys_since = vitals.now_s
        if vitals.now_s - self._without_keys_since < self._patience_s:
            return False
        self._without_keys_since = None
        self._patience_s = min(2 * self._patience_s, LONGEST_DAVE_PATIENCE_S)
        return True
