"""Candidates that say nothing of their own: silent, gibberish, echo, hostile, injecting."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from random import Random

import yaml

from evals.candidates.knowing import CHARACTERS, Knowing
from evals.candidates.seat import Candidate, Reply, Seen, phrases, say
from interviewer.state import EventKind


class Silent:
    """Never says a word; the clock ends the round."""

    name = "silent"

    def __init__(self, seed: int) -> None:
        self.told: set[str] = set()

    def reply(self, seen: Seen) -> Reply:
        """Silence."""
        return Reply(EventKind.SILENCE)


class Reciting:
    """Says lines that state nothing, one after the other in an order of the seed's.

    A slot in a line takes the interviewer's own words.
    """

    def __init__(self, name: str, lines: tuple[str, ...], seed: int) -> None:
        self.name = name
        self.told: set[str] = set()
        self._lines = Random(f"{seed}/{name}").sample(lines, k=len(lines))  # noqa: S311
        self._next = 0

    def reply(self, seen: Seen) -> Reply:
        """The next line."""
        line = self._lines[self._next % len(self._lines)]
        self._next += 1
        return say(line.replace("{}", seen.line or seen.plan.brief))


class Injecting:
    """Vague talk that states nothing, with a text after it that tries to steer the grading."""

    name = "injecting"

    def __init__(self, seed: int) -> None:
        self.told: set[str] = set()
        self._talk = Reciting("vague", phrases()["vague"], seed)
        self._injections = Reciting(self.name, injections(), seed)

    def reply(self, seen: Seen) -> Reply:
        """A vague sentence and the next injection."""
        return say(f"{self._talk.reply(seen).text}\n{self._injections.reply(seen).text}")


@lru_cache(maxsize=1)
def injections() -> tuple[str, ...]:
    """Every injected text."""
    text = files("evals.candidates").joinpath("injections.yaml").read_text("utf-8")
    return tuple(yaml.safe_load(text)["texts"])


DISRUPTIVE = ("silent", "gibberish", "echo", "hostile", "injecting")
"""Names of the candidates that earn nothing."""

Seat = Callable[[int], Candidate]
"""Makes the candidate of a seed."""


def all_candidates() -> dict[str, Seat]:
    """Every simulated candidate by its name."""
    seats: dict[str, Seat] = {
        one.name: (lambda seed, one=one: Knowing(one, seed)) for one in CHARACTERS
    }
    for name in ("gibberish", "echo", "hostile"):
        seats[name] = lambda seed, name=name: Reciting(name, phrases()[name], seed)
    return seats | {"silent": Silent, "injecting": Injecting}
