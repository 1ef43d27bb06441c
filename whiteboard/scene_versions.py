"""The new versions of the elements of a scene that was changed, as every client will take them."""

from __future__ import annotations

from collections.abc import Mapping

from whiteboard.drawing import Drawn
from whiteboard.element_forms import digest, fractional_index, index_place
from whiteboard.elements import Element, clean_element

_NOT_SEEN = ("version", "versionNonce", "updated", "seed")


def newer_states(now: Mapping[str, Drawn], old: Mapping[str, Element]) -> list[Drawn]:
    """What differs between two states of a scene, each element in a version that wins.

    `old` has the tombstones too; what is not in `now` any more becomes one, and these come last.
    New elements lie over all others, in the order of `now`. Nothing is in them that is not kept of
    what people draw.
    """
    changed: list[Drawn] = []
    place = max((index_place(element["index"]) for element in old.values()), default=-1)
    for key, element in now.items():
        bound = (one for one in element.get("boundElements") or () if one["id"] in now)
        element["boundElements"] = list(bound) or None
        before = old.get(key)
        if element["index"] is None and before is not None:
            element["index"] = before["index"]
        if element["index"] is None:
            place += 1
            element["index"] = fractional_index(place)
        if before is None or _seen(element) != _seen(before):
            changed.append(_newer(element, before))
    gone = (element for key, element in old.items() if key not in now)
    changed += [_newer({**one, "isDeleted": True}, one) for one in gone if not one["isDeleted"]]
    return [dict(kept) for one in changed if (kept := clean_element(one)) is not None]


def _seen(element: Element) -> Drawn:
    seen = {name: value for name, value in element.items() if name not in _NOT_SEEN}
    return seen | {"boundElements": element["boundElements"] or None}


def _newer(element: Element, before: Element | None) -> Drawn:
    version = (before["version"] if before is not None else 0) + 1
    nonce = int(digest(element["id"], str(version))[:8], 16) >> 1
    return {**element, "version": version, "versionNonce": nonce}
