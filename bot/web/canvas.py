"""A live board as the session of its interview writes on it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.web.drawn import BoardWatch, read_drawn
from bot.web.live_board import FAILURES
from bot.web.live_boards import LiveBoards
from interviewer.drawing import Editing, Shown

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class LiveCanvas:
    """The live board of one interview; without it a text is still an answer."""

    interview_id: str
    boards: LiveBoards
    watch: BoardWatch

    async def edit(self, round_index: int, editing: Editing) -> Shown | None:
        """Show it to everybody; None, with a warning in the log, where that fails."""
        try:
            scene = await self.boards.edit(self.interview_id, round_index, editing)
        except FAILURES as err:
            _LOG.warning("text of %s not drawn: %s", self.interview_id, type(err).__name__)
            return None
        self.watch.mark()
        drawn = await read_drawn(scene)
        return Shown(drawn.board, drawn.scene)
