"""One line of the doctor's report."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """What a check came to; only a problem keeps Hotseat from working."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


class Check(NamedTuple):
    """What was looked at, and what was found with what to do about it."""

    what: str
    outcome: Outcome
    says: str
