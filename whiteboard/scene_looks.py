"""What is drawn anew in the look of what it was drawn as before, and elements under other ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from whiteboard.board import Board
from whiteboard.drawing import Drawn, component_element_id
from whiteboard.elements import Element

_LOOK: Final = {
    "shape": (
        *("type", "strokeColor", "backgroundColor", "fillStyle", "strokeWidth", "strokeStyle"),
        *("roughness", "roundness", "opacity", "seed", "locked"),
    ),
    "arrow": (
        *("strokeColor", "strokeWidth", "strokeStyle", "roughness", "opacity", "seed", "locked"),
    ),
    "text": ("strokeColor", "opacity", "seed", "locked"),
}
"""The fields that are an author's choice; places, sizes and words are not."""


class Looks:
    """How elements were drawn of which the parts are drawn anew in another place."""

    def __init__(self, old: Mapping[str, Element]) -> None:
        self._old = old
        self._texts = {
            one["containerId"]: one
            for one in old.values()
            if one["type"] == "text" and one["containerId"] and not one["isDeleted"]
        }
        self._worn: dict[str, Element] = {}
        self._names: dict[str, str] = {}

    def note(self, fresh: str, element: str, *, keep_id: bool = False) -> None:
        """What will be drawn under the id `fresh`, with its label, is `element` in another place.

        It is that element again, unless `keep_id` says that the id is needed for its name.
        """
        if fresh in self._worn:
            return
        self._worn[fresh] = self._old[element]
        if not keep_id:
            self._names[fresh] = element
        if text := self._texts.get(element):
            self._worn[f"t:{fresh}"] = text
            self._names[f"t:{fresh}"] = text["id"]

    def sizes(self, board: Board) -> dict[str, tuple[float, float]]:
        """Width and height of the components of a board that were boxes before, by their ids."""
        known = (
            (part.id, self._worn.get(component_element_id(part.id))) for part in board.components
        )
        return {
            part: (abs(one["width"]), abs(one["height"])) for part, one in known if one is not None
        }

    def put_on(self, elements: dict[str, Drawn]) -> Mapping[str, str]:
        """Give what was drawn anew its look and its id again, in place; the ids that it had."""
        for fresh, before in self._worn.items():
            if fresh in elements:
                elements[fresh] = _dressed(elements[fresh], before)
        free = {fresh: old for fresh, old in self._names.items() if old not in elements}
        rename_elements(elements, free)
        return free


def _dressed(fresh: Drawn, before: Element) -> Drawn:
    kind = fresh["type"] if fresh["type"] in _LOOK else "shape"
    return fresh | {name: before[name] for name in _LOOK[kind]} | {"index": before["index"]}


def rename_elements(elements: dict[str, Drawn], names: Mapping[str, str]) -> None:
    """Give elements other ids, in place and wherever others name them."""
    renamed = {old: elements.pop(old) for old in [old for old in elements if old in names]}
    for old, element in renamed.items():
        elements[names[old]] = element | {"id": names[old]}
    for element in elements.values():
        for field in ("containerId", "frameId"):
            if element.get(field) in names:
                element[field] = names[element[field]]
        for field in ("startBinding", "endBinding"):
            if element.get(field) and element[field]["elementId"] in names:
                element[field] = element[field] | {"elementId": names[element[field]["elementId"]]}
        bound = element.get("boundElements") or ()
        if any(one["id"] in names for one in bound):
            element["boundElements"] = [
                one | {"id": names.get(one["id"], one["id"])} for one in bound
            ]
