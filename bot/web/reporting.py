"""Reports to the session what people did in the page, each thing once.

It holds no queue: the room hands it one thing after the other.
"""

from __future__ import annotations

from contextlib import suppress

from bot.web.drawn import BoardWatch, Drawn
from bot.web.errors import survived
from bot.web.happenings import Did, Said
from bot.web.mouth import ORIGIN
from bot.web.talk import Talk
from interviewer.ports import AlreadyReportedError
from interviewer.session import InterviewOverError
from interviewer.state import EventKind
from interviewer.view import Phase, SessionView

HANDS_IN = frozenset({EventKind.NEXT, EventKind.END})
"""Requests before which the board is looked at as it stands."""


class Reporter:
    """Reports to the session of one interview, and knows how it stands since."""

    def __init__(self, talk: Talk, watch: BoardWatch) -> None:
        self.phase = Phase.LISTENING
        self._talk = talk
        self._watch = watch

    async def look(self) -> SessionView:
        """How the interview stands now; after a pause, what was drawn in it is looked at."""
        view = await self._talk.session.view()
        before, self.phase = self.phase, view.phase
        if before is Phase.PAUSED and self.phase is not Phase.PAUSED:
            self._watch.remind()
        return view

    async def recover(self) -> None:
        """Bring the session to where it listens; then look at what is on the board."""
        await self._talk.session.recover()
        self._watch.mark()

    async def said(self, said: Said) -> None:
        """Report an answer; it ends a pause."""
        if self.phase is Phase.PAUSED:
            await self._report(EventKind.RESUMED, "", (f"resumed-{said.origins[0]}",))
        await self._hand_in()
        if not await self._report(EventKind.SAID, said.text, said.origins) and len(said.parts) > 1:
            # One of them was taken before a restart, so that the others are answers of their own.
            for part in said.parts:
                await self._report(EventKind.SAID, part.text, (part.origin,))

    async def did(self, did: Did) -> None:
        """Report a request."""
        if did.kind in HANDS_IN:
            await self._hand_in()
        await self._report(did.kind, "", did.origins)

    async def drew(self, drawn: Drawn) -> None:
        """Show what was drawn; in a pause, once it is over."""
        if self.phase is not Phase.PAUSED:
            await self._show(drawn)

    async def _report(self, kind: EventKind, text: str, origins: tuple[str, ...]) -> bool:
        """Report it; False where one of the origins was taken before."""
        named = tuple(f"{ORIGIN}{origin}" for origin in origins)
        try:
            await self._talk.session.report(kind, text, origins=named)
        except AlreadyReportedError:
            if len(origins) == 1:
                self._talk.mouth.confirm(origins[0])
            return False
        return True

    async def _hand_in(self) -> None:
        """Show what was drawn so far, settled or not; without it, what was said still counts."""
        await survived(self._show_drawn(), f"a look at the board of {self._talk.interview_id}")

    async def _show_drawn(self) -> None:
        drawn = await self._watch.take()
        if drawn is not None:
            await self._show(drawn)

    async def _show(self, drawn: Drawn) -> None:
        with suppress(InterviewOverError):
            await self._talk.session.show(drawn.board, drawn.scene, drawn_in=drawn.round_index)
        self._watch.shown(drawn)
