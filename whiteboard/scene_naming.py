"""How the things of a scene are called on the board: ids, labels and kinds.

What a text board has drawn keeps its id, which stands in the element's id behind `c:` or `z:`. Any
other thing is its label, with a number where that is taken, in the order of element ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from whiteboard.board import LABEL_LENGTH, ComponentKind, clean_label
from whiteboard.kinds import infer_kind
from whiteboard.sketch_draft import identify

UNNAMED = "unnamed"
UNNAMED_ZONE = "unnamed zone"

_KINDS: Mapping[str, ComponentKind] = {kind.value: kind for kind in ComponentKind}
_DIGITS = 5


class Name(NamedTuple):
    """The id and the label of a part of the board."""

    id: str
    label: str


def name_parts(labels: Mapping[str, str], prefix: str, unnamed: str) -> dict[str, Name]:
    """The names of these elements by their ids; `labels` need not be clean."""
    given = {element: own for element in labels if (own := _own_id(element, prefix)) is not None}
    taken = set(given.values())
    counts: dict[str, int] = {}
    names: dict[str, Name] = {}
    for element in sorted(labels):
        label = clean_label(labels[element])
        own = given.get(element)
        if own is None:
            own = _free_id(identify(label) or unnamed, taken, counts)
            taken.add(own)
            label = label or own
        names[element] = Name(own, label or unnamed)
    return names


def _own_id(element: str, prefix: str) -> str | None:
    own = element.removeprefix(prefix)
    return own if own != element and own and clean_label(own) == own else None


def _free_id(wanted: str, taken: Iterable[str], counts: dict[str, int]) -> str:
    own = wanted
    while own in taken:
        counts[wanted] = counts.get(wanted, 1) + 1
        own = f"{wanted[: LABEL_LENGTH - _DIGITS].rstrip()} {counts[wanted]}"
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
