"""The page beside the terminal: what is said there is followed here, what is drawn here is seen.

The terminal holds the interview. The page shows where it stands and what was said, takes no answer,
and has the board.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from bot.web.canvas import LiveCanvas
from bot.web.drawn import BoardWatch, BoardWatches, Drawn
from bot.web.errors import survived
from bot.web.live_boards import LiveBoards
from bot.web.mouth import FollowedMouth
from bot.web.talk import Talk
from bot.web.talk_wire import Request, Typing, Where, refused_message
from bot.wiring import App
from interviewer.ports import Mouth
from interviewer.session import InterviewOverError, Session
from interviewer.view import Phase
from storage.rows import not_found
from whiteboard.board import Board

ELSEWHERE = "Answers are given in the terminal here; the board is drawn on this page."
CARD_THERE = "The round is over; its card is in the terminal."


@dataclass
class _Held:
    """The interview of the terminal."""

    session: Session
    talk: Talk
    watch: BoardWatch
    phase: Phase = Phase.LISTENING
    round_index: int = 0


class Beside:
    """The one interview of a terminal, once it has joined.

    From then on it says who may draw on its live board, and looks at what is drawn there.
    """

    def __init__(self, app: App, boards: LiveBoards) -> None:
        self._app = app
        self._boards = boards
        self._watches = BoardWatches(boards.read, self, app.services.clock)
        self._held: _Held | None = None
        self._turned = asyncio.Event()
        self._following: asyncio.Task[None] | None = None
        boards.follow(self, self._drew)

    def join(self, session: Session, mouth: Mouth) -> None:
        """Follow the session, whose interviewer speaks through `mouth`, before its first word.

        What was drawn before, in a round that goes on, is looked at as well.
        """
        talk = Talk(self._app, session.id, Where.TERMINAL)
        session.speak_through(FollowedMouth(mouth, talk.mouth))
        talk.follow(session)
        talk.on_turn = self._turned.set
        held = _Held(session, talk, self._watches.of(session.id))
        self._held = held
        held.watch.mark()
        self._following = asyncio.create_task(self._follow(held), name="the page beside")

    async def hand_in(self, *, closing: bool = False) -> None:
        """Show the interviewer what is drawn as it stands, before something is said.

        In a pause only before what closes a stage. A board that cannot be read keeps nobody from
        going on.
        """
        if self._held is not None:
            await survived(self._hand_in(self._held, closing=closing), "a look at the board")

    @property
    def canvas(self) -> LiveCanvas | None:
        """Where texts are drawn; None before a round has joined."""
        held = self._held
        return None if held is None else LiveCanvas(held.session.id, self._boards, held.watch)

    async def show(self, interview_id: str, board: Board, scene: int, round_index: int) -> None:
        """Let the interviewer look at it."""
        held = self._held
        if held is not None and held.session.id == interview_id:
            await self._look_at(held, Drawn(board, scene, round_index))

    def stir(self, interview_id: str) -> None:
        """The candidate draws, which is thinking."""
        if self._held is not None and self._held.session.id == interview_id:
            self._held.session.stir()

    def may_draw(self, interview_id: str) -> bool:
        """Whether it is the interview of this terminal, and goes on."""
        held = self._held
        return held is not None and held.session.id == interview_id and held.phase is not Phase.OVER

    async def talk(self, interview_id: str) -> Talk:
        """The talk of this terminal's interview; raises `InterviewNotFoundError` for others."""
        if self._held is None or self._held.session.id != interview_id:
            raise not_found(interview_id)
        return self._held.talk

    def hear(self, interview_id: str, request: Request) -> None:
        """Nothing is answered here."""
        if self._held is not None and not isinstance(request, Typing):
            self._held.talk.audience.tell(refused_message(request.origin, ELSEWHERE))

    async def close(self) -> None:
        """Follow no more."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        await self._watches.close()
        if self._held is not None:
            await self._held.talk.close()

    def _drew(self, interview_id: str, _scene: int) -> None:
        """People have drawn on a live board."""
        if self.may_draw(interview_id):
            self._watches.of(interview_id).touch()

    async def _hand_in(self, held: _Held, *, closing: bool) -> None:
        drawn = await held.watch.take()
        if drawn is not None and closing:
            await self._show(held, drawn)
        elif drawn is not None:
            await self._look_at(held, drawn)

    async def _look_at(self, held: _Held, drawn: Drawn) -> None:
        """Show it; in a pause, once it is over."""
        if (await held.session.view()).phase is not Phase.PAUSED:
            await self._show(held, drawn)

    async def _show(self, held: _Held, drawn: Drawn) -> None:
        with suppress(InterviewOverError):
            await held.session.show(drawn.board, drawn.scene, drawn_in=drawn.round_index)
        held.watch.shown(drawn)

    async def _follow(self, held: _Held) -> None:
        """After each turn, ready the board for where the interview is."""
        while held.phase is not Phase.OVER:
            await self._turned.wait()
            self._turned.clear()
            await survived(self._catch_up(held), "the page beside")

    async def _catch_up(self, held: _Held) -> None:
        view = await held.session.view()
        before, held.phase = held.phase, view.phase
        if before is Phase.PAUSED and view.phase is not Phase.PAUSED:
            held.watch.remind()
        if view.phase is Phase.OVER:
            held.talk.note = CARD_THERE
            held.talk.refresh_soon()
            return
        if view.round_index != held.round_index:
            await self._boards.begin_anew(held.session.id, view.round_index)
            held.round_index = view.round_index
