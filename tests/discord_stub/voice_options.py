"""How the voice servers of the stand-in behave."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VoiceOptions:
    """What a test asks of the voice servers.

    Attributes:
        dave: the highest version of end-to-end encryption; 0 switches it off. Stage channels
            never have it.
        bot_commits: whether changes of an encrypted group are committed by the bot where it is a
            member that could; otherwise one of the people is always quicker.
        heartbeat_ms: the interval that clients are told.
        keepalive_timeout_s: seconds without a packet from the bot after which it gets no more
            voice, as real servers do after some minutes; None for never.
        longest_quiet_s: seconds without a packet from the bot, not even a keepalive, that are a
            violation: it should send one every five seconds.
        ear_keeps_s: how many seconds of what it heard every ear keeps; None for all.
        seed: of whatever the faults of packets leave to chance.
    """

    dave: int = 1
    bot_commits: bool = True
    heartbeat_ms: int = 13_750
    keepalive_timeout_s: float | None = None
    longest_quiet_s: float = 20.0
    ear_keeps_s: float | None = None
    seed: int = 1
