"""What is on a live board, and which of the versions that people send replace it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.web.board_wire import MOST_ELEMENTS, write_element
from whiteboard.elements import Element, wins

MOST_SCENE_BYTES = 8 * 2**20
"""Of all elements of a board as JSON."""


class BoardIsFullError(Exception):
    """There is no room on the board for what was drawn; the message is for the person."""


class Version(NamedTuple):
    """One version of an element, and its JSON, which is written once."""

    element: Element
    written: str

    @property
    def id(self) -> str:
        """That of the element."""
        return self.element["id"]


class Contents:
    """The elements of a board by id, deleted ones included, with their JSON."""

    def __init__(self, elements: Iterable[Element] = ()) -> None:
        self.elements: dict[str, Element] = {}
        self.written: dict[str, str] = {}
        self.size = 0
        self.put(elements)

    def put(self, elements: Iterable[Element]) -> None:
        """Take the elements that win over what is there."""
        for element in elements:
            if self.is_behind(element):
                self._take(Version(element, write_element(element)))

    def put_versions(self, versions: Iterable[Version]) -> list[str]:
        """As `put`; returns the ids of what won."""
        won = [version for version in versions if self.is_behind(version.element)]
        for version in won:
            self._take(version)
        return [version.id for version in won]

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

    def _take(self, version: Version) -> None:
        self.size += len(version.written) - len(self.written.get(version.id, ""))
        self.elements[version.id] = version.element
        self.written[version.id] = version.written


class Draft:
    """What a board holds once everything that was offered is stored."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._new: dict[str, Version] = {}
        self._count = len(contents.elements)
        self._size = contents.size

    def offer(self, given: Iterable[Element]) -> list[Version]:
        """Those that win over what is there and what was offered before, each in one version.

        Raises `BoardIsFullError` where they find no room; then none of them is taken.
        """
        won: dict[str, Element] = {}
        for element in given:
            element_id = element["id"]
            if wins(element, won.get(element_id) or self._known(element_id)):
                won[element_id] = element
        versions = [Version(element, write_element(element)) for element in won.values()]
        self._make_room(versions)
        self._new.update((version.id, version) for version in versions)
        return versions

    def _known(self, element_id: str) -> Element | None:
        new = self._new.get(element_id)
        return self._contents.elements.get(element_id) if new is None else new.element

    def _make_room(self, versions: Sequence[Version]) -> None:
        count, size = self._count, self._size
        for version in versions:
            new = self._new.get(version.id)
            known = self._contents.written.get(version.id) if new is None else new.written
            count += known is None
            size += len(version.written) - len(known or "")
        if count > MOST_ELEMENTS or size > max(MOST_SCENE_BYTES, self._size):
            raise BoardIsFullError(
                f"The board is full: it holds up to {MOST_ELEMENTS:,} elements, deleted ones "
                "included. Undo what you drew last."
            )
        self._count, self._size = count, size
