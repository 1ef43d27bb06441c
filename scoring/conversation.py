"""How the bot held its side of a spoken conversation: whether it waited, and whom it let finish."""

from __future__ import annotations

from dataclasses import dataclass


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
