"""What changed from one revision of a board to the next.

A part is the same where the canvas says that its element is, or else where its id is: a box that
was renamed on the canvas has another id, but is no new box. Arrows are the same where they join
the same parts under the same label; one that the canvas has as one element before and after was
changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Generic, NamedTuple, Protocol, TypeVar

from whiteboard.board import Arrow, Board, Component, Zone
from whiteboard.scene_arrows import ReadArrow

MOST_LISTED = 5
"""Parts that one sentence lists; of more it says how many they are."""

Part = TypeVar("Part", Component, Zone)


class Placed(Protocol):
    """Where the parts of a board are on the canvas: their elements by their ids, and the arrows."""

    @property
    def elements(self) -> Mapping[str, str]:
        """Those of components."""
        ...

    @property
    def zones(self) -> Mapping[str, str]:
        """Those of zones."""
        ...

    @property
    def arrows(self) -> Sequence[ReadArrow]:
        """As they are drawn."""
        ...


class _Nowhere(NamedTuple):
    elements: Mapping[str, str] = MappingProxyType({})
    zones: Mapping[str, str] = MappingProxyType({})
    arrows: Sequence[ReadArrow] = ()


_NOWHERE = _Nowhere()


class Change(NamedTuple, Generic[Part]):
    """A part before and after; its ids differ where renaming has changed them."""

    before: Part
    after: Part


class Redrawn(NamedTuple):
    """An arrow before and after, each in the ids of its board."""

    before: Arrow
    after: Arrow


@dataclass(frozen=True)
class Difference:
    """How `after` differs from `before`, in the order of ids.

    A part may be relabelled, moved (another zone is around it) and reclassified (of another kind
    under the same label) at once. Added arrows have the ids of `after`, removed ones those of
    `before`; an arrow that only has another label is both. Of these, `arrows_redrawn` are those of
    which the canvas says that one has become the other.
    """

    before: Board
    after: Board
    added: tuple[Component, ...] = ()
    removed: tuple[Component, ...] = ()
    relabelled: tuple[Change[Component], ...] = ()
    moved: tuple[Change[Component], ...] = ()
    reclassified: tuple[Change[Component], ...] = ()
    arrows_added: tuple[Arrow, ...] = ()
    arrows_removed: tuple[Arrow, ...] = ()
    arrows_redrawn: tuple[Redrawn, ...] = ()
    zones_added: tuple[Zone, ...] = ()
    zones_removed: tuple[Zone, ...] = ()
    zones_relabelled: tuple[Change[Zone], ...] = ()
    zones_moved: tuple[Change[Zone], ...] = ()
    notes_added: tuple[str, ...] = ()
    notes_removed: tuple[str, ...] = ()


def compare(
    before: Board,
    after: Board,
    drawn_before: Placed | None = None,
    drawn_after: Placed | None = None,
) -> Difference:
    """What changed; with the readings of both drawings, parts are told by their elements."""
    was, now = drawn_before or _NOWHERE, drawn_after or _NOWHERE
    parts = _match(before.components, after.components, was.elements, now.elements)
    zones = _match(before.zones, after.zones, was.zones, now.zones)
    old = {_joint(arrow, {}): arrow for arrow in before.arrows}
    new = {_joint(arrow, parts.origins): arrow for arrow in after.arrows}
    arrows_added = tuple(arrow for joint, arrow in new.items() if joint not in old)
    arrows_removed = tuple(arrow for joint, arrow in old.items() if joint not in new)
    return Difference(
        before=before,
        after=after,
        added=parts.added,
        removed=parts.removed,
        relabelled=_where(parts, lambda old, new: old.label != new.label),
        moved=_where(parts, lambda old, new: old.zone != zones.origin(new.zone)),
        reclassified=_where(
            parts, lambda old, new: old.label == new.label and old.kind is not new.kind
        ),
        arrows_added=arrows_added,
        arrows_removed=arrows_removed,
        arrows_redrawn=tuple(_redrawn(arrows_removed, arrows_added, was, now)),
        zones_added=zones.added,
        zones_removed=zones.removed,
        zones_relabelled=_where(zones, lambda old, new: old.label != new.label),
        zones_moved=_where(zones, lambda old, new: old.parent != zones.origin(new.parent)),
        notes_added=tuple(note for note in after.notes if note not in before.notes),
        notes_removed=tuple(note for note in before.notes if note not in after.notes),
    )


@dataclass(frozen=True)
class _Matched(Generic[Part]):
    """Which parts are the same. `origins` gives the id that a part of `after` had before."""

    same: tuple[Change[Part], ...]
    added: tuple[Part, ...]
    removed: tuple[Part, ...]
    origins: Mapping[str, str | None]

    def origin(self, part: str | None) -> str | None:
        """The id that a part had; for a new one, something that no id is."""
        return None if part is None else self.origins.get(part) or _new(part)


def _new(part: str) -> str:
    return f"\n{part}"


def _match(
    before: Iterable[Part],
    after: Iterable[Part],
    elements_before: Mapping[str, str],
    elements_after: Mapping[str, str],
) -> _Matched[Part]:
    left = {part.id: part for part in before}
    by_element = {elements_before[key]: key for key in left if key in elements_before}
    new = list(after)
    origins: dict[str, str | None] = {}
    for part in new:
        origins[part.id] = by_element.pop(elements_after.get(part.id, ""), None)
    taken = {origin for origin in origins.values() if origin is not None}
    for part in new:
        if origins[part.id] is None and part.id in left and part.id not in taken:
            origins[part.id] = part.id
            taken.add(part.id)
    same = [Change(left[origin], part) for part in new if (origin := origins[part.id])]
    added = tuple(part for part in new if origins[part.id] is None)
    removed = tuple(part for key, part in left.items() if key not in taken)
    return _Matched(tuple(same), added, removed, origins)


def _where(
    matched: _Matched[Part], changed: Callable[[Part, Part], bool]
) -> tuple[Change[Part], ...]:
    return tuple(change for change in matched.same if changed(change.before, change.after))


def _joint(arrow: Arrow, origins: Mapping[str, str | None]) -> Arrow:
    """What an arrow joins, in the ids of before; new parts are no part of before."""
    source, target = (
        origins[end] or _new(end) if end in origins else end for end in (arrow.source, arrow.target)
    )
    return replace(arrow, source=source, target=target)


def _redrawn(
    removed: Collection[Arrow], added: Collection[Arrow], was: Placed, now: Placed
) -> Iterator[Redrawn]:
    """Of what was removed and added, what one element shows before and after; each arrow once."""
    left, new = set(removed), set(added)
    before = {one.element: one for one in was.arrows}
    for one in now.arrows:
        old = before.get(one.element)
        gone = left.intersection(old.board_arrows() if old is not None else ())
        come = new.intersection(one.board_arrows())
        if len(gone) == len(come) == 1:
            left, new = left - gone, new - come
            yield Redrawn(gone.pop(), come.pop())


def describe(difference: Difference) -> tuple[str, ...]:
    """The changes as plain sentences without a full stop, boxes first; none where it is empty."""
    return tuple(_sentences(difference))


def _sentences(difference: Difference) -> Iterator[str]:
    yield from (f"removed {_quote(part.label)}" for part in difference.removed)
    yield from (f"added {_quote(part.label)}" for part in difference.added)
    for old, new in difference.relabelled:
        yield f"renamed {_quote(old.label)} to {_quote(new.label)}"
    for old, new in difference.reclassified:
        yield f"changed {_quote(new.label)} from {_kind(old)} to {_kind(new)}"
    yield from _zone_sentences(difference)
    yield from _move_sentences(difference)
    yield from _arrow_sentences(difference)
    yield from (f"removed the note {_quote(note)}" for note in difference.notes_removed)
    yield from (f"added the note {_quote(note)}" for note in difference.notes_added)


def _move_sentences(difference: Difference) -> Iterator[str]:
    """One for all boxes that went the same way, as they do when a zone is drawn around them."""
    together: dict[tuple[str | None, str | None], list[str]] = {}
    for old, new in difference.moved:
        way = (_zone_label(difference.before, old.zone), _zone_label(difference.after, new.zone))
        together.setdefault(way, []).append(_quote(new.label))
    for way, labels in together.items():
        yield f"moved {_listed(labels)} {_way(*way)}"


def _arrow_sentences(difference: Difference) -> Iterator[str]:
    before, after = _labels(difference.before), _labels(difference.after)
    gone = {redrawn.before for redrawn in difference.arrows_redrawn}
    come = {redrawn.after for redrawn in difference.arrows_redrawn}
    for arrow in difference.arrows_removed:
        if arrow not in gone:
            yield f"removed {_arrow(arrow, before)}"
    for redrawn in difference.arrows_redrawn:
        yield _change_of(_arrow(redrawn.before, before), _arrow(redrawn.after, after))
    for arrow in difference.arrows_added:
        if arrow not in come:
            yield f"added {_arrow(arrow, after)}"


def _change_of(old: str, new: str) -> str:
    if old == new:
        return f"led {new} to another box of that name"
    return f"changed {old} into {new}"


def _zone_sentences(difference: Difference) -> Iterator[str]:
    yield from (f"removed the zone {_quote(zone.label)}" for zone in difference.zones_removed)
    yield from (f"added the zone {_quote(zone.label)}" for zone in difference.zones_added)
    for old, new in difference.zones_relabelled:
        yield f"renamed the zone {_quote(old.label)} to {_quote(new.label)}"
    for old, new in difference.zones_moved:
        outer = (
            _zone_label(difference.before, old.parent),
            _zone_label(difference.after, new.parent),
        )
        yield f"moved the zone {_quote(new.label)} {_way(*outer)}"


def _way(left: str | None, entered: str | None) -> str:
    if entered is None:
        return f"out of the zone {_quote(left or '')}"
    if left is None:
        return f"into the zone {_quote(entered)}"
    return f"from the zone {_quote(left)} into the zone {_quote(entered)}"


def _labels(board: Board) -> dict[str, str]:
    return {part.id: part.label for part in board.components}


def _zone_label(board: Board, zone: str | None) -> str | None:
    return next((one.label for one in board.zones if one.id == zone), zone)


def _kind(part: Component) -> str:
    return part.kind.value.replace("_", " ")


def _arrow(arrow: Arrow, labels: Mapping[str, str]) -> str:
    source, target = (_quote(labels.get(end, end)) for end in (arrow.source, arrow.target))
    label = f" labelled {_quote(arrow.label)}" if arrow.label else ""
    if not arrow.directed:
        return f"the line between {source} and {target}{label}"
    return f"the arrow from {source} to {target}{label}"


def _listed(quoted: Sequence[str]) -> str:
    """All of a few, and the first of many with how many more there are."""
    if len(quoted) > MOST_LISTED:
        named = quoted[: MOST_LISTED - 1]
        return f"{', '.join(named)} and {len(quoted) - len(named)} more"
    *first, last = quoted
    return f"{', '.join(first)} and {last}" if first else last


def _quote(text: str) -> str:
    return f"“{text}”"
