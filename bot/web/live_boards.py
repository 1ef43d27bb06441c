"""The boards that somebody has open: each is opened for the first and closed after the last."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from bot.web.live_board import LiveBoard
from interviewer.drawing import Edit, Editing
from interviewer.ports import BoardRevision, Store
from storage.errors import StorageError
from storage.scenes import Scene, SceneLog
from whiteboard.board import Board

_LOG = logging.getLogger(__name__)

Listener = Callable[[str, int], None]
"""Told of an interview, and the stroke up to which people have drawn on its board."""


@dataclass(eq=False)
class _Place:
    """Where the board of an interview is open, while anybody holds it."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    holders: int = 0
    board: LiveBoard | None = None


class WhoMayDraw(Protocol):
    """Whoever runs the interviews of this process."""

    def may_draw(self, interview_id: str) -> bool:
        """Whether the interview is going on here, so that its board may change."""
        ...


class LiveBoards:
    """All boards of this process.

    A board begins anew with each round of its interview, so its epochs are the rounds. Where the
    round has a text board that is newer than the drawing, it opens as one that shows that text.
    """

    def __init__(self, log: SceneLog, store: Store) -> None:
        self._log = log
        self._store = store
        self._interviews: WhoMayDraw | None = None
        self._listener: Listener | None = None
        self._places: dict[str, _Place] = {}

    def follow(self, interviews: WhoMayDraw, on_accepted: Listener) -> None:
        """Let `interviews` say who may draw, and tell `on_accepted` after each update of people.

        Until then nobody may.
        """
        self._interviews, self._listener = interviews, on_accepted

    def may_draw(self, interview_id: str) -> bool:
        """Whether the interview is going on here."""
        return self._interviews is not None and self._interviews.may_draw(interview_id)

    @asynccontextmanager
    async def open(self, interview_id: str) -> AsyncIterator[LiveBoard]:
        """The board of the interview, the same one for all who have it open.

        Raises `InterviewNotFoundError` and `StorageError`.
        """
        place = self._places.setdefault(interview_id, _Place())
        place.holders += 1
        try:
            async with place.turn:
                if place.board is None or place.board.ended.is_set():
                    place.board = await self._load(interview_id)
                board = place.board
            yield board
        finally:
            place.holders -= 1
            async with place.turn:
                if not place.holders:
                    await self._close(interview_id, place)

    async def read(self, interview_id: str) -> Scene:
        """The drawing as it is stored now, which stays so for replay; raises as `open`."""
        async with self.open(interview_id) as board:
            return await board.scene()

    async def edit(self, interview_id: str, round_index: int, editing: Editing) -> Scene:
        """Show what a text makes of that round's drawing; raises as `open` and as `editing`."""
        async with self.open(interview_id) as drawing:
            await drawing.begin_anew(round_index)
            return await drawing.edit(editing)

    async def begin_anew(self, interview_id: str, round_index: int) -> None:
        """An empty sheet for a round that has begun, at once for those who have the board open.

        Raises as `open`.
        """
        if interview_id not in self._places:
            return
        async with self.open(interview_id) as drawing:
            await drawing.begin_anew(round_index)

    async def end(self, interview_id: str) -> None:
        """Close the board of an interview that was deleted, whoever has it open."""
        place = self._places.get(interview_id)
        if place is not None:
            async with place.turn:
                await self._close(interview_id, place)

    async def close(self) -> None:
        """Store what waits. Whoever has a board open is told that it has ended."""
        for interview_id, place in list(self._places.items()):
            async with place.turn:
                await self._close(interview_id, place)
        await self._log.close()

    async def _load(self, interview_id: str) -> LiveBoard:
        stored = await self._store.interview(interview_id)
        revisions = await self._store.boards(interview_id)
        scene = await self._log.load(interview_id)
        board = LiveBoard(interview_id, scene, self._log, self.may_draw, self._tell)
        round_index = stored.state.round_index
        async with AsyncExitStack() as opening:
            opening.push_async_callback(board.close)
            await board.begin_anew(round_index)
            if revisions and _is_newer(revisions[-1], scene, round_index):
                base = _last_drawn(revisions, scene, round_index)
                await self._show_first(board, Edit(base, revisions[-1].board))
            opening.pop_all()
        return board

    async def _show_first(self, board: LiveBoard, text: Edit) -> None:
        """Draw the text; without it the board is still of use, and the next opening tries again."""
        try:
            await board.edit(lambda _: text)
        except StorageError as err:
            _LOG.warning("text of %s not drawn: %s", board.interview_id, type(err).__name__)

    async def _close(self, interview_id: str, place: _Place) -> None:
        board, place.board = place.board, None
        if board is not None:
            await board.close()
            self._log.forget(interview_id)
        if not place.holders and self._places.get(interview_id) is place:
            del self._places[interview_id]

    def _tell(self, interview_id: str, seq: int) -> None:
        if self._listener is not None:
            self._listener(interview_id, seq)


def _is_newer(revision: BoardRevision, scene: Scene, round_index: int) -> bool:
    """Whether a text was put on the board after the last stroke."""
    if revision.scene is not None or revision.round_index != round_index:
        return False
    return scene.changed_at is None or revision.at > scene.changed_at


def _last_drawn(revisions: Sequence[BoardRevision], scene: Scene, round_index: int) -> Board:
    """The round's latest board that the drawing showed, before what is newer was added as text."""
    drawn = (
        one.board
        for one in reversed(revisions)
        if one.round_index == round_index and not _is_newer(one, scene, round_index)
    )
    return next(drawn, Board())
