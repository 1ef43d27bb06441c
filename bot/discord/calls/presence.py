"""What a change of somebody's voice state means for a call in one channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol


class News(Enum):
    """What happened to a person, seen from one channel."""

    CAME = auto()
    LEFT = auto()
    MOVED = auto()
    MUTED = auto()
    UNMUTED = auto()
    DEAFENED = auto()
    UNDEAFENED = auto()
    SILENCED = auto()
    LET_SPEAK = auto()


class VoiceState(Protocol):
    """The part of the library's voice state that counts here."""

    self_mute: bool
    mute: bool
    self_deaf: bool
    deaf: bool
    suppress: bool


@dataclass(frozen=True)
class Standing:
    """Where somebody is and what they can do there: None, if they are in no voice channel.

    `muted` and `deafened` are by themselves or by the server alike; `silenced` is the audience of
    a stage, and whoever lacks the permission to speak.
    """

    channel: int | None = None
    muted: bool = False
    deafened: bool = False
    silenced: bool = False

    @classmethod
    def of(cls, state: VoiceState, channel: int | None) -> Standing:
        """From the library's own value."""
        return cls(
            channel,
            muted=state.self_mute or state.mute,
            deafened=state.self_deaf or state.deaf,
            silenced=state.suppress,
        )


def news(before: Standing, after: Standing, here: int) -> tuple[News, ...]:
    """What is new about somebody for the channel `here`; whoever comes is new in everything."""
    return tuple(_news(before, after, here))


def _news(before: Standing, after: Standing, here: int) -> Iterator[News]:
    if after.channel != here:
        if before.channel == here:
            yield News.LEFT if after.channel is None else News.MOVED
        return
    if before.channel != here:
        yield News.CAME
        before = Standing(here)
    if before.muted != after.muted:
        yield News.MUTED if after.muted else News.UNMUTED
    if before.deafened != after.deafened:
        yield News.DEAFENED if after.deafened else News.UNDEAFENED
    if before.silenced != after.silenced:
        yield News.SILENCED if after.silenced else News.LET_SPEAK
