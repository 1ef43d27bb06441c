"""Which elements of a drawing show what changed, so that they can be marked in its picture."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from whiteboard.board import Arrow
from whiteboard.difference import Change, Difference, Part
from whiteboard.excalidraw import SceneReading


def changed_elements(found: Difference, reading: SceneReading) -> frozenset[str]:
    """The ids of the elements that show what is new or different; `reading` is that of after."""
    boxes = {*found.added, *_after(found.relabelled, found.moved, found.reclassified)}
    zones = {*found.zones_added, *_after(found.zones_relabelled, found.zones_moved)}
    return frozenset(
        (
            *named_elements(reading.elements, {part.id for part in boxes}),
            *named_elements(reading.zones, {part.id for part in zones}),
            *arrow_elements(reading, found.arrows_added, labelled=True),
        )
    )


def _after(*changes: Iterable[Change[Part]]) -> Iterator[Part]:
    return (change.after for change in chain.from_iterable(changes))


def named_elements(elements: Mapping[str, str], ids: Collection[str]) -> Iterator[str]:
    """The elements of these components, or of these zones; `elements` gives them by id."""
    return (element for part, element in elements.items() if part in ids)


def arrow_elements(
    reading: SceneReading, arrows: Iterable[Arrow], *, labelled: bool = False
) -> Iterator[str]:
    """The elements of arrows that join the same parts, under the same label where that counts."""

    def seen(arrow: Arrow) -> Arrow:
        return arrow if labelled else replace(arrow, label="")

    wanted = set(map(seen, arrows))
    return (
        one.element
        for one in reading.arrows
        if not wanted.isdisjoint(map(seen, one.board_arrows()))
    )
