"""What is on a live board, and which of the versions that people send replace it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.web.board_wire import MOST_ELEMENTS, write_element
from whiteboard.elements import Element, wins

MOST_SCENE_BYTES = 8 * 2**20
"""Of all elements of a board as JSON."""


class BoardIsFullError(Exception):
    """There is no room on the board for what was drawn; the message is for the person."""


class Contents:
    """The elements of a board by id, deleted ones included, with their JSON."""

    def __init__(self, elements: Iterable[Element] = ()) -> None:
        self.elements: dict[str, Element] = {}
        self.written: dict[str, str] = {}
        self.size = 0
        self.put(elements)

    def put(self, elements: Iterable[Element]) -> list[str]:
        """Take the elements that win over what is there; returns their ids."""
        taken: list[str] = []
        for element in elements:
            element_id = element["id"]
            if wins(element, self.elements.get(element_id)):
                written = write_element(element)
                self.size += len(written) - len(self.written.get(element_id, ""))
                self.elements[element_id] = element
                self.written[element_id] = written
                taken.append(element_id)
        return taken

    def is_behind(self, element: Element) -> bool:
        """Whether that version is newer than what is there."""
        return wins(element, self.elements.get(element["id"]))

    def is_ahead(self, element: Element) -> bool:
        """Whether what is there is newer than that version."""
        known = self.elements.get(element["id"])
        return known is not None and wins(known, element)

    def json_of(self, element_ids: Iterable[str]) -> dict[str, str]:
        """Those elements as JSON."""
        return {element_id: self.written[element_id] for element_id in element_ids}


class Draft:
    """What a board holds once everything that was offered is stored."""

    def __init__(self, contents: Contents) -> None:
        self._known: Mapping[str, Element] = contents.elements
        self._sizes: dict[str, int] = {}
        self._new: dict[str, Element] = {}
        self._contents = contents
        self._count = len(contents.elements)
        self._size = contents.size

    def offer(self, given: Iterable[Element]) -> list[Element]:
        """Those that win over what is there and what was offered before, each in one version.

        Raises `BoardIsFullError` where they find no room; then none of them is taken.
        """
        won: dict[str, Element] = {}
        for element in given:
            element_id = element["id"]
            known = won.get(element_id) or self._new.get(element_id)
            if wins(element, known or self._known.get(element_id)):
                won[element_id] = element
        self._make_room(won)
        self._new.update(won)
        return list(won.values())

    def _make_room(self, won: Mapping[str, Element]) -> None:
        sizes = {element_id: len(write_element(element)) for element_id, element in won.items()}
        count = self._count + sum(
            element_id not in self._known and element_id not in self._new for element_id in won
        )
        size = self._size + sum(size - self._size_of(name) for name, size in sizes.items())
        if count > MOST_ELEMENTS or size > max(MOST_SCENE_BYTES, self._size):
            raise BoardIsFullError(
                f"The board is full: it holds up to {MOST_ELEMENTS:,} elements, deleted ones "
                "included. Undo what you drew last."
            )
        self._count, self._size = count, size
        self._sizes.update(sizes)

    def _size_of(self, element_id: str) -> int:
        known = self._sizes.get(element_id)
        return len(self._contents.written.get(element_id, "")) if known is None else known
