"""What a room needs of the place where it is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.discord.interviews.happenings import Said
from interviewer.session import Session


class Front(Protocol):
    """How a room shows itself where it is, and the session that it shows."""

    session: Session

    def working(self) -> AbstractAsyncContextManager[None]:
        """Show meanwhile that an answer is being worked on."""
        ...

    async def recover(self) -> None:
        """Recover the session, looking for what was shown before."""
        ...

    async def missed(self) -> Sequence[Said]:
        """The answers that the candidate wrote and no event was made of, oldest first."""
        ...

    async def caught_up(self) -> None:
        """What `missed` found was dealt with and need not be looked for again."""
        ...

    async def refresh(self) -> None:
        """Show where the interview stands."""
        ...

    async def finish(self) -> None:
        """Show that it is over, with its card; doing it twice shows nothing twice."""
        ...

    async def tell(self, key: str, sentence: str) -> None:
        """Say something that is no part of the interview, once for each key."""
        ...

    async def greet(self, key: str, sentence: str) -> None:
        """As `tell`, after a stop or in a new place: with the way back to what was there before."""
        ...


class Voice(Protocol):
    """The call that a room is in, as far as the room has to do with it."""

    def hush(self) -> None:
        """Stop speaking at once: somebody pressed or wrote something."""
        ...

    def think(self) -> None:
        """The candidate asked for time to think."""
        ...

    async def hand_in(self) -> None:
        """Return when what the candidate has said up to now is in the room's queue."""
        ...

    def resumed(self) -> None:
        """A pause has ended, whoever asked for that."""
        ...
