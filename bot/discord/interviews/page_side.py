"""What the rooms on Discord have to do with the page where their boards are drawn."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from bot.discord.errors import survived
from bot.discord.interviews.page_talks import PageTalks
from bot.web.canvas import LiveCanvas
from bot.web.drawn import BoardWatch, BoardWatches
from bot.web.live_boards import LiveBoards
from interviewer.ports import Mouth
from interviewer.session import Session


@dataclass(frozen=True)
class LiveSheet:
    """The live board of one interview: `watch` says when the interviewer is to look at it."""

    interview_id: str
    watch: BoardWatch
    boards: LiveBoards

    @property
    def canvas(self) -> LiveCanvas:
        """Where texts are drawn."""
        return LiveCanvas(self.interview_id, self.boards, self.watch)

    async def begin_round(self, round_index: int) -> None:
        """An empty sheet for a round that has begun."""
        await self.boards.begin_anew(self.interview_id, round_index)


class PageSide:
    """The page's parts, by interview."""

    def __init__(self, boards: LiveBoards, watches: BoardWatches, talks: PageTalks) -> None:
        self._boards = boards
        self._watches = watches
        self._talks = talks
        self._leaving: set[asyncio.Task[Any]] = set()

    def sheet(self, interview_id: str) -> LiveSheet:
        """The live board of that interview."""
        return LiveSheet(interview_id, self._watches.of(interview_id), self._boards)

    def session(self, interview_id: str, mouth: Mouth) -> Session:
        """The session, which speaks through the mouth; pages overhear it."""
        return self._talks.session(interview_id, mouth)

    def room_closed(self, interview_id: str) -> None:
        """The interview is not held here any more."""
        self._talks.room_closed(interview_id)
        what = f"leaving the board of {interview_id}"
        task = asyncio.create_task(survived(self._watches.forget(interview_id), what), name=what)
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        """Look at nothing and tell nothing any more."""
        await asyncio.gather(*self._leaving)
        await self._watches.close()
        await self._talks.close()
