"""When what is drawn is shown to the interviewer: once it has settled, and not all the time.

Strokes come many times a second, and a board that is read in the middle of a drag shows what
nobody meant. So a board is looked at once nothing has changed for a while, and what is drawn
counts as thinking meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.web.context import Interviews
from bot.web.errors import failure, log_fault
from interviewer.clock import Clock
from interviewer.ports import InterviewNotFoundError
from storage.errors import StorageError
from storage.scenes import Scene
from whiteboard.board import Board
from whiteboard.excalidraw import read_scene

_LOG = logging.getLogger(__name__)

SETTLED_S = 2.0
"""How long nothing changes on a board that is looked at."""

BETWEEN_S = 8.0
"""The least time between two looks at a board."""

MANY = 200
"""Elements that are read beside the loop, since that takes longer than a turn of it may."""

ReadScene = Callable[[str], Awaitable[Scene]]
"""The drawing of an interview as it is stored, to be kept as it stands."""


@dataclass(frozen=True)
class Drawn:
    """A board as it was read up to the stroke `scene`, in the round `round_index`."""

    board: Board
    scene: int
    round_index: int


@dataclass(frozen=True)
class Quiet:
    """Since when a board has not changed, and when it was looked at last, in seconds.

    `changed_at` is None where everything was looked at.
    """

    changed_at: float | None = None
    looked_at: float | None = None

    def changed(self, at: float) -> Quiet:
        """Something was drawn."""
        return replace(self, changed_at=at)

    def looked(self, now: float) -> Quiet:
        """What was drawn so far was looked at."""
        return Quiet(looked_at=now)

    def due_at(self) -> float | None:
        """When to look; None where there is nothing new."""
        if self.changed_at is None:
            return None
        settled = self.changed_at + SETTLED_S
        return settled if self.looked_at is None else max(settled, self.looked_at + BETWEEN_S)


async def read_drawn(scene: Scene) -> Drawn:
    """The board that a scene shows; a board begins anew with each round, so epochs count them."""
    elements = list(scene.elements.values())
    if len(elements) > MANY:
        reading = await asyncio.to_thread(read_scene, elements)
    else:
        reading = read_scene(elements)
    return Drawn(reading.board, scene.seq, scene.epoch)


class BoardWatch:
    """Watches the board of one interview, and hands what has settled to whoever holds it."""

    def __init__(
        self, interview_id: str, read: ReadScene, interviews: Interviews, clock: Clock
    ) -> None:
        self._id = interview_id
        self._read = read
        self._interviews = interviews
        self._clock = clock
        self._quiet = Quiet()
        self._unshown: Drawn | None = None
        self._changes = 0
        self._looking: asyncio.Task[None] | None = None

    def touch(self) -> None:
        """Something was drawn, which is thinking."""
        self._interviews.stir(self._id)
        self.mark()

    def mark(self) -> None:
        """Something may be there that was not looked at."""
        self._changes += 1
        self._quiet = self._quiet.changed(self._clock.monotonic())
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_when_due(), name=f"board {self._id}")

    async def take(self) -> Drawn | None:
        """What is drawn and was not `shown` yet, settled or not; None where there is nothing."""
        if self._quiet.changed_at is None:
            return self._unshown
        seen = self._changes
        drawn = await read_drawn(await self._read(self._id))
        since = self._quiet.changed_at
        self._quiet = self._quiet.looked(self._clock.monotonic())
        if self._changes != seen and since is not None:
            self._quiet = self._quiet.changed(since)
        self._unshown = drawn
        return drawn

    def shown(self, drawn: Drawn) -> None:
        """The interviewer has seen it."""
        if self._unshown is not None and _order(self._unshown) <= _order(drawn):
            self._unshown = None

    def remind(self) -> None:
        """What was taken and not shown, as in a pause, can be looked at now."""
        if self._unshown is not None:
            self.mark()

    async def close(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look_when_due(self) -> None:
        while (due := self._quiet.due_at()) is not None:
            wait_s = due - self._clock.monotonic()
            if wait_s > 0:
                await self._clock.sleep(wait_s)
                continue
            err = await failure(self._look(), f"look at {self._id}")
            if isinstance(err, StorageError):
                _LOG.warning("board of %s not shown: %s", self._id, type(err).__name__)
                self._quiet = self._quiet.changed(self._clock.monotonic())
            elif isinstance(err, InterviewNotFoundError):
                # It was deleted: nothing is there to be looked at any more.
                return
            elif err is not None:
                log_fault(err, f"a look at the board of {self._id}")
                self._quiet = self._quiet.looked(self._clock.monotonic())

    async def _look(self) -> None:
        drawn = await self.take()
        if drawn is not None:
            await self._interviews.show(self._id, drawn.board, drawn.scene, drawn.round_index)


def _order(drawn: Drawn) -> tuple[int, int]:
    return drawn.round_index, drawn.scene


class BoardWatches:
    """The watches of all boards of this process."""

    def __init__(self, read: ReadScene, interviews: Interviews, clock: Clock) -> None:
        self._read = read
        self._interviews = interviews
        self._clock = clock
        self._watches: dict[str, BoardWatch] = {}

    def of(self, interview_id: str) -> BoardWatch:
        """The watch of that interview's board."""
        watch = self._watches.get(interview_id)
        if watch is None:
            watch = BoardWatch(interview_id, self._read, self._interviews, self._clock)
            self._watches[interview_id] = watch
        return watch

    async def forget(self, interview_id: str) -> None:
        """The interview is over."""
        watch = self._watches.pop(interview_id, None)
        if watch is not None:
            await watch.close()

    async def close(self) -> None:
        """Look no more."""
        await asyncio.gather(*(watch.close() for watch in self._watches.values()))
        self._watches.clear()
