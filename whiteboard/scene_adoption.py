"""Elements under the ids that the names of their parts need, in a scene that gets another board.

A part is called as its label says, or as the id of its element does. Most elements keep the id that
they have; only one whose part would be called otherwise gets the id that says its name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from whiteboard.board import Component, Zone
from whiteboard.drawing import Drawn
from whiteboard.scene_looks import rename_elements
from whiteboard.scene_naming import UNNAMED, UNNAMED_ZONE, is_nameless, made_label, name_parts


class Naming(NamedTuple):
    """What stands before a name in the id of an element, and what the nameless are called."""

    prefix: str
    unnamed: str


COMPONENTS: Final = Naming("c:", UNNAMED)
ZONES: Final = Naming("z:", UNNAMED_ZONE)


def make_way(
    elements: dict[str, Drawn], held: dict[str, str], wanted: Collection[str], naming: Naming
) -> None:
    """Rename the elements with an id that says the name of another part of the board, in place.

    `held` gives by part the element that shows it, `wanted` are the parts that there shall be.
    """
    names: dict[str, str] = {}
    for part, element in held.items():
        says = element.removeprefix(naming.prefix)
        if says not in (element, part) and says in wanted:
            names[element] = f"{naming.prefix}{part}"
    texts = {f"t:{old}": f"t:{new}" for old, new in names.items() if f"t:{old}" in elements}
    _rename(elements, held, names, texts)


def adopt(
    elements: dict[str, Drawn],
    held: dict[str, str],
    parts: Sequence[Component] | Sequence[Zone],
    naming: Naming,
) -> None:
    """Rename, in place, the elements of which the parts would be called otherwise."""
    known = {part.id: part for part in parts if held.get(part.id) in elements}
    while True:
        labels = {held[key]: _words_of(part, naming) for key, part in known.items()}
        made = {element: made_label(elements[element]) for element in labels}
        read = name_parts(labels, made, naming.prefix, naming.unnamed)
        own = {key: f"{naming.prefix}{key}" for key in known}
        wrong = [key for key in known if read[held[key]].id != key and held[key] != own[key]]
        if not wrong:
            return
        _rename(elements, held, {held[key]: own[key] for key in wrong}, {})
        for key in wrong:
            _pin(elements[own[key]], known[key])


def _words_of(part: Component | Zone, naming: Naming) -> str:
    return "" if is_nameless(part.label, naming.unnamed) else part.label


def _rename(
    elements: dict[str, Drawn], held: dict[str, str], names: dict[str, str], texts: dict[str, str]
) -> None:
    if names:
        rename_elements(elements, names | texts)
        held.update({part: names.get(element, element) for part, element in held.items()})


def _pin(element: Drawn, part: Component | Zone) -> None:
    """Say that the element has its id from a text, under this label."""
    custom = dict(element.get("customData") or {}) | {"label": part.label}
    if isinstance(part, Component):
        custom["kind"] = part.kind.value
    element["customData"] = custom
