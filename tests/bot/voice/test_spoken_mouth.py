"""What the mouth of a call tells the interview: how much was heard, and how far it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.calls.mouth import SpokenMouth, Written
from scoring.conversation import Manner

KEY = "abcd:1:probe"
TEXT = "How would you find out? And when?"


class Page(Written):
    """Keeps what was written."""

    def __init__(self) -> None:
        self.begins: list[str] = []
        self.ends: list[tuple[str, int]] = []

    async def begun(self, key: str, text: str) -> None:
        self.begins.append(text)

    async def ended(self, key: str, text: str, shown: int) -> None:
        self.ends.append((text, shown))

    async def review(self, interview_id: str) -> None:
        """Nothing was misheard."""


class Notes:
    """The part of a store that keeps how far an utterance was played."""

    def __init__(self) -> None:
        self.shown: list[int] = []
        self.manners: list[tuple[str, float | None]] = []

    async def note_shown(self, key: str, shown: int) -> None:
        self.shown.append(shown)

    async def note_manner(
        self, interview_id: str, key: str, *, waited_s: float | None, **rest: bool
    ) -> None:
        self.manners.append((interview_id, waited_s))


class Talk:
    """Plays an utterance in clauses while it is waited for; `fails` plays nothing."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.note: Callable[[str, int], None] = lambda key, shown: None
        self.on_finish: Callable[[], None] = lambda: None
        self.floors = self.listens = 0
        self.asked = asyncio.Event()
        self.pause: asyncio.Event | None = None

    async def ready(self, text: str) -> bool:
        self.asked.set()
        if self.pause is not None:
            await self.pause.wait()
        return True

    async def say(self, key: str, text: str, offset: int) -> int:
        return 0 if self.fails else len(text)

    async def finish(self, key: str) -> int:
        if self.fails:
            return 0
        self.note(key, 23)
        await asyncio.sleep(0)
        self.on_finish()
        self.note(key, len(TEXT))
        return len(TEXT)

    def could_not_say(self, key: str) -> bool:
        return self.fails

    def give_floor(self) -> None:
        self.floors += 1

    async def listen(self) -> None:
        self.listens += 1

    def manner_of(self, key: str) -> Manner | None:
        return None if self.fails else Manner(key, 0.6, cut_in=False, stopped=False)


def mouth_with(talk: Talk) -> tuple[SpokenMouth, Page, Notes]:
    page, notes = Page(), Notes()
    store: Any = notes
    mouth = SpokenMouth(talk, page, store)
    talk.note = mouth.note_played
    return mouth, page, notes


async def test_every_clause_is_noted_before_the_end() -> None:
    """After a crash at any of them the rest is said from there."""
    mouth, page, notes = mouth_with(Talk())
    shown = await mouth.say(KEY, TEXT, 0)
    heard = await mouth.finish(KEY, shown)

    assert heard == len(TEXT)
    assert notes.shown == [23, len(TEXT)]
    assert notes.manners == [("abcd", 0.6)]
    assert (page.begins, page.ends) == ([TEXT], [(TEXT, len(TEXT))])


async def test_what_is_no_utterance_is_not_noted() -> None:
    """A greeting of the edge's own is in no outbox."""
    talk = Talk()
    mouth, _, notes = mouth_with(talk)
    mouth.note_played("welcome back", 12)
    await mouth.say(KEY, TEXT, 0)
    await mouth.finish(KEY, len(TEXT))
    mouth.note_played(KEY, 99)

    assert notes.shown == [23, len(TEXT)]


async def test_what_cannot_be_spoken_can_be_read() -> None:
    """A voice that fails takes no question away: it stands in the thread, whole, and counts."""
    mouth, page, notes = mouth_with(Talk(fails=True))
    shown = await mouth.say(KEY, TEXT, 0)
    heard = await mouth.finish(KEY, shown)

    assert (shown, heard) == (len(TEXT), len(TEXT))
    assert page.ends == [(TEXT, len(TEXT))]
    assert notes.manners == []


async def test_a_line_that_goes_dead_leaves_the_rest_in_writing() -> None:
    """Nobody heard the end of it, but it can be read."""
    talk = Talk()
    mouth, page, _ = mouth_with(talk)
    talk.on_finish = lambda: setattr(mouth, "audible", False)
    await mouth.say(KEY, TEXT, 0)
    heard = await mouth.finish(KEY, len(TEXT))

    assert heard == len(TEXT)
    assert page.ends == [(TEXT, len(TEXT))]


async def test_a_line_that_goes_dead_is_not_waited_for() -> None:
    """Who waits for a pause of the candidate's to ask writes the question instead."""
    talk = Talk()
    mouth, page, _ = mouth_with(talk)
    talk.pause = asyncio.Event()
    waiting = asyncio.create_task(mouth.ready(TEXT))
    await asyncio.wait_for(talk.asked.wait(), 20)
    mouth.audible = False

    assert await asyncio.wait_for(waiting, 20)
    assert await mouth.say(KEY, TEXT, 0) == len(TEXT)
    assert await mouth.finish(KEY, len(TEXT)) == len(TEXT)
    assert page.ends == [(TEXT, len(TEXT))]


async def test_where_nobody_hears_it_is_only_written() -> None:
    """In a stage's audience nothing is played, and the candidate has the floor all the same."""
    talk = Talk()
    mouth, page, notes = mouth_with(talk)
    mouth.audible = False
    ready = await mouth.ready(TEXT)
    shown = await mouth.say(KEY, TEXT, 0)
    heard = await mouth.finish(KEY, shown)
    await mouth.listen()

    assert ready
    assert heard == len(TEXT)
    assert (notes.shown, page.ends) == ([], [(TEXT, len(TEXT))])
    assert (talk.floors, talk.listens) == (1, 1)
