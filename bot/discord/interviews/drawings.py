"""What is drawn in the page reaches the interviews that are held on Discord."""

from __future__ import annotations

from bot.discord.interviews.house import House
from bot.web.drawn import Drawn
from whiteboard.board import Board


class Drawings:
    """The house's interviews, as the browser edge knows them."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, interview_id: str, board: Board, scene: int, round_index: int) -> None:
        """The interviewer looks at the board, after what happened before."""
        room = self._house.room(interview_id)
        if room is not None:
            await room.show(Drawn(board, scene, round_index))

    def stir(self, interview_id: str) -> None:
        """Whoever draws is not silent."""
        room = self._house.room(interview_id)
        if room is not None:
            room.session.stir()

    def may_draw(self, interview_id: str) -> bool:
        """Whether the interview goes on in a room here."""
        room = self._house.room(interview_id)
        return room is not None and not room.is_over
