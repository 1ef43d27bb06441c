"""The rooms of the interviews that are held in the page: begun, found again, and closed."""

from __future__ import annotations

import asyncio
from functools import partial

from bot.reading import reads_answers
from bot.web.drawn import BoardWatches, Drawn
from bot.web.live_boards import LiveBoards
from bot.web.room import Room
from bot.web.talk import Talk
from bot.web.talk_wire import Request, Where
from bot.web.wishes import PERSON
from bot.wiring import App, OpenSession
from interviewer.record import round_plans
from interviewer.session import new_interview_id
from interviewer.state import InterviewSettings
from storage.rows import not_found
from storage.scorecards import unfinished_interviews
from whiteboard.board import Board


class House:
    """Holds the interviews of the person at this computer; one room each, opened when needed.

    From now on it says who may draw on the live boards, and looks at what is drawn there.
    """

    def __init__(self, app: App, open_session: OpenSession, boards: LiveBoards) -> None:
        self._app = app
        self._open_session = open_session
        self._boards = boards
        self._watches = BoardWatches(boards.read, self, app.services.clock)
        boards.follow(self, self._drew)
        self._rooms: dict[str, Room] = {}
        self._going_on: set[str] = set()
        self._opening = asyncio.Lock()
        self._closing: dict[str, asyncio.Task[None]] = {}
        self._notes: dict[str, str] = {}

    async def open(self) -> None:
        """Learn which interviews are going on."""
        stored = await unfinished_interviews(self._app.database)
        self._going_on = {one.id for one in stored if one.settings.owner == PERSON.owner}

    async def begin(self, settings: InterviewSettings) -> str:
        """Start the interview and return its id; the first question is asked in its room."""
        interview_id = new_interview_id()
        now = self._app.services.clock.now()
        await self._app.services.store.create_interview(interview_id, settings, now)
        self._going_on.add(interview_id)
        await self.talk(interview_id)
        return interview_id

    async def talk(self, interview_id: str) -> Talk:
        """The talk of an interview, whose room is opened where it has none.

        Raises `InterviewNotFoundError`, and `UnknownItem` where its pack is gone.
        """
        async with self._opening:
            room = self._rooms.get(interview_id)
            if room is None:
                await self._until_closed(interview_id)
                room = await self._open(interview_id)
        return room.talk

    def hear(self, interview_id: str, request: Request) -> None:
        """Take what a page asks for; without a room the interview is over, as its page knows."""
        room = self._rooms.get(interview_id)
        if room is not None:
            room.hear(request)

    async def show(self, interview_id: str, board: Board, scene: int, round_index: int) -> None:
        """Let the interviewer look at it, after what happened before."""
        room = self._rooms.get(interview_id)
        if room is not None:
            room.show(Drawn(board, scene, round_index))

    def stir(self, interview_id: str) -> None:
        """The candidate draws, which is thinking."""
        room = self._rooms.get(interview_id)
        if room is not None:
            room.stir()

    def may_draw(self, interview_id: str) -> bool:
        """Whether the interview is going on."""
        room = self._rooms.get(interview_id)
        return interview_id in self._going_on and not (room is not None and room.is_over)

    async def drop(self, interview_id: str) -> None:
        """Stop the room of an interview that was deleted; its pages have to come again."""
        self._going_on.discard(interview_id)
        room = self._rooms.get(interview_id)
        if room is not None:
            self._leave(room)
        await self._until_closed(interview_id)
        self._notes.pop(interview_id, None)

    async def close(self) -> None:
        """Finish the turns that are being answered, and stop; nothing may be asked from now on."""
        closing = self._closing.values()
        await asyncio.gather(*(room.stop() for room in self._rooms.values()), *closing)
        self._rooms.clear()
        await self._watches.close()

    async def _open(self, interview_id: str) -> Room:
        services = self._app.services
        stored = await services.store.interview(interview_id)
        if stored.settings.owner != PERSON.owner:
            raise not_found(interview_id)
        round_plans(stored.settings, services.library)
        talk = Talk(self._app, interview_id, Where.PAGE, reads=reads_answers(self._app.settings))
        talk.note = self._notes.pop(interview_id, "")
        talk.follow(self._open_session(interview_id, talk.mouth))
        watch = self._watches.of(interview_id)
        follow_round = partial(self._boards.begin_anew, interview_id)
        room = Room(talk, watch, services.clock, follow_round, self._leave)
        self._rooms[interview_id] = room
        room.start(self._app.settings.patience_s)
        return room

    def _drew(self, interview_id: str, _scene: int) -> None:
        """People have drawn on a live board."""
        if interview_id in self._rooms:
            self._watches.of(interview_id).touch()

    def _leave(self, room: Room) -> None:
        """Nobody is there, or the interview is: where it is paused, it goes on when they return."""
        interview_id = room.talk.interview_id
        if self._rooms.get(interview_id) is not room:
            return
        del self._rooms[interview_id]
        if room.is_paused:
            self._notes[interview_id] = room.talk.note
        else:
            self._going_on.discard(interview_id)
        closing = asyncio.create_task(self._close(room), name=f"closing {interview_id}")
        self._closing[interview_id] = closing
        closing.add_done_callback(lambda _: self._closing.pop(interview_id, None))

    async def _close(self, room: Room) -> None:
        await self._watches.forget(room.talk.interview_id)
        await room.stop()

    async def _until_closed(self, interview_id: str) -> None:
        """Two rooms would report to one interview."""
        closing = self._closing.get(interview_id)
        if closing is not None:
            await asyncio.wait([closing])
