"""How the things of a scene are called on the board: ids, labels and kinds.

What a text board has drawn keeps its id, which stands in the element's id behind `c:` or `z:`,
until somebody gives it another label on the canvas: who writes of it then knows only that. Any
other thing is its label, with a number where that is taken, in the order of element ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from whiteboard.board import LABEL_LENGTH, ComponentKind, clean_label
from whiteboard.kinds import infer_kind
from whiteboard.sketch_draft import identify
from whiteboard.untrusted import mapping_in, text_in

UNNAMED = "unnamed"
UNNAMED_ZONE = "unnamed zone"

_KINDS: Mapping[str, ComponentKind] = {kind.value: kind for kind in ComponentKind}
_DIGITS = 5


class Name(NamedTuple):
    """The id and the label of a part of the board."""

    id: str
    label: str


def name_parts(
    labels: Mapping[str, str], made: Mapping[str, str | None], prefix: str, unnamed: str
) -> dict[str, Name]:
    """The names of these elements by their ids; `labels` need not be clean.

    `made` gives the label that an element of a text board had when it was drawn.
    """
    clean = {element: clean_label(labels[element]) for element in sorted(labels)}
    given = {
        element: own
        for element, label in clean.items()
        if (own := _own_id(element, prefix)) is not None and _holds(own, label, made.get(element))
    }
    taken = set(given.values())
    counts: dict[str, int] = {}
    names: dict[str, Name] = {}
    for element, label in clean.items():
        own = given.get(element) or _free_id(identify(label) or unnamed, taken, counts)
        taken.add(own)
        names[element] = Name(own, label or (own if is_nameless(own, unnamed) else unnamed))
    return names


def is_nameless(label: str, unnamed: str) -> bool:
    """Whether this is what a part without words is called, with a number or not."""
    return label == unnamed or _is_numbered(label, unnamed)


def made_label(element: Mapping[str, Any]) -> str | None:
    """The label under which the palette or a text board has made an element."""
    return text_in((mapping_in(element.get("customData")) or {}).get("label"))


def _own_id(element: str, prefix: str) -> str | None:
    own = element.removeprefix(prefix)
    return own if own != element and own and clean_label(own) == own else None


def _holds(own: str, label: str, made: str | None) -> bool:
    """Whether the id that a text gave is still one under which the thing is known."""
    named = identify(label)
    if not label or own == named or (made is not None and clean_label(made) == label):
        return True
    return _is_numbered(own, named)


def _is_numbered(own: str, name: str) -> bool:
    number = own.rpartition(" ")[2]
    return number.isdecimal() and own == _numbered(name, number)


def _numbered(name: str, number: object) -> str:
    return f"{name[: LABEL_LENGTH - _DIGITS].rstrip()} {number}"


def _free_id(wanted: str, taken: Iterable[str], counts: dict[str, int]) -> str:
    own = wanted
    while own in taken:
        counts[wanted] = counts.get(wanted, 1) + 1
        own = _numbered(wanted, counts[wanted])
    return own


def kind_of(label: str, hint: str, hint_label: str | None) -> ComponentKind:
    """The kind of a component: what its label names, or else what it was made as.

    `hint` holds against the label as long as that is still the one it was given with.
    """
    hinted = _KINDS.get(hint)
    if hinted is not None and hint_label == label:
        return hinted
    named = infer_kind(label)
    return hinted if hinted is not None and named is ComponentKind.OTHER else named
