"""The arrows of a scene as they are read: from which component to which, and how it was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from whiteboard.board import Arrow, clean_label
from whiteboard.scene_ends import End, Found, Joint

_GUESSED = frozenset({Found.POINTED, Found.ALONE})
_MOST_POSSIBLE = 100
"""What one arrow may mean; of more, nothing is said."""


@dataclass(frozen=True)
class ReadArrow:
    """An arrow or line as it is drawn, with the component ids that it leads from and to.

    An end that meets no component is None; it was `BOUND` all the same where the canvas has bound
    it to a zone of several components. `directed` is false where there is no head on either end:
    then source and target are only the order in which it was drawn. `both_ways` has a head on
    either end. `possible` is what it may mean where it ends at a zone of several components.
    """

    element: str
    source: str | None
    target: str | None
    label: str
    source_found: Found
    target_found: Found
    both_ways: bool
    directed: bool
    possible: tuple[Arrow, ...] = ()

    @property
    def guessed(self) -> bool:
        """Whether an end is a guess, so that it may support but should not object."""
        return not _GUESSED.isdisjoint((self.source_found, self.target_found))

    def board_arrows(self) -> Iterator[Arrow]:
        """What it is on the board: nothing without both ends, two arrows if it has two heads."""
        if self.source is not None and self.target is not None:
            yield Arrow(self.source, self.target, self.label, self.directed)
            if self.both_ways:
                yield Arrow(self.target, self.source, self.label)


@dataclass(frozen=True)
class Homes:
    """Which zone each part is in, and which zone each zone."""

    of_part: Mapping[str, str | None]
    parents: Mapping[str, str | None]

    def parts_in(self) -> dict[str, list[str]]:
        """By zone the parts in it, those of zones within it counted."""
        parts: dict[str, list[str]] = defaultdict(list)
        for part, home in self.of_part.items():
            zone = home
            while zone is not None:
                parts[zone].append(part)
                zone = self.parents.get(zone)
        return parts


def read_arrows(
    joints: Iterable[Joint], ids: Mapping[str, str], labels: Mapping[str, str], homes: Homes
) -> list[ReadArrow]:
    """The arrows with component ids; `ids` gives them by element."""
    inside = homes.parts_in()
    arrows: list[ReadArrow] = []
    for joint in joints:
        stroke = joint.stroke
        start = _settled(joint.start, inside, joint.end)
        end = _settled(joint.end, inside, start)
        if stroke.start_head and not stroke.end_head:
            start, end = end, start
        arrow = ReadArrow(
            element=stroke.id,
            source=ids.get(start.part or ""),
            target=ids.get(end.part or ""),
            label=clean_label(labels.get(stroke.id, "")),
            source_found=start.found,
            target_found=end.found,
            both_ways=stroke.start_head and stroke.end_head,
            directed=stroke.headed,
        )
        if arrow.source is None or arrow.target is None:
            sources, targets = (_meant(one, inside, ids) for one in (start, end))
            arrow = replace(arrow, possible=_possible(arrow, sources, targets))
        arrows.append(arrow)
    return arrows


def _settled(end: End, inside: Mapping[str, list[str]], other: End) -> End:
    """An end at a zone meets the only component in it, unless the other end comes from there."""
    parts = inside.get(end.zone or "", []) if end.part is None else []
    if len(parts) != 1 or parts[0] == other.part:
        return end
    return End(parts[0], Found.ALONE, end.zone)


def _meant(end: End, inside: Mapping[str, list[str]], ids: Mapping[str, str]) -> list[str]:
    """The ids of the components that an end may mean."""
    parts = inside.get(end.zone or "", ()) if end.part is None else (end.part,)
    return [ids[part] for part in parts if part in ids]


def _possible(
    arrow: ReadArrow, sources: Sequence[str], targets: Sequence[str]
) -> tuple[Arrow, ...]:
    """What an arrow that lacks an end may mean, where that is not too much to say."""
    if len(sources) * len(targets) > _MOST_POSSIBLE:
        return ()
    pairs = [pair for pair in product(sources, targets) if pair[0] != pair[1]]
    back = [(target, source) for source, target in pairs] if arrow.both_ways else []
    return tuple(Arrow(*pair, arrow.label, arrow.directed) for pair in (*pairs, *back))
