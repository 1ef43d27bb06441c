"""The arrows of a scene as they are read: from which component to which, and how it was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from whiteboard.board import Arrow, clean_label
from whiteboard.scene_ends import End, Found, Joint


@dataclass(frozen=True)
class ReadArrow:
    """An arrow or line as it is drawn, with the component ids that it leads from and to.

    An end that meets no component is None; it was `BOUND` all the same where the canvas has bound
    it to a zone of several components. `directed` is false where there is no head on either end:
    then source and target are only the order in which it was drawn. `both_ways` has a head on
    either end.
    """

    element: str
    source: str | None
    target: str | None
    label: str
    source_found: Found
    target_found: Found
    both_ways: bool
    directed: bool

    @property
    def complete(self) -> bool:
        """Whether both ends meet a component."""
        return self.source is not None and self.target is not None

    def board_arrows(self) -> Iterator[Arrow]:
        """What it is on the board: nothing without both ends, two arrows if it has two heads."""
        if self.source is None or self.target is None:
            return
        yield Arrow(self.source, self.target, self.label, self.directed)
        if self.both_ways:
            yield Arrow(self.target, self.source, self.label)


@dataclass(frozen=True)
class Homes:
    """Which zone each part is in, and which zone each zone."""

    of_part: Mapping[str, str | None]
    parents: Mapping[str, str | None]

    def only_parts(self) -> dict[str, str]:
        """By zone the only part in it, zones within it counted; none where there are several."""
        parts: dict[str, list[str]] = defaultdict(list)
        for part, home in self.of_part.items():
            zone = home
            while zone is not None:
                parts[zone].append(part)
                zone = self.parents.get(zone)
        return {zone: found[0] for zone, found in parts.items() if len(found) == 1}


def read_arrows(
    joints: Iterable[Joint], ids: Mapping[str, str], labels: Mapping[str, str], homes: Homes
) -> list[ReadArrow]:
    """The arrows with component ids; `ids` gives them by element."""
    only = homes.only_parts()
    arrows: list[ReadArrow] = []
    for joint in joints:
        stroke = joint.stroke
        start = _settled(joint.start, only, joint.end)
        end = _settled(joint.end, only, start)
        if stroke.start_head and not stroke.end_head:
            start, end = end, start
        arrows.append(
            ReadArrow(
                element=stroke.id,
                source=ids.get(start.part or ""),
                target=ids.get(end.part or ""),
                label=clean_label(labels.get(stroke.id, "")),
                source_found=start.found,
                target_found=end.found,
                both_ways=stroke.start_head and stroke.end_head,
                directed=stroke.headed,
            )
        )
    return arrows


def _settled(end: End, only: Mapping[str, str], other: End) -> End:
    """An end at a zone meets the only component in it, unless the other end comes from there."""
    part = only.get(end.zone or "") if end.part is None else None
    if part is None or part == other.part:
        return end
    return End(part, end.found, end.zone)
