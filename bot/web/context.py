"""What all routes share: who runs the interviews, and what they are kept in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.wiring import App
from interviewer.state import InterviewSettings
from whiteboard.board import Board

if TYPE_CHECKING:
    from bot.web.links import Links
    from bot.web.live_boards import LiveBoards
    from bot.web.talk_socket import Talks


class Interviews(Protocol):
    """Whoever runs the interviews of this process: the page itself, the terminal, or Discord."""

    async def show(self, interview_id: str, board: Board, scene: int, round_index: int) -> None:
        """The interviewer looks at what was drawn in that round up to the stroke `scene`.

        Does nothing for an interview that is over, in another round by now or not held here.
        """
        ...

    def stir(self, interview_id: str) -> None:
        """The candidate draws, which is thinking."""
        ...

    def may_draw(self, interview_id: str) -> bool:
        """Whether the interview is going on here, so that its board may change."""
        ...


Begin = Callable[[InterviewSettings], Awaitable[str]]
"""Starts an interview and gives its id."""


@dataclass(frozen=True)
class Web:
    """The collaborators of the routes; `begin` where rounds can be started in the page."""

    app: App
    links: Links
    boards: LiveBoards
    interviews: Interviews
    talks: Talks
    begin: Begin | None = None
