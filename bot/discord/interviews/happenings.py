"""What can happen to an interview, as it waits in the queue of its room."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from bot.web.drawn import Drawn
from interviewer.session import MAX_CHARS
from interviewer.state import EventKind
from scoring.transcript import Word

SHORT_WORDS = 2
"""A message of so few words may be a request such as "hint", so it stands for itself."""


@dataclass(frozen=True)
class Said:
    """Messages of the candidate, by their ids, that are one answer."""

    messages: tuple[int, ...]
    text: str

    @property
    def is_short(self) -> bool:
        """Whether it may be a request."""
        return len(self.text.split()) <= SHORT_WORDS


@dataclass(frozen=True)
class Did:
    """Something the candidate asked for by a button or a command; `origin` tells it apart.

    `text` is an answer, or a sketch that is added to the board; with `written_on`, a revision, it
    is that board as it was edited. With `stage`, round and stage by their indexes, it counts only
    while the interview is there. `done` ends when it was done, or with the error that the candidate
    is to be told.
    """

    kind: EventKind
    origin: str
    text: str
    written_on: int | None
    done: asyncio.Future[None] = field(compare=False)
    stage: tuple[int, int] | None = None

    def finish(self, err: Exception | None = None) -> None:
        """Say that it was done, or why not; only the first word counts."""
        if self.done.done():
            return
        if err is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(err)


@dataclass(frozen=True)
class Spoke:
    """An answer of the candidate that was heard; `origin` tells it apart."""

    origin: str
    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Drew:
    """The live board of a round as it was read; `done` ends with it."""

    drawn: Drawn
    done: asyncio.Future[None] = field(compare=False)

    def finish(self, err: Exception | None = None) -> None:
        """Say that the interviewer knows it, or will not look any more, whatever the reason."""
        if not self.done.done():
            self.done.set_result(None)


@dataclass(frozen=True)
class LookedAway:
    """Something may have been missed: bring the session up to date, then read what was written.

    After a restart, and in a new place, the candidate is told, once for each key `greeting`.
    """

    greeting: str = ""


@dataclass(frozen=True)
class TimerFired:
    """The session spoke of its own accord, or ended."""


Item = Said | Spoke | Did | Drew | LookedAway | TimerFired


def join_followers(queue: asyncio.Queue[Item], item: Item, taken: Collection[int]) -> Item:
    """One answer of what was written while something else was done, in the order of its ids.

    What follows in the queue is taken out of it. Messages that were `taken` already are not
    joined, since the whole answer would be refused with them.
    """
    if not isinstance(item, Said) or item.is_short or item.messages[0] in taken:
        return item
    together, later = [item], list[Item]()
    while not queue.empty():
        later.append(queue.get_nowait())
    length = len(item.text)
    while later and isinstance(follower := later[0], Said) and not follower.is_short:
        length += len(follower.text) + 1
        if length > MAX_CHARS or follower.messages[0] in taken:
            break
        together.append(follower)
        del later[0]
    for other in later:
        queue.put_nowait(other)
    return _joined(together)


def answers_in(written: Iterable[Said], taken: Collection[int]) -> list[Said]:
    """What was written while nobody listened, joined as if it had waited in the queue.

    Messages that were `taken` already are left out, and part those around them.
    """
    answers = list[Said]()
    goes_on = False
    for said in written:
        if said.messages[0] in taken:
            goes_on = False
            continue
        if goes_on and not said.is_short and _fit(answers[-1], said):
            answers[-1] = _joined([answers[-1], said])
        else:
            answers.append(said)
        goes_on = not said.is_short
    return answers


def _fit(answer: Said, follower: Said) -> bool:
    return len(answer.text) + 1 + len(follower.text) <= MAX_CHARS


def _joined(together: Sequence[Said]) -> Said:
    in_order = sorted(together, key=lambda said: said.messages)
    text = "\n".join(said.text for said in in_order)
    return Said(tuple(m for said in in_order for m in said.messages), text)
