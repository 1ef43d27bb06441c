"""What waits to be sent to one browser, kept small however slowly it reads."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.web.board_wire import update_frame

MOST_ANSWERS = 500
"""Answers that wait; whoever has more of them sends and does not read."""

MOST_PENDING_BYTES = 4 * 2**20
"""Elements that wait; a browser that is so far behind is faster with the whole board."""


class Outbox:
    """Frames for one browser.

    Of an element, of the people and of each pointer only the newest state waits. Where more waits
    than may, the box is `overflowing`, and takes nothing more.
    """

    def __init__(self) -> None:
        self.overflowing = asyncio.Event()
        self._ready = asyncio.Event()
        self._frames: list[str] = []
        self._answers: list[str] = []
        self._elements: dict[str, str] = {}
        self._elements_size = 0
        self._people: str | None = None
        self._pointers: dict[str, str] = {}

    def put(self, frame: str) -> None:
        """A frame that is sent before everything else."""
        self._frames.append(frame)
        self._ready.set()

    def answer(self, frame: str) -> None:
        """A frame that is sent after the elements that it is about."""
        self._answers.append(frame)
        if len(self._answers) > MOST_ANSWERS:
            self._overflow()
        self._ready.set()

    def put_elements(self, elements: Mapping[str, str]) -> None:
        """Newer versions of elements by id, as JSON."""
        for element_id, written in elements.items():
            self._elements_size += len(written) - len(self._elements.get(element_id, ""))
            self._elements[element_id] = written
        if self._elements_size > MOST_PENDING_BYTES:
            self._overflow()
        if elements:
            self._ready.set()

    def put_people(self, frame: str) -> None:
        """Who is there now."""
        self._people = frame
        self._ready.set()

    def put_pointer(self, client: str, frame: str) -> None:
        """Where somebody points now."""
        self._pointers[client] = frame
        self._ready.set()

    def begin_anew(self, *frames: str) -> None:
        """The board is another one: of the old one nothing is sent any more but answers."""
        self._elements.clear()
        self._elements_size = 0
        for frame in frames:
            self.put(frame)

    async def take(self) -> list[str]:
        """Everything that waits, as soon as something does."""
        await self._ready.wait()
        self._ready.clear()
        taken = self._frames
        if self._elements:
            taken.append(update_frame(self._elements.values()))
        taken.extend(self._answers)
        if self._people is not None:
            taken.append(self._people)
        taken.extend(self._pointers.values())
        self._clear()
        return taken

    def _overflow(self) -> None:
        self.overflowing.set()
        self._clear()

    def _clear(self) -> None:
        self._frames = []
        self._answers = []
        self._elements = {}
        self._elements_size = 0
        self._people = None
        self._pointers = {}
