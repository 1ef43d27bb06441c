"""How the bot held its side of a spoken conversation: whether it waited, and whom it let finish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Manner:
    """How one utterance of the interviewer came to be heard; `key` is the utterance's.

    `waited_s` runs from the last of the candidate's speech to the first sound of the utterance,
    None where it answered no speech. `cut_in` says that the candidate went on while it began, so
    that the bot spoke over them, `stopped` that the candidate interrupted it.
    """

    key: str
    waited_s: float | None
    cut_in: bool
    stopped: bool


@dataclass(frozen=True)
class Fairness:
    """What the bot did to the candidate's turns, in `utterances` of its own that were played.

    `waits` of them answered speech, after `median_wait_s` and at most `longest_wait_s` seconds from
    the candidate's last word to its first; None where there were none. `spoke_over` times it began
    before the candidate had finished: they went on within a second. `interrupted` times they spoke
    over it later than that.
    """

    utterances: int
    waits: int
    median_wait_s: float | None
    longest_wait_s: float | None
    spoke_over: int
    interrupted: int


def fairness(manners: Sequence[Manner]) -> Fairness | None:
    """The figures of a conversation; None where nothing was played."""
    if not manners:
        return None
    waits = [one.waited_s for one in manners if one.waited_s is not None]
    return Fairness(
        utterances=len(manners),
        waits=len(waits),
        median_wait_s=round(median(waits), 1) if waits else None,
        longest_wait_s=round(max(waits), 1) if waits else None,
        spoke_over=sum(one.cut_in for one in manners),
        interrupted=sum(one.stopped and not one.cut_in for one in manners),
    )
