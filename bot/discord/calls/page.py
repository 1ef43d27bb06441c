"""The thread of a call, as the interviewer's mouth writes in it."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls.mouth import Written
from bot.discord.calls.heard import HeardAnswers
from bot.discord.calls.review import Review
from bot.discord.interviews.lines import Lines


class ThreadPage(Written):
    """What is said below what was heard, in the order in which it came.

    `written` is called when something was.
    """

    def __init__(
        self, lines: Lines, heard: HeardAnswers, review: Review, written: Callable[[], None]
    ) -> None:
        self._lines = lines
        self._heard = heard
        self._review = review
        self._written = written

    async def begun(self, key: str, text: str) -> None:
        """An utterance begins, below the answer that it is about."""
        await self._heard.settled()
        await self._lines.begun(key, text)
        self._written()

    async def ended(self, key: str, text: str, shown: int) -> None:
        """So much of it was said."""
        await self._lines.ended(key, text, shown)

    async def review(self, interview_id: str) -> None:
        """What was misheard can be put right now."""
        await self._heard.settled()
        await self._review.hold(interview_id)
