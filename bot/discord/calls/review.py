"""Before an interview is graded: its candidate may put right what was misheard."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.discord.errors import survived
from bot.discord.interviews.front import ChannelFront
from bot.discord.views.heard import review_view, reviewed_view
from bot.hearings import uncertain_turns
from bot.wiring import App
from scoring.transcript import Turn

LONGEST_S = 120.0
"""How long grading waits for corrections at most."""


class Review:
    """The message that lists doubtful answers, for as long as it can be used."""

    def __init__(self, app: App, front: ChannelFront, longest_s: float = LONGEST_S) -> None:
        self._app = app
        self._front = front
        self.longest_s = longest_s
        self._over = asyncio.Event()
        self._listed: tuple[str, ...] = ()

    async def hold(self, interview_id: str) -> None:
        """List what is doubtful, and return when it is dealt with or the time is over."""
        doubtful = await uncertain_turns(self._app, interview_id)
        if not doubtful:
            return
        self._listed = tuple(turn.id for turn in doubtful)
        view = review_view(interview_id, doubtful, self.longest_s)
        self._front.review = self
        message = await self._front.show("review", view)
        try:
            await self._wait()
        finally:
            self._over.set()
            self._front.review = None
            ended = self._front.change(message, reviewed_view(await self._corrected(interview_id)))
            await survived(ended, "the end of a review")

    def grade_now(self) -> None:
        """The candidate is done."""
        self._over.set()

    async def listed(self, interview_id: str) -> Sequence[Turn]:
        """The answers of the list as they are now; once all are put right, it is over."""
        listed = await self._turns(interview_id)
        if all(turn.original is not None for turn in listed):
            self._over.set()
        return listed

    async def _wait(self) -> None:
        pressed = asyncio.create_task(self._over.wait())
        late = asyncio.create_task(self._app.services.clock.sleep(self.longest_s))
        try:
            await asyncio.wait({pressed, late}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            pressed.cancel()
            late.cancel()

    async def _corrected(self, interview_id: str) -> int:
        return sum(turn.original is not None for turn in await self._turns(interview_id))

    async def _turns(self, interview_id: str) -> Sequence[Turn]:
        transcript = await self._app.services.store.transcript(interview_id)
        return [turn for turn in transcript if turn.id in self._listed]
